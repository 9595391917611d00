//! Other sites, other browsers, planted cookies.

use anyhow::{Context as _, Result, ensure};
use integration_tests::{
    html,
    http::{self, Request, Session},
    world::World,
};

use super::{COOKIE, address, enter, token_of};
use crate::oidc::{CLUSTER, PASSWORD, browser, office};

/// Everything that a form of ours is sent to.
const FORMS: [&str; 14] = [
    "/login",
    "/choose",
    "/consent",
    "/no-access",
    "/join/ateneu",
    "/verify",
    "/welcome",
    "/setup",
    "/account/ask",
    "/account/answer",
    "/account/password",
    "/account/session",
    "/account/language",
    "/logout",
];

#[tokio::test]
async fn no_other_site_posts_in_a_persons_name() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut maria = browser()?;
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    for path in FORMS {
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            let request = Request::post(address(&world, path)?, [("csrf", "x"), ("identifier", "maria"), ("password", PASSWORD)]);
            let answer = maria.step(request.header("sec-fetch-site", site), None).await?;
            assert_eq!(answer.status.as_u16(), 403, "{path} from {site:?}: {}", answer.describe());
            assert!(answer.header("set-cookie").is_empty(), "{path}");
        }
    }
    assert_eq!(maria.get(&world.at("/account")).await?.url.path(), "/account", "still signed in");
    Ok(())
}

#[tokio::test]
async fn a_form_without_its_own_token_does_nothing() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (mut maria, mut attacker) = (browser()?, browser()?);
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    enter(&world, &mut attacker, "pau", PASSWORD).await?;
    let page = attacker.get(&world.at("/account/security")).await?;
    let foreign = token_of(&page, "/account/language")?;
    let own = token_of(&maria.get(&world.at("/account/security")).await?, "/account/session")?;
    let forms = [
        "/login",
        "/join/ateneu",
        "/account/ask",
        "/account/answer",
        "/account/password",
        "/account/session",
        "/account/language",
        "/logout",
    ];
    for path in forms {
        // none, another browser's, another form's
        let other = if path == "/account/session" { "" } else { own.as_str() };
        for token in ["", foreign.as_str(), other] {
            let fields = [("csrf", token), ("language", "es"), ("to", "https://evil.test/")];
            let from = address(&world, "/account")?;
            let answer = maria.step(Request::post(address(&world, path)?, fields), Some(&from)).await?;
            assert_eq!(answer.status.as_u16(), 403, "{path} with {token:?}: {}", answer.describe());
        }
    }
    assert_eq!(maria.get(&world.at("/account")).await?.url.path(), "/account", "still signed in");
    Ok(())
}

#[tokio::test]
async fn the_cookie_changes_at_sign_in_and_the_old_one_is_worth_nothing() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let here = address(&world, "/")?;
    let mut maria = browser()?;
    maria.get(&world.at("/login")).await?;
    let before = maria.cookies.get(&here, COOKIE).context("a cookie")?.to_owned();
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    let after = maria.cookies.get(&here, COOKIE).context("a cookie")?.to_owned();
    assert_ne!(before, after);
    let mut attacker = browser()?;
    attacker.cookies.plant(&here, COOKIE, &before);
    assert_eq!(attacker.get(&world.at("/account")).await?.url.path(), "/login", "fixed before the sign-in");

    let page = maria.get(&world.at("/logout")).await?;
    maria.submit(&page, &page.form("Sign out")?).await?;
    attacker.cookies.plant(&here, COOKIE, &after);
    assert_eq!(attacker.get(&world.at("/account")).await?.url.path(), "/login", "stolen, then signed out");
    Ok(())
}

#[tokio::test]
async fn a_planted_cookie_is_noticed_and_forgotten() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let here = address(&world, "/")?;
    let mut maria = browser()?;
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    let own = maria.cookies.get(&here, COOKIE).context("a cookie")?.to_owned();
    for cookies in [
        format!("{COOKIE}={own}; {COOKIE}=planted"),
        format!("{COOKIE}=planted; {COOKIE}={own}"),
        format!("{COOKIE}={own}; {COOKIE}={own}"),
    ] {
        for path in ["/", "/login", "/account", "/logout", "/oauth/logout"] {
            let answer = Session::new()?.step(Request::get(address(&world, path)?).header("cookie", &cookies), None).await?;
            assert_eq!(answer.status.as_u16(), 400, "{path}: {}", answer.describe());
            assert!(answer.header("set-cookie").contains("Max-Age=0"), "{path}");
        }
        let asked = Request::get(office(&world).authorize_url(&[])?).header("cookie", &cookies);
        let answer = Session::new()?.step(asked, None).await?;
        assert!(answer.location().is_none_or(|to| http::parameter(&to, "code").is_none()), "{}", answer.describe());
    }
    for garbage in ["x", "\"", "%00", &"A".repeat(300)] {
        let answer =
            Session::new()?.step(Request::get(here.join("/account")?).header("cookie", &format!("{COOKIE}={garbage}")), None).await?;
        assert_eq!(answer.location().context("to the sign-in page")?.path(), "/login");
    }
    Ok(())
}

#[tokio::test]
async fn a_login_in_progress_belongs_to_the_browser_that_began_it() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (mut attacker, mut maria) = (browser()?, browser()?);
    let page = office(&world).open(&mut attacker, &[]).await?;
    let flow = page.parameter("flow").context("a flow")?;
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    for path in ["/login", "/choose", "/consent", "/no-access"] {
        let answer = maria.step(Request::get(address(&world, &format!("{path}?flow={flow}"))?), None).await?;
        assert_eq!(answer.status.as_u16(), 410, "{path}: {}", answer.describe());
    }
    for path in ["/login", "/choose", "/consent", "/no-access"] {
        let request = Request::post(address(&world, path)?, [("flow", flow.as_str()), ("csrf", "x"), ("answer", "agree")]);
        let answer = maria.step(request, Some(&page.url)).await?;
        assert_eq!(answer.status.as_u16(), 410, "{path}: {}", answer.describe());
    }
    Ok(())
}

#[tokio::test]
async fn no_parameter_leads_a_person_away() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (mut maria, stranger) = (browser()?, "https://evil.test/");
    let names = ["next", "to", "return_to", "redirect", "redirect_uri", "ui_locales", "after", "q", "done", "post_logout_redirect_uri"];
    let query = names.map(|name| format!("{name}=https%3A%2F%2Fevil.test%2F")).join("&");
    for signed_in in [false, true] {
        for path in ["/", "/login", "/join", "/join/ateneu", "/account", "/account/security", "/logout", "/oauth/logout"] {
            let answer = maria.step(Request::get(address(&world, &format!("{path}?{query}"))?), None).await?;
            let to = answer.location();
            ensure!(to.as_ref().is_none_or(|to| to.as_str().starts_with(&world.issuer)), "{path}: {to:?}");
            let links = html::links(&answer.body, &answer.url).into_iter().map(|(_, url)| url);
            let forms = html::forms(&answer.body, &answer.url)?;
            for url in links.chain(forms.iter().map(|form| form.action.clone())) {
                ensure!(url.as_str().starts_with(&world.issuer), "{path} leads to {url}");
            }
            ensure!(!forms.iter().any(|form| form.value("to") == Some(stranger)), "{path}");
        }
        for path in ["//evil.test/", "//evil.test/login?ui_locales=en", "/%2f/evil.test", "/\\evil.test"] {
            let answer = maria.step(Request::get(address(&world, path)?), None).await?;
            assert_eq!(answer.status.as_u16(), 404, "{path}");
            ensure!(!answer.body.contains("href=\"//"), "{path}");
        }
        if !signed_in {
            enter(&world, &mut maria, "maria", PASSWORD).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn nobody_ends_another_persons_session() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (mut maria, mut pau) = (browser()?, browser()?);
    enter(&world, &mut maria, "maria", PASSWORD).await?;
    enter(&world, &mut pau, "pau", PASSWORD).await?;
    // a second browser of Maria's, so that her page names a session
    let mut elsewhere = browser()?;
    enter(&world, &mut elsewhere, "maria", PASSWORD).await?;
    let hers = elsewhere.get(&world.at("/account/security")).await?;
    let hers = html::forms(&hers.body, &hers.url)?.iter().find_map(|form| form.value("session").map(str::to_owned));
    let hers = hers.context("a session with a button")?;
    let page = pau.get(&world.at("/account/security")).await?;
    let token = token_of(&page, "/account/session")?;
    let fields = [("csrf", token.as_str()), ("session", hers.as_str())];
    pau.step(Request::post(address(&world, "/account/session")?, fields), Some(&page.url)).await?;
    for session in [&mut maria, &mut elsewhere] {
        assert_eq!(session.get(&world.at("/account")).await?.url.path(), "/account");
    }
    Ok(())
}
