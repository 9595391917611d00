//! What a person agreed to, and nothing beyond it.

use anyhow::{Context as _, Result, bail};
use idp_domain::Ttl;
use idp_store::{Store, StoreOptions, Tx as _};
use integration_tests::{
    html,
    http::{self, Page, Request, Session},
    rp::Rp,
    world::World,
};
use serde_json::Value;

use super::{CLUSTER, PASSWORD, archive, browser, office};

/// Presses a button of the consent page; the browser has not gone anywhere yet.
async fn press(session: &mut Session, page: &Page, button: &str) -> Result<Page> {
    session.step(Request::for_form(&page.form(button)?.press(button)?), Some(&page.url)).await
}

/// Agrees, and returns the tokens that come of it.
async fn agree(rp: &Rp, session: &mut Session, page: &Page) -> Result<Value> {
    let agreed = press(session, page, "I agree").await?;
    let sent = session.follow_until(agreed, |url| rp.is_redirect(url)).await?.location().context("a redirect")?;
    rp.trade(&rp.code(&sent)?).await?.must_be(200)?.json()
}

#[tokio::test]
async fn a_service_that_is_not_first_party_asks_once() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (archive, mut maria) = (archive(&world), browser()?);
    let page = archive.open(&mut maria, &[("scope", "openid profile collectives services")]).await?;
    let page = archive.answer_form(&mut maria, page, "maria", PASSWORD).await?.must_be(200)?;
    assert!(page.text().contains("arxiu.test"), "the page names where the answer goes: {}", page.text());
    let refused = maria.step(Request::for_form(&page.form("No, go back")?.press("No, go back")?), Some(&page.url)).await?;
    let refused = maria.follow_until(refused, |url| archive.is_redirect(url)).await?.location().context("a redirect")?;
    assert_eq!(http::parameter(&refused, "error").as_deref(), Some("access_denied"));

    let page = archive.open(&mut maria, &[("scope", "openid profile collectives services")]).await?.must_be(200)?;
    let agreed = maria.step(Request::for_form(&page.form("I agree")?.press("I agree")?), Some(&page.url)).await?;
    let agreed = maria.follow_until(agreed, |url| archive.is_redirect(url)).await?.location().context("a redirect")?;
    let tokens = archive.trade(&archive.code(&agreed)?).await?.must_be(200)?.json()?;
    let userinfo = archive.userinfo(tokens["access_token"].as_str().unwrap_or_default()).await?.json()?;
    assert_eq!(userinfo["collectives"][0]["id"], "ateneu");
    assert_eq!(userinfo["services"].as_array().map(Vec::len), Some(2), "{userinfo}");

    let again = archive.open(&mut maria, &[("scope", "openid profile collectives services")]).await?;
    archive.code(&again.location().context("not asked twice")?)?;
    Ok(())
}

/// What the audit of the cluster holds about what people do at services.
async fn facts(world: &World) -> Result<Vec<String>> {
    let store = Store::open(&StoreOptions::new(format!("sqlite:{}", world.directory.path().join("aplec.db").display()))).await?;
    let mut kinds: Vec<_> = store.read().audit().list(None, None, 100).await?.into_iter().map(|fact| fact.kind).collect();
    kinds.retain(|kind| kind != "cluster.applied");
    Ok(kinds)
}

#[tokio::test]
async fn the_audit_keeps_what_was_agreed_to_and_not_who_used_what() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let before = facts(&world).await?;
    let (office, archive) = (office(&world), archive(&world));
    for _ in 0..2 {
        let mut maria = browser()?;
        office.sign_in(&mut maria, "maria", PASSWORD).await?;
    }
    assert_eq!(facts(&world).await?, before, "a sign-in is no fact of the audit");
    let mut maria = browser()?;
    let page = archive.open(&mut maria, &[]).await?;
    let page = archive.answer_form(&mut maria, page, "maria", PASSWORD).await?.must_be(200)?;
    agree(&archive, &mut maria, &page).await?;
    assert_eq!(facts(&world).await?, [vec!["consent.given".to_owned()], before.clone()].concat());
    let mut elsewhere = browser()?;
    archive.sign_in(&mut elsewhere, "maria", PASSWORD).await?;
    let page = archive.open(&mut elsewhere, &[("prompt", "consent")]).await?.must_be(200)?;
    agree(&archive, &mut elsewhere, &page).await?;
    assert_eq!(facts(&world).await?.len(), before.len() + 1, "the same yes again is no fact");
    Ok(())
}

#[tokio::test]
async fn consent_to_less_does_not_cover_more() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (archive, mut maria) = (archive(&world), browser()?);
    let page = archive.open(&mut maria, &[("scope", "openid profile")]).await?;
    let page = archive.answer_form(&mut maria, page, "maria", PASSWORD).await?.must_be(200)?;
    let narrow = agree(&archive, &mut maria, &page).await?;
    assert_eq!(narrow["scope"], "openid profile");

    // less, or the same, is not asked again
    for scope in ["openid profile", "openid"] {
        let hop = archive.open(&mut maria, &[("scope", scope)]).await?;
        archive.code(&hop.location().with_context(|| format!("{scope} was agreed to"))?)?;
    }
    // more is, by whatever parameter it is asked for
    let wishes = r#"{"userinfo":{"email":null}}"#;
    for wider in [[("scope", "openid profile email"), ("claims", "")], [("scope", "openid profile"), ("claims", wishes)]] {
        let silent = archive.open(&mut maria, &[wider[0], wider[1], ("prompt", "none")]).await?.location().context("a redirect")?;
        assert_eq!(http::parameter(&silent, "error").as_deref(), Some("consent_required"), "{wider:?}");
        let page = archive.open(&mut maria, &wider).await?.must_be(200)?;
        let refused = press(&mut maria, &page, "No, go back").await?;
        let refused = maria.follow_until(refused, |url| archive.is_redirect(url)).await?.location().context("a redirect")?;
        assert_eq!(http::parameter(&refused, "error").as_deref(), Some("access_denied"), "{wider:?}");
    }
    // saying no to more takes nothing back, and agreeing to it covers it from then on
    let hop = archive.open(&mut maria, &[("scope", "openid profile")]).await?.location().context("still agreed to")?;
    archive.code(&hop)?;
    let page = archive.open(&mut maria, &[("scope", "openid email")]).await?.must_be(200)?;
    assert_eq!(agree(&archive, &mut maria, &page).await?["scope"], "openid email");
    let both = archive.open(&mut maria, &[("scope", "openid profile email")]).await?.location().context("both were agreed to")?;
    archive.code(&both)?;
    Ok(())
}

/// Somebody else with a door to the archive.
const OLGA: &str = r#"
[[person]]
username = "olga"
name = "Olga"
emails = ["olga@ateneu.test"]
password = "quatre gats fan un aplec"
memberships = [{ collective = "ateneu" }]
grants = [{ service = "arxiu", via = "ateneu" }]
"#;

#[tokio::test]
async fn what_one_person_agreed_to_counts_for_nobody_else() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{OLGA}")).await?;
    let (archive, mut session) = (archive(&world), browser()?);
    let page = archive.open(&mut session, &[("scope", "openid profile")]).await?;
    let asked = archive.answer_form(&mut session, page, "maria", PASSWORD).await?.must_be(200)?;
    let mut login = asked.url.clone();
    login.set_path("/login");
    let open = session.step(Request::get(login.clone()), None).await?.must_be(200)?;
    assert_eq!(press(&mut session, &asked, "I agree").await?.status.as_u16(), 303);
    // nothing waits any more that somebody else could sign in to
    session.step(Request::get(login), None).await?.must_be(410)?;
    session.step(Request::for_form(&open.form("Sign in")?), Some(&open.url)).await?.must_be(410)?;
    let login = archive.open(&mut session, &[("scope", "openid profile"), ("prompt", "login")]).await?;
    let page = archive.answer_form(&mut session, login, "olga", PASSWORD).await?.must_be(200)?;
    assert!(page.text().contains("Olga"), "Olga is asked herself: {}", page.text());
    let tokens = agree(&archive, &mut session, &page).await?;
    let userinfo = archive.userinfo(tokens["access_token"].as_str().context("an access token")?).await?.json()?;
    assert_eq!(userinfo["preferred_username"], "olga");
    Ok(())
}

#[tokio::test]
async fn an_answer_counts_for_the_person_the_page_named() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{OLGA}")).await?;
    let (archive, mut session) = (archive(&world), browser()?);
    for username in ["maria", "olga"] {
        world.wait(Ttl::seconds(1));
        let page = archive.open(&mut session, &[("prompt", "login")]).await?;
        archive.answer_form(&mut session, page, username, PASSWORD).await?.must_be(200)?.form("I agree")?;
    }
    let choice = archive.open(&mut session, &[("prompt", "select_account")]).await?.must_be(200)?;
    let choices = html::forms(&choice.body, &choice.url)?.into_iter().filter_map(|form| form.press("Sign in").ok());
    let mut asked = Vec::new();
    for chosen in choices {
        let next = session.step(Request::for_form(&chosen), Some(&choice.url)).await?;
        asked.push(session.follow_until(next, |url| archive.is_redirect(url)).await?.must_be(200)?);
    }
    let [first, second] = asked.as_slice() else { bail!("two people to choose from, not {}", asked.len()) };
    let agreed = press(&mut session, first, "I agree").await?;
    let again = session.follow_until(agreed, |url| archive.is_redirect(url)).await?.must_be(200)?;
    assert_eq!(again.text(), second.text(), "the one who was chosen last is asked, whoever the other page named");
    assert_ne!(again.text(), first.text());
    agree(&archive, &mut session, &again).await?;
    Ok(())
}

#[tokio::test]
async fn a_list_that_is_asked_for_by_name_is_whole() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (archive, mut maria) = (archive(&world), browser()?);
    let page = archive.open(&mut maria, &[("claims", r#"{"userinfo":{"collectives":null}}"#), ("scope", "openid")]).await?;
    let page = archive.answer_form(&mut maria, page, "maria", PASSWORD).await?;
    let tokens = agree(&archive, &mut maria, &page).await?;
    let userinfo = archive.userinfo(tokens["access_token"].as_str().unwrap_or_default()).await?.must_be(200)?.json()?;
    assert_eq!(userinfo["collectives"][0]["id"], "ateneu", "{userinfo}");
    Ok(())
}

/// A cloud of somebody else's, whose profile releases groups and a username that no scope asks for.
const NEIGHBOUR: &str = r#"
[[client]]
client_id = "vei"
service = "arxiu"
secret = "a-secret-of-the-neighbour-for-tests-only"
consent = "ask"
grant_types = ["authorization_code"]
redirect_uris = ["https://vei.test/cb"]
scopes = ["openid"]
profile = { preset = "nextcloud" }
"#;

#[tokio::test]
async fn what_a_profile_releases_unasked_is_on_the_page_too() -> Result<()> {
    let world = World::start(&format!("{CLUSTER}{NEIGHBOUR}")).await?;
    let vei = Rp::new(&world.issuer, "vei", Some("a-secret-of-the-neighbour-for-tests-only"), "https://vei.test/cb");
    let mut maria = browser()?;
    let page = vei.open(&mut maria, &[("scope", "openid")]).await?;
    let page = vei.answer_form(&mut maria, page, "maria", PASSWORD).await?.must_be(200)?;
    for told in ["Your name, username", "your groups"] {
        assert!(page.text().contains(told), "{told} is missing: {}", page.text());
    }
    let tokens = agree(&vei, &mut maria, &page).await?;
    let userinfo = vei.userinfo(tokens["access_token"].as_str().context("an access token")?).await?.must_be(200)?.json()?;
    assert!(userinfo["groups"].is_array() && userinfo["nc_uid"].is_string(), "{userinfo}");
    let again = vei.open(&mut maria, &[("scope", "openid")]).await?;
    vei.code(&again.location().context("not asked twice")?)?;
    Ok(())
}
