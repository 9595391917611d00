//! Bearer tokens at our own resources (RFC 6750): userinfo and the management API. The body of a userinfo response is
//! [`crate::claims::in_userinfo`].

use idp_domain::{Ttl, limits, scope::Scope};

use crate::{
    error::{ErrorCode, OAuthError},
    params::Params,
};

/// Why a request with or without a bearer token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerRefusal {
    /// No token, or another scheme: no error code is told (RFC 6750 §3.1).
    Missing,
    /// A token in the header and one in the body (RFC 6750 §2).
    TwoMethods,
    /// The text is no token (RFC 6750 §2.1).
    Malformed,
    /// The request cannot be read, as this says: a parameter or a header is repeated, or no text.
    Unreadable(&'static str),
    /// Expired, revoked, of another issuer or audience, or its person may no longer use it.
    Invalid,
    /// The token lacks a scope.
    InsufficientScope(Scope),
    /// The person must prove who they are again (RFC 9470 §3).
    StaleAuthentication {
        /// How old the proof may be.
        max_age: Option<Ttl>,
        /// The authentication context needed.
        acr: Option<&'static str>,
    },
}

impl BearerRefusal {
    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Self::TwoMethods | Self::Malformed | Self::Unreadable(_) => 400,
            Self::Missing | Self::Invalid | Self::StaleAuthentication { .. } => 401,
            Self::InsufficientScope(_) => 403,
        }
    }

    /// The error, when one is told.
    pub const fn error(self) -> Option<OAuthError> {
        match self {
            Self::Missing => None,
            Self::TwoMethods => Some(OAuthError::invalid_request("the token was sent twice")),
            Self::Malformed => Some(OAuthError::invalid_request("the Authorization header is malformed")),
            Self::Unreadable(description) => Some(OAuthError::invalid_request(description)),
            Self::Invalid => Some(OAuthError::new(ErrorCode::InvalidToken, "the token is expired, revoked or not meant for this resource")),
            Self::InsufficientScope(_) => Some(OAuthError::new(ErrorCode::InsufficientScope, "the token lacks a scope")),
            Self::StaleAuthentication { .. } => {
                Some(OAuthError::new(ErrorCode::InsufficientUserAuthentication, "a more recent or stronger sign-in is needed"))
            }
        }
    }

    /// The `WWW-Authenticate` header (RFC 6750 §3, RFC 9470 §3).
    pub fn challenge(self) -> String {
        let mut text = String::from("Bearer realm=\"aplec\"");
        let mut put = |name: &str, value: &str| {
            for part in [", ", name, "=\"", value, "\""] {
                text.push_str(part);
            }
        };
        if let Some(error) = self.error() {
            put("error", error.code.as_str());
            put("error_description", error.description);
        }
        match self {
            Self::InsufficientScope(scope) => put("scope", scope.as_str()),
            Self::StaleAuthentication { max_age, acr } => {
                if let Some(acr) = acr {
                    put("acr_values", acr);
                }
                if let Some(max_age) = max_age {
                    put("max_age", &max_age.as_seconds().to_string());
                }
            }
            Self::Missing | Self::TwoMethods | Self::Malformed | Self::Unreadable(_) | Self::Invalid => {}
        }
        text
    }
}

/// The access token of a request: in the `Authorization` header, or in a form body of a POST; not in both, never in the
/// query (RFC 6750 §2, RFC 9700 §4.3.2). `form` is `None` unless the body is form-encoded.
pub fn bearer<'a>(authorization: Option<&'a str>, form: Option<&'a Params>) -> Result<&'a str, BearerRefusal> {
    let in_form = form.and_then(|params| params.get("access_token"));
    let in_header = match authorization {
        Some(header) => in_header(header)?,
        None => None,
    };
    let (token, malformed) = match (in_header, in_form) {
        (Some(_), Some(_)) => return Err(BearerRefusal::TwoMethods),
        (Some(token), None) => (token, BearerRefusal::Malformed),
        (None, Some(token)) => (token, BearerRefusal::Unreadable("the parameter access_token is malformed")),
        (None, None) => return Err(BearerRefusal::Missing),
    };
    if is_token(token) { Ok(token) } else { Err(malformed) }
}

/// The token of the scheme `Bearer`, whose name is case-insensitive (RFC 9110 §11.1); `None` for other schemes.
fn in_header(header: &str) -> Result<Option<&str>, BearerRefusal> {
    let header = header.trim();
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim_start())),
        None if header.eq_ignore_ascii_case("bearer") => Err(BearerRefusal::Malformed),
        _ => Ok(None),
    }
}

/// `b64token` (RFC 6750 §2.1), bounded.
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len() <= limits::JWT
        && !body.is_empty()
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::params;

    #[test]
    fn a_token_comes_by_header_or_by_form() {
        for header in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c "] {
            assert_eq!(bearer(Some(header), None), Ok("a.b.c"), "{header}");
        }
        let form = params(&[("access_token", "a.b.c")]);
        assert_eq!(bearer(None, Some(&form)), Ok("a.b.c"));
        assert_eq!(bearer(Some("Bearer a.b.c"), Some(&params(&[("other", "x")]))), Ok("a.b.c"));
    }

    #[test]
    fn every_refusal_of_a_bearer() {
        let form = params(&[("access_token", "a.b.c")]);
        let long = format!("Bearer {}", "a".repeat(16385));
        for (header, form, refusal) in [
            (None, None, BearerRefusal::Missing),
            (Some("Basic abc"), None, BearerRefusal::Missing),
            (Some("DPoP a.b.c"), None, BearerRefusal::Missing),
            (Some("Bearer a.b.c"), Some(&form), BearerRefusal::TwoMethods),
            (Some("Bearer"), None, BearerRefusal::Malformed),
            (Some("Bearer a b"), None, BearerRefusal::Malformed),
            (Some("Bearer \"a\""), None, BearerRefusal::Malformed),
            (Some("Bearer ==="), None, BearerRefusal::Malformed),
            (Some("Bearer a=b"), None, BearerRefusal::Malformed),
            (Some(long.as_str()), None, BearerRefusal::Malformed),
        ] {
            assert_eq!(bearer(header, form), Err(refusal), "{header:?}");
        }
    }

    #[test]
    fn a_malformed_token_is_looked_for_where_it_was_sent() {
        let form = params(&[("access_token", "a b")]);
        assert_eq!(bearer(None, Some(&form)), Err(BearerRefusal::Unreadable("the parameter access_token is malformed")));
        assert_eq!(bearer(Some("Bearer a b"), None), Err(BearerRefusal::Malformed));
    }

    #[test]
    fn every_challenge_reads_as_the_rfcs_have_it() {
        let stale = BearerRefusal::StaleAuthentication { max_age: Some(Ttl::minutes(5)), acr: Some("phr") };
        for (refusal, status, challenge) in [
            (BearerRefusal::Missing, 401, r#"Bearer realm="aplec""#),
            (
                BearerRefusal::TwoMethods,
                400,
                r#"Bearer realm="aplec", error="invalid_request", error_description="the token was sent twice""#,
            ),
            (
                BearerRefusal::Malformed,
                400,
                r#"Bearer realm="aplec", error="invalid_request", error_description="the Authorization header is malformed""#,
            ),
            (
                BearerRefusal::Unreadable("the parameter access_token is repeated"),
                400,
                r#"Bearer realm="aplec", error="invalid_request", error_description="the parameter access_token is repeated""#,
            ),
            (
                BearerRefusal::Invalid,
                401,
                r#"Bearer realm="aplec", error="invalid_token", error_description="the token is expired, revoked or not meant for this resource""#,
            ),
            (
                BearerRefusal::InsufficientScope(Scope::Manage),
                403,
                r#"Bearer realm="aplec", error="insufficient_scope", error_description="the token lacks a scope", scope="manage""#,
            ),
            (
                stale,
                401,
                r#"Bearer realm="aplec", error="insufficient_user_authentication", error_description="a more recent or stronger sign-in is needed", acr_values="phr", max_age="300""#,
            ),
        ] {
            assert_eq!((refusal.status(), refusal.challenge().as_str()), (status, challenge));
        }
    }

    proptest! {
        #[test]
        fn any_header_is_survived(header in "(Bearer )?\\PC{0,60}") {
            if let Ok(token) = bearer(Some(&header), None) {
                prop_assert!(header.contains(token) && !token.is_empty());
            }
        }
    }
}
