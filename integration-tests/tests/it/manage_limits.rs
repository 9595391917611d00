//! Limits of the management API: nobody who works by hand meets one, and who does is told how long to wait.

use anyhow::{Result, ensure};
use idp_api::paths;
use idp_domain::Ttl;
use integration_tests::{
    desk::{self, Desk},
    desk_app::DeskPlace,
    http::{Page, Request, Session},
    world::World,
};
use url::Url;

const PASSWORD: &str = "quatre gats fan un aplec";

const CLUSTER: &str = r#"
[[collective]]
name = "L'Ateneu"
slug = "ateneu"

[[person]]
username = "gemma"
name = "Gemma"
locale = "en"
emails = ["gemma@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]

[[person]]
username = "nuria"
name = "Núria"
emails = ["nuria@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu", mandates = [{ kind = "manager" }] }]
"#;

/// One call with this token, in a session that is used again and again.
async fn call(world: &World, session: &mut Session, method: &str, path: &str, token: &str) -> Result<Page> {
    let mut request = Request::get(Url::parse(&world.at(path))?).header("authorization", &format!("Bearer {token}"));
    request.method = method.parse()?;
    session.step(request, None).await
}

/// An answer that asks to come back later, as a problem.
fn must_ask_to_wait(answer: &Page, seconds: &str) -> Result<()> {
    ensure!(answer.status == 429 && answer.header("content-type") == idp_api::PROBLEM_JSON, "{}", answer.describe());
    ensure!(answer.json()?["type"] == "too-many-requests", "{}", answer.body);
    ensure!(answer.header("retry-after") == seconds, "Retry-After: {}", answer.header("retry-after"));
    Ok(())
}

#[tokio::test]
async fn a_person_has_six_hundred_calls_a_minute_and_sixty_changes() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let (gemma, nuria) = (Desk::open(&world, "gemma", PASSWORD).await?, Desk::open(&world, "nuria", PASSWORD).await?);
    let mut session = Session::new()?;
    // what is refused counts as well; the change needs a version that nobody gave
    for _ in 0..60 {
        call(&world, &mut session, "POST", "/manage/v1/collectives/col_0/members/mem_0/suspend", gemma.token()).await?.must_be(404)?;
    }
    let refused = call(&world, &mut session, "POST", "/manage/v1/collectives/col_0/members/mem_0/suspend", gemma.token()).await?;
    must_ask_to_wait(&refused, "60")?;
    for _ in 61..600 {
        call(&world, &mut session, "GET", paths::ME, gemma.token()).await?.must_be(200)?;
    }
    must_ask_to_wait(&call(&world, &mut session, "GET", paths::ME, gemma.token()).await?, "60")?;
    call(&world, &mut session, "GET", paths::ME, nuria.token()).await?.must_be(200)?;
    world.wait(Ttl::millis(59_001));
    must_ask_to_wait(&call(&world, &mut session, "GET", paths::ME, gemma.token()).await?, "1")?;
    world.wait(Ttl::seconds(1));
    call(&world, &mut session, "GET", paths::ME, gemma.token()).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn sixty_invitations_to_one_stranger_are_four_mails() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let gemma = Desk::open(&world, "gemma", PASSWORD).await?;
    let mut session = Session::new()?;
    let place = paths::INVITATIONS.replace("{collective}", &gemma.collective("ateneu").await?);
    for time in 0..60 {
        let mut request = Request::get(Url::parse(&world.at(&place))?)
            .header("authorization", &format!("Bearer {}", gemma.token()))
            .header("content-type", "application/json");
        request.method = "POST".parse()?;
        request.body = Some(r#"{"email": "nova@exemple.test"}"#.to_owned());
        let answer = session.step(request, None).await?;
        if time < 4 {
            answer.must_be(201)?;
        } else {
            must_ask_to_wait(&answer, "86400")?;
            ensure!(answer.json()?["code"] == "too_many_mails", "{}", answer.body);
        }
    }
    Ok(())
}

#[tokio::test]
async fn tokens_that_do_not_work_are_limited_by_address_and_tokens_that_work_never() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{}", desk::registration()?)).await?;
    let gemma = Desk::open(&world, "gemma", PASSWORD).await?;
    let mut session = Session::new()?;
    for _ in 0..300 {
        call(&world, &mut session, "GET", paths::ME, "e30.e30.AAAA").await?.must_be(401)?;
    }
    must_ask_to_wait(&call(&world, &mut session, "GET", paths::ME, "e30.e30.AAAA").await?, "60")?;
    call(&world, &mut session, "GET", paths::ME, gemma.token()).await?.must_be(200)?;
    world.wait(Ttl::minutes(1));
    call(&world, &mut session, "GET", paths::ME, "e30.e30.AAAA").await?.must_be(401)?;
    Ok(())
}

#[tokio::test]
async fn what_was_written_at_the_desk_survives_the_limit() -> Result<()> {
    let place = DeskPlace::take().await?;
    let world = World::start(&format!("{CLUSTER}{}", place.registration()?)).await?;
    let desk = place.open(&world)?;
    let (mut gemma, home) = desk.sign_in("gemma", PASSWORD).await?;
    let people = gemma.get(&format!("{}/people", home.url)).await?;
    let nuria = gemma.click(&people, "Núria").await?;
    let pause = "Pause Núria at L'Ateneu";
    let form = gemma.click(&nuria, pause).await?;
    let filled = form.form(pause)?.set("reason", "A year abroad")?;
    // with a version nobody has seen, each is refused and counts
    let stale = filled.clone().forge("seen", "99");
    for _ in 0..60 {
        gemma.submit(&form, &stale).await?.must_be(412)?;
    }
    let fast = gemma.submit(&form, &filled).await?.must_be(429)?;
    ensure!(fast.text().contains("wait a minute and send it again"), "{}", fast.describe());
    let again = fast.form(pause)?;
    ensure!(again.value("reason") == Some("A year abroad"), "{again:?}");
    world.wait(Ttl::minutes(1));
    let done = gemma.submit(&fast, &again).await?;
    ensure!(done.text().contains("Núria is paused at L'Ateneu"), "{}", done.describe());

    // whoever only looks too often gets a page that says so
    for _ in 0..300 {
        if gemma.get(form.url.as_str()).await?.status == 429 {
            break;
        }
    }
    let calm = gemma.get(form.url.as_str()).await?.must_be(429)?;
    ensure!(calm.text().contains("Wait a minute and try again"), "{}", calm.describe());
    Ok(())
}

#[tokio::test]
async fn an_invitation_is_sent_again_from_the_desk_three_times_a_day() -> Result<()> {
    let place = DeskPlace::take().await?;
    let world = World::start(&format!("{CLUSTER}{}", place.registration()?)).await?;
    let desk = place.open(&world)?;
    let (mut gemma, home) = desk.sign_in("gemma", PASSWORD).await?;
    let invite = gemma.get(&format!("{}/people/invite", home.url)).await?;
    let button = "Send the invitation from L'Ateneu";
    let form = invite.form(button)?.set("email", "nova@exemple.test")?;
    gemma.submit(&invite, &form).await?.must_be(200)?;
    let again = format!("{button} again");
    for time in 0..4 {
        let people = gemma.get(&format!("{}/people?state=invited", home.url)).await?;
        let nova = gemma.click(&people, "nova@exemple.test").await?;
        let form = gemma.click(&nova, &again).await?;
        let sent = gemma.submit(&form, &form.form(&again)?).await?;
        if time < 3 {
            ensure!(sent.text().contains("was sent to nova@exemple.test again"), "{}", sent.describe());
        } else {
            ensure!(sent.status == 429 && sent.text().contains("It was sent often enough today"), "{}", sent.describe());
        }
    }
    Ok(())
}
