//! A withdrawal leaves a receipt with every client of the service that knew the person, and the desk reads how far it got.

use idp_app::{
    collectives::view_member::view_member,
    jobs::{Claimed, Done, Job, MAX_ATTEMPTS, Retry, retry_job},
    once::Repeatable,
    services::{
        Consequences, ServiceTold, ToldState, WantedTerms,
        grant_service::{GrantService, Opened, grant_service},
        withdraw_grant::{WithdrawGrant, withdraw_grant},
    },
};
use idp_domain::{
    Timestamp, Ttl,
    collective::Collective,
    id::PersonId,
    membership::Membership,
    policy::Actor,
    service::{Automatic, Service},
};

use crate::world::{START, World, text};

/// L'Ateneu with a manager, and Maria, for whom it opened the Oficina.
struct Scene {
    world: World,
    ateneu: Collective,
    manager: PersonId,
    maria: PersonId,
    membership: Membership,
    oficina: Service,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let ateneu = world.collective("ateneu").await;
        let (manager, _) = world.manager(&ateneu, "gemma").await;
        let maria = world.person("maria").await;
        let membership = world.member(&ateneu, maria).await;
        let oficina = world.service("oficina").await;
        world.offer(&oficina, &ateneu, Automatic::No).await;
        Self { world, ateneu, manager, maria, membership, oficina }
    }
    async fn open(&self) -> Opened {
        let wish = GrantService {
            collective: self.ateneu.id,
            membership: self.membership.id,
            service: self.oficina.id,
            terms: WantedTerms::default(),
        };
        let (act, standing) = (self.world.act(self.manager), self.world.standing(self.manager).await);
        let Repeatable::Done(opened) = grant_service(&act, &standing, &wish, None).await.expect("opens") else { panic!("opened before") };
        opened
    }
    async fn withdraw(&self, opened: &Opened) -> Consequences {
        let (collective, membership) = (self.ateneu.id, self.membership.id);
        let (grant, version) = (opened.door.grant.id, opened.door.grant.version);
        let input = WithdrawGrant { collective, membership, grant, version, reason: text("") };
        let (act, standing) = (self.world.act(self.manager), self.world.standing(self.manager).await);
        withdraw_grant(&act, &standing, &input).await.expect("withdraws")
    }
    /// What the desk shows: since when, how far, when.
    async fn told(&self) -> Vec<(Timestamp, ToldState, Timestamp)> {
        let (act, standing) = (self.world.act(self.manager), self.world.standing(self.manager).await);
        let view = view_member(&act, &standing, self.ateneu.id, self.membership.id).await.expect("a member");
        let told = |told: ServiceTold| {
            assert_eq!(told.service.id, self.oficina.id);
            (told.since, told.state, told.at)
        };
        view.told.into_iter().map(told).collect()
    }
    async fn claim(&self) -> Vec<Claimed> {
        self.world.app.claim_jobs(self.world.clock.now(), 10).await.expect("claims")
    }
    fn now(&self) -> Timestamp {
        self.world.clock.now()
    }
}

#[tokio::test]
async fn a_withdrawal_is_done_at_the_service_only_when_every_session_there_was_told() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.open().await;
    scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    assert!(scene.told().await.is_empty());
    scene.withdraw(&opened).await;
    assert_eq!(scene.told().await, [(START, ToldState::Waiting, START)]);
    let receipts = |job: &Job| matches!(job, Job::BackchannelLogout { receipts, .. } if receipts.len() == 1);
    let outbox = scene.world.outbox().await;
    assert!(outbox.len() == 2 && outbox.iter().all(receipts), "each session has a receipt of its own: {outbox:?}");

    let jobs = scene.claim().await;
    scene.world.clock.advance(Ttl::seconds(1));
    scene.world.app.complete_job(scene.now(), &jobs[0], Done::Delivered).await.expect("completes");
    assert_eq!(scene.told().await, [(START, ToldState::Waiting, START)]);
    scene.world.app.fail_job(scene.now(), &jobs[1], "no answer in time", Retry::Later).await.expect("fails");
    assert_eq!(scene.told().await, [(START, ToldState::TryingAgain, START + Ttl::seconds(1))]);

    scene.world.clock.advance(Ttl::minutes(2));
    let again = scene.claim().await;
    assert_eq!(again.len(), 1);
    scene.world.app.complete_job(scene.now(), &again[0], Done::Delivered).await.expect("completes");
    assert_eq!(scene.told().await, [(START, ToldState::Confirmed, scene.now())]);
}

#[tokio::test]
async fn what_was_given_up_and_what_cannot_be_told_is_said_as_it_is() {
    let scene = Scene::new().await;
    let deaf = scene.world.client(&scene.oficina, None).await;
    let opened = scene.open().await;
    scene.world.sign_in(scene.maria, deaf, &scene.oficina).await;
    scene.withdraw(&opened).await;
    assert_eq!(scene.told().await, [(START, ToldState::CannotBeTold, START)]);
    assert!(scene.world.outbox().await.is_empty());

    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.open().await;
    scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    scene.withdraw(&opened).await;
    for attempt in 1..=MAX_ATTEMPTS {
        let [job] = &scene.claim().await[..] else { panic!("try {attempt} is due") };
        scene.world.app.fail_job(scene.now(), job, "answered with status 500", Retry::Later).await.expect("fails");
        let expected = if attempt < MAX_ATTEMPTS { ToldState::TryingAgain } else { ToldState::GivenUp };
        assert_eq!(scene.told().await, [(START, expected, scene.now())], "{attempt}");
        scene.world.clock.advance(Ttl::hours(3));
    }
    assert!(scene.claim().await.is_empty(), "nothing is tried after the last try");
}

#[tokio::test]
async fn a_job_whose_workers_never_report_is_given_up_and_may_be_tried_again_by_hand() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.open().await;
    scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    scene.withdraw(&opened).await;
    for _ in 0..MAX_ATTEMPTS {
        assert_eq!(scene.claim().await.len(), 1);
        scene.world.clock.advance(idp_app::jobs::LEASE);
    }
    assert!(scene.claim().await.is_empty());
    let [dead] = &scene.world.app.list_given_up(10).await.expect("read")[..] else { panic!("one job") };
    assert_eq!(dead.why.as_deref(), Some("its workers ended without a report"));
    assert_eq!(scene.told().await[0].1, ToldState::GivenUp);

    let act = scene.world.app.act(Actor::Operator, "console");
    assert!(retry_job(&act, dead.id).await.expect("revives"));
    assert!(!retry_job(&act, dead.id).await.expect("asks"), "it is not given up any more");
    let [job] = &scene.claim().await[..] else { panic!("it is due") };
    scene.world.app.complete_job(scene.now(), job, Done::Delivered).await.expect("completes");
    assert_eq!(scene.told().await, [(START, ToldState::Confirmed, scene.now())]);
}

#[tokio::test]
async fn a_service_without_a_session_and_a_report_from_a_lost_lease_change_nothing() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.open().await;
    scene.withdraw(&opened).await;
    assert!(scene.told().await.is_empty(), "nobody there knew the person");

    let opened = scene.open().await;
    scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    scene.withdraw(&opened).await;
    let slow = scene.claim().await;
    scene.world.clock.advance(idp_app::jobs::LEASE);
    let quick = scene.claim().await;
    assert_eq!((slow.len(), quick.len()), (1, 1), "the lease is over");
    scene.world.app.fail_job(scene.now(), &slow[0], "answered with status 500", Retry::Later).await.expect("reports");
    assert_eq!(scene.told().await, [(START, ToldState::Waiting, START)], "whoever lost the lease has no say");
    scene.world.app.complete_job(scene.now(), &quick[0], Done::Delivered).await.expect("reports");
    assert_eq!(scene.told().await, [(START, ToldState::Confirmed, scene.now())]);
    scene.world.clock.advance(Ttl::days(31));
    assert!(scene.told().await.is_empty(), "old news");
}
