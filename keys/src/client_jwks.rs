//! The keys a client registered (RFC 7591 §2 `jwks`), checked once, at registration and when loaded.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use idp_domain::{limits, profile::SigningAlg};
use jsonwebtoken::{
    DecodingKey, DecodingKeyKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde_json::Value;

use crate::alg;

/// RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used".
const RSA_MIN_BITS: usize = 2048;
/// More only makes verifying slow.
const RSA_MAX_BITS: usize = 8192;
/// 3 at least, and no longer than aws-lc takes: with an exponent of 1 every text is its own signature.
const RSA_EXPONENT_BITS: RangeInclusive<usize> = 2..=33;
/// Members that only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A client's public signature keys: RSA of 2048 bits or more, P-256, Ed25519.
pub struct ClientJwks {
    pub(crate) keys: Vec<ClientKey>,
}

pub(crate) struct ClientKey {
    pub(crate) kid: Option<String>,
    pub(crate) alg: SigningAlg,
    pub(crate) key: DecodingKey,
}

/// Why a JWK set is refused. `index` counts from zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwksError {
    /// More bytes than [`limits::JWKS`].
    #[error("a JWK set has at most {} bytes", limits::JWKS)]
    TooLong,
    /// Not an object with an array `keys` of objects.
    #[error(r#"expected a JWK set: {{"keys": [{{…}}, …]}}"#)]
    NotASet,
    /// More keys than [`limits::JWKS_KEYS_COUNT`].
    #[error("a JWK set has at most {} keys", limits::JWKS_KEYS_COUNT)]
    TooManyKeys,
    /// A private or symmetric key: whoever sent it should replace it, it is no secret any more.
    #[error("key {index} holds the private member {member:?}: register public keys only, and replace this key, which is exposed now")]
    PrivateKey {
        /// Which.
        index: usize,
        /// The telltale.
        member: &'static str,
    },
    /// An RSA key that is too short.
    #[error("key {index} is an RSA key of {bits} bits: at least {RSA_MIN_BITS} are needed")]
    WeakRsa {
        /// Which.
        index: usize,
        /// Its size.
        bits: usize,
    },
    /// Members that are missing, mistyped, or no point of the curve.
    #[error("key {index} is no valid public key")]
    InvalidKey {
        /// Which.
        index: usize,
    },
    /// Two keys with one `kid`.
    #[error("two keys share the kid of key {index}")]
    DuplicateKid {
        /// The second of them.
        index: usize,
    },
    /// Keys of other kinds or for encryption are skipped (RFC 7517 §5); nothing was left.
    #[error("no key of the set can verify a signature: expected RS256 (RSA), ES256 (P-256) or EdDSA (Ed25519) with use \"sig\"")]
    NoUsableKey,
}

impl ClientJwks {
    /// Reads a JWK set (RFC 7517 §5) and checks every key in it.
    pub fn parse(json: &str) -> Result<Self, JwksError> {
        if json.len() > limits::JWKS {
            return Err(JwksError::TooLong);
        }
        let mut set: Value = serde_json::from_str(json).map_err(|_| JwksError::NotASet)?;
        let Some(Value::Array(entries)) = set.get_mut("keys").map(Value::take) else { return Err(JwksError::NotASet) };
        if entries.len() > limits::JWKS_KEYS_COUNT {
            return Err(JwksError::TooManyKeys);
        }
        let mut keys = Vec::with_capacity(entries.len());
        let mut kids = BTreeSet::new();
        for (index, entry) in entries.into_iter().enumerate() {
            let Some(key) = read(index, entry)? else { continue };
            if key.kid.as_ref().is_some_and(|kid| !kids.insert(kid.clone())) {
                return Err(JwksError::DuplicateKid { index });
            }
            keys.push(key);
        }
        if keys.is_empty() { Err(JwksError::NoUsableKey) } else { Ok(Self { keys }) }
    }
}

/// One key; `None` for a key that is not for us.
fn read(index: usize, entry: Value) -> Result<Option<ClientKey>, JwksError> {
    let members = entry.as_object().ok_or(JwksError::NotASet)?;
    if let Some(member) = PRIVATE_MEMBERS.into_iter().find(|member| members.contains_key(*member)) {
        return Err(JwksError::PrivateKey { index, member });
    }
    let known = matches!(
        (members.get("kty").and_then(Value::as_str), members.get("crv").and_then(Value::as_str)),
        (Some("RSA"), _) | (Some("EC"), Some("P-256")) | (Some("OKP"), Some("Ed25519"))
    );
    let invalid = || JwksError::InvalidKey { index };
    let jwk: Jwk = serde_json::from_value(entry).map_err(|_| invalid())?;
    if !known || !is_for_signatures(&jwk) {
        return Ok(None);
    }
    let alg = kind(&jwk).ok_or_else(invalid)?;
    if jwk.common.key_algorithm.is_some_and(|named| named != KeyAlgorithm::from(alg::to_jwt(alg))) {
        // PS256, for example: known to RSA, not to us
        return Ok(None);
    }
    let key = DecodingKey::from_jwk(&jwk).map_err(|_| invalid())?;
    check(index, alg, &key)?;
    Ok(Some(ClientKey { kid: jwk.common.key_id, alg, key }))
}

/// RFC 7517 §4.2 and §4.3.
fn is_for_signatures(jwk: &Jwk) -> bool {
    let used = jwk.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
    let operated = jwk.common.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify));
    used && operated
}

/// The one algorithm a kind of key is for here.
fn kind(jwk: &Jwk) -> Option<SigningAlg> {
    match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => Some(SigningAlg::Rs256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Some(SigningAlg::Es256),
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Some(SigningAlg::EdDsa),
        _ => None,
    }
}

/// Whether aws-lc takes the key: sizes, exponents, points on the curve.
fn check(index: usize, alg: SigningAlg, key: &DecodingKey) -> Result<(), JwksError> {
    let invalid = || JwksError::InvalidKey { index };
    match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            if bits(n) < RSA_MIN_BITS {
                return Err(JwksError::WeakRsa { index, bits: bits(n) });
            }
            // aws-lc looks at neither before the first verification
            if bits(n) > RSA_MAX_BITS || !RSA_EXPONENT_BITS.contains(&bits(e)) || !is_odd(n) || !is_odd(e) {
                return Err(invalid());
            }
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).map_err(|_| invalid())?;
        }
        DecodingKeyKind::SecretOrDer(bytes) => {
            ParsedPublicKey::new(alg::verification(alg), bytes).map_err(|_| invalid())?;
        }
    }
    Ok(())
}

/// Whether a big-endian number is odd, as moduli and exponents are.
fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte & 1 == 1)
}

/// The bits of a big-endian number.
fn bits(number: &[u8]) -> usize {
    let significant = number.iter().skip_while(|byte| **byte == 0).count();
    let leading = number.iter().find(|byte| **byte != 0).map_or(0, |byte| byte.leading_zeros() as usize);
    significant * 8 - leading
}

impl fmt::Debug for ClientJwks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| (&key.kid, key.alg))).finish()
    }
}

#[cfg(test)]
mod tests;
