//! Connections to one SQLite file, used on the thread that asks.
//!
//! A question to a file that lies in memory takes microseconds: handing it to another thread and waiting for the answer costs
//! several times as much as answering it. Only what waits is done elsewhere: a durable commit, a lock that another process holds,
//! a walk through the whole file.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ffi};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError},
    task::spawn_blocking,
};

use super::Question;

/// How long another process may keep the write lock before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements each connection keeps prepared: more than there are queries.
const STATEMENT_CACHE: usize = 400;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one connection that changes the database; a commit is on the disk when it returns.
    Writer,
    /// One of several that may only look.
    Reader,
    /// The one connection to the file of short-lived state, which a power cut may lose.
    Ephemeral,
}

impl Role {
    const fn pragmas(self) -> &'static str {
        match self {
            // a write-ahead log that grew beyond 64 MiB is cut back
            Self::Writer => "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864",
            Self::Reader => "PRAGMA query_only = ON",
            Self::Ephemeral => "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF",
        }
    }
}

/// Connections to one file, opened when they are needed and kept.
#[derive(Clone)]
pub struct File(Arc<Inner>);

struct Inner {
    path: PathBuf,
    role: Role,
    free: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
    most: u32,
    patience: Duration,
}

/// A connection in use; given back when dropped, unless a transaction is still open on it.
struct Lease {
    connection: Option<Connection>,
    home: Arc<Inner>,
    _place: OwnedSemaphorePermit,
}

/// A transaction on a connection of its own. Dropping it takes everything back.
pub struct Transaction(Mutex<Lease>);

impl File {
    pub(super) fn open(path: &Path, role: Role, most: u32, patience: Duration) -> Result<Self, DbErr> {
        let first = connect(path, role).map_err(failed)?;
        Ok(Self(Arc::new(Inner {
            path: path.to_owned(),
            role,
            free: Mutex::new(vec![first]),
            places: Arc::new(Semaphore::new(most.try_into().unwrap_or(Semaphore::MAX_PERMITS))),
            most,
            patience,
        })))
    }

    /// Asks or tells one thing.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        question: Question,
        work: fn(&Connection, &Question) -> Result<T, Error>,
    ) -> Result<T, DbErr> {
        let lease = self.lease().await?;
        // a check of the whole file takes its time
        let at_once = !question.sql.starts_with("PRAGMA");
        if at_once && let Some(outcome) = lease.at_once(|connection| work(connection, &question))? {
            return Ok(outcome);
        }
        lease.patiently(move |connection| work(connection, &question)).await?.1
    }

    /// Runs statements without values.
    pub(super) async fn script(&self, sql: &str) -> Result<(), DbErr> {
        let sql = sql.to_owned();
        self.lease().await?.patiently(move |connection| connection.execute_batch(&sql)).await?.1
    }

    pub(super) async fn begin(&self) -> Result<Transaction, DbErr> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        let lease = self.lease().await?;
        if lease.at_once(|connection| connection.execute_batch(BEGIN))?.is_some() {
            return Ok(Transaction(Mutex::new(lease)));
        }
        let (lease, begun) = lease.patiently(|connection| connection.execute_batch(BEGIN)).await?;
        begun?;
        Ok(Transaction(Mutex::new(lease)))
    }

    pub(super) async fn close(&self) -> Result<(), DbErr> {
        let inner = &self.0;
        // who still works is waited for; whoever takes longer closes the file by ending
        let _all = tokio::time::timeout(inner.patience, inner.places.acquire_many(inner.most)).await;
        inner.places.close();
        let connections = std::mem::take(&mut *inner.free.lock().unwrap_or_else(PoisonError::into_inner));
        connections.into_iter().try_for_each(|connection| connection.close().map_err(|(_, error)| failed(error)))
    }

    async fn lease(&self) -> Result<Lease, DbErr> {
        let inner = &self.0;
        let place = match Arc::clone(&inner.places).try_acquire_owned() {
            Ok(place) => place,
            Err(TryAcquireError::NoPermits) => {
                let place = tokio::time::timeout(inner.patience, Arc::clone(&inner.places).acquire_owned());
                place.await.map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?.map_err(|_| closed())?
            }
            Err(TryAcquireError::Closed) => return Err(closed()),
        };
        let kept = inner.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connect(&inner.path, inner.role).map_err(failed)?,
        };
        Ok(Lease { connection: Some(connection), home: Arc::clone(inner), _place: place })
    }
}

impl Lease {
    fn connection(&self) -> Result<&Connection, DbErr> {
        self.connection.as_ref().ok_or_else(closed)
    }

    /// Does what answers at once; `None` when somebody else holds a lock.
    fn at_once<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<Option<T>, DbErr> {
        match work(self.connection()?) {
            Err(error) if is_busy(&error) => Ok(None),
            outcome => outcome.map(Some).map_err(failed),
        }
    }

    /// Does what may wait where nobody else waits for it, to the end even when nobody waits for the outcome any more.
    async fn patiently<T: Send + 'static>(
        self,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<(Self, Result<T, DbErr>), DbErr> {
        let done = spawn_blocking(move || {
            let connection = self.connection()?;
            connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
            let outcome = work(connection).map_err(failed);
            connection.busy_timeout(Duration::ZERO).map_err(failed)?;
            Ok((self, outcome))
        });
        done.await.map_err(|error| DbErr::Custom(error.to_string()))?
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // taking back writes nothing; where it fails nobody knows what the connection holds
        if connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok() {
            self.home.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Transaction {
    pub(super) fn run<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, DbErr> {
        let lease = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = lease.connection()?;
        if connection.is_autocommit() {
            // SQLite takes a transaction back by itself when the disk is full or fails: what follows would be on its own
            return Err(DbErr::Conn(RuntimeErr::Internal("the transaction was taken back".to_owned())));
        }
        work(connection).map_err(failed)
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let lease = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        lease.patiently(|connection| connection.execute_batch("COMMIT")).await?.1
    }

    pub(super) fn rollback(self) -> Result<(), DbErr> {
        self.run(|connection| connection.execute_batch("ROLLBACK"))
    }
}

/// A connection for one use, which waits for locks.
pub(super) fn connect_alone(path: &Path, role: Role) -> Result<Connection, DbErr> {
    let connection = connect(path, role).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    Ok(connection)
}

fn connect(path: &Path, role: Role) -> Result<Connection, Error> {
    // used by one thread at a time
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch(role.pragmas())?;
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0")?;
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

fn is_busy(error: &Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// What may pass by itself is a matter of the connection, the rest of the statement.
#[expect(clippy::needless_pass_by_value, reason = "made for `map_err`")]
pub(super) fn failed(error: Error) -> DbErr {
    let text = RuntimeErr::Internal(error.to_string());
    match error.sqlite_error() {
        Some(code) if passes_by_itself(code.extended_code) => DbErr::Conn(text),
        _ => DbErr::Exec(text),
    }
}

/// Result codes of which the same call may succeed later; extended ones carry the primary one in the low byte.
const fn passes_by_itself(code: i32) -> bool {
    matches!(
        code & 0xff,
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED | ffi::SQLITE_READONLY | ffi::SQLITE_IOERR | ffi::SQLITE_FULL | ffi::SQLITE_CANTOPEN
    )
}

const fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

#[cfg(test)]
mod tests;
