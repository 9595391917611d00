//! Acts that a caller may repeat: the same key with the same request changes nothing more and hears the same answer.
//!
//! The answer is remembered in the transaction of the act, so that there is never one without the other.

use idp_domain::{Fault, id::PersonId, secret::SecretHash};
use idp_store::{Inserted, Tx, WriteTx};
use sha2::{Digest, Sha256};

use crate::Act;

/// A caller's key for one act, and how its answer is written down.
pub struct Once<'a, T> {
    key: SecretHash,
    request: String,
    write: &'a (dyn Fn(&T) -> String + Send + Sync),
}

/// An act that was carried out now, or the answer it got when it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeatable<T> {
    /// Carried out now.
    Done(T),
    /// Carried out before: the answer as it was written down then.
    Before(String),
}

/// The key was used for another request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyReused;

impl<'a, T> Once<'a, T> {
    /// `key` as the caller chose it; `place` names the act and what it is about; `body` is the rest of the request.
    pub fn new(person: PersonId, key: &str, place: &str, body: &[u8], write: &'a (dyn Fn(&T) -> String + Send + Sync)) -> Self {
        let mut hasher = Sha256::new();
        for part in ["idempotency", &person.to_string(), place, key] {
            hasher.update(part.as_bytes());
            hasher.update([0]);
        }
        Self { key: SecretHash::from_bytes(hasher.finalize().into()), request: hex(&Sha256::digest(body)), write }
    }

    /// The answer given before, if there is one.
    pub(crate) async fn heard(&self, act: &Act, person: PersonId) -> Result<Option<Result<Repeatable<T>, KeyReused>>, Fault> {
        let found = act.store().read().idempotency().find(&self.key, person).await?;
        Ok(found.map(|stored| match stored.split_once('\n') {
            Some((request, answer)) if request == self.request => Ok(Repeatable::Before(answer.to_owned())),
            _ => Err(KeyReused),
        }))
    }

    /// Writes the answer down. `Taken` when the same request was carried out meanwhile: take everything back.
    pub(crate) async fn remember(&self, act: &Act, tx: &WriteTx, person: PersonId, done: &T) -> Result<Inserted, Fault> {
        let stored = format!("{}\n{}", self.request, (self.write)(done));
        tx.idempotency().remember(&self.key, person, &stored, act.now).await
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl<T> std::fmt::Debug for Once<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Once")
    }
}
