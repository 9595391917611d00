//! Saying no, with a reason the person can read.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, RequestId},
    membership::MembershipState,
    name::FreeText,
    policy::{Action, Resource, Standing},
    request::{RequestKind, RequestState},
};
use idp_store::{Decided, Tx, Updated, requests::RequestDecision};

use super::{Denied, admit::let_go, allow, promised};
use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    mail::Mail,
};

/// Which request, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefuseRequest {
    /// Whose queue.
    pub collective: CollectiveId,
    /// What waits.
    pub request: RequestId,
    /// Why, for the person to read; not empty.
    pub reason: FreeText,
}

/// Why a request still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefuseRequestRefusal {
    /// The policy says no, or there is no such request.
    Denied(Denied),
    /// Somebody was quicker, or the person took it back.
    AlreadyDecided,
    /// A no without a reason.
    ReasonMissing,
}

/// Refuses a request.
pub async fn refuse_request(act: &Act, standing: &Standing, input: &RefuseRequest) -> Outcome<(), RefuseRequestRefusal> {
    let denied = RefuseRequestRefusal::Denied;
    let read = act.store().read();
    allow(standing, Action::DecideRequest, &Resource::Collective(input.collective), denied)?;
    let request = read.requests().find(input.collective, input.request).await?.or_refuse(denied(Denied::NotFound))?;
    allow(standing, Action::DecideRequest, &Resource::Member { collective: input.collective, person: request.person }, denied)?;
    if input.reason.as_str().is_empty() {
        return refuse(RefuseRequestRefusal::ReasonMissing);
    }
    if request.state != RequestState::Open {
        return refuse(RefuseRequestRefusal::AlreadyDecided);
    }
    let tx = act.store().write("collectives.refuse_request").await?;
    let reason = Some(input.reason.clone());
    let decision = RequestDecision { state: RequestState::Refused, reason, by: act.actor.person(), at: act.now };
    if tx.requests().decide(input.collective, request.id, request.version, &decision).await? == Updated::Stale {
        tx.rollback().await?;
        return refuse(RefuseRequestRefusal::AlreadyDecided);
    }
    let concerning = audit::Concerning::member(input.collective, request.person);
    let event = AuditEvent::RequestRefused { request: request.id };
    audit::record(act, &tx, concerning, event, Some(input.reason.as_str())).await?;
    if request.kind == RequestKind::Join {
        let membership = tx.memberships().find_of(input.collective, request.person).await?;
        if let Some(asked) = membership.filter(|membership| membership.state == MembershipState::Requested) {
            let (refused, decided) = (MembershipState::Refused, Decided::InTheWeb(act.now));
            if tx.memberships().set_state(input.collective, asked.id, asked.version, refused, act.now, decided).await? == Updated::Stale {
                tx.rollback().await?;
                return refuse(RefuseRequestRefusal::AlreadyDecided);
            }
        }
        let_go(act, &tx, &promised(tx.people().find(request.person).await?, "refuse_request.person")?).await?;
    }
    enqueue_mail(act, &tx, Mail::RequestRefused { request: request.id }).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}
