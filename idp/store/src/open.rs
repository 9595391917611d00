//! Opening: pools, pragmas, the version of SQLite, the state of the schema.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use idp_domain::Fault;
use migrations::{Lock, Status};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};
use url::Url;

use crate::{
    OpenError, Store, Tx as _,
    connections::{self, Role},
    ephemeral::Ephemeral,
    error::fault,
    tx::Inner,
};

/// How long a statement may take on PostgreSQL.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// Statements each connection to PostgreSQL keeps prepared: more than there are queries.
const STATEMENT_CACHE: usize = 400;

/// Where and how to remember.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// Where short-lived state lives.
    pub ephemeral: EphemeralOptions,
    /// Connections to PostgreSQL, or readers beside the one writer of SQLite.
    pub max_connections: u32,
    /// How long a request waits for a connection, or for SQLite's writer, before it is answered with "not now".
    pub acquire_timeout: Duration,
}

/// Where short-lived state lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EphemeralOptions {
    /// With the database: on SQLite in a file beside it (`PATH.ephemeral`) that is not synced, on PostgreSQL in a table.
    Sql,
    /// In a Redis at this URL, shared by several processes.
    Redis(String),
}

impl StoreOptions {
    /// The usual options for a database.
    pub fn new(database_url: impl Into<String>) -> Self {
        Self {
            database_url: database_url.into(),
            ephemeral: EphemeralOptions::Sql,
            max_connections: 4,
            acquire_timeout: Duration::from_secs(2),
        }
    }
}

/// What the URL names.
enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    fn parse(url: &str) -> Result<Self, OpenError> {
        let unknown = || OpenError::UnknownUrl { url: without_password(url) };
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Url::parse(url).map_err(|_| unknown())?;
            // sea-orm knows the short scheme only
            return Ok(Self::Postgres(url.replacen("postgresql://", "postgres://", 1)));
        }
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            // a database in memory could not be shared by writer and readers
            return if path.is_empty() || path.contains([':', '?']) { Err(unknown()) } else { Ok(Self::Sqlite(path.into())) };
        }
        Err(unknown())
    }

    fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => path.display().to_string(),
            Self::Postgres(url) => without_password(url),
        }
    }

    fn cannot_open(&self, reason: &(impl ToString + ?Sized)) -> OpenError {
        OpenError::CannotOpen { database: self.name(), reason: reason.to_string() }
    }
}

/// A URL fit for an error message.
pub(crate) fn without_password(url: &str) -> String {
    Url::parse(url).map_or_else(
        |_| url.split('@').next_back().unwrap_or_default().to_owned(),
        |mut parsed| {
            if parsed.password().is_some() {
                let _ = parsed.set_password(Some("…"));
            }
            parsed.to_string()
        },
    )
}

impl Store {
    /// Opens a database whose schema is current.
    pub async fn open(options: &StoreOptions) -> Result<Self, OpenError> {
        let target = Target::parse(&options.database_url)?;
        if let Target::Sqlite(path) = &target
            && !path.exists()
        {
            return Err(target.cannot_open("there is no such file; run `idp migrate` to create it"));
        }
        let writer = connect_writer(&target, options).await?;
        match migrations::status(&writer).await.map_err(|error| target.cannot_open(&error))? {
            Status::Current | Status::NewerTolerated(_) => {}
            Status::Behind(names) => {
                let first = names.first().cloned().unwrap_or_default();
                return Err(OpenError::NotMigrated { database: target.name(), pending: names.len(), first });
            }
            Status::TooNew(names) => {
                return Err(OpenError::NewerSchema { database: target.name(), newest: names.last().cloned().unwrap_or_default() });
            }
        }
        let (reader, writer) = match &target {
            Target::Sqlite(path) => {
                let reader = connect_own(path, options, Role::Reader).map_err(|error| target.cannot_open(&error))?;
                let own = connect_own(path, options, Role::Writer).map_err(|error| target.cannot_open(&error))?;
                // not the last connection to the file, so nothing is folded into it now
                let _ = writer.close().await;
                (reader, own)
            }
            Target::Postgres(_) => (connections::Database::Postgres(writer.clone()), connections::Database::Postgres(writer)),
        };
        let ephemeral = match (&options.ephemeral, &target) {
            (EphemeralOptions::Redis(url), _) => Ephemeral::redis(url).await?,
            (EphemeralOptions::Sql, Target::Sqlite(path)) => {
                let path = with_suffix(path, ".ephemeral");
                let place = path.display().to_string();
                let failed = |reason: DbErr| OpenError::Ephemeral { place: place.clone(), reason: reason.to_string() };
                create_private(&path).map_err(|reason| OpenError::Ephemeral { place: place.clone(), reason: reason.to_string() })?;
                let connection = connect_own(&path, options, Role::Ephemeral).map_err(failed)?;
                Ephemeral::own_file(connection).await.map_err(failed)?
            }
            (EphemeralOptions::Sql, Target::Postgres(_)) => Ephemeral::table(writer.clone()),
        };
        Ok(Self { inner: Arc::new(Inner { reader, writer, ephemeral }) })
    }

    /// Creates what is missing of the database and its schema; returns the names of the migrations that ran.
    /// Several processes may call this at once.
    pub async fn migrate(options: &StoreOptions) -> Result<Vec<String>, OpenError> {
        let target = Target::parse(&options.database_url)?;
        if let Target::Sqlite(path) = &target {
            create_private(path).map_err(|error| target.cannot_open(&error))?;
        }
        let failed = |error| match error {
            migrations::MigrateError::TooNew(names) => {
                OpenError::NewerSchema { database: target.name(), newest: names.last().cloned().unwrap_or_default() }
            }
            other => OpenError::Migration { database: target.name(), reason: other.to_string() },
        };
        match &target {
            Target::Sqlite(path) => {
                // already the first connection writes: it switches a new file to write-ahead logging
                let held = Lock::File(&with_suffix(path, ".migrate.lock")).take().await.map_err(failed)?;
                let writer = connect_writer(&target, options).await?;
                let outcome = migrations::migrate_under(&held, &writer).await;
                let _ = writer.close().await;
                held.release().await;
                outcome.map_err(failed)
            }
            Target::Postgres(url) => {
                let writer = connect_writer(&target, options).await?;
                let outcome = migrations::migrate(&writer, Lock::Postgres(url)).await;
                let _ = writer.close().await;
                outcome.map_err(failed)
            }
        }
    }

    /// The names of the migrations that would run, without writing anything.
    pub async fn pending_migrations(options: &StoreOptions) -> Result<Vec<String>, OpenError> {
        let target = Target::parse(&options.database_url)?;
        if let Target::Sqlite(path) = &target
            && !path.exists()
        {
            return Err(target.cannot_open("there is no such file"));
        }
        let writer = connect_writer(&target, options).await?;
        let pending = migrations::pending(&writer).await.map_err(|error| target.cannot_open(&error));
        let _ = writer.close().await;
        pending
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        let tx = self.write("store.ping").await?;
        tx.cluster().try_to_write().await?;
        tx.rollback().await
    }

    /// The full check of a SQLite database, for `doctor` and the night: what is wrong, nothing when all is well. `None` for
    /// PostgreSQL, which looks after itself.
    pub async fn check_integrity(&self) -> Result<Option<Vec<String>>, Fault> {
        let place = "store.check_integrity";
        let db = &self.inner.reader;
        if db.get_database_backend() == sea_orm::DbBackend::Postgres {
            return Ok(None);
        }
        let mut wrong = Vec::new();
        for row in db.query_all_raw(pragma("PRAGMA integrity_check")).await.map_err(fault(place))? {
            let line: String = row.try_get("", "integrity_check").map_err(fault(place))?;
            if line != "ok" {
                wrong.push(line);
            }
        }
        for row in db.query_all_raw(pragma("PRAGMA foreign_key_check")).await.map_err(fault(place))? {
            let table: String = row.try_get("", "table").map_err(fault(place))?;
            let parent: String = row.try_get("", "parent").map_err(fault(place))?;
            wrong.push(format!("a row of {table} names a row of {parent} that does not exist"));
        }
        Ok(Some(wrong))
    }

    /// Closes every connection; on SQLite the write-ahead log is folded into the database.
    pub async fn close(self) -> Result<(), Fault> {
        self.inner.reader.close().await.map_err(fault("store.close"))?;
        self.inner.writer.close().await.map_err(fault("store.close"))?;
        self.inner.ephemeral.close().await
    }
}

async fn connect_writer(target: &Target, options: &StoreOptions) -> Result<DatabaseConnection, OpenError> {
    match target {
        Target::Sqlite(path) => {
            let writer = connections::migrating::connect(path).await.map_err(|error| target.cannot_open(&error))?;
            check_sqlite_version(&writer)
                .await
                .map_err(|error| target.cannot_open(&error))?
                .map_or(Ok(()), |version| Err(OpenError::SqliteVersion { version }))?;
            Ok(writer)
        }
        Target::Postgres(url) => {
            let mut connect = common(url.clone(), options);
            connect
                .max_connections(options.max_connections)
                .min_connections(1)
                .statement_timeout(STATEMENT_TIMEOUT)
                .map_sqlx_postgres_opts(|options| options.statement_cache_capacity(STATEMENT_CACHE).application_name("aplec"));
            Database::connect(connect).await.map_err(|error| target.cannot_open(&error))
        }
    }
}

/// What this process works with.
fn connect_own(path: &Path, options: &StoreOptions, role: Role) -> Result<connections::Database, DbErr> {
    let most = if role == Role::Reader { options.max_connections.max(1) } else { 1 };
    connections::Database::sqlite(path, role, most, options.acquire_timeout)
}

fn common(url: String, options: &StoreOptions) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .acquire_timeout(options.acquire_timeout)
        .connect_timeout(options.acquire_timeout)
        // statements carry values and are named by the transaction instead
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    connect
}

fn pragma(sql: &'static str) -> Statement {
    Statement::from_string(sea_orm::DbBackend::Sqlite, sql)
}

/// The version when it must not be used: SQLite before 3.51.3 can reset a write-ahead log another process still
/// needs, and 3.52.0 was withdrawn.
async fn check_sqlite_version(db: &DatabaseConnection) -> Result<Option<String>, DbErr> {
    let row = db.query_one_raw(pragma("SELECT sqlite_version() AS version")).await?;
    let version: String = row.map_or(Ok(String::new()), |row| row.try_get("", "version"))?;
    Ok((!is_sound_sqlite(&version)).then_some(version))
}

fn is_sound_sqlite(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    parts.len() >= 3 && parts.as_slice() >= [3, 51, 3].as_slice() && parts.as_slice() != [3, 52, 0].as_slice()
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Creates the file readable by its owner only; SQLite gives its side files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsound_versions_of_sqlite_are_refused() {
        for (version, sound) in [("3.51.3", true), ("3.53.0", true), ("3.52.1", true), ("4.0.0", true)] {
            assert_eq!(is_sound_sqlite(version), sound, "{version}");
        }
        for version in ["3.51.2", "3.52.0", "3.7.0", "", "3.51"] {
            assert!(!is_sound_sqlite(version), "{version}");
        }
    }

    #[test]
    fn a_password_never_reaches_an_error_message() {
        let shown = without_password("postgres://ada:secret@db/aplec");
        assert!(!shown.contains("secret") && shown.contains("ada"), "{shown}");
        assert!(!without_password("nonsense ada:secret@db").contains("secret"));
    }

    #[tokio::test]
    async fn each_connection_to_a_file_has_the_settings_of_its_role() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("idp.db");
        let options = StoreOptions::new("");
        create_private(&path).expect("creates");
        let value = async |db: &connections::Database, name: &str| -> String {
            let row = db.query_one_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, format!("PRAGMA {name}"))).await;
            let row = row.expect("asks").expect("answers");
            row.try_get::<String>("", name).or_else(|_| row.try_get::<i64>("", name).map(|n| n.to_string())).expect("text or number")
        };
        for (role, expected) in [
            (Role::Writer, ["wal", "2", "1", "0", "0"]),
            (Role::Reader, ["wal", "2", "1", "0", "1"]),
            (Role::Ephemeral, ["wal", "0", "1", "0", "0"]),
        ] {
            let db = connect_own(&path, &options, role).expect("connects");
            let names = ["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "query_only"];
            for (name, expected) in names.into_iter().zip(expected) {
                assert_eq!(value(&db, name).await, expected, "{name}");
            }
            let wrote = db.execute_unprepared("PRAGMA user_version = 7").await;
            assert_eq!(wrote.is_err(), role == Role::Reader);
        }
    }

    #[test]
    fn only_shared_databases_are_opened() {
        for bad in ["mysql://a/b", "sqlite::memory:", "sqlite:", "", "a.db"] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
        assert!(matches!(Target::parse("sqlite:data/idp.db"), Ok(Target::Sqlite(path)) if path == Path::new("data/idp.db")));
        assert!(matches!(Target::parse("postgresql://a@b/c"), Ok(Target::Postgres(url)) if url == "postgres://a@b/c"));
    }
}
