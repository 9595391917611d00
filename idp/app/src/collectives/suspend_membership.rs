//! Pausing a membership: "Pausa la Maria a L'Ateneu". Says nothing about other collectives.

use idp_domain::{
    audit::AuditEvent,
    membership::MembershipState,
    policy::{Action, Standing},
};

use super::{
    ChangeMembership, MembershipRefusal,
    membership_change::{Step, find, leaves_nobody},
};
use crate::{
    Act, Outcome,
    failure::refuse,
    services::{Before, Consequences},
};

/// Pauses a membership.
pub async fn suspend_membership(act: &Act, standing: &Standing, input: &ChangeMembership) -> Outcome<Consequences, MembershipRefusal> {
    let member = find(act, standing, Action::SuspendMembership, input).await?;
    if !member.membership.state.may_become(MembershipState::Suspended) {
        return refuse(MembershipRefusal::WrongState);
    }
    let tx = act.store().write("collectives.suspend_membership").await?;
    if leaves_nobody(act, &tx, &member).await? {
        tx.rollback().await?;
        return refuse(MembershipRefusal::LastManager);
    }
    let before = Before::look(act, &tx, member.holder()).await?;
    let event = AuditEvent::MembershipSuspended { membership: input.membership };
    let step = Step { member: &member, to: MembershipState::Suspended, event, reason: &input.reason };
    let Some(consequences) = step.take(act, &tx, before).await? else {
        tx.rollback().await?;
        return refuse(MembershipRefusal::Stale);
    };
    tx.commit().await?;
    act.app.wake_workers();
    Ok(consequences)
}
