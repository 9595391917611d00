//! Opening the application: the store, the keys, the hasher. Everything that can be wrong is told before anybody is
//! served.

use std::sync::{Arc, RwLock};

use idp_domain::{Fault, policy::Actor};
use idp_store::{EphemeralOptions, Store, StoreOptions, Tx, cluster::Setting};
use keys::{KeyRing, MasterKey};
use tokio::sync::Notify;

use crate::{
    App,
    act::{AppSettings, Inner},
    env::{Clock, Entropy},
    key_ring,
    login::hasher::Hasher,
};

/// Where short-lived state lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EphemeralAt {
    /// With the database.
    BesideDatabase,
    /// In a Redis at this URL.
    Redis(String),
}

/// Everything an installation decides.
#[derive(Debug)]
pub struct AppOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// Where short-lived state lives.
    pub ephemeral: EphemeralAt,
    /// What the database's secrets are sealed under; kept outside it.
    pub master: MasterKey,
    /// What the use cases need to know.
    pub settings: AppSettings,
    /// Where time comes from.
    pub clock: Clock,
    /// Where randomness comes from.
    pub entropy: Entropy,
}

/// Why the application does not start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database.
    #[error(transparent)]
    Store(#[from] idp_store::OpenError),
    /// A prefix other than the one services have seen.
    #[error(
        "the group prefix is `{configured}`, but clients were registered under `{frozen}`; set cluster.group_prefix back to `{frozen}`"
    )]
    GroupPrefix {
        /// In the settings.
        configured: String,
        /// In the database.
        frozen: String,
    },
    /// The signing keys, or a query.
    #[error("{0}")]
    Fault(#[from] Fault),
}

impl AppOptions {
    fn store(&self) -> StoreOptions {
        let ephemeral = match &self.ephemeral {
            EphemeralAt::BesideDatabase => EphemeralOptions::Sql,
            EphemeralAt::Redis(url) => EphemeralOptions::Redis(url.clone()),
        };
        StoreOptions { ephemeral, ..StoreOptions::new(self.database_url.clone()) }
    }
}

impl App {
    /// Brings the schema up to date; returns the migrations that ran.
    pub async fn migrate(options: &AppOptions) -> Result<Vec<String>, OpenError> {
        Ok(Store::migrate(&options.store()).await?)
    }

    /// Opens an installation whose schema is current: unseals its keys, generating what is missing.
    pub async fn open(options: AppOptions) -> Result<Self, OpenError> {
        let store = Store::open(&options.store()).await?;
        Self::with_store(store, options).await
    }

    async fn with_store(store: Store, options: AppOptions) -> Result<Self, OpenError> {
        let epoch = read_epoch(&store, &options.settings).await?;
        let now = options.clock.now();
        let ring = KeyRing::open(&[], &options.master, now).map_err(Fault::from)?;
        let app = Self(Arc::new(Inner {
            store,
            hasher: Hasher::new(options.master.derive("password/pepper/1"), options.entropy.bytes())?,
            form_key: options.master.derive("forms"),
            settings: options.settings,
            clock: options.clock,
            entropy: options.entropy,
            master: options.master,
            ring: RwLock::new(Arc::new(ring)),
            ring_made_from: RwLock::new(Vec::new()),
            jobs_waiting: Notify::new(),
            epoch,
        }));
        key_ring::rotate_keys(&app.act_at(now, Actor::System, "start"), &keys::Policy::default()).await?;
        Ok(app)
    }

    /// Whether the database answers, for readiness.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.store().ping().await
    }

    /// The full check of the database: what is wrong, nothing when all is well; `None` for PostgreSQL, which looks after itself.
    pub async fn check_integrity(&self) -> Result<Option<Vec<String>>, Fault> {
        self.store().check_integrity().await
    }
}

/// Reads the epoch, when the group prefix is the one that was frozen with the first client: services key on it.
async fn read_epoch(store: &Store, settings: &AppSettings) -> Result<i64, OpenError> {
    let configured = settings.group_prefix.as_str();
    let read = store.read();
    match read.cluster().find(Setting::GroupPrefix).await? {
        Some(frozen) if frozen != configured => Err(OpenError::GroupPrefix { configured: configured.to_owned(), frozen }),
        _ => Ok(read.cluster().epoch().await?),
    }
}
