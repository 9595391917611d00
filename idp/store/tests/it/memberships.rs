//! Memberships change by compare-and-set and never across a wall.

use idp_domain::{
    Ttl,
    membership::{Membership, MembershipState},
};
use idp_store::{Attempt, Decided, Inserted, Tx, Updated};

use crate::{
    cluster::{Cluster, NOW, membership},
    databases::{databases, id, race},
};

#[tokio::test]
async fn a_person_has_one_membership_in_a_collective() {
    for db in databases("memberships_one").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let maria = make.person("maria", "Maria").await;
        let first = make.member(&ateneu, maria).await;
        let tx = make.write().await;
        assert_eq!(tx.memberships().insert(&membership(ateneu.id, maria), Decided::ByFile).await.expect("asks"), Inserted::Taken);
        tx.commit().await.expect("commits");
        let rtx = db.store.read();
        assert_eq!(rtx.memberships().find_of(ateneu.id, maria).await.expect("reads"), Some(first.clone()));
        assert_eq!(rtx.memberships().find(ateneu.id, first.id).await.expect("reads"), Some(first.clone()));
        assert_eq!(rtx.memberships().find(hort.id, first.id).await.expect("reads"), None, "{}: behind the wall", db.name);
        let all = rtx.memberships().list_of_person(maria).await.expect("lists");
        assert_eq!(all, [(first, ateneu)], "{}", db.name);
    }
}

#[tokio::test]
async fn states_follow_each_other_by_version() {
    for db in databases("memberships_states").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let maria = make.person("maria", "Maria").await;
        let asked = Membership { state: MembershipState::Requested, starts_at: None, accepted_at: None, ..membership(ateneu.id, maria) };
        let tx = make.write().await;
        assert_eq!(tx.memberships().insert(&asked, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        let set = async |collective, version, state| {
            tx.memberships().set_state(collective, asked.id, version, state, NOW, Decided::InTheWeb(NOW)).await.expect("sets")
        };
        assert_eq!(set(hort.id, 1, MembershipState::Active).await, Updated::Stale, "foreign");
        assert_eq!(set(ateneu.id, 1, MembershipState::Active).await, Updated::Done);
        assert_eq!(set(ateneu.id, 1, MembershipState::Refused).await, Updated::Stale, "read too early");
        assert_eq!(tx.memberships().set_home(maria, ateneu.id, NOW).await.expect("sets"), Attempt::Won);
        assert_eq!(set(ateneu.id, 2, MembershipState::Ended).await, Updated::Done);
        tx.commit().await.expect("commits");
        let stored = db.store.read().memberships().find(ateneu.id, asked.id).await.expect("reads").expect("is there");
        assert_eq!(
            (stored.state, stored.version, stored.starts_at, stored.home_at, stored.accepted_at),
            (MembershipState::Ended, 3, Some(NOW), None, Some(NOW)),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_person_has_at_most_one_home() {
    for db in databases("memberships_home").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let maria = make.person("maria", "Maria").await;
        make.member(&ateneu, maria).await;
        assert_eq!(make.home(maria, &hort).await, Attempt::Lost, "no member there");
        assert_eq!(make.home(maria, &ateneu).await, Attempt::Won);
        let tx = make.write().await;
        let second = Membership { home_at: Some(NOW), ..membership(hort.id, maria) };
        assert_eq!(tx.memberships().insert(&second, Decided::ByFile).await.expect("asks"), Inserted::Taken, "{}: a second home", db.name);
        assert_eq!(tx.memberships().insert(&membership(hort.id, maria), Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        assert_eq!(make.home(maria, &hort).await, Attempt::Won);
        let homes: Vec<_> = db.store.read().memberships().list_of_person(maria).await.expect("lists");
        let homes: Vec<_> = homes.into_iter().filter(|(membership, _)| membership.home_at.is_some()).map(|(_, whose)| whose.id).collect();
        assert_eq!(homes, [hort.id], "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_pause_the_same_membership_exactly_one_does() {
    for db in databases("memberships_race").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let maria = make.person("maria", "Maria").await;
        let membership = make.member(&ateneu, maria).await;
        let outcomes = race((0..20).map(|_| {
            let (store, collective, id) = (db.store.clone(), ateneu.id, membership.id);
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx
                    .memberships()
                    .set_state(collective, id, 1, MembershipState::Suspended, NOW, Decided::InTheWeb(NOW))
                    .await
                    .expect("sets");
                tx.commit().await.expect("commits");
                outcome
            }
        }));
        assert_eq!(outcomes.await.into_iter().filter(|outcome| *outcome == Updated::Done).count(), 1, "{}", db.name);
    }
}

#[tokio::test]
async fn what_was_not_committed_did_not_happen() {
    for db in databases("memberships_rollback").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let maria = make.person("maria", "Maria").await;
        let tx = make.write().await;
        assert_eq!(tx.memberships().insert(&membership(ateneu.id, maria), Decided::ByFile).await.expect("inserts"), Inserted::Done);
        assert!(tx.memberships().find_of(ateneu.id, maria).await.expect("reads").is_some(), "it sees its own changes");
        tx.rollback().await.expect("rolls back");
        assert_eq!(db.store.read().memberships().find_of(ateneu.id, maria).await.expect("reads"), None, "{}", db.name);
        let tx = make.write().await;
        assert_eq!(tx.memberships().set_home(maria, id(), NOW).await.expect("asks"), Attempt::Lost);
        tx.rollback().await.expect("rolls back");
    }
}

#[tokio::test]
async fn the_first_yes_is_remembered_whatever_comes_after() {
    for db in databases("memberships_accepted").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let maria = make.person("maria", "Maria").await;
        let invited = Membership { state: MembershipState::Invited, accepted_at: None, ..membership(ateneu.id, maria) };
        let tx = make.write().await;
        assert_eq!(tx.memberships().insert(&invited, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        let steps = [
            (MembershipState::Ended, None),
            (MembershipState::Invited, None),
            (MembershipState::Active, Some(NOW + Ttl::days(3))),
            (MembershipState::Ended, Some(NOW + Ttl::days(3))),
            (MembershipState::Invited, Some(NOW + Ttl::days(3))),
            (MembershipState::Active, Some(NOW + Ttl::days(3))),
        ];
        for ((version, day), (state, expected)) in (1..).zip(1..).zip(steps) {
            let now = NOW + Ttl::days(day);
            let done = tx.memberships().set_state(ateneu.id, invited.id, version, state, now, Decided::InTheWeb(now)).await.expect("sets");
            assert_eq!(done, Updated::Done);
            let stored = tx.memberships().find(ateneu.id, invited.id).await.expect("reads").expect("is there");
            assert_eq!(stored.accepted_at, expected, "{}: {state:?} on day {day}", db.name);
        }
    }
}
