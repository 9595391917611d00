//! Who may do what to whom: the whole authorization table of the management API.
//!
//! Scope says "this app may manage"; what a person may manage is decided here from what they hold at this instant.
//! A collective the actor has nothing to do with does not exist for them: [`Decision::NotFound`], never "forbidden"
//! (DOMAIN rule 2).

use std::collections::BTreeSet;

use crate::id::{CollectiveId, PersonId, ServiceId};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Person(PersonId),
    /// An operator at the server's console.
    Operator,
    /// The software itself: jobs.
    System,
}

impl Actor {
    /// The person, when it is one.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            Self::Operator | Self::System => None,
        }
    }
}

/// What a person holds at this instant: active memberships in active collectives and accepted, running mandates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whose; nobody for the anonymous.
    pub person: Option<PersonId>,
    /// Member of.
    pub member_of: BTreeSet<CollectiveId>,
    /// Manager of.
    pub manages: BTreeSet<CollectiveId>,
    /// Manager of the service.
    pub manages_services: BTreeSet<ServiceId>,
    /// Serves at the community desk.
    pub community_steward: bool,
    /// Serves at operations.
    pub operations_steward: bool,
}

impl Standing {
    /// Whether the person may enter the admin UI at all.
    pub fn may_manage(&self) -> bool {
        !self.manages.is_empty() || !self.manages_services.is_empty() || self.community_steward || self.operations_steward
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What somebody wants to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }
        impl Action {
            /// Every action, for the printed matrix.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

actions! {
    /// See a collective's name and state.
    ViewCollective,
    /// Change its name, language or listing.
    EditCollective,
    /// See its open requests.
    ListRequests,
    /// Accept or refuse a request.
    DecideRequest,
    /// Hand a request over to another collective.
    RerouteRequest,
    /// List and search its people.
    ListMembers,
    /// Look at one of its people; an event that person can read.
    ViewMember,
    /// Pause a membership.
    SuspendMembership,
    /// Let a paused or lapsed membership stand again.
    ResumeMembership,
    /// End a membership.
    EndMembership,
    /// Invite somebody by address.
    InviteMember,
    /// Resend the welcome or activation mail.
    ResendMail,
    /// Propose somebody as manager.
    AppointManager,
    /// Take such a proposal back or end such a mandate; one's own is laid down.
    EndMandate,
    /// See the services offered to the collective.
    ListServices,
    /// Open a door: give a member a service, within the offer.
    GrantService,
    /// Close a door the collective opened.
    WithdrawGrant,
    /// Admit a guest to a service.
    AdmitGuest,
    /// Read the collective's audit.
    ReadAudit,
    /// List every collective of the cluster.
    ListCollectives,
    /// Found a collective.
    FoundCollective,
}

/// On what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// The cluster as a whole.
    Cluster,
    /// A collective.
    Collective(CollectiveId),
    /// A person in a collective.
    Member {
        /// The collective.
        collective: CollectiveId,
        /// The person.
        person: PersonId,
    },
    /// A service.
    Service {
        /// The service.
        service: ServiceId,
        /// In the name of this owner.
        owner: CollectiveId,
        /// The person concerned.
        person: PersonId,
    },
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allowed,
    /// The actor may know the thing but not do this.
    Forbidden,
    /// For this actor the thing does not exist.
    NotFound,
}

/// The table.
pub fn can(standing: &Standing, action: Action, resource: &Resource) -> Decision {
    let Some(actor) = standing.person else { return Decision::NotFound };
    match resource {
        Resource::Cluster => on_cluster(standing, action),
        Resource::Collective(collective) => on_collective(standing, action, *collective),
        Resource::Member { collective, person } => {
            // nobody decides about themselves: no self-grant, no self-validation. What one may do is look, and lay down a
            // mandate: that gives nobody anything, and the use case keeps the last manager
            let own = *person == actor && !matches!(action, Action::ViewMember | Action::ListServices | Action::EndMandate);
            match on_collective(standing, action, *collective) {
                Decision::Allowed if own => Decision::Forbidden,
                decision => decision,
            }
        }
        Resource::Service { service, owner, person } => match action {
            Action::AdmitGuest | Action::WithdrawGrant => {
                if !standing.manages_services.contains(service) {
                    Decision::NotFound
                } else if *person == actor || !standing.member_of.contains(owner) {
                    Decision::Forbidden
                } else {
                    Decision::Allowed
                }
            }
            _ => Decision::NotFound,
        },
    }
}

fn on_cluster(standing: &Standing, action: Action) -> Decision {
    match action {
        Action::ListCollectives | Action::FoundCollective if standing.community_steward => Decision::Allowed,
        Action::ListCollectives | Action::FoundCollective => Decision::Forbidden,
        _ => Decision::NotFound,
    }
}

fn on_collective(standing: &Standing, action: Action, collective: CollectiveId) -> Decision {
    let manager = standing.manages.contains(&collective);
    let member = standing.member_of.contains(&collective);
    let allowed = match action {
        Action::ViewCollective => manager || member || standing.community_steward,
        Action::EditCollective
        | Action::ListRequests
        | Action::DecideRequest
        | Action::RerouteRequest
        | Action::ListMembers
        | Action::ViewMember
        | Action::SuspendMembership
        | Action::ResumeMembership
        | Action::EndMembership
        | Action::InviteMember
        | Action::ResendMail
        | Action::AppointManager
        | Action::EndMandate
        | Action::ListServices
        | Action::GrantService
        | Action::WithdrawGrant
        | Action::ReadAudit => manager,
        Action::AdmitGuest | Action::ListCollectives | Action::FoundCollective => return Decision::NotFound,
    };
    match (allowed, member || manager || standing.community_steward) {
        (true, _) => Decision::Allowed,
        (false, true) => Decision::Forbidden,
        (false, false) => Decision::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }
    fn collective(n: u128) -> CollectiveId {
        CollectiveId::from_uuid(Uuid::from_u128(n))
    }
    fn manager_of(n: u128) -> Standing {
        Standing { person: Some(person(1)), member_of: [collective(n)].into(), manages: [collective(n)].into(), ..Standing::default() }
    }

    #[test]
    fn a_foreign_collective_does_not_exist_for_a_manager() {
        for &action in Action::ALL {
            for resource in [Resource::Collective(collective(2)), Resource::Member { collective: collective(2), person: person(5) }] {
                assert_eq!(can(&manager_of(1), action, &resource), Decision::NotFound, "{action:?}");
            }
        }
    }

    #[test]
    fn nobody_decides_about_themselves() {
        let own = Resource::Member { collective: collective(1), person: person(1) };
        for action in [
            Action::GrantService,
            Action::WithdrawGrant,
            Action::DecideRequest,
            Action::SuspendMembership,
            Action::EndMembership,
            Action::AppointManager,
        ] {
            assert_eq!(can(&manager_of(1), action, &own), Decision::Forbidden, "{action:?}");
        }
        assert_eq!(can(&manager_of(1), Action::EndMandate, &own), Decision::Allowed, "a manager may resign");
    }

    #[test]
    fn the_anonymous_find_nothing_and_members_may_not_manage() {
        let member = Standing { manages: BTreeSet::new(), ..manager_of(1) };
        for &action in Action::ALL {
            assert_eq!(can(&Standing::default(), action, &Resource::Collective(collective(1))), Decision::NotFound);
            let expected = match action {
                Action::ViewCollective => Decision::Allowed,
                Action::AdmitGuest | Action::ListCollectives | Action::FoundCollective => Decision::NotFound,
                _ => Decision::Forbidden,
            };
            assert_eq!(can(&member, action, &Resource::Collective(collective(1))), expected, "{action:?}");
        }
    }

    #[test]
    fn operations_stewards_read_no_person() {
        let steward = Standing { person: Some(person(1)), operations_steward: true, ..Standing::default() };
        for &action in Action::ALL {
            let member = Resource::Member { collective: collective(1), person: person(2) };
            assert_eq!(can(&steward, action, &member), Decision::NotFound, "{action:?}");
        }
    }
}
