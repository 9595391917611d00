use anyhow::{Context as _, Result};
use idp_domain::{Ttl, service::ServiceState};
use integration_tests::{
    desk::{self, Desk},
    http::{self, Request},
    rp::{Rp, STATE},
    world::World,
};

use super::{CLUSTER, ENDED, NO_ACCESS, PASSWORD, browser, cloud, must_be_invalid_grant, office};

fn cluster() -> Result<String> {
    Ok(format!("{CLUSTER}{}", desk::registration()?))
}

#[tokio::test]
async fn a_withdrawal_closes_every_way_in_at_once() -> Result<()> {
    let world = World::start(&cluster()?).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap_or_default(), tokens["refresh_token"].as_str().unwrap_or_default());
    let unused = office.code(&office.open(&mut maria, &[]).await?.location().context("a code")?)?;
    let desk = Desk::open(&world, "nuria", PASSWORD).await?;
    let outcome = desk.withdraw("ateneu", "maria", "oficina").await?;
    assert_eq!(outcome.closed.len(), 1, "{outcome:?}");

    must_be_invalid_grant(office.trade(&unused).await?, ENDED)?;
    must_be_invalid_grant(office.refresh(refresh).await?, ENDED)?;
    assert_eq!(office.userinfo(access).await?.status.as_u16(), 401);
    assert!(!office.is_active(access).await? && !office.is_active(refresh).await?);
    let hop = office.open(&mut maria, &[]).await?.must_be(200)?;
    assert!(hop.text().contains("You do not have"), "{}", hop.text());
    let silent = office.open(&mut maria, &[("prompt", "none")]).await?.location().context("a redirect")?;
    assert_eq!(http::parameter(&silent, "error").as_deref(), Some("access_denied"));
    Ok(())
}

#[tokio::test]
async fn who_has_no_door_meets_their_managers_and_may_turn_back() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut nuria) = (office(&world), browser()?);
    let page = office.open(&mut nuria, &[]).await?;
    let page = office.answer_form(&mut nuria, page, "nuria", PASSWORD).await?.must_be(200)?;
    assert!(page.text().contains("Maria Puig i Ferrer"), "the page names a manager: {}", page.text());
    let back = page.form("Back to the service")?;
    let left = nuria.step(Request::for_form(&back), Some(&page.url)).await?;
    let left = nuria.follow_until(left, |url| office.is_redirect(url)).await?.location().context("back to the service")?;
    assert_eq!(http::parameter(&left, "error").as_deref(), Some("access_denied"), "{left}");
    assert_eq!(http::parameter(&left, "state").as_deref(), Some(STATE), "{left}");
    Ok(())
}

/// Lapsed where the office is, and a stranger to it where she is active.
const JANA: &str = r#"
[[collective]]
name = "La Xarxa"
slug = "xarxa"

[[person]]
username = "jana"
name = "Jana"
emails = ["jana@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", state = "lapsed" }, { collective = "xarxa" }]
"#;

#[tokio::test]
async fn whose_membership_rests_meets_the_managers_who_can_open_the_door_again() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{JANA}")).await?;
    let (office, mut jana) = (office(&world), browser()?);
    let page = office.open(&mut jana, &[]).await?;
    let page = office.answer_form(&mut jana, page, "jana", PASSWORD).await?.must_be(200)?;
    let text = page.text();
    assert!(text.contains("paused or has lapsed") && text.contains("Maria Puig i Ferrer") && !text.contains("Xarxa"), "{text}");
    assert!(page.form("Ask for access").is_err() && page.form("Back to the service").is_ok(), "nothing to ask for: {text}");
    Ok(())
}

#[tokio::test]
async fn every_endpoint_asks_the_gate_whatever_term_of_the_rule_falls() -> Result<()> {
    let world = World::start(&cluster()?).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let desk = Desk::open(&world, "nuria", PASSWORD).await?;
    let collective = desk.collective("ateneu").await?;
    let member = desk.member(&collective, "maria").await?;
    let version = desk.detail(&collective, "maria").await?.membership.version;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap_or_default(), tokens["refresh_token"].as_str().unwrap_or_default());
    assert!(office.is_active(access).await?);
    desk.api().suspend(&collective, &member.id, version, &idp_api::WithReason::default()).await?;
    assert!(!office.is_active(access).await?);
    must_be_invalid_grant(office.refresh(refresh).await?, ENDED)?;
    Ok(())
}

#[tokio::test]
async fn a_service_that_rests_gives_nothing_for_what_it_was_promised() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let unused = office.code(&office.open(&mut maria, &[]).await?.location().context("a code")?)?;
    world.set_service("oficina", ServiceState::Paused).await?;
    must_be_invalid_grant(office.trade(&unused).await?, NO_ACCESS)?;
    must_be_invalid_grant(office.refresh(tokens["refresh_token"].as_str().unwrap_or_default()).await?, NO_ACCESS)?;
    Ok(())
}

#[tokio::test]
async fn a_machine_of_a_closed_service_gets_nothing_and_what_it_had_is_worth_nothing() -> Result<()> {
    let machine = "\n[[client]]\nclient_id = \"motor\"\nkind = \"machine\"\nname = \"Motor\"\ngrant_types = [\"client_credentials\"]\n\
                   secret = \"a-secret-of-a-machine-without-a-service\"\n";
    let world = World::start(&format!("{CLUSTER}{machine}")).await?;
    let office = office(&world);
    let free = Rp::new(&world.issuer, "motor", Some("a-secret-of-a-machine-without-a-service"), "");
    let asked = [("grant_type", "client_credentials")];
    for state in [ServiceState::Paused, ServiceState::Draft, ServiceState::Retired] {
        let token = office.call("/oauth/token", &asked).await?.must_be(200)?.json()?["access_token"].clone();
        let token = token.as_str().context("a token")?;
        assert!(office.is_active(token).await?);
        world.set_service("oficina", state).await?;
        let told = office.call("/oauth/token", &asked).await?.must_be(400)?.json()?;
        assert_eq!(
            (&told["error"], &told["error_description"]),
            (&"unauthorized_client".into(), &"the service of this client is not active".into())
        );
        assert!(!office.is_active(token).await?, "{state:?}");
        free.call("/oauth/token", &asked).await?.must_be(200)?;
        world.set_service("oficina", ServiceState::Active).await?;
        assert!(office.is_active(token).await?);
    }
    Ok(())
}

#[tokio::test]
async fn a_suspension_in_one_collective_says_nothing_about_another() -> Result<()> {
    let world = World::start(&cluster()?).await?;
    let cloud = cloud(&world);
    let desk = Desk::open(&world, "nuria", PASSWORD).await?;
    // Pau belongs to El Forn only: for a manager of L'Ateneu he does not exist
    let collective = desk.collective("ateneu").await?;
    assert!(desk.member(&collective, "pau").await.is_err());
    let tokens = cloud.tokens(&mut browser()?, "pau", PASSWORD).await?;
    assert!(cloud.is_active(tokens["access_token"].as_str().unwrap_or_default()).await?);
    Ok(())
}

#[tokio::test]
async fn an_old_session_does_not_open_doors() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let tokens = office.tokens(&mut maria, "maria", PASSWORD).await?;
    world.wait(Ttl::hours(1));
    let page = office.open(&mut maria, &[]).await?.must_be(200)?;
    assert!(page.form("Sign in").is_ok(), "an hour of rest ends a session");
    assert_eq!(office.refresh(tokens["refresh_token"].as_str().unwrap_or_default()).await?.status.as_u16(), 400);
    Ok(())
}
