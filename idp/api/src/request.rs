//! Requests that wait for the collective's managers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Door, Grant, Language, ServiceRef};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// To join the collective.
    Join,
    /// Access to a service through the collective.
    Access,
    /// Help.
    Support,
    /// A lost way in.
    Recovery,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Join, Self::Access, Self::Support, Self::Recovery];
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Join => "join",
            Self::Access => "access",
            Self::Support => "support",
            Self::Recovery => "recovery",
        }
    }
    /// The kind of a name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Where a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
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

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Applicant {
    /// Shown; may be a pseudonym.
    pub name: String,
    /// Unique in the cluster; empty where none is shown.
    pub username: String,
}

/// A request in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestItem {
    /// `req_…`.
    pub id: String,
    /// What is asked for.
    pub kind: RequestKind,
    /// Who asks.
    pub person: Applicant,
    /// The service, for [`RequestKind::Access`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceRef>,
    /// What the person wrote, possibly empty.
    pub text: String,
    /// When it was made, ms.
    pub created_at: i64,
    /// The listed collective that handed it over; absent also when that one is not listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rerouted_from: Option<String>,
}

/// A request with everything its decision needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestDetail {
    /// `req_…`.
    pub id: String,
    /// What is asked for.
    pub kind: RequestKind,
    /// Where it is: somebody else may have decided.
    pub state: RequestState,
    /// Who asks.
    pub person: Applicant,
    /// The person's verified addresses, as far as a manager of this collective may see them.
    pub addresses: Vec<AddressShown>,
    /// The language the person chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What the person wrote, possibly empty.
    pub text: String,
    /// The service, for [`RequestKind::Access`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceRef>,
    /// When it was made, ms.
    pub created_at: i64,
    /// The listed collective that handed it over; absent also when that one is not listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rerouted_from: Option<String>,
    /// Whether the caller may decide it: nobody decides about themselves.
    pub may_decide: bool,
    /// What can be opened with the acceptance: for joining every active offer, for access the one asked for.
    pub offers: Vec<crate::MemberOffer>,
}

/// An address, whole or only where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddressShown {
    /// `maria@exemple.cat`, or `exemple.cat` when only the domain may be seen.
    pub text: String,
    /// Whether `text` is the whole address.
    pub whole: bool,
}

/// Accepts a request. For help and recovery `grants` stays empty: it was dealt with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Doors to open at once, within the collective's offers; exactly these, whatever is automatic. For access the one asked for.
    #[serde(default)]
    pub grants: Vec<Grant>,
}

/// What an acceptance did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Accepted {
    /// The membership that stands now: `mem_…`; absent for help and recovery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership_id: Option<String>,
    /// The doors that were opened.
    pub doors: Vec<Door>,
}

/// Refuses a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// Why, for the person to read: 1 to 2,000 characters.
    pub reason: String,
}

/// Hands a request over to another collective; the person types nothing again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reroute {
    /// The other collective: `col_…`, one of the listed.
    pub to: String,
}

/// A collective a request can be handed over to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RerouteTarget {
    /// `col_…`.
    pub id: String,
    /// What services key on.
    pub slug: String,
    /// Shown.
    pub name: String,
}
