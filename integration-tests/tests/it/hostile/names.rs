//! Hostile words: in names, in parameters, in headers.

use anyhow::{Context as _, Result, ensure};
use integration_tests::{
    html,
    http::{self, Request, Session},
    world::World,
};

use super::{address, enter};
use crate::oidc::{CLUSTER, PASSWORD, archive, browser, office};

const PERSON: &str = "<script>alert(1)</script>";
const SERVICE: &str = "\\\"><img src=x onerror=alert(2)>";
const COLLECTIVE: &str = "</title><svg onload=alert(3)>";

fn marked() -> String {
    CLUSTER
        .replace("Maria Puig i Ferrer", PERSON)
        .replace("Núria sense porta", "<b>'Núria' &amp; co</b>")
        .replace("name = \"Arxiu\"", &format!("name = \"{SERVICE}\""))
        .replace("name = \"Oficina\"", &format!("name = \"{SERVICE}!\""))
        .replace("name = \"L'Ateneu\"", &format!("name = \"{COLLECTIVE}\""))
}

fn harmless(page: &http::Page) -> Result<()> {
    for mark in ["<script>", "<img src=x", "<svg onload", "<b>'N", "javascript:"] {
        ensure!(!page.body.contains(mark), "{mark} at {}:\n{}", page.url, page.body);
    }
    Ok(())
}

#[tokio::test]
async fn no_name_becomes_part_of_a_page() -> Result<()> {
    let world = World::start(&marked()).await?;
    let (office, archive) = (office(&world), archive(&world));
    let mut maria = browser()?;
    let login = archive.open(&mut maria, &[("login_hint", "\"><script>alert(4)</script>")]).await?;
    harmless(&login)?;
    assert!(login.text().contains("onerror=alert(2)"), "the name is shown, as words: {}", login.text());
    assert_eq!(login.form("Sign in")?.value("identifier"), Some("\"><script>alert(4)</script>"));
    let consent = archive.answer_form(&mut maria, login, "maria", PASSWORD).await?.must_be(200)?;
    harmless(&consent)?;
    assert!(consent.text().contains("<script>alert(1)</script>"), "{}", consent.text());
    for path in ["/account", "/account/collectives", "/account/security", "/join", "/join/ateneu", "/logout", "/join?q=%3Cscript%3E"] {
        harmless(&maria.get(&world.at(path)).await?.must_be(200)?)?;
    }
    harmless(&office.open(&mut maria, &[("prompt", "select_account")]).await?.must_be(200)?)?;

    let mut nuria = browser()?;
    let login = office.open(&mut nuria, &[]).await?;
    let away = office.answer_form(&mut nuria, login, "nuria", PASSWORD).await?.must_be(200)?;
    harmless(&away)?;
    assert!(away.text().contains(PERSON), "her manager is named: {}", away.text());
    Ok(())
}

#[tokio::test]
async fn what_was_typed_comes_back_as_words() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut somebody = browser()?;
    let page = somebody.get(&world.at("/login")).await?;
    let mark = "\"><script>alert(1)</script>";
    let form = page.form("Sign in")?.set("identifier", mark)?.set("password", mark)?;
    let again = somebody.submit(&page, &form).await?.must_be(422)?;
    harmless(&again)?;
    let again = again.form("Sign in")?;
    assert_eq!((again.value("identifier"), again.value("password")), (Some(mark), Some("")), "a password never comes back");
    let join = somebody.get(&world.at("/join/ateneu")).await?;
    let mut form = html::forms(&join.body, &join.url)?.into_iter().find(|form| form.value("email").is_some()).context("a form")?;
    for field in ["name", "username", "email", "password", "text"] {
        form = form.forge(field, mark);
    }
    harmless(&somebody.submit(&join, &form).await?.must_be(422)?)?;
    let token = form.value("csrf").unwrap_or_default().to_owned();
    let fields = [("csrf", token.as_str()), ("name", "a\0b"), ("email", "a@b.test\r\nBcc: c@d.test"), ("username", "../x")];
    somebody.step(Request::post(address(&world, "/join/ateneu")?, fields), Some(&join.url)).await?.must_be(422)?;
    Ok(())
}

#[tokio::test]
async fn a_state_travels_as_it_came_and_breaks_no_header() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    for state in ["a\r\nSet-Cookie: planted=1\r\n\r\n<script>", "&code=forged#x", "\"><script>alert(1)</script>", "·à\u{202e}"] {
        let answer = office.open(&mut maria, &[("state", state)]).await?;
        let sent = answer.location().with_context(|| answer.describe())?;
        ensure!(office.is_redirect(&sent), "{sent}");
        assert!(!answer.headers.iter().any(|(_, value)| value.to_str().is_ok_and(|value| value.starts_with("planted"))));
        let codes: Vec<_> = sent.query_pairs().filter(|(name, _)| name == "code").collect();
        ensure!(codes.iter().all(|(_, code)| code != "forged"), "{sent}");
        match http::parameter(&sent, "error") {
            Some(error) => assert_eq!((error.as_str(), codes.len()), ("invalid_request", 0), "{state:?}"),
            None => assert_eq!((http::parameter(&sent, "state").as_deref(), codes.len()), (Some(state), 1)),
        }
        let form = office.open(&mut maria, &[("state", state), ("response_mode", "form_post")]).await?;
        harmless(&form)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_request_for_another_host_or_with_a_swollen_head_is_refused() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    for (path, form) in [
        ("/", "text/html; charset=utf-8"),
        ("/login", "text/html; charset=utf-8"),
        ("/oauth/token", "application/json"),
        ("/.well-known/openid-configuration", "application/json"),
        ("/manage/v1/me", "application/problem+json"),
    ] {
        let answer = Session::new()?.step(Request::get(address(&world, path)?).header("host", "evil.test"), None).await?;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (421, form), "{path}");
        assert!(!answer.body.contains("evil.test"), "{path}");
        let forwarded = Request::get(address(&world, path)?).header("x-forwarded-host", "evil.test").header("forwarded", "host=evil.test");
        let answer = Session::new()?.step(forwarded, None).await?;
        assert!(!answer.body.contains("evil.test"), "{path}");
        let swollen = Request::get(address(&world, path)?).header("x-much", &"x".repeat(40 * 1024));
        let answer = Session::new()?.step(swollen, None).await?;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (431, form), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn every_page_forbids_frames_scripts_and_caches() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut maria = browser()?;
    for signed_in in [false, true] {
        let pages =
            ["/", "/login", "/join", "/join/ateneu", "/account", "/account/security", "/account/collectives", "/logout", "/nowhere"];
        let more = ["/login?flow=x", "/verify?link=x", "/welcome?link=x", "/setup?link=x", "/oauth/authorize", "/oauth/logout"];
        for path in pages.iter().chain(&more) {
            let answer = maria.step(Request::get(address(&world, path)?), None).await?;
            let policy = answer.header("content-security-policy");
            ensure!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{path}: {policy}");
            ensure!(!policy.contains("unsafe") && !policy.contains("script-src"), "{path}: {policy}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(!answer.body.contains("<script") && !answer.body.contains(" style=") && !answer.body.contains(" onclick="), "{path}");
        }
        if !signed_in {
            enter(&world, &mut maria, "maria", PASSWORD).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn joining_does_not_tell_whose_address_is_known() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut answers = Vec::new();
    for (username, email) in [("somebody1", "maria@ateneu.test"), ("somebody2", "nobody@ateneu.test")] {
        let mut session = browser()?;
        let page = session.get(&world.at("/join/ateneu")).await?;
        let forms = html::forms(&page.body, &page.url)?;
        let mut form = forms.into_iter().find(|form| form.value("email").is_some()).context("a form")?;
        for (field, value) in [("name", "Somebody"), ("username", username), ("email", email), ("password", "una contrasenya ben llarga")] {
            form = form.set(field, value)?;
        }
        let answer = session.submit(&page, &form).await?;
        answers.push((answer.status, answer.text().replace(email, "…")));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0.as_u16(), 200);
    Ok(())
}
