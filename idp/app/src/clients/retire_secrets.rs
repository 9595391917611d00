//! The end of a secret that was replaced, or that leaked.

use idp_domain::{
    Ttl,
    audit::AuditEvent,
    client::{ClientIdentifier, SecretTimes},
};
use idp_store::Tx;

use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
};

/// Which of a client's live secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retiring {
    /// Those that the newest one replaces.
    AllButNewest,
    /// Every one: the client proves itself by another method, or not at all.
    All,
}

/// What became of a client's live secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredSecrets {
    /// Those that end, newest first, each with its end.
    pub retired: Vec<SecretTimes>,
    /// The one that counts on.
    pub kept: Option<SecretTimes>,
}

/// Why no secret was retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetireRefusal {
    /// There is no such client.
    UnknownClient,
    /// It has no secret that counts.
    NoSecret,
    /// It has one only: without it the client could not prove who it is.
    OnlyOne,
}

/// Lets secrets of a client end after a while, or now. One that ends earlier already keeps its end.
pub async fn retire_secrets(
    act: &Act,
    client_id: &ClientIdentifier,
    which: Retiring,
    after: Ttl,
) -> Outcome<RetiredSecrets, RetireRefusal> {
    let end = act.now + after;
    let client = act.store().read().clients().find_by_identifier(client_id, act.now).await?.or_refuse(RetireRefusal::UnknownClient)?;
    let tx = act.store().write("clients.retire_secrets").await?;
    let live = tx.clients().list_live_secrets(client.id, act.now).await?;
    let (mut retired, kept) = match divide(live, which) {
        Ok(divided) => divided,
        Err(refusal) => {
            tx.rollback().await?;
            return refuse(refusal);
        }
    };
    let ending: Vec<_> = retired.iter().filter(|secret| secret.expires_at.is_none_or(|at| at > end)).map(|secret| secret.id).collect();
    if ending.is_empty() {
        tx.rollback().await?;
    } else {
        tx.clients().expire_secrets(&ending, end).await?;
        audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::ClientEdited { client: client.id }, None).await?;
        tx.commit().await?;
    }
    for secret in &mut retired {
        secret.expires_at = Some(secret.expires_at.map_or(end, |at| at.min(end)));
    }
    Ok(RetiredSecrets { retired, kept })
}

/// Which of the live secrets, newest first, end, and which one counts on.
fn divide(mut live: Vec<SecretTimes>, which: Retiring) -> Result<(Vec<SecretTimes>, Option<SecretTimes>), RetireRefusal> {
    match (which, live.len()) {
        (_, 0) => Err(RetireRefusal::NoSecret),
        (Retiring::AllButNewest, 1) => Err(RetireRefusal::OnlyOne),
        (Retiring::AllButNewest, _) => {
            let newest = live.remove(0);
            Ok((live, Some(newest)))
        }
        (Retiring::All, _) => Ok((live, None)),
    }
}
