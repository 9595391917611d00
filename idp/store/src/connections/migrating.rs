//! A SQLite file as sea-orm's migrations see it: one connection under its proxy, whose transactions cannot tell that they failed.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::Connection;
use sea_orm::{
    Database, DatabaseConnection, DbBackend, DbErr, ProxyDatabaseTrait, ProxyExecResult, ProxyRow, RuntimeErr, Statement,
    prelude::async_trait::async_trait,
};

use super::{
    rows,
    sqlite::{self, Role},
};

/// Opens the file for migrations and for questions about them.
pub(crate) async fn connect(path: &Path) -> Result<DatabaseConnection, DbErr> {
    let connection = sqlite::connect_alone(path, Role::Writer)?;
    let proxy = Migrating { connection: Mutex::new(connection), begun: AtomicBool::new(false) };
    Database::connect_proxy(DbBackend::Sqlite, Arc::new(Box::new(proxy))).await
}

struct Migrating {
    connection: Mutex<Connection>,
    /// Whether a transaction was asked for.
    begun: AtomicBool,
}

impl Migrating {
    fn run<T>(&self, work: impl FnOnce(&Connection) -> Result<T, rusqlite::Error>) -> Result<T, DbErr> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if self.begun.load(Ordering::SeqCst) && connection.is_autocommit() {
            return Err(DbErr::Conn(RuntimeErr::Internal("a transaction could not begin, or was taken back".to_owned())));
        }
        work(&connection).map_err(sqlite::failed)
    }

    fn end(&self, sql: &str) {
        if let Err(error) = self.run(|connection| connection.execute_batch(sql)) {
            tracing::error!(%error, "{sql} failed");
            let _ = self.run(|connection| connection.execute_batch("ROLLBACK"));
        }
        self.begun.store(false, Ordering::SeqCst);
    }
}

#[async_trait]
impl ProxyDatabaseTrait for Migrating {
    async fn query(&self, statement: Statement) -> Result<Vec<ProxyRow>, DbErr> {
        self.run(|connection| rows::all(connection, &statement.into()))
    }
    async fn execute(&self, statement: Statement) -> Result<ProxyExecResult, DbErr> {
        if statement.values.is_none() {
            // perhaps several
            return self.run(|connection| connection.execute_batch(&statement.sql)).map(|()| ProxyExecResult::default());
        }
        self.run(|connection| rows::execute(connection, &statement.into()))
    }
    async fn begin(&self) {
        if let Err(error) = self.run(|connection| connection.execute_batch("BEGIN IMMEDIATE")) {
            tracing::error!(%error, "BEGIN IMMEDIATE failed");
        }
        // from here on nothing is done outside it
        self.begun.store(true, Ordering::SeqCst);
    }
    async fn commit(&self) {
        self.end("COMMIT");
    }
    async fn rollback(&self) {
        self.end("ROLLBACK");
    }
    fn start_rollback(&self) {
        self.end("ROLLBACK");
    }
}

impl std::fmt::Debug for Migrating {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Migrating")
    }
}

#[cfg(test)]
mod upgrades;

#[cfg(test)]
mod tests {
    use migrations::{Lock, Status};
    use sea_orm::{ConnectionTrait, TransactionTrait};
    use tempfile::NamedTempFile;

    use super::*;

    async fn empty() -> (NamedTempFile, DatabaseConnection) {
        let file = NamedTempFile::new().expect("a file");
        let db = connect(file.path()).await.expect("opens");
        (file, db)
    }

    #[tokio::test]
    async fn the_history_runs_once_and_leaves_nothing_pending() {
        let (_file, db) = empty().await;
        let before = migrations::pending(&db).await.expect("reads");
        let ran = migrations::migrate(&db, Lock::Unshared).await.expect("migrates");
        assert_eq!(ran, before);
        assert!(!ran.is_empty());
        assert_eq!(migrations::status(&db).await.expect("reads"), Status::Current);
        assert!(migrations::migrate(&db, Lock::Unshared).await.expect("migrates").is_empty());
    }

    #[tokio::test]
    async fn audit_rows_are_only_appended() {
        let (_file, db) = empty().await;
        migrations::migrate(&db, Lock::Unshared).await.expect("migrates");
        let row =
            "INSERT INTO audit (chain, seq, id, prev_hash, hash, canonical, at, kind) VALUES ('cluster', 1, x'00', '', '', '', 0, 'x')";
        db.execute_unprepared(row).await.expect("a row is appended");
        for change in ["UPDATE audit SET at = 1", "DELETE FROM audit"] {
            let refusal = db.execute_unprepared(change).await.expect_err(change).to_string();
            assert!(refusal.contains("append-only"), "{refusal}");
        }
    }

    #[tokio::test]
    async fn a_database_of_a_newer_release_is_refused_unless_it_promised_to_expand() {
        let (_file, db) = empty().await;
        migrations::migrate(&db, Lock::Unshared).await.expect("migrates");
        let add = async |name: &str| {
            db.execute_unprepared(&format!("INSERT INTO seaql_migrations (version, applied_at) VALUES ('{name}', 0)"))
                .await
                .expect("inserts")
        };
        add("m20990101_000001_later_expand").await;
        assert_eq!(migrations::status(&db).await.expect("reads"), Status::NewerTolerated(vec!["m20990101_000001_later_expand".to_owned()]));
        assert!(migrations::migrate(&db, Lock::Unshared).await.expect("tolerated").is_empty());
        add("m20990101_000002_later").await;
        let refusal = migrations::migrate(&db, Lock::Unshared).await.expect_err("refused").to_string();
        assert!(refusal.contains("m20990101_000002_later"), "{refusal}");
    }

    #[tokio::test]
    async fn a_transaction_that_could_not_begin_or_commit_changes_nothing_and_is_noticed() {
        let (file, db) = empty().await;
        db.execute_unprepared(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, of INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)",
        )
        .await
        .expect("creates");
        let transaction = db.begin().await.expect("begins");
        transaction.execute_unprepared("INSERT INTO notes (id, of) VALUES (1, 77)").await.expect("writes");
        // sea-orm's proxy has no word for a commit that fails
        drop(transaction.commit().await);
        let kept = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, "SELECT id FROM notes")).await.expect("asks");
        assert!(kept.is_none(), "the reference to nothing was taken back");

        let another = rusqlite::Connection::open(file.path()).expect("opens");
        another.execute_batch("BEGIN IMMEDIATE").expect("locks");
        let impatient = Migrating {
            connection: Mutex::new(sqlite::connect_alone(file.path(), Role::Writer).expect("opens")),
            begun: AtomicBool::new(false),
        };
        impatient.run(|connection| connection.busy_timeout(std::time::Duration::ZERO)).expect("sets");
        impatient.begin().await;
        another.execute_batch("COMMIT").expect("unlocks");
        let written = impatient.execute(Statement::from_string(DbBackend::Sqlite, "INSERT INTO notes (id) VALUES (2)")).await;
        assert!(written.is_err(), "nothing is done outside a transaction that was asked for");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn four_processes_that_migrate_an_empty_file_all_succeed() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = crate::StoreOptions::new(format!("sqlite:{}", folder.path().join("a.sqlite").display()));
        let racers: Vec<_> = (0..4)
            .map(|_| {
                let options = options.clone();
                tokio::spawn(async move { crate::Store::migrate(&options).await })
            })
            .collect();
        let mut ran = 0;
        for racer in racers {
            ran += usize::from(!racer.await.expect("joins").expect("migrates").is_empty());
        }
        assert_eq!(ran, 1);
    }
}
