//! What is remembered: SQLite or PostgreSQL through sea-orm, short-lived state in SQL or Redis.
//!
//! Start at [`Store`]: [`Store::read`] gives a [`ReadTx`], [`Store::write`] a [`WriteTx`]. Both are a [`Tx`], whose
//! methods (`tx.codes()`, `tx.people()` …) lead to the questions of one area; changes exist on a [`WriteTx`] only.
//! Rows never leave this package: functions take and give domain values. Correctness rests on conditional updates
//! and unique keys, never on isolation levels or locks. Nothing here reads a clock or makes an identifier.

mod backing;
mod connections;
mod decode;
mod entity;
mod error;
mod open;
mod search;
mod sql;
mod tx;

pub mod access;
pub mod audit;
pub mod authorizations;
pub mod bulk;
mod client_secrets;
pub mod clients;
pub mod cluster;
pub mod codes;
pub mod collectives;
pub mod consents;
pub mod credentials;
pub mod desk;
pub mod emails;
pub mod ends;
pub mod ephemeral;
pub mod grants;
pub mod idempotency;
pub mod jobs;
pub mod keeping;
pub mod links;
pub mod mandates;
pub mod memberships;
pub mod offers;
pub mod people;
pub mod receipts;
pub mod requests;
pub mod services;
pub mod sessions;
pub mod signin_log;
pub mod signing_keys;
pub mod snapshot;
pub mod standing;
pub mod subjects;
pub mod tokens;
pub mod working_groups;

pub use backing::Backing;
pub use decode::Decided;
pub use error::OpenError;
pub use open::{EphemeralOptions, StoreOptions};
pub use tx::{ReadTx, Store, Tx, WriteTx};

/// What became of an attempt that at most one caller can win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Attempt {
    /// This call changed the row.
    Won,
    /// Somebody else was earlier, or the conditions do not hold any more: nothing changed.
    Lost,
}

/// What became of a new row with a unique key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Inserted {
    /// It is there.
    Done,
    /// Its key is taken: nothing changed.
    Taken,
}

/// What became of a change to a row read before (`If-Match`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Updated {
    /// The row changed; its version is one more.
    Done,
    /// The row has another version by now, or is gone: nothing changed.
    Stale,
}

impl Attempt {
    pub(crate) const fn of(rows: u64) -> Self {
        if rows == 0 { Self::Lost } else { Self::Won }
    }
}
impl Inserted {
    pub(crate) const fn of(rows: u64) -> Self {
        if rows == 0 { Self::Taken } else { Self::Done }
    }
}
impl Updated {
    pub(crate) const fn of(rows: u64) -> Self {
        if rows == 0 { Self::Stale } else { Self::Done }
    }
}
