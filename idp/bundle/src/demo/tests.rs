use std::collections::BTreeSet;

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
