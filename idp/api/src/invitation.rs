//! Invitations by address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Language;

/// Invites somebody. The answer is the same whether or not the address is known to the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Where the invitation goes.
    pub email: String,
    /// How the mail addresses the person: at most 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language of the mail; absent: the collective's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// An invitation on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// The membership that waits for the person's yes: `mem_…`.
    pub id: String,
    /// Where it goes.
    pub email: String,
    /// Until when it can be accepted, ms.
    pub expires_at: i64,
}
