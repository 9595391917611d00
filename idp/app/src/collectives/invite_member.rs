//! Inviting somebody by their exact address: there is no directory to browse (DOMAIN rule 2). Whether the address
//! belongs to an account already does not show, neither in the answer nor in the list of people.

use idp_domain::{
    Fault, Timestamp, Ttl,
    audit::AuditEvent,
    email::EmailAddress,
    id::{CollectiveId, MembershipId, PersonId},
    locale::Locale,
    membership::MembershipState,
    name::DisplayName,
    person::{Person, PersonState},
    policy::{Action, Resource, Standing},
};
use idp_store::{Decided, Inserted, Tx, Updated, WriteTx};

use super::{Denied, admit::new_membership, allow, promised};
use crate::{
    Act, Failure, Outcome, audit,
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    limits::{INVITATION_MAILS, INVITED_ADDRESSES, TooMany},
    mail::Mail,
    once::{Once, Repeatable},
    people::{NewAccount, add_address, new_person},
    usernames::{self, Stem},
};

/// How long an invitation can be accepted.
pub const LIFETIME: Ttl = Ttl::days(30);

/// Whom to invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteMember {
    /// In whose name.
    pub collective: CollectiveId,
    /// Where the invitation goes.
    pub address: EmailAddress,
    /// How the mail addresses somebody without an account.
    pub name: Option<DisplayName>,
    /// The language for somebody without an account; absent: the collective's.
    pub locale: Option<Locale>,
}

/// An invitation on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The membership that waits for the person's yes.
    pub membership: MembershipId,
    /// Where it goes.
    pub address: EmailAddress,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Why nobody is invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InviteMemberRefusal {
    /// The policy says no.
    Denied(Denied),
    /// The person belongs to this collective already.
    AlreadyMember,
    /// The person asked to join by themselves: accept the request.
    AlreadyAsked,
    /// The person was asked often enough today.
    TooMany(TooMany),
    /// The collective invited enough people today.
    TooManyAddresses(TooMany),
    /// The caller used this key for another request.
    KeyReused,
}

/// Invites somebody. Inviting again sends the mail again, as often as [`super::resend_invitation`] does.
pub async fn invite_member(
    act: &Act,
    standing: &Standing,
    input: &InviteMember,
    once: Option<&Once<'_, Invitation>>,
) -> Outcome<Repeatable<Invitation>, InviteMemberRefusal> {
    allow(standing, Action::InviteMember, &Resource::Collective(input.collective), InviteMemberRefusal::Denied)?;
    if let Some(before) = heard(act, once).await? {
        return before;
    }
    let collective = act.store().read().collectives().find(input.collective).await?;
    let collective = collective.or_refuse(InviteMemberRefusal::Denied(Denied::NotFound))?;
    take_mail(act, input).await?;

    let tx = act.store().write("collectives.invite_member").await?;
    let person = match find_invitable(&tx, &input.address).await? {
        Some(person) => greeted(act, &tx, person).await?,
        None => create(act, &tx, input, input.locale.unwrap_or(collective.locale)).await?,
    };
    let membership = match invite(act, &tx, input.collective, &person).await {
        Err(Failure::Refused(refusal)) => {
            tx.rollback().await?;
            return refuse(refusal);
        }
        other => other?,
    };
    let concerning = audit::Concerning::member(input.collective, person.id);
    audit::record(act, &tx, concerning, AuditEvent::MembershipInvited { membership }, None).await?;
    enqueue_mail(act, &tx, Mail::Invitation { person: person.id, collective: input.collective }).await?;
    let invitation = Invitation { membership, address: input.address.clone(), expires_at: act.now + LIFETIME };
    if let (Some(once), Some(actor)) = (once, act.actor.person())
        && once.remember(act, &tx, actor, &invitation).await? == Inserted::Taken
    {
        tx.rollback().await?;
        return heard(act, Some(once)).await?.unwrap_or(refuse(InviteMemberRefusal::KeyReused));
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(Repeatable::Done(invitation))
}

type Answer = Outcome<Repeatable<Invitation>, InviteMemberRefusal>;

async fn heard(act: &Act, once: Option<&Once<'_, Invitation>>) -> Result<Option<Answer>, Fault> {
    let (Some(once), Some(person)) = (once, act.actor.person()) else { return Ok(None) };
    let before = once.heard(act, person).await?;
    Ok(before.map(|before| before.map_err(|_| Failure::Refused(InviteMemberRefusal::KeyReused))))
}

/// Counts the mail: the first one to an address for the collective, every further one for the membership, also when what
/// was offered before is over. An address is new or not by what this collective did, whether or not there is an account.
async fn take_mail(act: &Act, input: &InviteMember) -> Outcome<(), InviteMemberRefusal> {
    let read = act.store().read();
    let found = match find_invitable(&read, &input.address).await? {
        Some(person) => read.memberships().find_of(input.collective, person.id).await?,
        None => None,
    };
    let Some(before) = found else {
        let taken = INVITED_ADDRESSES.take(act, &input.collective.to_string()).await;
        return taken.map_err(|failure| failure.map_refusal(InviteMemberRefusal::TooManyAddresses));
    };
    if !before.state.may_become(MembershipState::Invited) && before.state != MembershipState::Invited {
        return Ok(());
    }
    let taken = INVITATION_MAILS.take(act, &before.id.to_string()).await;
    taken.map_err(|failure| failure.map_refusal(InviteMemberRefusal::TooMany))
}

/// Whom the address signs in, or who was invited by it before and did not answer yet. An address that somebody only
/// claims says nothing about who they are.
async fn find_invitable(tx: &impl Tx, address: &EmailAddress) -> Result<Option<Person>, Fault> {
    if let Some(person) = tx.people().find_by_address(address).await? {
        return Ok(Some(person));
    }
    for email in tx.emails().list_by_address(address).await? {
        let person = promised(tx.people().find(email.person).await?, "invite_member.person")?;
        if email.verified_at.is_none() && person.state == PersonState::AwaitingValidation && person.email.is_none() {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// Somebody who is to choose a password by the invitation's link reads their username there: one whose own was freed gets
/// another.
async fn greeted(act: &Act, tx: &WriteTx, person: Person) -> Result<Person, Fault> {
    if tx.credentials().find_password(person.id).await?.is_some() {
        return Ok(person);
    }
    usernames::give_again(act, tx, &person).await?;
    promised(tx.people().find(person.id).await?, "invite_member.greeted")
}

/// An account that was never active, with a username made from the name or the address.
pub(crate) async fn create(act: &Act, tx: &WriteTx, input: &InviteMember, locale: Locale) -> Result<Person, Fault> {
    let local = input.address.as_str().split('@').next().unwrap_or_default();
    let name = match &input.name {
        Some(name) => name.clone(),
        None => DisplayName::parse(local).map_err(|error| Fault::broken("invite_member.create", error))?,
    };
    let id = insert(act, tx, &name, &input.address, locale).await?;
    add_address(act, tx, id, &input.address).await?;
    promised(tx.people().find(id).await?, "invite_member.created")
}

async fn insert(act: &Act, tx: &WriteTx, name: &DisplayName, address: &EmailAddress, locale: Locale) -> Result<PersonId, Fault> {
    for username in Stem::of(name, Some(address.as_str())).candidates(act) {
        let account = NewAccount {
            username,
            display_name: name.clone(),
            given_name: None,
            family_name: None,
            locale,
            state: PersonState::AwaitingValidation,
        };
        if let Some(id) = new_person(act, tx, account).await? {
            return Ok(id);
        }
    }
    Err(Fault::broken("invite_member.insert", "no free username after twenty attempts"))
}

/// The membership that waits for the person's yes.
pub(crate) async fn invite(
    act: &Act,
    tx: &WriteTx,
    collective: CollectiveId,
    person: &Person,
) -> Outcome<MembershipId, InviteMemberRefusal> {
    let decided = Decided::InTheWeb(act.now);
    let Some(found) = tx.memberships().find_of(collective, person.id).await? else {
        let invited = new_membership(act, collective, person, MembershipState::Invited);
        return match tx.memberships().insert(&invited, decided).await? {
            Inserted::Done => Ok(invited.id),
            Inserted::Taken => refuse(InviteMemberRefusal::AlreadyMember),
        };
    };
    match found.state {
        MembershipState::Invited => Ok(found.id),
        MembershipState::Requested => refuse(InviteMemberRefusal::AlreadyAsked),
        MembershipState::Active | MembershipState::Suspended | MembershipState::Lapsed => refuse(InviteMemberRefusal::AlreadyMember),
        MembershipState::Ended | MembershipState::Refused => {
            let to = MembershipState::Invited;
            match tx.memberships().set_state(collective, found.id, found.version, to, act.now, decided).await? {
                Updated::Done => Ok(found.id),
                Updated::Stale => refuse(InviteMemberRefusal::AlreadyMember),
            }
        }
    }
}
