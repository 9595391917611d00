//! Browsers and the sessions they hold. The cookie names a browser, not a session: one browser may hold several
//! people's sessions, and its secret changes at every sign-in, so that a planted cookie is worth nothing afterwards.

use idp_domain::{
    Fault,
    id::{BrowserId, PersonId, SessionId},
    person::Person,
    secret::{Secret, SecretHash, SecretKind},
    session::{self, AuthEvent, AuthMethod, Session},
};
use idp_store::{Attempt, Tx, sessions::NewSession};

use crate::{Act, login::password::PasswordOk};

/// A browser as recognised by its cookie; a browser nobody signed in with has no row yet.
#[derive(Debug, Clone)]
pub struct Browser {
    /// The hash of its cookie.
    pub secret: SecretHash,
    /// Live sessions, the most recent proof first.
    pub sessions: Vec<LiveSession>,
    row: Option<BrowserId>,
}

/// A live session with its person.
#[derive(Debug, Clone)]
pub struct LiveSession {
    /// The session.
    pub session: Session,
    /// Whose.
    pub person: Person,
}

/// Whether the person calls the device theirs, which lets a session rest longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// Eight hours of rest.
    Own,
    /// One hour of rest.
    Shared,
}

/// Where somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// Whose device it is.
    pub device: Device,
    /// What the person will recognise the browser by, if it says.
    pub label: Option<String>,
}

/// A fresh sign-in: the cookie to set and the session it leads to.
#[derive(Debug)]
pub struct SignedIn {
    /// The browser's new secret.
    pub cookie: Secret,
    /// The session.
    pub session: SessionId,
    /// The browser as that cookie leads to it.
    pub browser: Browser,
}

/// Recognises a browser by its cookie.
pub async fn recognise(act: &Act, cookie: &Secret) -> Result<Browser, Fault> {
    let secret = cookie.hash();
    let Some(found) = act.store().read().sessions().find_by_browser(&secret, act.now).await? else {
        return Ok(Browser { secret, sessions: Vec::new(), row: None });
    };
    let mut sessions: Vec<LiveSession> = found
        .sessions
        .into_iter()
        .filter(|(session, person)| session.is_live(act.now, act.app.epoch()) && person.state.may_sign_in())
        .map(|(session, person)| LiveSession { session, person })
        .collect();
    sessions.sort_by_key(|live| std::cmp::Reverse(live.session.auth_time()));
    Ok(Browser { secret, sessions, row: Some(found.browser) })
}

impl Browser {
    /// A browser that sent no cookie.
    pub const fn unknown(secret: SecretHash) -> Self {
        Self { secret, sessions: Vec::new(), row: None }
    }
    /// The session of the most recent proof: the one that answers when nobody chose.
    pub fn current(&self) -> Option<&LiveSession> {
        self.sessions.first()
    }
    /// A session by its identifier.
    pub fn session(&self, id: SessionId) -> Option<&LiveSession> {
        self.sessions.iter().find(|live| live.session.id == id)
    }
    pub(crate) const fn row(&self) -> Option<BrowserId> {
        self.row
    }
}

/// Turns a proof into a session: a new one, or the person's own in this browser with one proof more. Either way the
/// browser gets a new secret.
pub async fn sign_in(act: &Act, proof: PasswordOk, browser: &Browser, here: Here) -> Result<SignedIn, Fault> {
    let cookie = act.entropy().secret(SecretKind::Browser);
    let event = AuthEvent { method: AuthMethod::Password, at: act.now };
    let person = proof.person();
    let own = browser.sessions.iter().find(|live| live.session.person == person.id);
    let tx = act.store().write("browser.sign_in").await?;
    let row = match browser.row {
        Some(row) if tx.sessions().rotate_browser(row, &browser.secret, &cookie.hash(), act.now).await? == Attempt::Won => row,
        // no row yet, or another tab rotated it a moment ago: this sign-in gets a browser of its own
        _ => {
            let row = act.id();
            tx.sessions().insert_browser(row, &cookie.hash(), act.now).await?;
            row
        }
    };
    let session = if let Some(live) = own.filter(|live| live.session.browser == row) {
        tx.sessions().add_proof(live.session.id, act.id(), event).await?;
        let mut session = live.session.clone();
        session.auth_events.push(event);
        session
    } else {
        let new = new_session(act, row, person.id, here, event);
        tx.sessions().insert(&new).await?;
        begun(&new)
    };
    tx.signin_log().append(Some(person.id), &proof.log_entry(act)).await?;
    tx.commit().await?;
    let id = session.id;
    let others = browser.sessions.iter().filter(|other| other.session.browser == row && other.session.id != id).cloned();
    let sessions = std::iter::once(LiveSession { session, person: person.clone() }).chain(others).collect();
    Ok(SignedIn { session: id, browser: Browser { secret: cookie.hash(), sessions, row: Some(row) }, cookie })
}

fn new_session(act: &Act, browser: BrowserId, person: PersonId, here: Here, proof: AuthEvent) -> NewSession {
    NewSession {
        id: act.id(),
        browser,
        person,
        created_at: act.now,
        idle: match here.device {
            Device::Own => session::IDLE_OWN_DEVICE,
            Device::Shared => session::IDLE,
        },
        expires_at: act.now + session::ABSOLUTE,
        epoch: act.app.epoch(),
        label: here.label,
        proof_id: act.id(),
        proof,
    }
}

/// A session as it stands after it was added.
fn begun(new: &NewSession) -> Session {
    Session {
        id: new.id,
        browser: new.browser,
        person: new.person,
        created_at: new.created_at,
        last_used_at: new.created_at,
        idle: new.idle,
        expires_at: new.expires_at,
        ended_at: None,
        epoch: new.epoch,
        auth_events: vec![new.proof],
    }
}
