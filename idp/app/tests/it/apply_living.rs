//! A file on a cluster that people live in: what they decided outranks it (DOMAIN rule 14), and every change of it is on record.

use idp_app::{
    account::set_language::set_language,
    apply::{Applied, ApplyRefusal, Mode, Verdict, apply_file},
    jobs::Job,
    mail::Mail,
    setup::{found_cluster, make_setup_link},
};
use idp_domain::{
    id::RequestId,
    locale::Locale,
    policy::Actor,
    request::{RequestKind, RequestState},
    service::Offer,
};
use idp_store::{Tx, Updated, requests::RequestDecision};

use super::{
    apply::{apply, cluster_audit, file},
    founding::{console, founding, steward},
    world::{World, refusal, role},
};

const CLUSTER: &str = r#"
[[collective]]
name = "Ateneu"
working_groups = [{ name = "Hort" }]

[[service]]
name = "Núvol"
roles = ["lectora", "editora"]

[[offer]]
service = "nuvol"
collective = "ateneu"
roles = ["lectora"]

[[person]]
username = "maria"
name = "Maria"
memberships = [{ collective = "ateneu" }]
requests = [{ kind = "access", collective = "ateneu", service = "nuvol" }]

[[person]]
username = "anna"
name = "Anna"
memberships = [{ collective = "ateneu", ends = 2030-01-01, mandates = [{ kind = "manager" }] }]
"#;

fn person(username: &str, name: &str, more: &str) -> String {
    format!("[[person]]\nusername = \"{username}\"\nname = \"{name}\"\n{more}\n")
}

fn verdict<'a>(applied: &'a Applied, object: &str) -> &'a Verdict {
    let entry = applied.entries.iter().find(|entry| entry.object.to_string() == object);
    &entry.unwrap_or_else(|| panic!("nothing is said of {object}: {:#?}", applied.entries)).verdict
}

#[tokio::test]
async fn what_people_say_of_themselves_outranks_a_file() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let anna = world.store.read().people().find(world.person_id("anna").await).await.expect("read").expect("somebody");
    assert!(matches!(verdict(&apply(&world.app, &person("anna", "Anna Mas", "")).await, "person anna"), Verdict::Change(_)));
    let anna = world.store.read().people().find(anna.id).await.expect("read").expect("somebody");
    set_language(&world.act(anna.id), &anna, Locale::En).await.expect("sets");
    let applied = apply(&world.app, &person("anna", "Una altra", "locale = \"es\"")).await;
    assert!(matches!(verdict(&applied, "person anna"), Verdict::Drift { .. }), "{:#?}", applied.entries);
    let stays = world.store.read().people().find(anna.id).await.expect("read").expect("somebody");
    assert_eq!((stays.display_name.as_str(), stays.locale), ("Anna Mas", Locale::En));
}

#[tokio::test]
async fn who_came_through_the_web_is_not_renamed_by_a_file() {
    let world = World::new().await;
    let secret = make_setup_link(&console(&world)).await.expect("makes").expect("an empty cluster");
    found_cluster(&console(&world), &secret, founding("Ateneu", None, "quatre gats fan un aplec")).await.expect("founds");
    let applied = apply(&world.app, &person("maria.rosell", "Maria la Gran", "")).await;
    assert!(matches!(verdict(&applied, "person maria.rosell"), Verdict::Drift { .. }), "{:#?}", applied.entries);
    let maria = world.store.read().people().find(steward(&world).await).await.expect("read").expect("somebody");
    assert_eq!(maria.display_name.as_str(), "Maria Rosell");
}

#[tokio::test]
async fn what_managers_refused_a_file_does_not_give() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let (ateneu, maria) = (world.collective_id("ateneu").await, world.person_id("maria").await);
    let asked = RequestKind::Access(world.service_id("nuvol").await);
    let request = world.store.read().requests().find_open(ateneu, maria, asked).await.expect("read").expect("a request");
    refuse(&world, request.id).await;
    let wish = person("maria", "Maria", "grants = [{ service = \"nuvol\", via = \"ateneu\" }]");
    let applied = apply(&world.app, &wish).await;
    assert!(matches!(verdict(&applied, "access of maria to nuvol through ateneu"), Verdict::Drift { .. }), "{:#?}", applied.entries);
    assert!(world.access(maria, world.service_id("nuvol").await).await.is_none());
}

async fn refuse(world: &World, request: RequestId) {
    let (ateneu, anna) = (world.collective_id("ateneu").await, world.person_id("anna").await);
    let decision = RequestDecision { state: RequestState::Refused, reason: None, at: world.clock.now(), by: Some(anna) };
    let tx = world.store.write("test").await.expect("begins");
    let refused = tx.requests().decide(ateneu, request, 1, &decision).await.expect("refuses");
    assert_eq!(refused, Updated::Done);
    tx.commit().await.expect("commits");
}

#[tokio::test]
async fn a_mandate_for_somebody_who_is_here_is_theirs_to_accept() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let wish = person("maria", "Maria", "memberships = [{ collective = \"ateneu\", mandates = [{ kind = \"manager\" }] }]");
    let applied = apply(&world.app, &wish).await;
    assert_eq!(applied.creations(), 1, "{:#?}", applied.entries);
    assert!(!world.standing(world.person_id("maria").await).await.manages.contains(&world.collective_id("ateneu").await));
    assert!(matches!(&world.outbox().await[..], [Job::SendMail { mail: Mail::MandateProposed { .. } }]), "she is told");
    let again = apply(&world.app, &wish).await;
    assert_eq!((again.creations(), again.changes()), (0, 0), "{:#?}", again.entries);
}

#[tokio::test]
async fn an_offer_grows_by_a_file_and_what_would_make_it_narrower_waits_for_people() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let offer =
        |terms: &str| CLUSTER.replace("collective = \"ateneu\"\nroles = [\"lectora\"]", &format!("collective = \"ateneu\"\n{terms}"));
    for narrower in ["roles = [\"editora\"]\ndefault_role = \"editora\"", "roles = [\"lectora\"]\nquota_ceiling = \"1 GB\""] {
        let applied = apply(&world.app, &offer(narrower)).await;
        assert!(matches!(verdict(&applied, "offer of nuvol to ateneu"), Verdict::NeedsApproval(_)), "{:#?}", applied.entries);
        assert_eq!(applied.changes(), 0);
        let stands = terms(&world).await;
        assert_eq!((stands.roles, stands.default_role, stands.quota_ceiling), (vec![role("lectora")], None, None));
    }
    apply(&world.app, &offer("roles = [\"lectora\", \"editora\"]\ndefault_role = \"editora\"")).await;
    let stands = terms(&world).await;
    assert_eq!((stands.roles, stands.default_role), (vec![role("lectora"), role("editora")], Some(role("editora"))));
}

async fn terms(world: &World) -> Offer {
    let (ateneu, nuvol) = (world.collective_id("ateneu").await, world.service_id("nuvol").await);
    world.store.read().offers().find_for(ateneu, nuvol).await.expect("read").expect("an offer")
}

#[tokio::test]
async fn a_role_that_waits_for_people_cannot_be_given_by_the_same_file() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let text = CLUSTER.replace("collective = \"ateneu\"\nroles = [\"lectora\"]", "collective = \"ateneu\"\nroles = [\"editora\"]").replace(
        "requests = [{ kind = \"access\", collective = \"ateneu\", service = \"nuvol\" }]",
        "grants = [{ service = \"nuvol\", via = \"ateneu\", role = \"editora\" }]",
    );
    let outcome = apply_file(&world.app.act(Actor::Operator, "test"), &file(&text), Mode::Write).await;
    let ApplyRefusal::Problems(problems) = refusal(outcome) else { panic!("no problems") };
    assert!(problems.to_string().contains("the role `editora` cannot be given here"), "{problems}");
}

#[tokio::test]
async fn a_file_may_give_longer_and_never_take_earlier() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let give = |ends: &str| person("anna", "Anna", &format!("grants = [{{ service = \"nuvol\", via = \"ateneu\", ends = {ends} }}]"));
    apply(&world.app, &give("2029-01-01")).await;
    let longer = apply(&world.app, &give("2029-06-01")).await;
    assert_eq!(longer.changes(), 1, "{:#?}", longer.entries);
    let earlier = apply(&world.app, &give("2020-01-01")).await;
    assert!(matches!(verdict(&earlier, "access of anna to nuvol through ateneu"), Verdict::NeedsApproval(_)), "{:#?}", earlier.entries);
    assert!(world.access(world.person_id("anna").await, world.service_id("nuvol").await).await.is_some());
}

#[tokio::test]
async fn every_change_of_a_living_person_is_on_record() {
    let world = World::new().await;
    apply(&world.app, CLUSTER).await;
    let before = cluster_audit(&world).await;
    let joins = "memberships = [{ collective = \"ateneu\", home = true, ends = 2031-01-01, working_groups = [\"hort\"] }]";
    apply(&world.app, &person("anna", "Anna Mas", joins)).await;
    let mut after = cluster_audit(&world).await;
    for known in &before {
        let at = after.iter().position(|kind| kind == known).expect("facts stay");
        after.remove(at);
    }
    after.sort();
    let of_collective = world.audited(world.collective_id("ateneu").await).await;
    assert_eq!(after, ["cluster.applied", "person.profile_changed"]);
    for kind in ["membership.extended", "membership.made_home", "membership.working_groups_joined"] {
        assert!(of_collective.iter().any(|found| found == kind), "{kind} is missing in {of_collective:?}");
    }
}
