//! Whether every name in a file leads somewhere, in the file or in the database, and whether what is given may be given.

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{
    quota::Quota,
    service::{Outsiders, RoleName},
    slug::{Slug, WorkingGroupSlug},
    username::Username,
};

use super::{World, structure::WillBe};
use crate::apply::{
    file::{Asked, ClientKind, ClusterFile, DoorSpec, GrantSpec, MandateOver, MembershipSpec, OfferSpec, PasswordSpec, PersonSpec},
    place::{Located, Problem, Problems},
};

pub(super) fn check(file: &ClusterFile, world: &World) -> Result<(), Problems> {
    let mut check = Check { file, world, known: Known::of(file, world), problems: Vec::new() };
    check.structure();
    for person in &file.people {
        check.person(person);
    }
    Problems::from_found(check.problems)
}

/// A service as it will be.
struct KnownService<'a> {
    roles: &'a [RoleName],
    owners: BTreeSet<&'a Slug>,
    outsiders: Outsiders,
}

/// An offer as it will be. No roles of its own: all of the service's.
struct KnownOffer<'a> {
    roles: Option<&'a [RoleName]>,
    ceiling: Option<Quota>,
}

/// Everything that will be there after the file was applied.
struct Known<'a> {
    collectives: BTreeSet<&'a Slug>,
    groups: BTreeSet<(&'a Slug, &'a WorkingGroupSlug)>,
    services: BTreeMap<&'a Slug, KnownService<'a>>,
    offers: BTreeMap<(&'a Slug, &'a Slug), KnownOffer<'a>>,
    usernames: BTreeSet<&'a Username>,
}

impl<'a> Known<'a> {
    fn of(file: &'a ClusterFile, world: &'a World) -> Self {
        let (collective_slugs, service_slugs) = (world.collective_slugs(), world.service_slugs());
        let structure = &world.structure;
        let mut known = Self {
            collectives: structure.collectives.iter().map(|row| &row.value.slug).collect(),
            groups: structure
                .working_groups
                .iter()
                .filter_map(|group| Some((*collective_slugs.get(&group.collective)?, &group.slug)))
                .collect(),
            services: BTreeMap::new(),
            offers: BTreeMap::new(),
            usernames: world.people.keys().chain(file.people.iter().map(|person| &person.username.value)).collect(),
        };
        for row in &structure.services {
            let owners = structure.owners.iter().filter(|(service, _)| *service == row.value.id);
            let owners = owners.filter_map(|(_, owner)| collective_slugs.get(owner).copied()).collect();
            let service = KnownService { roles: &row.value.roles, owners, outsiders: row.value.outsiders };
            known.services.insert(&row.value.slug, service);
        }
        let mut standing = BTreeMap::new();
        for row in structure.offers.iter().filter(|row| row.value.withdrawn_at.is_none()) {
            if let (Some(service), Some(collective)) = (service_slugs.get(&row.value.service), collective_slugs.get(&row.value.collective))
            {
                known.offers.insert((service, collective), KnownOffer { roles: Some(&row.value.roles), ceiling: row.value.quota_ceiling });
                standing.insert((*service, *collective), row);
            }
        }
        for spec in &file.collectives {
            known.collectives.insert(&spec.slug.value);
            known.groups.extend(spec.working_groups.iter().map(|group| (&spec.slug.value, &group.slug.value)));
        }
        for spec in &file.services {
            let service = known.services.entry(&spec.slug.value);
            let service = service.or_insert_with(|| KnownService { roles: &[], owners: BTreeSet::new(), outsiders: Outsiders::Refused });
            service.roles = spec.roles.as_deref().unwrap_or(service.roles);
            service.owners.extend(spec.owners.iter().flatten().map(|owner| &owner.value));
            service.outsiders = spec.outsiders.unwrap_or(service.outsiders);
        }
        for spec in &file.offers {
            let key = (&spec.service.value, &spec.collective.value);
            let offer = match standing.get(&key).map(|row| WillBe::of(row, spec)) {
                Some(WillBe { roles, ceiling }) => KnownOffer { roles: Some(roles), ceiling },
                None => KnownOffer { roles: spec.roles.as_deref(), ceiling: spec.quota_ceiling },
            };
            known.offers.insert(key, offer);
        }
        known
    }
}

struct Check<'a> {
    file: &'a ClusterFile,
    world: &'a World,
    known: Known<'a>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(self.file.source.problem(line, message));
    }

    fn collective(&mut self, slug: &Located<Slug>) -> bool {
        let found = self.known.collectives.contains(&slug.value);
        if !found {
            let expected = listed(self.known.collectives.iter());
            self.wrong(slug.line, format!("there is no collective `{}`: expected {expected}", slug.value));
        }
        found
    }

    fn service(&mut self, slug: &Located<Slug>) -> bool {
        let found = self.known.services.contains_key(&slug.value);
        if !found {
            let expected = listed(self.known.services.keys());
            self.wrong(slug.line, format!("there is no service `{}`: expected {expected}", slug.value));
        }
        found
    }

    fn username(&mut self, username: &Located<Username>) {
        if !self.known.usernames.contains(&username.value) {
            self.wrong(
                username.line,
                format!("there is no person `{}`: expected a username of this file or of the cluster", username.value),
            );
        }
    }

    fn structure(&mut self) {
        let file = self.file;
        for owner in file.services.iter().flat_map(|service| service.owners.iter().flatten()) {
            self.collective(owner);
        }
        for client in &file.clients {
            if let ClientKind::Service(service) = &client.kind {
                self.service(service);
            }
        }
        for offer in &file.offers {
            self.offer(offer);
        }
    }

    fn offer(&mut self, offer: &OfferSpec) {
        let known = self.collective(&offer.collective);
        if !(self.service(&offer.service) && known) {
            return;
        }
        let service = &self.known.services[&offer.service.value];
        let roles = offer.roles.iter().flatten().chain(&offer.default_role);
        let foreign: Vec<RoleName> = roles.filter(|role| !service.roles.contains(role)).cloned().collect();
        let declared = listed(service.roles.iter());
        for role in foreign {
            self.wrong(offer.service.line, format!("service `{}` has no role `{role}`: expected {declared}", offer.service.value));
        }
    }

    fn person(&mut self, person: &PersonSpec) {
        let username = &person.username;
        let known = self.world.people.get(&username.value);
        if known.is_none() {
            if person.name.is_none() {
                self.wrong(username.line, format!("`{}` is new here: `name` is missing", username.value));
            }
            if self.world.burnt_usernames.contains(&username.value) {
                self.wrong(username.line, format!("the username `{}` belonged to somebody and is never given again", username.value));
            }
        }
        for email in &person.emails {
            let holder = self.world.address_holders.get(&email.value);
            if holder.is_some_and(|holder| known.is_none_or(|known| known.person.value.id != *holder)) {
                self.wrong(email.line, format!("the address {} signs in somebody else already", email.value));
            }
        }
        if let Some(PasswordSpec::Hash { pepper: Some(pepper), .. }) = &person.password
            && pepper.value != self.world.pepper
        {
            let message =
                "this password was hashed under another master key: use the master key of the cluster it came from, or leave the hash out";
            self.wrong(pepper.line, message);
        }
        for membership in &person.memberships {
            self.membership(membership);
        }
        for grant in &person.grants {
            self.grant(person, grant);
        }
        for request in &person.requests {
            let known = self.collective(&request.collective);
            if let Asked::Access(service) = &request.asked
                && self.service(service)
                && known
                && !self.known.offers.contains_key(&(&service.value, &request.collective.value))
            {
                self.wrong(
                    service.line,
                    format!("`{}` is not offered to `{}`, so it cannot be asked for", service.value, request.collective.value),
                );
            }
        }
    }

    fn membership(&mut self, membership: &MembershipSpec) {
        if let Some(sponsor) = &membership.sponsor {
            self.username(sponsor);
        }
        if !self.collective(&membership.collective) {
            return;
        }
        let collective = &membership.collective.value;
        let over = membership.mandates.iter().filter_map(|mandate| match &mandate.over.value {
            MandateOver::WorkingGroup(group) => Some(group),
            _ => None,
        });
        for group in membership.working_groups.iter().chain(over) {
            if !self.known.groups.contains(&(collective, &group.value)) {
                let expected = listed(self.known.groups.iter().filter(|(of, _)| *of == collective).map(|(_, slug)| slug));
                self.wrong(group.line, format!("`{collective}` has no working group `{}`: expected {expected}", group.value));
            }
        }
        for mandate in &membership.mandates {
            if let MandateOver::Service(service) = &mandate.over.value
                && self.service(service)
                && !self.known.services[&service.value].owners.contains(collective)
            {
                self.wrong(
                    service.line,
                    format!("`{}` is not a service of `{collective}`: only its owners name service managers", service.value),
                );
            }
        }
    }

    fn grant(&mut self, person: &PersonSpec, grant: &GrantSpec) {
        let (service, line) = (&grant.service.value, grant.service.line);
        let known = self.collective(grant.door.collective());
        if !(self.service(&grant.service) && known) {
            return;
        }
        let declared = self.known.services[service].roles;
        let (roles, ceiling) = match &grant.door {
            DoorSpec::Via(collective) => {
                if !self.belongs(person, &collective.value) {
                    self.wrong(collective.line, format!("`{}` has no membership in `{}`", person.username.value, collective.value));
                }
                let Some(offer) = self.known.offers.get(&(service, &collective.value)) else {
                    let message =
                        format!("`{service}` is not offered to `{}`: add an [[offer]], or take another collective", collective.value);
                    return self.wrong(collective.line, message);
                };
                (offer.roles.unwrap_or(declared), offer.ceiling)
            }
            DoorSpec::Guest { owner, sponsor } => {
                self.guest(person, grant, owner, sponsor);
                (declared, None)
            }
        };
        if let Some(role) = grant.role.named().filter(|role| !roles.contains(role)) {
            self.wrong(line, format!("the role `{role}` cannot be given here: expected {}", listed(roles.iter())));
        }
        if let (Some(quota), Some(ceiling)) = (grant.quota, ceiling)
            && quota > ceiling
        {
            self.wrong(line, format!("{quota} is more than the offer's ceiling of {ceiling}"));
        }
    }

    fn guest(&mut self, person: &PersonSpec, grant: &GrantSpec, owner: &Located<Slug>, sponsor: &Located<Username>) {
        self.username(sponsor);
        if sponsor.value == person.username.value {
            self.wrong(sponsor.line, "nobody answers for themselves: expected another person as `sponsor`");
        }
        let service = &self.known.services[&grant.service.value];
        let (admits, owned) = (service.outsiders == Outsiders::Admitted, service.owners.contains(&owner.value));
        if !admits {
            self.wrong(grant.service.line, format!("service `{}` admits no guests: `outsiders = true` would", grant.service.value));
        }
        if !owned {
            self.wrong(owner.line, format!("`{}` does not own `{}`, so nobody is its guest there", owner.value, grant.service.value));
        }
    }

    /// Whether the person has, or gets, a membership there.
    fn belongs(&self, person: &PersonSpec, collective: &Slug) -> bool {
        let in_file = person.memberships.iter().any(|membership| membership.collective.value == *collective);
        let id = self.world.structure.collectives.iter().find(|row| row.value.slug == *collective).map(|row| row.value.id);
        let known = self.world.people.get(&person.username.value);
        in_file || known.is_some_and(|known| known.memberships.iter().any(|row| Some(row.membership.value.collective) == id))
    }
}

/// What could have stood there, as much as helps.
fn listed<T: ToString>(candidates: impl Iterator<Item = T>) -> String {
    const SHOWN: usize = 12;
    let all: Vec<String> = candidates.map(|candidate| format!("`{}`", candidate.to_string())).collect();
    match all.len() {
        0 => "none, there are no such".to_owned(),
        1 => all[0].clone(),
        n if n <= SHOWN => format!("one of {}", all.join(", ")),
        n => format!("one of {} and {} more", all[..SHOWN].join(", "), n - SHOWN),
    }
}
