//! The managers' desk itself: its real router on a loopback port, a relying party of a [`World`], moved by the same clock.

use std::{
    net::{Ipv4Addr, SocketAddr},
    os::unix::fs::OpenOptionsExt as _,
};

use anyhow::{Context as _, Result, bail};
use idp_app::env::Clock;
use keys::SigningAlg;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    desk,
    http::{Page, Session},
    world::World,
};

/// A port for a desk, to be registered before there is a provider.
#[derive(Debug)]
pub struct DeskPlace {
    listener: TcpListener,
    base: String,
}

/// A running desk. Dropping it ends it.
#[derive(Debug)]
pub struct DeskApp {
    /// `http://localhost:<port>`.
    pub base: String,
    _stop: oneshot::Sender<()>,
}

impl DeskPlace {
    /// Takes a port.
    pub async fn take() -> Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let base = format!("http://localhost:{}", listener.local_addr()?.port());
        Ok(Self { listener, base })
    }

    /// The lines that register it in a cluster file.
    pub fn registration(&self) -> Result<String> {
        desk::registration_at(&format!("{}/oidc/callback", self.base))
    }

    /// Opens the desk of a provider that knows it.
    pub fn open(self, world: &World) -> Result<DeskApp> {
        let Clock::Manual(millis) = &world.clock else { bail!("a world has a clock that moves when told") };
        let key = world.directory.path().join("desk.pem");
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&key)?;
        std::io::Write::write_all(&mut file, keys::testing::private_pem(SigningAlg::EdDsa).as_bytes())?;
        let listen = vec![self.listener.local_addr()?];
        let settings = admin_ui::Settings::new(&world.issuer, &self.base, desk::CLIENT_ID, key, listen)?;
        let app = admin_ui::App::open(settings, admin_ui::Clock::Manual(millis.clone()), admin_ui::Entropy::Os)?;
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(admin_ui::serve(self.listener, admin_ui::router(app), async move { drop(stopped.await) }));
        Ok(DeskApp { base: self.base, _stop: stop })
    }
}

impl DeskApp {
    /// A page of the desk.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Opens the desk in a browser that nobody signed in with yet, and signs in.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<(Session, Page)> {
        let mut session = Session::new()?.speaking("en");
        let page = session.get(&self.at("/")).await?;
        let page = self.prove(&mut session, &page, username, password).await?;
        Ok((session, page))
    }

    /// Fills the provider's sign-in form, which has to be there, and follows to the desk.
    pub async fn prove(&self, session: &mut Session, page: &Page, username: &str, password: &str) -> Result<Page> {
        let form = page.form("Sign in").context("the provider asks who it is")?;
        let form = form.set("identifier", username)?.set("password", password)?;
        let page = session.submit(page, &form).await?;
        if page.url.as_str().starts_with(&self.base) { Ok(page) } else { bail!("not back at the desk: {}", page.describe()) }
    }
}
