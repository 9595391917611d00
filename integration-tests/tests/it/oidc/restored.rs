use anyhow::{Context as _, Result};
use idp_app::{App, grant_types, restore::begin_epoch, userinfo};
use idp_domain::policy::Actor;
use idp_protocol::params::Params;
use integration_tests::world::World;

use super::{CLUSTER, PASSWORD, browser, office};

/// Whether the access and the refresh token count in this process.
async fn counts(process: &App, access: &str, refresh: &str) -> Result<(bool, bool)> {
    let act = process.act(Actor::System, "test");
    let userinfo = userinfo::userinfo(&act, access).await.is_ok();
    let form =
        format!("grant_type=refresh_token&refresh_token={refresh}&client_id=oficina&client_secret=a-secret-of-the-office-for-tests-only");
    Ok((userinfo, grant_types::redeem(&act, None, &Params::parse(form.as_bytes())?).await.is_ok()))
}

#[tokio::test]
async fn after_a_restore_nothing_counts_that_was_issued_before() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let tokens = office(&world).tokens(&mut browser()?, "maria", PASSWORD).await?;
    let (access, refresh) = (tokens["access_token"].as_str().context("a token")?, tokens["refresh_token"].as_str().context("a token")?);
    let console = world.console().await?;
    assert_eq!(counts(&console, access, refresh).await?, (true, true));
    begin_epoch(&console.act(Actor::Operator, "console")).await?;
    assert_eq!(counts(&world.console().await?, access, refresh).await?, (false, false));
    Ok(())
}
