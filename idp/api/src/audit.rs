//! What happened in the collective.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ServiceRef;

/// A fact in the collective's audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditItem {
    /// `aud_…`.
    pub id: String,
    /// Its place in the collective's chain.
    pub sequence: i64,
    /// When, ms.
    pub at: i64,
    /// What kind of fact: `membership.suspended`, `grant.given`, … New kinds may appear.
    #[schema(example = "membership.suspended")]
    pub kind: String,
    /// Who did it.
    pub actor: AuditActor,
    /// Whom it concerns, when the caller may know and the name was not erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The service it concerns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceRef>,
    /// The reason that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditActor {
    /// What they are.
    pub kind: ActorKind,
    /// The person's name, when it was a person and the caller may know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    Person,
    /// An operator at the server's console.
    Operator,
    /// The software itself.
    System,
}
