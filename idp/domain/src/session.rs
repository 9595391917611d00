//! Single-sign-on sessions: one browser holds several; each knows how and when its person proved who they are.

use crate::{
    id::{BrowserId, PersonId, SessionId},
    time::{Timestamp, Ttl},
};

/// Unused this long, a session ends (N-57).
pub const IDLE: Ttl = Ttl::hours(1);
/// Unused this long on a device the person called theirs.
pub const IDLE_OWN_DEVICE: Ttl = Ttl::hours(8);
/// However much used, a session ends after this.
pub const ABSOLUTE: Ttl = Ttl::hours(24);
/// `last_used_at` is written at most this often, so that reading pages does not cost durable commits.
pub const TOUCH_EVERY: Ttl = Ttl::minutes(5);

/// How a person proved who they are; `amr` values of RFC 8176.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthMethod {
    /// `pwd`
    Password,
    /// `user`+`hwk`: seam for passkeys.
    Passkey,
}

impl AuthMethod {
    /// The name in storage, and the `amr` value (RFC 8176 §2).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "pwd",
            Self::Passkey => "hwk",
        }
    }
    /// The method of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Password, Self::Passkey].into_iter().find(|method| method.as_str() == name)
    }
}

/// A proof at one instant; `acr`, `amr` and `auth_time` derive from these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthEvent {
    /// How.
    pub method: AuthMethod,
    /// When.
    pub at: Timestamp,
}

/// A stored session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The row; printed as the `sid` claim.
    pub id: SessionId,
    /// The browser that holds it.
    pub browser: BrowserId,
    /// Whose it is.
    pub person: PersonId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, within [`TOUCH_EVERY`].
    pub last_used_at: Timestamp,
    /// Idle limit.
    pub idle: Ttl,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// The cluster's epoch at sign-in.
    pub epoch: i64,
    /// Proofs, oldest first; never empty.
    pub auth_events: Vec<AuthEvent>,
}

impl Session {
    /// Whether it still stands.
    pub fn is_live(&self, now: Timestamp, epoch: i64) -> bool {
        self.ended_at.is_none() && self.epoch == epoch && now < self.expires_at && now.since(self.last_used_at) < self.idle
    }
    /// The last full proof: `auth_time` (OIDC Core §2).
    pub fn auth_time(&self) -> Timestamp {
        self.auth_events.iter().map(|event| event.at).max().unwrap_or(self.created_at)
    }
    /// The methods used: `amr` (RFC 8176).
    pub fn amr(&self) -> Vec<&'static str> {
        let mut methods: Vec<_> = self.auth_events.iter().map(|event| event.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    }
    /// The authentication context class reached: `acr`.
    pub fn acr(&self) -> &'static str {
        acr_of(self.auth_events.iter().map(|event| event.method))
    }
}

/// The authentication context class of a set of methods: `phr` for a phishing-resistant one
/// (OpenID Connect Extended Authentication Profile §2), `1` for a password.
pub fn acr_of(methods: impl IntoIterator<Item = AuthMethod>) -> &'static str {
    if methods.into_iter().any(|method| method == AuthMethod::Passkey) { "phr" } else { "1" }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_session_ends_by_idleness_age_epoch_and_will() {
        let t = Timestamp::from_seconds(1000);
        let session = Session {
            id: SessionId::from_uuid(Uuid::from_u128(1)),
            browser: BrowserId::from_uuid(Uuid::from_u128(2)),
            person: PersonId::from_uuid(Uuid::from_u128(3)),
            created_at: t,
            last_used_at: t,
            idle: IDLE,
            expires_at: t + ABSOLUTE,
            ended_at: None,
            epoch: 1,
            auth_events: vec![AuthEvent { method: AuthMethod::Password, at: t }],
        };
        assert!(session.is_live(t, 1));
        assert!(!session.is_live(t, 2));
        assert!(!session.is_live(t + IDLE, 1));
        assert!(!Session { last_used_at: t + ABSOLUTE, ..session.clone() }.is_live(t + ABSOLUTE, 1));
        assert!(!Session { ended_at: Some(t), ..session.clone() }.is_live(t, 1));
        assert_eq!((session.auth_time(), session.amr(), session.acr()), (t, vec!["pwd"], "1"));
    }
}
