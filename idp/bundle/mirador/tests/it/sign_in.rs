//! Signing in and out.

use axum::http::{StatusCode, header};
use serde_json::json;
use url::Url;

use crate::{
    browser::{Answer, BASE, Browser, World, answered},
    provider::{NOW, Provider},
};

fn state_of(back: &str) -> String {
    let url = Url::parse(&format!("{BASE}{back}")).expect("it is a URL");
    url.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value.into_owned()).expect("there is a state")
}

#[tokio::test]
async fn the_provider_is_asked_with_pkce_state_nonce_and_the_readers_language() {
    let world = World::start().await;
    let mut browser = world.browser();
    browser.get("/?ui_locales=es").await;
    let answer = browser.get("/login").await;
    let url = Url::parse(answer.location()).expect("it is a URL");
    let question: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert!(answer.location().starts_with(&format!("{}/authorize?", world.provider.issuer)));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "mirador"),
        ("redirect_uri", "http://localhost:8082/callback"),
        ("scope", "openid profile email groups collectives services"),
        ("code_challenge_method", "S256"),
        ("ui_locales", "es"),
    ] {
        assert_eq!(question.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(["state", "nonce", "code_challenge"].iter().all(|name| question[*name].len() == 43));
}

#[tokio::test]
async fn whoever_signs_in_sees_every_claim_with_its_reason() {
    let world = World::start().await;
    let mut maria = world.maria().await;
    let page = maria.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Hola, Maria &lt;b&gt;Rosell&lt;/b&gt;",
        "cc_ateneu_managers",
        "5\u{a0}GB",
        "editora",
        "session-1",
        "EdDSA",
        "maria@exemple.cat",
        "pertànyer a un col·lectiu pot ser un fet polític",
        "àmbit groups",
        "àmbit collectives",
        "àmbit services",
        "&quot;email_verified&quot;: true",
    ] {
        assert!(page.body.contains(words), "{words}\n{}", page.body);
    }
    assert!(!page.body.contains("<b>Rosell"), "what the provider says is escaped");
    let spanish = maria.get("/?ui_locales=es").await.body;
    assert!(spanish.contains("Qué ha recibido Mirador") && maria.get("/").await.body.contains("Qué ha recibido Mirador"));
}

#[tokio::test]
async fn the_cookie_changes_at_sign_in_and_the_old_one_is_worth_nothing() {
    let world = World::start().await;
    let mut browser = world.browser();
    let back = browser.ask(&world.provider).await;
    let before = browser.cookies.clone();
    let answer = browser.get(&back).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("it is text");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    assert_ne!(before["mirador_session"], browser.cookies["mirador_session"]);
    let mut thief = world.browser();
    thief.cookies = before;
    assert!(thief.get("/").await.body.contains("Entra amb el teu compte"));
}

#[tokio::test]
async fn an_answer_works_once_and_only_in_the_browser_that_asked() {
    let world = World::start().await;
    let mut maria = world.browser();
    let back = maria.ask(&world.provider).await;
    let elsewhere = world.browser().get(&back).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
    assert!(elsewhere.body.contains("no es pot acabar aquí"));
    assert_eq!(maria.get(&back).await.status, StatusCode::SEE_OTHER);
    let again = maria.get(&back).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, "/"), "going back and forth does no harm");
}

async fn comes_back(browser: &mut Browser, world: &World, change: impl FnOnce(String) -> String) -> Answer {
    let back = browser.ask(&world.provider).await;
    let changed = change(back);
    browser.get(&changed).await
}

#[tokio::test]
async fn an_answer_that_is_late_doubled_or_of_another_issuer_is_refused() {
    let world = World::start().await;
    let mut browser = world.browser();
    let other =
        comes_back(&mut browser, &world, |back| answered(&[("state", &state_of(&back)), ("iss", "http://127.0.0.1:1"), ("code", "good")]))
            .await;
    assert!(other.status == StatusCode::BAD_REQUEST && other.body.contains("no és de fiar"));
    let nameless = comes_back(&mut browser, &world, |back| answered(&[("state", &state_of(&back)), ("code", "good")])).await;
    assert!(nameless.status == StatusCode::BAD_REQUEST && nameless.body.contains("no és de fiar"));
    let doubled = comes_back(&mut browser, &world, |back| format!("{back}&code=other")).await;
    assert_eq!(doubled.status, StatusCode::BAD_REQUEST);
    let back = browser.ask(&world.provider).await;
    world.pass(15 * 60);
    assert_eq!(browser.get(&back).await.status, StatusCode::BAD_REQUEST);
    assert!(browser.get("/").await.body.contains("Entra amb el teu compte"), "nobody was signed in");
}

#[tokio::test]
async fn a_refusal_is_a_friendly_page_that_keeps_the_providers_words_harmless() {
    let world = World::start().await;
    let mut browser = world.browser();
    let issuer = world.provider.issuer.clone();
    for (code, status, words) in [
        ("access_denied", StatusCode::FORBIDDEN, "No tens accés a Mirador"),
        ("login_required", StatusCode::BAD_REQUEST, "Cal que entris"),
        ("server_error", StatusCode::BAD_REQUEST, "Ara no es pot entrar"),
        ("invalid_scope", StatusCode::BAD_REQUEST, "no ha acceptat la petició"),
    ] {
        let page = comes_back(&mut browser, &world, |back| {
            answered(&[("state", &state_of(&back)), ("iss", &issuer), ("error", code), ("error_description", "<script>no</script>")])
        })
        .await;
        assert_eq!(page.status, status, "{code}");
        assert!(page.body.contains(words) && page.body.contains(code), "{code}\n{}", page.body);
        assert!(page.body.contains("&lt;script&gt;no") && !page.body.contains("<script"), "{code}");
    }
    let unasked = browser.get(&answered(&[("error", "access_denied"), ("iss", &issuer), ("state", "x")])).await;
    assert!(!unasked.body.contains("No tens accés"), "an answer nobody asked for says nothing");
}

#[tokio::test]
async fn an_id_token_with_any_flaw_signs_nobody_in() {
    let world = World::start().await;
    for (flaw, spoil) in [
        ("another nonce", json!({ "nonce": "other" })),
        ("no nonce", json!({ "nonce": null })),
        ("another issuer", json!({ "iss": "http://127.0.0.1:1" })),
        ("another audience", json!({ "aud": "other" })),
        ("one audience more", json!({ "aud": ["mirador", "other"] })),
        ("expired", json!({ "exp": NOW - 1 })),
        ("from the future", json!({ "iat": NOW + 3600 })),
        ("another access token", json!({ "at_hash": "AAAA" })),
    ] {
        world.provider.facts().spoil = spoil;
        let mut browser = world.browser();
        let page = comes_back(&mut browser, &world, |back| back).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{flaw}");
        assert!(page.body.contains("no és de fiar"), "{flaw}");
        assert!(browser.get("/").await.body.contains("Entra amb el teu compte"), "{flaw}");
    }
}

#[tokio::test]
async fn a_refused_code_and_a_userinfo_of_somebody_else_are_told() {
    let world = World::start().await;
    world.provider.facts().token_error = Some("invalid_grant");
    let page = comes_back(&mut world.browser(), &world, |back| back).await;
    assert!(page.status == StatusCode::BAD_REQUEST && page.body.contains("El codi ja no val"));
    world.provider.facts().token_error = None;
    world.provider.facts().userinfo_sub = "s-another".to_owned();
    let page = world.maria().await.get("/").await.body;
    assert!(page.contains("no ha contestat quan li hem demanat") && !page.contains("Rosell"));
}

#[tokio::test]
async fn a_new_key_is_fetched_when_needed_but_not_more_than_once_in_ten_seconds() {
    let world = World::start().await;
    world.maria().await;
    world.provider.rotate("second", true);
    let page = comes_back(&mut world.browser(), &world, |back| back).await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY, "the keys are only seconds old");
    world.pass(10);
    world.maria().await;
    let fetches = world.provider.facts().key_fetches;
    world.provider.rotate("never published", false);
    for _ in 0..3 {
        let page = comes_back(&mut world.browser(), &world, |back| back).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    }
    assert_eq!(world.provider.facts().key_fetches, fetches);
    world.pass(10);
    comes_back(&mut world.browser(), &world, |back| back).await;
    assert_eq!(world.provider.facts().key_fetches, fetches + 1);
    assert_eq!(world.provider.facts().discoveries, 1);
}

#[tokio::test]
async fn a_provider_that_starts_later_is_found_then() {
    let world = World::of(Provider::absent().await);
    let mut browser = world.browser();
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "the first page asks the provider nothing");
    let page = browser.get("/login").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.body.contains("no contesta"), "{}", page.body);
    world.provider.appear().await;
    assert_eq!(browser.get("/login").await.status, StatusCode::BAD_GATEWAY, "a provider that failed is left alone for a moment");
    world.pass(2);
    assert_eq!(browser.get("/login").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_needs_the_forms_token_and_leads_through_the_provider() {
    let world = World::start().await;
    let mut maria = world.maria().await;
    let page = maria.get("/").await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("it is text");
    assert!(policy.contains(&format!("form-action 'self' {}", world.provider.issuer)), "{policy}");
    let csrf = page.body.split(r#"name="csrf" value=""#).nth(1).and_then(|rest| rest.split('"').next()).expect("there is a token");
    assert_eq!(maria.post("/logout", "same-origin", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(maria.post("/logout", "same-site", &[("csrf", csrf)]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(maria.get("/logout").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(maria.get("/").await.body.contains("Hola, Maria"));
    let answer = maria.post("/logout", "same-origin", &[("csrf", csrf)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let url = Url::parse(answer.location()).expect("it is a URL");
    assert!(answer.location().starts_with(&format!("{}/logout?", world.provider.issuer)));
    let question: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(question["post_logout_redirect_uri"], "http://localhost:8082/");
    assert_eq!(question["id_token_hint"].split('.').count(), 3);
    assert!(maria.cookies.is_empty());
    assert!(maria.get(&format!("/?state={}", question["state"])).await.body.contains("Has sortit"));
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let world = World::start().await;
    let mut browser = world.browser();
    for path in ["/", "/login", "/callback", "/nowhere", "/assets/none.css", "/backchannel-logout"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("it is text");
        assert!(policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
    for asset in ui_kit::assets::all() {
        let answer = browser.get(&asset.path).await;
        assert_eq!(
            (answer.status, &answer.headers[header::CACHE_CONTROL]),
            (StatusCode::OK, &ui_kit::assets::CACHE_CONTROL.parse().expect("valid"))
        );
    }
}
