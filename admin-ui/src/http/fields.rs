//! What a form or a query says: each name once, in order, within bounds.

use serde::{Deserialize, Serialize};

/// Bytes of a form's body.
pub(crate) const BODY_MAX: usize = 64 * 1024;
/// Names in a form: every service of a collective has a few.
const NAMES_MAX: usize = 1_000;

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(Vec<(String, String)>);

/// Why a form or query is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadFields {
    /// A name came twice: whichever is taken, somebody meant the other.
    Duplicate,
    /// More names than any of our forms has.
    TooMany,
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, BadFields> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for (name, value) in url::form_urlencoded::parse(text) {
            if fields.len() == NAMES_MAX {
                return Err(BadFields::TooMany);
            }
            if !seen.insert(name.clone().into_owned()) {
                return Err(BadFields::Duplicate);
            }
            fields.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(fields))
    }

    /// A value, trimmed; `None` when the name is missing or there is nothing but blanks.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// A value as it was sent.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn ticked(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Without one name.
    pub(crate) fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(key, _)| key != name).cloned().collect())
    }

    /// With another value for a name.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut fields = self.without(name);
        fields.0.push((name.to_owned(), value.to_owned()));
        fields
    }

    /// Every name and value.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Fields {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_given_twice_is_refused() {
        assert_eq!(Fields::parse(b"a=1&b=2&a=1"), Err(BadFields::Duplicate));
        assert_eq!(Fields::parse("x=1&".repeat(2).as_bytes()), Err(BadFields::Duplicate));
        let many = (0..=NAMES_MAX).map(|n| format!("n{n}=")).collect::<Vec<_>>().join("&");
        assert_eq!(Fields::parse(many.as_bytes()), Err(BadFields::TooMany));
    }

    #[test]
    fn values_are_trimmed_and_blanks_are_nothing() {
        let fields = Fields::parse("q=+N%C3%BAria+&empty=++&box=".as_bytes()).expect("readable");
        assert_eq!(fields.get("q"), Some("Núria"));
        assert_eq!((fields.get("empty"), fields.get("none")), (None, None));
        assert!(fields.ticked("box") && !fields.ticked("none"));
    }
}
