use std::collections::BTreeSet;

use toml::{Table, Value};

use super::*;

fn place() -> Place {
    Place::new("data", 9000).expect("a place")
}

#[test]
fn the_demo_is_as_lively_as_promised() {
    let cluster = cluster(&place()).expect("sound");
    let passwords: Vec<(String, String)> =
        cluster.passwords().map(|(username, password)| (username.to_string(), password.expose().to_owned())).collect();
    assert_eq!(passwords.len(), 40);
    assert!(passwords.iter().all(|(_, password)| password.chars().count() >= 15));
    assert_eq!(passwords.iter().map(|(_, password)| password).collect::<BTreeSet<_>>().len(), 40, "everybody has a password of their own");
    assert_eq!(cluster.secret_clients().count(), 8);
}

/// The entries of a kind in the demo's file, or in an entry of it.
fn entries<'t>(table: &'t Table, kind: &str) -> Vec<&'t Table> {
    table.get(kind).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table).collect()
}

fn text<'t>(entry: &'t Table, key: &str) -> &'t str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn collectives_and_services_are_as_different_as_promised() {
    let file: Table = CLUSTER.parse().expect("TOML");
    let collectives = entries(&file, "collective");
    assert!(collectives.len() >= 4);
    assert!(collectives.iter().any(|collective| text(collective, "name").contains('·')), "Catalan's own letter");
    assert!(collectives.iter().any(|collective| entries(collective, "working_groups").len() > 1));

    let services = entries(&file, "service");
    let owners = |service: &Table| service.get("owners").and_then(Value::as_array).map_or(0, Vec::len);
    let owned_by = |count| services.iter().filter(|service| owners(service) == count).count();
    assert_eq!((services.len(), owned_by(0), owned_by(1), owned_by(2)), (8, 3, 4, 1));
    let offers = entries(&file, "offer");
    let offered = |service: &Table| offers.iter().filter(|offer| text(offer, "service") == text(service, "slug")).count();
    assert!(services.iter().all(|service| offered(service) > 0), "nothing stands there for nobody");
    assert!(services.iter().any(|service| owners(service) == 1 && offered(service) == 1), "for one collective only");
    let outsiders = |service: &&&Table| service.get("outsiders").and_then(Value::as_bool) == Some(true);
    assert_eq!(services.iter().filter(outsiders).count(), 1);
}

#[test]
fn people_are_in_every_state_as_promised() {
    let file: Table = CLUSTER.parse().expect("TOML");
    let people = entries(&file, "person");
    let in_collectives = |count| people.iter().filter(|person| entries(person, "memberships").len() == count).count();
    assert!(people.len() == 40 && in_collectives(2) >= 5 && in_collectives(3) >= 1);
    let every = |kind: &str, key: &str| -> BTreeSet<&str> {
        people.iter().flat_map(|person| entries(person, kind)).map(|entry| text(entry, key)).filter(|text| !text.is_empty()).collect()
    };
    assert_eq!(every("memberships", "state"), ["lapsed", "suspended"].into());
    assert_eq!(every("requests", "kind"), ["access", "join"].into());
    assert!(!every("grants", "guest_of").is_empty(), "somebody is a guest");
    let managed: BTreeSet<&str> = people
        .iter()
        .flat_map(|person| entries(person, "memberships"))
        .filter(|membership| entries(membership, "mandates").iter().any(|mandate| text(mandate, "kind") == "manager"))
        .map(|membership| text(membership, "collective"))
        .collect();
    assert_eq!(managed.len(), entries(&file, "collective").len(), "every collective has a manager");
}

#[test]
fn mirador_is_registered_where_it_runs() {
    let text = CLUSTER.replace(USUAL_MIRADOR, &place().mirador());
    assert!(text.contains("\"http://localhost:9002/callback\"") && !text.contains("http://localhost:8082"));
}

#[test]
fn a_demo_for_other_ports_and_another_cluster_are_told_apart() {
    let service = |uri: &str| idp::apply::ServiceFact {
        client_id: MIRADOR.to_owned(),
        name: "Mirador".to_owned(),
        redirect_uris: vec![uri.to_owned()],
        post_logout_redirect_uris: Vec::new(),
        owners: Vec::new(),
        offered_to: Vec::new(),
    };
    let with = |services| ClusterFacts { collectives: vec!["ateneu".to_owned()], services, ..ClusterFacts::default() };
    assert!(check_is_ours(&place(), &with(vec![service("http://localhost:9002/callback")])).is_ok());
    let other = check_is_ours(&place(), &with(vec![service("http://localhost:8082/callback")])).expect_err("other ports").to_string();
    assert!(other.contains("--port-base 8080"), "{other}");
    let foreign = check_is_ours(&place(), &with(Vec::new())).expect_err("no demo").to_string();
    assert!(foreign.contains("aplec up"), "{foreign}");
}
