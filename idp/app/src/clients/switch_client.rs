//! A client switched off, with everything it was given, and on again.

use idp_domain::{
    Timestamp,
    audit::AuditEvent,
    client::{Client, ClientIdentifier, ClientRole},
};
use idp_store::{
    Attempt, Tx,
    authorizations::{Offline, Which},
};

use crate::{Act, Outcome, audit, backchannel, failure::OrRefuse, tokens};

/// There is no client of this public identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownClient;

/// What switching a client off came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disabled {
    /// It is off from now on.
    Now(SwitchedOff),
    /// It was off already.
    Already,
}

/// What went with a client that was switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchedOff {
    /// Whose client it is.
    pub role: ClientRole,
    /// How many authorizations ended.
    pub ended: usize,
    /// Where their ends are told; absent for a client that cannot be told.
    pub told_at: Option<String>,
    /// Until when a service that checks our access tokens by itself may accept one issued before.
    pub access_tokens_live_until: Timestamp,
}

/// What switching a client on came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    /// It is on from now on.
    Now,
    /// It was on already.
    Already,
}

/// Switches a client off: nothing is issued to it any more, what it was given counts for nothing, and it is told so.
pub async fn disable_client(act: &Act, client_id: &ClientIdentifier) -> Outcome<Disabled, UnknownClient> {
    let client = find(act, client_id).await?;
    let tx = act.store().write("clients.disable").await?;
    if tx.clients().disable(client.id, act.now).await? == Attempt::Lost {
        tx.rollback().await?;
        return Ok(Disabled::Already);
    }
    let ended = tx.authorizations().end(Which::Client(client.id), Offline::Included, act.now).await?;
    backchannel::tell(act, &tx, &ended, &[]).await?;
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::ClientEdited { client: client.id }, None).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(Disabled::Now(SwitchedOff {
        role: client.role,
        ended: ended.len(),
        told_at: client.backchannel_logout_uri,
        access_tokens_live_until: act.now + tokens::ACCESS_TOKEN_AT_MOST,
    }))
}

/// Switches a client on again. What ended stays ended: people sign in anew.
pub async fn enable_client(act: &Act, client_id: &ClientIdentifier) -> Outcome<Enabled, UnknownClient> {
    let client = find(act, client_id).await?;
    let tx = act.store().write("clients.enable").await?;
    if tx.clients().enable(client.id).await? == Attempt::Lost {
        tx.rollback().await?;
        return Ok(Enabled::Already);
    }
    // a sign-in that was under way when it was switched off may have left one: it was never of use, and is not now
    tx.authorizations().end(Which::Client(client.id), Offline::Included, act.now).await?;
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::ClientEdited { client: client.id }, None).await?;
    tx.commit().await?;
    Ok(Enabled::Now)
}

async fn find(act: &Act, client_id: &ClientIdentifier) -> Outcome<Client, UnknownClient> {
    act.store().read().clients().find_by_identifier(client_id, act.now).await?.or_refuse(UnknownClient)
}
