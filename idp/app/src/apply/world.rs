//! Reading what of a cluster a file can touch.

use std::collections::{BTreeMap, BTreeSet};

use idp_domain::{Fault, email::EmailAddress, id::PersonId, request::Request, username::Username};
use idp_store::{Tx, snapshot::Hashes};

use super::{
    file::{ClusterFile, DoorSpec},
    plan::World,
};
use crate::Act;

/// Everything the comparison needs, read through one transaction or beside all of them.
pub(super) async fn read(act: &Act, tx: &impl Tx, file: &ClusterFile) -> Result<World, Fault> {
    let usernames: Vec<Username> = named(file).into_iter().cloned().collect();
    let addresses: Vec<EmailAddress> = file.people.iter().flat_map(|person| &person.emails).map(|email| email.value.clone()).collect();
    let people: BTreeMap<Username, _> = tx
        .snapshot()
        .people_named(&usernames, Hashes::Included)
        .await?
        .into_iter()
        .map(|person| (person.person.value.username.clone(), person))
        .collect();
    let asked = file.people.iter().filter(|spec| !spec.requests.is_empty() || !spec.grants.is_empty());
    let asked: Vec<_> = asked.filter_map(|spec| people.get(&spec.username.value)).map(|person| person.person.value.id).collect();
    let mut requests: BTreeMap<PersonId, Vec<Request>> = BTreeMap::new();
    for request in tx.requests().list_of_people(&asked).await? {
        requests.entry(request.person).or_default().push(request);
    }
    let taken = tx.people().list_taken(&usernames).await?;
    Ok(World {
        structure: tx.snapshot().structure().await?,
        clients: tx.clients().list(act.now).await?,
        requests,
        address_holders: tx.emails().list_holders(&addresses).await?,
        burnt_usernames: taken.into_iter().filter(|name| !people.contains_key(name)).collect(),
        has_stewards: tx.mandates().count_stewards(act.now).await? > 0,
        pepper: pepper_name(act),
        people,
    })
}

/// Everybody the file names.
fn named(file: &ClusterFile) -> BTreeSet<&Username> {
    let people = file.people.iter().map(|person| &person.username.value);
    let sponsors = file.people.iter().flat_map(|person| person.memberships.iter().filter_map(|membership| membership.sponsor.as_ref()));
    let answering = file.people.iter().flat_map(|person| &person.grants).filter_map(|grant| match &grant.door {
        DoorSpec::Guest { sponsor, .. } => Some(sponsor),
        DoorSpec::Via(_) => None,
    });
    people.chain(sponsors.chain(answering).map(|sponsor| &sponsor.value)).collect()
}

/// Tells peppers apart without saying anything about them: hashes made under one are useless under another.
pub(super) fn pepper_name(act: &Act) -> String {
    use std::fmt::Write as _;
    let mark = act.app.0.master.derive("password/pepper/1/name");
    mark.iter().take(4).fold(String::new(), |mut name, byte| {
        // writing to a string cannot fail
        let _ = write!(name, "{byte:02x}");
        name
    })
}
