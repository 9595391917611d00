//! Saying yes to what waits: a newcomer, a wish for a service, a cry for help.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, MembershipId, RequestId, ServiceId},
    membership::MembershipState,
    person::{Person, PersonState},
    policy::{Action, Resource, Standing},
    request::{Request, RequestKind, RequestState},
};
use idp_store::{ReadTx, Tx, Updated, WriteTx, requests::RequestDecision};

use super::{
    Denied, Member,
    admit::{admit, membership_of, new_membership, open_automatic},
    allow, promised,
};
use crate::{
    Act, Failure, Outcome, audit,
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    mail::Mail,
    services::{
        Before, Door, WantedTerms, doors_of, follow,
        grant_service::{OfferRefusal, Wanted, find_offered, give},
    },
};

/// Which request, and what to open with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptRequest {
    /// Whose queue.
    pub collective: CollectiveId,
    /// What waits.
    pub request: RequestId,
    /// Doors to open at once.
    pub doors: Doors,
}

/// Doors to open with an acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doors {
    /// For a newcomer what is automatic; for access what was asked for; on default terms.
    Automatic,
    /// For a newcomer exactly these. For access the one that was asked for, on these terms.
    Exactly(Vec<WantedGrant>),
}

/// A door to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedGrant {
    /// Where it leads.
    pub service: ServiceId,
    /// On which terms.
    pub terms: WantedTerms,
}

/// What an acceptance did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The membership that stands now; absent for help and recovery.
    pub membership: Option<MembershipId>,
    /// The doors that this collective holds open for the person.
    pub doors: Vec<Door>,
}

/// Why a request still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptRequestRefusal {
    /// The policy says no, or there is no such request.
    Denied(Denied),
    /// Somebody was quicker, or the person took it back.
    AlreadyDecided,
    /// The person did not prove their address yet.
    AddressNotVerified,
    /// The account is stopped or closing.
    AccountNotOpen,
    /// The membership is paused or lapsed: resume it instead; or, for a service, it does not stand.
    MembershipNotActive,
    /// Access is asked for, and no door was chosen: a yes that opens nothing is none.
    NothingChosen,
    /// One of the doors cannot be opened.
    Door {
        /// Which, counted from 0.
        index: usize,
        /// Why.
        why: DoorRefusal,
    },
}

/// Why one of several doors cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DoorRefusal {
    /// The offer does not allow it.
    Offer(OfferRefusal),
    /// It is open already, or wanted twice.
    AlreadyOpen,
    /// The request asks for something else.
    NotAskedFor,
}

type Refusal = AcceptRequestRefusal;

/// Accepts a request.
pub async fn accept_request(act: &Act, standing: &Standing, input: &AcceptRequest) -> Outcome<Accepted, AcceptRequestRefusal> {
    let read = act.store().read();
    allow(standing, Action::DecideRequest, &Resource::Collective(input.collective), Refusal::Denied)?;
    let request = read.requests().find(input.collective, input.request).await?.or_refuse(Refusal::Denied(Denied::NotFound))?;
    let resource = Resource::Member { collective: input.collective, person: request.person };
    allow(standing, Action::DecideRequest, &resource, Refusal::Denied)?;
    if request.state != RequestState::Open {
        return refuse(Refusal::AlreadyDecided);
    }
    let person = promised(read.people().find(request.person).await?, "accept_request.person")?;
    check_account(&person)?;
    let wanted = wanted(act, &read, &request, &input.doors).await?;

    let tx = act.store().write("collectives.accept_request").await?;
    match accept(act, &tx, &request, &person, &input.doors, &wanted).await {
        Ok(accepted) => {
            tx.commit().await?;
            act.app.wake_workers();
            Ok(accepted)
        }
        Err(Failure::Refused(refusal)) => {
            tx.rollback().await?;
            refuse(refusal)
        }
        Err(fault) => Err(fault),
    }
}

fn check_account(person: &Person) -> Outcome<(), Refusal> {
    match person.state {
        PersonState::AwaitingValidation | PersonState::Active => Ok(()),
        PersonState::Pending => refuse(Refusal::AddressNotVerified),
        PersonState::Suspended | PersonState::Closing | PersonState::Erased => refuse(Refusal::AccountNotOpen),
    }
}

/// The doors with terms that the offers allow; none for what is automatic, which is looked up when it is opened.
async fn wanted(act: &Act, read: &ReadTx, request: &Request, doors: &Doors) -> Outcome<Vec<Wanted>, Refusal> {
    let default = |service| vec![WantedGrant { service, terms: WantedTerms::default() }];
    let asked = match (request.kind, doors) {
        (RequestKind::Access(service), Doors::Automatic) => default(service),
        (RequestKind::Access(_), Doors::Exactly(list)) if list.is_empty() => return refuse(Refusal::NothingChosen),
        (_, Doors::Automatic) => Vec::new(),
        (_, Doors::Exactly(list)) => list.clone(),
    };
    let mut wanted = Vec::with_capacity(asked.len());
    for (index, grant) in asked.iter().enumerate() {
        let door = |why| Refusal::Door { index, why };
        let asked_for = match request.kind {
            RequestKind::Join => true,
            RequestKind::Access(service) => service == grant.service && index == 0,
            RequestKind::Support | RequestKind::Recovery => false,
        };
        if !asked_for {
            return refuse(door(DoorRefusal::NotAskedFor));
        }
        let offered = find_offered(act, read, request.collective, grant.service, &grant.terms).await;
        wanted.push(offered.map_err(|failure| failure.map_refusal(|why| door(DoorRefusal::Offer(why))))?);
    }
    Ok(wanted)
}

async fn accept(
    act: &Act,
    tx: &WriteTx,
    request: &Request,
    person: &Person,
    doors: &Doors,
    wanted: &[Wanted],
) -> Outcome<Accepted, Refusal> {
    let decision = RequestDecision { state: RequestState::Accepted, reason: None, by: act.actor.person(), at: act.now };
    if tx.requests().decide(request.collective, request.id, request.version, &decision).await? == Updated::Stale {
        return refuse(Refusal::AlreadyDecided);
    }
    let concerning = audit::Concerning::member(request.collective, person.id);
    audit::record(act, tx, concerning, AuditEvent::RequestAccepted { request: request.id }, None).await?;
    let (member, mail) = match request.kind {
        RequestKind::Support | RequestKind::Recovery => return Ok(Accepted { membership: None, doors: Vec::new() }),
        RequestKind::Join => {
            let member = join(act, tx, request, person, doors, wanted).await?;
            (member, Mail::Welcome { person: person.id, collective: request.collective })
        }
        RequestKind::Access(_) => {
            let member = open(act, tx, request, person, wanted).await?;
            (member, Mail::AccessGranted { request: request.id })
        }
    };
    enqueue_mail(act, tx, mail).await?;
    let doors = doors_of(tx, member.holder(), act.now).await?;
    Ok(Accepted { membership: Some(member.membership.id), doors })
}

/// A newcomer: the membership stands, the account becomes active, the doors open.
async fn join(act: &Act, tx: &WriteTx, request: &Request, person: &Person, doors: &Doors, wanted: &[Wanted]) -> Outcome<Member, Refusal> {
    let new = new_membership(act, request.collective, person, MembershipState::Requested);
    let member = Member::of(tx, membership_of(act, tx, new).await?).await?;
    if matches!(member.membership.state, MembershipState::Suspended | MembershipState::Lapsed) {
        return refuse(Refusal::MembershipNotActive);
    }
    let before = Before::look(act, tx, member.holder()).await?;
    let member = admit(act, tx, &member).await?.or_refuse(Refusal::AlreadyDecided)?;
    if *doors == Doors::Automatic {
        open_automatic(act, tx, &member).await?;
    }
    for (index, wanted) in wanted.iter().enumerate() {
        let given = give(act, tx, &member, wanted).await?;
        given.or_refuse(Refusal::Door { index, why: DoorRefusal::AlreadyOpen })?;
    }
    follow(act, tx, before, member.holder()).await?;
    Ok(member)
}

/// A member who asked for a service. A door that was opened meanwhile is what they asked for.
async fn open(act: &Act, tx: &WriteTx, request: &Request, person: &Person, wanted: &[Wanted]) -> Outcome<Member, Refusal> {
    let membership = tx.memberships().find_of(request.collective, person.id).await?;
    let membership = membership.filter(|membership| membership.is_active(act.now)).or_refuse(Refusal::MembershipNotActive)?;
    let member = Member::of(tx, membership).await?;
    let before = Before::look(act, tx, member.holder()).await?;
    for wanted in wanted {
        give(act, tx, &member, wanted).await?;
    }
    follow(act, tx, before, member.holder()).await?;
    Ok(member)
}
