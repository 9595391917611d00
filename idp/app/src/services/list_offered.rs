//! What a collective is offered, and what its managers may still open for somebody.

use std::collections::BTreeSet;

use idp_domain::{
    Fault,
    id::{CollectiveId, ServiceId},
    policy::{Action, Resource, Standing},
    service::{Offer, Service},
};
use idp_store::Tx;

use super::is_open_to;
use crate::{
    Act, Outcome,
    collectives::{Denied, allow},
};

/// An offered service, and what the collective gave of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The offer.
    pub offer: Offer,
    /// The service.
    pub service: Service,
    /// Doors the collective holds open through it.
    pub open_grants: u64,
}

/// Every service offered to a collective, by name, with what it gave of each.
pub async fn list_offered(act: &Act, standing: &Standing, collective: CollectiveId) -> Outcome<Vec<Offered>, Denied> {
    allow(standing, Action::ListServices, &Resource::Collective(collective), |denied| denied)?;
    let offered = act.store().read().desk().services(collective, act.now).await?;
    let mut services: Vec<_> =
        offered.into_iter().map(|found| Offered { offer: found.offer, service: found.service, open_grants: found.open_grants }).collect();
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
