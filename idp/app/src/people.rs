//! New accounts: what a registration, an invitation, the setup and a file have in common.

use idp_domain::{
    Fault,
    audit::AuditEvent,
    credential::PasswordCredential,
    email::EmailAddress,
    id::{EmailId, PersonId},
    locale::Locale,
    name::DisplayName,
    person::PersonState,
    secret::Typed,
    username::Username,
};
use idp_store::{Decided, Inserted, Tx, WriteTx, people::NewPerson};

use crate::{
    Act, audit,
    login::hasher::{PEPPER_VERSION, StoredPassword},
};

/// An account to make. Names beyond the shown one are told later, by the person.
#[derive(Debug, Clone)]
pub(crate) struct NewAccount {
    /// The login name.
    pub(crate) username: Username,
    /// The name shown to others.
    pub(crate) display_name: DisplayName,
    /// Given name, when told.
    pub(crate) given_name: Option<String>,
    /// Family name, when told.
    pub(crate) family_name: Option<String>,
    /// Language of pages and mails.
    pub(crate) locale: Locale,
    /// Where the account begins.
    pub(crate) state: PersonState,
}

/// Makes an account that a person decided about: no file overrules what it says. It comes with its random handle, its pseudonym in the audit and its own sealed key. `None` when the username
/// is taken; nothing was written then.
pub(crate) async fn new_person(act: &Act, tx: &WriteTx, account: NewAccount) -> Result<Option<PersonId>, Fault> {
    let person = draft_person(act, account)?;
    Ok(match tx.people().insert(&person, Decided::InTheWeb(act.now)).await? {
        Inserted::Done => Some(person.id),
        Inserted::Taken => None,
    })
}

/// What a new account holds besides what is known about the person, not written yet.
pub(crate) fn draft_person(act: &Act, account: NewAccount) -> Result<NewPerson, Fault> {
    let id: PersonId = act.id();
    let key = zeroize::Zeroizing::new(act.entropy().bytes::<32>());
    let sealed_audit_key = act
        .app
        .0
        .master
        .seal(&audit::person_key_place(id), act.entropy().bytes(), &*key)
        .map_err(|error| Fault::broken("people.draft_person", error))?;
    Ok(NewPerson {
        id,
        username: account.username,
        display_name: account.display_name,
        given_name: account.given_name,
        family_name: account.family_name,
        locale: account.locale,
        zoneinfo: None,
        state: account.state,
        user_handle: act.entropy().bytes(),
        audit_index: act.entropy().random_uuid(),
        sealed_audit_key,
        created_at: act.now,
    })
}

/// Adds an address that nobody proved yet.
pub(crate) async fn add_address(act: &Act, tx: &WriteTx, person: PersonId, address: &EmailAddress) -> Result<EmailId, Fault> {
    let id = act.id();
    tx.emails().insert(id, person, address, act.now).await?;
    Ok(id)
}

/// Hashes a new password: before the transaction, as it takes long.
pub(crate) async fn hash_password(act: &Act, password: &Typed) -> Result<StoredPassword, Fault> {
    act.app.0.hasher.hash(password, act.entropy().bytes()).await
}

/// Sets a person's password, hashed with [`hash_password`]; any earlier one is gone.
pub(crate) async fn set_password(act: &Act, tx: &WriteTx, person: PersonId, hashed: StoredPassword) -> Result<(), Fault> {
    let credential = PasswordCredential {
        id: act.id(),
        person,
        scheme: hashed.scheme,
        phc: hashed.phc,
        pepper_version: PEPPER_VERSION,
        created_at: act.now,
    };
    tx.credentials().set_password(&credential).await?;
    audit::record(act, tx, audit::Concerning::person(person), AuditEvent::PasswordSet {}, None).await
}
