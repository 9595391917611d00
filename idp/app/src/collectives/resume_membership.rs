//! Letting a paused or lapsed membership stand again.

use idp_domain::{
    audit::AuditEvent,
    membership::{Membership, MembershipState},
    policy::{Action, Standing},
    time::Timestamp,
};
use idp_store::{Decided, Tx, Updated};

use super::{
    ChangeMembership, MembershipRefusal,
    membership_change::{Step, find},
};
use crate::{
    Act, Outcome, audit,
    failure::refuse,
    services::{Before, Consequences, follow},
};

/// Resumes a membership. An end date that has passed goes away with it.
pub async fn resume_membership(act: &Act, standing: &Standing, input: &ChangeMembership) -> Outcome<Consequences, MembershipRefusal> {
    let mut member = find(act, standing, Action::ResumeMembership, input).await?;
    let from = member.membership.state;
    let past = past_its_end(&member.membership, act.now);
    let paused = matches!(from, MembershipState::Suspended | MembershipState::Lapsed) || (from == MembershipState::Active && past);
    if !paused {
        return refuse(MembershipRefusal::WrongState);
    }
    let tx = act.store().write("collectives.resume_membership").await?;
    let before = Before::look(act, &tx, member.holder()).await?;
    if past {
        let (version, decided) = (member.membership.version, Decided::InTheWeb(act.now));
        if tx.memberships().set_end(input.collective, input.membership, version, None, decided).await? == Updated::Stale {
            tx.rollback().await?;
            return refuse(MembershipRefusal::Stale);
        }
        member = member.again(&tx).await?;
    }
    let event = AuditEvent::MembershipResumed { membership: input.membership };
    let consequences = if from == MembershipState::Active {
        let concerning = audit::Concerning::member(input.collective, member.person.id);
        audit::record(act, &tx, concerning, event, Some(input.reason.as_str())).await?;
        Some(follow(act, &tx, before, member.holder()).await?)
    } else {
        Step { member: &member, to: MembershipState::Active, event, reason: &input.reason }.take(act, &tx, before).await?
    };
    let Some(consequences) = consequences else {
        tx.rollback().await?;
        return refuse(MembershipRefusal::Stale);
    };
    tx.commit().await?;
    act.app.wake_workers();
    Ok(consequences)
}

fn past_its_end(membership: &Membership, now: Timestamp) -> bool {
    membership.ends_at.is_some_and(|end| now >= end)
}
