//! What somebody is in a collective.

use std::collections::BTreeSet;

use idp_domain::{
    Fault, Timestamp,
    id::CollectiveId,
    membership::{Mandate, MandateKind, Membership},
};
use idp_store::Tx;

/// What somebody is in a collective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleInCollective {
    /// Belongs to it.
    Member,
    /// Looks after its people.
    Manager,
    /// Coordinates one of its working groups.
    Coordinator,
    /// Manages a service in its name.
    ServiceManager,
}

/// The mandates of one collective, to be asked about each of its people.
#[derive(Debug)]
pub(super) struct Roles {
    mandates: Vec<Mandate>,
    now: Timestamp,
}

impl Roles {
    pub(super) async fn of(tx: &impl Tx, collective: CollectiveId, now: Timestamp) -> Result<Self, Fault> {
        Ok(Self { mandates: tx.mandates().list(collective).await?, now })
    }

    /// What the person of a membership is now; nothing while the membership does not stand. The duties of stewards are
    /// the cluster's and do not show here.
    pub(super) fn held_by(&self, membership: &Membership) -> Vec<RoleInCollective> {
        if !membership.is_active(self.now) {
            return Vec::new();
        }
        let held = self.mandates.iter().filter(|mandate| mandate.membership == membership.id && mandate.is_active(self.now));
        let roles = held.filter_map(|mandate| match mandate.kind {
            MandateKind::Manager => Some(RoleInCollective::Manager),
            MandateKind::Coordinator(_) => Some(RoleInCollective::Coordinator),
            MandateKind::ServiceManager(_) => Some(RoleInCollective::ServiceManager),
            MandateKind::CommunitySteward | MandateKind::OperationsSteward => None,
        });
        std::iter::once(RoleInCollective::Member).chain(roles).collect::<BTreeSet<_>>().into_iter().collect()
    }
}
