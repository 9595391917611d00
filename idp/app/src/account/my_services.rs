//! The services a person can enter, and those they can ask for.

use idp_domain::{
    Fault,
    access::{self, AccessRefusal},
    id::{PersonId, ServiceId},
    name::DisplayName,
    quota::Quota,
    request::{RequestKind, RequestState},
};
use idp_store::Tx;

use crate::Act;

/// The doors of a person: what the gate says at this instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MyServices {
    /// Open ones.
    pub open: Vec<OpenService>,
    /// Closed ones that an active membership leads to.
    pub closed: Vec<ClosedService>,
}

/// A service the person can enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenService {
    /// Shown.
    pub name: DisplayName,
    /// One sentence.
    pub description: String,
    /// Where it is.
    pub url: Option<String>,
    /// The collectives whose doors are open.
    pub via: Vec<DisplayName>,
    /// With how much room.
    pub quota: Option<Quota>,
}

/// A service the person can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedService {
    /// The row.
    pub service: ServiceId,
    /// Shown.
    pub name: DisplayName,
    /// One sentence.
    pub description: String,
    /// Whether the person asked already.
    pub asked: Asked,
}

/// Whether a wish waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Yes.
    Yes,
    /// Not yet.
    No,
}

/// The person's services, by name of the service's slug.
pub async fn list_my_services(act: &Act, person: PersonId) -> Result<MyServices, Fault> {
    let read = act.store().read();
    let requests = read.requests().list_of_person(person).await?;
    let asked = |service| {
        let waits = requests.iter().any(|request| request.state == RequestState::Open && request.kind == RequestKind::Access(service));
        if waits { Asked::Yes } else { Asked::No }
    };
    let mut services = MyServices::default();
    for (card, facts) in read.access().facts_everywhere(person, act.now).await? {
        match access::evaluate(&facts, act.now) {
            Ok(seen) => services.open.push(OpenService {
                name: card.name,
                description: card.description,
                url: card.url,
                via: seen.via.into_iter().map(|via| via.name).collect(),
                quota: seen.quota,
            }),
            Err(AccessRefusal::NoOpenDoor) if facts.memberships.iter().any(|membership| membership.counts(act.now)) => {
                services.closed.push(ClosedService {
                    service: card.id,
                    name: card.name,
                    description: card.description,
                    asked: asked(card.id),
                });
            }
            Err(_) => {}
        }
    }
    Ok(services)
}

/// The name of a service that the person can ask for; `None` for any other.
pub async fn find_askable(act: &Act, person: PersonId, service: ServiceId) -> Result<Option<DisplayName>, Fault> {
    let services = list_my_services(act, person).await?;
    Ok(services.closed.into_iter().find(|closed| closed.service == service).map(|closed| closed.name))
}
