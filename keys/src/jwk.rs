//! Public keys as JWKs (RFC 7517).

use idp_domain::profile::SigningAlg;
use jsonwebtoken::{
    DecodingKey,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};

use crate::{alg, error::KeyError, pair::Pair};

/// The public half with `alg` and `use: "sig"`, but no `kid`. Built from the public bytes alone, so no private member
/// can slip in.
fn public(pair: &Pair) -> Result<Jwk, KeyError> {
    let bytes = pair.public_bytes();
    let key = match pair.alg() {
        SigningAlg::Rs256 => DecodingKey::from_rsa_der(bytes),
        SigningAlg::Es256 => DecodingKey::from_ec_der(bytes),
        SigningAlg::EdDsa => DecodingKey::from_ed_der(bytes),
    };
    let mut jwk = Jwk::from_decoding_key(&key, Some(alg::to_jwt(pair.alg()))).map_err(|error| KeyError::Jwk(error.into()))?;
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

/// The public half as JSON, with `kid`, `alg` and `use`.
pub(crate) fn to_json(pair: &Pair, kid: &str) -> Result<String, KeyError> {
    let mut jwk = public(pair)?;
    jwk.common.key_id = Some(kid.to_owned());
    Ok(serde_json::to_string(&jwk)?)
}

/// The key's SHA-256 thumbprint (RFC 7638).
pub(crate) fn thumbprint(pair: &Pair) -> Result<String, KeyError> {
    public(pair)?.thumbprint(ThumbprintHash::SHA256).map_err(|error| KeyError::Jwk(error.into()))
}

/// Whether a JWK in JSON holds this key's public half, whatever its other members and their order.
pub(crate) fn is_of(pair: &Pair, json: &str) -> Result<bool, KeyError> {
    let ours = public(pair)?.algorithm;
    Ok(serde_json::from_str::<Jwk>(json).is_ok_and(|stored| stored.algorithm == ours))
}

/// A JWK set of keys in JSON (RFC 7517 §5).
pub(crate) fn set(keys: &[String]) -> String {
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}
