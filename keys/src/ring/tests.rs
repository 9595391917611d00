use std::sync::LazyLock;

use idp_domain::{Ttl, limits};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, jwk::JwkSet};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{alg, error::VerifyError, forge, rotate::PlannedKey, testing};

const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);
/// Opened once: RSA keys take a while to check.
static RING: LazyLock<KeyRing> = LazyLock::new(|| testing::ring(NOW));
const PURPOSES: [Purpose; 3] = [Purpose::IdToken, Purpose::AccessToken, Purpose::LogoutToken];

fn pairs() -> impl Iterator<Item = (Purpose, SigningAlg)> {
    PURPOSES.into_iter().flat_map(|purpose| SigningAlg::ALL.map(|alg| (purpose, alg)))
}

fn claims() -> Value {
    json!({ "iss": "https://id.example.cat", "sub": "p1", "aud": "mirador", "exp": 1, "groups": ["cc_ateneu"], "name": "Núria · «Ç»" })
}

fn header(purpose: Purpose, alg: SigningAlg) -> Value {
    json!({ "typ": purpose.typ(), "alg": alg.as_str(), "kid": testing::kid(purpose, alg) })
}

/// What is refused when it is verified is refused when it should be recognised, the first time and the next.
fn refusal(ring: &KeyRing, token: &str) -> Option<VerifyError> {
    let refusal = ring.verify::<Value>(token, &Purpose::ALL).err();
    for _ in 0..2 {
        assert_eq!(ring.recognise::<Value>(token, &Purpose::ALL).err(), refusal, "{token}");
    }
    refusal
}

#[test]
fn a_second_implementation_verifies_every_token_with_the_published_set_alone() {
    let set: JwkSet = serde_json::from_str(&RING.jwks_json()).expect("a JWK set");
    for (purpose, alg) in pairs() {
        let token = RING.sign(purpose, alg, &claims()).expect("signs");
        let head = jsonwebtoken::decode_header(&token).expect("a header");
        assert_eq!((head.typ.as_deref(), head.alg), (Some(purpose.typ()), alg::to_jwt(alg)));
        let jwk = set.find(&head.kid.expect("a kid")).expect("is published");
        let mut validation = Validation::new(alg::to_jwt(alg));
        validation.validate_exp = false;
        validation.set_audience(&["mirador"]);
        let decoded = decode::<Value>(&token, &DecodingKey::from_jwk(jwk).expect("a key"), &validation).expect("verifies");
        assert_eq!(decoded.claims, claims());
    }
}

#[test]
fn the_ring_verifies_its_own_tokens_also_expired_ones() {
    for (purpose, alg) in pairs() {
        let token = RING.sign(purpose, alg, &claims()).expect("signs");
        let verified = RING.verify::<Value>(&token, &[purpose]).expect("verifies");
        assert_eq!(verified, Verified { claims: claims(), purpose, alg });
    }
}

#[test]
fn a_token_that_comes_again_is_recognised_by_any_ring_with_its_key() {
    let another = testing::ring(NOW);
    for (purpose, alg) in pairs() {
        let token = RING.sign(purpose, alg, &claims()).expect("signs");
        for ring in [&*RING, &another, &another] {
            let recognised = ring.recognise::<Value>(&token, &[purpose]).expect("verifies");
            assert_eq!(recognised, Verified { claims: claims(), purpose, alg });
        }
    }
}

#[test]
fn a_token_that_was_recognised_is_still_refused_where_another_purpose_is_expected() {
    for alg in SigningAlg::ALL {
        let token = RING.sign(Purpose::AccessToken, alg, &claims()).expect("signs");
        RING.recognise::<Value>(&token, &[Purpose::AccessToken]).expect("verifies");
        let refusal = RING.recognise::<Value>(&token, &[Purpose::IdToken, Purpose::LogoutToken]);
        assert_eq!(refusal.expect_err("refused"), VerifyError::WrongPurpose);
    }
}

#[test]
fn tokens_of_another_library_with_our_key_and_our_header_verify_too() {
    for (purpose, alg) in pairs() {
        let token = forge::signed_raw(alg, &header(purpose, alg), &claims());
        assert_eq!(RING.verify::<Value>(&token, &[purpose]).expect("verifies").claims, claims());
    }
}

#[test]
fn a_token_of_another_purpose_is_refused() {
    for (purpose, alg) in pairs() {
        let token = RING.sign(purpose, alg, &claims()).expect("signs");
        let others: Vec<_> = Purpose::ALL.into_iter().filter(|other| *other != purpose).collect();
        assert_eq!(RING.verify::<Value>(&token, &others).err(), Some(VerifyError::WrongPurpose));
        assert_eq!(RING.verify::<Value>(&token, &[]).err(), Some(VerifyError::WrongPurpose));
    }
}

#[test]
fn a_token_without_a_signature_or_with_none_as_algorithm_is_refused() {
    for (purpose, alg) in pairs() {
        let kid = testing::kid(purpose, alg);
        for none in ["none", "None", "NONE", ""] {
            let head = json!({ "typ": purpose.typ(), "alg": none, "kid": kid });
            assert_eq!(refusal(&RING, &forge::unsigned(&head, &claims())), Some(VerifyError::WrongAlgorithm));
        }
        assert_eq!(refusal(&RING, &forge::unsigned(&header(purpose, alg), &claims())), Some(VerifyError::BadSignature));
        let token = RING.sign(purpose, alg, &claims()).expect("signs");
        let (signed, _) = token.rsplit_once('.').expect("three parts");
        assert_eq!(refusal(&RING, &format!("{signed}.")), Some(VerifyError::BadSignature));
        assert_eq!(refusal(&RING, signed), Some(VerifyError::Malformed));
    }
}

#[test]
fn a_token_signed_with_hmac_under_the_public_key_is_refused() {
    for (purpose, alg) in pairs() {
        for secret in forge::public_forms(alg) {
            let token = forge::hmac(&secret, &claims(), |head| {
                head.typ = Some(purpose.typ().into());
                head.kid = Some(testing::kid(purpose, alg));
            });
            assert_eq!(refusal(&RING, &token), Some(VerifyError::WrongAlgorithm));
            // the same bytes as a signature under the right name
            let (_, tag) = token.rsplit_once('.').expect("three parts");
            let renamed = format!("{}{tag}", forge::unsigned(&header(purpose, alg), &claims()));
            assert_eq!(refusal(&RING, &renamed), Some(VerifyError::BadSignature));
        }
    }
}

#[test]
fn the_algorithm_is_the_keys_and_not_the_headers() {
    for (purpose, alg) in pairs() {
        for other in SigningAlg::ALL.into_iter().filter(|other| *other != alg) {
            // signed by a key of the ring, under the name of another
            let mut head = header(purpose, other);
            head["kid"] = testing::kid(purpose, alg).into();
            assert_eq!(refusal(&RING, &forge::signed_raw(other, &head, &claims())), Some(VerifyError::WrongAlgorithm));
            let lying = header(purpose, alg);
            assert_eq!(refusal(&RING, &forge::signed_raw(other, &lying, &claims())), Some(VerifyError::BadSignature));
        }
    }
    let sibling = forge::signed(SigningAlg::Rs256, &claims(), |head| {
        head.typ = Some("JWT".into());
        head.kid = Some(testing::kid(Purpose::IdToken, SigningAlg::Rs256));
    });
    assert_eq!(refusal(&RING, &sibling), None, "the control verifies");
}

#[test]
fn the_type_is_the_purposes() {
    let alg = SigningAlg::EdDsa;
    for (purpose, typ) in
        [(Purpose::AccessToken, "JWT"), (Purpose::IdToken, "at+jwt"), (Purpose::LogoutToken, "JWT"), (Purpose::AccessToken, "AT+JWT")]
    {
        let mut head = header(purpose, alg);
        head["typ"] = typ.into();
        assert_eq!(refusal(&RING, &forge::signed_raw(alg, &head, &claims())), Some(VerifyError::WrongType));
    }
}

#[test]
fn a_header_that_brings_its_own_key_or_anything_else_is_refused_though_we_signed_it() {
    let alg = SigningAlg::Es256;
    let additions = [
        ("jwk", json!({ "kty": "oct", "k": "AA" })),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["AA"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ];
    for (member, value) in additions {
        let mut head = header(Purpose::IdToken, alg);
        head[member] = value;
        assert_eq!(refusal(&RING, &forge::signed_raw(alg, &head, &claims())), Some(VerifyError::Malformed), "{member}");
    }
    for member in ["typ", "alg", "kid"] {
        let mut head = header(Purpose::IdToken, alg);
        head.as_object_mut().expect("an object").remove(member);
        assert_eq!(refusal(&RING, &forge::signed_raw(alg, &head, &claims())), Some(VerifyError::Malformed), "no {member}");
    }
}

#[test]
fn what_is_no_compact_jws_is_refused_before_any_look_up() {
    let token = RING.sign(Purpose::IdToken, SigningAlg::EdDsa, &claims()).expect("signs");
    for text in ["", ".", "..", "...", "a.b.c", "e30.e30.e30", &format!("{token}.x.y"), &format!(" {token}"), &format!("{token}="), "ñ.ñ.ñ"]
    {
        assert_eq!(refusal(&RING, text), Some(VerifyError::Malformed), "{text}");
    }
    let long = format!("{token}{}", "A".repeat(limits::JWT));
    assert_eq!(refusal(&RING, &long), Some(VerifyError::TooLong));
}

#[test]
fn claims_of_another_shape_and_a_foreign_key_are_told_apart() {
    #[derive(Debug, serde::Deserialize)]
    struct Wanted {
        #[expect(dead_code, reason = "only its type matters")]
        sub: u64,
    }
    let token = RING.sign(Purpose::IdToken, SigningAlg::EdDsa, &claims()).expect("signs");
    assert_eq!(RING.verify::<Wanted>(&token, &[Purpose::IdToken]).err(), Some(VerifyError::Claims));
    let head = json!({ "typ": "JWT", "alg": "EdDSA", "kid": "somebody-elses" });
    assert_eq!(refusal(&RING, &forge::signed_raw(SigningAlg::EdDsa, &head, &claims())), Some(VerifyError::UnknownKey));
}

#[test]
fn the_published_set_names_kid_alg_and_use_and_nothing_private() {
    let set: Value = serde_json::from_str(&RING.jwks_json()).expect("is JSON");
    let keys = set["keys"].as_array().expect("an array");
    assert_eq!(keys.len(), 9);
    for key in keys {
        let members: Vec<&str> = key.as_object().expect("an object").keys().map(String::as_str).collect();
        let expected: &[&str] = match key["alg"].as_str() {
            Some("RS256") => &["alg", "e", "kid", "kty", "n", "use"],
            Some("ES256") => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            Some("EdDSA") => &["alg", "crv", "kid", "kty", "use", "x"],
            other => panic!("unexpected algorithm {other:?}"),
        };
        assert_eq!(sorted(members), expected);
        assert_eq!(key["use"], "sig");
    }
}

fn sorted(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names
}

#[test]
fn a_key_waits_signs_retires_and_goes_as_its_times_say() {
    let (purpose, alg) = (Purpose::IdToken, SigningAlg::EdDsa);
    let day = |days| NOW + Ttl::days(days);
    let mut old = testing::stored_key(PlannedKey { purpose, alg, activates_at: NOW }, "old", NOW);
    old.times.retires_at = Some(day(2));
    old.times.removed_at = Some(day(5));
    let new = testing::stored_key(PlannedKey { purpose, alg, activates_at: day(2) }, "new", NOW);
    let rows = [new, old];
    let at = |now| KeyRing::open(&rows, &testing::master_key(), now).expect("opens");
    let kid = |token: &str| jsonwebtoken::decode_header(token).expect("a header").kid.expect("a kid");
    let published = |ring: &KeyRing| ring.jwks_json().matches("\"kid\"").count();

    let first = at(NOW);
    let early = first.sign(purpose, alg, &claims()).expect("signs");
    assert_eq!((kid(&early).as_str(), published(&first), first.changes_at()), ("old", 2, Some(day(2))));

    let second = at(day(2));
    let late = second.sign(purpose, alg, &claims()).expect("signs");
    assert_eq!((kid(&late).as_str(), published(&second), second.changes_at()), ("new", 2, Some(day(5))));
    assert_eq!(refusal(&second, &early), None, "a retiring key still verifies");

    let third = at(day(5));
    assert_eq!((published(&third), third.changes_at()), (1, None));
    assert_eq!(refusal(&third, &early), Some(VerifyError::UnknownKey));
}

#[test]
fn a_revoked_key_neither_signs_nor_verifies_nor_stands_in_the_set() {
    let mut rows = testing::stored_keys(NOW);
    let token = RING.sign(Purpose::IdToken, SigningAlg::EdDsa, &claims()).expect("signs");
    RING.recognise::<Value>(&token, &[Purpose::IdToken]).expect("verifies until then");
    let revoked = testing::kid(Purpose::IdToken, SigningAlg::EdDsa);
    rows.iter_mut().find(|row| row.times.kid == revoked).expect("is there").times.revoked_at = Some(NOW);
    let ring = KeyRing::open(&rows, &testing::master_key(), NOW).expect("opens");
    assert_eq!(refusal(&ring, &token), Some(VerifyError::UnknownKey));
    assert!(!ring.jwks_json().contains(&revoked));
    let error = ring.sign(Purpose::IdToken, SigningAlg::EdDsa, &claims()).expect_err("nothing signs");
    assert!(matches!(error, KeyError::NoActiveKey { .. }));
    ring.sign(Purpose::AccessToken, SigningAlg::EdDsa, &claims()).expect("others still do");
}

#[test]
fn rows_of_another_cluster_moved_rows_and_planted_public_keys_are_refused() {
    let rows = testing::stored_keys(NOW);
    let open = |rows: &[StoredKey], master: &MasterKey| KeyRing::open(rows, master, NOW).expect_err("refused");
    assert!(matches!(open(&rows, &MasterKey::from_bytes([1; 32])), KeyError::Sealed { .. }));

    let mut moved = rows.clone();
    moved[0].times.kid = "another".into();
    assert!(matches!(open(&moved, &testing::master_key()), KeyError::Sealed { .. }));

    let mut planted = rows.clone();
    let foreign = StoredKey::generate(
        &PlannedKey { purpose: Purpose::IdToken, alg: SigningAlg::EdDsa, activates_at: NOW },
        StoredKey::kid([7; 8]),
        [0; 24],
        &testing::master_key(),
        NOW,
    );
    let of_eddsa = planted.iter_mut().find(|row| row.times.alg == SigningAlg::EdDsa).expect("is there");
    of_eddsa.public_jwk = foreign.expect("generates").public_jwk;
    assert!(matches!(open(&planted, &testing::master_key()), KeyError::PublicKeyDiffers { .. }));

    let mut relabelled = rows.clone();
    relabelled[0].times.alg = SigningAlg::EdDsa;
    assert!(matches!(open(&relabelled, &testing::master_key()), KeyError::Unreadable { .. }));

    let twice = [rows[0].clone(), rows[0].clone()];
    assert!(matches!(open(&twice, &testing::master_key()), KeyError::DuplicateKid { .. }));
}

#[test]
fn generated_rows_open_sign_and_verify_for_every_algorithm() {
    for (position, alg) in (0u8..).zip(SigningAlg::ALL) {
        let planned = PlannedKey { purpose: Purpose::AccessToken, alg, activates_at: NOW };
        let kid = StoredKey::kid([position; 8]);
        let row = StoredKey::generate(&planned, kid.clone(), [position; 24], &testing::master_key(), NOW).expect("generates");
        assert!(!format!("{row:?}").contains("sealed"), "debug shows no key");
        let ring = KeyRing::open(&[row], &testing::master_key(), NOW).expect("opens");
        let token = ring.sign(Purpose::AccessToken, alg, &claims()).expect("signs");
        assert_eq!(refusal(&ring, &token), None);
        assert!(ring.jwks_json().contains(&kid));
    }
}

#[test]
fn jsonwebtoken_agrees_that_no_token_of_ours_is_hmac() {
    let token = RING.sign(Purpose::IdToken, SigningAlg::EdDsa, &claims()).expect("signs");
    let wrong = decode::<Value>(&token, &DecodingKey::from_secret(b"x"), &Validation::new(Algorithm::HS256));
    assert!(wrong.is_err());
}

proptest! {
    #[test]
    fn a_token_with_one_changed_character_never_verifies(
        place in 0usize..9,
        at: prop::sample::Index,
        with in prop::sample::select(b"ABCXYZabcxyz0189-_.".to_vec()),
    ) {
        let (purpose, alg) = pairs().nth(place).expect("nine pairs");
        let mut token = RING.sign(purpose, alg, &claims()).expect("signs").into_bytes();
        let at = at.index(token.len());
        prop_assume!(token[at] != with);
        token[at] = with;
        prop_assert!(refusal(&RING, &String::from_utf8(token).expect("ASCII")).is_some());
    }

    #[test]
    fn any_text_is_verified_without_panic(text in "[ -~.]{0,200}") {
        prop_assert!(refusal(&RING, &text).is_some());
    }
}
