//! Attacks over HTTP: what other sites, other people's browsers, other services and hostile names try.

mod browsers;
mod names;
mod registering;
mod tokens;

use anyhow::{Context as _, Result};
use integration_tests::{
    desk, html,
    http::{Page, Request, Session},
    world::World,
};
use url::Url;

use crate::oidc::CLUSTER;

/// The cookie that names a browser on plain http.
const COOKIE: &str = "aplec_idp";

/// The usual cluster with the managers' desk.
fn with_desk() -> Result<String> {
    Ok(format!("{CLUSTER}{}", desk::registration()?))
}

fn address(world: &World, path: &str) -> Result<Url> {
    Ok(Url::parse(&world.at(path))?)
}

/// Signs in for no service in particular.
async fn enter(world: &World, session: &mut Session, username: &str, password: &str) -> Result<Page> {
    let page = session.get(&world.at("/login")).await?;
    let form = page.form("Sign in")?.set("identifier", username)?.set("password", password)?;
    session.step(Request::for_form(&form), Some(&page.url)).await
}

/// The token of the page's form with this action.
fn token_of(page: &Page, action: &str) -> Result<String> {
    let forms = html::forms(&page.body, &page.url)?;
    let form =
        forms.iter().find(|form| form.action.path() == action).with_context(|| format!("no form to {action}: {}", page.describe()))?;
    Ok(form.value("csrf").context("a form without a token")?.to_owned())
}
