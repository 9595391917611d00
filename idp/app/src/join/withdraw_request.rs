//! Taking one's own request back.

use idp_domain::{
    audit::AuditEvent,
    id::{PersonId, RequestId},
    membership::MembershipState,
    request::RequestKind,
};
use idp_store::{Decided, Tx, Updated};

use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
};

/// Why it stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawRequestRefusal {
    /// There is no such open request of the person.
    NotOpen,
}

/// Takes a request back; a membership that waited for it ends.
pub async fn withdraw_request(act: &Act, person: PersonId, request: RequestId) -> Outcome<(), WithdrawRequestRefusal> {
    let tx = act.store().write("join.withdraw_request").await?;
    let own = tx.requests().list_of_person(person).await?;
    let found = own.into_iter().find(|own| own.id == request);
    let withdrawn = match &found {
        Some(_) => tx.requests().withdraw(person, request, act.now).await?,
        None => Updated::Stale,
    };
    if withdrawn == Updated::Stale {
        tx.rollback().await?;
        return refuse(WithdrawRequestRefusal::NotOpen);
    }
    let request = found.or_refuse(WithdrawRequestRefusal::NotOpen)?;
    let concerning = audit::Concerning::member(request.collective, person);
    audit::record(act, &tx, concerning, AuditEvent::RequestWithdrawn { request: request.id }, None).await?;
    if request.kind == RequestKind::Join
        && let Some(membership) = tx.memberships().find_of(request.collective, person).await?
        && membership.state == MembershipState::Requested
    {
        let (ended, decided) = (MembershipState::Ended, Decided::InTheWeb(act.now));
        // whoever changed it a moment ago decided about it
        let (Updated::Done | Updated::Stale) =
            tx.memberships().set_state(request.collective, membership.id, membership.version, ended, act.now, decided).await?;
    }
    tx.commit().await?;
    Ok(())
}
