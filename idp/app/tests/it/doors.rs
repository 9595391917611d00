//! Opening, changing and closing doors, and what follows for the services.

use idp_app::{
    collectives::Denied,
    jobs::Job,
    once::{Once, Repeatable},
    services::{
        ClosedNote, DoorState, TermsRefusal, WantedTerms,
        change_grant::{ChangeGrant, ChangeGrantRefusal, change_grant},
        grant_service::{GrantService, GrantServiceRefusal, OfferRefusal, Opened, grant_service},
        list_offered::list_offered,
        withdraw_grant::{WithdrawGrant, WithdrawGrantRefusal, withdraw_grant},
    },
};
use idp_domain::{
    Ttl,
    collective::Collective,
    id::PersonId,
    membership::{Membership, MembershipState},
    service::{Automatic, Service, ServiceState},
};
use idp_store::Tx;

use crate::world::{START, World, gigabytes, race, refusal, role, text};

/// L'Ateneu with a manager, Maria who belongs to it, and the Oficina offered to it.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) ateneu: Collective,
    pub(crate) manager: PersonId,
    pub(crate) maria: PersonId,
    pub(crate) membership: Membership,
    pub(crate) oficina: Service,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let ateneu = world.collective("ateneu").await;
        let (manager, _) = world.manager(&ateneu, "gemma").await;
        let maria = world.person("maria").await;
        let membership = world.member(&ateneu, maria).await;
        let oficina = world.service("oficina").await;
        world.offer(&oficina, &ateneu, Automatic::No).await;
        Self { world, ateneu, manager, maria, membership, oficina }
    }
    pub(crate) fn wish(&self, terms: WantedTerms) -> GrantService {
        GrantService { collective: self.ateneu.id, membership: self.membership.id, service: self.oficina.id, terms }
    }
    pub(crate) async fn give(&self, terms: WantedTerms) -> Result<Opened, GrantServiceRefusal> {
        self.give_as(self.manager, &self.wish(terms)).await
    }
    async fn give_as(&self, actor: PersonId, wish: &GrantService) -> Result<Opened, GrantServiceRefusal> {
        let standing = self.world.standing(actor).await;
        match grant_service(&self.world.act(actor), &standing, wish, None).await {
            Ok(Repeatable::Done(opened)) => Ok(opened),
            outcome => Err(refusal(outcome)),
        }
    }
    pub(crate) async fn withdraw(&self, opened: &Opened) -> idp_app::services::Consequences {
        let input = WithdrawGrant {
            collective: self.ateneu.id,
            membership: self.membership.id,
            grant: opened.door.grant.id,
            version: opened.door.grant.version,
            reason: text("Ja no hi treballa."),
        };
        let standing = self.world.standing(self.manager).await;
        withdraw_grant(&self.world.act(self.manager), &standing, &input).await.expect("withdraws")
    }
    /// Another collective of Maria's that opened its own door to the same service.
    pub(crate) async fn second_door(&self) -> Collective {
        let hort = self.world.collective("hort").await;
        let (manager, _) = self.world.manager(&hort, "hug").await;
        let membership = self.world.member(&hort, self.maria).await;
        self.world.offer(&self.oficina, &hort, Automatic::No).await;
        let wish = GrantService { collective: hort.id, membership: membership.id, ..self.wish(WantedTerms::default()) };
        self.give_as(manager, &wish).await.expect("opens");
        hort
    }
}

#[tokio::test]
async fn a_manager_opens_a_door_within_the_offer() {
    let scene = Scene::new().await;
    assert!(scene.world.access(scene.maria, scene.oficina.id).await.is_none());
    let opened = scene.give(WantedTerms { quota: Some(gigabytes(10)), ..WantedTerms::default() }).await.expect("opens");
    assert_eq!((opened.door.state, opened.door.grant.role), (DoorState::Open, Some(role("reader"))));
    assert_eq!(opened.consequences, idp_app::services::Consequences::default(), "gaining tells nobody");
    let access = scene.world.access(scene.maria, scene.oficina.id).await.expect("let in");
    assert_eq!((access.role, access.quota), (Some(role("reader")), Some(gigabytes(10))));
    assert_eq!(scene.world.audited(scene.ateneu.id).await, ["grant.given"]);
    let standing = scene.world.standing(scene.manager).await;
    let offered = list_offered(&scene.world.act(scene.manager), &standing, scene.ateneu.id).await.expect("a list");
    assert_eq!(offered.iter().map(|offered| offered.open_grants).collect::<Vec<_>>(), [1]);
}

#[tokio::test]
async fn what_the_offer_does_not_bring_is_refused_and_leaves_nothing() {
    let scene = Scene::new().await;
    let terms = |refusal| GrantServiceRefusal::Offer(OfferRefusal::Terms(refusal));
    for (wanted, why) in [
        (
            WantedTerms { role: Some(role("admin")), ..WantedTerms::default() },
            terms(TermsRefusal { role_not_offered: true, ..TermsRefusal::default() }),
        ),
        (
            WantedTerms { quota: Some(gigabytes(11)), ..WantedTerms::default() },
            terms(TermsRefusal { quota_above_ceiling: true, ..TermsRefusal::default() }),
        ),
        (
            WantedTerms { ends_at: Some(START), ..WantedTerms::default() },
            terms(TermsRefusal { ends_in_the_past: true, ..TermsRefusal::default() }),
        ),
    ] {
        assert_eq!(scene.give(wanted).await.expect_err("refused"), why);
    }
    let other = scene.world.service("xat").await;
    let wish = GrantService { service: other.id, ..scene.wish(WantedTerms::default()) };
    assert_eq!(scene.give_as(scene.manager, &wish).await.expect_err("refused"), GrantServiceRefusal::Offer(OfferRefusal::NotOffered));
    scene.world.set_service_state(&scene.oficina, ServiceState::Paused).await;
    let why = scene.give(WantedTerms::default()).await.expect_err("refused");
    assert_eq!(why, GrantServiceRefusal::Offer(OfferRefusal::ServiceNotActive));
    assert!(scene.world.audited(scene.ateneu.id).await.is_empty());
}

#[tokio::test]
async fn a_membership_that_does_not_stand_opens_no_door() {
    let scene = Scene::new().await;
    let paused = scene.world.person("pau").await;
    let membership = scene.world.member_in(&scene.ateneu, paused, MembershipState::Suspended).await;
    let wish = GrantService { membership: membership.id, ..scene.wish(WantedTerms::default()) };
    assert_eq!(scene.give_as(scene.manager, &wish).await.expect_err("refused"), GrantServiceRefusal::MembershipNotActive);
}

#[tokio::test]
async fn nobody_gives_to_themselves_and_strangers_find_nothing() {
    let scene = Scene::new().await;
    let own = scene.world.membership(&scene.ateneu, scene.manager).await;
    let wish = GrantService { membership: own.id, ..scene.wish(WantedTerms::default()) };
    let why = scene.give_as(scene.manager, &wish).await.expect_err("refused");
    assert_eq!(why, GrantServiceRefusal::Denied(Denied::OwnMembership));
    let why = scene.give_as(scene.maria, &scene.wish(WantedTerms::default())).await.expect_err("refused");
    assert_eq!(why, GrantServiceRefusal::Denied(Denied::Forbidden));
    let hort = scene.world.collective("hort").await;
    let (stranger, _) = scene.world.manager(&hort, "hug").await;
    let why = scene.give_as(stranger, &scene.wish(WantedTerms::default())).await.expect_err("refused");
    assert_eq!(why, GrantServiceRefusal::Denied(Denied::NotFound));
    // the other way round: a membership of another collective under one's own
    let foreign = GrantService { collective: hort.id, ..scene.wish(WantedTerms::default()) };
    assert_eq!(scene.give_as(stranger, &foreign).await.expect_err("refused"), GrantServiceRefusal::Denied(Denied::NotFound));
}

#[tokio::test]
async fn a_withdrawal_ends_what_was_authorised_and_tells_the_service() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.give(WantedTerms::default()).await.expect("opens");
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    assert!(scene.world.is_authorised(session, client).await);

    let consequences = scene.withdraw(&opened).await;
    assert_eq!(consequences.closed.iter().map(|closed| closed.note).collect::<Vec<_>>(), [ClosedNote::BeingTold]);
    assert!(consequences.told.len() == 1 && consequences.told[0].queued);
    assert_eq!(consequences.access_tokens_live_until, Some(START + Ttl::seconds(330)));
    assert!(scene.world.access(scene.maria, scene.oficina.id).await.is_none());
    assert!(!scene.world.is_authorised(session, client).await);
    let outbox = scene.world.outbox().await;
    assert!(
        matches!(&outbox[..], [Job::BackchannelLogout { client: told, sid: Some(sid), .. }] if *told == client && *sid == session),
        "{outbox:?}"
    );
    assert_eq!(scene.world.audited(scene.ateneu.id).await, ["grant.given", "grant.withdrawn"]);
}

#[tokio::test]
async fn a_service_that_cannot_be_told_is_said_to_run_on() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, None).await;
    let opened = scene.give(WantedTerms::default()).await.expect("opens");
    let never_signed_in = scene.withdraw(&opened).await;
    assert_eq!(never_signed_in.closed[0].note, ClosedNote::NoSession);
    let opened = scene.give(WantedTerms::default()).await.expect("opens again");
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    let consequences = scene.withdraw(&opened).await;
    assert_eq!((consequences.closed[0].note, consequences.told[0].queued), (ClosedNote::CannotBeTold, false));
    assert!(!scene.world.is_authorised(session, client).await);
    assert!(scene.world.outbox().await.is_empty());
}

#[tokio::test]
async fn another_role_is_told_and_ends_nothing() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.give(WantedTerms::default()).await.expect("opens");
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    let change = |version, name: &str| ChangeGrant {
        collective: scene.ateneu.id,
        membership: scene.membership.id,
        grant: opened.door.grant.id,
        version,
        terms: WantedTerms { role: Some(role(name)), ..WantedTerms::default() },
    };
    let (act, standing) = (scene.world.act(scene.manager), scene.world.standing(scene.manager).await);
    let changed = change_grant(&act, &standing, &change(1, "editor")).await.expect("changes");
    assert_eq!((changed.door.grant.role, changed.door.grant.version), (Some(role("editor")), 2));
    assert!(changed.consequences.closed.is_empty() && changed.consequences.told[0].queued);
    assert!(scene.world.is_authorised(session, client).await);
    assert_eq!(scene.world.outbox().await.len(), 1);
    assert_eq!(scene.world.audited(scene.ateneu.id).await, ["grant.given", "grant.changed"]);
    // the same again is nothing new to the service
    let same = change_grant(&act, &standing, &change(2, "editor")).await.expect("changes");
    assert!(same.consequences.told.is_empty());
    assert_eq!(scene.world.outbox().await.len(), 1);
    assert_eq!(refusal(change_grant(&act, &standing, &change(2, "reader")).await), ChangeGrantRefusal::Stale);
    let why = refusal(change_grant(&act, &standing, &change(3, "admin")).await);
    assert_eq!(why, ChangeGrantRefusal::Terms(TermsRefusal { role_not_offered: true, ..TermsRefusal::default() }));
}

#[tokio::test]
async fn another_quota_is_told_and_ends_nothing() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.give(WantedTerms { quota: Some(gigabytes(10)), ..WantedTerms::default() }).await.expect("opens");
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    let (act, standing) = (scene.world.act(scene.manager), scene.world.standing(scene.manager).await);
    // less, then none of its own
    for (version, quota) in [(1, Some(gigabytes(5))), (2, None)] {
        let input = ChangeGrant {
            collective: scene.ateneu.id,
            membership: scene.membership.id,
            grant: opened.door.grant.id,
            version,
            terms: WantedTerms { quota, ..WantedTerms::default() },
        };
        let changed = change_grant(&act, &standing, &input).await.expect("changes");
        assert_eq!(changed.door.grant.quota, quota);
        assert!(changed.consequences.closed.is_empty() && changed.consequences.told[0].queued);
        let outbox = scene.world.outbox().await;
        assert!(
            matches!(outbox.last(), Some(Job::BackchannelLogout { client: told, sid: Some(sid), .. }) if *told == client && *sid == session),
            "{outbox:?}"
        );
        assert_eq!(i64::try_from(outbox.len()), Ok(version), "each change is told once");
    }
    assert!(scene.world.is_authorised(session, client).await);
}

#[tokio::test]
async fn a_door_that_another_collective_opened_stays_open_and_does_not_show() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, Some("https://oficina.cat/logout")).await;
    let opened = scene.give(WantedTerms::default()).await.expect("opens");
    scene.second_door().await;
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    let consequences = scene.withdraw(&opened).await;
    // the report is the one of a withdrawal that took everything away
    assert_eq!(consequences.closed[0].note, ClosedNote::BeingTold);
    assert!(consequences.told[0].queued && consequences.access_tokens_live_until.is_some());
    assert!(scene.world.access(scene.maria, scene.oficina.id).await.is_some());
    assert!(scene.world.is_authorised(session, client).await, "the other door still stands behind it");
}

#[tokio::test]
async fn a_grant_of_another_membership_is_not_found() {
    let scene = Scene::new().await;
    let opened = scene.give(WantedTerms::default()).await.expect("opens");
    let pau = scene.world.person("pau").await;
    let other = scene.world.member(&scene.ateneu, pau).await;
    let input =
        WithdrawGrant { collective: scene.ateneu.id, membership: other.id, grant: opened.door.grant.id, version: 1, reason: text("") };
    let (act, standing) = (scene.world.act(scene.manager), scene.world.standing(scene.manager).await);
    let why = refusal(withdraw_grant(&act, &standing, &input).await);
    assert_eq!(why, WithdrawGrantRefusal::Denied(Denied::NotFound));
    let stale = WithdrawGrant { membership: scene.membership.id, version: 7, ..input };
    assert_eq!(refusal(withdraw_grant(&act, &standing, &stale).await), WithdrawGrantRefusal::Stale);
}

#[tokio::test]
async fn the_same_key_opens_one_door_and_hears_the_same() {
    let scene = Scene::new().await;
    let (act, standing) = (scene.world.act(scene.manager), scene.world.standing(scene.manager).await);
    let wish = scene.wish(WantedTerms::default());
    let write = |opened: &Opened| opened.door.grant.id.to_string();
    let once = |body: &'static [u8]| Once::new(scene.manager, "key-1", "here", body, &write);
    let first = grant_service(&act, &standing, &wish, Some(&once(b"{}"))).await.expect("opens");
    let Repeatable::Done(opened) = first else { panic!("it was not done before") };
    let second = grant_service(&act, &standing, &wish, Some(&once(b"{}"))).await.expect("hears");
    assert_eq!(second, Repeatable::Before(opened.door.grant.id.to_string()));
    let other = refusal(grant_service(&act, &standing, &wish, Some(&once(b"[]"))).await);
    assert_eq!(other, GrantServiceRefusal::KeyReused);
    assert_eq!(scene.give(WantedTerms::default()).await.expect_err("open"), GrantServiceRefusal::AlreadyOpen);
}

#[tokio::test]
async fn a_door_whose_end_has_passed_gives_way_to_a_new_one() {
    let scene = Scene::new().await;
    let until = WantedTerms { ends_at: Some(START + Ttl::days(1)), ..WantedTerms::default() };
    let opened = scene.give(until).await.expect("opens");
    scene.world.clock.advance(Ttl::days(2));
    assert!(scene.world.access(scene.maria, scene.oficina.id).await.is_none());
    let again = scene.give(WantedTerms::default()).await.expect("opens anew");
    assert_ne!(again.door.grant.id, opened.door.grant.id);
    assert!(scene.world.access(scene.maria, scene.oficina.id).await.is_some());
    assert_eq!(scene.world.audited(scene.ateneu.id).await, ["grant.given", "grant.withdrawn", "grant.given"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_at_once_one_opens_the_door() {
    let scene = Scene::new().await;
    let standing = scene.world.standing(scene.manager).await;
    let outcomes = race(20, |_| {
        let (act, standing, wish) = (scene.world.act(scene.manager), standing.clone(), scene.wish(WantedTerms::default()));
        async move { grant_service(&act, &standing, &wish, None).await.is_ok() }
    })
    .await;
    assert_eq!(outcomes.into_iter().filter(|opened| *opened).count(), 1);
    let doors = scene.world.store.read().grants().list_of_membership(scene.ateneu.id, scene.membership.id).await.expect("grants");
    assert_eq!(doors.len(), 1);
}
