//! Every sentence of the desk, in three languages. Catalan is the reference.

use std::sync::LazyLock;

pub(crate) use ui_kit::T;
use ui_kit::{Catalogue, Lang};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(&[
        (Lang::Ca, &[include_str!("../locales/ca.ftl")]),
        (Lang::Es, &[include_str!("../locales/es.ftl")]),
        (Lang::En, &[include_str!("../locales/en.ftl")]),
    ])
});

/// The texts in a language.
pub(crate) fn in_language(lang: Lang) -> T {
    T::new(lang, &TEXTS)
}

/// The best of an `Accept-Language` header (RFC 9110 §12.5.4); `None` when it names none of ours.
pub(crate) fn accepted(header: &str) -> Option<Lang> {
    let mut best: Option<(f32, Lang)> = None;
    for item in header.split(',').take(32) {
        let mut parts = item.split(';');
        let Some(lang) = parts.next().and_then(Lang::from_tag) else { continue };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_say_the_same_things() {
        assert_eq!(TEXTS.problems(), Vec::<String>::new());
    }

    #[test]
    fn the_browser_chooses_the_language() {
        for (header, lang) in [
            ("es-ES,es;q=0.9,ca;q=0.8", Some(Lang::Es)),
            ("fr,en;q=0.5,ca;q=0.7", Some(Lang::Ca)),
            ("en;q=0,es;q=0.1", Some(Lang::Es)),
            ("fr, de;q=nan", None),
        ] {
            assert_eq!(accepted(header), lang, "{header}");
        }
    }
}
