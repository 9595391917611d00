//! The collectives of the person who asks.

use idp_domain::{Fault, collective::Collective, policy::Standing};
use idp_store::Tx;

use super::roles::{RoleInCollective, Roles};
use crate::Act;

/// A collective of the actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyCollective {
    /// The collective.
    pub collective: Collective,
    /// What the actor is there.
    pub roles: Vec<RoleInCollective>,
    /// Requests waiting for its managers; 0 unless the actor is one.
    pub open_requests: u64,
}

impl MyCollective {
    /// Whether the actor manages it.
    pub fn is_managed(&self) -> bool {
        self.roles.contains(&RoleInCollective::Manager)
    }
}

/// The active collectives the actor is an active member of, by name.
pub async fn list_mine(act: &Act, standing: &Standing) -> Result<Vec<MyCollective>, Fault> {
    let Some(person) = standing.person else { return Ok(Vec::new()) };
    let read = act.store().read();
    let ids: Vec<_> = standing.member_of.iter().copied().collect();
    let mut mine = Vec::with_capacity(ids.len());
    for collective in read.collectives().list_of(&ids).await? {
        let Some(membership) = read.memberships().find_of(collective.id, person).await? else { continue };
        let roles = Roles::of(&read, collective.id, act.now).await?.held_by(&membership);
        let manages = standing.manages.contains(&collective.id);
        let open_requests = if manages { read.requests().count_open(collective.id).await? } else { 0 };
        mine.push(MyCollective { collective, roles, open_requests });
    }
    Ok(mine)
}
