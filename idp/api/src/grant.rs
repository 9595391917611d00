//! Doors: what a collective opened for one of its members, and what closing one does.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct ServiceRef {
    /// `svc_…`.
    pub id: String,
    /// Unique among services.
    pub slug: String,
    /// Shown.
    pub name: String,
}

/// A grant given through this collective's offer. Doors of other collectives are never shown, nor whether there are any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Door {
    /// `gra_…`.
    pub grant_id: String,
    /// Where it leads.
    pub service: ServiceRef,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// With how much room, bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<i64>,
    /// Until when, ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
    /// Whether one gets through it now, and if not, why.
    pub state: DoorState,
    /// For `If-Match`.
    pub version: i64,
}

/// Whether one gets through a door now. The first reason that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoorState {
    /// Yes.
    Open,
    /// Its end date is past.
    Expired,
    /// The membership does not stand.
    MembershipNotActive,
    /// The offer to the collective was withdrawn.
    OfferWithdrawn,
    /// The collective is not active.
    CollectiveNotActive,
    /// The service is not active.
    ServiceNotActive,
    /// The account cannot sign in: not validated yet, stopped or closing.
    PersonNotActive,
}

/// Opens a door for a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// `svc_…`, offered to the collective.
    pub service_id: String,
    /// One of the offer's roles; absent: its default role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Bytes, at most the offer's ceiling; absent: the service's own default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<i64>,
    /// Until when, ms, in the future; absent: no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
}

/// Replaces role, quota and end of a door. All three are set: absent means none, as in [`Grant`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditGrant {
    /// One of the offer's roles; absent: its default role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Bytes, at most the offer's ceiling; absent: the service's own default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<i64>,
    /// Until when, ms, in the future; absent: no end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<i64>,
}

/// The body of an act that takes nothing but an optional reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithReason {
    /// Why, for the person and the audit: at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A door after it was opened or changed, and what that did elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoorOutcome {
    /// The door.
    pub door: Door,
    /// What it did elsewhere.
    pub outcome: ActOutcome,
}

/// What an act closed, who was told, and what still runs. Speaks only of doors this collective opened: others may have
/// opened their own, and the answer does not say whether.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActOutcome {
    /// Doors of this collective that closed by it.
    pub closed: Vec<ClosedDoor>,
    /// Services that see something new of the person and whether they are told.
    pub told: Vec<Told>,
    /// Until when a service that checks our access tokens offline may accept one issued before, ms; absent: nothing was taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_tokens_live_until_ms: Option<i64>,
}

/// A door that closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosedDoor {
    /// Where it led.
    pub service: ServiceRef,
    /// Whether a session at the service itself may still run.
    pub still_runs: bool,
    /// What becomes of that session.
    pub note: ClosedNote,
}

/// What becomes of sessions that the service itself holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedNote {
    /// The service is being told to end them.
    BeingTold,
    /// The service cannot be told: they run until it ends them by itself.
    CannotBeTold,
    /// The person has none that came from here.
    NoSession,
}

/// Whether a service is told of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Told {
    /// The service.
    pub service: ServiceRef,
    /// By back-channel logout.
    pub backchannel: BackChannel,
}

/// Whether a back-channel logout is on its way (OIDC Back-Channel Logout 1.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackChannel {
    /// In the outbox, in the same transaction as the change.
    Queued,
    /// The service takes none, or the person has no session there.
    None,
}
