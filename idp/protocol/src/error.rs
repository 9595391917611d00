//! Error codes and errors as clients see them. Descriptions are constants: anything dynamic belongs to the log.

use idp_domain::{Fault, fault::FaultKind};
use serde::{Serialize, Serializer};

/// Every error code this provider sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1.
    InvalidRequest,
    /// RFC 6749 §5.2.
    InvalidClient,
    /// RFC 6749 §5.2.
    InvalidGrant,
    /// RFC 6749 §4.1.2.1, §5.2.
    UnauthorizedClient,
    /// RFC 6749 §5.2.
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1, §5.2.
    InvalidScope,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 6749 §4.1.2.1.
    AccessDenied,
    /// RFC 6749 §4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1.
    ServerError,
    /// RFC 6749 §4.1.2.1.
    TemporarilyUnavailable,
    /// OIDC Core §3.1.2.6.
    LoginRequired,
    /// OIDC Core §3.1.2.6.
    InteractionRequired,
    /// OIDC Core §3.1.2.6.
    ConsentRequired,
    /// OIDC Core §3.1.2.6.
    AccountSelectionRequired,
    /// OIDC Core §3.1.2.6.
    RequestNotSupported,
    /// OIDC Core §3.1.2.6.
    RequestUriNotSupported,
    /// OIDC Core §3.1.2.6.
    RegistrationNotSupported,
    /// OpenID Connect Core Error Code unmet_authentication_requirements §2.
    UnmetAuthenticationRequirements,
    /// RFC 6750 §3.1.
    InvalidToken,
    /// RFC 6750 §3.1.
    InsufficientScope,
    /// RFC 9470 §3.
    InsufficientUserAuthentication,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 22] = [
        Self::InvalidRequest,
        Self::InvalidClient,
        Self::InvalidGrant,
        Self::UnauthorizedClient,
        Self::UnsupportedGrantType,
        Self::InvalidScope,
        Self::InvalidTarget,
        Self::AccessDenied,
        Self::UnsupportedResponseType,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::LoginRequired,
        Self::InteractionRequired,
        Self::ConsentRequired,
        Self::AccountSelectionRequired,
        Self::RequestNotSupported,
        Self::RequestUriNotSupported,
        Self::RegistrationNotSupported,
        Self::UnmetAuthenticationRequirements,
        Self::InvalidToken,
        Self::InsufficientScope,
        Self::InsufficientUserAuthentication,
    ];

    /// The code on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::InsufficientUserAuthentication => "insufficient_user_authentication",
        }
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// `WWW-Authenticate` of a 401 from the token, introspection and revocation endpoints (RFC 6749 §5.2).
pub const BASIC_CHALLENGE: &str = "Basic realm=\"aplec\"";

/// A refusal a client can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct OAuthError {
    /// What went wrong, for programs.
    #[serde(rename = "error")]
    pub code: ErrorCode,
    /// What went wrong, for the people who write them: English, within [`is_description`].
    #[serde(rename = "error_description")]
    pub description: &'static str,
}

impl OAuthError {
    /// An error with a description within [`is_description`].
    pub const fn new(code: ErrorCode, description: &'static str) -> Self {
        debug_assert!(is_description(description));
        Self { code, description }
    }
    /// `invalid_request`.
    pub const fn invalid_request(description: &'static str) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }
    /// `invalid_client`, with one text for every cause: who guesses learns nothing.
    pub const fn invalid_client() -> Self {
        Self::new(ErrorCode::InvalidClient, "client authentication failed")
    }
    /// `invalid_grant`, with one text for what is unknown and for what belongs to another client: who guesses learns
    /// nothing.
    pub const fn invalid_grant() -> Self {
        Self::new(ErrorCode::InvalidGrant, "the code or token is unknown, expired, used, revoked or was issued to another client")
    }
    /// `invalid_grant` about a code or token of the client's own, which may know the cause.
    pub const fn own_invalid_grant(description: &'static str) -> Self {
        Self::new(ErrorCode::InvalidGrant, description)
    }
    /// What a client is told when something of ours went wrong: `temporarily_unavailable` when trying again may help,
    /// `server_error` otherwise.
    pub const fn of_fault(fault: &Fault) -> Self {
        match fault.kind() {
            FaultKind::Unavailable => Self::new(ErrorCode::TemporarilyUnavailable, "please try again in a moment"),
            FaultKind::Broken => Self::new(ErrorCode::ServerError, "something went wrong here"),
        }
    }
    /// The status at the token, introspection and revocation endpoints (RFC 6749 §5.2): 401 for `invalid_client`, to
    /// be sent with [`BASIC_CHALLENGE`]; 500 and 503 for our own failures; 400 for everything else.
    pub const fn token_status(self) -> u16 {
        match self.code {
            ErrorCode::InvalidClient => 401,
            ErrorCode::ServerError => 500,
            ErrorCode::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
    /// The JSON body of RFC 6749 §5.2.
    pub fn to_json(self) -> String {
        format!(r#"{{"error":"{}","error_description":"{}"}}"#, self.code.as_str(), self.description)
    }
}

/// Whether a text may stand in `error_description`: `%x20-21 / %x23-5B / %x5D-7E` (RFC 6749 §5.2), that is, printable
/// ASCII without double quote and backslash.
pub const fn is_description(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        if !matches!(bytes[index], 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e) {
            return false;
        }
        index += 1;
    }
    !bytes.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_of_an_error_is_what_serde_writes() {
        let error = OAuthError::invalid_grant();
        assert_eq!(error.to_json(), serde_json::to_string(&error).expect("serialises"));
        assert!(is_description(error.description));
    }

    #[test]
    fn only_a_failed_client_authentication_is_a_401() {
        for code in ErrorCode::ALL {
            let expected = match code {
                ErrorCode::InvalidClient => 401,
                ErrorCode::ServerError => 500,
                ErrorCode::TemporarilyUnavailable => 503,
                _ => 400,
            };
            assert_eq!(OAuthError::new(code, "x").token_status(), expected, "{code:?}");
        }
    }

    #[test]
    fn our_own_failures_are_told_apart_by_whether_waiting_helps() {
        let told = |fault: &Fault| OAuthError::of_fault(fault).token_status();
        assert_eq!(told(&Fault::unavailable("here", "no database")), 503);
        assert_eq!(told(&Fault::broken("here", "a bug")), 500);
    }

    #[test]
    fn quotes_backslashes_and_letters_beyond_ascii_are_no_description() {
        assert!(is_description("the scope is too long (32 words)"));
        for bad in ["", "a \"quoted\" word", "a\\b", "col·lectiu", "two\nlines", "tab\there"] {
            assert!(!is_description(bad), "{bad:?}");
        }
    }

    #[test]
    fn every_code_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<_> = ErrorCode::ALL.into_iter().map(ErrorCode::as_str).collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
    }
}
