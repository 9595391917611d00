//! Client assertions of `private_key_jwt` (RFC 7523 §3 as updated by RFC 10070, N-24): what is in them once their
//! signature was verified with a key of the client.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::{Timestamp, Ttl, client::ClientIdentifier, issuer::Issuer, limits};
use serde::Deserialize;

use crate::{
    bodies::{from_optional_seconds, from_seconds},
    error::OAuthError,
};

/// `client_assertion_type` (RFC 7523 §2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The `typ` header an assertion should have; `JWT` or none is accepted too (RFC 10070).
pub const ASSERTION_TYP: &str = "client-authentication+jwt";
/// Whether a `typ` header is that of a client assertion, so that no other JWT of the client's passes for one (RFC 8725 §3.11, N-27).
pub fn is_assertion(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| typ.eq_ignore_ascii_case("JWT") || typ.eq_ignore_ascii_case(ASSERTION_TYP))
}

/// How far clocks may differ.
pub const LEEWAY: Ttl = Ttl::seconds(60);
/// How far ahead an assertion may expire: its `jti` is remembered that long.
pub const LONGEST: Ttl = Ttl::minutes(10);

/// The claims of an assertion. `aud` is one text: an array is refused, even with one member (N-24).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AssertionClaims {
    /// The client.
    pub iss: String,
    /// The client again.
    pub sub: String,
    /// Our issuer identifier and nothing else.
    pub aud: String,
    /// When it expires.
    #[serde(deserialize_with = "from_seconds")]
    pub exp: Timestamp,
    /// From when it counts.
    #[serde(default, deserialize_with = "from_optional_seconds")]
    pub nbf: Option<Timestamp>,
    /// When it was made.
    #[serde(default, deserialize_with = "from_optional_seconds")]
    pub iat: Option<Timestamp>,
    /// To be remembered until `exp` and [`LEEWAY`] have passed: it works once.
    pub jti: String,
}

/// Why an assertion is refused; the client is only told `invalid_client`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionRefusal {
    /// `iss` or `sub` is another client's.
    #[error("iss and sub must be the client_id")]
    WrongClient,
    /// `aud` is not exactly the issuer identifier.
    #[error("aud must be the issuer identifier")]
    WrongAudience,
    /// Too late.
    #[error("the assertion has expired")]
    Expired,
    /// It would live too long.
    #[error("exp lies too far ahead")]
    TooLong,
    /// Too early.
    #[error("nbf or iat lies ahead")]
    NotYet,
    /// `jti` is empty or too long.
    #[error("jti is missing or too long")]
    BadJti,
}

/// Checks the claims of an assertion whose signature is right.
pub fn check(claims: &AssertionClaims, client_id: &ClientIdentifier, issuer: &Issuer, now: Timestamp) -> Result<(), AssertionRefusal> {
    if claims.iss != client_id.as_str() || claims.sub != client_id.as_str() {
        return Err(AssertionRefusal::WrongClient);
    }
    if claims.aud != issuer.as_str() {
        return Err(AssertionRefusal::WrongAudience);
    }
    if now >= claims.exp + LEEWAY {
        return Err(AssertionRefusal::Expired);
    }
    if claims.exp > now + LONGEST + LEEWAY {
        return Err(AssertionRefusal::TooLong);
    }
    if [claims.nbf, claims.iat].into_iter().flatten().any(|at| at > now + LEEWAY) {
        return Err(AssertionRefusal::NotYet);
    }
    if claims.jti.is_empty() || claims.jti.len() > 255 {
        return Err(AssertionRefusal::BadJti);
    }
    Ok(())
}

impl From<AssertionRefusal> for OAuthError {
    fn from(_: AssertionRefusal) -> Self {
        Self::invalid_client()
    }
}

/// The `sub` of an assertion before its signature is verified: only to find the keys to verify it with.
pub(crate) fn unverified_subject(assertion: &str) -> Option<ClientIdentifier> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    if assertion.len() > limits::JWT {
        return None;
    }
    let mut parts = assertion.split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None; // five parts are a JWE (N-27)
    }
    let bytes = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let subject: Subject = serde_json::from_slice(&bytes).ok()?;
    ClientIdentifier::parse(&subject.sub).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{client, issuer};

    fn claims(changes: &serde_json::Value) -> Result<AssertionClaims, serde_json::Error> {
        let mut claims = json!({ "iss": "nuvol", "sub": "nuvol", "aud": "https://id.ateneu.cat", "exp": 1060, "iat": 1000, "jti": "j1" });
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        serde_json::from_value(claims)
    }
    fn checked(changes: &serde_json::Value) -> Result<(), AssertionRefusal> {
        check(&claims(changes).expect("well typed"), &client().client_id, &issuer(), Timestamp::from_seconds(1000))
    }

    #[test]
    fn no_other_token_of_a_client_passes_for_an_assertion() {
        for (typ, expected) in [
            (None, true),
            (Some("JWT"), true),
            (Some("jwt"), true),
            (Some("client-authentication+jwt"), true),
            (Some("at+jwt"), false),
            (Some("dpop+jwt"), false),
            (Some(""), false),
        ] {
            assert_eq!(is_assertion(typ), expected, "{typ:?}");
        }
    }

    #[test]
    fn every_refusal_of_an_assertion() {
        assert_eq!(checked(&json!({})), Ok(()));
        for (changes, refusal) in [
            (json!({ "iss": "altre" }), AssertionRefusal::WrongClient),
            (json!({ "sub": "altre" }), AssertionRefusal::WrongClient),
            (json!({ "aud": "https://id.ateneu.cat/" }), AssertionRefusal::WrongAudience),
            (json!({ "aud": "https://id.ateneu.cat/oauth/token" }), AssertionRefusal::WrongAudience),
            (json!({ "exp": 700 }), AssertionRefusal::Expired),
            (json!({ "exp": 940 }), AssertionRefusal::Expired),
            (json!({ "exp": 1661 }), AssertionRefusal::TooLong),
            (json!({ "nbf": 1061 }), AssertionRefusal::NotYet),
            (json!({ "iat": 1061 }), AssertionRefusal::NotYet),
            (json!({ "jti": "" }), AssertionRefusal::BadJti),
            (json!({ "jti": "j".repeat(256) }), AssertionRefusal::BadJti),
        ] {
            assert_eq!(checked(&changes), Err(refusal), "{changes}");
            assert_eq!(OAuthError::from(refusal), OAuthError::invalid_client());
        }
    }

    #[test]
    fn clocks_may_differ_by_a_minute() {
        for changes in [json!({ "exp": 941 }), json!({ "exp": 1660 }), json!({ "nbf": 1008 }), json!({ "nbf": 1060 })] {
            assert_eq!(checked(&changes), Ok(()), "{changes}");
        }
    }

    #[test]
    fn claims_of_the_wrong_type_are_no_assertion() {
        for changes in [
            json!({ "aud": ["https://id.ateneu.cat"] }),
            json!({ "exp": "1060" }),
            json!({ "exp": 1060.5 }),
            json!({ "exp": null }),
            json!({ "jti": 7 }),
            json!({ "sub": null }),
        ] {
            assert!(claims(&changes).is_err(), "{changes}");
        }
    }
}
