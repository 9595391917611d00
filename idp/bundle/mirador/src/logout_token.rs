//! The provider's word that a session ended (OpenID Connect Back-Channel Logout 1.0 §2.4–§2.6).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKey as _, JwsSigningAlgorithm as _, core::CoreJwsSigningAlgorithm};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::provider::{Metadata, key_named};

/// The member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How far two clocks may be apart, in seconds.
const SKEW: i64 = 60;
/// Longer than any real logout token.
const MAX_LENGTH: usize = 16 * 1024;

/// A verified logout token: at least one of `sid` and `sub` is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogoutToken {
    pub(crate) sid: Option<String>,
    pub(crate) sub: Option<String>,
    /// The token's own name, to see it a second time.
    pub(crate) jti: String,
    /// Milliseconds.
    pub(crate) expires_at: i64,
}

/// Why a token was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotBelieved {
    #[error("the token is not a signed JWT")]
    Malformed,
    #[error("`typ` must be `logout+jwt`")]
    Type,
    #[error("the header asks for extensions that are not understood")]
    Critical,
    #[error("`alg` must be an asymmetric signature algorithm")]
    Algorithm,
    #[error("the signing key is not published")]
    UnknownKey,
    #[error("the signature is wrong")]
    Signature,
    #[error("`iss` is not the provider")]
    Issuer,
    #[error("`aud` is not this client")]
    Audience,
    #[error("`iat` is missing or lies ahead")]
    IssuedAt,
    #[error("the token has expired")]
    Expired,
    #[error("`jti` is missing")]
    TokenId,
    #[error("`events` does not say that somebody was logged out")]
    Events,
    #[error("a logout token has no `nonce`")]
    Nonce,
    #[error("neither `sid` nor `sub` says whose session ended")]
    Nobody,
    #[error("the token was received before")]
    Replayed,
}

#[derive(Deserialize)]
struct Header {
    alg: CoreJwsSigningAlgorithm,
    typ: Option<String>,
    kid: Option<String>,
    crit: Option<Value>,
}

/// Only shapes are checked while reading; a claim of the wrong type makes the token malformed.
#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    aud: Option<Audience>,
    iat: Option<i64>,
    exp: Option<i64>,
    jti: Option<String>,
    events: Option<Map<String, Value>>,
    nonce: Option<Value>,
    sid: Option<String>,
    sub: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn is_only(&self, client_id: &str) -> bool {
        match self {
            Self::One(one) => one == client_id,
            Self::Several(several) => matches!(several.as_slice(), [one] if one == client_id),
        }
    }
}

/// Checks everything but whether the token was seen before. `now` in milliseconds. [`NotBelieved::UnknownKey`] deserves a
/// second try with fresh keys.
pub(crate) fn verify(token: &str, metadata: &Metadata, client_id: &str, now: i64) -> Result<LogoutToken, NotBelieved> {
    if token.len() > MAX_LENGTH {
        return Err(NotBelieved::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(NotBelieved::Malformed)?;
    let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(NotBelieved::Malformed)?;
    let header: Header = part(header)?;
    check_header(&header)?;
    let key = header.kid.as_deref().and_then(|kid| key_named(metadata, kid)).ok_or(NotBelieved::UnknownKey)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| NotBelieved::Malformed)?;
    // also refuses an algorithm that is not the key's own
    key.verify_signature(&header.alg, signed.as_bytes(), &signature).map_err(|_| NotBelieved::Signature)?;
    check_claims(part(claims)?, metadata.issuer().as_str(), client_id, now.div_euclid(1000))
}

fn part<T: DeserializeOwned>(text: &str) -> Result<T, NotBelieved> {
    let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBelieved::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| NotBelieved::Malformed)
}

fn check_header(header: &Header) -> Result<(), NotBelieved> {
    if header.alg == CoreJwsSigningAlgorithm::None || header.alg.uses_shared_secret() {
        return Err(NotBelieved::Algorithm);
    }
    // RFC 7515 §4.1.9: without a slash, `application/` is understood; media types ignore case
    let typ = header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
    if typ.strip_prefix("application/").unwrap_or(&typ) != "logout+jwt" {
        return Err(NotBelieved::Type);
    }
    if header.crit.is_some() {
        return Err(NotBelieved::Critical);
    }
    Ok(())
}

/// `now` in seconds, the unit of JWT (RFC 7519 §2).
fn check_claims(claims: Claims, issuer: &str, client_id: &str, now: i64) -> Result<LogoutToken, NotBelieved> {
    if claims.iss.as_deref() != Some(issuer) {
        return Err(NotBelieved::Issuer);
    }
    if !claims.aud.is_some_and(|audience| audience.is_only(client_id)) {
        return Err(NotBelieved::Audience);
    }
    if claims.iat.is_none_or(|issued_at| issued_at > now + SKEW) {
        return Err(NotBelieved::IssuedAt);
    }
    let expires_at = claims.exp.filter(|expires_at| *expires_at > now - SKEW).ok_or(NotBelieved::Expired)?;
    let jti = claims.jti.filter(|jti| !jti.is_empty()).ok_or(NotBelieved::TokenId)?;
    if !claims.events.is_some_and(|events| events.get(EVENT).is_some_and(Value::is_object)) {
        return Err(NotBelieved::Events);
    }
    if claims.nonce.is_some() {
        return Err(NotBelieved::Nonce);
    }
    let (sid, sub) = (claims.sid.filter(|sid| !sid.is_empty()), claims.sub.filter(|sub| !sub.is_empty()));
    if sid.is_none() && sub.is_none() {
        return Err(NotBelieved::Nobody);
    }
    Ok(LogoutToken { sid, sub, jti, expires_at: expires_at.saturating_add(SKEW).saturating_mul(1000) })
}
