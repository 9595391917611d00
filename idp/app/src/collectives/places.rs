//! Mandates that hold a place: a collective always has a manager (DOMAIN rule 4), so whoever founds it for somebody else
//! manages it until that person says yes, and not a moment longer.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    id::{CollectiveId, MandateId},
};
use idp_store::{Attempt, Decided, Tx, WriteTx};

use super::{Member, membership_change::leaves_nobody, promised};
use crate::{
    Act, audit,
    services::{Before, follow},
};

/// Ends the mandates that held the place of one that was accepted a moment ago, inside the transaction that accepted it.
/// The services that saw their holders as managers are told.
pub(crate) async fn give_up_places(act: &Act, tx: &WriteTx, collective: CollectiveId, accepted: MandateId) -> Result<(), Fault> {
    for place in tx.mandates().list_places_of(collective, accepted).await? {
        let membership = promised(tx.memberships().find(collective, place.membership).await?, "places.membership")?;
        let member = Member::of(tx, membership).await?;
        if leaves_nobody(act, tx, &member).await? {
            continue;
        }
        let before = Before::look(act, tx, member.holder()).await?;
        if tx.mandates().end(collective, place.id, act.now, Decided::InTheWeb(act.now)).await? == Attempt::Won {
            let concerning = audit::Concerning::member(collective, member.person.id);
            audit::record(act, tx, concerning, AuditEvent::MandateEnded { mandate: place.id }, None).await?;
            follow(act, tx, before, member.holder()).await?;
        }
    }
    Ok(())
}
