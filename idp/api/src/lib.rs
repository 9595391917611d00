//! The management API as its callers see it: shapes, paths and (feature `client`) a typed client.
//!
//! This crate is a promise, not a model: it knows nothing of the domain and both sides convert explicitly. Within `v1`
//! changes only add. Conventions everywhere:
//!
//! * Identifiers are strings with a prefix (`col_…`, `mem_…`); they are opaque to callers.
//! * Times are milliseconds since 1970-01-01T00:00:00Z, quotas are bytes.
//! * Lists are [`Page`]s with a keyset cursor.
//! * A row that can change has a `version`; changing it needs `If-Match: "<version>"` ([`version`]).
//! * Creations take an optional `Idempotency-Key` ([`IDEMPOTENCY_KEY`]): the same key with the same body answers as before.
//! * Every error is a [`Problem`] (RFC 9457).
//! * What belongs to a collective that the caller does not manage does not exist for them: 404, never 403.

#![warn(missing_docs)]

pub mod paths;
pub mod version;

mod audit;
mod collective;
mod error;
mod grant;
mod invitation;
mod mandate;
mod me;
mod member;
mod page;
mod request;
mod told;

#[cfg(feature = "client")]
pub mod client;

pub use audit::{ActorKind, AuditActor, AuditItem};
pub use collective::{
    Collective, CollectiveCounts, CollectiveItem, CollectiveState, EditCollective, Language, OfferItem, OfferState, StateCount,
};
pub use error::{FieldError, Problem, ProblemType};
pub use grant::{
    ActOutcome, BackChannel, ClosedDoor, ClosedNote, Door, DoorOutcome, DoorState, EditGrant, Grant, ServiceRef, Told, WithReason,
};
pub use invitation::{Invitation, Invite};
pub use mandate::{Mandate, MandateState, WithdrawMandate};
pub use me::{CollectiveRole, Me, MyCollective};
pub use member::{MemberDetail, MemberItem, MemberOffer, MemberPerson, Membership, MembershipState};
pub use page::{PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, Page};
pub use request::{
    Accept, Accepted, AddressShown, Applicant, Refuse, RequestDetail, RequestItem, RequestKind, RequestState, Reroute, RerouteTarget,
};
pub use told::{ServiceTold, ToldState};

/// The media type of every error (RFC 9457 §3).
pub const PROBLEM_JSON: &str = "application/problem+json";
/// The header that makes a creation safe to repeat: 1 to 64 characters `[A-Za-z0-9_-]`, remembered for a day.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The scope an access token needs.
pub const SCOPE: &str = "manage";
/// What is appended to the issuer to name the management API as a resource (RFC 8707): the token's only audience.
pub const RESOURCE_PATH: &str = "/manage";
