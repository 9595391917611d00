//! The wrong collective was chosen (DOMAIN rule 6): the request goes to another one's queue as it is, and the applicant
//! types nothing again. Only collectives that chose to be listed can be handed something.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    collective::{Collective, CollectiveState, Listing},
    id::{CollectiveId, RequestId},
    membership::MembershipState,
    policy::{Action, Resource, Standing},
    request::{Request, RequestKind, RequestState},
};
use idp_store::{
    Decided, Inserted, Tx, Updated, WriteTx,
    collectives::{AfterCollective, Shown},
};

use super::{Denied, admit::new_membership, allow, promised};
use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    mail::Mail,
};

/// Which request, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RerouteRequest {
    /// Whose queue it is in.
    pub collective: CollectiveId,
    /// What waits.
    pub request: RequestId,
    /// Whose queue it goes to.
    pub to: CollectiveId,
}

/// Why a request stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RerouteRequestRefusal {
    /// The policy says no, or there is no such request.
    Denied(Denied),
    /// Somebody was quicker, or the person took it back.
    AlreadyDecided,
    /// Only requests to join can be handed over.
    NotAJoinRequest,
    /// It is there already, or the other collective does not exist, is not listed or takes nobody.
    UnknownTarget,
    /// The other collective knows the person already: asking again brings nothing.
    KnownThere,
}

/// Hands a request over.
pub async fn reroute_request(act: &Act, standing: &Standing, input: &RerouteRequest) -> Outcome<(), RerouteRequestRefusal> {
    let denied = RerouteRequestRefusal::Denied;
    let read = act.store().read();
    allow(standing, Action::RerouteRequest, &Resource::Collective(input.collective), denied)?;
    let request = read.requests().find(input.collective, input.request).await?.or_refuse(denied(Denied::NotFound))?;
    allow(standing, Action::RerouteRequest, &Resource::Member { collective: input.collective, person: request.person }, denied)?;
    if request.state != RequestState::Open {
        return refuse(RerouteRequestRefusal::AlreadyDecided);
    }
    if request.kind != RequestKind::Join {
        return refuse(RerouteRequestRefusal::NotAJoinRequest);
    }
    let target = read.collectives().find(input.to).await?.filter(|target| takes_requests(target, input.collective));
    let target = target.or_refuse(RerouteRequestRefusal::UnknownTarget)?;

    let tx = act.store().write("collectives.reroute_request").await?;
    let moved = hand_over(act, &tx, &request, &target).await?;
    match moved {
        Moved::Done => {}
        Moved::Stale => {
            tx.rollback().await?;
            return refuse(RerouteRequestRefusal::AlreadyDecided);
        }
        Moved::KnownThere => {
            tx.rollback().await?;
            return refuse(RerouteRequestRefusal::KnownThere);
        }
    }
    let event = AuditEvent::RequestRerouted { request: request.id, to: target.id };
    audit::record(act, &tx, audit::Concerning::member(input.collective, request.person), event, None).await?;
    let event = AuditEvent::JoinRequested { request: request.id };
    audit::record(act, &tx, audit::Concerning::member(target.id, request.person), event, None).await?;
    for manager in tx.mandates().managers_of(&[target.id], act.now).await? {
        enqueue_mail(act, &tx, Mail::RequestWaits { manager: manager.person, request: request.id }).await?;
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}

fn takes_requests(target: &Collective, from: CollectiveId) -> bool {
    target.id != from && target.listing == Listing::Listed && target.state == CollectiveState::Active
}

enum Moved {
    Done,
    Stale,
    KnownThere,
}

/// Moves the request and the membership that was asked for with it.
async fn hand_over(act: &Act, tx: &WriteTx, request: &Request, target: &Collective) -> Result<Moved, Fault> {
    let decided = Decided::InTheWeb(act.now);
    if tx.requests().find_open(target.id, request.person, RequestKind::Join).await?.is_some() {
        return Ok(Moved::KnownThere);
    }
    let person = promised(tx.people().find(request.person).await?, "reroute_request.person")?;
    match tx.memberships().find_of(target.id, request.person).await? {
        None => {
            let asked = new_membership(act, target.id, &person, MembershipState::Requested);
            if tx.memberships().insert(&asked, decided).await? == Inserted::Taken {
                return Ok(Moved::KnownThere);
            }
        }
        Some(there) if there.state.may_become(MembershipState::Requested) => {
            let to = MembershipState::Requested;
            if tx.memberships().set_state(target.id, there.id, there.version, to, act.now, decided).await? == Updated::Stale {
                return Ok(Moved::Stale);
            }
        }
        Some(_) => return Ok(Moved::KnownThere),
    }
    if let Some(here) = tx.memberships().find_of(request.collective, request.person).await?
        && here.state == MembershipState::Requested
        && tx.memberships().set_state(here.collective, here.id, here.version, MembershipState::Ended, act.now, decided).await? == Updated::Stale
    {
        return Ok(Moved::Stale);
    }
    Ok(match tx.requests().reroute(request.collective, request.id, request.version, target.id).await? {
        Updated::Done => Moved::Done,
        Updated::Stale => Moved::Stale,
    })
}

/// A page of collectives a request of this one can be handed to, by name: the listed ones whose name contains `text`.
pub async fn list_reroute_targets(
    act: &Act,
    standing: &Standing,
    collective: CollectiveId,
    text: Option<&str>,
    after: Option<&AfterCollective>,
    limit: u64,
) -> Outcome<Vec<Collective>, Denied> {
    allow(standing, Action::RerouteRequest, &Resource::Collective(collective), |denied| denied)?;
    Ok(act.store().read().collectives().list(Shown::Listed, text, after, limit).await?)
}
