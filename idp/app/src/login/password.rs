//! Signing in with a password: a username or a verified address, the same answer, status and work for known and unknown
//! accounts (N-55).

use std::net::IpAddr;

use idp_domain::{
    Fault, Ttl, audit::SignInOutcome, credential::PasswordCredential, email::EmailAddress, limits, person::Person, secret::Typed,
    username::Username,
};
use idp_store::{Attempt as Written, ReadTx, Tx, credentials::SignInName, signin_log::SignIn};

use super::{
    hasher::{PEPPER_VERSION, StoredPassword, Verified},
    throttle::{self, Admission, Bucket},
};
use crate::{Act, Outcome, browser::Browser, failure::refuse};

/// The proof that somebody typed a person's password. Only this module makes one.
#[derive(Debug)]
pub struct PasswordOk {
    person: Person,
    client_prefix: Option<String>,
}

impl PasswordOk {
    /// Whose password it was.
    pub const fn person(&self) -> &Person {
        &self.person
    }
    /// The line this proof leaves in the sign-in log, written with the session it opens.
    pub(crate) fn log_entry(&self, act: &Act) -> SignIn {
        entry(act, self.client_prefix.clone(), SignInOutcome::Password)
    }
}

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRefusal {
    /// Unknown account or wrong password: never told which.
    Wrong,
    /// Too many attempts; the next one is possible after this.
    Throttled(Ttl),
    /// The right password of an account that may not sign in: suspended, closing, or its address not proven yet.
    NotAllowed,
}

/// What was typed into the sign-in form.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// A username or an address.
    pub identifier: &'a str,
    /// The password.
    pub password: Typed,
    /// Where it comes from.
    pub client_ip: Option<IpAddr>,
}

/// Verifies a password and records the attempt.
pub async fn verify_password(act: &Act, browser: &Browser, attempt: Attempt<'_>) -> Outcome<PasswordOk, PasswordRefusal> {
    let read = act.store().read();
    let found = match sign_in_name(attempt.identifier) {
        Some(name) => read.credentials().find_sign_in(&name).await?,
        None => None,
    };
    let (found, credential) = found.map_or((None, None), |(person, credential)| (Some(person), credential));
    let account = found.as_ref().map_or_else(|| attempt.identifier.trim().to_lowercase(), |person| person.id.to_string());
    let known_device = known_device(&read, browser, found.as_ref()).await?;
    let bucket = Bucket { account: &account, known_device: known_device.as_deref(), client_ip: attempt.client_ip };
    if let Admission::Wait(wait) = throttle::admit(act, bucket).await? {
        // not written down: a flood must not take the writer
        tracing::warn!(request_id = %act.request_id, "a sign-in was throttled");
        return refuse(PasswordRefusal::Throttled(wait));
    }
    // too long to be a password of ours: the work is done all the same, on nothing
    let fits = attempt.password.expose().len() <= limits::PASSWORD;
    let stored =
        credential.as_ref().filter(|_| fits).map(|credential| StoredPassword { scheme: credential.scheme, phc: credential.phc.clone() });
    let password = if fits { attempt.password.clone() } else { Typed::new(String::new()) };
    let verified = act.app.0.hasher.verify(&password, stored).await?;
    let (Some(person), Some(credential)) = (&found, credential) else {
        log(act, found.as_ref(), &attempt, SignInOutcome::WrongPassword).await?;
        return refuse(PasswordRefusal::Wrong);
    };
    if verified == Verified::Wrong {
        log(act, Some(person), &attempt, SignInOutcome::WrongPassword).await?;
        return refuse(PasswordRefusal::Wrong);
    }
    throttle::forgive(act, bucket).await?;
    if !person.state.may_sign_in() {
        log(act, Some(person), &attempt, SignInOutcome::NotAllowed).await?;
        return refuse(PasswordRefusal::NotAllowed);
    }
    if verified == Verified::RightButOutdated {
        hash_again(act, &credential, &password).await?;
    }
    Ok(PasswordOk { person: person.clone(), client_prefix: client_prefix(attempt.client_ip) })
}

/// An address contains `@`; a username cannot.
fn sign_in_name(identifier: &str) -> Option<SignInName> {
    if identifier.contains('@') {
        EmailAddress::parse(identifier).ok().map(SignInName::Address)
    } else {
        Username::parse(identifier).ok().map(SignInName::Username)
    }
}

async fn known_device(read: &ReadTx, browser: &Browser, person: Option<&Person>) -> Result<Option<String>, Fault> {
    let (Some(row), Some(person)) = (browser.row(), person) else { return Ok(None) };
    Ok(read.sessions().browser_knows(row, person.id).await?.then(|| row.to_string()))
}

/// Makes an imported or outdated hash again while the password is at hand.
async fn hash_again(act: &Act, credential: &PasswordCredential, password: &Typed) -> Result<(), Fault> {
    let hashed = act.app.0.hasher.hash(password, act.entropy().bytes()).await?;
    let tx = act.store().write("password.hash_again").await?;
    // lost when the password was changed meanwhile: the change counts
    let (Written::Won | Written::Lost) = tx.credentials().rehash(credential, hashed.scheme, &hashed.phc, PEPPER_VERSION).await?;
    tx.commit().await
}

/// The sign-in log is apart from the audit chain and short-lived.
async fn log(act: &Act, person: Option<&Person>, attempt: &Attempt<'_>, outcome: SignInOutcome) -> Result<(), Fault> {
    let tx = act.store().write("password.log").await?;
    tx.signin_log().append(person.map(|person| person.id), &entry(act, client_prefix(attempt.client_ip), outcome)).await?;
    tx.commit().await
}

fn entry(act: &Act, client_prefix: Option<String>, outcome: SignInOutcome) -> SignIn {
    SignIn { id: act.id(), at: act.now, outcome, client_prefix }
}

fn client_prefix(ip: Option<IpAddr>) -> Option<String> {
    ip.map(throttle::prefix)
}
