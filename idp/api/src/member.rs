//! People of the collective, as memberships.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{CollectiveRole, Door, Language, Mandate, ServiceRef, ServiceTold};

/// Where a membership is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MembershipState {
    /// Waits for a manager.
    Requested,
    /// Waits for the person.
    Invited,
    /// Stands.
    Active,
    /// Paused by a manager.
    Suspended,
    /// Dues unpaid or past its end date.
    Lapsed,
    /// Over.
    Ended,
    /// Refused by a manager.
    Refused,
}

impl MembershipState {
    /// Every state.
    pub const ALL: [Self; 7] = [Self::Requested, Self::Invited, Self::Active, Self::Suspended, Self::Lapsed, Self::Ended, Self::Refused];
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Lapsed => "lapsed",
            Self::Ended => "ended",
            Self::Refused => "refused",
        }
    }
    /// The state of a name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Somebody in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberItem {
    /// The membership: `mem_…`.
    pub id: String,
    /// Shown; may be a pseudonym.
    pub name: String,
    /// Unique in the cluster; empty where none is shown.
    pub username: String,
    /// Where the membership is in its life.
    pub state: MembershipState,
    /// What the person is in this collective.
    pub roles: Vec<CollectiveRole>,
    /// When the membership lapses by itself, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// How many doors this collective holds open for the person.
    pub open_doors: u32,
}

/// Somebody of the collective: the membership, the person as a manager may see them, and the doors this collective
/// opened. Says nothing about other collectives, not even whether there are any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberDetail {
    /// The membership.
    pub membership: Membership,
    /// The person.
    pub person: MemberPerson,
    /// Doors this collective opened and did not withdraw, by name of service.
    pub doors: Vec<Door>,
    /// What else its managers may open for the person now.
    pub offers: Vec<MemberOffer>,
    /// Services that were told of a change of late and what became of it, by name of service.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<ServiceTold>,
    /// Whether the caller may act on this membership: nobody decides about themselves.
    pub may_act: bool,
    /// Mandates in this collective that stand or wait for the person's yes, the oldest first.
    #[serde(default)]
    pub mandates: Vec<Mandate>,
    /// Whether the caller may propose the person as manager now.
    #[serde(default)]
    pub may_propose_manager: bool,
    /// The request that waits for an answer when the membership was only asked for: `req_…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Membership {
    /// `mem_…`.
    pub id: String,
    /// Where it is in its life.
    pub state: MembershipState,
    /// Whether this collective vouches for the person.
    pub home: bool,
    /// Since when it stands, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    /// When it lapses by itself, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// What the person is in this collective.
    pub roles: Vec<CollectiveRole>,
    /// For `If-Match`.
    pub version: i64,
}

/// A person as a manager of one of their collectives may see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberPerson {
    /// Shown; may be a pseudonym.
    pub name: String,
    /// Unique in the cluster; empty where none is shown.
    pub username: String,
    /// The address they sign in with, where a manager may see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The language they chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Whether the account was never active: nobody signed in with it yet.
    pub pending: bool,
}

/// A service a manager may open for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberOffer {
    /// What.
    pub service: ServiceRef,
    /// Roles a manager may give, weakest first; empty: the service has none.
    pub roles: Vec<String>,
    /// The role a grant gets when none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_role: Option<String>,
    /// The most a manager may give one person, bytes; absent: no ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota_ceiling: Option<i64>,
    /// Whether new members get it at validation: proposed as ticked.
    pub automatic: bool,
}
