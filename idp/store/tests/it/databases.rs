//! A fresh, migrated store for each test, on every database that is there: a file per test on SQLite, a schema per
//! test on PostgreSQL (when `TEST_POSTGRES_URL` names a server).

use std::sync::atomic::{AtomicU64, Ordering};

use idp_domain::id::{Id, Kind};
use idp_store::{Store, StoreOptions};
use sqlx::{ConnectOptions, Executor};
use tempfile::TempDir;
use uuid::Uuid;

/// One database of a test.
pub(crate) struct Db {
    /// Opened and migrated.
    pub(crate) store: Store,
    /// How it was opened.
    pub(crate) options: StoreOptions,
    /// For messages.
    pub(crate) name: &'static str,
    /// Removed with everything in it when the test ends.
    _folder: Option<TempDir>,
}

/// A fresh store on every database; `test` is unique among the tests and fit for a schema's name.
pub(crate) async fn databases(test: &str) -> Vec<Db> {
    let mut databases = vec![sqlite().await];
    if let Some(url) = variable("TEST_POSTGRES_URL") {
        databases.push(postgres(&url, test).await);
    } else {
        assert!(variable("TEST_REQUIRE_ALL").is_none(), "TEST_REQUIRE_ALL is set, so TEST_POSTGRES_URL must be set too");
    }
    databases
}

#[expect(clippy::disallowed_methods, reason = "test servers are named by the environment")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn sqlite() -> Db {
    let folder = tempfile::tempdir().expect("a folder");
    let options = StoreOptions::new(format!("sqlite:{}", folder.path().join("test.sqlite").display()));
    Db { store: open(&options).await, options, name: "SQLite", _folder: Some(folder) }
}

async fn postgres(url: &str, test: &str) -> Db {
    let mut plain = url.parse::<sqlx::postgres::PgConnectOptions>().expect("a URL").connect().await.expect("the test server answers");
    let schema = format!("store_{test}");
    for sql in [format!("DROP SCHEMA IF EXISTS {schema} CASCADE"), format!("CREATE SCHEMA {schema}")] {
        plain.execute(sqlx::AssertSqlSafe(sql)).await.expect("a fresh schema");
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    let options = StoreOptions::new(format!("{url}{separator}options[search_path]={schema}"));
    Db { store: open(&options).await, options, name: "PostgreSQL", _folder: None }
}

async fn open(options: &StoreOptions) -> Store {
    Store::migrate(options).await.expect("migrates");
    Store::open(options).await.expect("opens")
}

static NEXT: AtomicU64 = AtomicU64::new(1);

/// The next identifier; later ones sort after earlier ones, as version 7 does.
pub(crate) fn id<K: Kind>() -> Id<K> {
    Id::from_uuid(uuid())
}

/// The next UUID.
pub(crate) fn uuid() -> Uuid {
    Uuid::from_u128((0x0193_0000_0000_7000_8000 << 48) | u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// Runs as many tasks at once and returns what each came to, in no order.
pub(crate) async fn race<F, T>(tasks: impl IntoIterator<Item = F>) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::with_capacity(running.len());
    for task in running {
        outcomes.push(task.await.expect("no task panics"));
    }
    outcomes
}
