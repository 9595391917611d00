//! What the provider says when a session ends.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, World},
    provider::{CLIENT_ID, Key, NOW},
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The claims of a good logout token, with `changes` over them; `null` removes.
fn claims(world: &World, changes: &Value) -> Value {
    let mut claims = json!({
        "iss": world.provider.issuer, "aud": CLIENT_ID, "iat": NOW, "exp": NOW + 120, "jti": "token-1",
        "events": { EVENT: {} }, "sid": "session-1", "sub": "s-maria",
    });
    let (Some(map), Some(changes)) = (claims.as_object_mut(), changes.as_object()) else { unreachable!("both are objects") };
    for (name, value) in changes {
        map.insert(name.clone(), value.clone());
    }
    map.retain(|_, value| !value.is_null());
    claims
}

fn header(changes: &Value) -> Value {
    let mut header = json!({ "alg": "EdDSA", "kid": "first", "typ": "logout+jwt" });
    let (Some(map), Some(changes)) = (header.as_object_mut(), changes.as_object()) else { unreachable!("both are objects") };
    for (name, value) in changes {
        map.insert(name.clone(), value.clone());
    }
    map.retain(|_, value| !value.is_null());
    header
}

async fn tell(world: &World, token: &str) -> Answer {
    let answer = world.browser().post("/backchannel-logout", "cross-site", &[("logout_token", token)]).await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    answer
}

fn signed(world: &World, header_changes: &Value, claim_changes: &Value) -> String {
    world.provider.facts().key.sign(&header(header_changes), &claims(world, claim_changes))
}

#[tokio::test]
async fn a_session_the_provider_ends_is_over_and_the_page_says_so() {
    let world = World::start().await;
    let (mut maria, mut also_maria) = (world.maria().await, world.browser());
    world.provider.facts().spoil = json!({ "sid": "session-2" });
    let back = also_maria.ask(&world.provider).await;
    also_maria.get(&back).await;
    let token = signed(&world, &json!({}), &json!({}));
    let answer = tell(&world, &token).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    let page = maria.get("/").await.body;
    assert!(page.contains("El proveïdor ha tancat la teva sessió") && !page.contains("Rosell"), "{page}");
    assert!(also_maria.get("/").await.body.contains("Hola, Maria"), "another session of hers goes on");
}

#[tokio::test]
async fn a_token_without_a_session_ends_all_sessions_of_the_person() {
    let world = World::start().await;
    let mut browsers = [world.maria().await, world.maria().await];
    let stranger = signed(&world, &json!({}), &json!({ "sid": null, "sub": "s-another" }));
    assert_eq!(tell(&world, &stranger).await.status, StatusCode::OK, "nobody is signed in by that name, which is fine");
    assert!(browsers[0].get("/").await.body.contains("Hola, Maria"));
    let token = signed(&world, &json!({}), &json!({ "sid": null, "jti": "token-2" }));
    assert_eq!(tell(&world, &token).await.status, StatusCode::OK);
    for browser in &mut browsers {
        assert!(browser.get("/").await.body.contains("El proveïdor ha tancat la teva sessió"));
    }
}

#[tokio::test]
async fn a_token_works_once() {
    let world = World::start().await;
    let token = signed(&world, &json!({}), &json!({}));
    assert_eq!(tell(&world, &token).await.status, StatusCode::OK);
    let mut maria = world.maria().await;
    let again = tell(&world, &token).await;
    assert!(again.status == StatusCode::BAD_REQUEST && again.body.contains("received before"), "{}", again.body);
    assert!(maria.get("/").await.body.contains("Hola, Maria"));
}

#[tokio::test]
async fn a_token_with_any_flaw_ends_nothing() {
    let world = World::start().await;
    let mut maria = world.maria().await;
    let none = json!({});
    let good = |header: Value, claims: Value| signed(&world, &header, &claims);
    let stranger = Key::new("first");
    let flawed = [
        ("another typ", good(json!({ "typ": "JWT" }), none.clone()), "`typ`"),
        ("no typ", good(json!({ "typ": null }), none.clone()), "`typ`"),
        ("an extension", good(json!({ "crit": ["x"] }), none.clone()), "extensions"),
        ("no signature algorithm", good(json!({ "alg": "none" }), none.clone()), "`alg`"),
        ("a shared secret", good(json!({ "alg": "HS256" }), none.clone()), "`alg`"),
        ("another algorithm", good(json!({ "alg": "RS256" }), none.clone()), "signature"),
        ("an unknown key", good(json!({ "kid": "other" }), none.clone()), "not published"),
        ("no key", good(json!({ "kid": null }), none.clone()), "not published"),
        ("somebody else's key", stranger.sign(&header(&none), &claims(&world, &none)), "signature"),
        ("another issuer", good(none.clone(), json!({ "iss": "http://127.0.0.1:1" })), "`iss`"),
        ("another audience", good(none.clone(), json!({ "aud": "other" })), "`aud`"),
        ("two audiences", good(none.clone(), json!({ "aud": [CLIENT_ID, "other"] })), "`aud`"),
        ("no iat", good(none.clone(), json!({ "iat": null })), "`iat`"),
        ("from the future", good(none.clone(), json!({ "iat": NOW + 3600 })), "`iat`"),
        ("expired", good(none.clone(), json!({ "exp": NOW - 3600 })), "expired"),
        ("no exp", good(none.clone(), json!({ "exp": null })), "expired"),
        ("exp as text", good(none.clone(), json!({ "exp": "soon" })), "not a signed JWT"),
        ("no jti", good(none.clone(), json!({ "jti": null })), "`jti`"),
        ("no events", good(none.clone(), json!({ "events": null })), "`events`"),
        ("other events", good(none.clone(), json!({ "events": { "http://other": {} } })), "`events`"),
        ("an event that is no object", good(none.clone(), json!({ "events": { EVENT: true } })), "`events`"),
        ("a nonce", good(none.clone(), json!({ "nonce": "n" })), "nonce"),
        ("nobody", good(none.clone(), json!({ "sid": null, "sub": null })), "neither"),
        ("no JWT", "a.b.c".to_owned(), "not a signed JWT"),
        ("five parts", "a.b.c.d.e".to_owned(), "not a signed JWT"),
        ("far too long", "a".repeat(20_000), "not a signed JWT"),
    ];
    for (flaw, token, words) in flawed {
        let answer = tell(&world, &token).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{flaw}");
        assert!(answer.body.contains(words) && answer.body.contains("invalid_request"), "{flaw}: {}", answer.body);
    }
    assert!(maria.get("/").await.body.contains("Hola, Maria"));
    // sid and sub must both be hers
    let mixed = good(none.clone(), json!({ "sub": "s-another" }));
    assert_eq!(tell(&world, &mixed).await.status, StatusCode::OK);
    assert!(maria.get("/").await.body.contains("Hola, Maria"));
}

#[tokio::test]
async fn only_a_form_with_one_token_is_read() {
    let world = World::start().await;
    let token = signed(&world, &json!({}), &json!({}));
    let mut provider = world.browser();
    for form in [vec![], vec![("logout_token", token.as_str()), ("logout_token", token.as_str())]] {
        assert_eq!(provider.post("/backchannel-logout", "cross-site", &form).await.status, StatusCode::BAD_REQUEST);
    }
    let large = "x".repeat(70 * 1024);
    assert_eq!(provider.post("/backchannel-logout", "cross-site", &[("logout_token", &large)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_token_signed_by_a_new_key_makes_mirador_fetch_the_keys() {
    let world = World::start().await;
    let mut maria = world.maria().await;
    world.pass(11);
    world.provider.rotate("second", true);
    let token = signed(&world, &json!({ "kid": "second" }), &json!({}));
    assert_eq!(tell(&world, &token).await.status, StatusCode::OK);
    assert!(maria.get("/").await.body.contains("El proveïdor ha tancat"));
}
