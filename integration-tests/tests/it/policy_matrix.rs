//! The whole authorization table of the management API, printed: role × resource × action. A change of the policy shows here
//! as a difference that somebody reads.

use std::{fmt::Write as _, path::Path};

use idp_domain::{
    id::{CollectiveId, Id, PersonId, ServiceId},
    policy::{Action, Decision, Resource, Standing, can},
};
use integration_tests::ambient::variable;

const PICTURE: &str = "tests/it/snapshots/policy_matrix.txt";

/// The collective everything is about, and another one.
const OURS: u128 = 1;
const OTHER: u128 = 2;
/// Who acts, and somebody else.
const ACTOR: u128 = 10;
const SOMEBODY: u128 = 11;

fn id<K>(number: u128) -> Id<K> {
    Id::from_uuid(format!("{number:032x}").parse().expect("32 digits"))
}

fn roles() -> Vec<(&'static str, Standing)> {
    let (ours, other): (CollectiveId, CollectiveId) = (id(OURS), id(OTHER));
    let person = || Standing { person: Some(id::<idp_domain::id::Person>(ACTOR)), ..Standing::default() };
    let member = || Standing { member_of: [ours].into(), ..person() };
    let elsewhere = || Standing { member_of: [other].into(), ..person() };
    vec![
        ("anonymous", Standing::default()),
        ("outsider", elsewhere()),
        ("member", member()),
        ("manager", Standing { manages: [ours].into(), ..member() }),
        ("manager elsewhere", Standing { manages: [other].into(), ..elsewhere() }),
        ("service manager", Standing { manages_services: [id::<idp_domain::id::Service>(1)].into(), ..member() }),
        ("community steward", Standing { community_steward: true, ..elsewhere() }),
        ("operations steward", Standing { operations_steward: true, ..elsewhere() }),
    ]
}

fn resources() -> Vec<(&'static str, Resource)> {
    let (collective, actor, somebody): (CollectiveId, PersonId, PersonId) = (id(OURS), id(ACTOR), id(SOMEBODY));
    let service: ServiceId = id(1);
    vec![
        ("the cluster", Resource::Cluster),
        ("the collective", Resource::Collective(collective)),
        ("a member of the collective", Resource::Member { collective, person: somebody }),
        ("oneself as a member of the collective", Resource::Member { collective, person: actor }),
        ("a guest of a service, in the collective's name", Resource::Service { service, owner: collective, person: somebody }),
        ("oneself as a guest of a service", Resource::Service { service, owner: collective, person: actor }),
    ]
}

const fn cell(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "yes",
        Decision::Forbidden => "no",
        Decision::NotFound => "-",
    }
}

fn matrix() -> String {
    let roles = roles();
    let mut text = String::from("yes: allowed · no: forbidden · -: does not exist for them\n");
    for (name, resource) in resources() {
        write!(text, "\n# {name}\n\n{:<20}", "").expect("a string");
        for (role, _) in &roles {
            write!(text, "  {role}").expect("a string");
        }
        text.push('\n');
        for &action in Action::ALL {
            write!(text, "{:<20}", format!("{action:?}")).expect("a string");
            for (role, standing) in &roles {
                write!(text, "  {:<width$}", cell(can(standing, action, &resource)), width = role.len()).expect("a string");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
    }
    text
}

#[test]
fn the_policy_is_the_one_that_was_read() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE);
    let now = matrix();
    if variable("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &now).expect("writable");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        now, known,
        "the policy differs from {PICTURE}; if this is meant, run this test with UPDATE_EXPECT=1 and read the difference"
    );
}
