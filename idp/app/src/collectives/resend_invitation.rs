//! The mail that leads into the collective, once more: onboarding is one mail with one long-lived link, and mails get lost
//! (DOMAIN rule 9). Whoever waits for it gets the same mail; earlier links go on working until one of them is used.

use idp_domain::{
    audit::AuditEvent,
    id::{CollectiveId, MembershipId},
    membership::MembershipState,
    policy::{Action, Standing},
};
use idp_store::Tx;

use super::{Denied, Member};
use crate::{
    Act, Outcome, audit,
    failure::refuse,
    jobs::enqueue_mail,
    limits::{INVITATION_MAILS, TooMany},
    mail::Mail,
};

/// Why no mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResendInvitationRefusal {
    /// The policy says no, or there is no such membership.
    Denied(Denied),
    /// The membership was neither offered nor does it stand.
    WrongState,
    /// Nobody knows where to send it.
    NoAddress,
    /// It was sent often enough today.
    TooMany(TooMany),
}

type Refusal = ResendInvitationRefusal;

/// Sends the invitation again to who did not answer it, or to a member who never chose a password; the welcome to every
/// other member.
pub async fn resend_invitation(
    act: &Act,
    standing: &Standing,
    collective: CollectiveId,
    membership: MembershipId,
) -> Outcome<(), ResendInvitationRefusal> {
    let read = act.store().read();
    let member = Member::find(&read, standing, Action::ResendMail, (collective, membership), Refusal::Denied).await?;
    let person = member.person.id;
    let waits = member.membership.state == MembershipState::Invited;
    if !waits && !member.membership.is_active(act.now) {
        return refuse(Refusal::WrongState);
    }
    if read.emails().list(person).await?.is_empty() {
        return refuse(Refusal::NoAddress);
    }
    let mail = if waits || read.credentials().find_password(person).await?.is_none() {
        Mail::Invitation { person, collective }
    } else {
        Mail::Welcome { person, collective }
    };
    INVITATION_MAILS.take(act, &membership.to_string()).await.map_err(|failure| failure.map_refusal(Refusal::TooMany))?;

    let tx = act.store().write("collectives.resend_invitation").await?;
    let concerning = audit::Concerning::member(collective, person);
    audit::record(act, &tx, concerning, AuditEvent::InvitationResent { membership }, None).await?;
    enqueue_mail(act, &tx, mail).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}
