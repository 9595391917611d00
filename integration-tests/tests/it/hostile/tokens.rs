//! Tokens where they do not belong, scripts of other sites, people who may not any more.

use anyhow::{Context as _, Result, ensure};
use http::Method;
use idp_domain::{person::PersonState, username::Username};
use idp_store::{Attempt, Store, StoreOptions, Tx as _};
use integration_tests::{
    desk::{CLIENT_ID, Desk},
    http::{Page, Request, Session},
    rp::Rp,
    world::World,
};

use super::{address, enter, with_desk};
use crate::oidc::{CLUSTER, PASSWORD, browser, office};

async fn with_token(world: &World, path: &str, token: &str) -> Result<Page> {
    let request = Request::get(address(world, path)?).header("authorization", &format!("Bearer {token}"));
    Session::new()?.step(request, None).await
}

#[tokio::test]
async fn a_token_opens_only_what_it_was_made_for() -> Result<()> {
    let world = World::start(&with_desk()?).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let token = |name: &str| tokens[name].as_str().context("a token").map(str::to_owned);
    let machine = office.call("/oauth/token", &[("grant_type", "client_credentials")]).await?.must_be(200)?.json()?;
    let machine = machine["access_token"].as_str().context("a token")?.to_owned();
    let desk = Desk::open(&world, "maria", PASSWORD).await?;
    with_token(&world, "/manage/v1/me", desk.token()).await?.must_be(200)?;
    let desks = |name: &str| desk.tokens[name].as_str().unwrap_or_default().to_owned();

    for (name, path, token) in [
        ("a service's access token at the API", "/manage/v1/me", token("access_token")?),
        ("an ID token at the API", "/manage/v1/me", token("id_token")?),
        ("the desk's ID token at the API", "/manage/v1/me", desks("id_token")),
        ("a refresh token at the API", "/manage/v1/me", desks("refresh_token")),
        ("a machine's token at the API", "/manage/v1/me", machine.clone()),
        ("an ID token at userinfo", "/oauth/userinfo", token("id_token")?),
        ("a refresh token at userinfo", "/oauth/userinfo", token("refresh_token")?),
        ("the desk's token at userinfo", "/oauth/userinfo", desk.token().to_owned()),
        ("a machine's token at userinfo", "/oauth/userinfo", machine),
    ] {
        let answer = with_token(&world, path, &token).await?;
        ensure!(matches!(answer.status.as_u16(), 401 | 403), "{name}: {}", answer.describe());
        assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    }
    assert!(!office.is_active(desk.token()).await?, "another audience's token is nobody else's business");
    assert_eq!(office.refresh(&token("access_token")?).await?.must_be(400)?.json()?["error"], "invalid_grant");
    assert_eq!(office.refresh(&desks("refresh_token")).await?.must_be(400)?.json()?["error"], "invalid_grant");
    Ok(())
}

#[tokio::test]
async fn what_tokens_and_claims_travel_in_is_never_cached() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let sent = office.sign_in(&mut maria, "maria", PASSWORD).await?;
    let answer = office.trade(&office.code(&sent)?).await?.must_be(200)?;
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let tokens = answer.json()?;
    let userinfo = office.userinfo(tokens["access_token"].as_str().unwrap_or_default()).await?.must_be(200)?;
    assert_eq!(userinfo.header("cache-control"), "no-store");
    let hop = maria.step(Request::get(office.authorize_url(&[])?), None).await?;
    assert!(hop.location().is_some_and(|to| office.is_redirect(&to)));
    assert_eq!((hop.header("cache-control"), hop.header("referrer-policy")), ("no-store", "no-referrer"));
    Ok(())
}

#[tokio::test]
async fn no_script_of_another_site_reads_a_token() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    for path in ["/oauth/token", "/oauth/authorize", "/oauth/introspect", "/oauth/revoke", "/login", "/account", "/manage/v1/me"] {
        for method in [Method::OPTIONS, Method::GET, Method::POST] {
            let mut request = Request::get(address(&world, path)?).header("origin", "https://evil.test");
            request = request.header("access-control-request-method", "POST").header("sec-fetch-site", "cross-site");
            request.method = method.clone();
            let answer = browser()?.step(request, None).await?;
            ensure!(!answer.headers.contains_key("access-control-allow-origin"), "{method} {path}");
            ensure!(!answer.headers.contains_key("access-control-allow-credentials"), "{method} {path}");
        }
    }
    let mut maria = browser()?;
    office.sign_in(&mut maria, "maria", PASSWORD).await?;
    let request = Request::get(office.authorize_url(&[])?).header("origin", "https://evil.test").header("sec-fetch-site", "cross-site");
    let answer = maria.step(request, None).await?;
    assert!(answer.location().is_some() && !answer.headers.contains_key("access-control-allow-origin"));
    Ok(())
}

#[tokio::test]
async fn who_holds_no_mandate_does_not_enter_the_desk() -> Result<()> {
    let world = World::start(&with_desk()?).await?;
    let desk = Rp::new(&world.issuer, CLIENT_ID, None, "https://desk.test/callback");
    let resource = world.at("/manage");
    let changes = [("scope", "openid profile manage"), ("resource", resource.as_str())];
    let mut pau = browser()?;
    let page = desk.open(&mut pau, &changes).await?;
    let page = desk.answer_form(&mut pau, page, "pau", PASSWORD).await?.must_be(200)?;
    assert_eq!(page.url.path(), "/no-access", "{}", page.describe());
    let silent = desk.open(&mut pau, &[changes[0], changes[1], ("prompt", "none")]).await?.location().context("a redirect")?;
    assert!(silent.query_pairs().all(|(name, _)| name != "code"), "{silent}");
    Ok(())
}

#[tokio::test]
async fn a_manager_suspended_meanwhile_manages_nothing() -> Result<()> {
    let world = World::start(&with_desk()?).await?;
    let (nuria, maria) = (Desk::open(&world, "nuria", PASSWORD).await?, Desk::open(&world, "maria", PASSWORD).await?);
    let collective = nuria.collective("ateneu").await?;
    let path = format!("/manage/v1/collectives/{collective}");
    with_token(&world, &path, maria.token()).await?.must_be(200)?;
    let mut browser = browser()?;
    enter(&world, &mut browser, "maria", PASSWORD).await?;

    let member = nuria.member(&collective, "maria").await?;
    let version = nuria.detail(&collective, "maria").await?.membership.version;
    nuria.api().suspend(&collective, &member.id, version, &idp_api::WithReason::default()).await?;

    let answer = with_token(&world, &path, maria.token()).await?;
    ensure!(matches!(answer.status.as_u16(), 401 | 404), "{}", answer.describe());
    let hop = office(&world).open(&mut browser, &[]).await?.must_be(200)?;
    assert_eq!(hop.url.path(), "/no-access", "{}", hop.describe());
    let account = browser.get(&world.at("/account")).await?.must_be(200)?;
    assert!(account.form("Sign in").is_err(), "a member of El Forn still has an account");
    Ok(())
}

/// What stewards do to an account, written where it is kept: no file and no route does it.
async fn suspend(world: &World, username: &str) -> Result<()> {
    let store = Store::open(&StoreOptions::new(format!("sqlite:{}", world.directory.path().join("aplec.db").display()))).await?;
    let tx = store.write("suspend").await?;
    let person = tx.people().find_by_username(&Username::parse(username)?).await?.context("somebody")?;
    let moved = tx.people().change_state(person.id, person.state, PersonState::Suspended, world.clock.now()).await?;
    ensure!(moved == Attempt::Won, "{username} was not suspended");
    tx.commit().await?;
    Ok(store.close().await?)
}

#[tokio::test]
async fn a_person_suspended_meanwhile_is_out_everywhere() -> Result<()> {
    let world = World::start(&with_desk()?).await?;
    let (office, mut browser) = (office(&world), browser()?);
    let tokens = office.tokens(&mut browser, "maria", PASSWORD).await?;
    let desk = Desk::open(&world, "maria", PASSWORD).await?;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap_or_default(), tokens["refresh_token"].as_str().unwrap_or_default());
    let unused = office.code(&office.open(&mut browser, &[]).await?.location().context("a code")?)?;

    suspend(&world, "maria").await?;
    assert_eq!(browser.get(&world.at("/account")).await?.url.path(), "/login");
    assert_eq!(enter(&world, &mut browser, "maria", PASSWORD).await?.status.as_u16(), 422);
    assert_eq!(office.trade(&unused).await?.must_be(400)?.json()?["error"], "invalid_grant");
    assert_eq!(office.refresh(refresh).await?.must_be(400)?.json()?["error"], "invalid_grant");
    assert_eq!(office.userinfo(access).await?.status.as_u16(), 401);
    assert!(!office.is_active(access).await? && !office.is_active(refresh).await?);
    assert_eq!(with_token(&world, "/manage/v1/me", desk.token()).await?.status.as_u16(), 401);
    let silent = office.open(&mut browser, &[("prompt", "none")]).await?.location().context("a redirect")?;
    assert!(silent.query_pairs().any(|(name, value)| name == "error" && value == "login_required"), "{silent}");
    Ok(())
}
