//! Ends by date: a grant, a membership or a mandate runs out, and nobody acts. The gate knows at once; here the services are
//! told, as they are of a withdrawal.

use idp_domain::{Fault, Timestamp, Ttl, fault::FaultKind, id::PersonId};
use idp_store::{Attempt, Tx, WriteTx, ends::Ended};

use super::Seen;
use crate::Act;

/// Ends read at once.
const AT_ONCE: u64 = 256;

/// Follows the ends that passed, in their order, and tells whether more may wait.
pub async fn follow_ends(act: &Act) -> Result<bool, Fault> {
    let mut last = act.store().read().ends().last_followed().await?;
    if let Some(ahead) = last.filter(|last| last.at > act.now) {
        // the clock was wrong, and what ends until then would be followed by nobody
        tracing::error!(until = ahead.at.millis(), "ends by date were followed into the future: from now on again");
        let here = Ended { at: act.now, ..ahead };
        if follow_end(act, last, here, Follow::Nothing).await? == Attempt::Lost {
            return Ok(false);
        }
        last = Some(here);
    }
    let passed = act.store().read().ends().list_passed(last, act.now, AT_ONCE).await?;
    for ended in &passed {
        let followed = match follow_end(act, last, *ended, Follow::Person).await {
            // one damaged row must not keep the ends of everybody else
            Err(fault) if fault.kind() == FaultKind::Broken => {
                tracing::error!(person = %ended.person, error = %fault, "the services could not be told of an end by date");
                follow_end(act, last, *ended, Follow::Nothing).await?
            }
            followed => followed?,
        };
        if followed == Attempt::Lost {
            // another process is at it
            return Ok(false);
        }
        last = Some(*ended);
    }
    Ok(u64::try_from(passed.len()).is_ok_and(|passed| passed == AT_ONCE))
}

/// Whether an end is followed or only passed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follow {
    Person,
    Nothing,
}

async fn follow_end(act: &Act, last: Option<Ended>, ended: Ended, follow: Follow) -> Result<Attempt, Fault> {
    let tx = act.store().write("services.follow_end").await?;
    if tx.ends().mark_followed(last, ended).await? == Attempt::Lost {
        tx.rollback().await?;
        return Ok(Attempt::Lost);
    }
    if follow == Follow::Person {
        Seen::look_back(&tx, ended.person, just_before(ended.at)).await?.follow(act, &tx).await?;
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(Attempt::Won)
}

/// The instant whose view of a person the services were told last: now, but for an end that passed and was not followed yet.
/// Whoever acts in between must not make it unseen.
pub(super) async fn last_told(tx: &WriteTx, person: PersonId, now: Timestamp) -> Result<Timestamp, Fault> {
    Ok(tx.ends().first_unfollowed(person, now).await?.map_or(now, just_before))
}

fn just_before(end: Timestamp) -> Timestamp {
    end - Ttl::millis(1)
}
