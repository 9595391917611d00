//! What an attacker, or an honest client with another library, could send: tokens made without this package's signer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::profile::SigningAlg;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;

use crate::{alg, testing};

/// A token signed by jsonwebtoken with the fixture key of an algorithm and any header.
pub(crate) fn signed(alg: SigningAlg, claims: &Value, header: impl FnOnce(&mut Header)) -> String {
    let mut head = Header::new(alg::to_jwt(alg));
    header(&mut head);
    jsonwebtoken::encode(&head, claims, &private(alg)).expect("jsonwebtoken signs")
}

/// A token with a header of raw JSON, signed with the fixture key of an algorithm.
pub(crate) fn signed_raw(alg: SigningAlg, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &private(alg), alg::to_jwt(alg)).expect("jsonwebtoken signs");
    format!("{signed}.{signature}")
}

/// A token without a signature.
pub(crate) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}.", part(header), part(claims))
}

/// A token signed with HMAC under a "secret" everybody knows.
pub(crate) fn hmac(secret: &[u8], claims: &Value, header: impl FnOnce(&mut Header)) -> String {
    let mut head = Header::new(Algorithm::HS256);
    header(&mut head);
    jsonwebtoken::encode(&head, claims, &EncodingKey::from_secret(secret)).expect("jsonwebtoken signs")
}

/// The public key of an algorithm in the forms an attacker would try as an HMAC secret.
pub(crate) fn public_forms(alg: SigningAlg) -> Vec<Vec<u8>> {
    let pkcs8 = crate::pem::decode(testing::private_pem(alg)).expect("a fixture");
    let pair = crate::pair::Pair::from_pkcs8(alg, &pkcs8).expect("a fixture");
    let jwk = crate::jwk::to_json(&pair, "k").expect("a JWK");
    let members: Value = serde_json::from_str(&jwk).expect("is JSON");
    let texts = ["n", "x", "y"].into_iter().filter_map(|member| members[member].as_str());
    let decoded = texts.clone().map(|text| URL_SAFE_NO_PAD.decode(text).expect("is base64url"));
    let mut forms: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).chain(decoded).collect();
    forms.extend([pair.public_bytes().to_vec(), jwk.into_bytes()]);
    forms
}

fn private(alg: SigningAlg) -> EncodingKey {
    let pem = testing::private_pem(alg).as_bytes();
    match alg {
        SigningAlg::Rs256 => EncodingKey::from_rsa_pem(pem),
        SigningAlg::Es256 => EncodingKey::from_ec_pem(pem),
        SigningAlg::EdDsa => EncodingKey::from_ed_pem(pem),
    }
    .expect("a fixture")
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}
