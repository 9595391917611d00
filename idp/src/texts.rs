//! The words of pages, errors and mails in every language.

use std::sync::LazyLock;

use idp_domain::locale::Locale;
use ui_kit::{Catalogue, Lang, T};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(&[
        (
            Lang::Ca,
            &[include_str!("../locales/ca/pages.ftl"), include_str!("../locales/ca/errors.ftl"), include_str!("../locales/ca/mails.ftl")],
        ),
        (
            Lang::Es,
            &[include_str!("../locales/es/pages.ftl"), include_str!("../locales/es/errors.ftl"), include_str!("../locales/es/mails.ftl")],
        ),
        (
            Lang::En,
            &[include_str!("../locales/en/pages.ftl"), include_str!("../locales/en/errors.ftl"), include_str!("../locales/en/mails.ftl")],
        ),
    ])
});

/// The texts in one language.
pub fn in_language(locale: Locale) -> T {
    T::new(lang(locale), &TEXTS)
}

/// The domain's language as the look knows it.
pub const fn lang(locale: Locale) -> Lang {
    match locale {
        Locale::Ca => Lang::Ca,
        Locale::Es => Lang::Es,
        Locale::En => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_say_the_same_things() {
        assert_eq!(TEXTS.problems(), Vec::<String>::new());
    }
}
