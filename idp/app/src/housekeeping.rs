//! Forgetting: what has expired long ago is of no use to anybody, and what is not kept cannot leak. The list below is
//! `docs/keeping.md` in code.

use idp_domain::{Fault, Timestamp, Ttl};
use idp_store::keeping::Aged;

use crate::Act;

/// Rows forgotten in one transaction: others write between two of them.
const BATCH: u64 = 500;
/// Transactions for one kind in one round; what is left waits for the next.
const BATCHES: usize = 100;

/// How long something is kept beyond the instant from which it is of no use: that instant stands with [`Aged`].
const fn kept(aged: Aged) -> Ttl {
    match aged {
        Aged::Codes | Aged::RepeatableAnswers => Ttl::days(1),
        Aged::DoneJobs => Ttl::days(7),
        Aged::RefreshTokens | Aged::Links => Ttl::days(30),
        // a service's own session may outlive ours: until its authorization goes, a withdrawal is told there
        Aged::Authorizations | Aged::Sessions | Aged::Browsers | Aged::GivenUpJobs | Aged::SignIns => Ttl::days(90),
        Aged::Receipts => Ttl::days(365),
    }
}

/// Forgets what has expired, in small transactions. A kind that cannot be forgotten now does not keep the others; the first
/// fault is returned after all were tried.
pub async fn forget_expired(act: &Act) -> Result<(), Fault> {
    let mut forgotten = 0;
    let mut outcome = Ok(());
    let mut note = |done: Result<u64, Fault>| match done {
        Ok(rows) => forgotten += rows,
        Err(fault) if outcome.is_ok() => outcome = Err(fault),
        Err(fault) => tracing::warn!(error = %fault, "what has expired could not be forgotten"),
    };
    note(act.store().ephemeral().purge(act.now).await);
    for aged in Aged::ALL {
        note(forget(act, aged).await);
    }
    note(crate::join::discard_unproven(act).await);
    tracing::debug!(forgotten, "what had expired is forgotten");
    outcome
}

/// Whether the database is checked in this hour: at three (UTC), when few people wait for anything.
pub const fn is_hour_of_check(now: Timestamp) -> bool {
    now.seconds().rem_euclid(24 * 60 * 60) / (60 * 60) == 3
}

async fn forget(act: &Act, aged: Aged) -> Result<u64, Fault> {
    let before = act.now - kept(aged);
    let mut forgotten = 0;
    for _ in 0..BATCHES {
        let tx = act.store().write("housekeeping.forget").await?;
        let gone = tx.keeping().forget(aged, before, BATCH, act.now).await?;
        tx.commit().await?;
        forgotten += gone;
        if gone < BATCH {
            break;
        }
    }
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_checked_in_one_hour_of_the_day() {
        let day = Timestamp::from_seconds(1_800_000_000 - 1_800_000_000 % 86_400);
        let hours: Vec<_> = (0..24).filter(|hour| is_hour_of_check(day + Ttl::hours(*hour) + Ttl::minutes(59))).collect();
        assert_eq!(hours, [3]);
    }

    #[test]
    fn what_is_kept_how_long_stands_in_the_documents() {
        let document = include_str!("../../../docs/keeping.md");
        for aged in Aged::ALL {
            let days = kept(aged).as_seconds() / 86_400;
            let row = |line: &&str| line.contains(&format!("`{aged:?}`")) && line.contains(&format!("| {days} day"));
            assert!(document.lines().find(row).is_some(), "{aged:?}: {days} days");
        }
        assert_eq!(document.lines().filter(|line| line.starts_with("| `")).count(), Aged::ALL.len());
    }
}
