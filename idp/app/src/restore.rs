//! After the database was put back from a backup.

use idp_domain::{Fault, audit::AuditEvent};
use idp_store::Tx;

use crate::{Act, audit};

/// Begins a new epoch: what was issued before counts for nothing, since nobody knows any more what of it was withdrawn or
/// used up after the backup was made. Processes that run already learn of it when they start again.
pub async fn begin_epoch(act: &Act) -> Result<(), Fault> {
    let tx = act.store().write("restore.begin_epoch").await?;
    tx.cluster().raise_epoch().await?;
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::ClusterRestored {}, None).await?;
    tx.commit().await
}
