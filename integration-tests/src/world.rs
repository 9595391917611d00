//! A whole provider in the test's own process: the real router behind real sockets on a loopback port, a real database, a clock
//! that moves when told. People, collectives and services come from a `cluster.toml`, through the same `apply` operators use.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use anyhow::{Context as _, Result};
use idp::{
    http::{
        edge::Edge,
        front::Front,
        proxies::TrustedProxies,
        server::{self, Listener, ServerLimits},
    },
    jobs::Worker,
    mail::{MailRoute, Mailer},
    outbound::{AddressPolicy, Outbound},
    stop::{self, Stopper},
    wiring::{self, AppState},
};
use idp_app::{
    App, AppOptions, AppSettings, EphemeralAt,
    env::{Clock, Entropy},
};
use idp_domain::{Ttl, groups::GroupPrefix, issuer::Issuer, policy::Actor, service::ServiceState, slug::Slug};
use idp_store::{Decided, Store, StoreOptions, Tx as _, Updated, signing_keys::StoredKey};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::pg::TestDatabase;

/// Which database a world stands on.
pub enum Database {
    /// A file of its own.
    Sqlite,
    /// A database of its own in the server the run started.
    Postgres(TestDatabase),
}

/// A running provider.
pub struct World {
    /// The use cases behind it.
    pub app: App,
    /// `http://localhost:<port>`.
    pub issuer: String,
    /// Moves when told; starts at the real time, since relying parties' libraries look at the real clock.
    pub clock: Clock,
    /// Where its files are.
    pub directory: TempDir,
    database_url: String,
    ephemeral: EphemeralAt,
    _stopper: Stopper,
    _database: Database,
}

impl World {
    /// Starts a provider on SQLite with what the file declares.
    pub async fn start(cluster: &str) -> Result<Self> {
        Self::on(Database::Sqlite, cluster).await
    }

    /// Starts a provider on a database with what the file declares.
    pub async fn on(database: Database, cluster: &str) -> Result<Self> {
        Self::with(database, EphemeralAt::BesideDatabase, cluster).await
    }

    /// As [`World::on`], with short-lived state elsewhere.
    pub async fn with(database: Database, ephemeral: EphemeralAt, cluster: &str) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let issuer = format!("http://localhost:{}", listener.local_addr()?.port());
        let clock = Clock::manual(Clock::System.now());
        let database_url = match &database {
            Database::Sqlite => format!("sqlite:{}", directory.path().join("aplec.db").display()),
            Database::Postgres(database) => database.url(),
        };
        let options = options(&database_url, &ephemeral, &issuer, &clock)?;
        App::migrate(&options).await?;
        keep_test_keys(&database_url, &clock).await?;
        let app = App::open(options).await?;
        let act = app.act(Actor::Operator, "apply");
        idp_app::apply::apply_text(&act, "cluster.toml", cluster, directory.path()).await.context("the cluster file")?;
        let edge = Edge::of(&app, TrustedProxies::default());
        let router = wiring::router(AppState::new(app.clone(), edge.clone())?);
        let (stopper, stop) = stop::channel();
        tokio::spawn(server::serve(vec![Listener::Tcp(listener)], Front::new(edge, router), ServerLimits::default(), stop));
        Ok(Self { app, issuer, clock, directory, database_url, ephemeral, _stopper: stopper, _database: database })
    }

    /// The same installation as another process sees it, such as an operator's console.
    pub async fn console(&self) -> Result<App> {
        Ok(App::open(options(&self.database_url, &self.ephemeral, &self.issuer, &self.clock)?).await?)
    }

    /// A worker of this installation that does what is due when told. Its mails land in the world's directory.
    pub async fn worker(&self) -> Result<Arc<Worker>> {
        self.worker_with(Mailer::new("aplec@exemple.test", &MailRoute::Directory(self.directory.path().join("mail")))?).await
    }

    /// As [`World::worker`], with mails that go elsewhere; a process of its own as far as the database can tell.
    pub async fn worker_with(&self, mailer: Mailer) -> Result<Arc<Worker>> {
        let app = self.console().await?;
        let outbound = Outbound::new(AddressPolicy::new(&app.settings().issuer, Vec::new()));
        Ok(Arc::new(Worker::new(app, mailer, outbound)))
    }

    /// Opens or closes a service, which a cluster file alone does not do.
    pub async fn set_service(&self, slug: &str, state: ServiceState) -> Result<()> {
        let store = Store::open(&StoreOptions::new(&self.database_url)).await?;
        let tx = store.write("tests.set_service").await?;
        let service = tx.services().find_by_slug(&Slug::parse(slug)?).await?.context("no such service")?;
        let done = tx.services().set_state(service.id, service.version, state, Decided::ByFile).await?;
        anyhow::ensure!(done == Updated::Done, "somebody else changed the service");
        tx.commit().await?;
        store.close().await?;
        Ok(())
    }

    /// An address of the provider.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }

    /// Lets time pass.
    pub fn wait(&self, time: Ttl) {
        self.clock.advance(time);
    }
}

fn options(database_url: &str, ephemeral: &EphemeralAt, issuer: &str, clock: &Clock) -> Result<AppOptions> {
    Ok(AppOptions {
        database_url: database_url.to_owned(),
        ephemeral: ephemeral.clone(),
        master: keys::testing::master_key(),
        settings: AppSettings {
            issuer: Issuer::parse(issuer)?,
            admin_ui: None,
            cluster_name: "SomNúvol de prova".to_owned(),
            group_prefix: GroupPrefix::default(),
        },
        clock: clock.clone(),
        entropy: Entropy::Os,
    })
}

/// Generating RSA keys takes seconds in an unoptimised build: worlds start with the test keys.
pub(crate) async fn keep_test_keys(database_url: &str, clock: &Clock) -> Result<()> {
    let store = Store::open(&StoreOptions::new(database_url)).await?;
    let tx = store.write("test_keys").await?;
    for key in keys::testing::stored_keys(clock.now()) {
        let row = StoredKey {
            id: Entropy::Os.id(clock.now()),
            kid: key.times.kid,
            alg: key.times.alg,
            purpose: key.times.purpose.as_str().to_owned(),
            sealed_private: key.sealed_private,
            public_jwk: key.public_jwk,
            created_at: key.times.created_at,
            activates_at: key.times.activates_at,
            retires_at: key.times.retires_at,
            removed_at: key.times.removed_at,
            revoked_at: key.times.revoked_at,
        };
        anyhow::ensure!(tx.signing_keys().insert(&row).await? == idp_store::Inserted::Done, "a test key is there already");
    }
    tx.commit().await?;
    store.close().await?;
    Ok(())
}
