//! Languages: messages by Fluent, dates, numbers and sizes in words.
//!
//! An application keeps one [`Catalogue`] in a static and hands a small [`T`] to its views:
//!
//! ```
//! use std::sync::LazyLock;
//! use ui_kit::{Catalogue, Lang, T};
//!
//! static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
//!     Catalogue::new(&[
//!         (Lang::Ca, &["hello = Hola, { $name }!"]),
//!         (Lang::Es, &["hello = ¡Hola, { $name }!"]),
//!         (Lang::En, &["hello = Hello, { $name }!"]),
//!     ])
//! });
//!
//! let t = T::new(Lang::Ca, &TEXTS);
//! assert_eq!(t.args("hello", &[("name", "Laia".into())]), "Hola, Laia!");
//! assert!(TEXTS.problems().is_empty());
//! ```
//!
//! Catalan elides before a vowel, so a text about a name or a date writes `{ DE($name) }` (*de Maria*, *d’Anna*), `{ EL($date) }`,
//! `{ DEL($date) }` and `{ AL($date) }` (*el 3 de març*, *l’11 de març*).

mod catalogue;
mod elision;
mod format;

pub(crate) use format::rfc3339;

pub use catalogue::Catalogue;
/// A value put into a message: a text or a number.
pub use fluent_bundle::FluentValue as Value;

use std::fmt;

/// A language with a complete set of texts. Catalan is the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Lang {
    /// Català.
    #[default]
    Ca,
    /// Castellano.
    Es,
    /// English.
    En,
}

impl Lang {
    /// Every language, the reference first.
    pub const ALL: [Self; 3] = [Self::Ca, Self::Es, Self::En];

    /// The BCP 47 tag, as in `lang="ca"`.
    pub const fn tag(self) -> &'static str {
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
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    const fn index(self) -> usize {
        match self {
            Self::Ca => 0,
            Self::Es => 1,
            Self::En => 2,
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// One reader's language: what views take to speak. Cheap to copy.
#[derive(Clone, Copy)]
pub struct T {
    lang: Lang,
    catalogue: &'static Catalogue,
    offset_minutes: i32,
}

impl T {
    /// The texts of `catalogue` in `lang`; dates in UTC until [`T::with_offset`] says otherwise.
    pub const fn new(lang: Lang, catalogue: &'static Catalogue) -> Self {
        Self { lang, catalogue, offset_minutes: 0 }
    }

    /// Dates and times of day as seen `minutes` east of UTC.
    pub const fn with_offset(self, minutes: i32) -> Self {
        Self { offset_minutes: minutes, ..self }
    }

    /// The reader's language.
    pub const fn lang(self) -> Lang {
        self.lang
    }

    /// The message `key`. Falls back to Catalan, then to the key itself, so that a forgotten text is seen and never fatal.
    pub fn msg(self, key: &str) -> String {
        self.args(key, &[])
    }

    /// The message `key` with its variables filled in.
    pub fn args(self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.catalogue
            .format(self.lang, key, values)
            .or_else(|| self.catalogue.format(Lang::Ca, key, values))
            .unwrap_or_else(|| key.to_owned())
    }

    /// Whether the reader's language has a message of this name: for keys computed from data, such as error codes.
    pub fn has(self, key: &str) -> bool {
        self.catalogue.has(self.lang, key)
    }
}

impl fmt::Debug for T {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("T").field("lang", &self.lang).field("offset_minutes", &self.offset_minutes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_with_a_region_names_its_language() {
        for (tag, lang) in
            [("ca-ES-valencia", Some(Lang::Ca)), ("ES", Some(Lang::Es)), ("en_GB", Some(Lang::En)), ("fr", None), ("", None), ("cat", None)]
        {
            assert_eq!(Lang::from_tag(tag), lang, "{tag}");
        }
    }
}
