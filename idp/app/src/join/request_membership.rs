//! Somebody with an account asks to join another collective.

use idp_domain::{
    id::PersonId,
    name::{DisplayName, FreeText},
    slug::Slug,
    username::Username,
};
use idp_store::{Inserted, Tx};

use super::{
    flood::{self, Room},
    pick,
    verify_address::ask_to_join,
};
use crate::{
    Act, Outcome,
    failure::{OrRefuse, refuse},
};

/// Why nothing waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestMembershipRefusal {
    /// No such collective, or it is not active.
    UnknownCollective,
    /// The person is a member, was invited, or asked before.
    Standing,
    /// The person's username was freed, and they did not choose another.
    UsernameMissing,
    /// Somebody has the chosen username.
    UsernameTaken,
    /// Too many requests today.
    TooMany,
}

/// Puts the person into the collective's queue; gives the collective's name. `username` is what somebody chooses whose own
/// was freed, and taken with the request: managers decide about people with a name. Whoever has one keeps it.
pub async fn request_membership(
    act: &Act,
    person: PersonId,
    slug: &Slug,
    text: FreeText,
    username: Option<Username>,
) -> Outcome<DisplayName, RequestMembershipRefusal> {
    let read = act.store().read();
    let collective = pick::open(&read, slug).await?.or_refuse(RequestMembershipRefusal::UnknownCollective)?;
    let person =
        read.people().find(person).await?.filter(|person| person.state.may_sign_in()).or_refuse(RequestMembershipRefusal::Standing)?;
    let chosen = username.filter(|_| person.username.is_stand_in());
    if person.username.is_stand_in() && chosen.is_none() {
        return refuse(RequestMembershipRefusal::UsernameMissing);
    }
    if flood::request(act, person.id).await? == Room::None {
        return refuse(RequestMembershipRefusal::TooMany);
    }
    let tx = act.store().write("join.request_membership").await?;
    if let Some(chosen) = chosen
        && tx.people().rename(person.id, &chosen, act.now).await? == Inserted::Taken
    {
        tx.rollback().await?;
        return refuse(RequestMembershipRefusal::UsernameTaken);
    }
    if !ask_to_join(act, &tx, &person, &collective, text).await? {
        tx.rollback().await?;
        return refuse(RequestMembershipRefusal::Standing);
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(collective.name)
}
