//! Ends by date: nobody acts, and the services are told all the same.

use idp_app::{
    Act,
    jobs::Job,
    services::{WantedTerms, follow_ends},
};
use idp_domain::{Ttl, id::ClientId, policy::Actor};
use idp_store::{Tx, ends::Ended};

use crate::{
    doors::Scene,
    world::{START, role},
};

const LOGOUT: Option<&str> = Some("https://oficina.cat/logout");

fn worker(scene: &Scene) -> Act {
    scene.world.app.act(Actor::System, "ends")
}

async fn follow(scene: &Scene) {
    assert!(!follow_ends(&worker(scene)).await.expect("follows"), "a handful is done at once");
}

fn until(minutes: i64) -> WantedTerms {
    WantedTerms { ends_at: Some(START + Ttl::minutes(minutes)), ..WantedTerms::default() }
}

/// How many logout tokens are on the way to the client.
async fn told(scene: &Scene, client: ClientId) -> usize {
    let is_to = |job: &Job| matches!(job, Job::BackchannelLogout { client: to, .. } if *to == client);
    scene.world.outbox().await.iter().filter(|job| is_to(job)).count()
}

#[tokio::test]
async fn a_door_that_closes_ends_what_it_let_in_and_one_that_leaves_others_open_is_told() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, LOGOUT).await;
    let ends = WantedTerms { role: Some(role("editor")), ..until(10) };
    scene.give(ends).await.expect("opens");
    scene.second_door().await;
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    follow(&scene).await;
    assert_eq!(told(&scene, client).await, 0, "nothing has ended");
    scene.world.clock.advance(Ttl::minutes(10));
    follow(&scene).await;
    assert_eq!(told(&scene, client).await, 1, "another role");
    assert!(scene.world.is_authorised(session, client).await, "the other door still stands behind it");
    follow(&scene).await;
    assert_eq!(told(&scene, client).await, 1, "once");
}

#[tokio::test]
async fn a_mandate_whose_term_is_over_shows_at_the_services() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, LOGOUT).await;
    scene.give(WantedTerms::default()).await.expect("opens");
    scene.world.mandate(&scene.membership, Some(START + Ttl::minutes(10))).await;
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    scene.world.clock.advance(Ttl::minutes(10));
    follow(&scene).await;
    assert_eq!(told(&scene, client).await, 1, "it brought a group");
    assert!(scene.world.is_authorised(session, client).await);
}

#[tokio::test]
async fn who_acts_before_the_end_was_followed_does_not_make_it_unseen() {
    for acts in ["withdraws", "gives anew"] {
        let scene = Scene::new().await;
        let client = scene.world.client(&scene.oficina, LOGOUT).await;
        let opened = scene.give(WantedTerms { role: Some(role("editor")), ..until(10) }).await.expect("opens");
        scene.world.sign_in(scene.maria, client, &scene.oficina).await;
        scene.world.clock.advance(Ttl::minutes(10));
        if acts == "withdraws" {
            scene.withdraw(&opened).await;
        } else {
            scene.give(WantedTerms::default()).await.expect("opens anew, as a reader");
        }
        assert_eq!(told(&scene, client).await, 1, "{acts}");
        follow(&scene).await;
        assert_eq!(told(&scene, client).await, 1, "{acts}: once");
    }
}

#[tokio::test]
async fn a_clock_that_was_ahead_does_not_swallow_later_ends() {
    let scene = Scene::new().await;
    let client = scene.world.client(&scene.oficina, LOGOUT).await;
    scene.give(until(10)).await.expect("opens");
    let tx = scene.world.store.write("test").await.expect("begins");
    let ahead = Ended { at: START + Ttl::days(1000), person: scene.maria };
    assert_eq!(tx.ends().mark_followed(None, ahead).await.expect("marks"), idp_store::Attempt::Won);
    tx.commit().await.expect("commits");
    follow(&scene).await;
    let session = scene.world.sign_in(scene.maria, client, &scene.oficina).await;
    scene.world.clock.advance(Ttl::minutes(10));
    follow(&scene).await;
    assert_eq!(told(&scene, client).await, 1);
    assert!(!scene.world.is_authorised(session, client).await);
}
