//! Forgetting: what has expired long ago is of no use to anybody, and what is not kept cannot leak.

use idp_domain::{Fault, Ttl};
use idp_store::Tx as _;

use crate::Act;

/// A code presented again is recognised, and what it produced revoked, for this long after it expired.
const CODES: Ttl = Ttl::days(1);
/// The same for a refresh token.
const REFRESH_TOKENS: Ttl = Ttl::days(30);
/// A link that expired is told from one that never was for this long.
const LINKS: Ttl = Ttl::days(30);
/// A creation is safe to repeat for this long.
const IDEMPOTENCY_KEYS: Ttl = Ttl::days(1);
/// Work that was done is remembered for whoever looks into it.
const DONE_JOBS: Ttl = Ttl::days(7);
/// Sign-ins and failures, with the class of address they came from.
const SIGN_INS: Ttl = Ttl::days(90);

/// Forgets what has expired. Each kind in a transaction of its own, so that nobody waits long for the writer.
pub async fn forget_expired(act: &Act) -> Result<(), Fault> {
    let before = |kept: Ttl| act.now - kept;
    let mut forgotten = act.store().ephemeral().purge(act.now).await?;

    let tx = act.store().write("housekeeping.codes").await?;
    forgotten += tx.codes().purge_expired_before(before(CODES)).await?;
    tx.commit().await?;

    let tx = act.store().write("housekeeping.refresh_tokens").await?;
    forgotten += tx.refresh_tokens().purge_expired_before(before(REFRESH_TOKENS)).await?;
    tx.commit().await?;

    let tx = act.store().write("housekeeping.links").await?;
    forgotten += tx.links().purge_expired_before(before(LINKS)).await?;
    tx.commit().await?;

    let tx = act.store().write("housekeeping.idempotency").await?;
    forgotten += tx.idempotency().purge_before(before(IDEMPOTENCY_KEYS)).await?;
    tx.commit().await?;

    let tx = act.store().write("housekeeping.jobs").await?;
    forgotten += tx.jobs().purge_done_before(before(DONE_JOBS)).await?;
    tx.commit().await?;

    let tx = act.store().write("housekeeping.signin_log").await?;
    forgotten += tx.signin_log().purge_before(before(SIGN_INS)).await?;
    tx.commit().await?;

    forgotten += crate::join::discard_unproven(act).await?;

    tracing::debug!(forgotten, "what had expired is forgotten");
    Ok(())
}
