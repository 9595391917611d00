//! Asking one's managers for a service.

use idp_domain::{
    Fault, Timestamp,
    audit::AuditEvent,
    collective::{Collective, CollectiveState},
    id::{CollectiveId, PersonId, RequestId, ServiceId},
    membership::{Membership, MembershipState},
    name::{DisplayName, FreeText},
    request::{Request, RequestKind, RequestState},
    service::ServiceState,
};
use idp_store::{Inserted, ReadTx, Tx};

use super::{
    flood::{self, Room},
    verify_address::tell_managers,
};
use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
};

/// A collective of the person, with who decides in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doorkeeper {
    /// The row.
    pub collective: CollectiveId,
    /// Its name.
    pub name: DisplayName,
    /// Who manages it.
    pub managers: Vec<DisplayName>,
    /// When the person asked it for this service, while that waits.
    pub asked_at: Option<Timestamp>,
}

/// Where a person can ask for a service. Only collectives the person is a member of show at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doors {
    /// Collectives that could open the door.
    pub offered: Vec<Doorkeeper>,
    /// Collectives that do not have the service.
    pub others: Vec<Doorkeeper>,
    /// Collectives that have the service and in which the membership is paused or has lapsed.
    pub resting: Vec<Doorkeeper>,
}

/// A wish for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessWish {
    /// Whose.
    pub person: PersonId,
    /// For what.
    pub service: ServiceId,
    /// Whose managers decide.
    pub collective: CollectiveId,
    /// What they will read.
    pub text: FreeText,
}

/// Why nothing waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestAccessRefusal {
    /// The person is no active member there, or the collective does not have the service.
    NotOffered,
    /// The same waits already.
    AlreadyAsked,
    /// The door is open.
    AlreadyOpen,
    /// Too many requests today.
    TooMany,
}

/// Which of the person's collectives could open a service's door, and who decides there.
pub async fn find_doors(act: &Act, person: PersonId, service: ServiceId) -> Result<Doors, Fault> {
    let read = act.store().read();
    let mut doors = Doors::default();
    let memberships = read.memberships().list_of_person(person).await?;
    let theirs: Vec<_> = memberships.into_iter().filter(|(membership, collective)| is_of(membership, collective)).collect();
    let ids: Vec<_> = theirs.iter().map(|(_, collective)| collective.id).collect();
    let managers = read.mandates().managers_of(&ids, act.now).await?;
    for (membership, collective) in theirs {
        let stands = stands(&membership, &collective, act.now);
        let asked = read.requests().find_open(collective.id, person, RequestKind::Access(service)).await?;
        let names = managers.iter().filter(|manager| manager.collective == collective.id);
        let keeper = Doorkeeper {
            collective: collective.id,
            managers: names.map(|manager| manager.name.clone()).collect(),
            asked_at: asked.map(|request| request.created_at),
            name: collective.name,
        };
        match (stands, is_offered(&read, keeper.collective, service).await?) {
            (true, true) => doors.offered.push(keeper),
            (true, false) => doors.others.push(keeper),
            (false, true) => doors.resting.push(keeper),
            // not the reason why the door is closed
            (false, false) => {}
        }
    }
    Ok(doors)
}

fn stands(membership: &Membership, collective: &Collective, now: Timestamp) -> bool {
    collective.state == CollectiveState::Active && membership.is_active(now)
}

/// Standing, paused or lapsed: whoever only asked or was invited has no managers there yet.
fn is_of(membership: &Membership, collective: &Collective) -> bool {
    let is_member = matches!(membership.state, MembershipState::Active | MembershipState::Suspended | MembershipState::Lapsed);
    collective.state == CollectiveState::Active && is_member
}

async fn is_offered(read: &ReadTx, collective: CollectiveId, service: ServiceId) -> Result<bool, Fault> {
    Ok(read.offers().find_for(collective, service).await?.is_some_and(|offer| offer.withdrawn_at.is_none()))
}

/// Puts a wish into the collective's queue and tells its managers.
pub async fn request_access(act: &Act, wish: AccessWish) -> Outcome<RequestId, RequestAccessRefusal> {
    let read = act.store().read();
    let membership = read.memberships().find_of(wish.collective, wish.person).await?.or_refuse(RequestAccessRefusal::NotOffered)?;
    let collective = read.collectives().find(wish.collective).await?.or_refuse(RequestAccessRefusal::NotOffered)?;
    let service = read.services().find(wish.service).await?.filter(|service| service.state == ServiceState::Active);
    if service.is_none() || !stands(&membership, &collective, act.now) || !is_offered(&read, wish.collective, wish.service).await? {
        return refuse(RequestAccessRefusal::NotOffered);
    }
    let grant = read.grants().find_open(wish.collective, wish.person, wish.service).await?;
    if grant.is_some_and(|grant| grant.ends_at.is_none_or(|end| act.now < end)) {
        return refuse(RequestAccessRefusal::AlreadyOpen);
    }
    let kind = RequestKind::Access(wish.service);
    if read.requests().find_open(wish.collective, wish.person, kind).await?.is_some() {
        return refuse(RequestAccessRefusal::AlreadyAsked);
    }
    if flood::request(act, wish.person).await? == Room::None {
        return refuse(RequestAccessRefusal::TooMany);
    }
    let request = Request {
        id: act.id(),
        kind,
        collective: wish.collective,
        person: wish.person,
        state: RequestState::Open,
        text: wish.text,
        reason: None,
        created_at: act.now,
        decided_at: None,
        decided_by: None,
        version: 1,
    };
    let tx = act.store().write("join.request_access").await?;
    if tx.requests().insert(&request).await? == Inserted::Taken {
        tx.rollback().await?;
        return refuse(RequestAccessRefusal::AlreadyAsked);
    }
    let event = AuditEvent::AccessRequested { request: request.id, service: wish.service };
    let concerning = audit::Concerning::member(wish.collective, wish.person);
    audit::record(act, &tx, concerning, event, Some(request.text.as_str())).await?;
    tell_managers(act, &tx, &request).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(request.id)
}
