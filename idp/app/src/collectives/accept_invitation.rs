//! The person's own yes to an invitation.

use idp_domain::{
    Fault,
    id::{CollectiveId, PersonId},
    membership::MembershipState,
    person::{Person, PersonState},
};
use idp_store::{Tx, WriteTx};

use super::{
    Member,
    admit::{admit, open_automatic},
    promised,
};
use crate::{
    Act, Outcome,
    failure::{OrRefuse, refuse},
    services::{Before, follow},
};

/// Why nothing came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AcceptInvitationRefusal {
    /// There is no invitation, or not any more.
    NotInvited,
    /// The account is stopped or closing.
    AccountNotOpen,
}

/// Accepts a collective's invitation for the person who acts.
pub async fn accept_invitation(act: &Act, collective: CollectiveId) -> Outcome<(), AcceptInvitationRefusal> {
    let person = act.actor.person().or_refuse(AcceptInvitationRefusal::NotInvited)?;
    let person = find_person(act, person).await?;
    if !person.state.may_sign_in() {
        return refuse(AcceptInvitationRefusal::AccountNotOpen);
    }
    let tx = act.store().write("collectives.accept_invitation").await?;
    if !take_up_invitation(act, &tx, &person, collective).await? {
        tx.rollback().await?;
        return refuse(AcceptInvitationRefusal::NotInvited);
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}

async fn find_person(act: &Act, person: PersonId) -> Result<Person, Fault> {
    promised(act.store().read().people().find(person).await?, "accept_invitation.person")
}

/// Lets an invited person in, with what is automatic, inside the caller's transaction: `false` when there is no
/// invitation that stands. The caller knows that the person proved who they are.
pub(crate) async fn take_up_invitation(act: &Act, tx: &WriteTx, person: &Person, collective: CollectiveId) -> Result<bool, Fault> {
    if matches!(person.state, PersonState::Suspended | PersonState::Closing | PersonState::Erased) {
        return Ok(false);
    }
    let found = tx.memberships().find_of(collective, person.id).await?;
    let Some(invited) = found.filter(|membership| membership.state == MembershipState::Invited) else { return Ok(false) };
    let member = Member::of(tx, invited).await?;
    let before = Before::look(act, tx, member.holder()).await?;
    let Some(member) = admit(act, tx, &member).await? else { return Ok(false) };
    open_automatic(act, tx, &member).await?;
    follow(act, tx, before, member.holder()).await?;
    Ok(true)
}
