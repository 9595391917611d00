//! A client as people see it before they agree to anything.

use idp_domain::{Fault, client::Client};
use idp_store::Tx;

use crate::Act;

/// Who asks, and who answers for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCard {
    /// The name people know: the service's, or the client's own when it belongs to none.
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
    let name = name_of_service(act, client).await?;
    Ok(ServiceCard { name, owners: owners.into_iter().map(|owner| owner.name.to_string()).collect() })
}

/// The name people know a client's service by.
pub async fn name_of_service(act: &Act, client: &Client) -> Result<String, Fault> {
    let name = match client.service() {
        Some(service) => act.store().read().services().find_name(service).await?,
        None => None,
    };
    Ok(name.map_or_else(|| client.name.clone(), |name| name.to_string()))
}
