//! What somebody wrote and could not send yet, so that it survives a new sign-in, a mistake or somebody else's change.
//!
//! It is shown again by the page whose form it is: in the answer to the form itself or, when the person has to sign in first, after
//! travelling in a short-lived sealed cookie.

use http::StatusCode;
use idp_api::{FieldError, Problem, ProblemType};
use keys::Ttl;
use serde::{Deserialize, Serialize};

use super::fields::Fields;
use crate::texts::T;

/// A form that has to be shown again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The page whose form it is: its path.
    pub page: String,
    /// What was typed.
    pub fields: Fields,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Why it is shown again.
    pub why: Option<Why>,
}

/// Why a form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Why {
    /// Fields need another look.
    Invalid,
    /// The session was over; the person has signed in again.
    SignedInAgain,
    /// The form was older than the session.
    Stale,
    /// Somebody else changed the thing meanwhile.
    Changed,
    /// Too much was asked for in a short time.
    TooMany,
    /// The server could not be reached.
    Unavailable,
}

impl Why {
    /// Why a form is shown again after this problem; `None` when showing it again does not help.
    pub(crate) const fn of(problem: &Problem) -> Option<Self> {
        match problem.kind {
            ProblemType::InvalidFields => Some(Self::Invalid),
            ProblemType::VersionMismatch => Some(Self::Changed),
            // with a code it is about this very act, and sending it again in a minute does not help
            ProblemType::TooManyRequests if problem.code.is_none() => Some(Self::TooMany),
            _ => None,
        }
    }

    /// The status of the page that shows the form again.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SignedInAgain => StatusCode::OK,
            Self::Stale => StatusCode::FORBIDDEN,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The message.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Invalid => "draft-invalid",
            Self::SignedInAgain => "draft-signed-in-again",
            Self::Stale => "draft-stale",
            Self::Changed => "draft-changed",
            Self::TooMany => "draft-too-many",
            Self::Unavailable => "draft-unavailable",
        }
    }
}

impl Draft {
    /// How long the browser keeps it.
    pub(crate) const LIFETIME: Ttl = Ttl::minutes(30);

    /// The text that was typed, or what stands there otherwise.
    pub(crate) fn value<'a>(&'a self, name: &str, otherwise: &'a str) -> &'a str {
        if self.fields.is_empty() { otherwise } else { self.fields.raw(name).unwrap_or_default() }
    }

    /// Whether a box was ticked, or is otherwise.
    pub(crate) fn ticked(&self, name: &str, otherwise: bool) -> bool {
        if self.fields.is_empty() { otherwise } else { self.fields.ticked(name) }
    }

    /// The version that the form is about: what its reader saw. Whoever is told of somebody else's change sees the present one.
    pub(crate) fn seen(&self, present: i64) -> String {
        let present = present.to_string();
        if self.why == Some(Why::Changed) { present } else { self.value("seen", &present).to_owned() }
    }

    /// What stood in a field when its form was made; the form carries it as `was.<name>`, beside `seen`.
    pub(crate) fn was<'a>(&'a self, name: &str, present: &'a str) -> &'a str {
        if self.why == Some(Why::Changed) { present } else { self.value(&format!("was.{name}"), present) }
    }

    /// The draft on what stands after somebody else's change: a field that was left as it stood takes the present value.
    pub(crate) fn onto(mut self, present: &[(&str, &str)]) -> Self {
        if self.why == Some(Why::Changed) {
            for (name, present) in present {
                let stood = self.fields.raw(&format!("was.{name}"));
                // a box that is not ticked is not sent
                if stood == Some(self.fields.raw(name).unwrap_or_default()) {
                    self.fields = if present.is_empty() { self.fields.without(name) } else { self.fields.with(name, present) };
                }
            }
        }
        self
    }

    /// What is wrong with a field, as a sentence.
    pub(crate) fn error(&self, t: T, name: &str) -> Option<String> {
        let code = &self.errors.iter().find(|error| error.field == name)?.code;
        let key = format!("field-{}", code.replace('_', "-"));
        Some(t.msg(if t.has(&key) { &key } else { "field-invalid" }))
    }
}

#[cfg(test)]
mod tests {
    use ui_kit::Lang;

    use super::*;
    use crate::texts;

    #[test]
    fn what_was_typed_wins_over_what_stood_there_even_when_it_was_emptied() {
        let none = Draft::default();
        assert_eq!((none.value("name", "before"), none.ticked("listed", true)), ("before", true));
        let draft = Draft { fields: [("name", "")].into(), ..Draft::default() };
        assert_eq!((draft.value("name", "before"), draft.ticked("listed", true)), ("", false));
    }

    #[test]
    fn somebody_elses_change_stays_in_the_fields_that_were_left_alone() {
        let fields: Fields = [("seen", "3"), ("was.role", "viewer"), ("role", "viewer"), ("was.quota", ""), ("quota", "2 GB")].into();
        let present = [("role", "editor"), ("quota", "5 GB")];
        let of = |why| Draft { fields: fields.clone(), why: Some(why), ..Draft::default() }.onto(&present);
        let changed = of(Why::Changed);
        assert_eq!((changed.value("role", ""), changed.value("quota", "")), ("editor", "2 GB"));
        assert_eq!((changed.seen(4), changed.was("role", "editor")), ("4".to_owned(), "editor"));
        // who was not told of the change has not seen it either, and is told when the form is sent
        let invalid = of(Why::Invalid);
        assert_eq!((invalid.value("role", ""), invalid.seen(4), invalid.was("role", "editor")), ("viewer", "3".to_owned(), "viewer"));
        assert_eq!(Draft::default().seen(4), "4");
    }

    #[test]
    fn an_error_nobody_foresaw_still_says_something() {
        let error = |code: &str| FieldError { field: "email".into(), code: code.into() };
        let t = texts::in_language(Lang::En);
        let say = |code| Draft { errors: vec![error(code)], ..Draft::default() }.error(t, "email").expect("a sentence");
        assert_ne!(say("too_long"), say("invalid"));
        assert_eq!(say("of_next_year"), say("invalid"));
    }
}
