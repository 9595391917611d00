use anyhow::{Context as _, Result};
use idp_domain::Ttl;
use integration_tests::{
    http::{self, Request, Session},
    rp::{Rp, VERIFIER},
    world::World,
};
use url::Url;

use super::{CLUSTER, OF_NOBODY_OR_ANOTHER, PASSWORD, browser, cloud, must_be_invalid_grant, office};

#[tokio::test]
async fn nobody_is_redirected_to_an_address_that_cannot_be_trusted() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    for (name, changes) in [
        ("no client", vec![("client_id", "")]),
        ("unknown client", vec![("client_id", "nobody")]),
        ("disabled client", vec![("client_id", "apagat"), ("redirect_uri", "https://apagat.test/cb")]),
        ("no redirect", vec![("redirect_uri", "")]),
        ("foreign redirect", vec![("redirect_uri", "https://evil.test/cb")]),
        ("longer path", vec![("redirect_uri", "https://oficina.test/cb/more")]),
        ("added query", vec![("redirect_uri", "https://oficina.test/cb?x=1")]),
        ("another client's", vec![("redirect_uri", "https://nuvol.test/apps/user_oidc/code")]),
    ] {
        let page = browser()?.step(Request::get(office.authorize_url(&changes)?), None).await?;
        assert_eq!(page.status.as_u16(), 400, "{name}: {}", page.describe());
        assert!(page.location().is_none(), "{name}");
        assert!(page.header("content-type").starts_with("text/html"), "{name}");
        // what only the service can mend is named for who looks after it
        for parameter in ["client_id", "redirect_uri"] {
            assert_eq!(page.body.contains(parameter), changes == [(parameter, "")], "{name}: {}", page.describe());
        }
    }
    let mut twice = office.authorize_url(&[])?;
    twice.query_pairs_mut().append_pair("redirect_uri", "https://oficina.test/cb");
    let page = browser()?.step(Request::get(twice), None).await?;
    assert!(page.status.as_u16() == 400 && page.body.contains("redirect_uri"), "{}", page.describe());
    Ok(())
}

#[tokio::test]
async fn every_other_flaw_is_told_to_the_client_with_state_and_issuer() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let long = "x".repeat(3000);
    for (changes, error) in [
        (vec![("response_type", "token")], "unsupported_response_type"),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_mode", "fragment")], "invalid_request"),
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("scope", "manage")], "invalid_scope"),
        (vec![("request", "eyJ")], "request_not_supported"),
        (vec![("request_uri", "https://oficina.test/r")], "request_uri_not_supported"),
        (vec![("prompt", "none login")], "invalid_request"),
        (vec![("max_age", "-1")], "invalid_request"),
        (vec![("claims", "{")], "invalid_request"),
        (vec![("resource", "https://elsewhere.test/")], "invalid_target"),
        (vec![("id_token_hint", "x.y.z")], "invalid_request"),
        (vec![("nonce", long.as_str())], "invalid_request"),
    ] {
        let page = browser()?.step(Request::get(office.authorize_url(&changes)?), None).await?;
        let sent = page.location().with_context(|| format!("{changes:?}: {}", page.describe()))?;
        assert!(office.is_redirect(&sent), "{sent}");
        assert_eq!(http::parameter(&sent, "error").as_deref(), Some(error), "{changes:?}");
        assert_eq!(http::parameter(&sent, "iss").as_deref(), Some(world.issuer.as_str()));
        assert!(http::parameter(&sent, "state").is_some() && http::parameter(&sent, "code").is_none());
    }
    let mut twice = office.authorize_url(&[])?;
    twice.query_pairs_mut().append_pair("scope", "openid");
    let sent = browser()?.step(Request::get(twice), None).await?.location().context("a redirect")?;
    assert_eq!(http::parameter(&sent, "error").as_deref(), Some("invalid_request"));
    Ok(())
}

#[tokio::test]
async fn a_code_is_refused_to_everybody_but_its_owner_and_burns_nothing_before_it_is_proved() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let code = office.code(&office.sign_in(&mut maria, "maria", PASSWORD).await?)?;
    let attempt = |redirect: &'static str, verifier: &'static str| {
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code.as_str())];
        fields.extend([("redirect_uri", redirect), ("code_verifier", verifier)].into_iter().filter(|(_, value)| !value.is_empty()));
        fields
    };
    let wrong = "another-verifier-of-at-least-forty-three-characters";
    let differs = "redirect_uri differs from the one of the authorization request";
    for (fields, why) in [
        (attempt("https://oficina.test/cb?kept=1", VERIFIER), differs),
        (attempt("", VERIFIER), differs),
        (attempt("https://oficina.test/cb", wrong), "code_verifier does not match the code_challenge"),
        (attempt("https://oficina.test/cb", "short"), "code_verifier is not 43 to 128 unreserved characters"),
        (attempt("https://oficina.test/cb", ""), "code_verifier is missing"),
    ] {
        let refused = office.call("/oauth/token", &fields).await?;
        assert_eq!(refused.header("cache-control"), "no-store");
        must_be_invalid_grant(refused, why)?;
    }
    office.trade(&code).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn a_code_presented_by_another_client_is_refused_and_burnt() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let earlier = office.code(&office.sign_in(&mut maria, "maria", PASSWORD).await?)?;
    let earlier = office.trade(&earlier).await?.must_be(200)?.json()?;
    let code = office.code(&office.open(&mut maria, &[]).await?.location().context("a silent answer")?)?;
    let thief = Rp { redirect_uri: office.redirect_uri.clone(), ..cloud(&world) };
    must_be_invalid_grant(thief.trade(&code).await?, OF_NOBODY_OR_ANOTHER)?;
    must_be_invalid_grant(thief.trade("ac_unknown").await?, OF_NOBODY_OR_ANOTHER)?;
    must_be_invalid_grant(office.trade(&code).await?, "the code has expired")?;
    // the thief had nothing of it, nor the pleasure of logging anybody out
    assert!(office.is_active(earlier["refresh_token"].as_str().unwrap_or_default()).await?);
    Ok(())
}

#[tokio::test]
async fn a_replayed_code_revokes_what_it_produced() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let code = office.code(&office.sign_in(&mut maria, "maria", PASSWORD).await?)?;
    let tokens = office.trade(&code).await?.must_be(200)?.json()?;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap_or_default(), tokens["refresh_token"].as_str().unwrap_or_default());
    assert!(office.is_active(access).await? && office.is_active(refresh).await?);
    world.wait(Ttl::minutes(2));
    must_be_invalid_grant(office.trade(&code).await?, "the code was used already")?;
    assert!(!office.is_active(access).await? && !office.is_active(refresh).await?);
    assert_eq!(office.userinfo(access).await?.status.as_u16(), 401);
    Ok(())
}

#[tokio::test]
async fn a_code_lives_for_a_minute() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let code = office.code(&office.sign_in(&mut maria, "maria", PASSWORD).await?)?;
    world.wait(Ttl::seconds(60));
    must_be_invalid_grant(office.trade(&code).await?, "the code has expired")?;
    Ok(())
}

#[tokio::test]
async fn a_client_proves_who_it_is_in_exactly_one_way() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let url = Url::parse(&world.at("/oauth/token"))?;
    let basic = "Basic b2ZpY2luYTphLXNlY3JldC1vZi10aGUtb2ZmaWNlLWZvci10ZXN0cy1vbmx5";
    let request = |fields: &[(&str, &str)], header: Option<&str>| {
        let request = Request::post(url.clone(), fields.iter().copied());
        match header {
            Some(header) => request.header("authorization", header),
            None => request,
        }
    };
    let grant = ("grant_type", "client_credentials");
    let right = Session::new()?.step(request(&[grant], Some(basic)), None).await?;
    assert_eq!(right.status.as_u16(), 200, "{}", right.describe());
    for (fields, header, status, error) in [
        (vec![grant], None, 401, "invalid_client"),
        (vec![grant, ("client_id", "oficina")], None, 401, "invalid_client"),
        (vec![grant, ("client_id", "nobody"), ("client_secret", "x")], None, 401, "invalid_client"),
        (vec![grant, ("client_id", "oficina"), ("client_secret", "wrong")], None, 401, "invalid_client"),
        (
            vec![grant, ("client_id", "oficina"), ("client_secret", "a-secret-of-the-office-for-tests-only")],
            Some(basic),
            400,
            "invalid_request",
        ),
        (vec![grant], Some("Bearer x"), 401, "invalid_client"),
        (vec![("grant_type", "password")], Some(basic), 400, "unsupported_grant_type"),
        (vec![grant, grant], Some(basic), 400, "invalid_request"),
        (vec![], Some(basic), 400, "invalid_request"),
        (
            vec![grant, ("client_id", "oficina"), ("client_secret", "a-secret-of-the-office-for-tests-only")],
            Some("Basic \u{fe}\u{ff}"),
            400,
            "invalid_request",
        ),
    ] {
        let answer = Session::new()?.step(request(&fields, header), None).await?;
        assert_eq!((answer.status.as_u16(), answer.json()?["error"].as_str()), (status, Some(error)), "{fields:?} {header:?}");
        assert_eq!(answer.header("www-authenticate").is_empty(), status != 401);
    }
    let cloud = cloud(&world).call("/oauth/token", &[grant]).await?.must_be(400)?;
    assert_eq!(cloud.json()?["error"], "unauthorized_client");
    drop(office);
    Ok(())
}

#[tokio::test]
async fn what_is_oversized_or_of_another_kind_is_refused_before_it_is_read() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let url = Url::parse(&world.at("/oauth/token"))?;
    let huge = "x".repeat(70 * 1024);
    let answer = Session::new()?.step(Request::post(url.clone(), [("grant_type", huge.as_str())]), None).await?;
    assert_eq!(answer.status.as_u16(), 413);
    let json = Request::post(url.clone(), [("grant_type", "client_credentials")]).header("content-type", "application/json");
    let answer = Session::new()?.step(json, None).await?.must_be(400)?;
    assert_eq!(answer.json()?["error"], "invalid_request");
    Ok(())
}

#[tokio::test]
async fn wrong_passwords_wait_and_never_tell_whether_the_account_exists() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let mut texts = Vec::new();
    for who in ["maria", "nobody-of-this-name"] {
        let mut session = browser()?;
        let mut page = office.open(&mut session, &[]).await?;
        for _ in 0..6 {
            page = office.answer_form(&mut session, page, who, "not the password at all").await?;
        }
        texts.push(page.text().replace(who, "…"));
        page = office.answer_form(&mut session, page, who, PASSWORD).await?;
        assert!(page.location().is_none(), "even the right password waits now: {}", page.describe());
        world.wait(Ttl::minutes(5));
        page = office.answer_form(&mut session, page, who, PASSWORD).await?;
        assert_eq!(page.location().is_some(), who == "maria", "{}", page.describe());
    }
    assert_eq!(texts[0], texts[1]);
    Ok(())
}

#[tokio::test]
async fn a_browser_that_an_account_knows_is_not_shut_out_by_its_neighbours() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let mut known = browser()?;
    office.sign_in(&mut known, "maria", PASSWORD).await?;
    let mut neighbour = browser()?;
    let mut page = office.open(&mut neighbour, &[]).await?;
    for number in 0..105 {
        page = office.answer_form(&mut neighbour, page, &format!("nobody-{number}"), "not the password at all").await?;
    }
    let mut unknown = browser()?;
    let page = office.open(&mut unknown, &[]).await?;
    assert!(office.answer_form(&mut unknown, page, "pau", PASSWORD).await?.location().is_none(), "the network waits");
    world.wait(Ttl::seconds(30));
    let page = office.open(&mut known, &[("prompt", "login")]).await?;
    assert!(office.answer_form(&mut known, page, "maria", PASSWORD).await?.location().is_some(), "she is known here");
    Ok(())
}

#[tokio::test]
async fn where_a_browser_stands_a_body_that_is_not_read_is_told_by_a_page() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let huge = "x".repeat(70 * 1024);
    for path in ["/oauth/authorize", "/oauth/logout"] {
        let url = Url::parse(&world.at(path))?;
        let large = Request::post(url.clone(), [("state", huge.as_str())]);
        let json = Request::post(url, [("state", "s")]).header("content-type", "application/json");
        for (request, status) in [(large, 413), (json, 415)] {
            let page = browser()?.step(request, None).await?.must_be(status)?;
            assert!(page.header("content-type").starts_with("text/html"), "{path}: {}", page.describe());
            assert!(page.body.contains("<html lang=\"en\">"), "{path}: {}", page.describe());
        }
    }
    Ok(())
}

#[tokio::test]
async fn nothing_happens_for_a_head() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    office.tokens(&mut maria, "maria", PASSWORD).await?;
    for url in [office.authorize_url(&[])?, Url::parse(&world.at("/oauth/logout"))?] {
        let answer = maria.step(Request::head(url), None).await?.must_be(405)?;
        assert!(answer.location().is_none() && answer.header("allow") == "GET,POST", "{}", answer.describe());
    }
    Ok(())
}

#[tokio::test]
async fn where_services_call_a_wrong_method_is_told_in_their_own_form() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    for (path, posted, allowed) in [
        ("/oauth/token", false, "POST"),
        ("/oauth/introspect", false, "POST"),
        ("/oauth/revoke", false, "POST"),
        ("/oauth/jwks", true, "GET,HEAD"),
        ("/.well-known/openid-configuration", true, "GET,HEAD"),
    ] {
        let url = Url::parse(&world.at(path))?;
        let request = if posted { Request::post(url, [("a", "b")]) } else { Request::get(url) };
        let answer = Session::new()?.step(request, None).await?.must_be(405)?;
        assert_eq!((answer.header("content-type"), answer.header("allow")), ("application/json", allowed), "{path}");
        assert_eq!(answer.json()?["error"], "invalid_request", "{path}");
    }
    Ok(())
}
