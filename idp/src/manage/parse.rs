//! From the shapes of the API to values of the domain. What does not fit is named field by field.

use idp_api::{EditGrant, Grant, Language, Problem, ProblemType};
use idp_app::{collectives::accept_request::WantedGrant, services::WantedTerms};
use idp_domain::{
    Timestamp,
    id::ServiceId,
    locale::Locale,
    name::{DisplayName, FreeText, InvalidName},
    quota::Quota,
    service::RoleName,
};

use super::answer::Checked;

/// Collects what is wrong, so that a caller learns everything at once.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<(String, &'static str)>);

impl Errors {
    /// Notes that a field is wrong.
    pub(super) fn note(&mut self, field: impl Into<String>, code: &'static str) {
        self.0.push((field.into(), code));
    }
    /// The value, or a note about its field.
    pub(super) fn keep<T, E>(&mut self, field: &str, parsed: Result<T, E>, code: impl Fn(E) -> &'static str) -> Option<T> {
        parsed.map_err(|error| self.note(field, code(error))).ok()
    }
    /// The values, unless something is wrong.
    pub(super) fn or<T>(self, values: Option<T>) -> Checked<T> {
        match values {
            Some(values) if self.0.is_empty() => Ok(values),
            _ => {
                let problem = Problem::new(ProblemType::InvalidFields);
                Err(Box::new(self.0.into_iter().fold(problem, |problem, (field, code)| problem.with_field(field, code))))
            }
        }
    }
}

/// One wrong field.
pub(super) fn wrong(field: impl Into<String>, code: &str) -> Problem {
    Problem::new(ProblemType::InvalidFields).with_field(field, code)
}

/// What is wrong with a name or a text.
pub(super) const fn name_code(error: InvalidName) -> &'static str {
    match error {
        InvalidName::Empty => "empty",
        InvalidName::TooLong(_) => "too_long",
        InvalidName::Control => "control_characters",
    }
}

/// A display name.
pub(super) fn name(errors: &mut Errors, field: &str, text: &str) -> Option<DisplayName> {
    errors.keep(field, DisplayName::parse(text), name_code)
}

/// An optional reason; absent is empty.
pub(super) fn reason(text: Option<&str>) -> Checked<FreeText> {
    FreeText::parse(text.unwrap_or_default()).map_err(|error| Box::new(wrong("reason", name_code(error))))
}

/// A language.
pub(super) const fn locale(language: Language) -> Locale {
    match language {
        Language::Ca => Locale::Ca,
        Language::Es => Locale::Es,
        Language::En => Locale::En,
    }
}

/// The terms of a door; `at` stands before each field's name.
pub(super) fn terms(errors: &mut Errors, at: &str, terms: &EditGrant) -> Option<WantedTerms> {
    let mut sound = true;
    let mut role = None;
    if let Some(text) = &terms.role {
        // a text that is no role's name is no role of the offer
        role = errors.keep(&format!("{at}role"), RoleName::parse(text), |_| "not_offered");
        sound &= role.is_some();
    }
    let mut quota = None;
    if let Some(bytes) = terms.quota {
        quota = errors.keep(&format!("{at}quota"), Quota::from_bytes(bytes).ok_or(()), |()| "invalid");
        sound &= quota.is_some();
    }
    sound.then_some(WantedTerms { role, quota, ends_at: terms.ends_at.map(Timestamp::from_millis) })
}

/// A door to open; `at` stands before each field's name.
pub(super) fn grant(errors: &mut Errors, at: &str, grant: &Grant) -> Option<WantedGrant> {
    let service = errors.keep(&format!("{at}service_id"), grant.service_id.parse::<ServiceId>(), |_| "unknown");
    let edit = EditGrant { role: grant.role.clone(), quota: grant.quota, ends_at: grant.ends_at };
    let terms = terms(errors, at, &edit);
    Some(WantedGrant { service: service?, terms: terms? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once() {
        let given = Grant { service_id: "office".into(), role: Some("EDITOR".into()), quota: Some(-1), ends_at: None };
        let mut errors = Errors::default();
        let parsed = grant(&mut errors, "grants.0.", &given);
        let problem = errors.or(parsed).expect_err("nothing is right");
        let told: Vec<_> = problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        assert_eq!(told, [("grants.0.service_id", "unknown"), ("grants.0.role", "not_offered"), ("grants.0.quota", "invalid")]);
    }

    #[test]
    fn a_reason_is_optional_and_bounded() {
        assert_eq!(reason(None).expect("empty").as_str(), "");
        assert_eq!(reason(Some(&"a".repeat(2001))).expect_err("too long").errors[0].code, "too_long");
    }
}
