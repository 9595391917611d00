//! Saying no to a collective's invitation.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, PersonId},
    membership::MembershipState,
};
use idp_store::{Decided, Tx, Updated};

use crate::{
    Act, Outcome, audit,
    collectives::{promised, take_invitation_back},
    failure::{OrRefuse, refuse},
};

/// Why nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineInvitationRefusal {
    /// There is no invitation, or not any more.
    NotInvited,
}

/// Declines: the membership that waited for a yes ends. The collective may invite again.
pub async fn decline_invitation(act: &Act, person: PersonId, collective: CollectiveId) -> Outcome<(), DeclineInvitationRefusal> {
    let tx = act.store().write("account.decline_invitation").await?;
    let found = tx.memberships().find_of(collective, person).await?;
    let invited =
        found.filter(|membership| membership.state == MembershipState::Invited).or_refuse(DeclineInvitationRefusal::NotInvited)?;
    let (ended, decided) = (MembershipState::Ended, Decided::InTheWeb(act.now));
    if tx.memberships().set_state(collective, invited.id, invited.version, ended, act.now, decided).await? == Updated::Stale {
        tx.rollback().await?;
        return refuse(DeclineInvitationRefusal::NotInvited);
    }
    let person = promised(tx.people().find(person).await?, "decline_invitation.person")?;
    let event = AuditEvent::MembershipEnded { membership: invited.id };
    audit::record(act, &tx, audit::Concerning::member(collective, person.id), event, None).await?;
    take_invitation_back(act, &tx, collective, &person).await?;
    tx.commit().await?;
    Ok(())
}
