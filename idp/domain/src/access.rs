//! Effective access: the rule behind the one gate.
//!
//! person active ∧ grant active ∧ (the membership it came through is active ∨ it is a guest grant) ∧ offer active ∧
//! collective active ∧ service active. Several open doors merge (DOMAIN rule 13).

use crate::{
    collective::CollectiveState,
    groups::Group,
    id::{CollectiveId, GrantId, ServiceId},
    membership::{self, MembershipState},
    name::DisplayName,
    person::PersonState,
    quota::Quota,
    service::{RoleName, ServiceState},
    slug::{Slug, WorkingGroupSlug},
    time::Timestamp,
};

/// A collective as claims show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CollectiveRef {
    /// The row.
    pub id: CollectiveId,
    /// What services key on.
    pub slug: Slug,
    /// Shown.
    pub name: DisplayName,
}

/// A person's membership in one collective that the service is offered to, whatever its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedMembership {
    /// Where.
    pub collective: CollectiveRef,
    /// The collective's own state.
    pub collective_state: CollectiveState,
    /// The membership's state.
    pub state: MembershipState,
    /// Its end date.
    pub ends_at: Option<Timestamp>,
    /// When the offer to this collective was withdrawn.
    pub offer_withdrawn_at: Option<Timestamp>,
    /// Whether an active mandate of manager stands now.
    pub manager: bool,
    /// Whether an active mandate of coordinator stands now.
    pub coordinator: bool,
    /// Working groups the membership is in.
    pub working_groups: Vec<(WorkingGroupSlug, DisplayName)>,
}

impl OfferedMembership {
    /// Whether this membership opens doors now.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.collective_state == CollectiveState::Active
            && self.offer_withdrawn_at.is_none()
            && membership::is_active(self.state, self.ends_at, now)
    }
}

/// Through which door a grant leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DoorVia {
    /// Through the person's membership in this collective, one of [`AccessFacts::memberships`].
    Membership(CollectiveId),
    /// As a guest, in the name of this owner of the service.
    Guest {
        /// The owner.
        owner: CollectiveRef,
        /// The owner's state.
        owner_state: CollectiveState,
    },
}

/// One grant of the person to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// The grant.
    pub grant: GrantId,
    /// Through which door it leads.
    pub via: DoorVia,
    /// As what.
    pub role: Option<RoleName>,
    /// With how much room.
    pub quota: Option<Quota>,
    /// Until when.
    pub ends_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// Everything the rule needs, read in one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessFacts {
    /// The account.
    pub person_state: PersonState,
    /// The service.
    pub service: ServiceId,
    /// Its state.
    pub service_state: ServiceState,
    /// Its roles, weakest first.
    pub service_roles: Vec<RoleName>,
    /// Memberships in collectives it is offered to.
    pub memberships: Vec<OfferedMembership>,
    /// Grants of the person to it.
    pub doors: Vec<Door>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessRefusal {
    /// The account is not active.
    PersonNotActive,
    /// The service is not active.
    ServiceNotActive,
    /// No grant leads through an open door.
    NoOpenDoor,
}

/// A group with the name people know it by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedGroup {
    /// What services key on.
    pub group: Group,
    /// Shown.
    pub name: String,
}

/// What a person has at a service, all open doors merged. Equal values look the same to the service: any difference
/// in role, quota or groups is told to it, and a new name of a group to the services that show names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveAccess {
    /// The strongest role.
    pub role: Option<RoleName>,
    /// The sum of the quotas; absent when no grant sets one.
    pub quota: Option<Quota>,
    /// When the last door closes by itself.
    pub ends_at: Option<Timestamp>,
    /// The collectives whose doors are open.
    pub via: Vec<CollectiveRef>,
    /// Every group of the person that matters to this service, in order.
    pub groups: Vec<NamedGroup>,
}

/// The rule. In doubt the answer is no.
pub fn evaluate(facts: &AccessFacts, now: Timestamp) -> Result<EffectiveAccess, AccessRefusal> {
    if facts.person_state != PersonState::Active {
        return Err(AccessRefusal::PersonNotActive);
    }
    if facts.service_state != ServiceState::Active {
        return Err(AccessRefusal::ServiceNotActive);
    }
    let open: Vec<(&Door, CollectiveRef)> = facts.doors.iter().filter_map(|door| Some((door, open_through(door, facts, now)?))).collect();
    if open.is_empty() {
        return Err(AccessRefusal::NoOpenDoor);
    }
    let mut via: Vec<_> = open.iter().map(|(_, collective)| collective.clone()).collect();
    via.sort();
    via.dedup();
    let doors = || open.iter().map(|(door, _)| *door);
    Ok(EffectiveAccess {
        role: doors().filter_map(|door| door.role.as_ref()).max_by_key(|role| strength(role, &facts.service_roles)).cloned(),
        quota: doors().filter_map(|door| door.quota).reduce(Quota::plus),
        ends_at: if doors().any(|door| door.ends_at.is_none()) { None } else { doors().filter_map(|door| door.ends_at).max() },
        groups: groups(facts, &open, now),
        via,
    })
}

/// A role the service no longer declares is weaker than any it does.
fn strength(role: &RoleName, declared: &[RoleName]) -> Option<usize> {
    declared.iter().position(|candidate| candidate == role)
}

fn open_through(door: &Door, facts: &AccessFacts, now: Timestamp) -> Option<CollectiveRef> {
    if door.withdrawn_at.is_some() || door.ends_at.is_some_and(|end| now >= end) {
        return None;
    }
    match &door.via {
        DoorVia::Membership(collective) => facts
            .memberships
            .iter()
            .find(|membership| membership.collective.id == *collective && membership.counts(now))
            .map(|membership| membership.collective.clone()),
        DoorVia::Guest { owner, owner_state } => (*owner_state == CollectiveState::Active).then(|| owner.clone()),
    }
}

/// Groups of every membership that counts, whether or not its own door is the open one, and of every open guest door.
fn groups(facts: &AccessFacts, open: &[(&Door, CollectiveRef)], now: Timestamp) -> Vec<NamedGroup> {
    let mut groups = Vec::new();
    for membership in facts.memberships.iter().filter(|membership| membership.counts(now)) {
        groups.extend(membership_groups(membership));
    }
    for (door, collective) in open {
        if matches!(door.via, DoorVia::Guest { .. }) {
            groups.push(named(Group::Guests(collective.slug.clone()), &collective.name));
        }
    }
    groups.sort();
    groups.dedup();
    groups
}

fn named(group: Group, collective: &DisplayName) -> NamedGroup {
    let name = group.part().map_or_else(|| collective.to_string(), |part| format!("{collective} · {part}"));
    NamedGroup { group, name }
}

fn membership_groups(membership: &OfferedMembership) -> impl Iterator<Item = NamedGroup> + use<'_> {
    let CollectiveRef { slug, name, .. } = &membership.collective;
    let base = std::iter::once(named(Group::Members(slug.clone()), name));
    let managers = membership.manager.then(|| named(Group::Managers(slug.clone()), name));
    let coordinators = membership.coordinator.then(|| named(Group::Coordinators(slug.clone()), name));
    let working = membership.working_groups.iter().map(move |(group, group_name)| NamedGroup {
        group: Group::WorkingGroup(slug.clone(), group.clone()),
        name: format!("{name} · {group_name}"),
    });
    base.chain(managers).chain(coordinators).chain(working)
}

#[cfg(test)]
mod tests;
