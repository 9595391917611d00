//! What is of no use any more is forgotten when its time has come, and not a moment before.

use idp_app::{
    housekeeping::forget_expired,
    jobs::{Done, MAX_ATTEMPTS, Retry},
};
use idp_domain::{
    Timestamp, Ttl,
    audit::SignInOutcome,
    id::{ClientId, PersonId, SessionId},
    person::PersonState,
    policy::Actor,
    secret::{Secret, SecretKind},
    service::Service,
};
use idp_store::{
    Tx,
    links::{Link, LinkKind},
    signin_log::SignIn,
};

use crate::world::{START, World};

/// One of each.
struct Scene {
    world: World,
    maria: PersonId,
    oficina: Service,
    client: ClientId,
    session: SessionId,
    link: Secret,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let maria = world.person("maria").await;
        let oficina = world.service("oficina").await;
        let client = world.client(&oficina, Some("https://oficina.cat/logout")).await;
        let session = world.sign_in(maria, client, &oficina).await;
        let link = Secret::from_entropy(SecretKind::Link, [7; 32]);
        let row = Link {
            id: world.id(),
            kind: LinkKind::Setup,
            person: None,
            email: None,
            collective: None,
            payload: "{}".into(),
            created_at: START,
            expires_at: START + Ttl::days(1),
            used_at: None,
        };
        let tx = world.store.write("test").await.expect("begins");
        tx.links().insert(&link.hash(), &row).await.expect("inserts");
        let sign_in = SignIn { id: world.id(), at: START, outcome: SignInOutcome::Password, client_prefix: None };
        tx.signin_log().append(Some(maria), &sign_in).await.expect("appends");
        tx.commit().await.expect("commits");
        Self { world, maria, oficina, client, session, link }
    }
    /// Keeps house at this distance from the start.
    async fn after(&self, time: Ttl) {
        let passed = self.world.clock.now().since(START);
        self.world.clock.advance(Ttl::millis(time.as_millis() - passed.as_millis()));
        forget_expired(&self.world.app.act(Actor::System, "a test")).await.expect("forgets");
    }
    async fn session_is_there(&self) -> bool {
        self.world.store.read().sessions().find(self.session).await.expect("read").is_some()
    }
    async fn link_is_there(&self) -> bool {
        self.world.store.read().links().find_by_hash(LinkKind::Setup, &self.link.hash()).await.expect("read").is_some()
    }
    async fn sign_ins(&self) -> usize {
        self.world.store.read().signin_log().list(self.maria, None, 10).await.expect("read").len()
    }
}

#[tokio::test]
async fn each_thing_goes_when_its_time_has_come() {
    let scene = Scene::new().await;
    scene.after(Ttl::days(31)).await;
    assert!(scene.link_is_there().await, "thirty days after it expired, not before");
    scene.world.clock.advance(Ttl::seconds(1));
    scene.after(Ttl::millis(Ttl::days(31).as_millis() + 1000)).await;
    assert!(!scene.link_is_there().await);

    scene.after(Ttl::days(90)).await;
    assert!(scene.sign_ins().await == 1 && scene.session_is_there().await);
    assert!(scene.world.is_authorised(scene.session, scene.client).await, "the service is still told of a withdrawal");
    scene.after(Ttl::days(92)).await;
    assert_eq!(scene.sign_ins().await, 0);
    assert!(!scene.session_is_there().await && !scene.world.is_authorised(scene.session, scene.client).await);

    let read = scene.world.store.read();
    assert!(read.people().find(scene.maria).await.expect("read").is_some(), "people stay");
    let subject = read.subjects().find(scene.maria, scene.oficina.slug.as_str()).await.expect("read");
    assert!(subject.is_some(), "what a service has seen stays for ever");
}

#[tokio::test]
async fn work_that_was_done_goes_after_a_week_and_work_that_was_given_up_after_a_season() {
    let scene = Scene::new().await;
    let told = |now: Timestamp| scene.world.app.claim_jobs(now, 10);
    let end = async || {
        let session = scene.world.sign_in(scene.maria, scene.client, &scene.oficina).await;
        idp_app::account::sessions::end_my_session(&scene.world.act(scene.maria), scene.maria, session).await.expect("ends");
    };
    end().await;
    let job = told(START).await.expect("claims").pop().expect("a job");
    scene.world.app.complete_job(START, &job, Done::Delivered).await.expect("completes");
    end().await;
    for _ in 0..MAX_ATTEMPTS {
        scene.world.clock.advance(Ttl::hours(3));
        let job = told(scene.world.clock.now()).await.expect("claims").pop().expect("a job");
        scene.world.app.fail_job(scene.world.clock.now(), &job, "no answer in time", Retry::Later).await.expect("fails");
    }
    let given_up = scene.world.clock.now().since(START);
    end().await;
    let all = async || {
        let read = scene.world.store.read();
        let jobs = read.jobs();
        (jobs.list_open(10).await.expect("read").len(), jobs.list_dead(None, 10).await.expect("read").len())
    };
    scene.after(Ttl::days(8)).await;
    assert_eq!(all().await, (1, 1), "what waits is never forgotten");
    assert_eq!(scene.world.app.list_given_up(10).await.expect("read")[0].why.as_deref(), Some("no answer in time"));
    scene.after(Ttl::millis(given_up.as_millis() + Ttl::days(90).as_millis() + 1)).await;
    assert_eq!(all().await, (1, 0));
}

#[tokio::test]
async fn more_than_one_batch_of_unproven_accounts_goes_in_one_round() {
    let world = World::new().await;
    for n in 0..120 {
        world.person_in(&format!("ningu{n}"), PersonState::Pending).await;
    }
    world.person_in("maria", PersonState::AwaitingValidation).await;
    let keep = async |after| {
        world.clock.advance(after);
        forget_expired(&world.app.act(Actor::System, "a test")).await.expect("forgets");
        let username = |name: &str| idp_domain::username::Username::parse(name).expect("a username");
        let read = world.store.read();
        let people = read.people();
        let mut there = Vec::new();
        for name in ["ningu0", "ningu119", "maria"] {
            there.push(people.find_by_username(&username(name)).await.expect("read").is_some());
        }
        there
    };
    assert_eq!(keep(Ttl::hours(48)).await, [true, true, true]);
    assert_eq!(keep(Ttl::seconds(1)).await, [false, false, true]);
}
