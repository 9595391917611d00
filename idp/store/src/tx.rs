//! The store and its two kinds of transaction.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use idp_domain::Fault;

use crate::connections::{Database, Transaction};
use crate::{
    access::Access, audit::Audit, authorizations::Authorizations, bulk::Bulk, clients::Clients, cluster::Cluster, codes::Codes,
    collectives::Collectives, consents::Consents, credentials::Credentials, desk::Desk, emails::Emails, ends::Ends, ephemeral::Ephemeral,
    error::fault, grants::Grants, idempotency::Idempotency, jobs::Jobs, keeping::Keeping, links::Links, mandates::Mandates,
    memberships::Memberships, offers::Offers, people::People, receipts::Receipts, requests::Requests, services::Services,
    sessions::Sessions, signin_log::SignInLog, signing_keys::SigningKeys, snapshot::Snapshots, standing::Standings, subjects::Subjects,
    tokens::RefreshTokens, working_groups::WorkingGroups,
};

/// The memory of one cluster. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    /// On SQLite several connections that may only look; on PostgreSQL the same pool as `writer`.
    pub(crate) reader: Database,
    /// On SQLite one connection.
    pub(crate) writer: Database,
    pub(crate) ephemeral: Ephemeral,
}

impl Store {
    /// Questions without a transaction: each sees what is committed when it is asked. What must agree across several
    /// questions is asked in one query, or on a [`WriteTx`]. Costs nothing until the first question.
    pub fn read(&self) -> ReadTx {
        ReadTx { inner: Arc::clone(&self.inner) }
    }

    /// Begins the one write transaction of a use case, named for logs. On SQLite this waits for the single writer.
    pub async fn write(&self, name: &'static str) -> Result<WriteTx, Fault> {
        let tx = self.inner.writer.begin().await.map_err(fault("store.write"))?;
        Ok(WriteTx { tx, mark: Mark { name, written: AtomicBool::new(false), finished: false } })
    }

    /// What may be lost: counters, one-time values of minutes.
    pub fn ephemeral(&self) -> &Ephemeral {
        &self.inner.ephemeral
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("backend", &self.inner.writer).finish_non_exhaustive()
    }
}

/// Questions to the store.
pub struct ReadTx {
    inner: Arc<Inner>,
}

/// One write transaction; also answers every question, seeing its own changes and, on SQLite, those of transactions that wait for
/// their commit: [`WriteTx::commit`] and [`WriteTx::rollback`] return when these are kept. Nothing is remembered before
/// [`WriteTx::commit`]; dropping it takes everything back.
#[must_use = "nothing is remembered before `commit`"]
pub struct WriteTx {
    tx: Transaction,
    mark: Mark,
}

/// Notices a transaction that wrote and was dropped without a decision.
struct Mark {
    name: &'static str,
    written: AtomicBool,
    finished: bool,
}

impl WriteTx {
    /// Makes every change durable: when this returns `Ok`, a power cut loses nothing of it.
    pub async fn commit(self) -> Result<(), Fault> {
        let Self { tx, mut mark } = self;
        tx.commit().await.map_err(fault("store.commit"))?;
        mark.finished = true;
        Ok(())
    }

    /// Forgetting by age.
    pub const fn keeping(&self) -> Keeping<'_> {
        Keeping(self)
    }

    /// Takes every change back on purpose, as a dry run does.
    pub async fn rollback(self) -> Result<(), Fault> {
        let Self { tx, mut mark } = self;
        mark.finished = true;
        tx.rollback().await.map_err(fault("store.rollback"))
    }

    /// Inserts of many rows.
    pub fn bulk(&self) -> Bulk<'_> {
        Bulk(self)
    }

    /// The connection, for a change.
    pub(crate) fn writing(&self) -> &Transaction {
        self.mark.written.store(true, Ordering::Relaxed);
        &self.tx
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        if !self.finished && self.written.load(Ordering::Relaxed) {
            tracing::warn!(transaction = self.name, "a write transaction was dropped without commit; its changes are taken back");
        }
    }
}

impl fmt::Debug for ReadTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadTx")
    }
}
impl fmt::Debug for WriteTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WriteTx({})", self.mark.name)
    }
}

pub(crate) mod sealed {
    use crate::connections::Ask;

    /// Where the questions go.
    pub trait Connected {
        type Conn: Ask;
        fn conn(&self) -> &Self::Conn;
    }
}

impl sealed::Connected for ReadTx {
    type Conn = Database;
    fn conn(&self) -> &Database {
        &self.inner.reader
    }
}
impl sealed::Connected for WriteTx {
    type Conn = Transaction;
    fn conn(&self) -> &Transaction {
        &self.tx
    }
}
impl Tx for ReadTx {}
impl Tx for WriteTx {}

/// The areas of the store. On a [`ReadTx`] an area answers questions; on a [`WriteTx`] it also changes.
pub trait Tx: sealed::Connected + Sized + Send + Sync {
    /// Audited facts in their chains.
    fn audit(&self) -> Audit<'_, Self> {
        Audit(self)
    }
    /// What people authorised for clients.
    fn authorizations(&self) -> Authorizations<'_, Self> {
        Authorizations(self)
    }
    /// Registered clients.
    fn clients(&self) -> Clients<'_, Self> {
        Clients(self)
    }
    /// What the cluster knows about itself.
    fn cluster(&self) -> Cluster<'_, Self> {
        Cluster(self)
    }
    /// Authorization codes.
    fn codes(&self) -> Codes<'_, Self> {
        Codes(self)
    }
    /// What people agreed to release.
    fn consents(&self) -> Consents<'_, Self> {
        Consents(self)
    }
    /// How people prove who they are.
    fn credentials(&self) -> Credentials<'_, Self> {
        Credentials(self)
    }
    /// E-mail addresses.
    fn emails(&self) -> Emails<'_, Self> {
        Emails(self)
    }
    /// What ended by its date.
    fn ends(&self) -> Ends<'_, Self> {
        Ends(self)
    }
    /// Answers to repeated requests.
    fn idempotency(&self) -> Idempotency<'_, Self> {
        Idempotency(self)
    }
    /// Work that follows a committed change.
    fn jobs(&self) -> Jobs<'_, Self> {
        Jobs(self)
    }
    /// One-time links.
    fn links(&self) -> Links<'_, Self> {
        Links(self)
    }
    /// People.
    fn people(&self) -> People<'_, Self> {
        People(self)
    }
    /// Refresh tokens.
    fn refresh_tokens(&self) -> RefreshTokens<'_, Self> {
        RefreshTokens(self)
    }
    /// Browsers and their sessions.
    fn sessions(&self) -> Sessions<'_, Self> {
        Sessions(self)
    }
    /// Sign-ins and their failures.
    fn signin_log(&self) -> SignInLog<'_, Self> {
        SignInLog(self)
    }
    /// Signing keys, sealed.
    fn signing_keys(&self) -> SigningKeys<'_, Self> {
        SigningKeys(self)
    }
    /// How people are called at services.
    fn subjects(&self) -> Subjects<'_, Self> {
        Subjects(self)
    }
    /// Facts for the gate.
    fn access(&self) -> Access<'_, Self> {
        Access(self)
    }
    /// Collectives.
    fn collectives(&self) -> Collectives<'_, Self> {
        Collectives(self)
    }
    /// What a manager's desk shows.
    fn desk(&self) -> Desk<'_, Self> {
        Desk(self)
    }
    /// Who got into a service, through which door.
    fn grants(&self) -> Grants<'_, Self> {
        Grants(self)
    }
    /// What memberships empower people to do.
    fn mandates(&self) -> Mandates<'_, Self> {
        Mandates(self)
    }
    /// People in collectives.
    fn memberships(&self) -> Memberships<'_, Self> {
        Memberships(self)
    }
    /// Services made available to collectives.
    fn offers(&self) -> Offers<'_, Self> {
        Offers(self)
    }
    /// Whether withdrawals took effect.
    fn receipts(&self) -> Receipts<'_, Self> {
        Receipts(self)
    }
    /// What waits for managers.
    fn requests(&self) -> Requests<'_, Self> {
        Requests(self)
    }
    /// Services and whose they are.
    fn services(&self) -> Services<'_, Self> {
        Services(self)
    }
    /// Everything a declarative file describes.
    fn snapshot(&self) -> Snapshots<'_, Self> {
        Snapshots(self)
    }
    /// What people hold at an instant.
    fn standing(&self) -> Standings<'_, Self> {
        Standings(self)
    }
    /// Working groups of collectives.
    fn working_groups(&self) -> WorkingGroups<'_, Self> {
        WorkingGroups(self)
    }
}
