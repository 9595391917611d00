use anyhow::{Context as _, Result};
use idp_app::key_ring;
use idp_domain::policy::Actor;
use integration_tests::{http::Session, rp::header, world::World};

use super::{CLUSTER, PASSWORD, browser, office};

#[tokio::test]
async fn a_key_revoked_at_the_console_counts_for_nothing_at_the_server() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap_or_default(), tokens["refresh_token"].as_str().unwrap_or_default());
    let kid = header(access)?["kid"].as_str().context("a kid")?.to_owned();
    assert!(office.is_active(access).await?);

    let console = world.console().await?;
    assert!(key_ring::revoke_key(&console.act(Actor::Operator, "console"), &kid).await?);
    key_ring::follow_keys(&world.app.act(Actor::System, "worker")).await?;

    assert!(!office.is_active(access).await?);
    assert_eq!(office.userinfo(access).await?.status.as_u16(), 401);
    let published = Session::new()?.get(&world.at("/oauth/jwks")).await?.must_be(200)?;
    assert!(!published.body.contains(&kid), "the key left the set");
    let renewed = office.refresh(refresh).await?.must_be(200)?.json()?;
    let renewed = renewed["access_token"].as_str().context("a token")?;
    assert_ne!(header(renewed)?["kid"], kid.as_str());
    assert!(office.is_active(renewed).await?);
    Ok(())
}

#[tokio::test]
async fn a_key_nobody_has_is_not_revoked() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    assert!(!key_ring::revoke_key(&world.app.act(Actor::Operator, "console"), "0000000000000000").await?);
    Ok(())
}
