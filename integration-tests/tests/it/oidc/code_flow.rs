use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use integration_tests::{
    http::{self, Request, Session},
    pg::TestDatabase,
    rp::{NONCE, STATE, header, payload},
    world::{Database, World},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{CLUSTER, PASSWORD, archive, browser, cloud, office, phone};

#[tokio::test]
async fn a_person_signs_in_and_the_token_says_who_and_why() -> Result<()> {
    main_path(&World::start(CLUSTER).await?).await
}

#[tokio::test]
async fn the_same_on_postgresql() -> Result<()> {
    let Some(database) = TestDatabase::create().await? else { return Ok(()) };
    main_path(&World::on(Database::Postgres(database), CLUSTER).await?).await
}

async fn main_path(world: &World) -> Result<()> {
    let (office, mut maria) = (office(world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    assert_eq!((&tokens["token_type"], &tokens["scope"]), (&json!("Bearer"), &json!("openid profile email groups")));
    let id_token = tokens["id_token"].as_str().context("an ID token")?;
    assert_eq!(header(id_token)?["alg"], "RS256");
    let claims = office.verify(id_token, Some(NONCE)).await?;
    assert!(claims.contains_key("sid") && claims.contains_key("auth_time"));
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!("1"), &json!(["pwd"])));
    assert!(!claims.contains_key("email") && !claims.contains_key("name"), "lean unless asked: {claims:?}");

    let access_token = tokens["access_token"].as_str().context("an access token")?;
    assert_eq!(header(access_token)?["typ"], "at+jwt");
    let left_half = &Sha256::digest(access_token)[..16];
    assert_eq!(payload(id_token)?["at_hash"], URL_SAFE_NO_PAD.encode(left_half), "OIDC Core §3.1.3.6");
    let userinfo = office.userinfo(access_token).await?.must_be(200)?.json()?;
    assert_eq!(userinfo["sub"], claims["sub"]);
    assert_eq!(userinfo["preferred_username"], "maria");
    assert_eq!((&userinfo["email"], &userinfo["email_verified"]), (&json!("maria@ateneu.test"), &json!(true)));
    assert_eq!(userinfo["groups"], json!(["cc_ateneu", "cc_forn", "cc_ateneu_managers", "cc_ateneu_hort"]));
    assert_eq!((&userinfo["service_role"], &userinfo["quota"]), (&json!("editor"), &json!(5_368_709_120_i64)));
    assert!(userinfo.get("collectives").is_none() && userinfo.get("services").is_none(), "the full lists need their scopes");
    Ok(())
}

#[tokio::test]
async fn somebody_signed_in_is_not_asked_again_and_stays_the_same_person() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let first = office.tokens(&mut maria, "maria@ateneu.test", PASSWORD).await?;
    let hop = office.open(&mut maria, &[]).await?.location().context("a silent answer")?;
    let second = office.trade(&office.code(&hop)?).await?.must_be(200)?.json()?;
    let (first, second) =
        (payload(first["id_token"].as_str().unwrap_or_default())?, payload(second["id_token"].as_str().unwrap_or_default())?);
    for same in ["sub", "sid", "auth_time"] {
        assert_eq!(first[same], second[same], "{same}");
    }
    // another client of the cluster's own sector knows the person by the same name
    let hop = cloud(&world).open(&mut maria, &[]).await?.location().context("a silent answer")?;
    let third = cloud(&world).trade(&cloud(&world).code(&hop)?).await?.must_be(200)?.json()?;
    assert_eq!(payload(third["id_token"].as_str().unwrap_or_default())?["sub"], first["sub"]);
    Ok(())
}

#[tokio::test]
async fn a_public_client_answers_with_pkce_on_a_loopback_port_of_its_choice() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (phone, mut maria) = (phone(&world), browser()?);
    let page = phone.open(&mut maria, &[("scope", "openid profile")]).await?;
    let sent = phone.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    assert_eq!(sent.port(), Some(51000));
    let tokens = phone.trade(&phone.code(&sent)?).await?.must_be(200)?.json()?;
    let id_token = tokens["id_token"].as_str().context("an ID token")?;
    assert_eq!(header(id_token)?["alg"], "EdDSA");
    phone.verify(id_token, Some(NONCE)).await?;
    // any program may listen there, so that a live session alone is not enough (RFC 8252 §8.6)
    let silent = phone.open(&mut maria, &[("scope", "openid profile"), ("prompt", "none")]).await?.location().context("a redirect")?;
    assert_eq!(http::parameter(&silent, "error").as_deref(), Some("consent_required"));
    for _ in 0..2 {
        let asked = phone.open(&mut maria, &[("scope", "openid profile")]).await?.must_be(200)?;
        let agreed = Request::for_form(&asked.form("I agree")?.press("I agree")?);
        let sent = maria.step(agreed, Some(&asked.url)).await?.location().context("a redirect")?;
        phone.trade(&phone.code(&sent)?).await?.must_be(200)?;
    }
    Ok(())
}

#[tokio::test]
async fn the_answer_can_travel_in_a_form() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    office.tokens(&mut maria, "maria", PASSWORD).await?;
    let page = office.open(&mut maria, &[("response_mode", "form_post")]).await?.must_be(200)?;
    let form = page.only_form()?;
    assert_eq!(form.action.as_str(), office.redirect_uri);
    assert_eq!((form.value("state"), form.value("iss")), (Some(STATE), Some(world.issuer.as_str())));
    office.trade(form.value("code").context("a code")?).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn a_request_by_post_is_as_good_as_one_by_get() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let request = Request::post(Url::parse(&world.at("/oauth/authorize"))?, office.parameters());
    let from = Url::parse("https://oficina.test/")?;
    let page = maria.step(request, Some(&from)).await?;
    let page = maria.follow_until(page, |url| office.is_redirect(url)).await?;
    let page = office.answer_form(&mut maria, page, "maria", PASSWORD).await?;
    office.code(&page.location().context("a redirect")?)?;
    Ok(())
}

#[tokio::test]
async fn the_sign_in_speaks_the_language_and_knows_the_name_that_the_service_hints_at() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    for (ui_locales, lang) in [("fr es ca", "es"), ("ca", "ca"), ("fr", "en")] {
        let page = office.open(&mut browser()?, &[("ui_locales", ui_locales), ("login_hint", "maria")]).await?.must_be(200)?;
        assert_eq!(page.url.path(), "/login");
        assert!(page.body.contains(&format!("<html lang=\"{lang}\">")), "{ui_locales}: {}", page.describe());
        assert_eq!(page.only_form()?.value("identifier"), Some("maria"), "{ui_locales}");
    }
    let page = office.open(&mut browser()?, &[]).await?.must_be(200)?;
    assert_eq!(page.form("Sign in")?.value("identifier").unwrap_or_default(), "");
    Ok(())
}

#[tokio::test]
async fn prompt_and_max_age_ask_for_a_fresh_proof() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let first = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let before = payload(first["id_token"].as_str().unwrap_or_default())?["auth_time"].as_i64();
    world.wait(idp_domain::Ttl::seconds(30));
    assert!(office.open(&mut maria, &[("max_age", "10000")]).await?.location().is_some(), "young enough");
    for changes in [[("prompt", "login")], [("max_age", "10")]] {
        world.wait(idp_domain::Ttl::seconds(30));
        let page = office.open(&mut maria, &changes).await?.must_be(200)?;
        let sent = office.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
        let tokens = office.trade(&office.code(&sent)?).await?.must_be(200)?.json()?;
        let after = payload(tokens["id_token"].as_str().unwrap_or_default())?["auth_time"].as_i64();
        assert!(after > before, "{changes:?}: {after:?} is not after {before:?}");
    }
    Ok(())
}

#[tokio::test]
async fn prompt_none_never_shows_a_page() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let error = |url: Url| http::parameter(&url, "error");
    let nobody = office.open(&mut browser()?, &[("prompt", "none")]).await?.location().context("a redirect")?;
    assert_eq!(error(nobody).as_deref(), Some("login_required"));

    let mut maria = browser()?;
    office.tokens(&mut maria, "maria", PASSWORD).await?;
    let silent = office.open(&mut maria, &[("prompt", "none")]).await?.location().context("a redirect")?;
    office.code(&silent)?;
    let archive = archive(&world);
    let unasked = archive.open(&mut maria, &[("prompt", "none")]).await?.location().context("a redirect")?;
    assert_eq!(error(unasked).as_deref(), Some("consent_required"));
    Ok(())
}

#[tokio::test]
async fn a_machine_gets_a_token_of_its_own_that_speaks_about_nobody() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.call("/oauth/token", &[("grant_type", "client_credentials")]).await?.must_be(200)?.json()?;
    let token = tokens["access_token"].as_str().context("a token")?;
    assert_eq!(payload(token)?["sub"], "client:oficina");
    assert!(office.is_active(token).await?);
    assert_eq!(office.userinfo(token).await?.status.as_u16(), 401);
    assert!(!cloud(&world).is_active(token).await?, "not meant for another client");
    office.call("/oauth/revoke", &[("token", token)]).await?.must_be(200)?;
    assert!(!office.is_active(token).await?);
    Ok(())
}

#[tokio::test]
async fn userinfo_answers_get_and_post_and_refuses_two_tokens() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let token = tokens["access_token"].as_str().context("a token")?;
    let url = Url::parse(&world.at("/oauth/userinfo"))?;
    let form = Request::post(url.clone(), [("access_token", token)]);
    Session::new()?.step(form.clone(), None).await?.must_be(200)?;
    let twice = form.header("authorization", &format!("Bearer {token}"));
    assert_eq!(Session::new()?.step(twice, None).await?.status.as_u16(), 400);
    let none = Session::new()?.step(Request::get(url), None).await?;
    assert_eq!((none.status.as_u16(), none.header("www-authenticate")), (401, "Bearer realm=\"aplec\""));
    let id_token = tokens["id_token"].as_str().context("an ID token")?;
    assert_eq!(office.userinfo(id_token).await?.status.as_u16(), 401, "an ID token is no access token");
    Ok(())
}

#[tokio::test]
async fn userinfo_tells_what_is_wrong_with_a_request_it_cannot_read() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let url = Url::parse(&world.at("/oauth/userinfo"))?;
    let huge = "x".repeat(70 * 1024);
    for (fields, status, description) in [
        (vec![("access_token", "a.b.c"), ("access_token", "a.b.c")], 400, "the parameter access_token is repeated"),
        (vec![("access_token", "a b")], 400, "the parameter access_token is malformed"),
        (vec![("access_token", huge.as_str())], 413, "the request is too large"),
    ] {
        let answer = Session::new()?.step(Request::post(url.clone(), fields), None).await?.must_be(status)?;
        let told = answer.json()?;
        assert_eq!((&told["error"], &told["error_description"]), (&json!("invalid_request"), &json!(description)));
        assert_eq!(answer.header("www-authenticate").contains(description), status == 400, "{}", answer.describe());
    }
    let other = Request::post(url, [("access_token", "a.b.c")]).header("content-type", "text/plain");
    let answer = Session::new()?.step(other, None).await?.must_be(401)?;
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"aplec\"", "what is no form carries no token");
    Ok(())
}

#[tokio::test]
async fn two_authorization_headers_are_one_too_many() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().context("a token")?);
    let basic = "Basic b2ZpY2luYTphLXNlY3JldC1vZi10aGUtb2ZmaWNlLWZvci10ZXN0cy1vbmx5";
    let asked = [("grant_type", "client_credentials"), ("token", "x")];
    let call = |path: &str| -> Result<Request> { Ok(Request::post(Url::parse(&world.at(path))?, asked)) };
    let look = |path: &str| -> Result<Request> { Ok(Request::get(Url::parse(&world.at(path))?)) };
    for (request, header, error) in [
        (call("/oauth/token")?, basic, "invalid_request"),
        (call("/oauth/introspect")?, basic, "invalid_request"),
        (call("/oauth/revoke")?, basic, "invalid_request"),
        (call("/oauth/userinfo")?, &*bearer, "invalid_request"),
        (look("/oauth/userinfo")?, &bearer, "invalid_request"),
        (look("/manage/v1/me")?, &bearer, "invalid-request"),
    ] {
        let mut request = request.header("authorization", header);
        request.headers.append("authorization", header.parse()?);
        let answer = Session::new()?.step(request, None).await?.must_be(400)?;
        let told = answer.json()?;
        assert!(told["error"] == error || told["type"] == error, "{}", answer.describe());
    }
    Ok(())
}

#[tokio::test]
async fn nobody_gets_tokens_in_the_place_of_the_person_who_is_asked_for() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let marias = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let hint = marias["id_token"].as_str().context("an ID token")?;
    let sub = payload(hint)?["sub"].clone();
    let by_claim = format!(r#"{{"id_token":{{"sub":{{"value":{sub}}}}}}}"#);
    for asked in [("id_token_hint", hint), ("claims", &*by_claim)] {
        let mut session = browser()?;
        let page = office.open(&mut session, &[asked]).await?.must_be(200)?;
        let sent = office.answer_form(&mut session, page, "pau", PASSWORD).await?.location().context("a redirect")?;
        assert_eq!(http::parameter(&sent, "error").as_deref(), Some("login_required"), "{}: {sent}", asked.0);
        let mut maria = browser()?;
        let page = office.open(&mut maria, &[asked]).await?;
        let sent = office.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
        office.code(&sent)?;
    }
    Ok(())
}
