use anyhow::{Context as _, Result};
use integration_tests::{
    http::{self, Request},
    rp::payload,
    world::World,
};
use url::Url;

use super::{CLUSTER, PASSWORD, browser, office};

fn logout(world: &World, parameters: &[(&str, &str)]) -> Result<Url> {
    Ok(Url::parse_with_params(&world.at("/oauth/logout"), parameters)?)
}

#[tokio::test]
async fn a_hint_for_the_live_session_signs_out_and_returns_with_the_state() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    world.wait(idp_domain::Ttl::minutes(30));
    let hint = tokens["id_token"].as_str().context("an ID token")?;
    let url = logout(&world, &[("id_token_hint", hint), ("post_logout_redirect_uri", "https://oficina.test/"), ("state", "s1")])?;
    let left = maria.step(Request::get(url), None).await?.location().context("an expired hint is good enough")?;
    assert_eq!(left.as_str(), "https://oficina.test/?state=s1");
    let silent = office.open(&mut maria, &[("prompt", "none")]).await?.location().context("a redirect")?;
    assert_eq!(http::parameter(&silent, "error").as_deref(), Some("login_required"));
    assert!(!office.is_active(tokens["refresh_token"].as_str().unwrap_or_default()).await?);
    Ok(())
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked_and_a_foreign_address_is_never_followed() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let hint = tokens["id_token"].as_str().context("an ID token")?;
    let forged = format!("{hint}x");
    for parameters in [
        vec![],
        vec![("client_id", "oficina"), ("post_logout_redirect_uri", "https://oficina.test/")],
        vec![("id_token_hint", forged.as_str()), ("post_logout_redirect_uri", "https://oficina.test/")],
    ] {
        let page = maria.step(Request::get(logout(&world, &parameters)?), None).await?.must_be(200)?;
        assert!(page.form("Sign out").is_ok(), "{parameters:?}: {}", page.text());
    }
    let silent = office.open(&mut maria, &[("prompt", "none")]).await?.location().context("still signed in")?;
    assert!(http::parameter(&silent, "code").is_some());
    let url = logout(&world, &[("id_token_hint", hint), ("post_logout_redirect_uri", "https://evil.test/")])?;
    let page = maria.step(Request::get(url), None).await?;
    assert!(page.location().is_none_or(|to| to.as_str().starts_with(&world.issuer)), "{}", page.describe());
    Ok(())
}

#[tokio::test]
async fn a_hint_that_was_issued_to_another_client_than_the_one_named_counts_for_nothing() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let hint = tokens["id_token"].as_str().context("an ID token")?;
    let to = ("post_logout_redirect_uri", "https://oficina.test/");
    let url = logout(&world, &[("id_token_hint", hint), ("client_id", "nuvol"), to])?;
    let asked = maria.step(Request::get(url), None).await?.must_be(200)?;
    let gone = maria.step(Request::for_form(&asked.form("Sign out")?), Some(&asked.url)).await?;
    let gone = maria.follow_until(gone, |url| url.host_str() == Some("oficina.test")).await?;
    assert!(gone.location().is_none() && gone.status.is_success(), "nobody is sent anywhere: {}", gone.describe());

    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let hint = tokens["id_token"].as_str().context("an ID token")?;
    let url = logout(&world, &[("id_token_hint", hint), ("client_id", "oficina"), to])?;
    let left = maria.step(Request::get(url), None).await?.location().context("the right client")?;
    assert_eq!(left.as_str(), "https://oficina.test/");
    Ok(())
}

#[tokio::test]
async fn asked_and_agreed_the_person_is_signed_out_and_sent_back() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    office.tokens(&mut maria, "maria", PASSWORD).await?;
    let url = logout(&world, &[("client_id", "oficina"), ("post_logout_redirect_uri", "https://oficina.test/")])?;
    let page = maria.step(Request::get(url), None).await?.must_be(200)?;
    let gone = maria.step(Request::for_form(&page.form("Sign out")?), Some(&page.url)).await?;
    let gone = maria.follow_until(gone, |url| url.host_str() == Some("oficina.test")).await?;
    assert_eq!(gone.location().context("back to the service")?.as_str(), "https://oficina.test/");
    Ok(())
}

#[tokio::test]
async fn sid_is_the_same_in_every_token_of_a_session() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let sid = |name: &str| -> Result<serde_json::Value> { Ok(payload(tokens[name].as_str().unwrap_or_default())?["sid"].clone()) };
    assert!(sid("id_token")?.is_string());
    assert_eq!(sid("id_token")?, sid("access_token")?);
    Ok(())
}
