//! Opening: pools, pragmas, the version of SQLite, the state of the schema.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use idp_domain::Fault;
use migrations::{Lock, Status};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use url::Url;

use crate::{OpenError, Store, ephemeral::Ephemeral, error::fault, tx::Inner};

/// How long a statement may take on PostgreSQL.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long another process may keep SQLite's write lock before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A write-ahead log larger than this is cut back at the next checkpoint.
const JOURNAL_SIZE_LIMIT: &str = "67108864";
/// Statements each connection keeps prepared: more than there are queries.
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
        if url.starts_with("sqlite:") {
            let options = SqliteConnectOptions::from_str(url).map_err(|_| unknown())?;
            let path = options.get_filename().to_path_buf();
            // a database in memory could not be shared by writer and readers
            return if path.as_os_str().is_empty() || url.contains(":memory:") { Err(unknown()) } else { Ok(Self::Sqlite(path)) };
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
        let reader = match &target {
            Target::Sqlite(path) => connect_sqlite(path, options, SqliteRole::Reader).await.map_err(|error| target.cannot_open(&error))?,
            Target::Postgres(_) => writer.clone(),
        };
        let ephemeral = match (&options.ephemeral, &target) {
            (EphemeralOptions::Redis(url), _) => Ephemeral::redis(url).await?,
            (EphemeralOptions::Sql, Target::Sqlite(path)) => {
                let path = with_suffix(path, ".ephemeral");
                let place = path.display().to_string();
                let failed = |reason: DbErr| OpenError::Ephemeral { place: place.clone(), reason: reason.to_string() };
                create_private(&path).map_err(|reason| OpenError::Ephemeral { place: place.clone(), reason: reason.to_string() })?;
                let connection = connect_sqlite(&path, options, SqliteRole::Ephemeral).await.map_err(failed)?;
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
        self.inner.reader.ping().await.map_err(fault("store.ping"))
    }

    /// The full check of a SQLite database, for `doctor` and the night: what is wrong, nothing when all is well.
    /// PostgreSQL looks after itself.
    pub async fn check_integrity(&self) -> Result<Vec<String>, Fault> {
        let place = "store.check_integrity";
        let db = &self.inner.reader;
        if db.get_database_backend() == sea_orm::DbBackend::Postgres {
            return Ok(Vec::new());
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
        Ok(wrong)
    }

    /// Closes every connection; on SQLite the write-ahead log is folded into the database.
    pub async fn close(self) -> Result<(), Fault> {
        self.inner.reader.close_by_ref().await.map_err(fault("store.close"))?;
        self.inner.writer.close_by_ref().await.map_err(fault("store.close"))?;
        self.inner.ephemeral.close().await
    }
}

async fn connect_writer(target: &Target, options: &StoreOptions) -> Result<DatabaseConnection, OpenError> {
    match target {
        Target::Sqlite(path) => {
            let writer = connect_sqlite(path, options, SqliteRole::Writer).await.map_err(|error| target.cannot_open(&error))?;
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

/// What a connection to a SQLite file is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SqliteRole {
    /// The one connection that changes the database; a commit is on the disk when it returns.
    Writer,
    /// One of several that may only look.
    Reader,
    /// The one connection to the file of short-lived state, which a power cut may lose.
    Ephemeral,
}

async fn connect_sqlite(path: &Path, options: &StoreOptions, role: SqliteRole) -> Result<DatabaseConnection, DbErr> {
    let mut connect = common(format!("sqlite:{}", path.display()), options);
    let connections = if role == SqliteRole::Reader { options.max_connections.max(1) } else { 1 };
    let path = path.to_path_buf();
    connect
        .max_connections(connections)
        .min_connections(1)
        // a file does not hang up
        .test_before_acquire(false)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .map_sqlx_sqlite_opts(move |_| {
            let base = sea_orm::sqlx::ConnectOptions::disable_statement_logging(SqliteConnectOptions::new())
                .filename(&path)
                .create_if_missing(false)
                .busy_timeout(BUSY_TIMEOUT)
                .foreign_keys(true)
                .statement_cache_capacity(STATEMENT_CACHE)
                .pragma("trusted_schema", "OFF")
                .pragma("temp_store", "MEMORY")
                .pragma("mmap_size", "0");
            match role {
                SqliteRole::Writer => base
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("journal_size_limit", JOURNAL_SIZE_LIMIT),
                SqliteRole::Reader => base.pragma("query_only", "ON"),
                SqliteRole::Ephemeral => base.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Off),
            }
        });
    Database::connect(connect).await
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
        let value = async |db: &DatabaseConnection, name: &str| -> String {
            let row = db.query_one_raw(Statement::from_string(sea_orm::DbBackend::Sqlite, format!("PRAGMA {name}"))).await;
            let row = row.expect("asks").expect("answers");
            row.try_get_by_index::<String>(0).or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string())).expect("text or number")
        };
        for (role, expected) in [
            (SqliteRole::Writer, ["wal", "2", "1", "0", "0"]),
            (SqliteRole::Reader, ["wal", "2", "1", "0", "1"]),
            (SqliteRole::Ephemeral, ["wal", "0", "1", "0", "0"]),
        ] {
            let db = connect_sqlite(&path, &options, role).await.expect("connects");
            let names = ["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "query_only"];
            for (name, expected) in names.into_iter().zip(expected) {
                assert_eq!(value(&db, name).await, expected, "{name}");
            }
            let wrote = db.execute_unprepared("PRAGMA user_version = 7").await;
            assert_eq!(wrote.is_err(), role == SqliteRole::Reader);
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
