//! A client as people see it before they agree to anything.

use idp_domain::{Fault, client::Client};
use idp_store::Tx;

use crate::Act;

/// Who asks, and who answers for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCard {
    /// The client's name.
    pub name: String,
    /// The collectives that own the service; empty for one of the cluster.
    pub owners: Vec<String>,
}

/// Describes a client.
pub async fn describe_client(act: &Act, client: &Client) -> Result<ServiceCard, Fault> {
    let owners = match client.service() {
        Some(service) => act.store().read().services().owners(service).await?,
        None => Vec::new(),
    };
    Ok(ServiceCard { name: client.name.clone(), owners: owners.into_iter().map(|owner| owner.name.to_string()).collect() })
}
