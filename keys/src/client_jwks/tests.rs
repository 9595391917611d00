use serde_json::json;

use super::*;
use crate::{assertion::AssertionSigner, testing};

/// The public JWK of a fixture.
fn jwk(alg: SigningAlg) -> Value {
    let signer = AssertionSigner::from_pem(testing::private_pem(alg)).expect("a fixture");
    let mut set: Value = serde_json::from_str(&signer.public_jwks().expect("exports")).expect("is JSON");
    set["keys"][0].take()
}

fn with(mut jwk: Value, member: &str, value: impl Into<Value>) -> Value {
    jwk[member] = value.into();
    jwk
}

fn without(mut jwk: Value, member: &str) -> Value {
    jwk.as_object_mut().expect("an object").remove(member);
    jwk
}

fn parse(keys: &[Value]) -> Result<ClientJwks, JwksError> {
    ClientJwks::parse(&json!({ "keys": keys }).to_string())
}

fn refusal(keys: &[Value]) -> JwksError {
    parse(keys).expect_err("refused")
}

#[test]
fn the_three_kinds_are_read_with_and_without_optional_members() {
    let bare = SigningAlg::ALL.map(|alg| ["kid", "alg", "use"].into_iter().fold(jwk(alg), without));
    for keys in [SigningAlg::ALL.map(jwk), bare] {
        let set = parse(&keys).expect("registers");
        assert_eq!(set.keys.iter().map(|key| key.alg).collect::<Vec<_>>(), SigningAlg::ALL);
    }
}

#[test]
fn a_private_or_symmetric_key_is_refused_and_named_as_exposed() {
    for alg in SigningAlg::ALL {
        for member in PRIVATE_MEMBERS {
            let refused = refusal(&[jwk(SigningAlg::EdDsa), with(jwk(alg), member, "AA")]);
            assert_eq!(refused, JwksError::PrivateKey { index: 1, member });
        }
    }
    assert!(matches!(refusal(&[json!({ "kty": "oct", "k": "AA", "alg": "HS256" })]), JwksError::PrivateKey { .. }));
}

#[test]
fn a_short_rsa_key_is_refused_with_its_size() {
    let hex = include_str!("../../fixtures/weak_rsa_modulus.hex").trim();
    let modulus: Vec<u8> = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect();
    let encode = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
    assert_eq!(refusal(&[with(jwk(SigningAlg::Rs256), "n", encode(&modulus))]), JwksError::WeakRsa { index: 0, bits: 1024 });
    // zeros in front make no key longer
    let padded = [vec![0; 128], modulus].concat();
    assert_eq!(refusal(&[with(jwk(SigningAlg::Rs256), "n", encode(&padded))]), JwksError::WeakRsa { index: 0, bits: 1024 });
}

#[test]
fn a_key_that_is_none_is_refused() {
    let keys = [
        with(jwk(SigningAlg::Es256), "x", "AA"),
        // on no curve
        with(jwk(SigningAlg::Es256), "x", jwk(SigningAlg::EdDsa)["x"].clone()),
        without(jwk(SigningAlg::Es256), "y"),
        with(jwk(SigningAlg::EdDsa), "x", "AA"),
        with(jwk(SigningAlg::EdDsa), "x", "not base64url!"),
        with(jwk(SigningAlg::EdDsa), "x", 7),
        with(jwk(SigningAlg::Rs256), "e", ""),
        // 1 and 2 are no exponents
        with(jwk(SigningAlg::Rs256), "e", "AQ"),
        with(jwk(SigningAlg::Rs256), "e", "Ag"),
        without(jwk(SigningAlg::Rs256), "n"),
        with(jwk(SigningAlg::Rs256), "kid", 7),
    ];
    for key in keys {
        assert_eq!(refusal(std::slice::from_ref(&key)), JwksError::InvalidKey { index: 0 }, "{key}");
    }
}

#[test]
fn keys_for_other_uses_are_skipped_and_a_set_of_only_those_is_refused() {
    let others = [
        with(jwk(SigningAlg::Rs256), "use", "enc"),
        with(jwk(SigningAlg::Rs256), "alg", "PS256"),
        with(jwk(SigningAlg::Rs256), "alg", "RSA-OAEP-256"),
        // a lie that must not be believed
        with(jwk(SigningAlg::Rs256), "alg", "HS256"),
        with(jwk(SigningAlg::Rs256), "alg", "EdDSA"),
        with(without(jwk(SigningAlg::Es256), "use"), "key_ops", json!(["deriveKey"])),
        with(with(jwk(SigningAlg::Es256), "crv", "P-384"), "alg", "ES384"),
        with(jwk(SigningAlg::EdDsa), "crv", "X25519"),
        json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AA" }),
    ];
    for other in others {
        assert_eq!(refusal(std::slice::from_ref(&other)), JwksError::NoUsableKey, "{other}");
        let set = parse(&[other, with(jwk(SigningAlg::EdDsa), "kid", "good")]).expect("the other key counts");
        assert_eq!(set.keys.len(), 1);
    }
}

#[test]
fn what_is_no_set_is_refused() {
    for text in ["", "hola", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":null}"#, r#"{"keys":[1]}"#] {
        assert_eq!(ClientJwks::parse(text).expect_err("refused"), JwksError::NotASet, "{text}");
    }
    assert_eq!(refusal(&[]), JwksError::NoUsableKey);
}

#[test]
fn two_keys_with_one_kid_are_refused() {
    assert_eq!(refusal(&[jwk(SigningAlg::EdDsa), jwk(SigningAlg::EdDsa)]), JwksError::DuplicateKid { index: 1 });
}

#[test]
fn the_limits_are_those_of_the_table() {
    let many = |count: usize| -> Vec<Value> { (0..count).map(|kid| with(jwk(SigningAlg::EdDsa), "kid", kid.to_string())).collect() };
    assert_eq!(parse(&many(limits::JWKS_KEYS_COUNT)).expect("registers").keys.len(), limits::JWKS_KEYS_COUNT);
    assert_eq!(refusal(&many(limits::JWKS_KEYS_COUNT + 1)), JwksError::TooManyKeys);
    assert_eq!(ClientJwks::parse(&" ".repeat(limits::JWKS + 1)).expect_err("refused"), JwksError::TooLong);
}
