//! The doors one collective opened for one of its members. Doors of other collectives do not exist here.

use idp_domain::{
    Fault, Timestamp,
    collective::{Collective, CollectiveState},
    id::OfferId,
    membership::Membership,
    person::{Person, PersonState},
    service::{Grant, GrantVia, Offer, Service, ServiceState},
};
use idp_store::Tx;

use crate::collectives::promised;

/// A grant through a collective's offer, as its managers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// What was given.
    pub grant: Grant,
    /// Where it leads.
    pub service: Service,
    /// Whether one gets through it now.
    pub state: DoorState,
}

impl Door {
    /// Whether one gets through it now.
    pub fn is_open(&self) -> bool {
        self.state == DoorState::Open
    }
}

/// Whether one gets through a door now: the first reason that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoorState {
    /// Yes.
    Open,
    /// Its end date is past.
    Expired,
    /// The membership does not stand.
    MembershipNotActive,
    /// The offer to the collective was withdrawn.
    OfferWithdrawn,
    /// The collective is not active.
    CollectiveNotActive,
    /// The service is not active.
    ServiceNotActive,
    /// The account may not reach any service now.
    PersonNotActive,
}

/// Who holds the doors: the collective, the membership and its person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) collective: &'a Collective,
    pub(crate) membership: &'a Membership,
    pub(crate) person: &'a Person,
}

/// The doors this collective opened for the member and did not withdraw, by name of service.
pub(crate) async fn doors_of(tx: &impl Tx, holder: Holder<'_>, now: Timestamp) -> Result<Vec<Door>, Fault> {
    let grants = tx.grants().list_of_membership(holder.collective.id, holder.membership.id).await?;
    let ids: Vec<_> = grants.iter().map(|grant| grant.service).collect();
    let services = tx.services().list_of(&ids).await?;
    let mut doors = Vec::with_capacity(grants.len());
    for grant in grants {
        let service = services.iter().find(|service| service.id == grant.service).cloned();
        let service = promised(service, "doors.service")?;
        let GrantVia::Membership { offer, .. } = grant.via else { continue };
        let offer = offer_of(tx, holder, offer).await?;
        let state = state(&grant, holder, &offer, &service, now);
        doors.push(Door { grant, service, state });
    }
    doors.sort_by_cached_key(|door| (door.service.name.sort_key(), door.service.id));
    Ok(doors)
}

async fn offer_of(tx: &impl Tx, holder: Holder<'_>, offer: OfferId) -> Result<Offer, Fault> {
    promised(tx.offers().find(holder.collective.id, offer).await?, "doors.offer")
}

fn state(grant: &Grant, holder: Holder<'_>, offer: &Offer, service: &Service, now: Timestamp) -> DoorState {
    if grant.ends_at.is_some_and(|end| now >= end) {
        DoorState::Expired
    } else if !holder.membership.is_active(now) {
        DoorState::MembershipNotActive
    } else if offer.withdrawn_at.is_some() {
        DoorState::OfferWithdrawn
    } else if holder.collective.state != CollectiveState::Active {
        DoorState::CollectiveNotActive
    } else if service.state != ServiceState::Active {
        DoorState::ServiceNotActive
    } else if holder.person.state != PersonState::Active {
        DoorState::PersonNotActive
    } else {
        DoorState::Open
    }
}

/// Whether a manager may open this offer's service for somebody now.
pub(crate) fn is_open_to(offer: &Offer, service: &Service) -> bool {
    offer.withdrawn_at.is_none() && service.state == ServiceState::Active
}
