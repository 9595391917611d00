//! Who is signed in: everything the desk knows between two requests, in one sealed cookie.
//!
//! There is no store behind it, and no back-channel logout either: every page asks the management API, which looks the
//! session up on each call. A cookie that outlives its session opens nothing.

use keys::{Timestamp, Ttl};
use serde::{Deserialize, Serialize};

/// When so little of the access token is left, it is renewed before it is used.
const RENEW_BEFORE: Ttl = Ttl::seconds(30);
/// An access token that the API refuses so soon after signing in will not get better by signing in again.
const JUST_SIGNED_IN: Ttl = Ttl::seconds(20);

/// What the session cookie holds. Field names are short: a browser keeps at most 4 KiB.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The manager's access token for the management API.
    #[serde(rename = "a")]
    pub access_token: String,
    /// When it expires, ms.
    #[serde(rename = "e")]
    pub expires_at: i64,
    /// The refresh token, bound to the single-sign-on session and not rotated: two tabs may use it at once.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The ID token, only to name the session when signing out.
    #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// Who.
    #[serde(rename = "s")]
    pub subject: String,
    /// What the forms' tokens are made of.
    #[serde(rename = "f")]
    pub csrf_seed: String,
    /// The collective they worked on last.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub collective: Option<String>,
    /// When they signed in here, ms.
    #[serde(rename = "t")]
    pub signed_in_at: i64,
}

impl Session {
    /// Whether the access token should be renewed before it is used.
    pub(crate) fn needs_renewal(&self, now: Timestamp) -> bool {
        now + RENEW_BEFORE >= Timestamp::from_millis(self.expires_at)
    }
    /// Whether the access token still works at all.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        now.millis() < self.expires_at
    }
    /// Whether the person has signed in a moment ago.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now < Timestamp::from_millis(self.signed_in_at) + JUST_SIGNED_IN
    }
    /// This session as it continues after signing in anew: the same person's open forms and place stay.
    pub(crate) fn continuing(self, before: Option<&Self>) -> Self {
        match before.filter(|before| before.subject == self.subject) {
            Some(before) => Self { csrf_seed: before.csrf_seed.clone(), collective: before.collective.clone(), ..self },
            None => self,
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("subject", &self.subject).field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A sign-in under way, in a cookie of its own, so that several tabs do not disturb each other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transaction {
    /// `state`: what the answer must carry.
    #[serde(rename = "s")]
    pub state: String,
    /// `nonce`: what the ID token must carry.
    #[serde(rename = "n")]
    pub nonce: String,
    /// The PKCE verifier.
    #[serde(rename = "v")]
    pub verifier: String,
    /// Where to go afterwards, on this origin.
    #[serde(rename = "r")]
    pub return_to: String,
    /// When it began, ms.
    #[serde(rename = "t")]
    pub began_at: i64,
}

impl Transaction {
    /// How long a sign-in may take.
    pub(crate) const LIFETIME: Ttl = Ttl::minutes(30);

    /// Whether the answer still counts.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        now < Timestamp::from_millis(self.began_at) + Self::LIFETIME
    }
}

#[cfg(test)]
pub(crate) fn sample(now: Timestamp) -> Session {
    Session {
        access_token: "token".into(),
        expires_at: (now + Ttl::minutes(2)).millis(),
        refresh_token: Some("refresh".into()),
        id_token: None,
        subject: "per-1".into(),
        csrf_seed: "seed".into(),
        collective: None,
        signed_in_at: now.millis(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    #[test]
    fn a_token_is_renewed_half_a_minute_before_it_expires() {
        let session = sample(NOW);
        assert!(!session.needs_renewal(NOW + Ttl::seconds(89)));
        assert!(session.needs_renewal(NOW + Ttl::seconds(90)));
        assert!(session.is_live(NOW + Ttl::seconds(119)) && !session.is_live(NOW + Ttl::seconds(120)));
    }

    #[test]
    fn only_the_same_persons_open_forms_stay_valid_after_signing_in_anew() {
        let before = Session { collective: Some("col_1".into()), ..sample(NOW) };
        let again = Session { csrf_seed: "new".into(), ..sample(NOW) };
        let same = again.clone().continuing(Some(&before));
        assert_eq!((same.csrf_seed.as_str(), same.collective.as_deref()), ("seed", Some("col_1")));
        let other = Session { subject: "per-2".into(), ..again }.continuing(Some(&before));
        assert_eq!((other.csrf_seed.as_str(), other.collective.as_deref()), ("new", None));
    }

    #[test]
    fn neither_debug_output_shows_a_token() {
        assert!(!format!("{:?}", sample(NOW)).contains("refresh"));
    }
}
