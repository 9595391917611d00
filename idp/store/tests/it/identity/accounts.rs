use idp_domain::{
    credential::{PasswordCredential, PasswordScheme},
    locale::Locale,
    person::PersonState,
    username::Username,
};
use idp_store::{Attempt, Decided, Inserted, Tx, Updated, credentials::SignInName, emails::Verified, people::ProfileChange};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, address, later, name, new_person},
};

fn username(text: &str) -> Username {
    Username::parse(text).expect("a username")
}

#[tokio::test]
async fn a_person_is_found_by_row_name_and_address() {
    for db in databases("person_found").await {
        let maria = Cluster(&db.store).person("maria", "Maria Puig").await;
        let pere = Cluster(&db.store).person("pere", "Pere").await;
        let read = db.store.read();
        let found = read.people().find(maria).await.expect("asks").expect("is there");
        assert_eq!((found.username.as_str(), found.display_name.as_str()), ("maria", "Maria Puig"), "{}", db.name);
        assert_eq!(found.email, Some(address("maria@example.cat")));
        assert_eq!((found.created_at, found.version, found.state, found.locale), (NOW, 1, PersonState::Active, Locale::Ca));
        assert_eq!(read.people().find_by_username(&username("maria")).await.expect("asks"), Some(found.clone()));
        assert_eq!(read.people().find_by_address(&address("Maria@Example.cat")).await.expect("asks"), Some(found.clone()));
        assert_eq!(read.people().find_many(&[maria, pere, id()]).await.expect("asks").len(), 2);
        let all = read.people().list_after(None, 1).await.expect("lists");
        assert_eq!(all, vec![found]);
        let rest = read.people().list_after(Some(maria), 10).await.expect("lists");
        assert_eq!(rest.iter().map(|person| person.id).collect::<Vec<_>>(), vec![pere]);
        assert_eq!(read.people().find_by_username(&username("nobody2")).await.expect("asks"), None);
        assert_eq!(read.people().find_by_address(&address("nobody@example.cat")).await.expect("asks"), None);
    }
}

#[tokio::test]
async fn of_twenty_people_who_want_one_username_one_gets_it() {
    for db in databases("one_username").await {
        let store = db.store.clone();
        let outcomes = race((0..20).map(|_| {
            let store = store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.people().insert(&new_person("maria", "Maria"), Decided::ByFile).await.expect("inserts");
                // a conflict leaves the transaction usable
                tx.people().is_username_taken(&username("maria")).await.expect("asks");
                tx.commit().await.expect("commits");
                outcome
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Inserted::Done).count(), 1, "{}", db.name);
        assert_eq!(db.store.read().people().list_after(None, 50).await.expect("lists").len(), 1, "{}", db.name);
    }
}

#[tokio::test]
async fn a_username_that_a_service_saw_is_never_reissued_and_another_one_is() {
    for db in databases("username_burnt").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria").await, cluster.person("pere", "Pere").await);
        let tx = cluster.write().await;
        assert_eq!(tx.people().burn_username(maria, NOW).await.expect("burns"), Attempt::Won);
        assert_eq!(tx.people().burn_username(maria, later(1)).await.expect("asks"), Attempt::Lost);
        assert_eq!(tx.people().rename(maria, &username("pere"), NOW).await.expect("asks"), Inserted::Taken);
        assert_eq!(tx.people().rename(maria, &username("maria2"), NOW).await.expect("renames"), Inserted::Done);
        assert_eq!(tx.people().rename(pere, &username("pere2"), NOW).await.expect("renames"), Inserted::Done);
        tx.commit().await.expect("commits");
        let read = db.store.read();
        assert!(read.people().is_username_taken(&username("maria")).await.expect("asks"), "{}: burnt", db.name);
        assert!(!read.people().is_username_taken(&username("pere")).await.expect("asks"), "{}: freed", db.name);
        assert_eq!(read.people().find(maria).await.expect("asks").map(|p| p.username), Some(username("maria2")));
    }
}

#[tokio::test]
async fn a_state_changes_only_from_the_state_it_was_in() {
    for db in databases("person_state").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let store = db.store.clone();
        let outcomes = race((0..20).map(|_| {
            let store = store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                let change = tx.people().change_state(maria, PersonState::Active, PersonState::Suspended, later(5)).await;
                tx.commit().await.expect("commits");
                change.expect("changes")
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Attempt::Won).count(), 1, "{}", db.name);
        let person = db.store.read().people().find(maria).await.expect("asks").expect("is there");
        assert_eq!((person.state, person.version, person.updated_at), (PersonState::Suspended, 2, later(5)));
    }
}

#[tokio::test]
async fn a_profile_changed_meanwhile_is_not_overwritten() {
    for db in databases("profile_stale").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let change = ProfileChange {
            display_name: name("Àngela L'Hort"),
            given_name: Some("Àngela".into()),
            family_name: None,
            locale: Locale::En,
            zoneinfo: Some("Europe/Madrid".into()),
        };
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.people().change_profile(maria, 1, &change, later(1), Decided::ByFile).await.expect("changes"), Updated::Done);
        assert_eq!(tx.people().change_profile(maria, 1, &change, later(2), Decided::ByFile).await.expect("asks"), Updated::Stale);
        assert_eq!(
            tx.people().change_profile(maria, 2, &change, later(3), Decided::InTheWeb(later(3))).await.expect("changes"),
            Updated::Done
        );
        tx.commit().await.expect("commits");
        let read = db.store.read();
        let person = read.people().find(maria).await.expect("asks").expect("is there");
        assert_eq!((person.display_name, person.locale, person.updated_at), (change.display_name, Locale::En, later(3)), "{}", db.name);
        assert_eq!(person.zoneinfo.as_deref(), Some("Europe/Madrid"));
        assert_eq!(read.people().find_decided_at(maria).await.expect("asks"), Some(later(3)));
    }
}

#[tokio::test]
async fn what_names_a_person_elsewhere_is_kept_and_its_key_can_be_forgotten() {
    for db in databases("person_identity").await {
        let new = new_person("maria", "Maria");
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.people().insert(&new, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        let identity = db.store.read().people().find_audit_identity(new.id).await.expect("asks").expect("is there");
        assert_eq!((identity.index, identity.sealed_key), (new.audit_index, new.sealed_audit_key.clone()), "{}", db.name);
        assert_eq!(db.store.read().people().find_user_handle(new.id).await.expect("asks"), Some(new.user_handle));
        let tx = Cluster(&db.store).write().await;
        tx.people().forget_audit_key(new.id).await.expect("forgets");
        tx.commit().await.expect("commits");
        let identity = db.store.read().people().find_audit_identity(new.id).await.expect("asks").expect("is there");
        assert!(identity.sealed_key.is_empty(), "{}", db.name);
    }
}

#[tokio::test]
async fn an_address_signs_in_at_most_one_person() {
    for db in databases("one_address").await {
        let cluster = Cluster(&db.store);
        let mut people = Vec::new();
        for n in 0..20 {
            let person = new_person(&format!("person{n}"), "Maria");
            let tx = cluster.write().await;
            assert_eq!(tx.people().insert(&person, Decided::ByFile).await.expect("inserts"), Inserted::Done);
            let email = id();
            tx.emails().insert(email, person.id, &address("casa@example.cat"), NOW).await.expect("several may claim it");
            tx.commit().await.expect("commits");
            people.push((person.id, email));
        }
        let outcomes = race(people.iter().map(|&(_, email)| {
            let store = db.store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                // on PostgreSQL two proofs in the same instant may meet at the unique key; that is a fault to repeat
                let outcome = tx.emails().verify(email, later(1)).await.ok()?;
                tx.commit().await.ok()?;
                Some(outcome)
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Some(Verified::SignsIn)).count(), 1, "{}", db.name);
        let read = db.store.read();
        let rows = read.emails().list_by_address(&address("casa@example.cat")).await.expect("lists");
        assert_eq!(rows.len(), 20);
        assert_eq!(rows.iter().filter(|row| row.signs_in).count(), 1, "{}", db.name);
        assert!(read.people().find_by_address(&address("casa@example.cat")).await.expect("asks").is_some());
    }
}

#[tokio::test]
async fn one_of_several_addresses_signs_in_and_it_can_change() {
    for db in databases("several_addresses").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria").await, cluster.person("pere", "Pere").await);
        let tx = cluster.write().await;
        let (work, taken) = (id(), id());
        tx.emails().insert(work, maria, &address("feina@example.cat"), NOW).await.expect("inserts");
        tx.emails().insert(taken, maria, &address("pere@example.cat"), NOW).await.expect("inserts");
        assert_eq!(tx.emails().make_signin(work).await.expect("asks"), Attempt::Lost, "not verified");
        assert_eq!(tx.emails().verify(work, NOW).await.expect("verifies"), Verified::Contact);
        assert_eq!(tx.emails().verify(taken, NOW).await.expect("verifies"), Verified::TakenBySomebodyElse);
        assert_eq!(tx.emails().verify(id(), NOW).await.expect("asks"), Verified::Unknown);
        assert_eq!(tx.emails().make_signin(taken).await.expect("asks"), Attempt::Lost, "signs Pere in");
        assert_eq!(tx.emails().make_signin(work).await.expect("makes"), Attempt::Won);
        assert_eq!(tx.emails().verify(work, later(1)).await.expect("asks"), Verified::SignsIn, "again");
        assert_eq!(tx.emails().delete_contact(work).await.expect("asks"), Attempt::Lost, "it signs in");
        assert_eq!(tx.emails().delete_contact(taken).await.expect("deletes"), Attempt::Won);
        tx.commit().await.expect("commits");
        let read = db.store.read();
        let addresses = read.emails().list(maria).await.expect("lists");
        let shown: Vec<_> = addresses.iter().map(|email| (email.address.to_string(), email.signs_in)).collect();
        assert_eq!(shown, [("maria@example.cat".to_owned(), false), ("feina@example.cat".to_owned(), true)], "{}", db.name);
        assert_eq!(addresses[1].verified_at, Some(NOW), "the first proof counts");
        assert_eq!(read.people().find(maria).await.expect("asks").and_then(|p| p.email), Some(address("feina@example.cat")));
        assert_eq!(read.people().find(pere).await.expect("asks").and_then(|p| p.email), Some(address("pere@example.cat")));
        assert_eq!(read.emails().find(work).await.expect("asks").map(|email| email.person), Some(maria));
    }
}

fn password(person: idp_domain::id::PersonId, phc: &str) -> PasswordCredential {
    PasswordCredential { id: id(), person, scheme: PasswordScheme::Argon2id, phc: phc.to_owned(), pepper_version: 0, created_at: NOW }
}

#[tokio::test]
async fn a_sign_in_finds_the_person_and_the_password_by_either_name() {
    for db in databases("sign_in").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let by_name = SignInName::Username(username("maria"));
        let by_address = SignInName::Address(address("maria@example.cat"));
        let (person, none) = db.store.read().credentials().find_sign_in(&by_name).await.expect("asks").expect("is there");
        assert_eq!((person.id, none.is_none()), (maria, true), "{}: nobody chose a password yet", db.name);
        let tx = Cluster(&db.store).write().await;
        tx.credentials().set_password(&password(maria, "$argon2id$old")).await.expect("sets");
        let newer = password(maria, "$argon2id$newer");
        tx.credentials().set_password(&newer).await.expect("replaces");
        tx.credentials().mark_used(newer.id, later(3)).await.expect("marks");
        tx.commit().await.expect("commits");
        for sign_in in [by_name, by_address] {
            let (person, found) = db.store.read().credentials().find_sign_in(&sign_in).await.expect("asks").expect("is there");
            let found = found.expect("has a password");
            assert_eq!((person.id, found.id, found.phc.as_str()), (maria, newer.id, "$argon2id$newer"), "{}", db.name);
            assert_eq!(person.email, Some(address("maria@example.cat")));
        }
        let unknown = SignInName::Username(username("nobody2"));
        assert!(db.store.read().credentials().find_sign_in(&unknown).await.expect("asks").is_none());
    }
}

#[tokio::test]
async fn a_better_hash_replaces_the_old_one_once_and_never_a_newer_password() {
    for db in databases("rehash").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let old = password(maria, "$argon2id$imported");
        let tx = Cluster(&db.store).write().await;
        tx.credentials().set_password(&old).await.expect("sets");
        tx.commit().await.expect("commits");
        let outcomes = race((0..20).map(|n| {
            let (store, old) = (db.store.clone(), old.clone());
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.credentials().rehash(&old, PasswordScheme::Argon2idPeppered, &format!("$argon2id${n}"), 1).await;
                tx.commit().await.expect("commits");
                outcome.expect("asks")
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Attempt::Won).count(), 1, "{}", db.name);
        let found = db.store.read().credentials().find_password(maria).await.expect("asks").expect("is there");
        assert_eq!((found.scheme, found.pepper_version), (PasswordScheme::Argon2idPeppered, 1));
    }
}
