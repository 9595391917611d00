//! What every journey does in a window beyond pressing and reading.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use integration_tests::{
    ambient::{eventually, variable},
    browser::{Browser, Scheme},
};

use super::demo::Person;

/// A phone's page in CSS pixels.
pub(super) const PHONE: (u32, u32) = (360, 740);
const DESKTOP: (u32, u32) = (1280, 900);

/// Signs in on the provider's page, whose words are Catalan.
pub(super) async fn sign_in_in_catalan(browser: &Browser, person: &Person) -> Result<()> {
    browser.wait_for_text("Nom d’usuària o adreça electrònica").await?;
    browser.fill("identifier", &person.username).await?;
    browser.fill("password", &person.password).await?;
    browser.click("Entra").await
}

/// Opens the newest mail to somebody in the local mailbox, once it is there, and follows its link to this kind of page.
pub(super) async fn follow_mail(browser: &Browser, issuer: &str, address: &str, kind: &str) -> Result<()> {
    let mail = eventually(format!("a mail to {address}"), async || {
        browser.goto(&format!("{issuer}/dev/mailbox")).await?;
        leads_to(browser, &format!("//li[contains(., '{address}')]//a")).await
    });
    browser.goto(&mail.await?).await?;
    let link = leads_to(browser, &format!("//a[contains(@href, '{kind}')]")).await?;
    browser.goto(&link.with_context(|| format!("the mail to {address} has no link to {kind}"))?).await
}

/// The whole address behind the first link at this place.
async fn leads_to(browser: &Browser, path: &str) -> Result<Option<String>> {
    match browser.client().find_all(Locator::XPath(path)).await?.first() {
        Some(link) => Ok(link.prop("href").await?),
        None => Ok(None),
    }
}

/// Looks at a page again and again until it says these words.
pub(super) async fn reload_until(browser: &Browser, address: &str, words: &str) -> Result<()> {
    eventually(format!("{address} to say {words:?}"), async || {
        browser.goto(address).await?;
        Ok(browser.text().await?.contains(words).then_some(()))
    })
    .await
}

/// The name of whoever is signed in, as the page's menu shows it.
pub(super) async fn who_is_here(browser: &Browser) -> Result<String> {
    let name = browser.run("return document.querySelector('.person-menu-panel strong').textContent").await?;
    Ok(name.as_str().context("nobody is signed in")?.to_owned())
}

/// Nobody has to scroll sideways; otherwise says what sticks out.
pub(super) async fn must_fit(browser: &Browser, page: &str) -> Result<()> {
    const STICKS_OUT: &str = "if (document.scrollingElement.scrollWidth <= innerWidth) return [];
        return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => `${e.tagName}.${e.className} ${e.getBoundingClientRect().right}`).slice(0, 9).concat('too wide')";
    let wide = browser.run(STICKS_OUT).await?;
    ensure!(wide.as_array().is_some_and(Vec::is_empty), "{page} is wider than its window: {wide}");
    Ok(())
}

/// Where `TEST_SCREENSHOTS` names a directory: the page as it is, for a phone and a desktop, light and dark.
pub(super) async fn picture(browser: &Browser, name: &str, window: (u32, u32), scheme: Scheme) -> Result<()> {
    let Some(directory) = variable("TEST_SCREENSHOTS") else { return Ok(()) };
    fs::create_dir_all(&directory)?;
    for size in [PHONE, DESKTOP] {
        browser.set_window(size).await?;
        let height = browser.run("return document.scrollingElement.scrollHeight").await?.as_u64().unwrap_or_default();
        let height = u32::try_from(height.clamp(size.1.into(), 4_000))?;
        browser.set_window((size.0, height)).await?;
        for other in [Scheme::Light, Scheme::Dark] {
            browser.set_scheme(other).await?;
            // colours on their way from one scheme to the other
            browser.run("document.getAnimations().forEach(animation => animation.finish())").await?;
            browser.screenshot(&Path::new(&directory).join(format!("{name}-{}-{other:?}.png", size.0))).await?;
        }
    }
    browser.set_window(window).await?;
    browser.set_scheme(scheme).await
}
