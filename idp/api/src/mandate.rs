//! Mandates: what some of a collective's people may do for the others.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::CollectiveRole;

/// Where a mandate is that is not over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MandateState {
    /// Waits for its holder's yes: promotion must be accepted.
    Proposed,
    /// Its holder said yes.
    Accepted,
}

impl MandateState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
        }
    }
    /// The state of a name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Proposed, Self::Accepted].into_iter().find(|state| state.as_str() == name)
    }
}

/// A mandate of the member it is shown with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mandate {
    /// `man_…`.
    pub id: String,
    /// What it makes of its holder. Only that of `manager` can be proposed and ended here.
    pub role: CollectiveRole,
    /// Where it is.
    pub state: MandateState,
    /// When it was accepted, or proposed while it waits, ms.
    pub since: i64,
    /// When it ends by itself, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
}

/// Takes a proposal back or ends a mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawMandate {
    /// As the caller saw it: nobody ends a mandate who meant to take a proposal back.
    pub state: MandateState,
    /// Why, for the person and the audit: at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
