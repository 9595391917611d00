//! Mandates, the last-manager rule and what a person holds.

use idp_domain::{
    Ttl,
    collective::CollectiveState,
    membership::{Mandate, MandateKind, MembershipState},
    policy::Standing,
};
use idp_store::{Attempt, Decided, Tx, Updated};

use crate::{
    cluster::{Cluster, NOW, mandate},
    databases::{databases, race},
};

#[tokio::test]
async fn managers_are_those_whose_mandate_and_membership_count_now() {
    for db in databases("mandates_managers").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (zoe, anna, paused, invited, late) = (
            make.person("zoe", "Zoè").await,
            make.person("anna", "Àngela").await,
            make.person("paused", "Paused").await,
            make.person("invited", "Invited").await,
            make.person("late", "Late").await,
        );
        let of_zoe = make.member(&ateneu, zoe).await;
        make.mandate(&of_zoe, MandateKind::Manager).await;
        let of_anna = make.member(&ateneu, anna).await;
        make.mandate(&of_anna, MandateKind::Manager).await;
        let of_paused = make.member(&ateneu, paused).await;
        make.mandate(&of_paused, MandateKind::Manager).await;
        let of_invited = make.member(&ateneu, invited).await;
        let of_late = make.member(&ateneu, late).await;
        let elsewhere = make.member(&hort, zoe).await;
        make.mandate(&elsewhere, MandateKind::Manager).await;
        let tx = make.write().await;
        let waiting = Mandate { accepted_at: None, ..mandate(&of_invited, MandateKind::Manager) };
        tx.mandates().insert(&waiting, NOW, Decided::ByFile).await.expect("inserts");
        let over = Mandate { ends_at: Some(NOW), ..mandate(&of_late, MandateKind::Manager) };
        tx.mandates().insert(&over, NOW, Decided::ByFile).await.expect("inserts");
        let suspended = MembershipState::Suspended;
        assert_eq!(
            tx.memberships().set_state(ateneu.id, of_paused.id, 1, suspended, NOW, Decided::ByFile).await.expect("pauses"),
            Updated::Done
        );
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let managers = rtx.mandates().managers_of(&[ateneu.id], NOW).await.expect("reads");
        assert_eq!(managers.iter().map(|manager| manager.person).collect::<Vec<_>>(), [anna, zoe], "{}: in order of names", db.name);
        assert_eq!(managers[0].email.as_ref().map(ToString::to_string).as_deref(), Some("anna@example.cat"));
        assert_eq!(rtx.mandates().count_other_managers(ateneu.id, of_zoe.id, NOW).await.expect("reads"), 1);
        assert_eq!(rtx.mandates().count_other_managers(hort.id, elsewhere.id, NOW).await.expect("reads"), 0, "the last one");

        let tx = make.write().await;
        assert_eq!(tx.mandates().accept(hort.id, waiting.id, NOW).await.expect("asks"), Attempt::Lost, "foreign");
        assert_eq!(tx.mandates().accept(ateneu.id, waiting.id, NOW).await.expect("accepts"), Attempt::Won);
        assert_eq!(tx.mandates().accept(ateneu.id, waiting.id, NOW).await.expect("asks"), Attempt::Lost, "accepted already");
        tx.commit().await.expect("commits");
        assert_eq!(db.store.read().mandates().managers_of(&[ateneu.id], NOW).await.expect("reads").len(), 3, "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_managers_who_resign_at_once_one_stays() {
    for db in databases("mandates_last").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let mut mandates = Vec::new();
        for n in 0..20 {
            let person = make.person(&format!("gestora-{n}"), "Gestora").await;
            let membership = make.member(&ateneu, person).await;
            mandates.push((membership.id, make.mandate(&membership, MandateKind::Manager).await.id));
        }
        let outcomes = race(mandates.into_iter().map(|(membership, mandate)| {
            let (store, collective) = (db.store.clone(), ateneu.id);
            async move {
                let tx = store.write("test").await.expect("begins");
                tx.collectives().hold(collective).await.expect("holds");
                if tx.mandates().count_other_managers(collective, membership, NOW).await.expect("counts") == 0 {
                    return Attempt::Lost;
                }
                let outcome = tx.mandates().end(collective, mandate, NOW, Decided::InTheWeb(NOW)).await.expect("ends");
                tx.commit().await.expect("commits");
                outcome
            }
        }));
        assert_eq!(outcomes.await.into_iter().filter(|outcome| *outcome == Attempt::Won).count(), 19, "{}", db.name);
        assert_eq!(db.store.read().mandates().managers_of(&[ateneu.id], NOW).await.expect("reads").len(), 1, "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_acceptances_of_a_mandate_one_wins() {
    for db in databases("mandates_accept").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let membership = make.member(&ateneu, make.person("maria", "Maria").await).await;
        let proposed = Mandate { accepted_at: None, ..mandate(&membership, MandateKind::Manager) };
        let tx = make.write().await;
        tx.mandates().insert(&proposed, NOW, Decided::ByFile).await.expect("inserts");
        tx.commit().await.expect("commits");
        let outcomes = race((0..20).map(|n| {
            let (store, collective, mandate, now) = (db.store.clone(), ateneu.id, proposed.id, NOW + Ttl::millis(n));
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.mandates().accept(collective, mandate, now).await.expect("asks");
                tx.commit().await.expect("commits");
                (outcome, now)
            }
        }));
        let won: Vec<_> = outcomes.await.into_iter().filter(|(outcome, _)| *outcome == Attempt::Won).map(|(_, now)| now).collect();
        assert_eq!(won.len(), 1, "{}", db.name);
        let kept = db.store.read().mandates().find(ateneu.id, proposed.id).await.expect("reads").expect("is there");
        assert_eq!(kept.accepted_at, Some(won[0]), "{}: no later one writes over it", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_hold_the_collective_and_look_before_they_propose_one_proposes() {
    for db in databases("mandates_propose").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let membership = make.member(&ateneu, make.person("maria", "Maria").await).await;
        let outcomes = race((0..20).map(|_| {
            let (store, collective) = (db.store.clone(), ateneu.id);
            let proposed = Mandate { accepted_at: None, ..mandate(&membership, MandateKind::Manager) };
            async move {
                let tx = store.write("test").await.expect("begins");
                tx.collectives().hold(collective).await.expect("holds");
                if !tx.mandates().list_of_membership(collective, proposed.membership).await.expect("reads").is_empty() {
                    return Attempt::Lost;
                }
                tx.mandates().insert(&proposed, NOW, Decided::InTheWeb(NOW)).await.expect("inserts");
                tx.commit().await.expect("commits");
                Attempt::Won
            }
        }));
        assert_eq!(outcomes.await.into_iter().filter(|outcome| *outcome == Attempt::Won).count(), 1, "{}", db.name);
        assert_eq!(db.store.read().mandates().list(ateneu.id).await.expect("reads").len(), 1, "{}", db.name);
    }
}

#[tokio::test]
async fn a_person_holds_what_active_memberships_and_running_mandates_give() {
    for db in databases("mandates_standing").await {
        let make = Cluster(&db.store);
        let (ateneu, hort, tancat) = (make.collective("ateneu").await, make.collective("hort").await, make.collective("tancat").await);
        let (own, foreign, common) =
            (make.service("own", &[&ateneu]).await, make.service("foreign", &[&hort]).await, make.service("common", &[]).await);
        let maria = make.person("maria", "Maria").await;
        let here = make.member(&ateneu, maria).await;
        let lapsed = make.member(&hort, maria).await;
        let closed = make.member(&tancat, maria).await;
        for kind in [
            MandateKind::Manager,
            MandateKind::ServiceManager(own.id),
            MandateKind::ServiceManager(foreign.id),
            MandateKind::ServiceManager(common.id),
            MandateKind::CommunitySteward,
        ] {
            make.mandate(&here, kind).await;
        }
        let tx = make.write().await;
        let earlier = Mandate { starts_at: NOW - Ttl::days(1), ..mandate(&lapsed, MandateKind::OperationsSteward) };
        tx.mandates().insert(&earlier, NOW, Decided::ByFile).await.expect("inserts");
        tx.commit().await.expect("commits");
        make.mandate(&closed, MandateKind::Manager).await;
        let tx = make.write().await;
        let ended = tx.memberships().set_end(hort.id, lapsed.id, 1, Some(NOW), Decided::ByFile).await.expect("sets");
        assert_eq!(ended, Updated::Done);
        let stopped = tx.collectives().set_state(tancat.id, 1, CollectiveState::Suspended, Decided::ByFile).await.expect("sets");
        assert_eq!(stopped, Updated::Done);
        tx.commit().await.expect("commits");

        let standing = db.store.read().standing().of(maria, NOW).await.expect("reads");
        let expected = Standing {
            person: Some(maria),
            member_of: [ateneu.id].into(),
            manages: [ateneu.id].into(),
            // a service of others is not theirs to manage, one of the cluster may be
            manages_services: [own.id, common.id].into(),
            community_steward: true,
            operations_steward: false,
        };
        assert_eq!(standing, expected, "{}", db.name);
        let before = db.store.read().standing().of(maria, NOW - Ttl::seconds(1)).await.expect("reads");
        assert!(
            before.manages.is_empty() && before.operations_steward,
            "{}: the mandate had not begun, the other had not lapsed: {before:?}",
            db.name
        );
    }
}

#[tokio::test]
async fn stewards_are_counted_by_accepted_running_mandates() {
    for db in databases("mandates_stewards").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let membership = make.member(&ateneu, make.person("maria", "Maria").await).await;
        let steward = |kind| mandate(&membership, kind);
        let (community, operations) = (MandateKind::CommunitySteward, MandateKind::OperationsSteward);
        let ended = steward(community);
        let tx = make.write().await;
        for (what, mandate, count) in [
            ("a manager is none", steward(MandateKind::Manager), 0),
            ("not accepted", Mandate { accepted_at: None, ..steward(operations) }, 0),
            ("her term is over", Mandate { ends_at: Some(NOW), ..ended.clone() }, 0),
        ] {
            tx.mandates().insert(&mandate, NOW, Decided::ByFile).await.expect("inserts");
            assert_eq!(tx.mandates().count_stewards(NOW).await.expect("counts"), count, "{}: {what}", db.name);
        }
        assert_eq!(tx.mandates().count_stewards(NOW - Ttl::millis(1)).await.expect("counts"), 1, "{}: her term was not", db.name);
        assert_eq!(tx.mandates().end(ateneu.id, ended.id, NOW, Decided::ByFile).await.expect("ends"), Attempt::Won);
        assert_eq!(tx.mandates().count_stewards(NOW - Ttl::millis(1)).await.expect("counts"), 0, "{}: ended", db.name);
        tx.mandates().insert(&steward(community), NOW, Decided::ByFile).await.expect("inserts");
        assert_eq!(tx.mandates().count_stewards(NOW).await.expect("counts"), 1, "{}", db.name);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn an_ended_membership_loses_every_mandate() {
    for db in databases("mandates_end").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let maria = make.person("maria", "Maria").await;
        let membership = make.member(&ateneu, maria).await;
        make.mandate(&membership, MandateKind::Manager).await;
        let second = make.mandate(&membership, MandateKind::CommunitySteward).await;
        let steward = make.member(&ateneu, make.person("estela", "Estela").await).await;
        make.mandate(&steward, MandateKind::CommunitySteward).await;
        let tx = make.write().await;
        assert_eq!(tx.mandates().end_all(ateneu.id, steward.id, NOW, Decided::ByFile).await.expect("ends"), 1);
        assert_eq!(tx.mandates().end(ateneu.id, second.id, NOW, Decided::ByFile).await.expect("ends"), Attempt::Won);
        assert_eq!(tx.mandates().end_all(ateneu.id, membership.id, NOW, Decided::ByFile).await.expect("ends"), 1);
        tx.commit().await.expect("commits");
        let rtx = db.store.read();
        assert!(rtx.mandates().list(ateneu.id).await.expect("reads").is_empty(), "{}", db.name);
        assert!(rtx.mandates().list_of_membership(ateneu.id, membership.id).await.expect("reads").is_empty());
        assert_eq!(rtx.mandates().find(ateneu.id, second.id).await.expect("reads").and_then(|mandate| mandate.ended_at), Some(NOW));
        let managed = async |membership| rtx.mandates().has_managed(ateneu.id, membership).await.expect("reads");
        assert!(managed(membership.id).await, "{}: what was done in that time stays a manager's", db.name);
        assert!(!managed(steward.id).await, "{}: a steward is no manager", db.name);
        assert!(!rtx.mandates().has_managed(make.collective("hort").await.id, membership.id).await.expect("reads"), "{}", db.name);
    }
}

#[tokio::test]
async fn a_mandate_cannot_reach_across_the_wall() {
    for db in databases("mandates_wall").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let web = make.working_group(&ateneu, "web").await;
        let membership = make.member(&hort, make.person("maria", "Maria").await).await;
        for (what, forged) in [
            ("another collective", Mandate { collective: ateneu.id, ..mandate(&membership, MandateKind::Manager) }),
            ("another collective's working group", mandate(&membership, MandateKind::Coordinator(web.id))),
        ] {
            let tx = make.write().await;
            assert!(tx.mandates().insert(&forged, NOW, Decided::ByFile).await.is_err(), "{}: {what}", db.name);
        }
        let mine = make.mandate(&membership, MandateKind::Manager).await;
        assert_eq!(db.store.read().mandates().find(ateneu.id, mine.id).await.expect("reads"), None, "{}", db.name);
    }
}

#[tokio::test]
async fn a_place_is_found_by_the_mandate_it_is_held_for() {
    for db in databases("mandates_places").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (zoe, anna) = (make.person("zoe", "Zoè").await, make.person("anna", "Àngela").await);
        let (of_zoe, of_anna) = (make.member(&ateneu, zoe).await, make.member(&ateneu, anna).await);
        let waiting = Mandate { accepted_at: None, ..mandate(&of_anna, MandateKind::Manager) };
        let place = mandate(&of_zoe, MandateKind::Manager);
        let tx = make.write().await;
        tx.mandates().insert(&waiting, NOW, Decided::ByFile).await.expect("inserts");
        tx.mandates().insert_in_place_of(&place, waiting.id, NOW, Decided::ByFile).await.expect("inserts");
        tx.commit().await.expect("commits");
        let found = async |collective, other| db.store.read().mandates().list_places_of(collective, other).await.expect("reads");
        assert_eq!(found(ateneu.id, waiting.id).await, std::slice::from_ref(&place), "{}", db.name);
        assert!(found(hort.id, waiting.id).await.is_empty() && found(ateneu.id, place.id).await.is_empty(), "{}", db.name);
        let tx = make.write().await;
        assert_eq!(tx.mandates().end(ateneu.id, place.id, NOW, Decided::ByFile).await.expect("ends"), Attempt::Won);
        tx.commit().await.expect("commits");
        assert!(found(ateneu.id, waiting.id).await.is_empty(), "{}: an ended one holds nothing", db.name);
    }
}
