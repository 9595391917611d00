//! Connections to one SQLite file, used on the thread that asks.
//!
//! A question to a file that lies in memory takes microseconds: handing it to another thread and waiting for the answer costs
//! several times as much as answering it. Only what waits is done elsewhere: a durable commit, a lock that another process holds,
//! a walk through the whole file.
//!
//! Transactions that queue for the writer share a commit ([`Inner::settle`]): whoever is done hands the connection on with its
//! work on it, and is told when the disk has it.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, Error, ErrorCode, OpenFlags, ffi};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot},
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
    /// Who is done on the free connection and waits for the commit of the transaction that is open there.
    batch: Mutex<Vec<oneshot::Sender<Result<(), DbErr>>>>,
    places: Arc<Semaphore>,
    most: u32,
    patience: Duration,
}

/// A connection in use; given back when dropped.
struct Lease {
    connection: Option<Connection>,
    work: Work,
    home: Arc<Inner>,
    _place: OwnedSemaphorePermit,
}

/// What is taken back when a connection is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Nothing.
    None,
    /// The transaction.
    Whole,
    /// What was done since the savepoint: before it lies the work of those who wait for their commit.
    Part,
}

impl Work {
    const fn take_back(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Whole => "ROLLBACK",
            Self::Part => "ROLLBACK TO part; RELEASE part",
        }
    }
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
            batch: Mutex::default(),
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
        let lease = self.lease_alone().await?;
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
        self.lease_alone().await?.patiently(move |connection| connection.execute_batch(&sql)).await?.1
    }

    pub(super) async fn begin(&self) -> Result<Transaction, DbErr> {
        const BEGIN: &str = "BEGIN IMMEDIATE";
        let mut lease = self.lease().await?;
        if !lease.connection()?.is_autocommit() {
            say(lease.connection()?, "SAVEPOINT part").map_err(failed)?;
            lease.work = Work::Part;
        } else if lease.at_once(|connection| say(connection, BEGIN))?.is_some() {
            lease.work = Work::Whole;
        } else {
            // taken back also when nobody waits for it any more
            lease.work = Work::Whole;
            let begun;
            (lease, begun) = lease.patiently(|connection| say(connection, BEGIN)).await?;
            begun?;
        }
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
        inner.lease(place)
    }

    /// A connection that no transaction is open on.
    async fn lease_alone(&self) -> Result<Lease, DbErr> {
        let lease = self.lease().await?;
        if lease.connection()?.is_autocommit() { Ok(lease) } else { lease.settle().await }
    }
}

impl Inner {
    fn lease(self: &Arc<Self>, place: OwnedSemaphorePermit) -> Result<Lease, DbErr> {
        let kept = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => connect(&self.path, self.role).map_err(failed)?,
        };
        Ok(Lease { connection: Some(connection), work: Work::None, home: Arc::clone(self), _place: place })
    }

    /// Waits for the commit of the batch. `true` to whoever is the first and must see to it.
    fn join(&self) -> (oneshot::Receiver<Result<(), DbErr>>, bool) {
        let (told, outcome) = oneshot::channel();
        let mut batch = self.batch();
        batch.push(told);
        (outcome, batch.len() == 1)
    }

    fn batch(&self) -> MutexGuard<'_, Vec<oneshot::Sender<Result<(), DbErr>>>> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, outcome: &Result<(), DbErr>) {
        for waiting in std::mem::take(&mut *self.batch()) {
            // who does not wait any more need not be told
            drop(waiting.send(outcome.clone()));
        }
    }

    /// Queues for the connection like everybody and commits what was done on it until then: those who queued before come first
    /// and are in it. Begun with the first of a batch, so that no batch waits for anybody's request.
    async fn settle(self: Arc<Self>) {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else { return self.tell(&Err(closed())) };
        // a connection that got lost took everything back, and they know
        if let Ok(lease) = self.lease(place) {
            drop(lease.settle().await);
        }
    }
}

impl Lease {
    fn connection(&self) -> Result<&Connection, DbErr> {
        self.connection.as_ref().ok_or_else(closed)
    }

    /// Commits the work of those who wait for it, and tells them before anybody else gets the connection.
    async fn settle(mut self) -> Result<Self, DbErr> {
        if self.connection()?.is_autocommit() {
            return Ok(self); // somebody settled it already, or it was taken back and they know
        }
        elsewhere(move || {
            self.work = Work::Whole;
            let outcome = self.slowly(|connection| say(connection, "COMMIT"))?;
            if outcome.is_ok() {
                self.work = Work::None;
            }
            self.home.tell(&outcome);
            outcome.map(|()| self)
        })
        .await
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
        elsewhere(move || {
            let outcome = self.slowly(work)?;
            Ok((self, outcome))
        })
        .await
    }

    fn slowly<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<Result<T, DbErr>, DbErr> {
        let connection = self.connection()?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        let outcome = work(connection).map_err(failed);
        connection.busy_timeout(Duration::ZERO).map_err(failed)?;
        Ok(outcome)
    }
}

/// One statement that a transaction begins or ends with, kept prepared like any other.
fn say(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// On a thread that may wait.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> Result<T, DbErr> + Send + 'static) -> Result<T, DbErr> {
    spawn_blocking(work).await.map_err(|error| DbErr::Custom(error.to_string()))?
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // taking back writes nothing; where it fails nobody knows what the connection holds, and closing it takes everything back
        let sound = connection.is_autocommit() || connection.execute_batch(self.work.take_back()).is_ok();
        if !sound || connection.is_autocommit() {
            self.home.tell(&Err(taken_back()));
        }
        if sound {
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
            return Err(taken_back());
        }
        work(connection).map_err(failed)
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let mut lease = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let connection = lease.connection()?;
        if connection.is_autocommit() {
            return Err(taken_back());
        }
        if lease.work == Work::Part {
            say(connection, "RELEASE part").map_err(failed)?;
        }
        lease.work = Work::None;
        let home = Arc::clone(&lease.home);
        let (outcome, is_first) = home.join();
        drop(lease);
        if is_first {
            tokio::spawn(home.settle());
        }
        outcome.await.map_err(|_| closed())?
    }

    /// Takes everything back, and waits for those whose work lies before: what was seen of it is only true once it is kept.
    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        let mut lease = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (connection, work) = (lease.connection()?, lease.work);
        if connection.is_autocommit() {
            return if work == Work::Part { Err(taken_back()) } else { Ok(()) };
        }
        connection.execute_batch(work.take_back()).map_err(failed)?;
        lease.work = Work::None;
        if work != Work::Part {
            return Ok(());
        }
        let (outcome, _) = lease.home.join();
        drop(lease);
        outcome.await.map_err(|_| closed())?
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

fn taken_back() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction was taken back".to_owned()))
}

const fn closed() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

#[cfg(test)]
mod tests;
