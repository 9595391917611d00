//! Registering at a collective. The answer, the work and the rows are the same whether or not the address is known
//! (N-55): only the mail differs, and only its owner reads that. Several registrations of one address wait side by side, and
//! none takes another's link away: whoever proves the address decides which one becomes an account, and its password.

use std::net::IpAddr;

use idp_domain::{
    Fault,
    credential::{WeakPassword, check_new_password},
    email::EmailAddress,
    id::{CollectiveId, EmailId, PersonId},
    locale::Locale,
    name::{DisplayName, FreeText},
    person::PersonState,
    secret::{SecretHash, Typed},
    slug::Slug,
    username::Username,
};
use idp_store::{Tx, WriteTx, links::LinkKind};
use serde::{Deserialize, Serialize};

use super::{
    flood::{self, Room},
    link::{self, NewLink},
    pick, unproven,
};
use crate::{
    Act, Outcome,
    failure::{OrRefuse, refuse},
    jobs::enqueue_mail,
    login::hasher::StoredPassword,
    mail::Mail,
    people::{NewAccount, add_address, hash_password, new_person, set_password},
};

/// A registration.
#[derive(Debug)]
pub struct Registration {
    /// Where to.
    pub collective: Slug,
    /// The name shown to others.
    pub display_name: DisplayName,
    /// The login name.
    pub username: Username,
    /// The address to prove.
    pub email: EmailAddress,
    /// The password.
    pub password: Typed,
    /// What the managers will read.
    pub text: FreeText,
    /// Language of pages and mails.
    pub locale: Locale,
    /// The browser in which the password was typed.
    pub browser: SecretHash,
    /// Where it comes from.
    pub client_ip: Option<IpAddr>,
}

/// Why nothing was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterRefusal {
    /// No such collective, or it is not active.
    UnknownCollective,
    /// The password may not be chosen.
    Password(WeakPassword),
    /// Somebody has the username.
    UsernameTaken,
    /// Too many registrations from there, or of this address.
    TooMany,
}

/// What a registration asks for once its address is proven; waits in the link, not in any queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct JoinWish {
    pub(super) collective: CollectiveId,
    pub(super) text: String,
    /// The hash of the cookie of the browser that typed the account's password; `None` when another one may have.
    #[serde(default)]
    pub(super) browser: Option<[u8; 32]>,
}

impl JoinWish {
    pub(super) fn to_json(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|error| Fault::broken("register.wish", error))
    }
    /// `None` when the link carries no wish.
    pub(super) fn from_json(json: &str) -> Result<Option<Self>, Fault> {
        if json.is_empty() {
            return Ok(None);
        }
        serde_json::from_str(json).map(Some).map_err(|error| Fault::broken("register.wish", error))
    }
    /// Whether the account's password was typed in this browser.
    pub(super) fn was_made_in(&self, browser: &SecretHash) -> bool {
        self.browser.is_some_and(|own| SecretHash::from_bytes(own).matches(browser))
    }
}

/// Registers a person whose address is still to be proven.
pub async fn register(act: &Act, registration: Registration) -> Outcome<(), RegisterRefusal> {
    let read = act.store().read();
    let collective = pick::open(&read, &registration.collective).await?.or_refuse(RegisterRefusal::UnknownCollective)?;
    let own = [registration.display_name.as_str(), registration.username.as_str(), registration.email.as_str()];
    if let Err(weak) = check_new_password(registration.password.expose(), &own) {
        return refuse(RegisterRefusal::Password(weak));
    }
    if flood::registration(act, registration.client_ip, &registration.email).await? == Room::None {
        return refuse(RegisterRefusal::TooMany);
    }
    let hashed = hash_password(act, &registration.password).await?;

    let tx = act.store().write("join.register").await?;
    if !write(act, &tx, collective.id, registration, hashed).await? {
        tx.rollback().await?;
        return refuse(RegisterRefusal::UsernameTaken);
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}

/// `false` when the username is taken.
async fn write(
    act: &Act,
    tx: &WriteTx,
    collective: CollectiveId,
    registration: Registration,
    hashed: StoredPassword,
) -> Result<bool, Fault> {
    let owner = tx.people().find_by_address(&registration.email).await?;
    let mut wish = JoinWish { collective, text: registration.text.as_str().to_owned(), browser: None };
    let pending = unproven::find_pending(tx, &registration.email, &registration.username).await?;
    let (person, email) = if let Some(pending) = pending {
        // the account of the first attempt stays as it is: who asks again may be somebody else, so this password is not kept
        pending
    } else {
        wish.browser = Some(*registration.browser.as_bytes());
        let Some(made) = make_account(act, tx, registration, hashed).await? else { return Ok(false) };
        made
    };
    let new = NewLink {
        kind: LinkKind::VerifyAddress,
        person: Some(person),
        email: Some(email),
        collective: Some(collective),
        payload: &wish.to_json()?,
        expires_at: act.now + link::VERIFY_LIFETIME,
    };
    let wish = Some(link::keep(act, tx, new).await?);
    let mail = match owner {
        Some(owner) => Mail::AlreadyRegistered { person: owner.id },
        None => Mail::VerifyAddress { person, email, wish },
    };
    enqueue_mail(act, tx, mail).await?;
    Ok(true)
}

/// `None` when the username is taken.
async fn make_account(
    act: &Act,
    tx: &WriteTx,
    registration: Registration,
    hashed: StoredPassword,
) -> Result<Option<(PersonId, EmailId)>, Fault> {
    let account = NewAccount {
        username: registration.username,
        display_name: registration.display_name,
        given_name: None,
        family_name: None,
        locale: registration.locale,
        state: PersonState::Pending,
    };
    let Some(person) = new_person(act, tx, account).await? else { return Ok(None) };
    let email = add_address(act, tx, person, &registration.email).await?;
    set_password(&act.by(person), tx, person, hashed).await?;
    Ok(Some((person, email)))
}
