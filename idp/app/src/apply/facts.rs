//! Who can sign in where, asked of the gate: what the demo prints and writes for scripts.

use std::{collections::BTreeMap, sync::Arc};

use idp_domain::{
    Fault, Timestamp,
    client::{Client, ClientRole},
    id::{CollectiveId, ServiceId},
    redirect::RedirectUri,
    slug::Slug,
};
use idp_store::{
    Tx,
    snapshot::{Hashes, MembershipSnapshot},
};

use crate::{Act, Failure, access::may_issue};

/// People in one question.
const PAGE: u64 = 200;

/// A small cluster at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClusterFacts {
    /// Slugs of the collectives.
    pub collectives: Vec<String>,
    /// Everybody, by username.
    pub people: Vec<PersonFact>,
    /// The clients that sign people in to services, by identifier.
    pub services: Vec<ServiceFact>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonFact {
    /// The login name.
    pub username: String,
    /// The name shown to others.
    pub name: String,
    /// The address that signs in.
    pub email: Option<String>,
    /// Where they belong, by slug.
    pub collectives: Vec<CollectiveFact>,
    /// The clients the gate lets them through to.
    pub services: Vec<String>,
}

/// A membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectiveFact {
    /// The collective.
    pub slug: String,
    /// `member` and the mandates that stand.
    pub roles: Vec<&'static str>,
    /// The membership's state.
    pub state: &'static str,
}

/// A client of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFact {
    /// The public identifier.
    pub client_id: String,
    /// The service's name.
    pub name: String,
    /// Where codes may be sent.
    pub redirect_uris: Vec<String>,
    /// Where people may be sent after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Slugs of the collectives it belongs to.
    pub owners: Vec<String>,
    /// Slugs of the collectives it is offered to.
    pub offered_to: Vec<String>,
}

/// Everything at a glance. Meant for small clusters: it asks the gate for each person and client.
pub async fn cluster_facts(act: &Act) -> Result<ClusterFacts, Fault> {
    let read = act.store().read();
    let structure = read.snapshot().structure().await?;
    let slugs: BTreeMap<CollectiveId, &Slug> = structure.collectives.iter().map(|row| (row.value.id, &row.value.slug)).collect();
    let text = |id: &CollectiveId| slugs.get(id).map(ToString::to_string);
    let clients = read.clients().list(act.now).await?;
    let clients: Vec<(Arc<Client>, ServiceId)> = clients
        .into_iter()
        .filter_map(|row| match row.client.role {
            ClientRole::Service(service) => Some((Arc::new(row.client), service)),
            ClientRole::AdminUi | ClientRole::Machine => None,
        })
        .collect();
    let mut services = Vec::with_capacity(clients.len());
    for (client, id) in &clients {
        let uris = |uris: &[RedirectUri]| uris.iter().map(|uri| uri.as_str().to_owned()).collect();
        let name = structure.services.iter().find(|row| row.value.id == *id).map(|row| row.value.name.to_string());
        let offers = structure.offers.iter().map(|row| &row.value).filter(|offer| offer.service == *id && offer.withdrawn_at.is_none());
        services.push(ServiceFact {
            client_id: client.client_id.to_string(),
            name: name.unwrap_or_else(|| client.name.clone()),
            redirect_uris: uris(&client.redirect_uris),
            post_logout_redirect_uris: uris(&client.post_logout_redirect_uris),
            owners: structure.owners.iter().filter(|(owned, _)| owned == id).filter_map(|(_, owner)| text(owner)).collect(),
            offered_to: offers.filter_map(|offer| text(&offer.collective)).collect(),
        });
    }
    for service in &mut services {
        service.owners.sort();
        service.offered_to.sort();
    }
    let mut people = Vec::new();
    let mut after = None;
    loop {
        let page = read.snapshot().people_after(after, PAGE, Hashes::LeftOut).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.person.value.id);
        for snapshot in page {
            let person = snapshot.person.value;
            let collectives = belongs(&snapshot.memberships, &slugs, act.now);
            let mut open = Vec::new();
            for (client, _) in &clients {
                match may_issue(act, &read, person.clone(), Arc::clone(client)).await {
                    Ok(_) => open.push(client.client_id.to_string()),
                    Err(Failure::Refused(_)) => {}
                    Err(Failure::Fault(fault)) => return Err(fault),
                }
            }
            people.push(PersonFact {
                username: person.username.to_string(),
                name: person.display_name.to_string(),
                email: person.email.map(|email| email.to_string()),
                collectives,
                services: open,
            });
        }
    }
    people.sort_by(|a, b| a.username.cmp(&b.username));
    Ok(ClusterFacts { collectives: slugs.values().map(ToString::to_string).collect(), people, services })
}

/// Where somebody belongs, with the mandates that stand, weakest first.
fn belongs(memberships: &[MembershipSnapshot], slugs: &BTreeMap<CollectiveId, &Slug>, now: Timestamp) -> Vec<CollectiveFact> {
    const MANDATES: [&str; 5] = ["coordinator", "service_manager", "manager", "operations_steward", "community_steward"];
    let mut facts = Vec::with_capacity(memberships.len());
    for MembershipSnapshot { membership, mandates, .. } in memberships {
        let membership = &membership.value;
        let stands = |kind: &str| {
            membership.is_active(now) && mandates.iter().any(|mandate| mandate.value.is_active(now) && mandate.value.kind.as_str() == kind)
        };
        let roles = std::iter::once("member").chain(MANDATES.into_iter().filter(|kind| stands(kind))).collect();
        let Some(slug) = slugs.get(&membership.collective) else { continue };
        facts.push(CollectiveFact { slug: slug.to_string(), roles, state: membership.state.as_str() });
    }
    facts.sort_by(|a, b| a.slug.cmp(&b.slug));
    facts
}
