//! What pausing, resuming and ending a membership have in common.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    id::{CollectiveId, MembershipId},
    membership::{MandateKind, MembershipState},
    name::FreeText,
    policy::{Action, Standing},
};
use idp_store::{Decided, Tx, Updated, WriteTx};

use super::{Denied, Member};
use crate::{
    Act, Outcome, audit,
    failure::refuse,
    services::{Before, Consequences, follow},
};

/// Which membership, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMembership {
    /// Where.
    pub collective: CollectiveId,
    /// Whose.
    pub membership: MembershipId,
    /// As it was read.
    pub version: i64,
    /// Why, for the person and the audit; possibly empty.
    pub reason: FreeText,
}

/// Why a membership stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipRefusal {
    /// The policy says no, or there is no such membership.
    Denied(Denied),
    /// Somebody changed it since it was read.
    Stale,
    /// Nothing leads there from its present state.
    WrongState,
    /// A collective always has a manager, and this is the last one (DOMAIN rule 4).
    LastManager,
}

/// The membership an act is about, as the caller read it.
pub(super) async fn find(act: &Act, standing: &Standing, action: Action, input: &ChangeMembership) -> Outcome<Member, MembershipRefusal> {
    let read = act.store().read();
    let member = Member::find(&read, standing, action, (input.collective, input.membership), MembershipRefusal::Denied).await?;
    if member.membership.version == input.version { Ok(member) } else { refuse(MembershipRefusal::Stale) }
}

/// One step of a membership, inside its transaction.
pub(super) struct Step<'a> {
    pub(super) member: &'a Member,
    pub(super) to: MembershipState,
    pub(super) event: AuditEvent,
    pub(super) reason: &'a FreeText,
}

impl Step<'_> {
    /// Changes the state, records it and lets the services know. `None` when somebody was quicker.
    pub(super) async fn take(self, act: &Act, tx: &WriteTx, before: Before) -> Result<Option<Consequences>, Fault> {
        let Self { member, to, event, reason } = self;
        let (collective, id) = (member.collective.id, member.membership.id);
        let version = member.membership.version;
        let decided = Decided::InTheWeb(act.now);
        if tx.memberships().set_state(collective, id, version, to, act.now, decided).await? == Updated::Stale {
            return Ok(None);
        }
        audit::record(act, tx, audit::Concerning::member(collective, member.person.id), event, Some(reason.as_str())).await?;
        Ok(Some(follow(act, tx, before, member.again(tx).await?.holder()).await?))
    }
}

/// Whether the collective would be left without a manager. Holds the collective, so that of two managers who remove
/// each other at the same instant only one succeeds.
pub(super) async fn leaves_nobody(act: &Act, tx: &WriteTx, member: &Member) -> Result<bool, Fault> {
    let (collective, id) = (member.collective.id, member.membership.id);
    tx.collectives().hold(collective).await?;
    let mandates = tx.mandates().list_of_membership(collective, id).await?;
    let manages = mandates.iter().any(|mandate| mandate.kind == MandateKind::Manager && mandate.is_active(act.now));
    Ok(manages && tx.mandates().count_other_managers(collective, id, act.now).await? == 0)
}
