//! Proving an address: a registration becomes a request that waits for the managers. Whoever proves it decides the password:
//! anybody may have registered the address, so only the browser in which the password was typed need not choose one here.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    collective::{Collective, CollectiveState},
    credential::{WeakPassword, check_new_password},
    email::EmailAddress,
    membership::{Membership, MembershipState},
    name::{DisplayName, FreeText},
    person::{Person, PersonState},
    request::{Request, RequestKind, RequestState},
    secret::{Secret, SecretHash, Typed},
    username::Username,
};
use idp_store::{
    Attempt, Decided, Inserted, Tx, WriteTx,
    emails::{Email, Verified},
    links::{Link, LinkKind},
};

use super::{
    link::{self, LinkRefusal},
    register::JoinWish,
    unproven,
};
use crate::{
    Act, Failure, audit,
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    login::hasher::StoredPassword,
    mail::Mail,
    people::{hash_password, set_password},
};

/// What a link is about, for the page with the button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The address to prove.
    pub address: EmailAddress,
    /// Whose account.
    pub display_name: DisplayName,
    /// Whose account.
    pub username: Username,
    /// The collective that was asked.
    pub collective: Option<DisplayName>,
    /// Whether whoever proves it chooses the password.
    pub chooses_password: bool,
}

/// What came of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A request waits for these managers.
    Requested {
        /// Of which collective.
        collective: DisplayName,
        /// Who they are.
        managers: Vec<DisplayName>,
    },
    /// The collective is not active any more: the person may ask another one.
    NoCollective,
    /// The address is verified; nothing else was asked for.
    Verified,
}

/// Why an address is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyRefusal {
    /// The link does not work.
    Link(LinkRefusal),
    /// The address signs somebody else in; the registration is gone.
    AddressTaken,
    /// The password may not be chosen; the link still works.
    Password(WeakPassword),
}

/// What a link is about, in this browser. Changes nothing.
pub async fn read_verification(act: &Act, secret: &Secret, browser: &SecretHash) -> crate::Outcome<Verification, LinkRefusal> {
    let read = act.store().read();
    let link = link::find(act, &read, LinkKind::VerifyAddress, secret).await?;
    let (person, email) = owner(&read, &link).await?.or_refuse(LinkRefusal::Unknown)?;
    let wish = JoinWish::from_json(&link.payload)?;
    let chooses_password = chooses_password(&person, wish.as_ref(), browser);
    let collective = match wish {
        Some(wish) => read.collectives().find(wish.collective).await?.map(|collective| collective.name),
        None => None,
    };
    Ok(Verification { address: email.address, display_name: person.display_name, username: person.username, collective, chooses_password })
}

/// Whether the address that a link is about was proven already, with this link or with another one. Tells only who holds
/// the link's secret.
pub async fn is_proven_already(act: &Act, secret: &Secret) -> Result<bool, Fault> {
    let read = act.store().read();
    let Some(link) = read.links().find_by_hash(LinkKind::VerifyAddress, &secret.hash()).await? else { return Ok(false) };
    Ok(owner(&read, &link).await?.is_some_and(|(_, email)| email.verified_at.is_some()))
}

/// Only a registration's password may be a stranger's: an account beyond it keeps its own.
fn chooses_password(person: &Person, wish: Option<&JoinWish>, browser: &SecretHash) -> bool {
    person.state == PersonState::Pending && !wish.is_some_and(|wish| wish.was_made_in(browser))
}

async fn owner(tx: &impl Tx, link: &Link) -> Result<Option<(Person, Email)>, Fault> {
    let (Some(person), Some(email)) = (link.person, link.email) else { return Ok(None) };
    Ok(tx.people().find(person).await?.zip(tx.emails().find(email).await?))
}

/// Proves an address with a link, and opens what its registration asked for. `password` is looked at only where whoever
/// proves the address chooses it.
pub async fn verify_address(act: &Act, secret: &Secret, browser: &SecretHash, password: &Typed) -> crate::Outcome<Outcome, VerifyRefusal> {
    let read = act.store().read();
    let found = link::find(act, &read, LinkKind::VerifyAddress, secret).await;
    let link = found.map_err(|failure| failure.map_refusal(VerifyRefusal::Link))?;
    let (person, email) = owner(&read, &link).await?.or_refuse(VerifyRefusal::Link(LinkRefusal::Unknown))?;
    let mut chosen = None;
    if chooses_password(&person, JoinWish::from_json(&link.payload)?.as_ref(), browser) {
        let own = [person.display_name.as_str(), person.username.as_str(), email.address.as_str()];
        if let Err(weak) = check_new_password(password.expose(), &own) {
            return refuse(VerifyRefusal::Password(weak));
        }
        chosen = Some(hash_password(act, password).await?);
    }
    let tx = act.store().write("join.verify_address").await?;
    let outcome = verify(act, &tx, &link, chosen).await;
    match &outcome {
        // a registration of an address that belongs to somebody else is gone for good: that is remembered too
        Ok(_) | Err(Failure::Refused(VerifyRefusal::AddressTaken)) => {
            tx.commit().await?;
            act.app.wake_workers();
        }
        Err(_) => tx.rollback().await?,
    }
    outcome
}

async fn verify(act: &Act, tx: &WriteTx, link: &Link, chosen: Option<StoredPassword>) -> crate::Outcome<Outcome, VerifyRefusal> {
    link::redeem(act, tx, link).await.map_err(|failure| failure.map_refusal(VerifyRefusal::Link))?;
    let (person, email) = owner(tx, link).await?.or_refuse(VerifyRefusal::Link(LinkRefusal::Unknown))?;
    let act = &act.by(person.id);
    match tx.emails().verify(email.id, act.now).await? {
        Verified::SignsIn | Verified::Contact => {}
        Verified::Unknown => return refuse(VerifyRefusal::Link(LinkRefusal::Unknown)),
        Verified::TakenBySomebodyElse => {
            // a pending account goes with its registration; anybody else keeps the address as a contact
            return match tx.people().discard_pending(person.id).await? {
                Attempt::Won => refuse(VerifyRefusal::AddressTaken),
                Attempt::Lost => Ok(Outcome::Verified),
            };
        }
    }
    // the links of this registration's other mails, and other registrations of the address
    tx.links().revoke_for_person(LinkKind::VerifyAddress, person.id, act.now).await?;
    unproven::discard_rivals(tx, &email.address, Some(person.id)).await?;
    if let Some(chosen) = chosen {
        set_password(act, tx, person.id, chosen).await?;
    }
    if person.state == PersonState::Pending
        && tx.people().change_state(person.id, PersonState::Pending, PersonState::AwaitingValidation, act.now).await? == Attempt::Won
    {
        audit::record(act, tx, audit::Concerning::person(person.id), AuditEvent::PersonRegistered {}, None).await?;
    }
    audit::record(act, tx, audit::Concerning::person(person.id), AuditEvent::EmailVerified {}, None).await?;
    let Some(wish) = JoinWish::from_json(&link.payload)? else { return Ok(Outcome::Verified) };
    let collective = tx.collectives().find(wish.collective).await?;
    let Some(collective) = collective.filter(|collective| collective.state == CollectiveState::Active) else {
        return Ok(Outcome::NoCollective);
    };
    let text = FreeText::parse(&wish.text).map_err(|error| Fault::broken("verify_address.text", error))?;
    if !ask_to_join(act, tx, &person, &collective, text).await? {
        return Ok(Outcome::Verified);
    }
    let managers = tx.mandates().managers_of(&[collective.id], act.now).await?;
    Ok(Outcome::Requested { collective: collective.name, managers: managers.into_iter().map(|manager| manager.name).collect() })
}

/// Puts somebody into a collective's queue and tells its managers. `false` when they are in it, or were invited,
/// already.
pub(super) async fn ask_to_join(act: &Act, tx: &WriteTx, person: &Person, collective: &Collective, text: FreeText) -> Result<bool, Fault> {
    if !become_requested(act, tx, person, collective).await? {
        return Ok(false);
    }
    let request = Request {
        id: act.id(),
        kind: RequestKind::Join,
        collective: collective.id,
        person: person.id,
        state: RequestState::Open,
        text,
        reason: None,
        created_at: act.now,
        decided_at: None,
        decided_by: None,
        version: 1,
    };
    if tx.requests().insert(&request).await? == Inserted::Taken {
        return Ok(false);
    }
    let concerning = audit::Concerning::member(collective.id, person.id);
    audit::record(act, tx, concerning, AuditEvent::JoinRequested { request: request.id }, Some(request.text.as_str())).await?;
    tell_managers(act, tx, &request).await?;
    Ok(true)
}

/// One mail to each manager; any of them may decide.
pub(super) async fn tell_managers(act: &Act, tx: &WriteTx, request: &Request) -> Result<(), Fault> {
    for manager in tx.mandates().managers_of(&[request.collective], act.now).await? {
        if manager.person != request.person {
            enqueue_mail(act, tx, Mail::RequestWaits { manager: manager.person, request: request.id }).await?;
        }
    }
    Ok(())
}

/// A membership that waits for a manager: new, or one that was over. `false` for one that stands or waits already.
async fn become_requested(act: &Act, tx: &WriteTx, person: &Person, collective: &Collective) -> Result<bool, Fault> {
    let decided = Decided::InTheWeb(act.now);
    let Some(found) = tx.memberships().find_of(collective.id, person.id).await? else {
        let membership = Membership {
            id: act.id(),
            collective: collective.id,
            person: person.id,
            state: MembershipState::Requested,
            home_at: None,
            sponsor: None,
            starts_at: None,
            ends_at: None,
            accepted_at: Some(act.now),
            created_at: act.now,
            version: 1,
        };
        return Ok(tx.memberships().insert(&membership, decided).await? == Inserted::Done);
    };
    if !found.state.may_become(MembershipState::Requested) {
        return Ok(false);
    }
    let to = MembershipState::Requested;
    let done = tx.memberships().set_state(collective.id, found.id, found.version, to, act.now, decided).await?;
    Ok(done == idp_store::Updated::Done)
}
