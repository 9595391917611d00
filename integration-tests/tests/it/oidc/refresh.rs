use anyhow::{Context as _, Result};
use idp_domain::Ttl;
use integration_tests::{
    http::Session,
    rp::{Rp, payload},
    world::World,
};
use serde_json::{Value, json};

use super::{CLUSTER, ENDED, OF_NOBODY_OR_ANOTHER, PASSWORD, browser, cloud, must_be_invalid_grant, office, phone};

fn refresh_token(tokens: &Value) -> Result<&str> {
    tokens["refresh_token"].as_str().context("a refresh token")
}

#[tokio::test]
async fn a_confidential_client_keeps_its_refresh_token_and_its_person() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let first = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    world.wait(Ttl::minutes(6));
    let token = refresh_token(&first)?;
    assert!(!office.is_active(first["access_token"].as_str().unwrap_or_default()).await?, "five minutes are over");
    let second = office.refresh(token).await?.must_be(200)?.json()?;
    assert!(second.get("refresh_token").is_none(), "not rotated");
    let (before, after) =
        (payload(first["id_token"].as_str().unwrap_or_default())?, payload(second["id_token"].as_str().unwrap_or_default())?);
    for same in ["iss", "sub", "aud", "sid", "auth_time"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after.get("nonce").is_none() && after["iat"].as_i64() > before["iat"].as_i64());
    assert!(office.is_active(second["access_token"].as_str().unwrap_or_default()).await?);
    office.refresh(token).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn scope_only_shrinks() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let token = refresh_token(&tokens)?;
    let fields = |scope| [("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)];
    let fewer = office.call("/oauth/token", &fields("openid email")).await?.must_be(200)?.json()?;
    assert_eq!(fewer["scope"], "openid email");
    let more = office.call("/oauth/token", &fields("openid offline_access")).await?.must_be(400)?.json()?;
    assert_eq!(more["error"], "invalid_scope");
    Ok(())
}

/// What tokens of a code for these scopes of a signed-in person hold.
async fn authorized(rp: &Rp, signed_in: &mut Session, scope: &str) -> Result<Value> {
    let sent = rp.open(signed_in, &[("scope", scope)]).await?.location().context("a redirect")?;
    rp.trade(&rp.code(&sent)?).await?.must_be(200)?.json()
}

async fn introspected(rp: &Rp, token: &str) -> Result<Value> {
    rp.call("/oauth/introspect", &[("token", token)]).await?.must_be(200)?.json()
}

#[tokio::test]
async fn a_later_authorization_changes_nothing_about_an_older_refresh_token() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    office.sign_in(&mut maria, "maria", PASSWORD).await?;
    let narrow = authorized(&office, &mut maria, "openid").await?;
    let wide = authorized(&office, &mut maria, "openid profile email groups").await?;
    let last = authorized(&office, &mut maria, "openid profile").await?;
    for (tokens, scope) in [(&narrow, "openid"), (&wide, "openid profile email groups"), (&last, "openid profile")] {
        let token = refresh_token(tokens)?;
        assert_eq!(introspected(&office, token).await?["scope"], scope);
        let refreshed = office.refresh(token).await?.must_be(200)?.json()?;
        assert_eq!(refreshed["scope"], scope);
        let access_token = refreshed["access_token"].as_str().context("an access token")?;
        assert_eq!(introspected(&office, access_token).await?["scope"], scope);
        let seen = office.userinfo(access_token).await?.must_be(200)?.json()?;
        assert_eq!(seen.get("email").is_some(), scope.contains("email"), "{scope}: {seen}");
        assert_eq!(payload(refreshed["id_token"].as_str().unwrap_or_default())?["sub"], seen["sub"]);
    }
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token(&narrow)?), ("scope", "openid email")];
    assert_eq!(office.call("/oauth/token", &fields).await?.must_be(400)?.json()?["error"], "invalid_scope");
    Ok(())
}

#[tokio::test]
async fn a_later_authorization_changes_nothing_about_an_older_code() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    office.sign_in(&mut maria, "maria", PASSWORD).await?;
    let narrow = office.open(&mut maria, &[("scope", "openid")]).await?.location().context("a redirect")?;
    let wide = office.open(&mut maria, &[("scope", "openid email offline_access")]).await?.location().context("a redirect")?;
    let narrow = office.trade(&office.code(&narrow)?).await?.must_be(200)?.json()?;
    let wide = office.trade(&office.code(&wide)?).await?.must_be(200)?.json()?;
    assert_eq!((&narrow["scope"], &wide["scope"]), (&json!("openid"), &json!("openid email offline_access")));
    let id_token = |tokens: &Value| payload(tokens["id_token"].as_str().unwrap_or_default());
    assert_eq!(id_token(&narrow)?.get("email"), None);
    assert_eq!(office.refresh(refresh_token(&narrow)?).await?.must_be(200)?.json()?["scope"], "openid");
    world.wait(Ttl::hours(25));
    assert_eq!(office.refresh(refresh_token(&narrow)?).await?.status.as_u16(), 400, "it was never offered beyond the session");
    office.refresh(refresh_token(&wide)?).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn a_narrower_request_of_a_public_client_leaves_the_successor_as_wide_as_it_was() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (phone, mut maria) = (phone(&world), browser()?);
    let page = phone.open(&mut maria, &[("scope", "openid profile")]).await?;
    let sent = phone.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    let first = phone.trade(&phone.code(&sent)?).await?.must_be(200)?.json()?;
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh_token(&first)?), ("scope", "openid")];
    let narrower = phone.call("/oauth/token", &fields).await?.must_be(200)?.json()?;
    assert_eq!(narrower["scope"], "openid");
    // RFC 6749 §6: "the refresh token scope MUST be identical to that of the refresh token included by the client"
    assert_eq!(phone.refresh(refresh_token(&narrower)?).await?.must_be(200)?.json()?["scope"], "openid profile");
    Ok(())
}

#[tokio::test]
async fn in_the_hands_of_another_client_a_refresh_token_ends_everything() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let token = refresh_token(&tokens)?;
    must_be_invalid_grant(cloud(&world).refresh(token).await?, OF_NOBODY_OR_ANOTHER)?;
    must_be_invalid_grant(office.refresh(token).await?, ENDED)?;
    assert!(!office.is_active(tokens["access_token"].as_str().unwrap_or_default()).await?);
    Ok(())
}

#[tokio::test]
async fn a_revoked_refresh_token_ends_its_family_and_another_clients_is_left_alone() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let elsewhere = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let token = refresh_token(&tokens)?;
    let access_token = tokens["access_token"].as_str().context("an access token")?;
    // RFC 7009 §2.1: another client's token is none of its business, and nothing is told
    for stranger in [cloud(&world), phone(&world)] {
        stranger.call("/oauth/revoke", &[("token", token)]).await?.must_be(200)?;
        stranger.call("/oauth/revoke", &[("token", access_token)]).await?.must_be(200)?;
    }
    assert!(office.is_active(token).await? && office.is_active(access_token).await?);
    let refreshed = office.refresh(token).await?.must_be(200)?.json()?;

    office.call("/oauth/revoke", &[("token", token), ("token_type_hint", "refresh_token")]).await?.must_be(200)?;
    must_be_invalid_grant(office.refresh(token).await?, ENDED)?;
    for access_token in [access_token, refreshed["access_token"].as_str().context("an access token")?] {
        assert!(!office.is_active(access_token).await?);
        assert_eq!(office.userinfo(access_token).await?.status.as_u16(), 401);
    }
    office.call("/oauth/revoke", &[("token", token)]).await?.must_be(200)?;
    office.refresh(refresh_token(&elsewhere)?).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn who_signs_in_anew_and_gives_the_old_token_back_keeps_the_new_one() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let old = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let hop = office.open(&mut maria, &[]).await?.location().context("a silent answer")?;
    let new = office.trade(&office.code(&hop)?).await?.must_be(200)?.json()?;
    office.call("/oauth/revoke", &[("token", refresh_token(&old)?)]).await?.must_be(200)?;
    assert!(!office.is_active(refresh_token(&old)?).await?);
    let access_token = new["access_token"].as_str().context("an access token")?;
    assert!(office.is_active(refresh_token(&new)?).await? && office.is_active(access_token).await?);
    office.call("/oauth/revoke", &[("token", refresh_token(&new)?)]).await?.must_be(200)?;
    assert!(!office.is_active(access_token).await?, "nothing is left that it could stand for");
    Ok(())
}

#[tokio::test]
async fn a_revoked_token_of_a_public_client_takes_its_predecessors_and_successors_along() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (phone, mut maria) = (phone(&world), browser()?);
    let page = phone.open(&mut maria, &[("scope", "openid profile")]).await?;
    let sent = phone.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    let first = phone.trade(&phone.code(&sent)?).await?.must_be(200)?.json()?;
    let second = phone.refresh(refresh_token(&first)?).await?.must_be(200)?.json()?;
    phone.call("/oauth/revoke", &[("token", refresh_token(&first)?)]).await?.must_be(200)?;
    must_be_invalid_grant(phone.refresh(refresh_token(&second)?).await?, ENDED)?;
    Ok(())
}

#[tokio::test]
async fn a_public_client_rotates_and_a_replay_ends_the_family() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (phone, mut maria) = (phone(&world), browser()?);
    let page = phone.open(&mut maria, &[("scope", "openid profile")]).await?;
    let sent = phone.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    let first = phone.trade(&phone.code(&sent)?).await?.must_be(200)?.json()?;
    let second = phone.refresh(refresh_token(&first)?).await?.must_be(200)?.json()?;
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    // the answer got lost: within the grace the predecessor is answered once more
    let again = phone.refresh(refresh_token(&first)?).await?.must_be(200)?.json()?;
    assert_eq!(phone.refresh(refresh_token(&second)?).await?.status.as_u16(), 400, "the lost one is dead");
    // … and that was a replay of a revoked token in the family's eyes, or the live one goes on; a late replay ends it for sure
    let live = phone.refresh(refresh_token(&again)?).await?;
    if live.status.is_success() {
        world.wait(Ttl::seconds(11));
        must_be_invalid_grant(phone.refresh(refresh_token(&again)?).await?, "the refresh token was used already")?;
        assert_eq!(phone.refresh(refresh_token(&live.json()?)?).await?.status.as_u16(), 400, "the family ended");
    }
    Ok(())
}

#[tokio::test]
async fn without_offline_access_a_refresh_token_ends_with_the_session() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let bound = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let sent = office.open(&mut maria, &[("scope", "openid offline_access")]).await?.location().context("a redirect")?;
    let offline = office.trade(&office.code(&sent)?).await?.must_be(200)?.json()?;
    assert_eq!(offline["scope"], json!("openid offline_access"));
    world.wait(Ttl::hours(25));
    must_be_invalid_grant(office.refresh(refresh_token(&bound)?).await?, ENDED)?;
    office.refresh(refresh_token(&offline)?).await?.must_be(200)?;
    world.wait(Ttl::days(15)); // idle for too long
    must_be_invalid_grant(office.refresh(refresh_token(&offline)?).await?, "the refresh token has expired or was revoked")?;
    Ok(())
}
