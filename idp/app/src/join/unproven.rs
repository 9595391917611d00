//! Accounts whose address nobody proved: they end when somebody else proves the address, or after two days.

use idp_domain::{
    Fault, Ttl,
    email::EmailAddress,
    id::{EmailId, PersonId},
    person::PersonState,
};
use idp_store::{Attempt, Tx, WriteTx};

use crate::Act;

/// How long an account waits for its address to be proven since it was last asked for; longer than any link to it works.
const KEPT: Ttl = Ttl::hours(48);
/// Accounts discarded in one transaction.
const BATCH: u64 = 100;

/// Discards every registration of an address that was not proven, but the one of `except`: whoever registered an
/// address that is not theirs keeps nothing that its owner could be taken in by.
pub(super) async fn discard_rivals(tx: &WriteTx, address: &EmailAddress, except: Option<PersonId>) -> Result<(), Fault> {
    for rival in tx.emails().list_by_address(address).await? {
        if rival.verified_at.is_none() && Some(rival.person) != except {
            // one that is not pending was made by a manager's invitation: it stays
            let (Attempt::Won | Attempt::Lost) = tx.people().discard_pending(rival.person).await?;
        }
    }
    Ok(())
}

/// The registration of this address under this username that was not proven yet, if any, with the row of the address.
pub(super) async fn find_pending(
    tx: &impl Tx,
    address: &EmailAddress,
    username: &idp_domain::username::Username,
) -> Result<Option<(PersonId, EmailId)>, Fault> {
    let Some(person) = tx.people().find_by_username(username).await?.filter(|person| person.state == PersonState::Pending) else {
        return Ok(None);
    };
    let addresses = tx.emails().list(person.id).await?;
    Ok(addresses.iter().find(|email| email.address == *address).map(|email| (person.id, email.id)))
}

/// Forgets accounts whose address was not proven in time; their usernames are free again. Returns how many.
pub async fn discard_unproven(act: &Act) -> Result<u64, Fault> {
    let mut discarded = 0;
    loop {
        let stale = act.store().read().people().list_pending_before(act.now - KEPT, BATCH).await?;
        let before = discarded;
        if !stale.is_empty() {
            let tx = act.store().write("join.discard_unproven").await?;
            for person in stale {
                if tx.people().discard_pending(person).await? == Attempt::Won {
                    discarded += 1;
                }
            }
            tx.commit().await?;
        }
        // one that cannot be discarded is listed again: less than a whole batch is the end
        if discarded - before < BATCH {
            return Ok(discarded);
        }
    }
}
