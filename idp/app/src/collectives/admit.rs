//! Letting somebody in, and letting go of somebody who never got in.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    id::CollectiveId,
    membership::{Membership, MembershipState},
    person::{Person, PersonState},
    service::Automatic,
};
use idp_store::{Attempt, Decided, Inserted, Tx, Updated, WriteTx, links::LinkKind};

use super::Member;
use crate::{
    Act, audit,
    jobs::enqueue_mail,
    mail::Mail,
    services::{
        WantedTerms,
        grant_service::{Wanted, give},
        list_offered::can_open,
        within,
    },
    usernames::{self, Freed},
};

/// Makes a membership stand and the account with it; the person's first one becomes their home. `None` when somebody
/// changed either meanwhile.
pub(crate) async fn admit(act: &Act, tx: &WriteTx, member: &Member) -> Result<Option<Member>, Fault> {
    let (collective, person) = (member.collective.id, &member.person);
    let mut membership = member.membership.clone();
    // over or refused before: it starts again
    if matches!(membership.state, MembershipState::Ended | MembershipState::Refused)
        && !step(act, tx, &mut membership, MembershipState::Requested).await?
    {
        return Ok(None);
    }
    if membership.state != MembershipState::Active && !step(act, tx, &mut membership, MembershipState::Active).await? {
        return Ok(None);
    }
    let concerning = audit::Concerning::member(collective, person.id);
    if member.membership.state != MembershipState::Active {
        audit::record(act, tx, concerning, AuditEvent::MembershipActivated { membership: membership.id }, None).await?;
    }
    if person.state != PersonState::Active {
        if tx.people().change_state(person.id, person.state, PersonState::Active, act.now).await? == Attempt::Lost {
            return Ok(None);
        }
        usernames::give_again(act, tx, person).await?;
        audit::record(act, tx, concerning, AuditEvent::PersonActivated {}, None).await?;
    }
    let others = tx.memberships().list_of_person(person.id).await?;
    if others.iter().all(|(other, _)| other.home_at.is_none())
        && tx.memberships().set_home(person.id, collective, act.now).await? == Attempt::Lost
    {
        return Ok(None);
    }
    member.again(tx).await.map(Some)
}

async fn step(act: &Act, tx: &WriteTx, membership: &mut Membership, to: MembershipState) -> Result<bool, Fault> {
    let decided = Decided::InTheWeb(act.now);
    let done = tx.memberships().set_state(membership.collective, membership.id, membership.version, to, act.now, decided).await?;
    membership.state = to;
    membership.version += 1;
    Ok(done == Updated::Done)
}

/// The person's membership in a collective, made if there is none: asked for.
pub(super) async fn membership_of(act: &Act, tx: &WriteTx, new: Membership) -> Result<Membership, Fault> {
    let found = tx.memberships().find_of(new.collective, new.person).await?;
    if let Some(found) = found {
        return Ok(found);
    }
    match tx.memberships().insert(&new, Decided::InTheWeb(act.now)).await? {
        Inserted::Done => Ok(new),
        Inserted::Taken => Err(Fault::broken("admit.membership_of", "a membership that is not there is taken")),
    }
}

/// A membership on the way in.
pub(super) fn new_membership(act: &Act, collective: CollectiveId, person: &Person, state: MembershipState) -> Membership {
    Membership {
        id: act.id(),
        collective,
        person: person.id,
        state,
        home_at: None,
        sponsor: act.actor.person().filter(|_| state == MembershipState::Invited),
        starts_at: None,
        ends_at: None,
        accepted_at: (state != MembershipState::Invited).then_some(act.now),
        created_at: act.now,
        version: 1,
    }
}

/// What new members get without anybody deciding, on the default terms of each offer.
pub(crate) async fn open_automatic(act: &Act, tx: &WriteTx, member: &Member) -> Result<(), Fault> {
    for (offer, service) in can_open(tx, member.collective.id, &[].into()).await? {
        if offer.automatic == Automatic::Yes
            && let Ok(terms) = within(&offer, &WantedTerms::default(), act.now)
        {
            give(act, tx, member, &Wanted { offer, service, terms }).await?;
        }
    }
    Ok(())
}

/// What an invitation that is over leaves behind: the links that the collective sent are void, also for somebody whom
/// another one invited too, and the account is let go of unless somebody else vouches for it or is asked to. Who proved an
/// address is told when that frees their username.
pub(crate) async fn take_invitation_back(act: &Act, tx: &WriteTx, collective: CollectiveId, person: &Person) -> Result<(), Fault> {
    tx.links().revoke_in_name_of(collective, LinkKind::Activation, person.id, act.now).await?;
    if let_go(act, tx, person).await? == Freed::Yes && person.email.is_some() {
        // a refusal says so in its own mail
        enqueue_mail(act, tx, Mail::UsernameFreed { person: person.id }).await?;
    }
    Ok(())
}

/// Lets go of an account that nobody vouches for and that was never active: its username is free again, since no
/// service has seen it (DOMAIN rule 7), and its activation links are void. The account itself may ask elsewhere, by
/// its address.
pub(super) async fn let_go(act: &Act, tx: &WriteTx, person: &Person) -> Result<Freed, Fault> {
    if !matches!(person.state, PersonState::Pending | PersonState::AwaitingValidation) {
        return Ok(Freed::No);
    }
    let memberships = tx.memberships().list_of_person(person.id).await?;
    let over = |state| matches!(state, MembershipState::Ended | MembershipState::Refused);
    if !memberships.iter().all(|(membership, _)| over(membership.state)) {
        return Ok(Freed::No);
    }
    tx.links().revoke_for_person(LinkKind::Activation, person.id, act.now).await?;
    usernames::free(act, tx, person).await
}
