//! Registering with somebody else's address before or after its owner does.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use integration_tests::{
    http::{Page, Request, Session},
    world::World,
};

use super::enter;
use crate::oidc::{CLUSTER, PASSWORD, browser};

const VICTIM: &str = "laia@exemple.test";
const OWN: &str = "quatre gats a la teulada";
const PLANTED: &str = "una contrasenya plantada";
const CHOSEN: &str = "una altra de ben triada";

async fn register(world: &World, session: &mut Session, username: &str, email: &str, password: &str) -> Result<Page> {
    let page = session.get(&world.at("/join/ateneu")).await?;
    let mut form = page.form("Send the request")?;
    for (field, value) in [("name", "Laia Ferrer"), ("username", username), ("email", email), ("password", password)] {
        form = form.set(field, value)?;
    }
    session.submit(&page, &form).await
}

/// Delivers what waits. Gives the links of the mails that were not there before, and how many mails those are.
async fn delivered(world: &World, before: &mut Vec<String>) -> Result<(Vec<String>, usize)> {
    world.worker().await?.work_off().await;
    let (mut links, mut mails) = (Vec::new(), 0);
    for file in fs::read_dir(world.directory.path().join("mail"))? {
        let path = file?.path().display().to_string();
        if before.contains(&path) {
            continue;
        }
        mails += 1;
        let mail = fs::read_to_string(&path)?;
        links.extend(mail.lines().find(|line| line.starts_with("http") && line.contains("/verify?link=")).map(str::to_owned));
        before.push(path);
    }
    Ok((links, mails))
}

async fn one_link(world: &World, before: &mut Vec<String>) -> Result<String> {
    let (mut links, mails) = delivered(world, before).await?;
    ensure!(mails == 1, "{mails} mails");
    links.pop().context("a link")
}

/// Opens a link in this browser and says yes, with a password if one is given.
async fn prove(session: &mut Session, link: &str, password: Option<&str>) -> Result<Page> {
    let page = session.get(link).await?.must_be(200)?;
    let form = page.form("Yes, it is my address")?;
    let form = match password {
        Some(password) => form.set("password", password)?,
        None => form,
    };
    session.step(Request::for_form(&form), Some(&page.url)).await
}

async fn signs_in(world: &World, password: &str) -> Result<bool> {
    let mut session = browser()?;
    enter(world, &mut session, VICTIM, password).await?;
    Ok(session.get(&world.at("/account")).await?.url.path() == "/account")
}

#[tokio::test]
async fn whoever_proves_an_address_decides_its_password() -> Result<()> {
    // the stranger comes after or before her, under her username or another; she follows either mail
    for (first_is_hers, strangers_username, follows) in
        [(true, "laia", 0), (true, "laia", 1), (true, "lladre", 1), (false, "laia", 0), (false, "laia", 1), (false, "lladre", 0)]
    {
        let case = format!("{first_is_hers} {strangers_username} {follows}");
        let world = World::start(CLUSTER).await?;
        let (hers, strangers) = (("laia", OWN), (strangers_username, PLANTED));
        let mut links = Vec::new();
        let mut seen = Vec::new();
        for (username, password) in if first_is_hers { [hers, strangers] } else { [strangers, hers] } {
            register(&world, &mut browser()?, username, VICTIM, password).await?.must_be(200)?;
            links.push(one_link(&world, &mut seen).await?);
        }
        for link in &links {
            browser()?.get(link).await?.must_be(200).context(case.clone())?;
        }
        let mut clean = browser()?;
        // without a password of her own nothing is proven, and the link still works
        let page = clean.get(&links[follows]).await?;
        let unset = page.form("Yes, it is my address")?.set("password", "")?;
        clean.step(Request::for_form(&unset), Some(&page.url)).await?.must_be(422).context(case.clone())?;
        prove(&mut clean, &links[follows], Some(CHOSEN)).await?.must_be(200).context(case.clone())?;
        for link in &links {
            browser()?.get(link).await?.must_be(410).context(case.clone())?;
        }
        // the one she followed says that it did its work; nobody else holds it
        let again = browser()?.get(&links[follows]).await?;
        ensure!(again.body.contains("confirmed already") && again.body.contains("href=\"/login\""), "{case}: {}", again.body);
        ensure!(!signs_in(&world, PLANTED).await?, "{case}: the stranger's password signs in");
        ensure!(!signs_in(&world, OWN).await?, "{case}: replaced");
        ensure!(signs_in(&world, CHOSEN).await?, "{case}: hers");
    }
    Ok(())
}

#[tokio::test]
async fn in_the_browser_that_registered_one_button_is_enough_and_only_there() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (mut hers, mut stranger, mut seen) = (browser()?, browser()?, Vec::new());
    register(&world, &mut hers, "laia", VICTIM, OWN).await?.must_be(200)?;
    let own = one_link(&world, &mut seen).await?;
    register(&world, &mut stranger, "laia", VICTIM, PLANTED).await?.must_be(200)?;
    let again = one_link(&world, &mut seen).await?;
    let elsewhere = [stranger.get(&again).await?, stranger.get(&own).await?, hers.get(&again).await?];
    for page in elsewhere {
        ensure!(page.body.contains("name=\"password\""), "whose password it is, is not known: {}", page.describe());
    }
    let page = hers.get(&own).await?;
    ensure!(!page.body.contains("name=\"password\""), "{}", page.describe());
    prove(&mut hers, &own, None).await?.must_be(200)?;
    ensure!(signs_in(&world, OWN).await? && !signs_in(&world, PLANTED).await?);
    Ok(())
}

#[tokio::test]
async fn registering_again_tells_nothing_and_takes_no_link_away() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut seen = Vec::new();
    register(&world, &mut browser()?, "laia", VICTIM, OWN).await?.must_be(200)?;
    let own = one_link(&world, &mut seen).await?;
    let mut answers = Vec::new();
    for (username, email) in [
        ("laia", VICTIM),
        ("altra", VICTIM),
        ("nova", "nova@exemple.test"),
        ("tercera", "maria@ateneu.test"),
        ("tercera", "maria@ateneu.test"),
    ] {
        let answer = register(&world, &mut browser()?, username, email, PASSWORD).await?;
        let (_, mails) = delivered(&world, &mut seen).await?;
        answers.push((answer.status, answer.text().replace(email, "…"), mails));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.0 == 200 && answer.2 == 1), "{answers:?}");
    // the day's registrations of an address can be used up by anybody; its owner's link cannot
    for n in 0..8 {
        let answer = register(&world, &mut browser()?, "laia", VICTIM, PLANTED).await?;
        let (_, mails) = delivered(&world, &mut seen).await?;
        ensure!((answer.status.as_u16(), mails) == if n < 2 { (200, 1) } else { (429, 0) }, "{n}: {}", answer.describe());
    }
    prove(&mut browser()?, &own, Some(CHOSEN)).await?.must_be(200)?;
    ensure!(signs_in(&world, CHOSEN).await? && !signs_in(&world, PLANTED).await?);
    Ok(())
}
