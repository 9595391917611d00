//! The facts behind a client's claims: gathered for a permit, released by the protocol's claim table.

use idp_domain::{
    Fault, access,
    person::Person,
    scope::{Scope, ScopeSet},
};
use idp_protocol::claims::{CollectiveClaim, Facts, GroupValue, ServiceClaim};
use idp_store::{ReadTx, Tx};

use crate::{Act, access::IssuePermit};

/// Everything this client may learn about the person, before minimisation. Lists that no scope can bring are not read.
pub(crate) async fn facts(act: &Act, read: &ReadTx, permit: &IssuePermit, sub: String, asked_for: ScopeSet) -> Result<Facts, Fault> {
    let (person, client, access) = (permit.person(), permit.client(), permit.access());
    let wanted = |scope| client.scopes.contains(scope) && asked_for.contains(scope);
    let collectives = if wanted(Scope::Collectives) { collectives(act, read, person).await? } else { Vec::new() };
    let services = if wanted(Scope::Services) { services(act, read, person).await? } else { Vec::new() };
    let prefix = &act.settings().group_prefix;
    let groups = access.map_or_else(Vec::new, |access| {
        access.groups.iter().map(|named| GroupValue { id: named.group.id(prefix), name: named.name.clone() }).collect()
    });
    Ok(Facts {
        sub,
        username: person.username.to_string(),
        name: person.display_name.to_string(),
        given_name: person.given_name.clone(),
        family_name: person.family_name.clone(),
        picture: None,
        locale: person.locale,
        zoneinfo: person.zoneinfo.clone(),
        updated_at: person.updated_at,
        verified_email: person.email.as_ref().map(ToString::to_string),
        groups,
        collectives,
        services,
        service_role: access.and_then(|access| access.role.as_ref()).map(ToString::to_string),
        quota: access.and_then(|access| access.quota),
    })
}

async fn collectives(act: &Act, read: &ReadTx, person: &Person) -> Result<Vec<CollectiveClaim>, Fault> {
    let standing = read.standing().of(person.id, act.now).await?;
    let memberships = read.memberships().list_of_person(person.id).await?;
    Ok(memberships
        .into_iter()
        .filter(|(_, collective)| standing.member_of.contains(&collective.id))
        .map(|(membership, collective)| CollectiveClaim {
            roles: roles(standing.manages.contains(&collective.id)),
            id: collective.slug.to_string(),
            name: collective.name.to_string(),
            home: membership.home_at.is_some(),
        })
        .collect())
}

fn roles(manages: bool) -> Vec<String> {
    let manager = manages.then(|| "manager".to_owned());
    std::iter::once("member".to_owned()).chain(manager).collect()
}

/// The services the gate would let the person through to, each with the collectives that opened a door.
async fn services(act: &Act, read: &ReadTx, person: &Person) -> Result<Vec<ServiceClaim>, Fault> {
    let facts = read.access().facts_everywhere(person.id, act.now).await?;
    Ok(facts
        .iter()
        .filter_map(|(service, facts)| Some((service, access::evaluate(facts, act.now).ok()?)))
        .flat_map(|(service, access)| {
            let role = access.role.map(|role| role.to_string());
            access.via.into_iter().map(move |collective| ServiceClaim {
                id: service.slug.to_string(),
                role: role.clone(),
                via: collective.slug.to_string(),
            })
        })
        .collect())
}
