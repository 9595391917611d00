use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{assertion::AssertionSigner, forge, testing};
use idp_domain::profile::SigningAlg;

const ISSUER: &str = "https://id.example.cat";

fn claims() -> Value {
    json!({ "iss": "c1", "sub": "c1", "aud": ISSUER, "exp": 1_700_000_060, "iat": 1_700_000_000, "jti": "j1" })
}

fn public(alg: SigningAlg, kid: Option<&str>) -> Value {
    let signer = AssertionSigner::from_pem(testing::private_pem(alg)).expect("a fixture");
    let mut set: Value = serde_json::from_str(&signer.public_jwks().expect("exports")).expect("is JSON");
    let mut jwk = set["keys"][0].take();
    match kid {
        Some(kid) => jwk["kid"] = kid.into(),
        None => drop(jwk.as_object_mut().expect("an object").remove("kid")),
    }
    jwk
}

fn registered(keys: &[Value]) -> ClientJwks {
    ClientJwks::parse(&json!({ "keys": keys }).to_string()).expect("registers")
}

fn assertion(claims: &Value) -> String {
    forge::signed(SigningAlg::EdDsa, claims, |_| {})
}

fn refusal(claims: &Value) -> Option<AssertionError> {
    registered(&[public(SigningAlg::EdDsa, None)]).verify(&assertion(claims)).err()
}

#[test]
fn assertions_of_another_library_verify_for_every_algorithm() {
    for alg in SigningAlg::ALL {
        let verified = registered(&[public(alg, Some("k1"))]).verify(&forge::signed(alg, &claims(), |head| head.kid = Some("k1".into())));
        let verified = verified.expect("verifies");
        assert_eq!((verified.iss.as_str(), verified.sub.as_str(), verified.jti.as_deref()), ("c1", "c1", Some("j1")));
        assert_eq!((verified.exp, verified.iat), (Timestamp::from_seconds(1_700_000_060), Some(Timestamp::from_seconds(1_700_000_000))));
        assert_eq!((verified.typ.as_deref(), verified.nbf), (Some("JWT"), None));
    }
}

#[test]
fn the_key_is_the_one_named_or_the_only_one_that_fits() {
    let two =
        registered(&[public(SigningAlg::EdDsa, Some("a")), public(SigningAlg::EdDsa, Some("b")), public(SigningAlg::Es256, Some("c"))]);
    let named = |kid: Option<&str>| two.verify(&forge::signed(SigningAlg::EdDsa, &claims(), |head| head.kid = kid.map(Into::into))).err();
    assert_eq!(named(Some("a")), None);
    assert_eq!(named(Some("b")), None);
    assert_eq!(named(Some("c")), Some(AssertionError::UnknownKey), "a key of another algorithm");
    assert_eq!(named(Some("d")), Some(AssertionError::UnknownKey));
    assert_eq!(named(None), Some(AssertionError::AmbiguousKey));
    assert_eq!(two.verify(&forge::signed(SigningAlg::Es256, &claims(), |_| {})).err(), None, "the only ES256 key");
    assert_eq!(two.verify(&forge::signed(SigningAlg::Rs256, &claims(), |_| {})).err(), Some(AssertionError::UnknownKey));
}

#[test]
fn none_and_hmac_under_the_public_key_are_refused() {
    for alg in SigningAlg::ALL {
        let keys = registered(&[public(alg, Some("k1"))]);
        for none in ["none", "nOnE", ""] {
            let token = forge::unsigned(&json!({ "alg": none, "kid": "k1" }), &claims());
            assert_eq!(keys.verify(&token).err(), Some(AssertionError::UnsupportedAlgorithm), "{none}");
        }
        let unsigned = forge::unsigned(&json!({ "alg": alg.as_str(), "kid": "k1" }), &claims());
        assert_eq!(keys.verify(&unsigned).err(), Some(AssertionError::BadSignature));
        for secret in forge::public_forms(alg) {
            let token = forge::hmac(&secret, &claims(), |head| head.kid = Some("k1".into()));
            assert_eq!(keys.verify(&token).err(), Some(AssertionError::UnsupportedAlgorithm));
        }
    }
}

#[test]
fn a_key_brought_along_in_the_header_is_not_used() {
    let stranger = AssertionSigner::generate(SigningAlg::EdDsa).expect("generates");
    let keys = ClientJwks::parse(&stranger.public_jwks().expect("exports")).expect("registers");
    let head = json!({ "alg": "EdDSA", "jwk": public(SigningAlg::EdDsa, None), "jku": "https://evil.example/jwks" });
    assert_eq!(keys.verify(&forge::signed_raw(SigningAlg::EdDsa, &head, &claims())).err(), Some(AssertionError::BadSignature));
}

#[test]
fn critical_headers_are_refused() {
    let head = json!({ "alg": "EdDSA", "crit": ["b64"], "b64": false });
    let keys = registered(&[public(SigningAlg::EdDsa, None)]);
    assert_eq!(keys.verify(&forge::signed_raw(SigningAlg::EdDsa, &head, &claims())).err(), Some(AssertionError::CriticalHeader));
}

#[test]
fn the_audience_keeps_the_shape_it_was_written_in() {
    let keys = registered(&[public(SigningAlg::EdDsa, None)]);
    let audience = |aud: Value| {
        let mut claims = claims();
        claims["aud"] = aud;
        keys.verify(&assertion(&claims)).map(|verified| verified.aud)
    };
    assert_eq!(audience(json!(ISSUER)), Ok(Audience::One(ISSUER.into())));
    assert_eq!(audience(json!([ISSUER])), Ok(Audience::Many(vec![ISSUER.into()])));
    let both = audience(json!([ISSUER, "https://other.example"])).expect("verifies");
    assert!(!both.is_only(ISSUER));
    assert!(audience(json!(ISSUER)).is_ok_and(|aud| aud.is_only(ISSUER) && !aud.is_only("https://id.example.cat/")));
    assert!(audience(json!([ISSUER])).is_ok_and(|aud| aud.is_only(ISSUER)));
    for wrong in [json!(7), json!(null), json!({}), json!([7])] {
        assert_eq!(audience(wrong), Err(AssertionError::Claims));
    }
}

#[test]
fn missing_and_mistyped_claims_are_refused() {
    for claim in ["iss", "sub", "aud", "exp"] {
        let mut claims = claims();
        claims.as_object_mut().expect("an object").remove(claim);
        assert_eq!(refusal(&claims), Some(AssertionError::Claims), "no {claim}");
    }
    for (claim, value) in
        [("exp", json!("1700000060")), ("iat", json!(true)), ("nbf", json!([])), ("jti", json!(7)), ("sub", json!(["c1"]))]
    {
        let mut claims = claims();
        claims[claim] = value;
        assert_eq!(refusal(&claims), Some(AssertionError::Claims), "{claim}");
    }
    assert_eq!(refusal(&json!(["iss"])), Some(AssertionError::Claims));
}

#[test]
fn times_may_carry_fractions_and_are_not_judged() {
    let keys = registered(&[public(SigningAlg::EdDsa, None)]);
    for (exp, seconds) in [(json!(1), 1), (json!(1_700_000_000.75), 1_700_000_000), (json!(-5), -5), (json!(1e300), i64::MAX)] {
        let mut claims = claims();
        claims["exp"] = exp;
        assert_eq!(keys.verify(&assertion(&claims)).expect("verifies").exp, Timestamp::from_seconds(seconds));
    }
}

#[test]
fn the_claimed_client_is_read_without_any_key() {
    assert_eq!(claimed_client(&assertion(&claims())), Ok("c1".to_owned()));
    assert_eq!(claimed_client(&assertion(&json!({ "iss": "c1" }))), Err(AssertionError::Claims));
    assert_eq!(claimed_client("hola"), Err(AssertionError::Malformed));
    assert_eq!(claimed_client(&"a".repeat(limits::JWT + 1)), Err(AssertionError::TooLong));
}

proptest! {
    #[test]
    fn an_assertion_with_one_changed_character_never_verifies(
        at: prop::sample::Index,
        with in prop::sample::select(b"ABCXYZabcxyz0189-_.".to_vec()),
        alg in prop::sample::select(SigningAlg::ALL.to_vec()),
    ) {
        let keys = registered(&[public(alg, None)]);
        let mut token = forge::signed(alg, &claims(), |_| {}).into_bytes();
        let at = at.index(token.len());
        prop_assume!(token[at] != with);
        token[at] = with;
        prop_assert!(keys.verify(&String::from_utf8(token).expect("ASCII")).is_err());
    }

    #[test]
    fn any_text_is_verified_without_panic(text in ".{0,200}") {
        prop_assert!(registered(&[public(SigningAlg::EdDsa, None)]).verify(&text).is_err());
        prop_assert!(claimed_client(&text).is_err());
    }
}
