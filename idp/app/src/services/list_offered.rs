//! What a collective is offered, and what its managers may still open for somebody.

use std::collections::BTreeSet;

use idp_domain::{
    Fault,
    id::{CollectiveId, ServiceId},
    policy::{Action, Resource, Standing},
    service::{Offer, Service},
};
use idp_store::{Tx, desk::OfferedService};

use super::is_open_to;
use crate::{
    Act, Outcome,
    collectives::{Denied, allow},
};

/// Every service offered to a collective, by name, with what it gave of each.
pub async fn list_offered(act: &Act, standing: &Standing, collective: CollectiveId) -> Outcome<Vec<OfferedService>, Denied> {
    allow(standing, Action::ListServices, &Resource::Collective(collective), |denied| denied)?;
    let mut services = act.store().read().desk().services(collective, act.now).await?;
    services.sort_by_cached_key(|offered| (offered.service.name.sort_key(), offered.service.id));
    Ok(services)
}

/// What can be opened in a collective's name now, by name, without the services in `held`.
pub(crate) async fn can_open(tx: &impl Tx, collective: CollectiveId, held: &BTreeSet<ServiceId>) -> Result<Vec<(Offer, Service)>, Fault> {
    let mut offers = tx.offers().list_to(collective).await?;
    offers.retain(|(offer, service)| is_open_to(offer, service) && !held.contains(&service.id));
    offers.sort_by_cached_key(|(_, service)| (service.name.sort_key(), service.id));
    Ok(offers)
}
