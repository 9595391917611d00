//! The queue: one decision per request, nothing lost on the way to another collective.

use idp_domain::{
    Ttl,
    name::FreeText,
    request::{Request, RequestKind, RequestState},
};
use idp_store::{
    Inserted, Tx, Updated,
    requests::{AfterRequest, Message, RequestDecision},
};

use crate::{
    cluster::{Cluster, NOW, request},
    databases::{databases, id, race},
};

fn text(text: &str) -> FreeText {
    FreeText::parse(text).expect("a text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_managers_who_decide_the_same_request_exactly_one_does() {
    for db in databases("requests_race").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let gestora = make.person("carme", "Carme").await;
        let request = make.request(&ateneu, make.person("maria", "Maria").await, NOW).await;
        let outcomes = race((0..20).map(|n| {
            let (store, collective, id) = (db.store.clone(), ateneu.id, request.id);
            async move {
                let state = if n % 2 == 0 { RequestState::Accepted } else { RequestState::Refused };
                let decision = RequestDecision { state, reason: Some(text(&format!("raó {n}"))), by: Some(gestora), at: NOW };
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.requests().decide(collective, id, 1, &decision).await.expect("decides");
                tx.commit().await.expect("commits");
                (outcome, decision)
            }
        }));
        let winners: Vec<_> = outcomes.await.into_iter().filter(|(outcome, _)| *outcome == Updated::Done).collect();
        assert_eq!(winners.len(), 1, "{}", db.name);
        let stored = db.store.read().requests().find(ateneu.id, request.id).await.expect("reads").expect("is there");
        assert_eq!((stored.state, &stored.reason), (winners[0].1.state, &winners[0].1.reason), "{}: the winner's words", db.name);
        assert_eq!((stored.decided_by, stored.decided_at, stored.version), (Some(gestora), Some(NOW), 2));
    }
}

#[tokio::test]
async fn the_queue_is_read_page_by_page_and_only_ones_own() {
    for db in databases("requests_queue").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let mut asked = Vec::new();
        for (username, age) in [("anna", 3), ("berta", 2), ("carla", 2), ("dora", 1)] {
            asked.push(make.request(&ateneu, make.person(username, username).await, NOW - Ttl::days(age)).await);
        }
        make.request(&hort, make.person("estel", "Estel").await, NOW).await;
        let tx = make.write().await;
        let refused = RequestDecision { state: RequestState::Refused, reason: None, by: None, at: NOW };
        assert_eq!(tx.requests().decide(ateneu.id, asked[3].id, 1, &refused).await.expect("decides"), Updated::Done);
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let requests = rtx.requests();
        let first = requests.list_open(&[ateneu.id], None, 2).await.expect("lists");
        let last = first.last().expect("two").request.clone();
        let rest =
            requests.list_open(&[ateneu.id], Some(AfterRequest { created_at: last.created_at, id: last.id }), 2).await.expect("lists");
        let names: Vec<_> = first.iter().chain(&rest).map(|waiting| waiting.person.username.to_string()).collect();
        assert_eq!(names, ["anna", "berta", "carla"], "{}", db.name);
        assert_eq!(requests.count_open(ateneu.id).await.expect("counts"), 3);
        assert_eq!(requests.list_open(&[ateneu.id, hort.id], None, 10).await.expect("lists").len(), 4);
        assert!(requests.list_open(&[], None, 10).await.expect("lists").is_empty(), "{}: nobody's queue", db.name);
        assert_eq!(requests.find(hort.id, asked[0].id).await.expect("reads"), None, "behind the wall");
        let overdue: Vec<_> =
            requests.list_overdue(NOW - Ttl::days(2), 10).await.expect("lists").iter().map(|request| request.id).collect();
        assert_eq!(overdue, [asked[0].id]);

        let tx = make.write().await;
        assert_eq!(tx.requests().mark_escalated(ateneu.id, asked[0].id, NOW).await.expect("marks"), Updated::Done);
        assert_eq!(tx.requests().mark_escalated(ateneu.id, asked[0].id, NOW).await.expect("asks"), Updated::Stale);
        tx.commit().await.expect("commits");
        assert!(db.store.read().requests().list_overdue(NOW - Ttl::days(2), 10).await.expect("lists").is_empty());
    }
}

#[tokio::test]
async fn a_rerouted_request_keeps_its_words_and_its_place() {
    for db in databases("requests_reroute").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (maria, gestora) = (make.person("maria", "Maria").await, make.person("carme", "Carme").await);
        let request = make.request(&ateneu, maria, NOW - Ttl::days(1)).await;
        let message = Message { id: id(), request: request.id, author: Some(gestora), text: text("De qui ets?"), at: NOW };
        let tx = make.write().await;
        tx.requests().add_message(&message).await.expect("adds");
        assert_eq!(tx.requests().reroute(hort.id, request.id, 1, hort.id).await.expect("asks"), Updated::Stale, "not theirs");
        assert_eq!(tx.requests().reroute(ateneu.id, request.id, 1, hort.id).await.expect("reroutes"), Updated::Done);
        assert_eq!(tx.requests().reroute(ateneu.id, request.id, 2, hort.id).await.expect("asks"), Updated::Stale, "gone from here");
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        assert_eq!(rtx.requests().find(ateneu.id, request.id).await.expect("reads"), None, "{}", db.name);
        let waiting = rtx.requests().list_open(&[hort.id], None, 10).await.expect("lists");
        assert_eq!(waiting.len(), 1);
        assert_eq!((&waiting[0].request.text, waiting[0].request.created_at), (&request.text, request.created_at));
        assert_eq!(waiting[0].rerouted_from, Some(ateneu.id));
        assert_eq!(rtx.requests().find_seen(hort.id, request.id).await.expect("reads"), Some(waiting[0].clone()), "{}", db.name);
        assert_eq!(rtx.requests().find_seen(ateneu.id, request.id).await.expect("reads"), None, "{}: behind the wall now", db.name);
        assert_eq!(rtx.requests().find_anywhere(request.id).await.expect("reads"), Some(waiting[0].request.clone()), "{}", db.name);
        assert_eq!(rtx.requests().find_anywhere(id()).await.expect("reads"), None);
        assert_eq!(rtx.requests().list_messages(hort.id, request.id).await.expect("lists"), [message], "{}", db.name);
        assert!(rtx.requests().list_messages(ateneu.id, request.id).await.expect("lists").is_empty(), "behind the wall now");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_requests_for_the_same_thing_exactly_one_waits() {
    for db in databases("requests_insert_race").await {
        let make = Cluster(&db.store);
        let (ateneu, nuvol) = (make.collective("ateneu").await, make.service("nuvol", &[]).await);
        let maria = make.person("maria", "Maria").await;
        for kind in [RequestKind::Join, RequestKind::Access(nuvol.id), RequestKind::Support] {
            let outcomes = race((0..20).map(|_| {
                let (store, new) = (db.store.clone(), Request { kind, ..request(ateneu.id, maria) });
                async move {
                    let tx = store.write("test").await.expect("begins");
                    let outcome = tx.requests().insert(&new).await.expect("inserts or not");
                    tx.commit().await.expect("commits");
                    (outcome, new.id)
                }
            }));
            let stored: Vec<_> = outcomes.await.into_iter().filter(|(outcome, _)| *outcome == Inserted::Done).collect();
            assert_eq!(stored.len(), 1, "{}: {kind:?}", db.name);
            let waits = db.store.read().requests().find_open(ateneu.id, maria, kind).await.expect("reads");
            assert_eq!(waits.map(|waits| waits.id), Some(stored[0].1), "{}", db.name);
        }
        assert_eq!(db.store.read().requests().count_open(ateneu.id).await.expect("counts"), 3, "{}", db.name);
    }
}

#[tokio::test]
async fn a_request_is_not_handed_over_to_where_the_same_waits() {
    for db in databases("requests_reroute_taken").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let maria = make.person("maria", "Maria").await;
        let (here, there) = (make.request(&ateneu, maria, NOW).await, make.request(&hort, maria, NOW).await);
        let tx = make.write().await;
        assert_eq!(tx.requests().reroute(ateneu.id, here.id, 1, hort.id).await.expect("asks"), Updated::Stale, "{}", db.name);
        tx.rollback().await.expect("rolls back");
        let rtx = db.store.read();
        assert_eq!(rtx.requests().find(ateneu.id, here.id).await.expect("reads"), Some(here.clone()), "{}", db.name);
        assert_eq!(rtx.requests().find(hort.id, there.id).await.expect("reads"), Some(there.clone()), "{}", db.name);

        let tx = make.write().await;
        let moot = async |from, version| tx.requests().reroute_moot(from, here.id, version, hort.id, NOW).await;
        assert_eq!(moot(hort.id, 1).await.expect("asks"), Updated::Stale, "not theirs");
        assert_eq!(moot(ateneu.id, 2).await.expect("asks"), Updated::Stale, "read too early");
        assert_eq!(moot(ateneu.id, 1).await.expect("reroutes"), Updated::Done, "{}", db.name);
        tx.commit().await.expect("commits");
        let rtx = db.store.read();
        assert_eq!(rtx.requests().find(ateneu.id, here.id).await.expect("reads"), None, "{}", db.name);
        let gone = rtx.requests().find(hort.id, here.id).await.expect("reads").expect("is there");
        assert_eq!((gone.state, gone.decided_at), (RequestState::Withdrawn, Some(NOW)), "{}", db.name);
        let waiting = rtx.requests().list_open(&[ateneu.id, hort.id], None, 10).await.expect("lists");
        assert_eq!(waiting.iter().map(|waiting| waiting.request.id).collect::<Vec<_>>(), [there.id], "{}", db.name);
    }
}

#[tokio::test]
async fn nobody_asks_for_the_same_twice_and_anybody_may_take_it_back() {
    for db in databases("requests_twice").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let (nuvol, forum) = (make.service("nuvol", &[]).await, make.service("forum", &[]).await);
        let (maria, altra) = (make.person("maria", "Maria").await, make.person("altra", "Altra").await);
        let join = make.request(&ateneu, maria, NOW).await;
        let access = |service| Request { id: id(), kind: RequestKind::Access(service), ..join.clone() };
        let tx = make.write().await;
        for (what, request, outcome) in [
            ("the same", Request { id: id(), ..join.clone() }, Inserted::Taken),
            ("a service", access(nuvol.id), Inserted::Done),
            ("the same service", access(nuvol.id), Inserted::Taken),
            ("another service", access(forum.id), Inserted::Done),
        ] {
            assert_eq!(tx.requests().insert(&request).await.expect("inserts"), outcome, "{}: {what}", db.name);
        }
        assert_eq!(tx.requests().withdraw(altra, join.id, NOW).await.expect("asks"), Updated::Stale, "not hers");
        assert_eq!(tx.requests().withdraw(maria, join.id, NOW).await.expect("withdraws"), Updated::Done);
        tx.commit().await.expect("commits");
        let rtx = db.store.read();
        let kinds: Vec<_> =
            rtx.requests().list_of_person(maria).await.expect("lists").iter().map(|request| (request.kind, request.state)).collect();
        assert_eq!(kinds.len(), 3);
        assert!(
            kinds.contains(&(RequestKind::Join, RequestState::Withdrawn))
                && kinds.contains(&(RequestKind::Access(forum.id), RequestState::Open))
        );
        assert_eq!(rtx.requests().find_open(ateneu.id, maria, RequestKind::Join).await.expect("reads"), None, "{}", db.name);
        make.request(&ateneu, maria, NOW).await;
    }
}
