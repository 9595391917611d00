//! What an operator does about a client at the console reaches a provider that runs, at once.

use anyhow::{Context as _, Result, anyhow};
use idp_app::{
    Act,
    apply::apply_text,
    clients::{Retiring, disable_client, enable_client, retire_secrets},
};
use idp_domain::{Ttl, client::ClientIdentifier, policy::Actor};
use integration_tests::{http::Page, rp::Rp, world::World};
use serde_json::Value;

use super::{CLUSTER, ENDED, PASSWORD, browser, must_be_invalid_grant, office};

/// Another process than the one that serves.
async fn console(world: &World) -> Result<Act> {
    Ok(world.console().await?.act(Actor::Operator, "console"))
}

fn must_be_invalid_client(answer: Page) -> Result<()> {
    assert_eq!(answer.must_be(401)?.json()?["error"], "invalid_client");
    Ok(())
}

fn token<'t>(tokens: &'t Value, kind: &str) -> Result<&'t str> {
    tokens[kind].as_str().with_context(|| format!("no {kind}"))
}

const API: &str = "https://api.tasques.test";
/// A service with an API, and who serves that.
const TASKS: &str = r#"
[[client]]
client_id = "tasques"
service = "oficina"
secret = "a-secret-of-the-tasks-for-tests-only000"
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
redirect_uris = ["https://tasques.test/cb"]
resources = ["https://api.tasques.test"]
scopes = ["openid", "profile", "offline_access"]

[[client]]
client_id = "api"
kind = "machine"
secret = "a-secret-of-the-resource-server-of-tests"
introspects = ["https://api.tasques.test"]
"#;

#[tokio::test]
async fn a_client_that_is_switched_off_has_nothing_until_people_sign_in_to_it_again() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{TASKS}")).await?;
    let tasks = Rp::new(&world.issuer, "tasques", Some("a-secret-of-the-tasks-for-tests-only000"), "https://tasques.test/cb");
    let api = Rp::new(&world.issuer, "api", Some("a-secret-of-the-resource-server-of-tests"), "");
    let (own, mut maria) = ([("grant_type", "client_credentials"), ("resource", API)], browser()?);
    let page = tasks.open(&mut maria, &[("scope", "openid profile offline_access")]).await?;
    let sent = tasks.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    let tokens = tasks.trade(&tasks.code(&sent)?).await?.must_be(200)?.json()?;
    let (access, refresh) = (token(&tokens, "access_token")?, token(&tokens, "refresh_token")?);
    let sent = tasks.open(&mut maria, &[("resource", API)]).await?.location().context("a redirect")?;
    let for_api = tasks.trade(&tasks.code(&sent)?).await?.must_be(200)?.json()?;
    let of_machine = tasks.call("/oauth/token", &own).await?.must_be(200)?.json()?;
    let unused = tasks.code(&tasks.open(&mut maria, &[]).await?.location().context("a code")?)?;
    let at_api = [token(&for_api, "access_token")?, token(&of_machine, "access_token")?];
    for known in at_api {
        assert!(api.is_active(known).await?);
    }

    let (act, id) = (console(&world).await?, ClientIdentifier::parse("tasques")?);
    disable_client(&act, &id).await.map_err(|failure| anyhow!("{failure}"))?;
    must_be_invalid_client(tasks.trade(&unused).await?)?;
    must_be_invalid_client(tasks.refresh(refresh).await?)?;
    must_be_invalid_client(tasks.call("/oauth/token", &own).await?)?;
    must_be_invalid_client(tasks.call("/oauth/introspect", &[("token", access)]).await?)?;
    must_be_invalid_client(tasks.call("/oauth/revoke", &[("token", access)]).await?)?;
    assert_eq!(tasks.userinfo(access).await?.status.as_u16(), 401);
    for known in at_api {
        assert!(!api.is_active(known).await?);
    }
    let page = tasks.open(&mut maria, &[]).await?.must_be(400)?;
    assert!(page.location().is_none(), "nobody is sent there: {}", page.describe());

    enable_client(&act, &id).await.map_err(|failure| anyhow!("{failure}"))?;
    must_be_invalid_grant(tasks.trade(&unused).await?, ENDED)?;
    must_be_invalid_grant(tasks.refresh(refresh).await?, ENDED)?;
    assert_eq!(tasks.userinfo(access).await?.status.as_u16(), 401);
    assert!(!api.is_active(token(&for_api, "access_token")?).await?);
    tasks.call("/oauth/token", &own).await?.must_be(200)?;
    let sent = tasks.open(&mut maria, &[]).await?.location().context("a redirect")?;
    let anew = tasks.trade(&tasks.code(&sent)?).await?.must_be(200)?.json()?;
    tasks.userinfo(token(&anew, "access_token")?).await?.must_be(200)?;
    tasks.refresh(token(&anew, "refresh_token")?).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn a_secret_that_was_retired_proves_nothing_and_the_newer_one_takes_over_what_it_was_given() -> Result<()> {
    const NEW: &str = "another-secret-of-the-office-for-tests-only";
    let world = World::start(CLUSTER).await?;
    let old = office(&world);
    let new = Rp { secret: Some(NEW.to_owned()), ..old.clone() };
    let tokens = old.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let refresh = token(&tokens, "refresh_token")?;
    let table = format!(
        "[[client]]\nclient_id = \"oficina\"\nservice = \"oficina\"\nsecret = \"{NEW}\"\n\
         redirect_uris = [\"https://oficina.test/cb\", \"https://oficina.test/cb?kept=1\"]\n"
    );
    world.wait(Ttl::minutes(1));
    apply_text(&console(&world).await?, "rotated.toml", &table, world.directory.path()).await?;
    for client in [&old, &new] {
        client.refresh(refresh).await?.must_be(200)?;
    }
    let id = ClientIdentifier::parse("oficina")?;
    let retire = async |after: Ttl| {
        let act = console(&world).await?;
        retire_secrets(&act, &id, Retiring::AllButNewest, after).await.map_err(|failure| anyhow!("{failure}"))
    };
    retire(Ttl::days(1)).await?;
    old.refresh(refresh).await?.must_be(200)?;
    retire(Ttl::days(0)).await?;
    must_be_invalid_client(old.refresh(refresh).await?)?;
    new.refresh(refresh).await?.must_be(200)?;
    Ok(())
}
