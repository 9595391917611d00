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

use super::{Denied, PageOf, admit::new_membership, allow, promised};
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
    /// The other collective is this one, does not exist, is not listed or takes nobody.
    UnknownTarget,
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
    let arrival = hand_over(act, &tx, &request, &target).await?;
    if arrival == Arrival::Stale {
        tx.rollback().await?;
        return refuse(RerouteRequestRefusal::AlreadyDecided);
    }
    let event = AuditEvent::RequestRerouted { request: request.id, to: target.id };
    audit::record(act, &tx, audit::Concerning::member(input.collective, request.person), event, None).await?;
    if arrival == Arrival::Waits {
        let event = AuditEvent::JoinRequested { request: request.id };
        audit::record(act, &tx, audit::Concerning::member(target.id, request.person), event, None).await?;
        for manager in tx.mandates().managers_of(&[target.id], act.now).await? {
            enqueue_mail(act, &tx, Mail::RequestWaits { manager: manager.person, request: request.id }).await?;
        }
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}

fn takes_requests(target: &Collective, from: CollectiveId) -> bool {
    target.id != from && target.listing == Listing::Listed && target.state == CollectiveState::Active
}

/// How a request arrives.
#[derive(PartialEq, Eq)]
enum Arrival {
    /// It waits for the other collective's managers.
    Waits,
    /// The person has a membership there, or asked before: nothing is left to decide. It leaves all the same,
    /// so that who handed it over does not learn of it.
    Moot,
    /// Somebody was quicker.
    Stale,
}

/// Moves the request and the membership that was asked for with it.
async fn hand_over(act: &Act, tx: &WriteTx, request: &Request, target: &Collective) -> Result<Arrival, Fault> {
    if !leave(act, tx, request).await? {
        return Ok(Arrival::Stale);
    }
    if !ask(act, tx, request, target).await? {
        return Ok(match tx.requests().reroute_moot(request.collective, request.id, request.version, target.id, act.now).await? {
            Updated::Done => Arrival::Moot,
            Updated::Stale => Arrival::Stale,
        });
    }
    Ok(match tx.requests().reroute(request.collective, request.id, request.version, target.id).await? {
        Updated::Done => Arrival::Waits,
        Updated::Stale => Arrival::Stale,
    })
}

/// Ends the membership asked for here; `false` when somebody decided about it meanwhile.
async fn leave(act: &Act, tx: &WriteTx, request: &Request) -> Result<bool, Fault> {
    let found = tx.memberships().find_of(request.collective, request.person).await?;
    let Some(here) = found.filter(|here| here.state == MembershipState::Requested) else { return Ok(true) };
    let (to, decided) = (MembershipState::Ended, Decided::InTheWeb(act.now));
    Ok(tx.memberships().set_state(here.collective, here.id, here.version, to, act.now, decided).await? == Updated::Done)
}

/// Asks for a membership there; `false` when there is one already, of whatever kind, or a request for one.
async fn ask(act: &Act, tx: &WriteTx, request: &Request, target: &Collective) -> Result<bool, Fault> {
    let decided = Decided::InTheWeb(act.now);
    if tx.requests().find_open(target.id, request.person, RequestKind::Join).await?.is_some() {
        return Ok(false);
    }
    let Some(there) = tx.memberships().find_of(target.id, request.person).await? else {
        let person = promised(tx.people().find(request.person).await?, "reroute_request.person")?;
        let asked = new_membership(act, target.id, &person, MembershipState::Requested);
        return Ok(tx.memberships().insert(&asked, decided).await? == Inserted::Done);
    };
    let to = MembershipState::Requested;
    Ok(there.state.may_become(to)
        && tx.memberships().set_state(target.id, there.id, there.version, to, act.now, decided).await? == Updated::Done)
}

/// A page of collectives a request of this one can be handed to, by name: the listed ones whose name contains `text`.
pub async fn list_reroute_targets(
    act: &Act,
    standing: &Standing,
    collective: CollectiveId,
    text: Option<&str>,
    after: Option<CollectiveId>,
    limit: usize,
) -> Outcome<PageOf<Collective, CollectiveId>, Denied> {
    allow(standing, Action::RerouteRequest, &Resource::Collective(collective), |denied| denied)?;
    let read = act.store().read();
    let after = match after {
        Some(last) => {
            let last = read.collectives().find(last).await?.filter(|last| last.listing == Listing::Listed);
            Some(AfterCollective::new(&last.or_refuse(Denied::NotFound)?))
        }
        None => None,
    };
    let found = read.collectives().list(Shown::Listed, text, after.as_ref(), limit as u64 + 1).await?;
    let mut page = PageOf::cut(found, limit, |target: &Collective| target.id);
    page.items.retain(|target| target.id != collective);
    Ok(page)
}
