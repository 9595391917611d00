//! Services that act in one's name without one's being there (`offline_access`, OIDC Core §11), and taking that back.

use idp_domain::{
    Fault, Timestamp,
    audit::AuditEvent,
    id::{AuthorizationId, PersonId},
};
use idp_store::{
    Tx,
    authorizations::{Offline, Which},
};

use super::service_card::name_of_service;
use crate::{Act, Outcome, audit, backchannel, failure::refuse};

/// A service that acts in the person's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingService {
    /// The row.
    pub authorization: AuthorizationId,
    /// The name people know it by.
    pub name: String,
    /// Since when it may.
    pub since: Timestamp,
}

/// Why nothing was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndOfflineAccessRefusal {
    /// The person has authorised no such thing, or it is over.
    Unknown,
}

/// What can act in the person's name after they sign out, newest first.
pub async fn list_my_offline_access(act: &Act, person: PersonId) -> Result<Vec<ActingService>, Fault> {
    let read = act.store().read();
    let mut acting = Vec::new();
    for found in read.authorizations().list_offline(person, act.now, act.app.epoch()).await? {
        let Some(client) = read.clients().find(found.client, act.now).await? else { continue };
        let name = name_of_service(act, &client).await?;
        acting.push(ActingService { authorization: found.id, name, since: found.since });
    }
    Ok(acting)
}

/// Ends one of them with every token of it, and tells the service.
pub async fn end_my_offline_access(act: &Act, person: PersonId, authorization: AuthorizationId) -> Outcome<(), EndOfflineAccessRefusal> {
    let tx = act.store().write("account.end_offline_access").await?;
    let own = tx.authorizations().list_offline(person, act.now, act.app.epoch()).await?;
    let Some(own) = own.into_iter().find(|own| own.id == authorization) else {
        tx.rollback().await?;
        return refuse(EndOfflineAccessRefusal::Unknown);
    };
    backchannel::end_authorizations(act, &tx, Which::One(own.id), Offline::Included).await?;
    audit::record(act, &tx, audit::Concerning::person(person), AuditEvent::AuthorizationEnded { client: own.client }, None).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}
