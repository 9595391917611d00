//! Client assertions (RFC 7523 §3): whether a client's registered key signed it. What it says is the caller's to judge.

use std::fmt;

use idp_domain::{Timestamp, limits};
use jsonwebtoken::{Validation, decode, decode_header, errors::ErrorKind};
use serde::{Deserialize, Deserializer, de};

use crate::{
    alg,
    client_jwks::{ClientJwks, ClientKey},
};

/// What a client asserts about itself, its signature verified and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAssertion {
    /// The `typ` header; `client-authentication+jwt` is recommended (RFC 10070).
    pub typ: Option<String>,
    /// Who signed: must be the client.
    pub iss: String,
    /// About whom: must be the client.
    pub sub: String,
    /// For whom, in the shape it was written: RFC 10070 wants our issuer identifier as the sole value.
    pub aud: Audience,
    /// Until when it counts.
    pub exp: Timestamp,
    /// When it was made.
    pub iat: Option<Timestamp>,
    /// From when it counts.
    pub nbf: Option<Timestamp>,
    /// Its name, to be used once.
    pub jti: Option<String>,
}

/// `aud` as it was written (RFC 7519 §4.1.3): a string and an array of one string are not the same here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// `"aud": "https://…"`
    One(String),
    /// `"aud": ["https://…"]`
    Many(Vec<String>),
}

impl Audience {
    /// Whether this is exactly one audience, in either shape.
    pub fn is_only(&self, audience: &str) -> bool {
        match self {
            Self::One(only) => only == audience,
            Self::Many(all) => matches!(all.as_slice(), [only] if only == audience),
        }
    }
}

/// Why a client assertion does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// More bytes than [`limits::JWT`].
    #[error("the client assertion is too long")]
    TooLong,
    /// Not a compact JWS.
    #[error("the client assertion is no signed JWT")]
    Malformed,
    /// Neither RS256, ES256 nor EdDSA: `none` and `HS256`, for example.
    #[error("the client assertion is not signed with RS256, ES256 or EdDSA")]
    UnsupportedAlgorithm,
    /// `crit` names extensions, and we know none (RFC 7515 §4.1.11).
    #[error("the client assertion names critical header parameters")]
    CriticalHeader,
    /// No registered key has this `kid` and algorithm.
    #[error("the client assertion is signed with a key that is not registered")]
    UnknownKey,
    /// No `kid`, and several registered keys of this algorithm.
    #[error("the client assertion needs a kid: several registered keys have its algorithm")]
    AmbiguousKey,
    /// The signature does not verify.
    #[error("the signature of the client assertion does not verify")]
    BadSignature,
    /// `iss`, `sub`, `aud` or `exp` is missing, or a claim has the wrong type.
    #[error("the claims of the client assertion are incomplete or mistyped")]
    Claims,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: NumericDate,
    iat: Option<NumericDate>,
    nbf: Option<NumericDate>,
    jti: Option<String>,
}

impl ClientJwks {
    /// Verifies a client assertion with the registered key it names, or with the only one that fits. Key material in the
    /// header (`jwk`, `jku`, `x5c`, `x5u`) is ignored (RFC 8725 §3.10).
    pub fn verify(&self, assertion: &str) -> Result<ClientAssertion, AssertionError> {
        if assertion.len() > limits::JWT {
            return Err(AssertionError::TooLong);
        }
        let header = decode_header(assertion).map_err(|error| match error.kind() {
            // "none" and other unknown names do not deserialise
            ErrorKind::Json(error) if error.to_string().starts_with("unknown variant") => AssertionError::UnsupportedAlgorithm,
            _ => AssertionError::Malformed,
        })?;
        if header.crit.is_some() {
            return Err(AssertionError::CriticalHeader);
        }
        let alg = alg::from_jwt(header.alg).ok_or(AssertionError::UnsupportedAlgorithm)?;
        let mut fitting = self.keys.iter().filter(|key| key.alg == alg && (header.kid.is_none() || key.kid == header.kid));
        let key = fitting.next().ok_or(AssertionError::UnknownKey)?;
        if fitting.next().is_some() {
            return Err(AssertionError::AmbiguousKey);
        }
        let Claims { iss, sub, aud, exp, iat, nbf, jti } = verified(key, assertion)?;
        let at = |date: NumericDate| date.0;
        Ok(ClientAssertion { typ: header.typ, iss, sub, aud, exp: at(exp), iat: iat.map(at), nbf: nbf.map(at), jti })
    }
}

/// The claims, if the key signed them with its own algorithm.
fn verified(key: &ClientKey, assertion: &str) -> Result<Claims, AssertionError> {
    let mut validation = Validation::new(alg::to_jwt(key.alg));
    // times and audience are checked by the caller, who knows what time it is
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    decode(assertion, &key.key, &validation).map(|token| token.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => AssertionError::BadSignature,
        ErrorKind::Json(_) => AssertionError::Claims,
        _ => AssertionError::Malformed,
    })
}

/// Whom an assertion is about, nothing verified: to find the client whose keys may verify it (RFC 7521 §4.2: `client_id`
/// may be missing from the request).
pub fn claimed_client(assertion: &str) -> Result<String, AssertionError> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    if assertion.len() > limits::JWT {
        return Err(AssertionError::TooLong);
    }
    match jsonwebtoken::dangerous::insecure_decode_claims::<Subject>(assertion) {
        Ok(claims) => Ok(claims.sub),
        Err(error) if matches!(error.kind(), ErrorKind::Json(_)) => Err(AssertionError::Claims),
        Err(_) => Err(AssertionError::Malformed),
    }
}

/// Seconds since the epoch, possibly with a fraction (RFC 7519 §2).
struct NumericDate(Timestamp);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumericDateVisitor)
    }
}

struct NumericDateVisitor;

impl de::Visitor<'_> for NumericDateVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }
    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<NumericDate, E> {
        Ok(NumericDate(Timestamp::from_seconds(seconds)))
    }
    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<NumericDate, E> {
        i64::try_from(seconds).map(|seconds| NumericDate(Timestamp::from_seconds(seconds))).map_err(E::custom)
    }
    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<NumericDate, E> {
        #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and a fraction of a second decides nothing")]
        let whole = seconds as i64;
        Ok(NumericDate(Timestamp::from_seconds(whole)))
    }
}

#[cfg(test)]
mod tests;
