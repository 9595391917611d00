//! A collective as those may see it who have to do with it: its members its face, its managers also its numbers.

use idp_domain::{
    Fault,
    collective::Collective,
    id::CollectiveId,
    membership::MembershipState,
    policy::{Action, Decision, Resource, Standing, can},
};
use idp_store::Tx;

use super::{Denied, allow};
use crate::{Act, Outcome, failure::OrRefuse};

/// A collective with its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectiveView {
    /// The collective.
    pub collective: Collective,
    /// Its numbers; absent for whoever does not manage it.
    pub numbers: Option<Numbers>,
}

/// The numbers of a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// Memberships in each state that occurs.
    pub members: Vec<(MembershipState, u64)>,
    /// Requests waiting for its managers.
    pub open_requests: u64,
    /// Managers whose mandate stands now.
    pub managers: usize,
}

/// Shows a collective.
pub async fn view_collective(act: &Act, standing: &Standing, collective: CollectiveId) -> Outcome<CollectiveView, Denied> {
    let resource = Resource::Collective(collective);
    allow(standing, Action::ViewCollective, &resource, |denied| denied)?;
    let read = act.store().read();
    let found = read.collectives().find(collective).await?.or_refuse(Denied::NotFound)?;
    let manages = can(standing, Action::ListMembers, &resource) == Decision::Allowed;
    let numbers = if manages { Some(numbers(act, &read, collective).await?) } else { None };
    Ok(CollectiveView { collective: found, numbers })
}

/// What its managers see of it.
pub(super) async fn numbers(act: &Act, tx: &impl Tx, collective: CollectiveId) -> Result<Numbers, Fault> {
    Ok(Numbers {
        members: tx.desk().count_members(collective, act.now).await?,
        open_requests: tx.requests().count_open(collective).await?,
        managers: tx.mandates().managers_of(&[collective], act.now).await?.len(),
    })
}
