//! Changing one's password: the present one is asked for, and tries at it are counted like those of a sign-in.

use std::net::IpAddr;

use idp_domain::{
    Ttl,
    credential::{WeakPassword, check_new_password},
    email::EmailAddress,
    id::SessionId,
    limits,
    person::Person,
    secret::Typed,
};
use idp_store::Tx;

use super::sessions::end_elsewhere;
use crate::{
    Act, Outcome,
    failure::refuse,
    jobs::enqueue_mail,
    login::{
        hasher::{StoredPassword, Verified},
        throttle::{self, Admission, Bucket},
    },
    mail::Mail,
    people::{hash_password, set_password},
};

/// A change of password.
#[derive(Debug)]
pub struct PasswordChange<'a> {
    /// Whose.
    pub person: &'a Person,
    /// The session that asks.
    pub session: SessionId,
    /// The present password.
    pub current: Typed,
    /// The next one.
    pub new: Typed,
    /// What becomes of the person's other sessions.
    pub elsewhere: Elsewhere,
    /// Where it comes from.
    pub client_ip: Option<IpAddr>,
}

/// What becomes of a person's other sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Elsewhere {
    /// They end.
    SignOut,
    /// They stay.
    Stay,
}

/// Why the password stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangePasswordRefusal {
    /// The present password is another one.
    Wrong,
    /// Too many tries; the next one is possible after this.
    Throttled(Ttl),
    /// The new password may not be chosen.
    Weak(WeakPassword),
}

/// Changes a person's password and writes to them that it was changed.
pub async fn change_password(act: &Act, change: PasswordChange<'_>) -> Outcome<(), ChangePasswordRefusal> {
    let PasswordChange { person, session, current, new, elsewhere, client_ip } = change;
    let email = person.email.as_ref().map_or("", EmailAddress::as_str);
    if let Err(weak) = check_new_password(new.expose(), &[person.display_name.as_str(), person.username.as_str(), email]) {
        return refuse(ChangePasswordRefusal::Weak(weak));
    }
    let account = person.id.to_string();
    // a bucket of its own: whoever got at an open session cannot keep the owner from signing in elsewhere
    let bucket = Bucket { account: &account, known_device: Some("change_password"), client_ip };
    if let Admission::Wait(wait) = throttle::admit(act, bucket).await? {
        return refuse(ChangePasswordRefusal::Throttled(wait));
    }
    let credential = act.store().read().credentials().find_password(person.id).await?;
    let fits = current.expose().len() <= limits::PASSWORD;
    let stored = credential.filter(|_| fits).map(|credential| StoredPassword { scheme: credential.scheme, phc: credential.phc });
    let typed = if fits { current } else { Typed::new(String::new()) };
    if act.app.0.hasher.verify(&typed, stored).await? == Verified::Wrong {
        return refuse(ChangePasswordRefusal::Wrong);
    }
    throttle::forgive(act, bucket).await?;
    let hashed = hash_password(act, &new).await?;
    let tx = act.store().write("account.change_password").await?;
    set_password(act, &tx, person.id, hashed).await?;
    enqueue_mail(act, &tx, Mail::PasswordChanged { person: person.id, at: act.now }).await?;
    if elsewhere == Elsewhere::SignOut {
        end_elsewhere(act, &tx, person.id, session).await?;
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}
