//! Where Chromium stops a form's redirects (`form-action`), the answer to a sign-in goes on by itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::Result;
use axum::{Router, response::Redirect, routing::get};
use integration_tests::{
    browser::{Browser, Scripts, Setup},
    rp::Rp,
    world::World,
};
use tokio::net::TcpListener;

use crate::oidc::{CLUSTER, PASSWORD};

const SECRET: &str = "a-secret-of-the-chat-for-tests-only-000";

/// Serves on a free port of an address, and tells its origin.
async fn serve(address: impl Into<IpAddr>, router: Router) -> Result<String> {
    let listener = TcpListener::bind((address.into(), 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(origin)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_arrives_at_a_service_that_redirects_onward_or_has_no_name_a_policy_could_hold() -> Result<()> {
    let landed = || Router::new().route("/landed", get(|| async { "You have landed" }));
    let client = format!("{}/landed", serve(Ipv4Addr::LOCALHOST, landed()).await?);
    let onward = Router::new().route("/onward", get(move || async move { Redirect::to(&client) }));
    let chat = format!("{}/onward", serve(Ipv4Addr::LOCALHOST, onward).await?);
    let unnamed = format!("{}/landed", serve(Ipv6Addr::LOCALHOST, landed()).await?);
    let declared = [("xat", &chat, "profile = { redirects_onward = true }"), ("sense-nom", &unnamed, "")].map(|(client_id, uri, more)| {
        format!(
            "\n[[client]]\nclient_id = \"{client_id}\"\nservice = \"oficina\"\nsecret = \"{SECRET}\"\nredirect_uris = [\"{uri}\"]\n\
             scopes = [\"openid\"]\n{more}\n"
        )
    });
    let world = World::start(&format!("{CLUSTER}{}", declared.concat())).await?;
    for (client_id, uri) in [("xat", &chat), ("sense-nom", &unnamed)] {
        for scripts in [Scripts::Run, Scripts::Blocked] {
            let Some(browser) = Browser::open(&Setup { languages: "en", scripts, ..Setup::default() }).await? else { return Ok(()) };
            let service = Rp::new(&world.issuer, client_id, Some(SECRET), uri);
            browser.goto(service.authorize_url(&[("scope", "openid")])?.as_str()).await?;
            browser.fill("identifier", "maria").await?;
            browser.fill("password", PASSWORD).await?;
            browser.click("Sign in").await?;
            browser.wait_for_text("You have landed").await?;
        }
    }
    Ok(())
}
