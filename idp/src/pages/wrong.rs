//! What is wrong with a form: each remark belongs to a field and has a text.

use idp_domain::{credential::WeakPassword, email::InvalidEmail, name::InvalidName, username::InvalidUsername};
use maud::Markup;
use ui_kit::{T, error_summary};

/// Remarks on the fields of a form, in their order on the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wrong(Vec<(&'static str, &'static str)>);

impl Wrong {
    /// One remark.
    pub(crate) fn one(field: &'static str, key: &'static str) -> Self {
        Self(vec![(field, key)])
    }
    /// Adds a remark: `key` names its text.
    pub(crate) fn add(&mut self, field: &'static str, key: &'static str) {
        self.0.push((field, key));
    }
    /// The value, or a remark about it.
    pub(crate) fn take<V, E: Remark>(&mut self, field: &'static str, parsed: Result<V, E>) -> Option<V> {
        parsed.map_err(|error| self.add(field, error.key())).ok()
    }
    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The remark on a field.
    pub(crate) fn on(&self, t: T, field: &str) -> Option<String> {
        self.0.iter().find(|(of, _)| *of == field).map(|(_, key)| t.msg(key))
    }
    /// All remarks, each leading to its field.
    pub(crate) fn summary(&self, t: T) -> Markup {
        let lines: Vec<(String, String)> = self.0.iter().map(|(field, key)| (format!("f-{field}"), t.msg(key))).collect();
        let lines: Vec<(&str, &str)> = lines.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        error_summary(t, &lines)
    }
}

/// An error with a text for people.
pub(crate) trait Remark {
    /// The text's name.
    fn key(self) -> &'static str;
}

impl Remark for InvalidName {
    fn key(self) -> &'static str {
        match self {
            Self::Empty => "field-name-empty",
            Self::TooLong(_) => "field-name-long",
            Self::Control => "field-name-control",
        }
    }
}
impl Remark for InvalidUsername {
    fn key(self) -> &'static str {
        match self {
            Self::TooShort => "field-username-short",
            Self::TooLong => "field-username-long",
            Self::Characters => "field-username-characters",
            Self::Reserved => "field-username-reserved",
        }
    }
}
impl Remark for InvalidEmail {
    fn key(self) -> &'static str {
        "field-email-invalid"
    }
}
impl Remark for WeakPassword {
    fn key(self) -> &'static str {
        match self {
            Self::TooShort => "field-password-short",
            Self::TooLong => "field-password-long",
            Self::Guessable => "field-password-guessable",
        }
    }
}

/// The remark on a free text, which has limits of its own.
pub(crate) fn text_remark(error: InvalidName) -> &'static str {
    match error {
        InvalidName::Empty | InvalidName::TooLong(_) => "field-text-long",
        InvalidName::Control => "field-text-control",
    }
}
