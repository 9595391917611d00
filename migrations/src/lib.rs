//! The frozen history of the database schema.
//!
//! Files are never edited after a release. This package knows nothing else of ours: a migration that imported an
//! entity or a domain type would change its meaning with it. A migration whose name ends in `_expand` promises that
//! the previous release runs beside it, so that an older binary still starts (see [`Status`]).

use sea_orm_migration::{
    DbErr, MigrationTrait, MigratorTrait, SchemaManager,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, ExprTrait, QueryOrder,
        sea_query::{Expr, Query},
    },
    seaql_migrations,
};

mod kit;
mod lock;
mod m20261122_000001_cluster;
mod m20261122_000002_people;
mod m20261122_000003_collectives;
mod m20261122_000004_services;
mod m20261122_000005_clients;
mod m20261122_000006_sessions;
mod m20261122_000007_tokens;
mod m20261122_000008_keys;
mod m20261122_000009_jobs;
mod m20261122_000010_audit;
mod m20261123_000011_mandate_places_expand;
mod m20261123_000011_receipts_expand;
mod m20261123_000012_browsers_by_age_expand;
mod m20261123_000101_token_scopes;
mod m20261123_000102_open_requests;
mod m20261123_000201_membership_answered_expand;
mod m20261123_000301_ends_by_date_expand;
mod m20261123_000302_versions_and_keys_expand;

pub use lock::{Held, Lock};

/// The ordered list.
struct History;

impl MigratorTrait for History {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_cluster::Migration),
            Box::new(m20261122_000002_people::Migration),
            Box::new(m20261122_000003_collectives::Migration),
            Box::new(m20261122_000004_services::Migration),
            Box::new(m20261122_000005_clients::Migration),
            Box::new(m20261122_000006_sessions::Migration),
            Box::new(m20261122_000007_tokens::Migration),
            Box::new(m20261122_000008_keys::Migration),
            Box::new(m20261122_000009_jobs::Migration),
            Box::new(m20261122_000010_audit::Migration),
            Box::new(m20261123_000011_mandate_places_expand::Migration),
            Box::new(m20261123_000011_receipts_expand::Migration),
            Box::new(m20261123_000012_browsers_by_age_expand::Migration),
            Box::new(m20261123_000101_token_scopes::Migration),
            Box::new(m20261123_000102_open_requests::Migration),
            Box::new(m20261123_000201_membership_answered_expand::Migration),
            Box::new(m20261123_000301_ends_by_date_expand::Migration),
            Box::new(m20261123_000302_versions_and_keys_expand::Migration),
        ]
    }
}

/// How the schema of a database relates to this binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Exactly ours.
    Current,
    /// These migrations are still to run.
    Behind(Vec<String>),
    /// A newer release added these, and promised that this one still works.
    NewerTolerated(Vec<String>),
    /// A newer release changed the schema beyond what this one understands.
    TooNew(Vec<String>),
}

/// Why a database was not migrated.
#[derive(Debug)]
#[non_exhaustive]
pub enum MigrateError {
    /// A newer release changed the schema beyond what this one understands.
    TooNew(Vec<String>),
    /// The lock could not be taken.
    Lock(std::io::Error),
    /// Another process kept migrating for a minute.
    Busy,
    /// The database refused.
    Database(DbErr),
}

impl std::fmt::Display for MigrateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooNew(names) => write!(
                f,
                "the database was migrated by a newer release (it has {}); start that release, or restore a backup from before it",
                names.join(", ")
            ),
            Self::Lock(error) => write!(f, "cannot take the migration lock: {error}"),
            Self::Busy => f.write_str("another process has been migrating this database for a minute; try again when it is done"),
            Self::Database(error) => write!(f, "the database refused a migration: {error}"),
        }
    }
}

impl std::error::Error for MigrateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Lock(error) => Some(error),
            Self::Database(error) => Some(error),
            Self::TooNew(_) | Self::Busy => None,
        }
    }
}

impl From<DbErr> for MigrateError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

/// Runs what is pending, in order, while nobody else does, and returns the names of what ran.
///
/// `db` must be allowed to write. Several processes may call this at once on one database: one runs, the others wait
/// and find nothing left to do.
pub async fn migrate(db: &DatabaseConnection, lock: Lock<'_>) -> Result<Vec<String>, MigrateError> {
    if matches!(status(db).await?, Status::Current | Status::NewerTolerated(_)) {
        return Ok(Vec::new());
    }
    let held = lock.take().await?;
    let outcome = migrate_under(&held, db).await;
    held.release().await;
    outcome
}

/// As [`migrate`], under a lock taken before: for who must hold it while connecting and disconnecting, because the first
/// connection to a new SQLite file already writes (it switches the file to write-ahead logging).
pub async fn migrate_under(_held: &Held, db: &DatabaseConnection) -> Result<Vec<String>, MigrateError> {
    match status(db).await? {
        Status::Current | Status::NewerTolerated(_) => Ok(Vec::new()),
        Status::TooNew(names) => Err(MigrateError::TooNew(names)),
        Status::Behind(names) => {
            History::up(db, None).await?;
            // a driver may not tell that a commit failed
            match pending(db).await?.first() {
                None => Ok(names),
                Some(missing) => Err(DbErr::Custom(format!("{missing} was not committed")).into()),
            }
        }
    }
}

/// Runs the history up to a migration and not further: a database as an earlier release left it, to test what the migration
/// makes of it.
pub async fn migrate_until(db: &DatabaseConnection, next: &str) -> Result<(), DbErr> {
    let earlier = known().iter().position(|name| name == next).and_then(|steps| u32::try_from(steps).ok());
    History::up(db, Some(earlier.ok_or_else(|| DbErr::Custom(format!("{next} is not in the history")))?)).await
}

/// The migrations that would run, without writing anything.
pub async fn pending(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    let applied = applied(db).await?;
    Ok(known().into_iter().filter(|name| !applied.contains(name)).collect())
}

/// Compares the database with this binary, without writing anything.
pub async fn status(db: &DatabaseConnection) -> Result<Status, DbErr> {
    Ok(compare(&known(), &applied(db).await?))
}

fn known() -> Vec<String> {
    History::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

async fn applied(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if !has_history(db).await? {
        return Ok(Vec::new());
    }
    let rows = seaql_migrations::Entity::find().order_by_asc(seaql_migrations::Column::Version).all(db).await?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// Whether any migration ever ran.
async fn has_history(db: &DatabaseConnection) -> Result<bool, DbErr> {
    const TABLE: &str = "seaql_migrations";
    if db.get_database_backend() == DbBackend::Postgres {
        return SchemaManager::new(db).has_table(TABLE).await;
    }
    // sea-orm knows a SQLite database only through its own driver
    let mut tables = Query::select();
    tables.column("name").from("sqlite_schema").and_where(Expr::col("type").eq("table")).and_where(Expr::col("name").eq(TABLE));
    Ok(db.query_one(&tables).await?.is_some())
}

fn compare(known: &[String], applied: &[String]) -> Status {
    let foreign: Vec<_> = applied.iter().filter(|name| !known.contains(name)).cloned().collect();
    let pending: Vec<_> = known.iter().filter(|name| !applied.contains(name)).cloned().collect();
    match (foreign.is_empty(), pending.is_empty()) {
        (true, true) => Status::Current,
        (true, false) => Status::Behind(pending),
        (false, true) if foreign.iter().all(|name| name.ends_with("_expand")) => Status::NewerTolerated(foreign),
        (false, _) => Status::TooNew(foreign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_newer_schema_is_tolerated_only_when_it_promised_to_expand() {
        let known = names(&["m1", "m2"]);
        for (applied, expected) in [
            (names(&["m1", "m2"]), Status::Current),
            (names(&[]), Status::Behind(known.clone())),
            (names(&["m1"]), Status::Behind(names(&["m2"]))),
            (names(&["m1", "m2", "m3_expand"]), Status::NewerTolerated(names(&["m3_expand"]))),
            (names(&["m1", "m2", "m3_expand", "m4"]), Status::TooNew(names(&["m3_expand", "m4"]))),
            (names(&["m1", "m3_expand"]), Status::TooNew(names(&["m3_expand"]))),
        ] {
            assert_eq!(compare(&known, &applied), expected, "{applied:?}");
        }
    }

    #[test]
    fn names_are_unique_and_in_order() {
        let known = known();
        assert!(known.windows(2).all(|pair| pair[0] < pair[1]), "{known:?}");
    }
}
