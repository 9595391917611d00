//! The person's memberships, what waits for their yes, and what they asked for.

use std::collections::BTreeMap;

use idp_domain::{
    Fault, Timestamp,
    id::{CollectiveId, MandateId, PersonId, RequestId, ServiceId},
    membership::{MandateKind, MembershipState},
    name::{DisplayName, FreeText},
    request::{RequestKind, RequestState},
};
use idp_store::{ReadTx, Tx};

use crate::Act;

/// Everything between a person and their collectives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MyCollectives {
    /// Memberships, whatever their state.
    pub memberships: Vec<MyMembership>,
    /// Mandates that wait for the person's yes.
    pub proposed: Vec<ProposedMandate>,
    /// Requests, newest first.
    pub requests: Vec<MyRequest>,
}

impl MyCollectives {
    /// Whether some collective was asked to let the person in and did not answer yet.
    pub fn asks_to_join(&self) -> bool {
        self.requests.iter().any(|request| request.kind == RequestKind::Join && request.state == RequestState::Open)
    }
    /// Collectives that invite the person and wait for the answer.
    pub fn invitations(&self) -> impl Iterator<Item = &MyMembership> {
        self.memberships.iter().filter(|membership| membership.state == MembershipState::Invited)
    }
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyMembership {
    /// Where.
    pub collective: CollectiveId,
    /// Its name.
    pub name: DisplayName,
    /// Where it is in its life; a date that is past counts.
    pub state: MembershipState,
    /// Whether it vouches for the person.
    pub home: Home,
    /// Since when it stands.
    pub since: Option<Timestamp>,
    /// When it lapses by itself.
    pub until: Option<Timestamp>,
    /// What the person does there.
    pub duties: Vec<Duty>,
    /// Who manages the collective.
    pub managers: Vec<DisplayName>,
}

/// Whether a membership is the one that vouches for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// It is.
    Yes,
    /// Another one is.
    No,
}

/// A mandate in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Power over what.
    pub kind: MandateKind,
    /// The service's name, when it is about one.
    pub service: Option<DisplayName>,
}

/// A mandate that waits for its holder's yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedMandate {
    /// In which collective.
    pub collective: CollectiveId,
    /// Its name.
    pub name: DisplayName,
    /// The row.
    pub mandate: MandateId,
    /// What it is.
    pub duty: Duty,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyRequest {
    /// The row.
    pub id: RequestId,
    /// What for.
    pub kind: RequestKind,
    /// Of whom.
    pub collective: DisplayName,
    /// The service's name, when it is about one.
    pub service: Option<DisplayName>,
    /// Where it is.
    pub state: RequestState,
    /// Why it was refused.
    pub reason: Option<FreeText>,
    /// When.
    pub created_at: Timestamp,
}

/// Lists everything.
pub async fn list_my_collectives(act: &Act, person: PersonId) -> Result<MyCollectives, Fault> {
    let read = act.store().read();
    let memberships = read.memberships().list_of_person(person).await?;
    let ids: Vec<_> = memberships.iter().map(|(_, collective)| collective.id).collect();
    let managers = read.mandates().managers_of(&ids, act.now).await?;
    let mut names = Names::default();
    let mut mine = MyCollectives::default();
    for (membership, collective) in memberships {
        names.collectives.insert(collective.id, collective.name.clone());
        let mandates = read.mandates().list_of_membership(collective.id, membership.id).await?;
        let stands = membership.is_active(act.now);
        let mut duties = Vec::new();
        for mandate in mandates.into_iter().filter(|_| stands) {
            let duty = Duty { kind: mandate.kind, service: names.service_of(&read, mandate.kind).await? };
            if mandate.is_active(act.now) {
                duties.push(duty);
            } else if mandate.accepted_at.is_none() && mandate.ends_at.is_none_or(|end| act.now < end) {
                mine.proposed.push(ProposedMandate { collective: collective.id, name: collective.name.clone(), mandate: mandate.id, duty });
            }
        }
        let own = managers.iter().filter(|manager| manager.collective == collective.id);
        mine.memberships.push(MyMembership {
            collective: collective.id,
            managers: own.map(|manager| manager.name.clone()).collect(),
            name: collective.name,
            state: if membership.state == MembershipState::Active && !stands { MembershipState::Lapsed } else { membership.state },
            home: if membership.home_at.is_some() { Home::Yes } else { Home::No },
            since: membership.starts_at,
            until: membership.ends_at,
            duties,
        });
    }
    for request in read.requests().list_of_person(person).await? {
        let service = match request.kind {
            RequestKind::Access(service) => names.service(&read, service).await?,
            RequestKind::Join | RequestKind::Support | RequestKind::Recovery => None,
        };
        let Some(collective) = names.collective(&read, request.collective).await? else { continue };
        mine.requests.push(MyRequest {
            id: request.id,
            kind: request.kind,
            collective,
            service,
            state: request.state,
            reason: request.reason,
            created_at: request.created_at,
        });
    }
    Ok(mine)
}

/// Names looked up once.
#[derive(Default)]
pub(super) struct Names {
    collectives: BTreeMap<CollectiveId, DisplayName>,
    services: BTreeMap<ServiceId, Option<DisplayName>>,
}

impl Names {
    async fn service_of(&mut self, read: &ReadTx, kind: MandateKind) -> Result<Option<DisplayName>, Fault> {
        match kind {
            MandateKind::ServiceManager(service) => self.service(read, service).await,
            _ => Ok(None),
        }
    }
    pub(super) async fn service(&mut self, read: &ReadTx, service: ServiceId) -> Result<Option<DisplayName>, Fault> {
        if let Some(known) = self.services.get(&service) {
            return Ok(known.clone());
        }
        let name = read.services().find(service).await?.map(|service| service.name);
        self.services.insert(service, name.clone());
        Ok(name)
    }
    /// A request may have been handed to a collective the person has no membership in.
    pub(super) async fn collective(&mut self, read: &ReadTx, collective: CollectiveId) -> Result<Option<DisplayName>, Fault> {
        if let Some(known) = self.collectives.get(&collective) {
            return Ok(Some(known.clone()));
        }
        let Some(found) = read.collectives().find(collective).await? else { return Ok(None) };
        self.collectives.insert(collective, found.name.clone());
        Ok(Some(found.name))
    }
}
