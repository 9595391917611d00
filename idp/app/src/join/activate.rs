//! An account that others made becomes its person's own: a link, a password, and the membership stands.

use idp_domain::{
    audit::AuditEvent,
    credential::{WeakPassword, check_new_password},
    name::DisplayName,
    person::{Person, PersonState},
    secret::{Secret, Typed},
    username::Username,
};
use idp_store::{
    Tx, WriteTx,
    emails::Verified,
    links::{Link, LinkKind},
};

use super::{
    link::{self, LinkRefusal},
    unproven,
};
use crate::{
    Act, Outcome, audit,
    collectives::{accept_invitation::take_up_invitation, promised},
    failure::{OrRefuse, refuse},
    login::hasher::StoredPassword,
    people::{hash_password, set_password},
};

/// What a link is about, for the page with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// Whose account.
    pub display_name: DisplayName,
    /// Whose account.
    pub username: Username,
    /// The collective that invites.
    pub collective: Option<DisplayName>,
}

/// Why an account is not activated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivateRefusal {
    /// The link does not work.
    Link(LinkRefusal),
    /// The password may not be chosen; the link still works.
    Password(WeakPassword),
}

/// What a link is about. Changes nothing.
pub async fn read_activation(act: &Act, secret: &Secret) -> Outcome<Activation, LinkRefusal> {
    let read = act.store().read();
    let (link, person) = open(act, &read, secret).await?;
    let collective = match link.collective {
        Some(collective) => read.collectives().find(collective).await?.map(|collective| collective.name),
        None => None,
    };
    Ok(Activation { display_name: person.display_name, username: person.username, collective })
}

/// Chooses the first password of an account, proves the address the link went to and takes up the invitation it came
/// with. Gives the username to sign in with.
pub async fn activate(act: &Act, secret: &Secret, password: &Typed) -> Outcome<Username, ActivateRefusal> {
    let found = open(act, &act.store().read(), secret).await;
    let (link, person) = found.map_err(|failure| failure.map_refusal(ActivateRefusal::Link))?;
    let own = [person.display_name.as_str(), person.username.as_str()];
    if let Err(weak) = check_new_password(password.expose(), &own) {
        return refuse(ActivateRefusal::Password(weak));
    }
    let hashed = hash_password(act, password).await?;
    let act = &act.by(person.id);
    let tx = act.store().write("join.activate").await?;
    if let Err(failure) = take_over(act, &tx, &link, &person, hashed).await {
        tx.rollback().await?;
        return Err(failure.map_refusal(ActivateRefusal::Link));
    }
    let username = promised(tx.people().find(person.id).await?, "activate.person")?.username;
    tx.commit().await?;
    act.app.wake_workers();
    Ok(username)
}

/// The link and its person, while the account is not stopped and nobody chose a password yet.
async fn open(act: &Act, tx: &impl Tx, secret: &Secret) -> Outcome<(Link, Person), LinkRefusal> {
    let link = link::find(act, tx, LinkKind::Activation, secret).await?;
    let person = link.person.or_refuse(LinkRefusal::Unknown)?;
    let person = tx.people().find(person).await?.or_refuse(LinkRefusal::Unknown)?;
    if !person.state.may_sign_in() && person.state != PersonState::Pending {
        return refuse(LinkRefusal::Expired);
    }
    if tx.credentials().find_password(person.id).await?.is_some() {
        return refuse(LinkRefusal::Used);
    }
    Ok((link, person))
}

async fn take_over(act: &Act, tx: &WriteTx, link: &Link, person: &Person, hashed: StoredPassword) -> Outcome<(), LinkRefusal> {
    link::redeem(act, tx, link).await?;
    tx.links().revoke_for_person(LinkKind::Activation, person.id, act.now).await?;
    if let Some(email) = link.email
        && let Some(email) = tx.emails().find(email).await?
        && tx.emails().verify(email.id, act.now).await? == Verified::SignsIn
    {
        unproven::discard_rivals(tx, &email.address, Some(person.id)).await?;
        audit::record(act, tx, audit::Concerning::person(person.id), AuditEvent::EmailVerified {}, None).await?;
    }
    set_password(act, tx, person.id, hashed).await?;
    if let Some(collective) = link.collective {
        // an invitation that was taken back meanwhile leaves an account that may ask elsewhere
        take_up_invitation(act, tx, person, collective).await?;
    }
    Ok(())
}
