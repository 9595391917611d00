//! This service's own words.

use std::sync::LazyLock;

use ui_kit::{Catalogue, Lang};

/// Every text in every language.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(&[
        (Lang::Ca, &[include_str!("../locales/ca.ftl")]),
        (Lang::Es, &[include_str!("../locales/es.ftl")]),
        (Lang::En, &[include_str!("../locales/en.ftl")]),
    ])
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_the_same() {
        assert_eq!(TEXTS.problems(), Vec::<String>::new());
    }
}
