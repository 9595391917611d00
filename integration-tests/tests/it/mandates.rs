//! Managers propose managers, end to end: the real desk in front of the real provider, with a clock that moves when told.

use anyhow::{Context as _, Result, ensure};
use idp_api::client::ApiError;
use idp_domain::Ttl;
use integration_tests::{
    desk::{self, Desk},
    desk_app::{DeskApp, DeskPlace},
    http::{Page, Request, Session},
    world::World,
};
use url::Url;

const PASSWORD: &str = "quatre gats fan un aplec";

const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"
listed = true

[[person]]
username = "gemma"
name = "Gemma"
locale = "en"
emails = ["gemma@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]

[[person]]
username = "maria"
name = "Maria"
locale = "en"
emails = ["maria@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }]
"#;

/// A provider, its desk, and Gemma signed in there.
async fn scene() -> Result<(World, DeskApp, Session)> {
    let place = DeskPlace::take().await?;
    let world = World::start(&format!("{CLUSTER}{}", place.registration()?)).await?;
    let desk = place.open(&world)?;
    let (session, page) = desk.sign_in("gemma", PASSWORD).await?;
    ensure!(page.text().contains("You should have another manager"), "one manager is few: {}", page.describe());
    Ok((world, desk, session))
}

async fn person(desk: &DeskApp, session: &mut Session, name: &str) -> Result<Page> {
    let home = session.get(&desk.at("/")).await?;
    let people = session.get(&format!("{}/people", home.url)).await?;
    session.click(&people, name).await
}

/// The provider's account page of somebody, who answers a proposal there.
async fn answer(world: &World, username: &str, button: &str) -> Result<Page> {
    let mut session = Session::new()?.speaking("en");
    let page = session.get(&world.at("/login")).await?;
    let form = page.form("Sign in")?.set("identifier", username)?.set("password", PASSWORD)?;
    session.submit(&page, &form).await?;
    let page = session.get(&world.at("/account/collectives")).await?;
    let form = page.form(button)?.press(button)?;
    session.submit(&page, &form).await
}

#[tokio::test]
async fn a_proposal_needs_a_fresh_sign_in_and_nothing_is_typed_twice() -> Result<()> {
    let (world, desk, mut gemma) = scene().await?;
    let propose = "Propose Maria as a manager of L'Ateneu";
    let maria = person(&desk, &mut gemma, "Maria").await?;
    let form = gemma.click(&maria, propose).await?;

    // the sign-in is too old for this: the provider asks again, and the form is there again
    world.wait(Ttl::minutes(6));
    let asked = gemma.submit(&form, &form.form(propose)?).await?;
    ensure!(asked.url.as_str().starts_with(&world.issuer), "the provider asks again: {}", asked.describe());
    let back = desk.prove(&mut gemma, &asked, "gemma", PASSWORD).await?;
    ensure!(back.url == form.url && back.text().contains("You signed in again"), "{}", back.describe());
    let done = gemma.submit(&back, &back.form(propose)?).await?;
    ensure!(done.text().contains("Maria has been asked to be a manager of L'Ateneu"), "{}", done.describe());
    ensure!(done.text().contains("They have not accepted yet"), "the state shows: {}", done.describe());

    // she accepts in her own account; from then on there are two
    answer(&world, "maria", "Accept the mandate in L'Ateneu").await?;
    let page = person(&desk, &mut gemma, "Maria").await?;
    ensure!(page.text().contains("Maria has managed L'Ateneu since"), "{}", page.describe());

    // ending it is as dangerous, and what was written survives the sign-in
    let end = "End the mandate of Maria at L'Ateneu";
    let form = gemma.click(&page, end).await?;
    world.wait(Ttl::minutes(6));
    let filled = form.form(end)?.set("reason", "She moves to Vic")?;
    let asked = gemma.submit(&form, &filled).await?;
    let back = desk.prove(&mut gemma, &asked, "gemma", PASSWORD).await?;
    let again = back.form(end)?;
    ensure!(again.value("reason") == Some("She moves to Vic"), "{again:?}");
    let done = gemma.submit(&back, &again).await?;
    ensure!(done.text().contains("Maria is no longer a manager of L'Ateneu"), "{}", done.describe());
    Ok(())
}

#[tokio::test]
async fn the_last_manager_cannot_resign_and_the_page_says_why() -> Result<()> {
    let (_world, desk, mut gemma) = scene().await?;
    let own = person(&desk, &mut gemma, "Gemma").await?;
    let resign = "Stop being a manager of L'Ateneu";
    let form = gemma.click(&own, resign).await?;
    let refused = gemma.submit(&form, &form.form(resign)?).await?.must_be(409)?;
    ensure!(refused.text().contains("This is the collective’s last manager"), "{}", refused.describe());
    Ok(())
}

#[tokio::test]
async fn who_resigns_is_thanked_and_led_to_their_own_account() -> Result<()> {
    let (world, desk, mut gemma) = scene().await?;
    let propose = "Propose Maria as a manager of L'Ateneu";
    let maria = person(&desk, &mut gemma, "Maria").await?;
    let form = gemma.click(&maria, propose).await?;
    gemma.submit(&form, &form.form(propose)?).await?;
    answer(&world, "maria", "Accept the mandate in L'Ateneu").await?;
    let own = person(&desk, &mut gemma, "Gemma").await?;
    let resign = "Stop being a manager of L'Ateneu";
    let form = gemma.click(&own, resign).await?;
    let done = gemma.submit(&form, &form.form(resign)?).await?.must_be(200)?;
    ensure!(done.text().contains("You are no longer a manager of L'Ateneu"), "{}", done.describe());
    ensure!(done.link("Go to your account")?.as_str().starts_with(&world.issuer), "{}", done.describe());
    Ok(())
}

#[tokio::test]
async fn the_api_challenges_an_old_sign_in_as_rfc_9470_has_it() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let mut gemma = Desk::open(&world, "gemma", PASSWORD).await?;
    let collective = gemma.collective("ateneu").await?;
    let maria = gemma.member(&collective, "maria").await?.id;
    world.wait(Ttl::minutes(5));
    gemma.renew(&world).await?;
    gemma.api().propose_manager(&collective, &maria).await.context("fresh enough")?;
    let mandate = gemma.detail(&collective, "maria").await?.mandates.remove(0);
    // a token that was renewed since then says nothing new about who holds it
    world.wait(Ttl::seconds(1));
    gemma.renew(&world).await?;
    let path = format!("/manage/v1/collectives/{collective}/members/{maria}/mandates/{}/withdraw", mandate.id);
    let mut request = Request::post(Url::parse(&world.at(&path))?, [("", ""); 0])
        .header("content-type", "application/json")
        .header("authorization", &format!("Bearer {}", gemma.token()));
    request.body = Some(r#"{"state": "proposed"}"#.to_owned());
    let answer = Session::new()?.step(request, None).await?.must_be(401)?;
    let challenge = answer.header("www-authenticate").to_owned();
    ensure!(challenge.contains(r#"error="insufficient_user_authentication""#) && challenge.contains(r#"max_age="300""#), "{challenge}");
    ensure!(answer.header("content-type") == idp_api::PROBLEM_JSON && answer.json()?["type"] == "step-up", "{}", answer.body);
    let told = gemma.api().propose_manager(&collective, &maria).await;
    ensure!(told == Err(ApiError::StepUp { max_age: Some(300), acr: None }), "{told:?}");
    ensure!(gemma.detail(&collective, "maria").await?.mandates.len() == 1, "everything else works as before, and nothing was done");
    Ok(())
}
