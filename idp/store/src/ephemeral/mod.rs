//! What may be lost: counters, replay marks, one-time values of minutes. Nothing here grants access.
//!
//! Two implementations, one conformance suite. Whether a value has expired is decided by the instant that is passed
//! in, never by a clock of the database or of Redis; theirs only sweep. Keys that concern people are hashed by callers.

mod redis;
mod sql;

use idp_domain::{Fault, Timestamp, Ttl};
use sea_orm::DbErr;

use crate::{OpenError, connections::Database};

/// Short-lived state, shared by every process of the cluster.
#[derive(Debug, Clone)]
pub struct Ephemeral(Place);

#[derive(Debug, Clone)]
enum Place {
    Sql(sql::SqlEphemeral),
    Redis(redis::RedisEphemeral),
}

/// What became of a value that only the first may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Stored {
    /// It is there, and was not before.
    First,
    /// One was there already: nothing changed.
    Present,
}

/// How often something happened in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// This time included.
    pub count: u64,
    /// When the window ends and counting begins anew.
    pub resets_at: Timestamp,
}

impl Ephemeral {
    pub(crate) async fn redis(url: &str) -> Result<Self, OpenError> {
        redis::RedisEphemeral::open(url).await.map(|redis| Self(Place::Redis(redis)))
    }

    /// In a file of its own, whose table is made when missing.
    pub(crate) async fn own_file(connection: Database) -> Result<Self, DbErr> {
        sql::SqlEphemeral::with_table(connection, sql::Owned::Yes).await.map(|sql| Self(Place::Sql(sql)))
    }

    /// In a table that the migrations made.
    pub(crate) const fn table(connection: Database) -> Self {
        Self(Place::Sql(sql::SqlEphemeral::shared(connection)))
    }

    /// Leaves a value, in the place of any earlier one.
    pub async fn put(&self, kind: &'static str, key: &str, value: &str, expires_at: Timestamp, now: Timestamp) -> Result<(), Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.put(kind, key, value, expires_at).await,
            Place::Redis(redis) => redis.put(kind, key, value, expires_at, now).await,
        }
    }

    /// Leaves a value unless one is there that has not expired: for identifiers that may be seen once (RFC 7523 §3
    /// `jti`).
    pub async fn put_if_absent(
        &self,
        kind: &'static str,
        key: &str,
        value: &str,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<Stored, Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.put_if_absent(kind, key, value, expires_at, now).await,
            Place::Redis(redis) => redis.put_if_absent(kind, key, value, expires_at, now).await,
        }
    }

    /// Takes a value away: of several callers at once, one gets it.
    pub async fn take(&self, kind: &'static str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.take(kind, key, now).await,
            Place::Redis(redis) => redis.take(kind, key, now).await,
        }
    }

    /// Looks at a value and leaves it.
    pub async fn peek(&self, kind: &'static str, key: &str, now: Timestamp) -> Result<Option<String>, Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.peek(kind, key, now).await,
            Place::Redis(redis) => redis.peek(kind, key, now).await,
        }
    }

    /// Forgets a value or a counter.
    pub async fn remove(&self, kind: &'static str, key: &str) -> Result<(), Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.remove(kind, key).await,
            Place::Redis(redis) => redis.remove(kind, key).await,
        }
    }

    /// Counts one more; the window begins with the first. Do not use one key for values and counters.
    pub async fn count(&self, kind: &'static str, key: &str, window: Ttl, now: Timestamp) -> Result<Counted, Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.count(kind, key, window, now).await,
            Place::Redis(redis) => redis.count(kind, key, window, now).await,
        }
    }

    /// How often something was counted in the running window, without counting.
    pub async fn counted(&self, kind: &'static str, key: &str, now: Timestamp) -> Result<Option<Counted>, Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.counted(kind, key, now).await,
            Place::Redis(redis) => redis.counted(kind, key, now).await,
        }
    }

    /// Sweeps out what has expired. Returns how much, where that is known.
    pub async fn purge(&self, now: Timestamp) -> Result<u64, Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.purge(now).await,
            Place::Redis(_) => Ok(0),
        }
    }

    pub(crate) async fn close(&self) -> Result<(), Fault> {
        match &self.0 {
            Place::Sql(sql) => sql.close().await,
            Place::Redis(_) => Ok(()),
        }
    }
}
