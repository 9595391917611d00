//! Who is at which browser: in memory, bounded, named by random cookies.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use openidconnect::core::CoreIdToken;
use serde_json::{Map, Value};

use crate::logout_token::LogoutToken;

const MINUTE: i64 = 60_000;
/// A sign-in begun and not ended is forgotten after this time.
const PENDING_FOR: i64 = 15 * MINUTE;
/// How long somebody stays signed in here.
pub(crate) const SESSION_FOR: i64 = 8 * 60 * MINUTE;
/// Sign-ins one browser may have open at once, in several tabs.
const MAX_PENDING: usize = 5;
/// Browsers remembered at once.
const MAX_BROWSERS: usize = 10_000;
/// Logout tokens remembered at once, until they expire.
const MAX_SEEN: usize = 10_000;

/// A sign-in that waits for the provider's answer. Used once.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) begun_at: i64,
}

/// Somebody is signed in.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) sub: String,
    /// The provider's name of the session, which a logout token repeats.
    pub(crate) sid: Option<String>,
    /// For signing out at the provider.
    pub(crate) id_token: CoreIdToken,
    /// How the ID token was signed.
    pub(crate) algorithm: String,
    pub(crate) id_claims: Map<String, Value>,
    /// Absent when the endpoint did not answer.
    pub(crate) userinfo: Option<Map<String, Value>>,
    /// Bound into the sign-out form.
    pub(crate) csrf: String,
    pub(crate) since: i64,
}

/// What one browser's cookie stands for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser {
    pending: Vec<Pending>,
    pub(crate) signed_in: Option<SignedIn>,
    /// When the provider said that this browser's session ended.
    pub(crate) ended_at: Option<i64>,
    touched_at: i64,
}

/// All browsers.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    browsers: HashMap<String, Browser>,
    /// `jti` and expiry of logout tokens.
    seen: HashMap<String, i64>,
}

impl Sessions {
    /// What is known of a browser, if its cookie still stands for something.
    pub(crate) fn browser(&self, id: &str, now: i64) -> Option<Browser> {
        self.inner().browsers.get(id).filter(|browser| browser.lives(now)).cloned()
    }

    /// Remembers a sign-in for the browser called `id`, or for a new one called `fresh`; returns the name it has now.
    pub(crate) fn begin(&self, id: Option<&str>, fresh: String, pending: Pending, now: i64) -> String {
        let mut inner = self.inner();
        let id = id.filter(|id| inner.browsers.get(*id).is_some_and(|browser| browser.lives(now))).map_or(fresh, str::to_owned);
        inner.make_room(now);
        let browser = inner.browsers.entry(id.clone()).or_default();
        browser.touched_at = now;
        if browser.pending.len() >= MAX_PENDING {
            browser.pending.remove(0);
        }
        browser.pending.push(pending);
        id
    }

    /// Takes the sign-in of this `state` out of the browser: it works once.
    pub(crate) fn take_pending(&self, id: &str, state: &str, now: i64) -> Option<Pending> {
        let mut inner = self.inner();
        let pending = &mut inner.browsers.get_mut(id)?.pending;
        let at = pending.iter().position(|pending| pending.state == state)?;
        Some(pending.remove(at)).filter(|pending| now < pending.begun_at + PENDING_FOR)
    }

    /// Signs in under the new name `fresh`: a name known before signing in is worth nothing after it.
    pub(crate) fn sign_in(&self, old: &str, fresh: String, signed_in: SignedIn, now: i64) {
        let mut inner = self.inner();
        let pending = inner.browsers.remove(old).map(|browser| browser.pending).unwrap_or_default();
        inner.make_room(now);
        inner.browsers.insert(fresh, Browser { pending, signed_in: Some(signed_in), ended_at: None, touched_at: now });
    }

    /// Forgets the browser; returns who was signed in there.
    pub(crate) fn sign_out(&self, id: &str) -> Option<SignedIn> {
        self.inner().browsers.remove(id)?.signed_in
    }

    /// Ends the sessions a logout token means and returns how many there were; `None` when the token was seen before.
    pub(crate) fn end(&self, token: &LogoutToken, now: i64) -> Option<usize> {
        let mut inner = self.inner();
        inner.seen.retain(|_, expires_at| now < *expires_at);
        if inner.seen.contains_key(&token.jti) {
            return None;
        }
        if inner.seen.len() >= MAX_SEEN
            && let Some(soonest) = inner.seen.iter().min_by_key(|(_, expires_at)| **expires_at).map(|(jti, _)| jti.clone())
        {
            inner.seen.remove(&soonest);
        }
        inner.seen.insert(token.jti.clone(), token.expires_at);
        let mut ended = 0;
        for browser in inner.browsers.values_mut() {
            if browser.signed_in.as_ref().is_some_and(|signed_in| signed_in.is_meant_by(token)) {
                browser.signed_in = None;
                browser.ended_at = Some(now);
                browser.touched_at = now;
                ended += 1;
            }
        }
        Some(ended)
    }

    /// A panic while holding the lock leaves whole entries behind, so the map stays usable.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Drops what has expired, then, if still full, whoever is not signed in and was here longest ago.
    fn make_room(&mut self, now: i64) {
        if self.browsers.len() < MAX_BROWSERS {
            return;
        }
        self.browsers.retain(|_, browser| browser.lives(now));
        while self.browsers.len() >= MAX_BROWSERS {
            let least = self.browsers.iter().min_by_key(|(_, browser)| (browser.signed_in.is_some(), browser.touched_at));
            let Some(id) = least.map(|(id, _)| id.clone()) else { return };
            self.browsers.remove(&id);
        }
    }
}

impl Browser {
    fn lives(&self, now: i64) -> bool {
        let span = if self.signed_in.is_some() || self.ended_at.is_some() { SESSION_FOR } else { PENDING_FOR };
        now < self.touched_at + span
    }
}

impl SignedIn {
    /// Both given must both match (Back-Channel Logout 1.0 §2.7).
    fn is_meant_by(&self, token: &LogoutToken) -> bool {
        let sid = token.sid.as_deref().is_none_or(|sid| self.sid.as_deref() == Some(sid));
        let sub = token.sub.as_deref().is_none_or(|sub| self.sub == sub);
        sid && sub && (token.sid.is_some() || token.sub.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(state: &str, begun_at: i64) -> Pending {
        Pending { state: state.to_owned(), nonce: String::new(), verifier: String::new(), begun_at }
    }

    #[test]
    fn a_sign_in_works_once_in_its_own_browser_and_in_time() {
        let sessions = Sessions::default();
        let id = sessions.begin(None, "a".to_owned(), pending("s", 0), 0);
        sessions.begin(None, "b".to_owned(), pending("t", 0), 0);
        assert!(sessions.take_pending("b", "s", 1).is_none(), "another browser");
        assert!(sessions.take_pending(&id, "s", 1).is_some());
        assert!(sessions.take_pending(&id, "s", 1).is_none(), "a second time");
        assert!(sessions.take_pending("b", "t", PENDING_FOR).is_none(), "too late");
    }

    #[test]
    fn a_browser_keeps_only_its_latest_sign_ins() {
        let sessions = Sessions::default();
        for nth in 0..=MAX_PENDING {
            assert_eq!(sessions.begin(Some("a"), "a".to_owned(), pending(&nth.to_string(), 0), 0), "a");
        }
        assert!(sessions.take_pending("a", "0", 1).is_none());
        assert!(sessions.take_pending("a", "1", 1).is_some());
    }

    #[test]
    fn the_store_stays_bounded() {
        let sessions = Sessions::default();
        for nth in 0..MAX_BROWSERS + 10 {
            sessions.begin(None, nth.to_string(), pending("s", 0), i64::try_from(nth).unwrap_or(0));
        }
        assert_eq!(sessions.inner().browsers.len(), MAX_BROWSERS);
        assert!(sessions.browser("9", 20).is_none(), "the oldest made room");
        assert!(sessions.browser("10010", 20).is_none());
    }

    #[test]
    fn a_logout_token_works_once_until_it_has_expired() {
        let sessions = Sessions::default();
        let token = LogoutToken { sid: Some("x".to_owned()), sub: None, jti: "j".to_owned(), expires_at: 100 };
        assert_eq!(sessions.end(&token, 1), Some(0));
        assert_eq!(sessions.end(&token, 99), None);
        assert_eq!(sessions.end(&token, 100), Some(0));
    }
}
