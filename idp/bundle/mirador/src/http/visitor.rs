//! Who asks: the browser's session, its language, the time.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use ui_kit::{Lang, T};

use super::{Mirador, cookies, params};
use crate::{TEXTS, sessions::Browser};

/// What a handler knows of the browser before it looks at the request itself.
pub(super) struct Visitor {
    pub(super) t: T,
    pub(super) now: i64,
    /// The cookie's value, whether or not it still stands for something.
    pub(super) session_id: Option<String>,
    /// What it stands for.
    pub(super) browser: Browser,
    /// A language chosen just now, to be remembered.
    pub(super) chosen: Option<Lang>,
}

impl FromRequestParts<Mirador> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &Mirador) -> Result<Self, Infallible> {
        let now = state.settings.clock.now();
        let session_id = cookies::read(&parts.headers, cookies::SESSION);
        let browser = session_id.as_deref().and_then(|id| state.sessions.browser(id, now)).unwrap_or_default();
        let chosen = parts
            .uri
            .query()
            .and_then(|query| params::parse(query).ok())
            .and_then(|parameters| parameters.get("ui_locales").and_then(|tags| tags.split(' ').find_map(Lang::from_tag)));
        let lang = chosen
            .or_else(|| cookies::read(&parts.headers, cookies::LANGUAGE).as_deref().and_then(Lang::from_tag))
            .or_else(|| accepted(&parts.headers))
            .unwrap_or_default();
        Ok(Self { t: T::new(lang, &TEXTS), now, session_id, browser, chosen })
    }
}

/// The best of `Accept-Language` (RFC 9110 §12.5.4) that we speak.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Lang)> = None;
    for item in line.split(',').take(32) {
        let (tag, rest) = item.split_once(';').unwrap_or((item, ""));
        let weight = rest.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if let Some(lang) = Lang::from_tag(tag)
            && weight > 0.0
            && best.is_none_or(|(most, _)| weight > most)
        {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_browser_chooses_the_language() {
        for (line, lang) in [
            ("es-ES,es;q=0.9,ca;q=0.8", Some(Lang::Es)),
            ("fr,en;q=0.5,ca;q=0.7", Some(Lang::Ca)),
            ("en;q=0, es;q=0.1", Some(Lang::Es)),
            ("de", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(line));
            assert_eq!(accepted(&headers), lang, "{line}");
        }
    }
}
