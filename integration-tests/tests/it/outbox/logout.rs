//! Back-channel logout: tried again with patience, given up when declared, told once however many workers there are.

use anyhow::{Context as _, Result, ensure};
use idp_api::{EditGrant, ServiceTold, ToldState};
use idp_app::jobs::{LEASE, MAX_ATTEMPTS};
use idp_domain::Ttl;
use integration_tests::{
    ambient::eventually,
    desk::{self, Desk},
    http::Session,
    receiver::{Receiver, Reply, verify_logout_token},
    rp::Rp,
    world::World,
};

use super::worlds;

const PASSWORD: &str = "quatre gats fan un aplec";

/// L'Ateneu opened these services for Maria; Gemma manages.
fn cluster(services: &[(&str, Option<&Receiver>)]) -> Result<String> {
    let grants: Vec<_> = services.iter().map(|(slug, _)| format!("{{ service = \"{slug}\", via = \"ateneu\" }}")).collect();
    let people = format!(
        r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"

[[person]]
username = "gemma"
name = "Gemma"
emails = ["gemma@ateneu.test"]
password = "{PASSWORD}"
memberships = [{{ collective = "ateneu", mandates = [{{ kind = "manager" }}] }}]

[[person]]
username = "maria"
name = "Maria"
emails = ["maria@ateneu.test"]
password = "{PASSWORD}"
memberships = [{{ collective = "ateneu" }}]
grants = [{}]
"#,
        grants.join(", ")
    );
    let services = services.iter().map(|(slug, receiver)| service(slug, *receiver));
    Ok([people, desk::registration()?].into_iter().chain(services).collect())
}

fn service(slug: &str, receiver: Option<&Receiver>) -> String {
    let told = receiver.map(|receiver| format!("backchannel_logout_uri = \"{}\"", receiver.uri)).unwrap_or_default();
    format!(
        r#"
[[service]]
name = "{slug}"
slug = "{slug}"

[[offer]]
service = "{slug}"
collective = "ateneu"

[[client]]
client_id = "{slug}"
service = "{slug}"
secret = "a-secret-of-{slug}-for-tests-only-0000"
grant_types = ["authorization_code"]
redirect_uris = ["https://{slug}.test/cb"]
scopes = ["openid"]
{told}
"#
    )
}

fn rp(world: &World, slug: &str) -> Rp {
    Rp::new(&world.issuer, slug, Some(&format!("a-secret-of-{slug}-for-tests-only-0000")), &format!("https://{slug}.test/cb"))
}

/// Maria signs in to a service.
async fn maria_enters(world: &World, slug: &str) -> Result<()> {
    rp(world, slug).tokens(&mut Session::new()?.speaking("en"), "maria", PASSWORD).await.map(drop)
}

/// What the desk says of each service.
async fn told(world: &World) -> Result<Vec<ServiceTold>> {
    let desk = Desk::open(world, "gemma", PASSWORD).await?;
    let collective = desk.collective("ateneu").await?;
    Ok(desk.detail(&collective, "maria").await?.told)
}

async fn state(world: &World) -> Result<ToldState> {
    match told(world).await?.as_slice() {
        [one] => Ok(one.state),
        other => anyhow::bail!("one service was told: {other:?}"),
    }
}

async fn withdraw(world: &World, slug: &str) -> Result<()> {
    Desk::open(world, "gemma", PASSWORD).await?.withdraw("ateneu", "maria", slug).await.map(drop)
}

#[tokio::test]
async fn a_service_that_was_down_is_told_after_a_pause_with_a_token_of_its_own() -> Result<()> {
    let oficina = Receiver::start().await?;
    for world in worlds(&cluster(&[("oficina", Some(&oficina))])?).await? {
        oficina.reply([Reply::Status(500), Reply::Status(200)]);
        let (worker, before) = (world.worker().await?, oficina.heard().len());
        maria_enters(&world, "oficina").await?;
        withdraw(&world, "oficina").await?;
        ensure!(state(&world).await? == ToldState::Waiting);
        let mut heard = Vec::new();
        ensure!(worker.work_off().await == 1);
        heard.push((oficina.heard()[before..].last().cloned().context("a token")?, world.clock.now()));
        ensure!(state(&world).await? == ToldState::TryingAgain);
        world.wait(Ttl::seconds(59));
        ensure!(worker.work_off().await == 0, "not before its time");
        world.wait(Ttl::seconds(13));
        ensure!(worker.work_off().await == 1);
        heard.push((oficina.heard()[before..].last().cloned().context("a token")?, world.clock.now()));
        let now = told(&world).await?;
        ensure!(now[0].state == ToldState::Confirmed && now[0].at == world.clock.now().millis(), "{now:?}");
        world.wait(Ttl::days(1));
        ensure!(worker.work_off().await == 0 && oficina.heard().len() == before + 2, "told is told");

        let mut claims = Vec::new();
        for (token, at) in &heard {
            claims.push(verify_logout_token(&rp(&world, "oficina"), token, at.seconds()).await?);
        }
        ensure!(claims[0]["jti"] != claims[1]["jti"], "each try has a token of its own");
        ensure!(claims[0]["sid"] == claims[1]["sid"] && claims[0]["sub"] == claims[1]["sub"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_service_that_never_takes_it_is_given_up_after_the_declared_tries_and_the_desk_says_so() -> Result<()> {
    let oficina = Receiver::start().await?;
    for world in worlds(&cluster(&[("oficina", Some(&oficina)), ("arxiu", None)])?).await? {
        oficina.reply([Reply::Status(500), Reply::Status(302), Reply::Status(404)]);
        let (worker, before) = (world.worker().await?, oficina.heard().len());
        maria_enters(&world, "oficina").await?;
        maria_enters(&world, "arxiu").await?;
        withdraw(&world, "oficina").await?;
        withdraw(&world, "arxiu").await?;
        for attempt in 1..=MAX_ATTEMPTS {
            ensure!(worker.work_off().await == 1, "try {attempt} is due");
            world.wait(Ttl::hours(3));
        }
        ensure!(worker.work_off().await == 0, "nothing is tried after the last try");
        ensure!(i64::try_from(oficina.heard().len() - before)? == MAX_ATTEMPTS);
        let states: Vec<_> = told(&world).await?.into_iter().map(|told| (told.service.slug, told.state)).collect();
        ensure!(states == [("arxiu".to_owned(), ToldState::CannotBeTold), ("oficina".to_owned(), ToldState::GivenUp)], "{states:?}");
    }
    Ok(())
}

/// The manager sets an end to the door, as seen on the desk.
async fn end_in(world: &World, slug: &str, after: Ttl) -> Result<()> {
    let desk = Desk::open(world, "gemma", PASSWORD).await?;
    let collective = desk.collective("ateneu").await?;
    let member = desk.member(&collective, "maria").await?;
    let door = desk.door(&collective, "maria", slug).await?;
    let edit = EditGrant { role: None, quota: None, ends_at: Some((world.clock.now() + after).millis()) };
    desk.api().edit_grant(&collective, &member.id, &door.grant_id, door.version, &edit).await?;
    Ok(())
}

#[tokio::test]
async fn a_door_that_closes_by_its_date_is_told_once_and_the_desk_says_so() -> Result<()> {
    let oficina = Receiver::start().await?;
    for world in worlds(&cluster(&[("oficina", Some(&oficina))])?).await? {
        let (worker, other, before) = (world.worker().await?, world.worker().await?, oficina.heard().len());
        maria_enters(&world, "oficina").await?;
        end_in(&world, "oficina", Ttl::minutes(10)).await?;
        world.wait(Ttl::millis(10 * 60_000 - 1));
        ensure!(worker.work_off().await == 0, "a moment before");
        world.wait(Ttl::millis(1));
        let (one, two) = tokio::join!(worker.work_off(), other.work_off());
        ensure!(one + two == 1, "{one} + {two}");
        ensure!(state(&world).await? == ToldState::Confirmed);
        world.wait(Ttl::days(1));
        ensure!(worker.work_off().await == 0 && oficina.heard().len() == before + 1, "told is told");
        let token = oficina.heard().last().cloned().context("a token")?;
        let at = world.clock.now() - Ttl::days(1);
        ensure!(verify_logout_token(&rp(&world, "oficina"), &token, at.seconds()).await?["sid"].is_string());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_worker_that_died_held_is_told_once_by_another() -> Result<()> {
    let oficina = Receiver::start().await?;
    for world in worlds(&cluster(&[("oficina", Some(&oficina))])?).await? {
        let before = oficina.heard().len();
        for _ in 0..8 {
            maria_enters(&world, "oficina").await?;
        }
        withdraw(&world, "oficina").await?;
        let held = world.console().await?.claim_jobs(world.clock.now(), 32).await?;
        ensure!(held.len() == 8, "{held:?}");
        let (one, other) = (world.worker().await?, world.worker().await?);
        world.wait(Ttl::millis(LEASE.as_millis() - 1));
        ensure!(one.work_off().await == 0, "the lease protects");
        world.wait(Ttl::millis(1));
        let (first, second) = tokio::join!(one.work_off(), other.work_off());
        ensure!(first + second == 8, "{first} and {second}");
        let mut heard: Vec<_> = oficina.heard()[before..].iter().map(|token| sid(token)).collect::<Result<_>>()?;
        heard.sort();
        heard.dedup();
        ensure!(heard.len() == 8 && oficina.heard().len() == before + 8, "each session is told of once");
        ensure!(state(&world).await? == ToldState::Confirmed);
    }
    Ok(())
}

fn sid(token: &str) -> Result<String> {
    integration_tests::rp::payload(token)?["sid"].as_str().map(str::to_owned).context("a sid")
}

#[tokio::test]
async fn a_service_that_never_answers_keeps_nobody_else_waiting() -> Result<()> {
    let (mute, quick) = (Receiver::start().await?, Receiver::start().await?);
    let world = World::start(&cluster(&[("muda", Some(&mute)), ("viva", Some(&quick))])?).await?;
    mute.reply([Reply::Silence]);
    for slug in ["muda", "muda", "muda", "viva"] {
        maria_enters(&world, slug).await?;
    }
    withdraw(&world, "muda").await?;
    withdraw(&world, "viva").await?;
    let worker = world.worker().await?;
    let at_work = tokio::spawn(async move { worker.work_off().await });
    eventually("the quick one to be told", async || Ok((!quick.heard().is_empty()).then_some(()))).await?;
    ensure!(!at_work.is_finished(), "the mute one is still being waited for");
    ensure!(mute.heard().len() <= 2, "and is not asked by everybody at once");
    ensure!(at_work.await? == 4);
    let states: Vec<_> = told(&world).await?.into_iter().map(|told| told.state).collect();
    ensure!(states == [ToldState::TryingAgain, ToldState::Confirmed], "{states:?}");
    Ok(())
}
