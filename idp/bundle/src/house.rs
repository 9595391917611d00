//! The programs together: they start in order, serve beside each other, and end when told.

use std::{fs::DirBuilder, io, os::unix::fs::DirBuilderExt as _};

use admin_ui::{KeyFiles, Settings as DeskSettings};
use anyhow::{Context as _, anyhow};
use idp::{
    lifecycle,
    newcomer::{DESK_CLIENT_ID, Desk, Newcomer},
    provider::Provider,
    stop::{self, Stop, Stopper},
    telemetry,
};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{Place, listen};

/// What a newcomer should see of the log.
const LOG: &str = "warn";

/// An installation with its ports taken, so that a port in use is told before anything is written.
pub struct Ground {
    /// Where it is.
    pub place: Place,
    /// The installation.
    pub newcomer: Newcomer,
    desk: Vec<TcpListener>,
}

/// What serves.
pub struct House {
    provider: Provider,
    rooms: JoinSet<io::Result<()>>,
    stopper: Stopper,
    stop: Stop,
}

/// Opens, or begins, the installation of a place without serving it.
pub async fn open(place: &Place) -> anyhow::Result<Newcomer> {
    let data = place.data();
    // mails and secrets in it are nobody else's
    let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.with_context(|| format!("the directory {} cannot be made (choose another with --data)", data.display()))?;
    let settings = place.settings(&listen::addresses(place.provider_port()))?;
    Newcomer::open(settings, &place.database()).await
}

impl Ground {
    /// Opens, or begins, the installation of a place.
    pub async fn prepare(place: Place) -> anyhow::Result<Self> {
        let settings = place.settings(&listen::addresses(place.provider_port()))?;
        telemetry::start(LOG, settings.log_format)?;
        // the provider takes its own port later; this only looks
        drop(listen::take(place.provider_port()).await?);
        let desk = listen::take(place.desk_port()).await?;
        let newcomer = open(&place).await?;
        Ok(Self { place, newcomer, desk })
    }

    /// Starts the managers' desk and gets the provider ready.
    pub async fn build(self) -> anyhow::Result<House> {
        let Self { place, newcomer, desk: listeners } = self;
        let files = KeyFiles::in_directory(&place.desk_directory());
        if !files.private.exists() {
            files.create()?;
        }
        let addresses = listen::addresses(place.desk_port());
        let settings = DeskSettings::new(&place.issuer(), &place.desk(), DESK_CLIENT_ID, &files.private, addresses)?;
        let desk = Desk {
            jwks: files.public_jwks()?,
            redirect_uri: settings.redirect_uri().to_string(),
            post_logout_redirect_uri: settings.post_logout_redirect_uri().to_string(),
        };
        newcomer.register_desk(&desk).await?;
        let provider = Provider::start(newcomer.app, &newcomer.settings).await.map_err(|error| anyhow!("{error}"))?;
        let router = admin_ui::router(admin_ui::App::open(settings, admin_ui::Clock::System, admin_ui::Entropy::Os)?);
        let (stopper, stop) = stop::channel();
        let mut house = House { provider, rooms: JoinSet::new(), stopper, stop };
        house.add(listeners, |listener, mut stop| admin_ui::serve(listener, router.clone(), async move { stop.given().await }));
        Ok(house)
    }
}

impl House {
    /// Starts Mirador, the demo's relying service.
    pub fn add_mirador(&mut self, settings: mirador::Settings, listeners: Vec<TcpListener>) -> anyhow::Result<()> {
        let router = mirador::router(settings)?;
        self.add(listeners, |listener, mut stop| admin_ui::serve(listener, router.clone(), async move { stop.given().await }));
        Ok(())
    }

    fn add<F>(&mut self, listeners: Vec<TcpListener>, serve: impl Fn(TcpListener, Stop) -> F)
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        for listener in listeners {
            self.rooms.spawn(serve(listener, self.stop.clone()));
        }
    }

    /// Serves until SIGTERM or Ctrl-C, then lets everything in progress end.
    pub async fn serve(self) -> anyhow::Result<()> {
        let Self { provider, mut rooms, stopper, stop } = self;
        let provider = tokio::spawn(provider.run(stop));
        lifecycle::signalled().await?;
        stopper.stop();
        while let Some(ended) = rooms.join_next().await {
            ended??;
        }
        Ok(provider.await?)
    }
}
