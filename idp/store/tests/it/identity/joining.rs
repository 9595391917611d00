//! What joining asks of the store: accounts that nobody proved yet, names that are taken, links that were sent.

use idp_domain::{
    Timestamp, Ttl,
    email::EmailAddress,
    id::{EmailId, PersonId},
    person::PersonState,
    secret::{SecretHash, SecretKind},
    username::Username,
};
use idp_store::{
    Attempt, Decided, Inserted, Store, Tx,
    links::{Link, LinkKind},
    people::NewPerson,
};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, address, hash, later, new_person, signed_in},
};

fn username(text: &str) -> Username {
    Username::parse(text).expect("a username")
}

/// A registration whose address nobody proved: the account, its address and the link that was sent to it.
async fn registered(store: &Store, name: &str, created_at: Timestamp) -> (PersonId, SecretHash) {
    let person = NewPerson { state: PersonState::Pending, created_at, ..new_person(name, name) };
    let (email, secret): (EmailId, _) = (id(), hash(SecretKind::Link));
    let tx = Cluster(store).write().await;
    assert_eq!(tx.people().insert(&person, Decided::ByFile).await.expect("inserts"), Inserted::Done);
    tx.emails().insert(email, person.id, &address(&format!("{name}@example.cat")), created_at).await.expect("inserts");
    tx.links().insert(&secret, &sent_to(person.id, email, created_at)).await.expect("inserts");
    tx.commit().await.expect("commits");
    (person.id, secret)
}

fn sent_to(person: PersonId, email: EmailId, created_at: Timestamp) -> Link {
    Link {
        id: id(),
        kind: LinkKind::VerifyAddress,
        person: Some(person),
        email: Some(email),
        collective: None,
        payload: "{}".to_owned(),
        created_at,
        expires_at: created_at + Ttl::hours(24),
        used_at: None,
    }
}

#[tokio::test]
async fn registrations_nobody_proved_are_found_by_their_age_and_forgotten_whole() {
    for db in databases("pending_forgotten").await {
        let cluster = Cluster(&db.store);
        let active = cluster.person("activa", "Activa").await;
        let (old, link) = registered(&db.store, "vella", NOW - Ttl::days(9)).await;
        let (older, _) = registered(&db.store, "velleta", NOW - Ttl::days(8)).await;
        let (young, _) = registered(&db.store, "jove", NOW - Ttl::days(1)).await;
        let people = db.store.read();
        let people = people.people();
        assert_eq!(people.list_pending_before(NOW - Ttl::days(7), 10).await.expect("lists"), [old, older], "{}", db.name);
        assert_eq!(people.list_pending_before(NOW - Ttl::days(7), 1).await.expect("lists"), [old], "{}: in batches", db.name);
        assert_eq!(people.list_pending_before(NOW - Ttl::days(1), 10).await.expect("lists").len(), 2, "{}: not at the instant", db.name);

        let tx = cluster.write().await;
        let email = tx.emails().list(older).await.expect("lists").remove(0).id;
        let again = sent_to(older, email, NOW - Ttl::days(6));
        tx.links().insert(&hash(SecretKind::Link), &again).await.expect("inserts");
        assert_eq!(tx.links().find(again.id).await.expect("asks"), Some(again), "{}", db.name);
        assert_eq!(tx.people().list_pending_before(NOW - Ttl::days(7), 10).await.expect("lists"), [old], "{}: asked for since", db.name);
        assert_eq!(tx.people().discard_pending(old).await.expect("forgets"), Attempt::Won);
        assert_eq!(tx.people().discard_pending(old).await.expect("asks"), Attempt::Lost, "{}: once", db.name);
        assert_eq!(tx.people().discard_pending(active).await.expect("asks"), Attempt::Lost, "{}: she proved hers", db.name);
        tx.commit().await.expect("commits");
        let read = db.store.read();
        assert_eq!(read.people().find(old).await.expect("asks"), None, "{}", db.name);
        assert!(read.emails().list(old).await.expect("lists").is_empty());
        assert_eq!(read.links().find_by_hash(LinkKind::VerifyAddress, &link).await.expect("asks"), None);
        assert!(!read.people().is_username_taken(&username("vella")).await.expect("asks"), "{}: nobody has seen it", db.name);
        assert_eq!(read.people().list_pending_before(NOW, 10).await.expect("lists"), [older, young], "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_prove_or_forget_a_registration_one_wins() {
    for db in databases("pending_race").await {
        for round in 0..10 {
            let (person, _) = registered(&db.store, &format!("laia{round}"), NOW).await;
            let outcomes = race((0..20).map(|n| {
                let (store, proves) = (db.store.clone(), n % 2 == 1);
                async move {
                    let tx = store.write("test").await.expect("begins");
                    let outcome = if proves {
                        let (from, to) = (PersonState::Pending, PersonState::AwaitingValidation);
                        tx.people().change_state(person, from, to, later(1)).await.expect("changes or not")
                    } else {
                        tx.people().discard_pending(person).await.expect("forgets or not")
                    };
                    tx.commit().await.expect("commits");
                    (outcome, proves)
                }
            }))
            .await;
            let winners: Vec<_> = outcomes.into_iter().filter(|(outcome, _)| *outcome == Attempt::Won).collect();
            assert_eq!(winners.len(), 1, "{}: round {round}", db.name);
            let kept = db.store.read().people().find(person).await.expect("asks").is_some();
            assert_eq!(kept, winners[0].1, "{}: who was proven is kept, address and all", db.name);
            assert_eq!(!db.store.read().emails().list(person).await.expect("lists").is_empty(), kept, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn of_many_names_and_addresses_the_taken_ones_are_named() {
    for db in databases("taken_names").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria").await, cluster.person("pere", "Pere").await);
        let tx = cluster.write().await;
        assert_eq!(tx.people().burn_username(maria, NOW).await.expect("burns"), Attempt::Won);
        assert_eq!(tx.people().rename(maria, &username("mariona"), NOW).await.expect("renames"), Inserted::Done);
        // a contact signs nobody in
        tx.emails().insert(id(), pere, &address("contacte@example.cat"), NOW).await.expect("inserts");
        tx.commit().await.expect("commits");
        let read = db.store.read();
        let mut names: Vec<_> = (0..600).map(|n| username(&format!("ningu{n}"))).collect();
        names.extend(["maria", "mariona", "pere"].map(username));
        let taken = read.people().list_taken(&names).await.expect("lists");
        assert_eq!(taken.iter().map(Username::as_str).collect::<Vec<_>>(), ["maria", "mariona", "pere"], "{}: burnt ones too", db.name);
        assert!(read.people().list_taken(&[]).await.expect("lists").is_empty());

        let mut addresses: Vec<EmailAddress> = (0..600).map(|n| address(&format!("ningu{n}@example.cat"))).collect();
        addresses.extend(["maria@example.cat", "pere@example.cat", "contacte@example.cat"].map(address));
        let holders = read.emails().list_holders(&addresses).await.expect("lists");
        let expected = [(address("maria@example.cat"), maria), (address("pere@example.cat"), pere)];
        assert_eq!(holders, expected.into(), "{}", db.name);
        assert!(read.emails().list_holders(&[]).await.expect("lists").is_empty());
    }
}

#[tokio::test]
async fn the_latest_link_of_a_kind_is_found_used_or_not() {
    for db in databases("latest_link").await {
        let (laia, _) = registered(&db.store, "laia", NOW).await;
        let (pau, _) = registered(&db.store, "pau", later(9)).await;
        let tx = Cluster(&db.store).write().await;
        let email = tx.emails().list(laia).await.expect("lists").remove(0).id;
        let (resent, activation) = (sent_to(laia, email, later(5)), Link { kind: LinkKind::Activation, ..sent_to(laia, email, later(7)) });
        for link in [&activation, &resent] {
            tx.links().insert(&hash(SecretKind::Link), link).await.expect("inserts");
        }
        assert_eq!(tx.links().redeem(resent.id, LinkKind::VerifyAddress, later(6)).await.expect("uses"), Attempt::Won);
        tx.commit().await.expect("commits");
        let links = db.store.read();
        let links = links.links();
        let used = Link { used_at: Some(later(6)), ..resent };
        assert_eq!(links.find_latest(LinkKind::VerifyAddress, laia).await.expect("asks"), Some(used), "{}", db.name);
        assert_eq!(links.find_latest(LinkKind::Activation, laia).await.expect("asks"), Some(activation), "{}", db.name);
        assert_eq!(links.find_latest(LinkKind::Activation, pau).await.expect("asks"), None, "{}: of somebody else", db.name);
    }
}

#[tokio::test]
async fn a_browser_knows_whoever_signed_in_with_it() {
    for db in databases("browser_knows").await {
        let maria = signed_in(&db.store).await;
        let pere = Cluster(&db.store).person("pere", "Pere").await;
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.sessions().end(maria.session, later(1)).await.expect("ends"), Attempt::Won);
        tx.commit().await.expect("commits");
        let sessions = db.store.read();
        let sessions = sessions.sessions();
        assert!(sessions.browser_knows(maria.browser, maria.person).await.expect("asks"), "{}: signed out or not", db.name);
        assert!(!sessions.browser_knows(maria.browser, pere).await.expect("asks"), "{}", db.name);
        assert!(!sessions.browser_knows(id(), maria.person).await.expect("asks"), "{}", db.name);
    }
}
