//! Taking a proposal back, ending another manager's mandate, or laying down one's own. A collective always has a manager
//! (DOMAIN rule 4): the last one stays until somebody else accepted.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, MandateId, MembershipId},
    membership::MandateKind,
    name::FreeText,
    policy::{Action, Standing},
};
use idp_store::{Attempt, Decided, Tx, WriteTx};

use super::{Denied, Member, mandates::MandateState, membership_change::leaves_nobody};
use crate::{
    Act, Outcome, audit,
    failure::{OrRefuse, refuse},
    services::{Before, Consequences, follow},
};

/// Which mandate, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawMandate {
    /// Where.
    pub collective: CollectiveId,
    /// Whose.
    pub membership: MembershipId,
    /// Which.
    pub mandate: MandateId,
    /// As it was read: who takes a proposal back does not end a mandate that was accepted meanwhile.
    pub seen: MandateState,
    /// Why, for the person and the audit; possibly empty.
    pub reason: FreeText,
}

/// Why a mandate stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawMandateRefusal {
    /// The policy says no, or the person holds no such mandate.
    Denied(Denied),
    /// Its holder answered since it was read.
    WrongState,
    /// A collective always has a manager, and this is the last one.
    LastManager,
}

type Refusal = WithdrawMandateRefusal;

/// Ends a manager's mandate, or the proposal of one. What the services saw of its holder is told to them.
pub async fn withdraw_mandate(act: &Act, standing: &Standing, input: &WithdrawMandate) -> Outcome<Consequences, WithdrawMandateRefusal> {
    let read = act.store().read();
    let place = (input.collective, input.membership);
    let member = Member::find(&read, standing, Action::EndMandate, place, Refusal::Denied).await?;
    let tx = act.store().write("collectives.withdraw_mandate").await?;
    match withdraw(act, &tx, &member, input).await {
        Ok(consequences) => {
            tx.commit().await?;
            act.app.wake_workers();
            Ok(consequences)
        }
        Err(failure) => {
            tx.rollback().await?;
            Err(failure)
        }
    }
}

async fn withdraw(act: &Act, tx: &WriteTx, member: &Member, input: &WithdrawMandate) -> Outcome<Consequences, Refusal> {
    let none = Refusal::Denied(Denied::NotFound);
    // its holder may be answering at this instant
    tx.collectives().hold(input.collective).await?;
    let mandate = tx.mandates().find(input.collective, input.mandate).await?.or_refuse(none)?;
    if mandate.membership != input.membership || mandate.kind != MandateKind::Manager {
        return refuse(none);
    }
    let state = MandateState::of(&mandate, act.now).or_refuse(none)?;
    if state != input.seen {
        return refuse(Refusal::WrongState);
    }
    if state == MandateState::Accepted && leaves_nobody(act, tx, member).await? {
        return refuse(Refusal::LastManager);
    }
    let before = Before::look(act, tx, member.holder()).await?;
    if tx.mandates().end(input.collective, input.mandate, act.now, Decided::InTheWeb(act.now)).await? == Attempt::Lost {
        return refuse(none);
    }
    let concerning = audit::Concerning::member(input.collective, member.person.id);
    let event = AuditEvent::MandateEnded { mandate: input.mandate };
    audit::record(act, tx, concerning, event, Some(input.reason.as_str())).await?;
    Ok(follow(act, tx, before, member.holder()).await?)
}
