//! A new name of a collective or of a working group: told to the services that show it, of the people it is shown of
//! (DOMAIN rule 13). Most services know groups by identifiers that never change; they are left in peace.

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{
    Fault,
    client::{Client, ClientRole},
    id::{ClientId, CollectiveId, ServiceId, WorkingGroupId},
    profile::GroupsRendering,
    scope::Scope,
};
use idp_store::{Tx, WriteTx, authorizations::Which};

use crate::{Act, backchannel};

/// What has another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renamed {
    /// A collective: its name stands in the claim `collectives`, and in `groups` where those carry names.
    Collective(CollectiveId),
    /// A working group of a collective: its name stands in `groups` where those carry names.
    WorkingGroup(CollectiveId, WorkingGroupId),
}

/// Tells whoever shows the name to ask again; nothing ends. In the transaction of the change.
///
/// What counts is what a client may ask for, not what the latest request of an authorization asked: older tokens of it
/// may hold more.
pub(crate) async fn tell_of_name(act: &Act, tx: &WriteTx, renamed: Renamed) -> Result<(), Fault> {
    let (collective, people) = match renamed {
        Renamed::Collective(collective) => (collective, Which::Members(collective)),
        Renamed::WorkingGroup(collective, group) => (collective, Which::WorkingGroup(group)),
    };
    let known = tx.clients().list(act.now).await?;
    let clients: BTreeMap<ClientId, Client> = known.into_iter().map(|managed| (managed.client.id, managed.client)).collect();
    let offered: BTreeSet<ServiceId> = tx.offers().list_to(collective).await?.into_iter().map(|(_, service)| service.id).collect();
    let in_groups =
        |client: &Client| matches!(client.role, ClientRole::Service(service) if offered.contains(&service)) && names_groups(client);
    let in_list = |client: &Client| matches!(renamed, Renamed::Collective(_)) && client.scopes.contains(Scope::Collectives);

    let mut targets = tx.authorizations().list_logout_targets(people).await?;
    targets.retain(|target| clients.get(&target.client).is_some_and(|client| in_groups(client) || in_list(client)));
    if let Renamed::Collective(collective) = renamed {
        let told: BTreeSet<_> = targets.iter().map(|target| target.authorization).collect();
        let guests = tx.authorizations().list_logout_targets(Which::Guests(collective)).await?;
        let shows = |client: &ClientId| clients.get(client).is_some_and(names_groups);
        targets.extend(guests.into_iter().filter(|guest| shows(&guest.client) && !told.contains(&guest.authorization)));
    }
    // no door is closed or changed: no receipt is owed
    backchannel::tell(act, tx, &targets, &[]).await
}

/// Whether a client learns the names of groups, not only their identifiers.
fn names_groups(client: &Client) -> bool {
    client.profile.groups == GroupsRendering::Objects && client.scopes.contains(Scope::Groups)
}
