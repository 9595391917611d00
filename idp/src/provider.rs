//! From settings to a running provider: the same for `idp serve` and for whoever runs it beside something else.

use std::{net::SocketAddr, path::Path};

use idp_app::{
    App, AppOptions, AppSettings, EphemeralAt, OpenError,
    env::{Clock, Entropy},
};
use idp_domain::Fault;
use keys::{MasterKey, MasterKeyError};

use crate::{
    http::{
        edge::Edge,
        front::Front,
        server::{BindError, Listener, ServerLimits},
    },
    jobs::Worker,
    lifecycle,
    mail::{MailRoute, Mailer, SendError, mailbox},
    outbound::{AddressPolicy, Outbound},
    settings::Settings,
    stop::Stop,
    wiring::{self, AppState},
};

/// Why a provider does not start; says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The master key.
    #[error("{0}; `idp keys init` makes one for a new installation, and nothing replaces the one a database was made with")]
    MasterKey(#[from] MasterKeyError),
    /// The database, the keys in it, or what is frozen there.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// How mails leave.
    #[error(transparent)]
    Mail(#[from] SendError),
    /// An address to listen on.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// What is published.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What an application is opened with: reads the master key.
pub fn app_options(settings: &Settings) -> Result<AppOptions, MasterKeyError> {
    Ok(AppOptions {
        database_url: settings.database_url.expose().to_owned(),
        ephemeral: settings.redis_url.as_ref().map_or(EphemeralAt::BesideDatabase, |url| EphemeralAt::Redis(url.expose().to_owned())),
        master: MasterKey::load(&settings.master_key_file)?,
        settings: AppSettings {
            issuer: settings.issuer.clone(),
            admin_ui: settings.admin_ui.clone(),
            cluster_name: settings.cluster_name.clone(),
            group_prefix: settings.group_prefix.clone(),
        },
        clock: Clock::System,
        entropy: Entropy::Os,
    })
}

/// Makes a master key; an existing file is never touched.
pub fn create_master_key(path: &Path) -> Result<(), MasterKeyError> {
    MasterKey::create(path, Entropy::Os.bytes()).map(drop)
}

/// A provider that is ready to serve.
#[derive(Debug)]
pub struct Provider {
    /// Everything it answers.
    pub front: Front,
    worker: Worker,
    limits: ServerLimits,
    listeners: Vec<Listener>,
}

impl Provider {
    /// Around an open application: the routes, the mail, the work beside them. Listens already, so that a port in use is
    /// told before anything is announced.
    pub async fn start(app: App, settings: &Settings) -> Result<Self, StartError> {
        let listeners = lifecycle::bind(&settings.listen).await?;
        let mailer = Mailer::new(&settings.mail_from, &settings.mail_route)?;
        if let (MailRoute::Directory(directory), false) = (&settings.mail_route, settings.issuer.is_loopback_http()) {
            tracing::warn!(directory = %directory.display(), "mails are written to a directory and reach nobody: set mail.smtp_url");
        }
        let outbound = Outbound::new(AddressPolicy::new(&settings.issuer, settings.private_ranges.clone()));
        let front = front(app.clone(), settings)?;
        let limits = ServerLimits { connections: settings.connections, ..ServerLimits::default() };
        Ok(Self { front, worker: Worker::new(app, mailer, outbound), limits, listeners })
    }

    /// The addresses in use.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect()
    }

    /// Serves and works until the order to stop, then finishes what is in progress.
    pub async fn run(self, stop: Stop) {
        let work = self.worker.run(stop.clone());
        lifecycle::run(self.listeners, self.front, self.limits, work, stop).await;
    }
}

/// Everything a provider answers, without a socket: for tests too.
pub fn front(app: App, settings: &Settings) -> Result<Front, Fault> {
    let edge = Edge::of(&app, settings.trusted_proxies.clone());
    let mut router = wiring::router(AppState::new(app, edge.clone())?);
    if let MailRoute::Directory(directory) = &settings.mail_route {
        router = router.merge(mailbox::routes(&edge, directory.clone()));
    }
    Ok(Front::new(edge, router))
}

#[cfg(test)]
mod tests;
