//! Identifiers: UUID v7 inside, printed with a prefix so that support and secret scanners recognise them.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use uuid::Uuid;

/// What an identifier names; implemented by the marker types of this module only.
pub trait Kind {
    /// Three letters printed before the identifier.
    const PREFIX: &'static str;
}

/// The identifier of one row of one kind.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// The text is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an identifier that starts with `{expected}_`")]
pub struct InvalidId {
    expected: &'static str,
}

impl<K> Id<K> {
    /// Wraps a UUID that came from storage or from the entropy source.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The UUID as stored.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.simple())
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: Kind> FromStr for Id<K> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId { expected: K::PREFIX };
        let hex =
            text.strip_prefix(K::PREFIX).and_then(|rest| rest.strip_prefix('_')).filter(|hex| hex.len() == 32).ok_or(invalid.clone())?;
        Uuid::try_parse(hex).map(Self::from_uuid).map_err(|_| invalid)
    }
}

#[cfg(feature = "serde")]
impl<K: Kind> serde::Serialize for Id<K> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
#[cfg(feature = "serde")]
impl<'de, K: Kind> serde::Deserialize<'de> for Id<K> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $alias:ident, $kind:ident, $prefix:literal;)*) => {$(
        #[doc = concat!("Marker of [`", stringify!($alias), "`].")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {}
        impl Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = Id<$kind>;
    )*};
}

ids! {
    /// A person.
    PersonId, Person, "per";
    /// An e-mail address of a person.
    EmailId, Email, "eml";
    /// A credential of a person.
    CredentialId, Credential, "crd";
    /// A collective.
    CollectiveId, Collective, "col";
    /// A working group of a collective.
    WorkingGroupId, WorkingGroup, "wgr";
    /// A person's membership in a collective.
    MembershipId, Membership, "mem";
    /// A power that a membership carries.
    MandateId, Mandate, "man";
    /// A service.
    ServiceId, Service, "svc";
    /// A client's row; the public `client_id` is [`crate::client::ClientIdentifier`].
    ClientId, Client, "cli";
    /// One secret of a client.
    ClientSecretId, ClientSecret, "cse";
    /// A service's offer to a collective.
    OfferId, Offer, "off";
    /// A person's access to a service.
    GrantId, Grant, "gra";
    /// A request that waits for a manager.
    RequestId, Request, "req";
    /// One message in a request's thread.
    MessageId, Message, "msg";
    /// A one-time link sent by mail or printed at the console.
    LinkId, Link, "lnk";
    /// A browser that holds sessions.
    BrowserId, Browser, "bro";
    /// A single-sign-on session.
    SessionId, Session, "ses";
    /// How a session proved who the person is.
    AuthEventId, AuthEvent, "aev";
    /// A login flow.
    FlowId, Flow, "flo";
    /// What a person authorised for a client.
    AuthorizationId, Authorization, "azn";
    /// An authorization code.
    CodeId, Code, "cod";
    /// A refresh token.
    RefreshTokenId, RefreshToken, "rft";
    /// A signing key's row.
    KeyId, Key, "key";
    /// A background job.
    JobId, Job, "job";
    /// One audited fact.
    AuditId, Audit, "aud";
    /// A proof that a withdrawal took effect at a service.
    ReceiptId, Receipt, "rcp";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_survives_printing_and_parsing() {
        let id = PersonId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string(), "per_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
    }

    #[test]
    fn an_identifier_of_another_kind_is_refused() {
        let text = PersonId::from_uuid(Uuid::from_u128(7)).to_string();
        assert!(text.parse::<CollectiveId>().is_err());
        for bad in ["", "per_", "per_xyz", "per-00000000000000000000000000000007", "per_00000000-0000-0000-0000-000000000007"] {
            assert!(bad.parse::<PersonId>().is_err(), "{bad}");
        }
    }
}
