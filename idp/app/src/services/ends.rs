//! Ends by date: a grant, a membership or a mandate runs out, and nobody acts. The gate knows at once; here the services are
//! told, as they are of a withdrawal.

use idp_domain::{Fault, Ttl};
use idp_store::{Attempt, Tx};

use super::Seen;
use crate::Act;

/// Ends followed at once: a whole collective's terms may end at one midnight, and other work waits meanwhile.
const AT_ONCE: u64 = 256;

/// Follows the ends that passed, in their order, and tells whether more may wait.
pub async fn follow_ends(act: &Act) -> Result<bool, Fault> {
    let read = act.store().read();
    let mut last = read.ends().last_followed().await?;
    let passed = read.ends().list_passed(last, act.now, AT_ONCE).await?;
    for ended in &passed {
        let tx = act.store().write("services.follow_end").await?;
        if tx.ends().mark_followed(last, *ended).await? == Attempt::Lost {
            // another process is at it
            return Ok(false);
        }
        Seen::look_back(&tx, ended.person, ended.at - Ttl::millis(1)).await?.follow(act, &tx).await?;
        tx.commit().await?;
        act.app.wake_workers();
        last = Some(*ended);
    }
    Ok(u64::try_from(passed.len()).is_ok_and(|passed| passed == AT_ONCE))
}
