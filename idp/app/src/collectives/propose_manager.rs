//! Proposing a member as manager: "Proposa la Maria com a gestora de L'Ateneu". Managers give only what they hold, to
//! others, and it counts once its holder says yes (DOMAIN rules 3 and 4; `account::decide_mandate`).

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, MembershipId},
    membership::{Mandate, MandateKind},
    policy::{Action, Standing},
};
use idp_store::{Decided, Tx, WriteTx};

use super::{
    Denied, Member, RoleInCollective,
    mandates::{MandateSeen, MandateState},
};
use crate::{Act, Outcome, audit, failure::refuse, jobs::enqueue_mail, mail::Mail};

/// Why nobody is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposeManagerRefusal {
    /// The policy says no, or there is no such membership.
    Denied(Denied),
    /// The membership does not stand.
    MembershipNotActive,
    /// The account is stopped or closing, or was never active.
    AccountNotOpen,
    /// The person manages the collective already.
    AlreadyManager,
    /// Another manager proposed the person, who did not answer yet.
    AlreadyProposed,
}

type Refusal = ProposeManagerRefusal;

/// Proposes a member as manager, and writes to them once.
pub async fn propose_manager(
    act: &Act,
    standing: &Standing,
    collective: CollectiveId,
    membership: MembershipId,
) -> Outcome<MandateSeen, ProposeManagerRefusal> {
    let read = act.store().read();
    let member = Member::find(&read, standing, Action::AppointManager, (collective, membership), Refusal::Denied).await?;
    if !member.person.state.may_sign_in() {
        return refuse(Refusal::AccountNotOpen);
    }
    let tx = act.store().write("collectives.propose_manager").await?;
    match propose(act, &tx, &member).await {
        Ok(mandate) => {
            tx.commit().await?;
            act.app.wake_workers();
            Ok(mandate)
        }
        Err(failure) => {
            tx.rollback().await?;
            Err(failure)
        }
    }
}

async fn propose(act: &Act, tx: &WriteTx, member: &Member) -> Outcome<MandateSeen, Refusal> {
    // of two managers who propose the same person at once, the second finds the first one's proposal
    tx.collectives().hold(member.collective.id).await?;
    let Member { collective, membership, person } = member.again(tx).await?;
    if !membership.is_active(act.now) {
        return refuse(Refusal::MembershipNotActive);
    }
    let held = tx.mandates().list_of_membership(collective.id, membership.id).await?;
    for mandate in held.iter().filter(|mandate| mandate.kind == MandateKind::Manager) {
        match MandateState::of(mandate, act.now) {
            Some(MandateState::Accepted) => return refuse(Refusal::AlreadyManager),
            Some(MandateState::Proposed) => return refuse(Refusal::AlreadyProposed),
            None => {}
        }
    }
    let mandate = Mandate {
        id: act.id(),
        collective: collective.id,
        membership: membership.id,
        kind: MandateKind::Manager,
        starts_at: act.now,
        ends_at: None,
        accepted_at: None,
        ended_at: None,
    };
    tx.mandates().insert(&mandate, act.now, Decided::InTheWeb(act.now)).await?;
    let concerning = audit::Concerning::member(collective.id, person.id);
    audit::record(act, tx, concerning, AuditEvent::MandateProposed { mandate: mandate.id }, None).await?;
    let mail = Mail::MandateProposed { person: person.id, collective: collective.id, mandate: mandate.id };
    enqueue_mail(act, tx, mail).await?;
    Ok(MandateSeen { id: mandate.id, role: RoleInCollective::Manager, state: MandateState::Proposed, since: act.now, ends_at: None })
}
