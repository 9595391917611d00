//! Where the database's errors end: a [`Fault`] for the unexpected, [`OpenError`] while starting.

use idp_domain::Fault;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

/// Why the store cannot be opened. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database we speak.
    #[error("database.url is `{url}`; expected `sqlite:PATH` or `postgres://USER@HOST/NAME`")]
    UnknownUrl {
        /// The URL without its password.
        url: String,
    },
    /// The database does not answer or is no database.
    #[error(
        "cannot open the database {database}: {reason}. Check that it exists, that this user may read and write it, and its URL; one that is damaged comes back from a backup"
    )]
    CannotOpen {
        /// The file, or the URL without its password.
        database: String,
        /// What the driver said.
        reason: String,
    },
    /// The library linked in has a defect that can damage a database.
    #[error("SQLite {version} is linked in; 3.51.3 or later (and not 3.52.0) is needed, because earlier ones can lose a write-ahead log")]
    SqliteVersion {
        /// The version found.
        version: String,
    },
    /// Migrations are pending.
    #[error("the database {database} lacks {} migrations, the first is {first}. Run `idp migrate`, or start without --no-migrate", .pending)]
    NotMigrated {
        /// The file, or the URL without its password.
        database: String,
        /// How many are pending.
        pending: usize,
        /// The first of them.
        first: String,
    },
    /// A newer release wrote this database.
    #[error(
        "the database {database} was written by a newer release (migration {newest} is unknown here). Start that release, or restore a backup from before the upgrade"
    )]
    NewerSchema {
        /// The file, or the URL without its password.
        database: String,
        /// The newest unknown migration.
        newest: String,
    },
    /// A migration failed; the database is as it was before it.
    #[error("cannot migrate the database {database}: {reason}")]
    Migration {
        /// The file, or the URL without its password.
        database: String,
        /// What went wrong.
        reason: String,
    },
    /// The place for short-lived state does not answer.
    #[error("cannot open the short-lived state at {place}: {reason}")]
    Ephemeral {
        /// The file, or the URL without its password.
        place: String,
        /// What went wrong.
        reason: String,
    },
}

/// Turns a database error met at `place` into a fault.
pub(crate) fn fault(place: &'static str) -> impl Fn(DbErr) -> Fault + Copy {
    move |error| {
        if passes_by_itself(&error) { Fault::unavailable(place, error) } else { Fault::broken(place, error) }
    }
}

/// Whether a change met a unique key that another row holds. PostgreSQL takes nothing more in that transaction.
pub(crate) fn is_taken(error: &DbErr) -> bool {
    match error {
        // SQLite's own words, which are part of its interface
        DbErr::Exec(RuntimeErr::Internal(text)) => text.starts_with("UNIQUE constraint failed"),
        _ => matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))),
    }
}

/// A stored value that the domain does not know: damage, or a release that ran ahead.
pub(crate) fn damaged(place: &'static str, row: impl std::fmt::Display, column: &str) -> Fault {
    Fault::broken(place, format!("row {row} holds an unreadable `{column}`"))
}

/// Whether the same call may succeed later without anybody repairing anything.
fn passes_by_itself(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => match &**error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::BeginFailed => true,
            sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing_code(&code)),
            _ => false,
        },
        _ => false,
    }
}

/// PostgreSQL: connection, resources, operator intervention, serialization, deadlock, lock timeout, read-only server.
fn is_passing_code(code: &str) -> bool {
    ["08", "53", "57"].iter().any(|class| code.starts_with(class)) || matches!(code, "40001" | "40P01" | "55P03" | "25006")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_by_itself_is_told_from_what_is_broken() {
        for code in ["57014", "53300", "40P01", "08006"] {
            assert!(is_passing_code(code), "{code}");
        }
        for code in ["23505", "42P01", "22001"] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
