//! What every journey does in a window beyond pressing and reading.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use integration_tests::{
    ambient::{eventually, variable},
    browser::{Browser, Scheme},
};
use url::Url;

use super::demo::Person;

/// A phone's page in CSS pixels.
pub const PHONE: (u32, u32) = (360, 740);
const DESK: (u32, u32) = (1280, 900);

/// Signs in on the provider's page, whose words are Catalan.
pub async fn sign_in_in_catalan(browser: &Browser, person: &Person) -> Result<()> {
    browser.wait_for_text("Nom d’usuària o adreça electrònica").await?;
    browser.fill("identifier", &person.username).await?;
    browser.fill("password", &person.password).await?;
    browser.click("Entra").await
}

/// Follows the first link of this kind in the newest mail to somebody, as the local mailbox shows it, once the mail is there.
pub async fn follow_mail(browser: &Browser, issuer: &str, address: &str, kind: &str) -> Result<()> {
    let mail = Locator::XPath(&format!("//li[contains(., '{address}')]//a")).to_owned_link();
    let link = eventually(format!("a mail to {address}"), async || {
        browser.goto(&format!("{issuer}/dev/mailbox")).await?;
        mail.href(browser).await
    });
    browser.goto(&link.await?).await?;
    let link = OwnedXPath(format!("//a[contains(@href, '{kind}')]"));
    let link = link.href(browser).await?.with_context(|| format!("the mail to {address} has no link to {kind}"))?;
    browser.goto(&link).await
}
