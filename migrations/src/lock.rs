//! One process migrates at a time. sea-orm-migration takes no lock of its own.

use std::{fs::File, path::Path};

use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::MigrateError;

/// What keeps two processes from migrating the same database at once.
#[derive(Debug, Clone, Copy)]
pub enum Lock<'a> {
    /// An advisory lock, on a connection of its own made from this URL.
    Postgres(&'a str),
    /// An exclusive lock on this file, which is created when missing: `<database>.migrate.lock`.
    File(&'a Path),
    /// Nobody else can reach the database: it lives in memory.
    Unshared,
}

/// A lock that is held; dropping it gives it back.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct Held(Holding);

#[derive(Debug)]
enum Holding {
    Postgres(DatabaseConnection),
    File(File),
    Nothing,
}

/// First half of the advisory key; the second is made from the schema's name.
const ADVISORY_CLASS: i32 = 0x4150_4c43;
/// Tries before giving up, a tenth of a second apart.
const TRIES: u32 = 600;

impl Lock<'_> {
    /// Waits for the lock, a minute at most on PostgreSQL.
    pub async fn take(self) -> Result<Held, MigrateError> {
        match self {
            Self::Unshared => Ok(Held(Holding::Nothing)),
            Self::File(path) => {
                let path = path.to_owned();
                let locked = tokio::task::spawn_blocking(move || -> std::io::Result<File> {
                    let file = File::options().create(true).truncate(false).write(true).open(path)?;
                    file.lock()?;
                    Ok(file)
                });
                let file = locked.await.map_err(std::io::Error::other).and_then(|file| file).map_err(MigrateError::Lock)?;
                Ok(Held(Holding::File(file)))
            }
            Self::Postgres(url) => {
                let mut options = ConnectOptions::new(url);
                options.max_connections(1).min_connections(1).sqlx_logging(false);
                let connection = Database::connect(options).await?;
                // trying in a loop, because a blocked pg_advisory_lock holds a snapshot that others may wait for
                for _ in 0..TRIES {
                    if try_lock(&connection).await? {
                        return Ok(Held(Holding::Postgres(connection)));
                    }
                    connection.execute_unprepared("SELECT pg_sleep(0.1)").await?;
                }
                Err(MigrateError::Busy)
            }
        }
    }
}

async fn try_lock(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    let sql = format!("SELECT pg_try_advisory_lock({ADVISORY_CLASS}, hashtext(current_schema())) AS taken");
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    row.map_or(Ok(false), |row| row.try_get("", "taken"))
}

impl Held {
    /// Gives it back; closes the connection or the file.
    pub async fn release(self) {
        match self.0 {
            Holding::Postgres(connection) => drop(connection.close().await),
            Holding::File(file) => drop(file),
            Holding::Nothing => {}
        }
    }
}
