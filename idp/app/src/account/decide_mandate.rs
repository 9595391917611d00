//! A proposed mandate: promotion must be accepted by who is promoted (DOMAIN rule 4).

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, MandateId, PersonId},
};
use idp_store::{Attempt, Decided, Tx, WriteTx};

use crate::{
    Act, Outcome, audit,
    collectives::{Member, give_up_places},
    failure::{OrRefuse, refuse},
    services::{Before, follow},
};

/// What the person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Accept,
    /// No.
    Decline,
}

/// Why nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecideMandateRefusal {
    /// There is no such proposal to the person, or not any more.
    NotProposed,
}

/// Accepts or declines a mandate that was proposed to the person.
pub async fn decide_mandate(
    act: &Act,
    person: PersonId,
    collective: CollectiveId,
    mandate: MandateId,
    answer: Answer,
) -> Outcome<(), DecideMandateRefusal> {
    let tx = act.store().write("account.decide_mandate").await?;
    match decide(act, &tx, person, (collective, mandate), answer).await {
        Ok(()) => {
            tx.commit().await?;
            act.app.wake_workers();
            Ok(())
        }
        Err(failure) => {
            tx.rollback().await?;
            Err(failure)
        }
    }
}

async fn decide(
    act: &Act,
    tx: &WriteTx,
    person: PersonId,
    (collective, mandate): (CollectiveId, MandateId),
    answer: Answer,
) -> Outcome<(), DecideMandateRefusal> {
    let not_proposed = DecideMandateRefusal::NotProposed;
    // a manager may be taking the proposal back at this instant
    tx.collectives().hold(collective).await?;
    let membership = tx.memberships().find_of(collective, person).await?.or_refuse(not_proposed)?;
    let proposal = tx.mandates().find(collective, mandate).await?.or_refuse(not_proposed)?;
    let over = proposal.ended_at.is_some() || proposal.ends_at.is_some_and(|end| act.now >= end);
    if proposal.membership != membership.id || proposal.accepted_at.is_some() || over || !membership.is_active(act.now) {
        return refuse(not_proposed);
    }
    let concerning = audit::Concerning::member(collective, person);
    if answer == Answer::Decline {
        if tx.mandates().end(collective, mandate, act.now, Decided::InTheWeb(act.now)).await? == Attempt::Lost {
            return refuse(not_proposed);
        }
        return Ok(audit::record(act, tx, concerning, AuditEvent::MandateEnded { mandate }, None).await?);
    }
    let member = Member::of(tx, membership).await?;
    let before = Before::look(act, tx, member.holder()).await?;
    if tx.mandates().accept(collective, mandate, act.now).await? == Attempt::Lost {
        return refuse(not_proposed);
    }
    audit::record(act, tx, concerning, AuditEvent::MandateAccepted { mandate }, None).await?;
    // a manager's groups differ from a member's: the services are told
    follow(act, tx, before, member.holder()).await?;
    Ok(give_up_places(act, tx, collective, mandate).await?)
}
