//! Pausing, resuming and ending memberships.

use idp_app::{
    collectives::{
        ChangeMembership, Denied, MembershipRefusal, end_membership::end_membership, resume_membership::resume_membership,
        suspend_membership::suspend_membership,
    },
    once::Repeatable,
    services::{
        ClosedNote, WantedTerms,
        grant_service::{GrantService, grant_service},
    },
};
use idp_domain::{
    Ttl,
    collective::Collective,
    id::PersonId,
    membership::{Membership, MembershipState},
    service::{Automatic, Service},
};
use idp_store::{Decided, Tx};

use crate::world::{START, World, refusal, text};

fn change(membership: &Membership) -> ChangeMembership {
    ChangeMembership {
        collective: membership.collective,
        membership: membership.id,
        version: membership.version,
        reason: text("Quotes pendents."),
    }
}

async fn open_door(world: &World, manager: PersonId, membership: &Membership, service: &Service) {
    let wish =
        GrantService { collective: membership.collective, membership: membership.id, service: service.id, terms: WantedTerms::default() };
    let opened = grant_service(&world.act(manager), &world.standing(manager).await, &wish, None).await.expect("opens");
    assert!(matches!(opened, Repeatable::Done(_)));
}

/// A collective with a manager, a member and a door.
async fn scene(world: &World) -> (Collective, PersonId, PersonId, Service) {
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    let membership = world.member(&ateneu, maria).await;
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::No).await;
    open_door(world, manager, &membership, &oficina).await;
    (ateneu, manager, maria, oficina)
}

#[tokio::test]
async fn a_pause_closes_this_collectives_doors_and_no_others() {
    let world = World::new().await;
    let (ateneu, manager, maria, oficina) = scene(&world).await;
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    let there = world.member(&hort, maria).await;
    let xat = world.service("xat").await;
    world.offer(&xat, &hort, Automatic::No).await;
    open_door(&world, hug, &there, &xat).await;
    let client = world.client(&oficina, Some("https://oficina.cat/logout")).await;
    let session = world.sign_in(maria, client, &oficina).await;

    let before = world.membership(&ateneu, maria).await;
    let outcome = suspend_membership(&world.act(manager), &world.standing(manager).await, &change(&before)).await.expect("pauses");
    assert_eq!(
        outcome.closed.iter().map(|closed| (closed.service.id, closed.note)).collect::<Vec<_>>(),
        [(oficina.id, ClosedNote::BeingTold)]
    );
    assert_eq!(world.membership(&ateneu, maria).await.state, MembershipState::Suspended);
    assert!(world.access(maria, oficina.id).await.is_none());
    assert!(!world.is_authorised(session, client).await);
    assert!(world.access(maria, xat.id).await.is_some());
    assert_eq!(world.membership(&hort, maria).await.state, MembershipState::Active);
    assert_eq!(world.audited(ateneu.id).await, ["grant.given", "membership.suspended"]);

    let paused = world.membership(&ateneu, maria).await;
    let again = suspend_membership(&world.act(manager), &world.standing(manager).await, &change(&paused)).await;
    assert_eq!(refusal(again), MembershipRefusal::WrongState);
    let outcome = resume_membership(&world.act(manager), &world.standing(manager).await, &change(&paused)).await.expect("resumes");
    assert!(outcome.closed.is_empty() && outcome.told.is_empty());
    assert!(world.access(maria, oficina.id).await.is_some(), "the door was never withdrawn");
}

#[tokio::test]
async fn groups_that_go_away_are_told_where_another_door_stays_open() {
    let world = World::new().await;
    let (ateneu, manager, maria, oficina) = scene(&world).await;
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    let there = world.member(&hort, maria).await;
    world.offer(&oficina, &hort, Automatic::No).await;
    open_door(&world, hug, &there, &oficina).await;
    let client = world.client(&oficina, Some("https://oficina.cat/logout")).await;
    let session = world.sign_in(maria, client, &oficina).await;
    // L'Hort pauses; L'Ateneu's door stays open, but a group is gone
    suspend_membership(&world.act(hug), &world.standing(hug).await, &change(&there)).await.expect("pauses");
    assert!(world.is_authorised(session, client).await);
    assert_eq!(world.outbox().await.len(), 1);
    assert_eq!(world.access(maria, oficina.id).await.expect("let in").groups.len(), 1);
    let _ = (ateneu, manager);
}

#[tokio::test]
async fn ending_withdraws_its_doors_and_its_mandates_for_good() {
    let world = World::new().await;
    let (ateneu, manager, maria, oficina) = scene(&world).await;
    let (second, _) = world.manager(&ateneu, "nuria").await;
    let before = world.membership(&ateneu, maria).await;
    let outcome = end_membership(&world.act(manager), &world.standing(manager).await, &change(&before)).await.expect("ends");
    assert_eq!(outcome.closed.len(), 1);
    assert_eq!(world.membership(&ateneu, maria).await.state, MembershipState::Ended);
    let grants = world.store.read().grants().list_of_person(maria).await.expect("grants");
    assert!(grants.iter().all(|grant| grant.withdrawn_at == Some(START)));
    assert_eq!(world.audited(ateneu.id).await, ["grant.given", "grant.withdrawn", "membership.ended"]);

    let theirs = world.membership(&ateneu, second).await;
    end_membership(&world.act(manager), &world.standing(manager).await, &change(&theirs)).await.expect("ends");
    assert!(!world.standing(second).await.may_manage());
    let ended = world.membership(&ateneu, second).await;
    let again = resume_membership(&world.act(manager), &world.standing(manager).await, &change(&ended)).await;
    assert_eq!(refusal(again), MembershipRefusal::WrongState);
    assert!(world.access(maria, oficina.id).await.is_none());
}

#[tokio::test]
async fn the_last_manager_cannot_be_removed() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, hers) = world.manager(&ateneu, "gemma").await;
    let (nuria, theirs) = world.manager(&ateneu, "nuria").await;
    // what Núria held a moment ago, as in two requests that cross
    let stale = world.standing(nuria).await;
    suspend_membership(&world.act(gemma), &world.standing(gemma).await, &change(&theirs)).await.expect("pauses");
    assert_eq!(refusal(suspend_membership(&world.act(nuria), &stale, &change(&hers)).await), MembershipRefusal::LastManager);
    assert_eq!(refusal(end_membership(&world.act(nuria), &stale, &change(&hers)).await), MembershipRefusal::LastManager);
    assert_eq!(world.membership(&ateneu, gemma).await.state, MembershipState::Active);
}

#[tokio::test]
async fn nobody_acts_on_themselves_or_across_the_wall() {
    let world = World::new().await;
    let (ateneu, manager, maria, _) = scene(&world).await;
    let own = world.membership(&ateneu, manager).await;
    let why = refusal(end_membership(&world.act(manager), &world.standing(manager).await, &change(&own)).await);
    assert_eq!(why, MembershipRefusal::Denied(Denied::OwnMembership));
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    let hers = world.membership(&ateneu, maria).await;
    let why = refusal(suspend_membership(&world.act(hug), &world.standing(hug).await, &change(&hers)).await);
    assert_eq!(why, MembershipRefusal::Denied(Denied::NotFound));
    let under_own = ChangeMembership { collective: hort.id, ..change(&hers) };
    let why = refusal(suspend_membership(&world.act(hug), &world.standing(hug).await, &under_own).await);
    assert_eq!(why, MembershipRefusal::Denied(Denied::NotFound));
}

#[tokio::test]
async fn a_version_read_too_long_ago_changes_nothing() {
    let world = World::new().await;
    let (ateneu, manager, maria, _) = scene(&world).await;
    let stale = ChangeMembership { version: 9, ..change(&world.membership(&ateneu, maria).await) };
    let why = refusal(suspend_membership(&world.act(manager), &world.standing(manager).await, &stale).await);
    assert_eq!(why, MembershipRefusal::Stale);
    assert_eq!(world.membership(&ateneu, maria).await.state, MembershipState::Active);
}

#[tokio::test]
async fn resuming_a_membership_past_its_end_takes_the_end_away() {
    let world = World::new().await;
    let (ateneu, manager, maria, oficina) = scene(&world).await;
    let membership = world.membership(&ateneu, maria).await;
    let tx = world.store.write("test").await.expect("begins");
    let end = Some(START + Ttl::days(1));
    let done = tx.memberships().set_end(ateneu.id, membership.id, membership.version, end, Decided::ByFile).await.expect("sets");
    assert_eq!(done, idp_store::Updated::Done);
    tx.commit().await.expect("commits");
    world.clock.advance(Ttl::days(2));
    assert!(world.access(maria, oficina.id).await.is_none());
    let lapsed = world.membership(&ateneu, maria).await;
    resume_membership(&world.act(manager), &world.standing(manager).await, &change(&lapsed)).await.expect("resumes");
    assert_eq!(world.membership(&ateneu, maria).await.ends_at, None);
    assert!(world.access(maria, oficina.id).await.is_some());
}
