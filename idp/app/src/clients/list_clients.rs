//! Every client, for the console.

use std::collections::BTreeMap;

use idp_domain::{
    Fault,
    client::{Client, SecretTimes},
    id::ServiceId,
    slug::Slug,
};
use idp_store::Tx;

use crate::Act;

/// A client as the console lists it.
#[derive(Debug, Clone)]
pub struct ListedClient {
    /// The client.
    pub client: Client,
    /// The service it signs people in to.
    pub service: Option<Slug>,
    /// Its secrets that count now, newest first.
    pub secrets: Vec<SecretTimes>,
}

/// Every client, by public identifier.
pub async fn list_clients(act: &Act) -> Result<Vec<ListedClient>, Fault> {
    let read = act.store().read();
    let clients: Vec<Client> = read.clients().list(act.now).await?.into_iter().map(|row| row.client).collect();
    let ids: Vec<ServiceId> = clients.iter().filter_map(Client::service).collect();
    let services = read.services().list_of(&ids).await?;
    let slugs: BTreeMap<ServiceId, Slug> = services.into_iter().map(|service| (service.id, service.slug)).collect();
    let mut listed = Vec::with_capacity(clients.len());
    for client in clients {
        let secrets = read.clients().list_live_secrets(client.id, act.now).await?;
        let service = client.service().and_then(|service| slugs.get(&service).cloned());
        listed.push(ListedClient { client, service, secrets });
    }
    Ok(listed)
}
