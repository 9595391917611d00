use std::path::Path;

use idp_domain::{
    collective::{Collective, CollectiveState, Listing},
    id::{CollectiveId, GrantId, Id, MembershipId, OfferId, PersonId, ServiceId},
    locale::Locale,
    membership::{Membership, MembershipState},
    name::DisplayName,
    person::{Person, PersonState},
    quota::Quota,
    service::{Automatic, Grant, GrantVia, Offer, Outsiders, RoleName, Service, ServiceState},
};
use idp_store::snapshot::{Managed, MembershipSnapshot};
use uuid::Uuid;

use super::*;

const MADE: Timestamp = Timestamp::from_seconds(1_000);
const DECIDED: Timestamp = Timestamp::from_seconds(2_000);

fn file(text: &str) -> ClusterFile {
    ClusterFile::parse("cluster.toml", text, Path::new("")).expect("sound")
}
fn id<K>(n: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(n))
}
fn by_file<V>(value: V) -> Managed<V> {
    Managed { value, decided_at: None }
}

const COLLECTIVE: u128 = 1;
const SERVICE: u128 = 2;
const OFFER: u128 = 3;
const MARIA: u128 = 4;
const MEMBERSHIP: u128 = 5;
const GRANT: u128 = 6;

/// L'Ateneu, offered one service; Maria is a member and has it.
fn world() -> World {
    let (collective, service, person): (CollectiveId, ServiceId, PersonId) = (id(COLLECTIVE), id(SERVICE), id(MARIA));
    let role = |name: &str| RoleName::parse(name).expect("a role");
    let mut world = World::default();
    world.structure.collectives.push(by_file(Collective {
        id: collective,
        slug: Slug::parse("ateneu").expect("a slug"),
        name: DisplayName::parse("L'Ateneu").expect("a name"),
        locale: Locale::Ca,
        listing: Listing::Listed,
        state: CollectiveState::Active,
        created_at: MADE,
        version: 1,
    }));
    world.structure.services.push(by_file(Service {
        id: service,
        slug: Slug::parse("nuvol").expect("a slug"),
        name: DisplayName::parse("Núvol").expect("a name"),
        description: String::new(),
        url: None,
        state: ServiceState::Active,
        roles: vec![role("reader"), role("editor")],
        outsiders: Outsiders::Admitted,
        created_at: MADE,
        version: 1,
    }));
    world.structure.owners.insert((service, collective));
    world.structure.offers.push(by_file(Offer {
        id: id::<idp_domain::id::Offer>(OFFER),
        service,
        collective,
        roles: vec![role("reader"), role("editor")],
        default_role: Some(role("reader")),
        quota_ceiling: Quota::parse("10 GB").ok(),
        automatic: Automatic::No,
        created_at: MADE,
        withdrawn_at: None,
        version: 1,
    }));
    let offer: OfferId = id(OFFER);
    let membership: MembershipId = id(MEMBERSHIP);
    let username = Username::parse("maria").expect("a username");
    let snapshot = PersonSnapshot {
        person: by_file(Person {
            id: person,
            username: username.clone(),
            display_name: DisplayName::parse("Maria").expect("a name"),
            given_name: None,
            family_name: None,
            email: None,
            locale: Locale::Ca,
            zoneinfo: None,
            state: PersonState::Active,
            created_at: MADE,
            updated_at: MADE,
            version: 1,
        }),
        emails: Vec::new(),
        memberships: vec![MembershipSnapshot {
            membership: by_file(Membership {
                id: membership,
                collective,
                person,
                state: MembershipState::Active,
                home_at: None,
                sponsor: None,
                starts_at: Some(MADE),
                ends_at: None,
                accepted_at: Some(MADE),
                created_at: MADE,
                version: 1,
            }),
            working_groups: Vec::new(),
            mandates: Vec::new(),
        }],
        grants: vec![by_file(Grant {
            id: id::<idp_domain::id::Grant>(GRANT) as GrantId,
            person,
            service,
            via: GrantVia::Membership { offer, membership, collective },
            role: Some(role("reader")),
            quota: None,
            ends_at: None,
            created_at: MADE,
            withdrawn_at: None,
            version: 1,
        })],
        password: None,
    };
    world.people.insert(username, snapshot);
    world
}

fn maria(world: &mut World) -> &mut PersonSnapshot {
    world.people.values_mut().next().expect("Maria")
}

/// What is said of each object but the unchanged ones.
fn verdicts(text: &str, world: &World) -> Vec<(String, Verdict)> {
    let file = file(text);
    let plan = plan(&file, world).expect("fits");
    let told = plan.entries.into_iter().filter(|entry| entry.verdict != Verdict::Unchanged);
    told.map(|entry| (entry.object.to_string(), entry.verdict)).collect()
}

fn problems(text: &str, world: &World) -> Vec<String> {
    plan(&file(text), world).err().map(|problems| problems.list().iter().map(ToString::to_string).collect()).unwrap_or_default()
}

fn field(field: &'static str, from: &str, to: &str) -> FieldChange {
    FieldChange { field, from: from.to_owned(), to: to.to_owned() }
}

const MARIA_AS_SHE_IS: &str = "[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"ateneu\" }]\n";

#[test]
fn in_an_empty_cluster_everything_is_new() {
    let text = "[[collective]]\nname = \"A\"\nworking_groups = [{ name = \"B\" }]\n[[person]]\nusername = \"joan\"\nname = \"Joan\"\n\
                memberships = [{ collective = \"a\", mandates = [{ kind = \"manager\" }] }]";
    let verdicts = verdicts(text, &World::default());
    assert_eq!(verdicts.len(), 5);
    assert!(verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Create), "{verdicts:?}");
}

#[test]
fn what_a_file_does_not_mention_is_not_compared() {
    let text = format!("[[collective]]\nname = \"L'Ateneu\"\nslug = \"ateneu\"\n{MARIA_AS_SHE_IS}");
    assert_eq!(verdicts(&text, &world()), []);
}

#[test]
fn plain_differences_are_changed_and_grave_ones_wait_for_people() {
    let text = "[[collective]]\nname = \"L'Ateneu Nou\"\nslug = \"ateneu\"\nstate = \"suspended\"";
    let expected = [
        Verdict::Change(vec![field("name", "L'Ateneu", "L'Ateneu Nou")]),
        Verdict::NeedsApproval(vec![field("state", "active", "suspended")]),
    ];
    let object = "collective ateneu".to_owned();
    assert_eq!(verdicts(text, &world()), expected.map(|verdict| (object.clone(), verdict)));
    let file = file(text);
    let plan = plan(&file, &world()).expect("fits");
    assert!(matches!(plan.steps.as_slice(), [Step::EditCollective { state: None, .. }]), "{:?}", plan.steps);
}

#[test]
fn what_people_decided_is_shown_and_stays() {
    let mut world = world();
    world.structure.collectives[0].decided_at = Some(DECIDED);
    maria(&mut world).grants[0].decided_at = Some(DECIDED);
    maria(&mut world).memberships[0].membership.decided_at = Some(DECIDED);
    maria(&mut world).memberships[0].membership.value.state = MembershipState::Suspended;
    let text = "[[collective]]\nname = \"Un altre nom\"\nslug = \"ateneu\"\n[[person]]\nusername = \"maria\"\n\
                memberships = [{ collective = \"ateneu\", state = \"active\" }]\n\
                grants = [{ service = \"nuvol\", via = \"ateneu\", role = \"editor\" }]";
    let told = verdicts(text, &world);
    assert_eq!(told.len(), 3);
    for (object, verdict) in &told {
        assert!(matches!(verdict, Verdict::Drift { decided_at: DECIDED, .. }), "{object}: {verdict:?}");
    }
    assert!(plan(&file(text), &world).expect("fits").steps.is_empty());
}

#[test]
fn closing_a_door_is_never_a_file_s_to_do() {
    for (state, expected) in [("suspended", "suspended"), ("ended", "ended"), ("lapsed", "lapsed")] {
        let text = format!("[[person]]\nusername = \"maria\"\nmemberships = [{{ collective = \"ateneu\", state = \"{state}\" }}]");
        let told = verdicts(&text, &world());
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].1, Verdict::NeedsApproval(vec![field("state", "active", expected)]));
    }
    let mut world = world();
    maria(&mut world).grants[0].value.withdrawn_at = Some(DECIDED);
    let text = "[[person]]\nusername = \"maria\"\ngrants = [{ service = \"nuvol\", via = \"ateneu\" }]";
    assert!(matches!(verdicts(text, &world)[0].1, Verdict::NeedsApproval(_)), "a door that was closed is not opened again");
}

#[test]
fn a_first_password_is_set_and_none_is_ever_replaced() {
    let text = "[[person]]\nusername = \"maria\"\npassword = \"quatre gats fan un aplec\"";
    assert_eq!(verdicts(text, &world())[0].1, Verdict::Change(vec![field("password", "", "as in the file")]));
    let mut world = world();
    maria(&mut world).password = Some(idp_domain::credential::PasswordCredential {
        id: id(9),
        person: id(MARIA),
        scheme: idp_domain::credential::PasswordScheme::Argon2id,
        phc: String::new(),
        pepper_version: 1,
        created_at: MADE,
    });
    assert_eq!(verdicts(text, &world), []);
}

#[test]
fn another_steward_is_the_stewards_to_appoint() {
    let text =
        "[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"ateneu\", mandates = [{ kind = \"community_steward\" }] }]";
    assert_eq!(verdicts(text, &world())[0].1, Verdict::Create);
    let governed = World { has_stewards: true, ..world() };
    assert!(matches!(verdicts(text, &governed)[0].1, Verdict::NeedsApproval(_)));
}

#[test]
fn a_name_that_leads_nowhere_is_told_with_what_there_is() {
    for (text, line, told) in [
        ("[[offer]]\nservice = \"nuvol\"\ncollective = \"atneu\"", 3, "there is no collective `atneu`: expected `ateneu`"),
        ("[[offer]]\nservice = \"nuvl\"\ncollective = \"ateneu\"", 2, "there is no service `nuvl`: expected `nuvol`"),
        (
            "[[offer]]\nservice = \"nuvol\"\ncollective = \"ateneu\"\nroles = [\"admin\"]",
            2,
            "has no role `admin`: expected one of `reader`, `editor`",
        ),
        ("[[person]]\nusername = \"joan\"", 2, "`name` is missing"),
        (
            "[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"ateneu\", sponsor = \"joan\" }]",
            3,
            "there is no person `joan`",
        ),
        (
            "[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"ateneu\", working_groups = [\"hort\"] }]",
            3,
            "no working group `hort`",
        ),
        (
            "[[person]]\nusername = \"maria\"\ngrants = [{ service = \"nuvol\", via = \"ateneu\", role = \"admin\" }]",
            3,
            "the role `admin` cannot be given",
        ),
        (
            "[[person]]\nusername = \"maria\"\ngrants = [{ service = \"nuvol\", via = \"ateneu\", quota = \"11 GB\" }]",
            3,
            "11 GB is more than the offer's ceiling of 10 GB",
        ),
        (
            "[[person]]\nusername = \"joan\"\nname = \"Joan\"\ngrants = [{ service = \"nuvol\", via = \"ateneu\" }]",
            4,
            "`joan` has no membership in `ateneu`",
        ),
        (
            "[[person]]\nusername = \"maria\"\ngrants = [{ service = \"nuvol\", guest_of = \"ateneu\", sponsor = \"maria\", ends = 2030-01-01 }]",
            3,
            "nobody answers for themselves",
        ),
        (
            "[[collective]]\nname = \"B\"\n[[person]]\nusername = \"maria\"\nmemberships = [{ collective = \"b\", mandates = [{ kind = \"service_manager\", service = \"nuvol\" }] }]",
            5,
            "only its owners name service managers",
        ),
        (
            "[[collective]]\nname = \"B\"\n[[person]]\nusername = \"maria\"\nrequests = [{ kind = \"access\", collective = \"b\", service = \"nuvol\" }]",
            5,
            "not offered to `b`",
        ),
    ] {
        let found = problems(text, &world());
        assert_eq!(found.len(), 1, "{text}\n{found:#?}");
        assert!(found[0].starts_with(&format!("cluster.toml:{line}: ")) && found[0].contains(told), "{}", found[0]);
    }
}

#[test]
fn names_and_addresses_of_others_are_not_taken_over() {
    let mut world = world();
    world.burnt_usernames.insert(Username::parse("joan").expect("a username"));
    world.address_holders.insert(EmailAddress::parse("joan@a.cat").expect("an address"), id(99));
    let found = problems("[[person]]\nusername = \"joan\"\nname = \"Joan\"\nemails = [\"joan@a.cat\"]", &world);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].contains("never given again") && found[1].contains("signs in somebody else"), "{found:#?}");
}

#[test]
fn a_hash_made_under_another_master_key_is_refused() {
    let phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let text = format!("[[person]]\nusername = \"maria\"\npassword_hash = \"{phc}\"\npassword_pepper = \"0badcafe\"");
    let here = World { pepper: "0badcafe".to_owned(), ..world() };
    assert_eq!(problems(&text, &here), Vec::<String>::new());
    let found = problems(&text, &world());
    assert!(found[0].starts_with("cluster.toml:4: ") && found[0].contains("another master key") && !found[0].contains(phc), "{found:?}");
}
