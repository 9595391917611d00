//! The outbox: what must leave the process commits with the change that caused it and is delivered at least once.

use idp_domain::{
    Fault, Timestamp, Ttl,
    audit::AuditEvent,
    id::{ClientId, JobId, ReceiptId, SessionId},
};
use idp_store::{
    Attempt, Tx, WriteTx,
    jobs::{ClaimedJob, ListedJob, NewJob},
    receipts::ReceiptState,
};
use serde::{Deserialize, Serialize};

use crate::{Act, App, audit, env::Entropy, mail::Mail};

/// Tries before a job is put aside for somebody to look at.
pub const MAX_ATTEMPTS: i64 = 12;
/// How long a worker may hold a job before another takes it.
pub const LEASE: Ttl = Ttl::minutes(2);

/// What this release knows how to do.
const KINDS: [&str; 2] = ["send_mail", "backchannel_logout"];

/// Something to do outside a transaction. Payloads are versioned by their tag: a worker runs the previous release's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Write a mail.
    SendMail {
        /// Which.
        #[serde(flatten)]
        mail: Mail,
    },
    /// Tell a client that a session ended or changed (OIDC Back-Channel Logout §2.5).
    BackchannelLogout {
        /// Whom to tell.
        client: ClientId,
        /// The person as this client knows them.
        sub: String,
        /// The session; absent: every session of the person.
        sid: Option<SessionId>,
        /// What this proves, when access was withdrawn or changed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        receipts: Vec<ReceiptId>,
    },
}

impl Job {
    const fn kind(&self) -> &'static str {
        match self {
            Self::SendMail { .. } => "send_mail",
            Self::BackchannelLogout { .. } => "backchannel_logout",
        }
    }
    fn receipts(&self) -> &[ReceiptId] {
        match self {
            Self::SendMail { .. } => &[],
            Self::BackchannelLogout { receipts, .. } => receipts,
        }
    }
}

/// How a job came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The receiver has it.
    Delivered,
    /// There is nobody to deliver it to any more.
    Moot,
}

/// A job held by this worker.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// What to do.
    pub job: Job,
    row: ClaimedJob,
}

impl Claimed {
    /// The row; stable over every try, so that duplicates can be recognised.
    pub const fn id(&self) -> JobId {
        self.row.id
    }
}

/// A job that was given up, for operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// The row.
    pub id: JobId,
    /// What was to be done.
    pub kind: String,
    /// When it was given up.
    pub at: Option<Timestamp>,
    /// Why the last try failed.
    pub why: Option<String>,
}

/// Puts a job into the caller's transaction.
pub(crate) async fn enqueue(act: &Act, tx: &WriteTx, job: &Job) -> Result<(), Fault> {
    let payload = serde_json::to_string(job).map_err(|error| Fault::broken("jobs.enqueue", error))?;
    tx.jobs().enqueue(&NewJob { id: act.id(), kind: job.kind().to_owned(), payload, run_at: act.now, created_at: act.now }).await
}

/// Puts a mail into the caller's transaction.
pub(crate) async fn enqueue_mail(act: &Act, tx: &WriteTx, mail: Mail) -> Result<(), Fault> {
    enqueue(act, tx, &Job::SendMail { mail }).await
}

/// Whether a job that failed is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Later, until the last try.
    Later,
    /// No: another try would end the same.
    Never,
}

impl App {
    /// Wakes the workers of this process; called after a commit that enqueued something.
    pub(crate) fn wake_workers(&self) {
        self.0.jobs_waiting.notify_one();
    }

    /// Takes up to `limit` due jobs. A payload this release does not know stays where it is.
    pub async fn claim_jobs(&self, now: Timestamp, limit: u64) -> Result<Vec<Claimed>, Fault> {
        if !self.store().read().jobs().any_due(now).await? {
            return Ok(Vec::new());
        }
        let tx = self.store().write("jobs.claim").await?;
        let rows = tx.jobs().claim(&KINDS, limit, LEASE, now).await?;
        let mut taken: Vec<_> = rows.into_iter().filter_map(claimed).collect();
        // whoever held it on its last try never reported, and may not have lived to: it is not done once more
        for spent in taken.extract_if(.., |claimed| claimed.row.attempts > MAX_ATTEMPTS) {
            give_up(&tx, now, &spent, "its workers ended without a report").await?;
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// Marks a job done, and what it proves with it, unless another worker took it over meanwhile.
    pub async fn complete_job(&self, now: Timestamp, claimed: &Claimed, done: Done) -> Result<(), Fault> {
        let tx = self.store().write("jobs.complete").await?;
        if tx.jobs().complete(&claimed.row, now).await? == Attempt::Won {
            let state = match done {
                Done::Delivered => ReceiptState::Confirmed,
                Done::Moot => ReceiptState::NotSupported,
            };
            tx.receipts().settle(claimed.job.receipts(), state, None, now).await?;
        }
        tx.commit().await
    }

    /// Puts a job back for later, or aside after its last try. The error is shown to operators: no secrets in it.
    pub async fn fail_job(&self, now: Timestamp, claimed: &Claimed, error: &str, retry: Retry) -> Result<(), Fault> {
        let tx = self.store().write("jobs.fail").await?;
        if retry == Retry::Later && claimed.row.attempts < MAX_ATTEMPTS {
            let again = now + backoff(claimed.row.attempts, self.entropy());
            if tx.jobs().retry(&claimed.row, error, again).await? == Attempt::Won {
                tx.receipts().note_failed_try(claimed.job.receipts(), error, now).await?;
            }
        } else {
            give_up(&tx, now, claimed, error).await?;
        }
        tx.commit().await
    }

    /// The jobs that were given up, newest first.
    pub async fn list_given_up(&self, limit: u64) -> Result<Vec<GivenUp>, Fault> {
        let dead = self.store().read().jobs().list_dead(None, limit).await?;
        let given_up = |job: ListedJob| GivenUp { id: job.id, kind: job.kind, at: job.dead_at, why: job.last_error };
        Ok(dead.into_iter().map(given_up).collect())
    }
}

/// Gives a job that was given up as many tries as a new one. `false` when it is not among them.
pub async fn retry_job(act: &Act, job: JobId) -> Result<bool, Fault> {
    let tx = act.store().write("jobs.retry").await?;
    if tx.jobs().revive(job, act.now).await? == Attempt::Lost {
        tx.rollback().await?;
        return Ok(false);
    }
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::JobRetried { job }, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Puts a job aside for somebody to look at, and what it would have proven with it.
async fn give_up(tx: &WriteTx, now: Timestamp, claimed: &Claimed, why: &str) -> Result<(), Fault> {
    if tx.jobs().bury(&claimed.row, why, now).await? == Attempt::Won {
        tx.receipts().settle(claimed.job.receipts(), ReceiptState::Failed, Some(why), now).await?;
        tracing::error!(job = %claimed.id(), kind = claimed.job.kind(), attempts = claimed.row.attempts, why, "a job was given up");
    }
    Ok(())
}

fn claimed(row: ClaimedJob) -> Option<Claimed> {
    match serde_json::from_str(&row.payload) {
        Ok(job) => Some(Claimed { job, row }),
        Err(error) => {
            tracing::error!(job = %row.id, kind = row.kind, %error, "a job of an unknown shape waits");
            None
        }
    }
}

/// One minute, doubled with each try up to two hours, with a fifth of jitter.
fn backoff(attempts: i64, entropy: &Entropy) -> Ttl {
    let doublings = u32::try_from(attempts.clamp(1, 8)).unwrap_or(8) - 1;
    let base = Ttl::minutes(1).as_millis().saturating_mul(1 << doublings).min(Ttl::hours(2).as_millis());
    let jitter = i64::from(entropy.below(u32::try_from(base / 5).unwrap_or(u32::MAX)));
    Ttl::millis(base + jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_is_bounded() {
        let entropy = Entropy::seeded(1);
        let waits: Vec<i64> = (1..=12).map(|attempt| backoff(attempt, &entropy).as_seconds()).collect();
        assert!(waits[0] >= 60 && waits[0] <= 72, "{waits:?}");
        assert!(waits.iter().all(|&seconds| seconds <= 8640), "{waits:?}");
        assert!(waits[11] >= 7200, "{waits:?}");
    }
}
