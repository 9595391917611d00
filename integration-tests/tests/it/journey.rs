//! What the whole house is for, seen by people: in Chromium, against the programs that a newcomer runs.

mod demo;
mod window;

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use integration_tests::browser::{Browser, Scheme, Setup};

use self::{
    demo::Demo,
    window::{PHONE, follow_mail, must_fit, picture, reload_until, sign_in_in_catalan, who_is_here},
};

/// A service beside Mirador that the collective's people get unless said otherwise, as people and as tokens call it.
const OFFICE: (&str, &str) = ("Oficina", "oficina");
const COLLECTIVE: &str = "L'Ateneu";
const SLUG: &str = "ateneu";
const NEWCOMER: &str = "Maria Bonet";
const USERNAME: &str = "maria.bonet";
const ADDRESS: &str = "maria.bonet@example.org";
/// Not the one that the collective's people get unless said otherwise.
const ROLE: &str = "amfitriona";
const PASSWORD: &str = "quatre gats a la teulada";

/// Windows as these journeys' people have set them up.
fn english() -> Setup {
    Setup { languages: "en", ..Setup::default() }
}
fn catalan_phone() -> Setup {
    Setup { languages: "ca", window: PHONE, scheme: Scheme::Dark, ..Setup::default() }
}

async fn take_picture(browser: &Browser, name: &str, setup: &Setup) -> Result<()> {
    picture(browser, name, setup.window, setup.scheme).await
}

/// Maria reads English, her manager Catalan.
#[tokio::test(flavor = "multi_thread")]
async fn maria_joins_is_let_in_and_loses_her_access_at_once_when_her_manager_withdraws_it() -> Result<()> {
    let (maria_has, manager_has) = (english(), Setup::default());
    let (Some(maria), Some(gestora)) = (Browser::open(&maria_has).await?, Browser::open(&manager_has).await?) else { return Ok(()) };
    let demo = Demo::start().await?;
    let (issuer, mirador) = (&demo.facts.issuer, &demo.facts.mirador);
    let service = demo.facts.mirador_name()?;

    // she registers by her collective's link and proves her address
    maria.goto(&format!("{issuer}/join/{SLUG}")).await?;
    maria.wait_for_text(&format!("Join {COLLECTIVE}")).await?;
    take_picture(&maria, "join-en", &maria_has).await?;
    for (field, value) in [("name", NEWCOMER), ("email", ADDRESS), ("username", USERNAME), ("password", PASSWORD)] {
        maria.fill(field, value).await?;
    }
    maria.fill("Who are you?", "The new one at the library").await?;
    maria.click("Send the request").await?;
    maria.wait_for_text("Look at your mail").await?;
    follow_mail(&maria, issuer, ADDRESS, "/verify").await?;
    maria.wait_for_text("Confirm your address").await?;
    take_picture(&maria, "verify-en", &maria_has).await?;
    maria.click("Yes, it is my address").await?;
    maria.wait_for_text("Now wait a little").await?;
    take_picture(&maria, "waiting-en", &maria_has).await?;

    // her manager finds her in the queue and validates her, without a door to Mirador or to the Oficina
    gestora.goto(&demo.facts.admin_ui).await?;
    sign_in_in_catalan(&gestora, demo.facts.manager_of(SLUG)?).await?;
    let desk = gestora.wait_for_url("a collective's desk", |url| url.path().starts_with("/c/")).await?;
    let desk = desk.as_str().trim_end_matches('/');
    let manager = who_is_here(&gestora).await?;
    take_picture(&gestora, "desk-overview-ca", &manager_has).await?;
    gestora.goto(&format!("{desk}/requests")).await?;
    take_picture(&gestora, "desk-queue-ca", &manager_has).await?;
    gestora.click_near(NEWCOMER, "Revisa i valida").await?;
    gestora.wait_for_text("The new one at the library").await?;
    take_picture(&gestora, "desk-validate-ca", &manager_has).await?;
    for offered in [service, OFFICE.0] {
        untick(&gestora, offered).await?;
    }
    gestora.click(&format!("Valida {NEWCOMER} a {COLLECTIVE}")).await?;
    gestora.wait_for_text(&format!("{NEWCOMER} ja és membre de {COLLECTIVE}.")).await?;

    // a member has no service by being one: Mirador is closed, and the page names who can open it
    maria.goto(mirador).await?;
    take_picture(&maria, "mirador-welcome-en", &maria_has).await?;
    maria.click("Sign in with your account").await?;
    maria.wait_for_text("Username or e-mail address").await?;
    take_picture(&maria, "sign-in-en", &maria_has).await?;
    maria.fill("identifier", USERNAME).await?;
    maria.fill("password", PASSWORD).await?;
    maria.click("Sign in").await?;
    must_be_turned_away(&maria, service, &manager).await?;
    take_picture(&maria, "no-access-en", &maria_has).await?;

    // the manager opens that door on her page, and another one
    gestora.goto(&format!("{desk}/people")).await?;
    take_picture(&gestora, "desk-people-ca", &manager_has).await?;
    gestora.fill("q", USERNAME).await?;
    gestora.click("Cerca").await?;
    gestora.wait_for_url("the search", |url| url.query().is_some_and(|query| query.contains(USERNAME))).await?;
    gestora.click(NEWCOMER).await?;
    gestora.click(&format!("Obre {service}")).await?;
    gestora.choose("role", ROLE).await?;
    gestora.click(&format!("Obre {service} a {NEWCOMER} en nom de {COLLECTIVE}")).await?;
    gestora.wait_for_text(&format!("{service} és obert per a {NEWCOMER}.")).await?;
    gestora.click(&format!("Obre {}", OFFICE.0)).await?;
    gestora.click(&format!("Obre {} a {NEWCOMER} en nom de {COLLECTIVE}", OFFICE.0)).await?;
    gestora.wait_for_text(&format!("{} és obert per a {NEWCOMER}.", OFFICE.0)).await?;
    take_picture(&gestora, "desk-member-ca", &manager_has).await?;

    // she enters afresh, and Mirador shows what it was told
    maria.goto(&format!("{mirador}/login")).await?;
    maria.wait_for_text(&format!("Hello, {NEWCOMER}")).await?;
    take_picture(&maria, "mirador-home-en", &maria_has).await?;
    ensure!(received(&maria, "groups").await?.contains(SLUG), "the token names her collective: {}", maria.text().await?);
    ensure!(received(&maria, "services").await?.contains(OFFICE.1), "the token names the other service: {}", maria.text().await?);
    ensure!(received(&maria, "service_role").await? == ROLE, "the token names the role she was given: {}", maria.text().await?);
    ensure!(received(&maria, "preferred_username").await?.contains(USERNAME), "the token names her: {}", maria.text().await?);

    // the manager withdraws the door; her live session is refused at once
    gestora.click(&format!("Tanca {service}")).await?;
    take_picture(&gestora, "desk-close-ca", &manager_has).await?;
    gestora.fill("Motiu", "Ja no hi participa").await?;
    gestora.click(&format!("Tanca {service} a {NEWCOMER} en nom de {COLLECTIVE}")).await?;
    gestora.wait_for_text(&format!("{service}: la porta de {NEWCOMER} és tancada.")).await?;
    gestora.wait_for_text(&format!("{service}: la porta és tancada i s’avisa el servei perquè tanqui la sessió.")).await?;
    take_picture(&gestora, "desk-closed-ca", &manager_has).await?;
    maria.click("Ask again").await?;
    must_be_turned_away(&maria, service, &manager).await?;

    // and Mirador was told: it has closed her session by itself
    reload_until(&maria, mirador, "The provider has ended your session").await?;
    take_picture(&maria, "mirador-ended-en", &maria_has).await?;
    let page = gestora.url().await?;
    reload_until(&gestora, page.as_str(), "El servei ho ha confirmat").await?;
    take_picture(&gestora, "desk-told-ca", &manager_has).await?;

    // who turns back is refused by the standard's own error
    maria.click("Sign in with your account").await?;
    must_be_turned_away(&maria, service, &manager).await?;
    maria.click("Back to the service").await?;
    maria.wait_for_text("You have no access to Mirador").await?;
    Ok(())
}

/// The page in front of a closed door names the manager.
async fn must_be_turned_away(browser: &Browser, service: &str, manager: &str) -> Result<()> {
    browser.wait_for_text(&format!("You do not have access to {service}")).await?;
    browser.wait_for_text(&format!("The managers of {COLLECTIVE}")).await?;
    browser.wait_for_text(manager).await
}

/// Leaves the box with this label without a tick, whatever was proposed.
async fn untick(browser: &Browser, label: &str) -> Result<()> {
    let path = format!("//input[@type='checkbox' and @id = //label[normalize-space(.)='{label}']/@for]");
    let proposed = browser.client().find(Locator::XPath(&path)).await.with_context(|| format!("{label} is not offered"))?;
    if proposed.is_selected().await? { browser.toggle(label).await } else { Ok(()) }
}

/// What Mirador's table shows of a claim.
async fn received(browser: &Browser, claim: &str) -> Result<String> {
    let path = format!("//tr[.//code[normalize-space(.)='{claim}']]/td[1]");
    let value = browser.client().find(Locator::XPath(&path)).await.with_context(|| format!("{claim} was not received"))?;
    Ok(value.text().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_in_the_dark_in_catalan_everything_fits_and_works() -> Result<()> {
    let setup = catalan_phone();
    let Some(phone) = Browser::open(&setup).await? else { return Ok(()) };
    let demo = Demo::start().await?;
    let facts = &demo.facts;
    let manager = facts.manager_of(SLUG)?;
    let words = "Inicia la sessió";

    phone.goto(&format!("{}/join", facts.issuer)).await?;
    must_fit(&phone, "the picker of collectives").await?;
    take_picture(&phone, "picker-ca", &setup).await?;
    phone.goto(&format!("{}/join/{SLUG}", facts.issuer)).await?;
    must_fit(&phone, "joining").await?;
    take_picture(&phone, "join-ca", &setup).await?;

    phone.goto(&format!("{}/login", facts.issuer)).await?;
    phone.wait_for_text(words).await?;
    must_fit(&phone, "signing in").await?;
    take_picture(&phone, "sign-in-ca", &setup).await?;
    sign_in_in_catalan(&phone, manager).await?;
    phone.wait_for_text("Aquests són els serveis").await?;
    must_fit(&phone, "the account").await?;
    take_picture(&phone, "account-ca", &setup).await?;
    for part in ["collectives", "security", "record"] {
        phone.goto(&format!("{}/account/{part}", facts.issuer)).await?;
        must_fit(&phone, part).await?;
        take_picture(&phone, &format!("account-{part}-ca"), &setup).await?;
    }

    phone.goto(&facts.mirador).await?;
    must_fit(&phone, "Mirador's welcome").await?;
    phone.click("Entra amb el teu compte").await?;
    phone.wait_for_text("Qui ets aquí").await?;
    must_fit(&phone, "Mirador").await?;
    take_picture(&phone, "mirador-home-ca", &setup).await?;

    // one sign-in is enough for the desk as well
    phone.goto(&facts.admin_ui).await?;
    let desk = phone.wait_for_url("a collective's desk", |url| url.path().starts_with("/c/")).await?;
    let desk = desk.as_str().trim_end_matches('/');
    must_fit(&phone, "the overview").await?;
    for part in ["requests", "people", "services", "audit", "settings"] {
        phone.goto(&format!("{desk}/{part}")).await?;
        must_fit(&phone, part).await?;
        take_picture(&phone, &format!("desk-{part}-phone-ca"), &setup).await?;
    }
    phone.goto(&format!("{desk}/people?q=laia.roca")).await?;
    phone.click("Laia Roca Bosch").await?;
    phone.wait_for_text(&format!("Membre de {COLLECTIVE}")).await?;
    must_fit(&phone, "a member").await?;
    take_picture(&phone, "desk-member-phone-ca", &setup).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_manager_wrote_survives_the_end_of_her_session() -> Result<()> {
    let Some(gestora) = Browser::open(&Setup::default()).await? else { return Ok(()) };
    let demo = Demo::start().await?;
    let reason = "Vine dijous a la biblioteca i en parlem";

    gestora.goto(&demo.facts.admin_ui).await?;
    sign_in_in_catalan(&gestora, demo.facts.manager_of(SLUG)?).await?;
    let desk = gestora.wait_for_url("a collective's desk", |url| url.path().starts_with("/c/")).await?;
    gestora.goto(&format!("{}/requests", desk.as_str().trim_end_matches('/'))).await?;
    gestora.click("Denega la sol·licitud").await?;
    let form = gestora.wait_for_url("the refusal", |url| url.path().ends_with("/refuse")).await?;
    gestora.fill("reason", reason).await?;
    gestora.client().delete_cookie("aplec_desk").await?;
    let button = Locator::Css("main form button.button-danger");
    gestora.client().find(button).await?.click().await?;

    // her session at the provider lives, so she is back without a question, and nothing was sent behind her back
    gestora.wait_for_text("Has tornat a entrar i el que havies escrit encara hi és.").await?;
    ensure!(gestora.url().await?.path() == form.path(), "she is back at the form");
    let kept = gestora.client().find(Locator::Css("textarea[name=reason]")).await?.prop("value").await?;
    ensure!(kept.as_deref() == Some(reason), "the form holds {kept:?}");
    gestora.client().find(button).await?.click().await?;
    gestora.wait_for_text("En podrà llegir el motiu.").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_becomes_a_manager_by_her_own_yes() -> Result<()> {
    let (desk_has, phone_has) = (Setup::default(), catalan_phone());
    let (Some(gestora), Some(phone)) = (Browser::open(&desk_has).await?, Browser::open(&phone_has).await?) else { return Ok(()) };
    let demo = Demo::start().await?;
    let (issuer, laia) = (&demo.facts.issuer, demo.facts.person("laia.roca")?);
    let name = "Laia Roca Bosch";

    gestora.goto(&demo.facts.admin_ui).await?;
    sign_in_in_catalan(&gestora, demo.facts.manager_of(SLUG)?).await?;
    let desk = gestora.wait_for_url("a collective's desk", |url| url.path().starts_with("/c/")).await?;
    gestora.goto(&format!("{}/people?q={}", desk.as_str().trim_end_matches('/'), laia.username)).await?;
    gestora.click(name).await?;
    gestora.wait_for_text("Gestió").await?;
    must_fit(&gestora, "a member who may be proposed").await?;
    let propose = format!("Proposa {name} com a gestora de {COLLECTIVE}");
    gestora.click(&propose).await?;
    gestora.wait_for_url("the confirmation", |url| url.path().ends_with("/propose-manager")).await?;
    take_picture(&gestora, "desk-propose-ca", &desk_has).await?;
    gestora.click(&propose).await?;
    gestora.wait_for_text(&format!("{name} ha rebut la proposta de ser gestora de {COLLECTIVE}.")).await?;
    let page = gestora.url().await?;
    take_picture(&gestora, "desk-proposed-ca", &desk_has).await?;

    // the mail leads her to her own account, where she says yes
    follow_mail(&phone, issuer, &laia.email, "/account/collectives").await?;
    sign_in_in_catalan(&phone, laia).await?;
    phone.wait_for_text("Hi ha una cosa que espera la teva resposta").await?;
    phone.goto(&format!("{issuer}/account/collectives")).await?;
    phone.wait_for_text("Et proposen un encàrrec").await?;
    must_fit(&phone, "a proposal").await?;
    phone.click(&format!("Accepta l’encàrrec a {COLLECTIVE}")).await?;
    reload_until(&gestora, page.as_str(), &format!("{name} és gestora de {COLLECTIVE} des del")).await?;
    take_picture(&gestora, "desk-manager-ca", &desk_has).await?;
    Ok(())
}
