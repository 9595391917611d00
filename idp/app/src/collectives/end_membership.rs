//! Ending a membership: its doors close for good, its mandates end, and it is nobody's home any more. The account stays
//! the person's own; one that was only invited never became that, and its mailed link is void.

use idp_domain::{
    audit::AuditEvent,
    membership::MembershipState,
    policy::{Action, Standing},
};
use idp_store::{Decided, Tx};

use super::{
    ChangeMembership, MembershipRefusal,
    admit::take_invitation_back,
    membership_change::{Step, find, leaves_nobody},
};
use crate::{
    Act, Outcome, audit,
    failure::refuse,
    services::{Before, Consequences},
};

/// Ends a membership. One that was only asked for or refused has its own ways.
pub async fn end_membership(act: &Act, standing: &Standing, input: &ChangeMembership) -> Outcome<Consequences, MembershipRefusal> {
    let member = find(act, standing, Action::EndMembership, input).await?;
    let state = member.membership.state;
    if state == MembershipState::Requested || !state.may_become(MembershipState::Ended) {
        return refuse(MembershipRefusal::WrongState);
    }
    let tx = act.store().write("collectives.end_membership").await?;
    if leaves_nobody(act, &tx, &member).await? {
        tx.rollback().await?;
        return refuse(MembershipRefusal::LastManager);
    }
    let (collective, id) = (input.collective, input.membership);
    let concerning = audit::Concerning::member(collective, member.person.id);
    let before = Before::look(act, &tx, member.holder()).await?;
    for mandate in tx.mandates().list_of_membership(collective, id).await? {
        audit::record(act, &tx, concerning, AuditEvent::MandateEnded { mandate: mandate.id }, None).await?;
    }
    tx.mandates().end_all(collective, id, act.now, Decided::InTheWeb(act.now)).await?;
    for grant in tx.grants().withdraw_all(collective, id, act.actor.person(), act.now).await? {
        let event = AuditEvent::GrantWithdrawn { grant: grant.id, service: grant.service };
        audit::record(act, &tx, concerning, event, None).await?;
    }
    let event = AuditEvent::MembershipEnded { membership: id };
    let step = Step { member: &member, to: MembershipState::Ended, event, reason: &input.reason };
    let Some(consequences) = step.take(act, &tx, before).await? else {
        tx.rollback().await?;
        return refuse(MembershipRefusal::Stale);
    };
    if state == MembershipState::Invited {
        take_invitation_back(act, &tx, collective, &member.person).await?;
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(consequences)
}
