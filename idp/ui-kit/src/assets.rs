//! What pages load from their own server, named by its content so that browsers may keep it for ever.

use std::{fmt::Write as _, sync::LazyLock};

use sha2::{Digest, Sha256};

/// A file to serve at its path with `Cache-Control: public, max-age=31536000, immutable`.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset {
    /// `/assets/aplec-<first 16 hexadecimal digits of SHA-256>.css`.
    pub path: String,
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// What to send.
    pub bytes: Vec<u8>,
    /// For the `ETag` header, quotes included.
    pub etag: String,
}

/// How long browsers may keep an asset: for ever, as its path changes with its content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

const MARK_SVG: &str = include_str!("../assets/mark.svg");
const RING_SVG: &str = include_str!("../assets/ring.svg");
const SUBMIT_JS: &str = include_str!("../assets/submit.js");
const STYLES: &str = include_str!("../assets/aplec.css");

/// Where the stylesheet names the drawing behind narrow pages.
const RING_PLACE: &str = "/assets/ring.svg";

static MARK: LazyLock<Asset> = LazyLock::new(|| Asset::new("mark", "svg", "image/svg+xml", MARK_SVG.to_owned()));
static RING: LazyLock<Asset> = LazyLock::new(|| Asset::new("ring", "svg", "image/svg+xml", RING_SVG.to_owned()));
static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("aplec", "css", "text/css; charset=utf-8", STYLES.replace(RING_PLACE, &RING.path)));

static SUBMIT: LazyLock<Asset> = LazyLock::new(|| Asset::new("submit", "js", "text/javascript; charset=utf-8", SUBMIT_JS.to_owned()));

/// The one stylesheet.
pub fn stylesheet() -> &'static Asset {
    &STYLESHEET
}

/// The product's mark, also the favicon.
pub fn mark() -> &'static Asset {
    &MARK
}

/// The script of a page whose only purpose is to pass its form on; without scripts the person presses its button.
pub fn submit_script() -> &'static Asset {
    &SUBMIT
}

/// Every asset, for routers that name each path once.
pub fn all() -> [&'static Asset; 4] {
    [&STYLESHEET, &MARK, &RING, &SUBMIT]
}

/// The asset at `path`, as `/assets/aplec-….css`; `None` for any other path.
pub fn find(path: &str) -> Option<&'static Asset> {
    all().into_iter().find(|asset| asset.path == path)
}

impl Asset {
    fn new(name: &str, extension: &str, content_type: &'static str, text: String) -> Self {
        let mut hash = String::with_capacity(16);
        for byte in Sha256::digest(&text).iter().take(8) {
            // writing to a string cannot fail
            let _ = write!(hash, "{byte:02x}");
        }
        Self { path: format!("/assets/{name}-{hash}.{extension}"), content_type, bytes: text.into_bytes(), etag: format!("\"{hash}\"") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_found_at_its_own_path_only() {
        for asset in all() {
            assert_eq!(find(&asset.path), Some(asset));
            assert!(asset.path.starts_with("/assets/") && !asset.bytes.is_empty());
            let hash = asset.etag.trim_matches('"');
            assert!(hash.len() == 16 && asset.path.contains(hash));
        }
        assert_eq!(find("/assets/aplec.css"), None);
    }

    #[test]
    fn a_tag_is_at_least_as_wide_as_its_longest_word() {
        let css = std::str::from_utf8(&stylesheet().bytes).expect("the stylesheet is UTF-8");
        let tag = css.lines().find(|line| line.trim_start().starts_with(".tag {")).expect("tags have a look");
        // `anywhere` would let a narrow column of a table break the word
        assert!(!tag.contains("anywhere"), "{tag}");
    }

    #[test]
    fn the_stylesheet_names_only_assets_that_exist() {
        let css = std::str::from_utf8(&stylesheet().bytes).expect("the stylesheet is UTF-8");
        let urls: Vec<&str> =
            css.split("url(").skip(1).filter_map(|rest| rest.split(')').next()).map(|url| url.trim_matches('"')).collect();
        assert!(!urls.is_empty());
        for url in urls {
            assert!(find(url).is_some(), "{url}");
        }
    }
}
