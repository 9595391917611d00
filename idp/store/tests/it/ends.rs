//! Ends by date: each is found once, in order, and one process follows it.

use idp_domain::{Timestamp, Ttl, id::PersonId, membership::MandateKind, service::Grant};
use idp_store::{Attempt, Decided, Inserted, Tx, Updated, ends::Ended};

use crate::{
    cluster::{Cluster, NOW, grant, guest, mandate},
    databases::{databases, race},
};

fn later(minutes: i64) -> Timestamp {
    NOW + Ttl::minutes(minutes)
}

fn ended(minutes: i64, person: PersonId) -> Ended {
    Ended { at: later(minutes), person }
}

#[tokio::test]
async fn what_ended_by_its_date_is_found_once_and_in_order() {
    for db in databases("ends").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        let (maria, jana) = (make.person("maria", "Maria").await, make.person("jana", "Jana").await);
        let (of_maria, of_jana) = (make.member(&ateneu, maria).await, make.member(&ateneu, jana).await);
        let outside = make.person("pau", "Pau").await;
        let tx = make.write().await;
        let until = |membership, minutes| Grant { ends_at: Some(later(minutes)), ..grant(membership, &offer) };
        assert_eq!(tx.grants().insert(&until(&of_maria, 1), None).await.expect("inserts"), Inserted::Done);
        assert_eq!(tx.grants().insert(&until(&of_jana, 1), None).await.expect("inserts"), Inserted::Done);
        assert_eq!(tx.grants().insert(&guest(outside, &nuvol, &ateneu, maria, later(5)), None).await.expect("inserts"), Inserted::Done);
        // at the same instant as her grant: one end
        let term = |minutes, kind| idp_domain::membership::Mandate { ends_at: Some(later(minutes)), ..mandate(&of_maria, kind) };
        tx.mandates().insert(&term(1, MandateKind::Manager), NOW, Decided::ByFile).await.expect("inserts");
        tx.mandates().insert(&term(3, MandateKind::CommunitySteward), NOW, Decided::ByFile).await.expect("inserts");
        tx.commit().await.expect("commits");
        let tx = make.write().await;
        let lapses = tx.memberships().set_end(ateneu.id, of_jana.id, 1, Some(later(4)), Decided::ByFile).await.expect("sets");
        assert_eq!(lapses, Updated::Done);
        tx.commit().await.expect("commits");

        let mut together = [ended(1, maria), ended(1, jana)];
        together.sort();
        let all = [together[0], together[1], ended(3, maria), ended(4, jana), ended(5, outside)];
        let list = async |after, now, limit| db.store.read().ends().list_passed(after, now, limit).await.expect("lists");
        assert_eq!(list(None, later(0), 9).await, [], "{}", db.name);
        assert_eq!(list(None, later(1), 9).await, together, "{}: an end counts from its instant on", db.name);
        assert_eq!(list(None, later(9), 9).await, all, "{}", db.name);
        assert_eq!(list(None, later(9), 1).await, all[..1], "{}", db.name);
        let first = async |person| db.store.read().ends().first_unfollowed(person, later(4)).await.expect("asks");
        assert_eq!((first(maria).await, first(outside).await), (Some(later(1)), None), "{}", db.name);
        for (last, rest) in all.iter().zip(1..) {
            assert_eq!(list(Some(*last), later(9), 9).await, all[rest..], "{}", db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_see_an_end_one_follows_it() {
    for db in databases("ends_followed").await {
        let make = Cluster(&db.store);
        let maria = make.person("maria", "Maria").await;
        let (first, second) = (ended(1, maria), ended(2, maria));
        assert_eq!(db.store.read().ends().last_followed().await.expect("reads"), None, "{}", db.name);
        for (before, end) in [(None, first), (Some(first), second)] {
            let outcomes = race((0..20).map(|_| {
                let store = db.store.clone();
                async move {
                    let tx = store.write("test").await.expect("begins");
                    let marked = tx.ends().mark_followed(before, end).await.expect("marks");
                    tx.commit().await.expect("commits");
                    marked
                }
            }))
            .await;
            assert_eq!(outcomes.into_iter().filter(|marked| *marked == Attempt::Won).count(), 1, "{}", db.name);
            assert_eq!(db.store.read().ends().last_followed().await.expect("reads"), Some(end), "{}", db.name);
            assert_eq!(db.store.read().ends().first_unfollowed(maria, later(9)).await.expect("asks"), None, "{}: all followed", db.name);
        }
    }
}
