//! Errors as RFC 9457 problems.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a request was not fulfilled (RFC 9457). Texts are English and for developers; people read what their client makes
/// of `type` and `code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The kind of problem: a relative reference, stable within v1.
    #[serde(rename = "type")]
    pub kind: ProblemType,
    /// What kind of problem this is, in English; the same for every problem of this type.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened here and what can be done, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The id of this very request, for whoever reads the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Which rule said no, more finely than `type`. With `forbidden`: `own_membership`. With `conflict`: `already_decided`,
    /// `already_asked`, `already_member`, `already_open`, `wrong_state`, `last_manager`, `already_manager`, `already_proposed`, `address_not_verified`,
    /// `account_not_open`, `membership_not_active`, `not_asked_for`, `not_a_join_request`, `unknown_target`, `not_offered`,
    /// `service_not_active`, `no_address`. With `too-many-requests`: `too_many_mails`, `too_many_invitations`. More may come within v1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What is wrong with which field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// The field, as a path from the body's root: `email`, `grants.0.role`.
    #[schema(example = "grants.0.role")]
    pub field: String,
    /// What is wrong: `empty`, `too_long`, `control_characters`, `invalid`, `unknown`, `not_offered`, `above_ceiling`, `in_the_past`.
    #[schema(example = "not_offered")]
    pub code: String,
}

macro_rules! problem_types {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $title:literal;)*) => {
        /// The closed list of problems. Each has one status and one title.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        // every slug is its name in this case; a test compares them
        #[serde(rename_all = "kebab-case")]
        pub enum ProblemType {
            $($(#[$doc])* $name,)*
        }
        impl ProblemType {
            /// Every kind, for documentation and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The text of `type`.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }
            /// The HTTP status it comes with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
            /// The text of `title`.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

problem_types! {
    /// Not HTTP, JSON or a query as the API documents it: duplicate or unknown parameters, a malformed body or header.
    InvalidRequest = "invalid-request", 400, "The request is malformed";
    /// No access token, or one that is not valid (any more) for this API. Comes with `WWW-Authenticate: Bearer` (RFC 6750 §3).
    Unauthorized = "unauthorized", 401, "A valid access token is needed";
    /// The sign-in is too old or too weak for this act. Comes with `WWW-Authenticate: Bearer error="insufficient_user_authentication"` (RFC 9470 §3).
    StepUp = "step-up", 401, "A fresh or stronger sign-in is needed";
    /// The token lacks the scope `manage`.
    InsufficientScope = "insufficient-scope", 403, "The access token lacks the scope";
    /// The caller may know the thing but not do this; `code` says by which rule.
    Forbidden = "forbidden", 403, "This is not yours to do";
    /// There is no such thing, as far as the caller may know.
    NotFound = "not-found", 404, "There is no such thing";
    /// The path exists, with other methods.
    MethodNotAllowed = "method-not-allowed", 405, "The method is not allowed here";
    /// Its present state does not allow this; `code` says why (`already_decided`, `last_manager`, `already_open`, …).
    Conflict = "conflict", 409, "The present state does not allow this";
    /// Somebody else changed it since: `If-Match` names an old version.
    VersionMismatch = "version-mismatch", 412, "It changed since it was read";
    /// The body is larger than the API reads.
    TooLarge = "too-large", 413, "The request is too large";
    /// The body is not JSON.
    UnsupportedMediaType = "unsupported-media-type", 415, "The body has to be JSON";
    /// The request is addressed to another host than the API's.
    Misdirected = "misdirected", 421, "The request is addressed to another host";
    /// One or more fields do not say something possible; `errors` names them.
    InvalidFields = "invalid-fields", 422, "Some fields are not valid";
    /// The `Idempotency-Key` was used before with another body.
    IdempotencyKeyReused = "idempotency-key-reused", 422, "The idempotency key was used for something else";
    /// The change needs `If-Match`.
    VersionRequired = "version-required", 428, "If-Match is needed";
    /// Slow down; `Retry-After` says how long.
    TooManyRequests = "too-many-requests", 429, "Too many requests";
    /// The request's headers are larger than the API reads.
    HeadTooLarge = "head-too-large", 431, "The headers of the request are too large";
    /// Something unexpected; `instance` finds it in the log.
    Internal = "internal", 500, "Something went wrong here";
    /// Not now, try again soon.
    Unavailable = "unavailable", 503, "The service is not available now";
}

impl Problem {
    /// A problem of this kind without particulars.
    pub fn new(kind: ProblemType) -> Self {
        Self { kind, title: kind.title().to_owned(), status: kind.status(), detail: None, instance: None, code: None, errors: Vec::new() }
    }
    /// Which rule said no.
    pub fn with_code(self, code: impl Into<String>) -> Self {
        Self { code: Some(code.into()), ..self }
    }
    /// What happened here, in English.
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
    /// The id of the request.
    pub fn with_instance(self, request_id: impl Into<String>) -> Self {
        Self { instance: Some(request_id.into()), ..self }
    }
    /// One more field that is wrong.
    pub fn with_field(mut self, field: impl Into<String>, code: impl Into<String>) -> Self {
        self.errors.push(FieldError { field: field.into(), code: code.into() });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_written_as_the_rfc_shows() {
        let problem = Problem::new(ProblemType::InvalidFields).with_field("email", "invalid").with_instance("req_1");
        let json = serde_json::to_value(&problem).expect("serializable");
        assert_eq!(
            json,
            serde_json::json!({
                "type": "invalid-fields", "title": "Some fields are not valid", "status": 422, "instance": "req_1",
                "errors": [{"field": "email", "code": "invalid"}]
            })
        );
        assert_eq!(serde_json::from_value::<Problem>(json).expect("readable"), problem);
    }

    #[test]
    fn the_slug_is_what_is_written() {
        for &kind in ProblemType::ALL {
            assert_eq!(serde_json::to_value(kind).expect("serializable"), kind.slug());
            assert!((400..600).contains(&kind.status()));
        }
    }
}
