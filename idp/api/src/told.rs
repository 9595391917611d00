//! What became of a withdrawal or a change at the services: told, not answered yet, or impossible to tell.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ServiceRef;

/// The last change of somebody's doors that a service was told of in the last 30 days. Only doors of this collective
/// count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceTold {
    /// The service.
    pub service: ServiceRef,
    /// When the change happened here, ms.
    pub since: i64,
    /// How far it got there.
    pub state: ToldState,
    /// When it got there, ms.
    pub at: i64,
}

/// How far telling a service got; with several sessions there, the worst of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToldState {
    /// It confirmed.
    Confirmed,
    /// On the way.
    Waiting,
    /// It did not take it yet; the next try follows.
    TryingAgain,
    /// It never took it: what runs there ends when the service ends it.
    GivenUp,
    /// It cannot be told: what runs there ends when the service ends it.
    CannotBeTold,
}
