//! What is wrong between the parts of a file, whatever the database holds: the same thing twice, and combinations that
//! cannot be.

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::membership::MembershipState;

use crate::apply::{
    file::{Asked, ClusterFile, MandateOver, MembershipSpec, PersonSpec},
    place::{Problem, Source},
};

pub(super) fn check(file: &ClusterFile, problems: &mut Vec<Problem>) {
    let mut check = Check { source: &file.source, problems };
    let mut collectives = Once::default();
    for collective in &file.collectives {
        check.once(&mut collectives, &collective.slug.value, collective.slug.line, |slug, line| {
            format!(
                "collective `{slug}` is already there in line {line}: both would be the same group at the services; give one another `slug`"
            )
        });
        let mut groups = Once::default();
        for group in &collective.working_groups {
            check.once(&mut groups, &group.slug.value, group.slug.line, |slug, line| {
                format!("working group `{slug}` is already there in line {line}: give one another `slug`")
            });
        }
    }
    let mut services = Once::default();
    for service in &file.services {
        check.once(&mut services, &service.slug.value, service.slug.line, |slug, line| {
            format!("service `{slug}` is already there in line {line}: give one another `slug`")
        });
    }
    let mut clients = Once::default();
    for client in &file.clients {
        check.once(&mut clients, &client.client_id.value, client.client_id.line, |id, line| {
            format!("client `{id}` is already there in line {line}")
        });
    }
    let mut offers = Once::default();
    for offer in &file.offers {
        check.once(&mut offers, (&offer.service.value, &offer.collective.value), offer.service.line, |(service, collective), line| {
            format!("the offer of `{service}` to `{collective}` is already there in line {line}")
        });
    }
    let (mut usernames, mut addresses) = (Once::default(), Once::default());
    for person in &file.people {
        check.once(&mut usernames, &person.username.value, person.username.line, |name, line| {
            format!("person `{name}` is already there in line {line}")
        });
        for email in &person.emails {
            check.once(&mut addresses, &email.value, email.line, |address, line| {
                format!("the address {address} is already there in line {line}: an address belongs to one person")
            });
        }
        check.person(person);
    }
}

/// Keys seen so far, with their lines.
type Once<K> = BTreeMap<K, usize>;

struct Check<'a> {
    source: &'a Source,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, line: usize, message: impl Into<String>) {
        self.problems.push(self.source.problem(line, message));
    }

    fn once<K: Ord + Copy>(&mut self, seen: &mut Once<K>, key: K, line: usize, message: impl FnOnce(K, usize) -> String) {
        match seen.get(&key) {
            Some(&first) => self.wrong(line, message(key, first)),
            None => {
                seen.insert(key, line);
            }
        }
    }

    fn person(&mut self, person: &PersonSpec) {
        let username = &person.username.value;
        let (mut collectives, mut doors) = (Once::default(), Once::default());
        for membership in &person.memberships {
            let collective = &membership.collective;
            self.once(&mut collectives, &collective.value, collective.line, |slug, line| {
                format!("`{username}` already has a membership in `{slug}` in line {line}")
            });
            self.membership(membership);
        }
        let homes: Vec<_> = person.memberships.iter().filter(|membership| membership.home).collect();
        if let [first, second, ..] = homes.as_slice() {
            let (home, line) = (&first.collective.value, second.collective.line);
            self.wrong(line, format!("`{username}` already has `{home}` as home: exactly one collective vouches for a person"));
        }
        for grant in &person.grants {
            let key = (&grant.service.value, &grant.door.collective().value);
            self.once(&mut doors, key, grant.service.line, |(service, collective), line| {
                format!("`{username}` already has access to `{service}` through `{collective}` in line {line}")
            });
        }
        self.requests(person);
    }

    fn membership(&mut self, membership: &MembershipSpec) {
        let (state, line) = (membership.first_state(), membership.collective.line);
        let stands = matches!(state, MembershipState::Active | MembershipState::Suspended | MembershipState::Lapsed);
        if membership.home && !stands {
            self.wrong(line, format!("a membership that is `{}` cannot be `home`", state.as_str()));
        }
        if !membership.mandates.is_empty() && !stands {
            self.wrong(line, format!("a membership that is `{}` carries no mandates", state.as_str()));
        }
        let mut seen = BTreeSet::new();
        for mandate in &membership.mandates {
            let over = match &mandate.over.value {
                MandateOver::WorkingGroup(group) => group.value.as_str(),
                MandateOver::Service(service) => service.value.as_str(),
                MandateOver::Collective | MandateOver::Community | MandateOver::Operations => "",
            };
            if !seen.insert((mandate.over.value.kind(), over)) {
                self.wrong(mandate.over.line, format!("the mandate `{}` is there twice", mandate.over.value.kind()));
            }
        }
    }

    fn requests(&mut self, person: &PersonSpec) {
        let mut seen = BTreeSet::new();
        for request in &person.requests {
            let (line, collective) = (request.collective.line, &request.collective.value);
            let service = match &request.asked {
                Asked::Access(service) => service.value.as_str(),
                Asked::Join => "",
            };
            if !seen.insert((request.asked.kind(), collective, service)) {
                self.wrong(line, format!("the same request to `{collective}` is there twice"));
            }
            let state = person.memberships.iter().find(|known| known.collective.value == *collective).map(MembershipSpec::first_state);
            match (&request.asked, state) {
                (Asked::Join, Some(state)) if state != MembershipState::Requested => {
                    let state = state.as_str();
                    self.wrong(
                        line,
                        format!("a request to join `{collective}` and a membership there that is `{state}` exclude each other"),
                    );
                }
                (Asked::Access(_), Some(MembershipState::Requested)) => {
                    self.wrong(line, format!("access through `{collective}` can be asked for by its members only"));
                }
                _ => {}
            }
        }
    }
}
