//! Slugs of collectives, working groups and services: the part of a name that services see and that never changes.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Bytes in a collective's or service's slug, at most.
pub const SLUG_MAX: usize = 28;
/// Bytes in a working group's slug, at most.
pub const WORKING_GROUP_SLUG_MAX: usize = 18;
/// Words a slug may not be, so that none imitates another collective's group (`<prefix>_<slug>_managers`).
pub const RESERVED: [&str; 3] = ["managers", "coordinators", "guests"];

/// `^[a-z0-9]+(-[a-z0-9]+)*$`, at most [`SLUG_MAX`] bytes, not reserved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slug(String);

/// A [`Slug`] of at most [`WORKING_GROUP_SLUG_MAX`] bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkingGroupSlug(Slug);

/// Why a text is no slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSlug {
    /// Nothing there.
    #[error("a slug cannot be empty")]
    Empty,
    /// Too many bytes.
    #[error("a slug has at most {0} characters")]
    TooLong(usize),
    /// Other characters than `a-z`, `0-9` and single hyphens between them.
    #[error("a slug is made of lowercase letters a-z, digits and single hyphens between them")]
    Characters,
    /// One of [`RESERVED`].
    #[error("`managers`, `coordinators` and `guests` are reserved")]
    Reserved,
}

impl Slug {
    /// Parses a slug as written.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        parse(text, SLUG_MAX).map(Self)
    }

    /// Proposes a slug for a display name: `Col·lectiu L'Àgora` becomes `collectiu-l-agora`.
    /// `None` when nothing usable is left.
    pub fn transliterate(name: &str) -> Option<Self> {
        let mut text = transliterated(name);
        text.truncate(SLUG_MAX);
        Self::parse(text.trim_end_matches('-')).ok()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl WorkingGroupSlug {
    /// Parses a slug as written.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        parse(text, WORKING_GROUP_SLUG_MAX).map(|text| Self(Slug(text)))
    }
    /// Proposes a slug for a display name, as [`Slug::transliterate`].
    pub fn transliterate(name: &str) -> Option<Self> {
        let mut text = transliterated(name);
        text.truncate(WORKING_GROUP_SLUG_MAX);
        Self::parse(text.trim_end_matches('-')).ok()
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

fn parse(text: &str, max: usize) -> Result<String, InvalidSlug> {
    if text.is_empty() {
        return Err(InvalidSlug::Empty);
    }
    if text.len() > max {
        return Err(InvalidSlug::TooLong(max));
    }
    let well_formed =
        text.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    if !well_formed {
        return Err(InvalidSlug::Characters);
    }
    if RESERVED.contains(&text) {
        return Err(InvalidSlug::Reserved);
    }
    Ok(text.to_owned())
}

/// Lowercase ASCII with single hyphens. The interpunct of `l·l` joins; any other foreign character separates.
fn transliterated(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.to_lowercase().nfd() {
        match character {
            'a'..='z' | '0'..='9' => out.push(character),
            '·' | '\u{0300}'..='\u{036f}' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            _ if out.ends_with('-') || out.is_empty() => {}
            _ => out.push('-'),
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for WorkingGroupSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn catalan_names_become_readable_slugs() {
        for (name, slug) in [
            ("Col·lectiu", "collectiu"),
            ("L'Ateneu Popular", "l-ateneu-popular"),
            ("Àgora", "agora"),
            ("L'Hospitalet", "l-hospitalet"),
            ("Cañada", "canada"),
            ("Forç@s i més!", "forc-s-i-mes"),
            ("  Cooperativa   de   Consum  ", "cooperativa-de-consum"),
        ] {
            assert_eq!(Slug::transliterate(name).map(|slug| slug.to_string()).as_deref(), Some(slug), "{name}");
        }
        assert_eq!(Slug::transliterate("···"), None);
    }

    #[test]
    fn what_is_no_slug_is_told_why() {
        for (text, why) in [
            ("", InvalidSlug::Empty),
            ("A", InvalidSlug::Characters),
            ("a--b", InvalidSlug::Characters),
            ("-a", InvalidSlug::Characters),
            ("a_b", InvalidSlug::Characters),
            ("managers", InvalidSlug::Reserved),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", InvalidSlug::TooLong(28)),
        ] {
            assert_eq!(Slug::parse(text), Err(why), "{text}");
        }
        assert_eq!(WorkingGroupSlug::parse("aaaaaaaaaaaaaaaaaaa"), Err(InvalidSlug::TooLong(18)));
    }

    proptest! {
        #[test]
        fn a_proposal_is_always_a_slug(name in ".{0,60}") {
            if let Some(slug) = Slug::transliterate(&name) {
                prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug));
            }
        }
    }
}
