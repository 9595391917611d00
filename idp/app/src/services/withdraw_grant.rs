//! Closing a door the collective opened. Others may have opened their own: this says nothing about them.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, GrantId, MembershipId},
    name::FreeText,
    policy::{Action, Standing},
};
use idp_store::{Tx, Updated};

use super::{Before, Consequences, change_grant::find_door, follow};
use crate::{
    Act, Outcome, audit,
    collectives::{Denied, Member},
    failure::{OrRefuse, refuse},
};

/// Which door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawGrant {
    /// In whose name.
    pub collective: CollectiveId,
    /// Whose.
    pub membership: MembershipId,
    /// The door.
    pub grant: GrantId,
    /// As it was read.
    pub version: i64,
    /// Why, for the person and the audit; possibly empty.
    pub reason: FreeText,
}

/// Why a door stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawGrantRefusal {
    /// The policy says no, or there is no such door.
    Denied(Denied),
    /// Somebody changed it since it was read.
    Stale,
}

/// Withdraws a grant.
pub async fn withdraw_grant(act: &Act, standing: &Standing, input: &WithdrawGrant) -> Outcome<Consequences, WithdrawGrantRefusal> {
    let read = act.store().read();
    let target = (input.collective, input.membership);
    let member = Member::find(&read, standing, Action::WithdrawGrant, target, WithdrawGrantRefusal::Denied).await?;
    let grant = find_door(&read, &member, input.grant).await?.or_refuse(WithdrawGrantRefusal::Denied(Denied::NotFound))?;
    if grant.version != input.version {
        return refuse(WithdrawGrantRefusal::Stale);
    }
    let tx = act.store().write("services.withdraw_grant").await?;
    let before = Before::look(act, &tx, member.holder()).await?;
    if tx.grants().withdraw(input.collective, grant.id, input.version, act.actor.person(), act.now).await? == Updated::Stale {
        tx.rollback().await?;
        return refuse(WithdrawGrantRefusal::Stale);
    }
    let event = AuditEvent::GrantWithdrawn { grant: grant.id, service: grant.service };
    let concerning = audit::Concerning::member(input.collective, member.person.id);
    audit::record(act, &tx, concerning, event, Some(input.reason.as_str())).await?;
    let consequences = follow(act, &tx, before, member.holder()).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(consequences)
}
