//! Services that act in somebody's name without them, and the permission taken back in the account.

use anyhow::{Context as _, Result, ensure};
use integration_tests::{
    html::Form,
    http::{Page, Session},
    receiver::{Receiver, verify_logout_token},
    rp::Rp,
    world::World,
};

use super::{CLUSTER, ENDED, PASSWORD, browser, must_be_invalid_grant};

const TITLE: &str = "Services that can act in your name without you";
const BUTTON: &str = "Take the permission back";

fn cluster(told: &Receiver) -> String {
    let clients = ["synch", "altre"].map(|client| {
        format!(
            r#"
[[client]]
client_id = "{client}"
service = "oficina"
secret = "a-secret-of-{client}-for-tests-only-0000"
grant_types = ["authorization_code", "refresh_token"]
redirect_uris = ["https://{client}.test/cb"]
scopes = ["openid", "offline_access"]
backchannel_logout_uri = "{}"
"#,
            told.uri
        )
    });
    [CLUSTER, &clients[0], &clients[1]].concat()
}

fn rp(world: &World, client: &str) -> Rp {
    Rp::new(&world.issuer, client, Some(&format!("a-secret-of-{client}-for-tests-only-0000")), &format!("https://{client}.test/cb"))
}

/// Somebody lets a client act without them; gives its refresh token.
async fn permit(world: &World, session: &mut Session, username: &str, client: &str, scope: &str) -> Result<String> {
    let rp = rp(world, client);
    let page = rp.open(session, &[("scope", scope)]).await?;
    let page = if page.location().is_some() { page } else { rp.answer_form(session, page, username, PASSWORD).await? };
    let tokens = rp.trade(&rp.code(&page.location().context("a redirect")?)?).await?.must_be(200)?.json()?;
    Ok(tokens["refresh_token"].as_str().context("a refresh token")?.to_owned())
}

async fn security(world: &World, session: &mut Session) -> Result<Page> {
    session.get(&world.at("/account/security")).await?.must_be(200)
}

/// Signs in to the account, to no service.
async fn enter(world: &World, username: &str) -> Result<Session> {
    let mut session = browser()?;
    let page = session.get(&world.at("/login")).await?;
    let form = page.form("Sign in")?.set("identifier", username)?.set("password", PASSWORD)?;
    session.submit(&page, &form).await?.must_be(200)?;
    Ok(session)
}

#[tokio::test]
async fn what_a_service_does_in_somebodys_name_is_shown_and_taken_back() -> Result<()> {
    let receiver = Receiver::start().await?;
    let world = World::start(&cluster(&receiver)).await?;
    let worker = world.worker().await?;
    let mut maria = browser()?;
    permit(&world, &mut maria, "maria", "altre", "openid").await?;
    ensure!(!security(&world, &mut maria).await?.body.contains(TITLE), "what ends with the session is nothing of the kind");
    let token = permit(&world, &mut maria, "maria", "synch", "openid offline_access").await?;
    let question = maria.get(&world.at("/logout")).await?;
    maria.submit(&question, &question.only_form()?).await?.must_be(200)?;
    worker.work_off().await;
    let before = receiver.heard().len();
    rp(&world, "synch").refresh(&token).await?.must_be(200)?;

    // it survived her signing out, and she finds it when she comes back
    let mut maria = enter(&world, "maria").await?;
    let page = security(&world, &mut maria).await?;
    ensure!(page.text().contains(TITLE) && page.text().contains("Oficina just now"), "{}", page.describe());
    let form: Form = page.form(BUTTON)?;

    // it is nobody else's to end, nor to know of
    let mut pau = browser()?;
    permit(&world, &mut pau, "pau", "synch", "openid offline_access").await?;
    let own = security(&world, &mut pau).await?;
    let foreign = own.form(BUTTON)?.forge("authorization", form.value("authorization").context("an identifier")?);
    pau.submit(&own, &foreign).await?.must_be(404)?;
    maria.submit(&page, &form.clone().forge("csrf", "forged")).await?.must_be(403)?;
    rp(&world, "synch").refresh(&token).await?.must_be(200)?;

    let done = maria.submit(&page, &form).await?.must_be(200)?;
    ensure!(done.text().contains("This service can no longer act in your name."), "{}", done.describe());
    ensure!(!done.body.contains(TITLE), "there is no other: {}", done.describe());
    must_be_invalid_grant(rp(&world, "synch").refresh(&token).await?, ENDED)?;
    ensure!(worker.work_off().await == 1, "the service is told");
    let told = receiver.heard().get(before..).and_then(<[String]>::last).cloned().context("a logout token")?;
    verify_logout_token(&rp(&world, "synch"), &told, world.clock.now().seconds()).await?;
    maria.submit(&page, &form).await?.must_be(404)?;
    let record = maria.get(&world.at("/account/record")).await?.must_be(200)?;
    ensure!(record.text().contains("A service’s permission to act in your name was taken back Oficina you"), "{}", record.describe());
    Ok(())
}
