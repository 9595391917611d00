//! A cluster from a file: applied, applied again, exported, and what people decided meanwhile.

use std::path::Path;

use idp_app::{
    App,
    apply::{Applied, ApplyRefusal, ClusterFile, Diff, Hashes, Mode, Scope, Verdict, apply_file, apply_text, cluster_facts, export},
    jobs::Job,
};
use idp_domain::{
    id::{CollectiveId, PersonId, ServiceId},
    membership::MembershipState,
    policy::Actor,
    slug::Slug,
    username::Username,
};
use idp_store::{Decided, Tx, Updated, grants::GrantTerms};

use super::world::{World, gigabytes, refusal, role};

const DEMO: &str = include_str!("../../../bundle/src/demo/cluster.toml");

/// What the demo leaves out: every other kind of client, state and date.
const REST: &str = r#"
[[collective]]
name = "A"
locale = "en"
state = "proposed"

[[collective]]
name = "B \"la gran\""
working_groups = [{ name = "Web" }, { name = "Àrea d'acollida" }]

[[service]]
name = "S"
description = "Dues\nlínies"
state = "paused"
roles = ["one", "two"]
owners = ["b-la-gran", "a"]
outsiders = true

[[client]]
client_id = "keys"
service = "s"
auth = "private_key_jwt"
jwks = '{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"k"}]}'
redirect_uris = ["app.immich:///oauth-callback", "https://s.example.org/cb?x=1"]
resources = ["https://s.example.org/api"]
introspects = ["https://s.example.org/api"]
sector = "s.example.org"
consent = "ask"
profile = { preset = "nextcloud", username_claim = "", default_quota = "1 GB" }
disabled = true

[[client]]
client_id = "machine"
kind = "machine"
secret = "0123456789-0123456789-0123456789"

[[client]]
client_id = "public"
service = "s"
auth = "none"
redirect_uris = ["http://127.0.0.1/cb"]
scopes = ["openid", "offline_access"]

[[offer]]
service = "s"
collective = "b-la-gran"
roles = ["two"]
default_role = "two"
quota_ceiling = "1536 MB"

[[person]]
username = "anna"
name = "Anna"
emails = ["anna@example.org", "anna@altre.example.org"]
zoneinfo = "Europe/Madrid"
locale = "en"
password_hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
memberships = [
    { collective = "b-la-gran", home = true, ends = 2030-06-30T10:00:00.250Z, working_groups = ["web"], mandates = [
        { kind = "manager", ends = 2029-01-01 },
        { kind = "coordinator", working_group = "web", accepted = false },
        { kind = "service_manager", service = "s" },
    ] },
    { collective = "a", state = "ended" },
]
grants = [
    { service = "s", via = "b-la-gran", role = "", quota = "17 B", ends = 2028-01-01 },
]

[[person]]
username = "berta"
name = "Berta"
state = "suspended"
memberships = [{ collective = "b-la-gran", state = "invited", sponsor = "anna" }]
grants = [{ service = "s", guest_of = "a", sponsor = "anna", role = "one", ends = 2029-01-01 }]

[[person]]
username = "cesca"
name = "Cesca"
memberships = [{ collective = "b-la-gran" }]
requests = [
    { kind = "join", collective = "a", text = "Hola \"gent\"\nde l'A" },
    { kind = "access", collective = "b-la-gran", service = "s" },
]
"#;

pub(crate) fn file(text: &str) -> ClusterFile {
    ClusterFile::parse("cluster.toml", text, Path::new("")).expect("sound")
}

pub(crate) async fn apply(app: &App, text: &str) -> Applied {
    apply_file(&app.act(Actor::Operator, "test"), &file(text), Mode::Write).await.expect("applied")
}

async fn exported(app: &App, scope: Scope) -> String {
    let exported = export(&app.act(Actor::Operator, "test"), scope).await.expect("exported");
    assert_eq!(exported.warnings, Vec::<String>::new());
    exported.text
}

impl World {
    pub(super) async fn person_id(&self, username: &str) -> PersonId {
        let username = Username::parse(username).expect("a username");
        self.store.read().people().find_by_username(&username).await.expect("read").expect("somebody").id
    }
    pub(super) async fn collective_id(&self, slug: &str) -> CollectiveId {
        let slug = Slug::parse(slug).expect("a slug");
        self.store.read().collectives().find_by_slug(&slug).await.expect("read").expect("a collective").id
    }
    pub(super) async fn service_id(&self, slug: &str) -> ServiceId {
        let slug = Slug::parse(slug).expect("a slug");
        self.store.read().services().find_by_slug(&slug).await.expect("read").expect("a service").id
    }
}

/// Everything the audit holds for the cluster as a whole.
pub(crate) async fn cluster_audit(world: &World) -> Vec<String> {
    let records = world.store.read().audit().list(None, None, 1000).await.expect("audit");
    records.into_iter().map(|record| record.kind).collect()
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let world = World::new().await;
    let before = cluster_audit(&world).await;
    let applied = apply_file(&world.app.act(Actor::Operator, "test"), &file(DEMO), Mode::DryRun).await.expect("planned");
    assert!(applied.creations() > 200, "{}", applied.creations());
    assert_eq!(cluster_facts(&world.app.act(Actor::Operator, "test")).await.expect("facts"), idp_app::apply::ClusterFacts::default());
    assert_eq!(cluster_audit(&world).await, before);
    assert!(Diff(&applied).to_string().ends_with("Nothing was written."));
}

#[tokio::test]
async fn applying_twice_changes_nothing_the_second_time() {
    let world = World::new().await;
    let text = format!("{DEMO}{REST}");
    let first = apply(&world.app, &text).await;
    assert!(first.entries.iter().all(|entry| entry.verdict == Verdict::Create));
    let audited = cluster_audit(&world).await;
    assert_eq!(audited.iter().filter(|kind| *kind == "cluster.applied").count(), 1);
    let second = apply(&world.app, &text).await;
    let told: Vec<_> = second.entries.iter().filter(|entry| entry.verdict != Verdict::Unchanged).collect();
    assert!(told.is_empty(), "{told:#?}");
    assert_eq!(cluster_audit(&world).await, audited, "nothing happened, so nothing is on record");
}

#[tokio::test]
async fn every_change_of_a_file_is_on_record() {
    let world = World::new().await;
    apply(&world.app, DEMO).await;
    let audited = world.audited(world.collective_id("ateneu").await).await;
    for kind in [
        "collective.founded",
        "offer.made",
        "membership.activated",
        "membership.suspended",
        "mandate.accepted",
        "grant.given",
        "request.join",
    ] {
        assert!(audited.iter().any(|found| found == kind), "{kind} is missing in {audited:?}");
    }
    for kind in ["service.registered", "client.registered", "person.registered", "credential.password_set"] {
        assert!(cluster_audit(&world).await.iter().any(|found| found == kind), "{kind}");
    }
}

#[tokio::test]
async fn an_export_applied_to_an_empty_cluster_and_exported_again_is_the_same_byte_for_byte() {
    let (one, other) = (World::new().await, World::new().await);
    apply(&one.app, &format!("{DEMO}{REST}")).await;
    for scope in [Scope::Cluster(Hashes::LeftOut), Scope::Recipe] {
        let text = match scope {
            // a recipe cannot hold other people's keys
            Scope::Recipe => {
                let exported = export(&one.app.act(Actor::Operator, "test"), scope).await.expect("exported");
                assert_eq!(exported.warnings.len(), 1);
                exported.text
            }
            Scope::Cluster(_) => exported(&one.app, scope).await,
        };
        let other = World::new().await;
        apply(&other.app, &text).await;
        assert_eq!(exported(&other.app, scope).await, text);
    }
    let with_hashes = exported(&one.app, Scope::Cluster(Hashes::Included)).await;
    apply(&other.app, &with_hashes).await;
    assert_eq!(exported(&other.app, Scope::Cluster(Hashes::Included)).await, with_hashes);
}

#[tokio::test]
async fn an_export_holds_no_secret_and_hashes_only_when_asked_for() {
    let world = World::new().await;
    apply(&world.app, &format!("{DEMO}{REST}")).await;
    let text = exported(&world.app, Scope::Cluster(Hashes::LeftOut)).await;
    assert!(!text.contains("password") && !text.contains("argon2") && !text.contains("secret ="), "{text}");
    let loud = exported(&world.app, Scope::Cluster(Hashes::Included)).await;
    assert!(loud.starts_with("# A cluster with the HASHES OF ITS PEOPLE'S PASSWORDS"));
    assert_eq!(loud.matches("password_hash").count(), 41);
    let recipe = export(&world.app.act(Actor::Operator, "test"), Scope::Recipe).await.expect("exported").text;
    assert!(!recipe.contains("[[person]]") && !recipe.contains("[[collective]]") && !recipe.contains(".garrofera.example.org"), "{recipe}");
}

#[tokio::test]
async fn what_managers_decided_is_drift_and_survives_every_file() {
    let world = World::new().await;
    apply(&world.app, DEMO).await;
    let (ateneu, oficina) = (world.collective_id("ateneu").await, world.service_id("oficina").await);
    let (maria, joan, laia) =
        (world.person_id("maria.puig").await, world.person_id("joan.serra").await, world.person_id("laia.roca").await);
    let now = world.clock.now();
    let tx = world.store.write("test").await.expect("begins");
    let grant = tx.grants().find_open(ateneu, joan, oficina).await.expect("read").expect("a grant");
    let terms = GrantTerms { role: Some(role("lectora")), quota: Some(gigabytes(1)), ends_at: None };
    assert_eq!(tx.grants().change(ateneu, grant.id, grant.version, &terms, Some(maria), now).await.expect("changed"), Updated::Done);
    let closed = tx.grants().find_open(ateneu, laia, oficina).await.expect("read").expect("a grant");
    assert_eq!(tx.grants().withdraw(ateneu, closed.id, closed.version, Some(maria), now).await.expect("withdrawn"), Updated::Done);
    let membership = tx.memberships().find_of(ateneu, laia).await.expect("read").expect("a membership");
    let decided = Decided::InTheWeb(now);
    let suspended = MembershipState::Suspended;
    let updated = tx.memberships().set_state(ateneu, membership.id, membership.version, suspended, now, decided).await.expect("suspended");
    assert_eq!(updated, Updated::Done);
    tx.commit().await.expect("commits");

    let text = DEMO.replace(
        r#"{ collective = "ateneu", home = true, working_groups = ["biblioteca"], mandates = [{ kind = "coordinator""#,
        r#"{ collective = "ateneu", state = "active", home = true, working_groups = ["biblioteca"], mandates = [{ kind = "coordinator""#,
    );
    let applied = apply(&world.app, &text).await;
    let told: Vec<String> =
        applied.entries.iter().filter(|entry| entry.verdict != Verdict::Unchanged).map(|entry| entry.object.to_string()).collect();
    assert_eq!(
        told,
        [
            "access of joan.serra to oficina through ateneu",
            "membership of laia.roca in ateneu",
            "access of laia.roca to oficina through ateneu"
        ]
    );
    assert!(applied.entries.iter().all(|entry| matches!(entry.verdict, Verdict::Unchanged | Verdict::Drift { .. })));
    let read = world.store.read();
    assert_eq!(read.grants().find_open(ateneu, joan, oficina).await.expect("read").expect("a grant").quota, Some(gigabytes(1)));
    assert_eq!(read.grants().find_open(ateneu, laia, oficina).await.expect("read"), None);
    assert_eq!(read.memberships().find_of(ateneu, laia).await.expect("read").expect("a membership").state, suspended);
}

#[tokio::test]
async fn a_line_that_is_missing_takes_nothing_away() {
    let world = World::new().await;
    apply(&world.app, DEMO).await;
    let before = exported(&world.app, Scope::Cluster(Hashes::Included)).await;
    let maria = "[[person]]\nusername = \"maria.puig\"\nname = \"Maria Puig i Ferrer\"\n";
    let applied = apply(&world.app, maria).await;
    assert_eq!((applied.creations(), applied.changes()), (0, 0));
    assert_eq!(exported(&world.app, Scope::Cluster(Hashes::Included)).await, before);
}

#[tokio::test]
async fn what_changes_for_a_service_is_told_to_it() {
    let world = World::new().await;
    let cluster = |quota: &str| {
        format!(
            "[[collective]]\nname = \"Ateneu\"\n[[service]]\nname = \"Nuvol\"\n\
             [[client]]\nclient_id = \"nuvol\"\nservice = \"nuvol\"\nredirect_uris = [\"https://nuvol.example.org/cb\"]\n\
             backchannel_logout_uri = \"https://nuvol.example.org/logout\"\nsector = \"nuvol\"\n\
             [[offer]]\nservice = \"nuvol\"\ncollective = \"ateneu\"\n\
             [[person]]\nusername = \"maria\"\nname = \"Maria\"\nmemberships = [{{ collective = \"ateneu\" }}]\n\
             grants = [{{ service = \"nuvol\", via = \"ateneu\", quota = \"{quota}\" }}]\n"
        )
    };
    apply(&world.app, &cluster("1 GB")).await;
    let (maria, service) = (world.person_id("maria").await, world.service_id("nuvol").await);
    let read = world.store.read();
    let client = read.clients().list_of_service(service, world.clock.now()).await.expect("read")[0].client.id;
    let stored = read.services().find(service).await.expect("read").expect("a service");
    world.sign_in(maria, client, &stored).await;
    assert_eq!(world.outbox().await, []);
    let applied = apply(&world.app, &cluster("2 GB")).await;
    assert_eq!(applied.changes(), 1);
    assert!(matches!(world.outbox().await.as_slice(), [Job::BackchannelLogout { .. }]), "{:?}", world.outbox().await);
    assert_eq!(world.access(maria, service).await.expect("let through").quota, Some(gigabytes(2)));
}

#[tokio::test]
async fn a_failure_in_the_middle_leaves_nothing_behind() {
    let world = World::new().await;
    apply(&world.reopened().await, "[[collective]]\nname = \"Ateneu\"").await;
    let before = exported(&world.app, Scope::Cluster(Hashes::Included)).await;
    // randomness that repeats itself makes the same identifiers again: the second collective collides with the first
    let repeating = world.reopened().await;
    let text = "[[collective]]\nname = \"L'Ateneu de Dalt\"\nslug = \"ateneu\"\n[[collective]]\nname = \"Altre\"";
    let outcome = apply_file(&repeating.act(Actor::Operator, "test"), &file(text), Mode::Write).await;
    assert_eq!(refusal(outcome), ApplyRefusal::ChangedMeanwhile);
    assert_eq!(exported(&world.app, Scope::Cluster(Hashes::Included)).await, before, "not even the new name stayed");
}

#[tokio::test]
async fn a_file_that_does_not_fit_is_refused_as_a_whole() {
    let world = World::new().await;
    let text = "[[collective]]\nname = \"Ateneu\"\n[[offer]]\nservice = \"nuvol\"\ncollective = \"ateneu\"";
    let outcome = apply_file(&world.app.act(Actor::Operator, "test"), &file(text), Mode::Write).await;
    let ApplyRefusal::Problems(problems) = refusal(outcome) else { panic!("no problems") };
    assert_eq!(problems.to_string(), "cluster.toml:4: there is no service `nuvol`: expected none, there are no such");
    assert!(world.store.read().collectives().find_by_slug(&Slug::parse("ateneu").expect("a slug")).await.expect("read").is_none());
}

#[tokio::test]
async fn a_client_that_needs_no_secret_is_not_said_to_lack_one() {
    let world = World::new().await;
    let table = "[[client]]\nclient_id = \"mobil\"\nkind = \"admin_ui\"\nredirect_uris = [\"http://127.0.0.1/cb\"]\n";
    let new = apply(&world.app, &format!("{table}auth = \"none\"\n")).await;
    assert_eq!(new.warnings, Vec::<String>::new());
    assert_eq!(apply(&world.app, table).await.warnings, Vec::<String>::new(), "the file leaves out how it proves who it is");
    let lacking = apply(&world.app, "[[client]]\nclient_id = \"motor\"\nkind = \"machine\"\n").await;
    assert!(lacking.warnings.iter().any(|warning| warning.contains("motor has no secret")), "{:?}", lacking.warnings);
}

#[tokio::test]
async fn the_example_to_start_from_applies() {
    const EXAMPLE: &str = include_str!("../../../../deploy/examples/cluster.toml");
    let (world, home) = (World::new().await, tempfile::tempdir().expect("a directory"));
    for (name, secret) in [
        ("nuvol", "a-secret-of-thirty-two-characters-1"),
        ("forum", "a-secret-of-thirty-two-characters-2"),
        ("maria", "una frase prou llarga"),
    ] {
        keys::secret_file::create(&home.path().join("secrets").join(name), secret).expect("written");
    }
    let act = world.app.act(Actor::Operator, "test");
    let applied = apply_text(&act, "cluster.toml", EXAMPLE, home.path()).await.expect("applied");
    assert!(applied.entries.iter().all(|entry| entry.verdict == Verdict::Create));
    assert_eq!(applied.warnings, Vec::<String>::new());
}

#[tokio::test]
async fn the_gate_decides_who_the_facts_let_through() {
    let world = World::new().await;
    apply(&world.app, DEMO).await;
    let facts = cluster_facts(&world.app.act(Actor::Operator, "test")).await.expect("facts");
    let services = |username: &str| facts.people.iter().find(|person| person.username == username).expect("somebody").services.clone();
    assert_eq!(services("oriol.mas"), ["estudi"], "suspended in L'Ateneu, whose doors are closed");
    assert_eq!(services("teresa.font"), Vec::<String>::new(), "lapsed");
    assert_eq!(services("gemma.oliver"), Vec::<String>::new(), "not validated");
    assert!(services("laia.roca").contains(&"estudi".to_owned()), "a guest");
    let maria = facts.people.iter().find(|person| person.username == "maria.puig").expect("Maria");
    assert_eq!(maria.collectives[0].roles, ["member", "manager", "community_steward"]);
}
