//! The languages the pages and mails speak.

use std::fmt;

/// A language with a complete set of texts. Catalan is the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Locale {
    /// Català.
    #[default]
    Ca,
    /// Castellano.
    Es,
    /// English.
    En,
}

impl Locale {
    /// In the order of preference of the cluster.
    pub const ALL: [Self; 3] = [Self::Ca, Self::Es, Self::En];

    /// The BCP 47 tag, which for our languages is also the short code Nextcloud wants in `language`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ca => "ca",
            Self::Es => "es",
            Self::En => "en",
        }
    }
    /// The language's own name, for the switcher.
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::Ca => "Català",
            Self::Es => "Castellano",
            Self::En => "English",
        }
    }
    /// The language of a BCP 47 tag (`ca-ES-valencia` is Catalan); `None` when we do not speak it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|locale| locale.as_str().eq_ignore_ascii_case(primary))
    }
    /// The best of an `Accept-Language` header (RFC 9110 §12.5.4); `None` when it names none of ours.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for item in header.split(',').take(32) {
            let mut parts = item.split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            if weight > 0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, locale));
            }
        }
        best.map(|(_, locale)| locale)
    }
}

/// `0.85` as 850; anything unreadable as 0.
fn thousandths(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole.parse::<u16>(), fraction.parse::<u16>()) {
        (Ok(0), Ok(fraction)) => fraction,
        (Ok(1), Ok(_)) => 1000,
        _ => 0,
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_chooses_the_language() {
        for (header, locale) in [
            ("ca", Some(Locale::Ca)),
            ("es-ES,es;q=0.9,ca;q=0.8", Some(Locale::Es)),
            ("fr,en;q=0.5,ca;q=0.7", Some(Locale::Ca)),
            ("en;q=0,es;q=0.1", Some(Locale::Es)),
            ("fr, de", None),
            ("", None),
            ("ca-ES-valencia;q=1.0", Some(Locale::Ca)),
        ] {
            assert_eq!(Locale::from_accept_language(header), locale, "{header}");
        }
    }
}
