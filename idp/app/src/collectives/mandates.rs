//! The mandates of one of a collective's people, as its managers see them.

use idp_domain::{
    Timestamp,
    id::MandateId,
    membership::{Mandate, MandateKind},
};

use super::RoleInCollective;

/// A mandate that waits for its holder or stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateSeen {
    /// The row.
    pub id: MandateId,
    /// What it makes of its holder.
    pub role: RoleInCollective,
    /// Where it is.
    pub state: MandateState,
    /// Since when it is there: when it was accepted, or when it was proposed.
    pub since: Timestamp,
    /// Its term, when limited.
    pub ends_at: Option<Timestamp>,
}

/// Where a mandate is that was not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MandateState {
    /// Waits for the holder's yes.
    Proposed,
    /// The holder said yes.
    Accepted,
}

impl MandateState {
    /// Where a mandate is now; `None` when it is over.
    pub fn of(mandate: &Mandate, now: Timestamp) -> Option<Self> {
        let over = mandate.ended_at.is_some() || mandate.ends_at.is_some_and(|end| now >= end);
        (!over).then(|| if mandate.accepted_at.is_some() { Self::Accepted } else { Self::Proposed })
    }
}

impl MandateSeen {
    /// A mandate as it is shown; `None` when it is over, or a steward's, which is the cluster's and not the collective's.
    pub(super) fn of(mandate: &Mandate, now: Timestamp) -> Option<Self> {
        let role = match mandate.kind {
            MandateKind::Manager => RoleInCollective::Manager,
            MandateKind::Coordinator(_) => RoleInCollective::Coordinator,
            MandateKind::ServiceManager(_) => RoleInCollective::ServiceManager,
            MandateKind::CommunitySteward | MandateKind::OperationsSteward => return None,
        };
        let since = mandate.accepted_at.unwrap_or(mandate.starts_at);
        Some(Self { id: mandate.id, role, state: MandateState::of(mandate, now)?, since, ends_at: mandate.ends_at })
    }
}
