use idp_domain::{
    id::PersonId,
    secret::SecretKind,
    session::{ABSOLUTE, AuthEvent, AuthMethod, TOUCH_EVERY},
};
use idp_store::{Attempt, Tx, sessions::needs_touch};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, EPOCH, NOW, hash, later, session, signed_in},
};

#[tokio::test]
async fn a_cookie_leads_to_every_open_session_of_the_browser_with_its_person() {
    for db in databases("cookie_leads").await {
        let maria = signed_in(&db.store).await;
        let pere = Cluster(&db.store).person("pere", "Pere").await;
        let second = session(&db.store, maria.browser, pere).await;
        let tx = Cluster(&db.store).write().await;
        let again = AuthEvent { method: AuthMethod::Passkey, at: later(30) };
        tx.sessions().add_proof(second, id(), again).await.expect("adds");
        tx.commit().await.expect("commits");
        let found = db.store.read().sessions().find_by_browser(&maria.cookie, NOW).await.expect("asks").expect("is there");
        assert_eq!(found.browser, maria.browser, "{}", db.name);
        let shown: Vec<_> = found.sessions.iter().map(|(session, person)| (session.id, person.username.to_string())).collect();
        assert_eq!(shown, [(maria.session, "maria".to_owned()), (second, "pere".to_owned())], "{}", db.name);
        assert_eq!(found.sessions[0].1.email.as_ref().map(ToString::to_string).as_deref(), Some("maria@example.cat"));
        let proofs = &found.sessions[1].0.auth_events;
        assert_eq!(proofs.as_slice(), [AuthEvent { method: AuthMethod::Password, at: NOW }, again], "{}", db.name);
        assert_eq!((found.sessions[1].0.acr(), found.sessions[1].0.auth_time()), ("phr", later(30)));
        assert_eq!(db.store.read().sessions().find(second).await.expect("asks").as_ref(), Some(&found.sessions[1].0));

        let old = db.store.read().sessions().find_by_browser(&maria.cookie, NOW + ABSOLUTE).await.expect("asks").expect("still a browser");
        assert!(old.sessions.is_empty(), "{}: too old", db.name);

        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.sessions().end(second, later(1)).await.expect("ends"), Attempt::Won);
        assert_eq!(tx.sessions().end(maria.session, later(1)).await.expect("ends"), Attempt::Won);
        assert_eq!(tx.sessions().end(maria.session, later(2)).await.expect("asks"), Attempt::Lost);
        tx.commit().await.expect("commits");
        let found = db.store.read().sessions().find_by_browser(&maria.cookie, NOW).await.expect("asks").expect("still a browser");
        assert!(found.sessions.is_empty(), "{}", db.name);
        let unknown = hash(SecretKind::Browser);
        assert!(db.store.read().sessions().find_by_browser(&unknown, NOW).await.expect("asks").is_none());
    }
}

#[tokio::test]
async fn of_twenty_exchanges_of_a_cookie_one_wins_and_the_old_cookie_is_dead() {
    for db in databases("cookie_exchange").await {
        let maria = signed_in(&db.store).await;
        let outcomes = race((0..20).map(|_| {
            let (store, browser, from, to) = (db.store.clone(), maria.browser, maria.cookie, hash(SecretKind::Browser));
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.sessions().rotate_browser(browser, &from, &to, later(1)).await.expect("asks");
                tx.commit().await.expect("commits");
                outcome
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Attempt::Won).count(), 1, "{}", db.name);
        assert!(db.store.read().sessions().find_by_browser(&maria.cookie, NOW).await.expect("asks").is_none(), "{}", db.name);
    }
}

#[tokio::test]
async fn a_use_is_noted_once_in_a_while() {
    for db in databases("touch").await {
        let maria = signed_in(&db.store).await;
        let touch = async |now| {
            let tx = Cluster(&db.store).write().await;
            let outcome = tx.sessions().touch(maria.session, now).await.expect("asks");
            tx.commit().await.expect("commits");
            outcome
        };
        let due = NOW + TOUCH_EVERY;
        let found = db.store.read().sessions().find(maria.session).await.expect("asks").expect("is there");
        assert!(!needs_touch(&found, later(10)) && needs_touch(&found, due));
        assert_eq!(touch(later(10)).await, Attempt::Lost, "{}", db.name);
        assert_eq!(touch(due).await, Attempt::Won, "{}", db.name);
        assert_eq!(touch(due).await, Attempt::Lost, "{}", db.name);
        let found = db.store.read().sessions().find(maria.session).await.expect("asks").expect("is there");
        assert_eq!(found.last_used_at, due);
    }
}

#[tokio::test]
async fn a_person_sees_and_ends_their_sessions() {
    for db in databases("own_sessions").await {
        let maria = signed_in(&db.store).await;
        let pere = Cluster(&db.store).person("pere", "Pere").await;
        let others = session(&db.store, maria.browser, pere).await;
        let second = session(&db.store, maria.browser, maria.person).await;
        let third = session(&db.store, maria.browser, maria.person).await;
        let list = async |person: PersonId, now, epoch| {
            let listed = db.store.read().sessions().list_live(person, now, epoch).await.expect("lists");
            listed.into_iter().map(|listed| listed.session.id).collect::<Vec<_>>()
        };
        assert_eq!(list(maria.person, NOW, EPOCH).await, [maria.session, second, third], "{}", db.name);
        assert!(list(maria.person, NOW, EPOCH + 1).await.is_empty(), "{}: a restore ends them", db.name);
        assert!(list(maria.person, later(3600), EPOCH).await.is_empty(), "{}: idle", db.name);
        let tx = Cluster(&db.store).write().await;
        let ended = tx.sessions().end_all(maria.person, Some(second), later(1)).await.expect("ends");
        tx.commit().await.expect("commits");
        assert_eq!(ended.len(), 2, "{}", db.name);
        assert!(ended.contains(&maria.session) && ended.contains(&third));
        assert_eq!(list(maria.person, later(1), EPOCH).await, [second], "{}", db.name);
        assert_eq!(list(pere, later(1), EPOCH).await, [others], "{}", db.name);
        let label = db.store.read().sessions().list_live(pere, NOW, EPOCH).await.expect("lists").pop().and_then(|listed| listed.label);
        assert_eq!(label.as_deref(), Some("Firefox, Linux"));
    }
}
