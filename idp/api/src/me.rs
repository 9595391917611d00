//! The caller.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who calls, and what they look after at this instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// The person: `per_…`.
    pub person_id: String,
    /// Shown.
    pub name: String,
    /// Unique in the cluster.
    pub username: String,
    /// The language they chose; absent: none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<crate::Language>,
    /// The collectives they are an active member of, by name.
    pub collectives: Vec<MyCollective>,
    /// Whether they serve at the community desk.
    pub community_steward: bool,
    /// Whether they serve at operations.
    pub operations_steward: bool,
    /// When the session behind the token was last proved, ms.
    pub auth_time: i64,
}

/// A collective of the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MyCollective {
    /// `col_…`.
    pub id: String,
    /// What services key on.
    pub slug: String,
    /// Shown.
    pub name: String,
    /// What the caller is there.
    pub roles: Vec<CollectiveRole>,
    /// Requests waiting for its managers; 0 unless the caller is one.
    pub open_requests: u32,
}

impl MyCollective {
    /// Whether the caller manages it.
    pub fn is_managed(&self) -> bool {
        self.roles.contains(&CollectiveRole::Manager)
    }
}

/// What somebody is in a collective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CollectiveRole {
    /// Belongs to it.
    Member,
    /// Looks after its people.
    Manager,
    /// Coordinates one of its working groups.
    Coordinator,
    /// Manages a service in its name.
    ServiceManager,
}
