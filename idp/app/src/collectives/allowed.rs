//! Asking the policy, before anything is read.

use idp_domain::{
    Fault,
    policy::{self, Action, Decision, Resource, Standing},
};

use crate::{Outcome, failure::refuse};

/// Why the policy says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The actor may know the thing but not do this.
    Forbidden,
    /// The act is the actor's to do, but not to themselves.
    OwnMembership,
    /// There is no such thing, as far as the actor may know.
    NotFound,
}

/// Lets the act pass, or refuses it in the use case's own words.
pub(crate) fn allow<R>(standing: &Standing, action: Action, resource: &Resource, denied: fn(Denied) -> R) -> Outcome<(), R> {
    match policy::can(standing, action, resource) {
        Decision::Allowed => Ok(()),
        Decision::Forbidden => refuse(denied(why_forbidden(standing, action, resource))),
        Decision::NotFound => refuse(denied(Denied::NotFound)),
    }
}

fn why_forbidden(standing: &Standing, action: Action, resource: &Resource) -> Denied {
    match resource {
        Resource::Member { collective, person }
            if standing.person == Some(*person)
                && policy::can(standing, action, &Resource::Collective(*collective)) == Decision::Allowed =>
        {
            Denied::OwnMembership
        }
        Resource::Service { person, .. } if standing.person == Some(*person) => Denied::OwnMembership,
        _ => Denied::Forbidden,
    }
}

/// A row that another row's foreign key promises.
pub(crate) fn promised<T>(found: Option<T>, place: &'static str) -> Result<T, Fault> {
    found.ok_or_else(|| Fault::broken(place, "a row that a key refers to is missing"))
}
