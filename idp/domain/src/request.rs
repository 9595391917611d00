//! Requests that wait for a manager: one table, several kinds.

use crate::{
    id::{CollectiveId, PersonId, RequestId, ServiceId},
    name::FreeText,
    time::Timestamp,
};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// To join the collective.
    Join,
    /// Access to a service through the collective.
    Access(ServiceId),
    /// Help.
    Support,
    /// A lost way in.
    Recovery,
}

impl RequestKind {
    /// The name in storage and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Access(_) => "access",
            Self::Support => "support",
            Self::Recovery => "recovery",
        }
    }
}

/// Where a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// In the queue.
    Open,
    /// Granted.
    Accepted,
    /// Refused, with a reason the person can read.
    Refused,
    /// Taken back by the person, or moot.
    Withdrawn,
}

impl RequestState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Open, Self::Accepted, Self::Refused, Self::Withdrawn];
    /// The name in storage and the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
    /// The state of a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A stored request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The row.
    pub id: RequestId,
    /// What is asked for.
    pub kind: RequestKind,
    /// Whose managers decide; a re-route changes it.
    pub collective: CollectiveId,
    /// Who asks.
    pub person: PersonId,
    /// Where it is.
    pub state: RequestState,
    /// What the person wrote.
    pub text: FreeText,
    /// Why it was refused, for the person to read.
    pub reason: Option<FreeText>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// Row version for `If-Match`.
    pub version: i64,
}
