//! Signing keys, the cluster's settings, remembered answers, the log of sign-ins.

use idp_domain::{audit::SignInOutcome, id::KeyId, profile::SigningAlg, secret::SecretKind};
use idp_store::{
    Attempt, Inserted, Tx,
    cluster::Setting,
    keeping::Aged,
    signin_log::SignIn,
    signing_keys::{KeyTimes, StoredKey},
};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, hash, later},
};

fn key(kid: &str) -> StoredKey {
    StoredKey {
        kid: kid.to_owned(),
        id: id::<idp_domain::id::Key>(),
        alg: SigningAlg::Es256,
        purpose: "id".to_owned(),
        sealed_private: vec![1, 2, 3],
        public_jwk: "{}".to_owned(),
        created_at: NOW,
        activates_at: later(48 * 3600),
        retires_at: None,
        removed_at: None,
        revoked_at: None,
    }
}

#[tokio::test]
async fn keys_are_published_retired_removed_and_revoked() {
    for db in databases("signing_keys").await {
        let (one, two, three) = (key("one"), key("two"), key("three"));
        let tx = Cluster(&db.store).write().await;
        for key in [&one, &two, &three] {
            assert_eq!(tx.signing_keys().insert(key).await.expect("inserts"), Inserted::Done);
        }
        assert_eq!(tx.signing_keys().insert(&key("one")).await.expect("asks"), Inserted::Taken, "{}", db.name);
        tx.commit().await.expect("commits");
        assert_eq!(db.store.read().signing_keys().list_published().await.expect("lists"), [one.clone(), two.clone(), three.clone()]);
        let times = |key: &StoredKey| KeyTimes {
            activates_at: key.activates_at,
            retires_at: Some(later(100)),
            removed_at: None,
            revoked_at: None,
            forget_private: false,
        };
        let gone = KeyTimes { removed_at: Some(later(200)), forget_private: true, ..times(&one) };
        let unsafe_since = KeyTimes { revoked_at: Some(later(201)), forget_private: true, ..times(&two) };
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.signing_keys().set_times("one", times(&one)).await.expect("retires"), Attempt::Won);
        assert_eq!(tx.signing_keys().set_times("none", gone).await.expect("asks"), Attempt::Lost);
        tx.commit().await.expect("commits");
        let retiring = db.store.read().signing_keys().list_published().await.expect("lists");
        assert_eq!((retiring.len(), retiring[0].retires_at, retiring[0].sealed_private.len()), (3, Some(later(100)), 3), "{}", db.name);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.signing_keys().set_times("one", gone).await.expect("removes"), Attempt::Won);
        assert_eq!(tx.signing_keys().set_times("two", unsafe_since).await.expect("revokes"), Attempt::Won);
        assert_eq!(tx.signing_keys().set_times("two", times(&two)).await.expect("asks"), Attempt::Lost, "{}: stays revoked", db.name);
        tx.commit().await.expect("commits");
        assert_eq!(db.store.read().signing_keys().list_published().await.expect("lists"), [three], "{}", db.name);
        let all = db.store.read().signing_keys().list().await.expect("lists");
        assert_eq!(all.iter().map(|key| key.id).collect::<Vec<KeyId>>()[..2], [one.id, two.id]);
        assert!(all[0].sealed_private.is_empty() && all[1].sealed_private.is_empty(), "{}: forgotten", db.name);
        assert_eq!((all[0].removed_at, all[1].revoked_at), (Some(later(200)), Some(later(201))));
    }
}

#[tokio::test]
async fn settings_are_kept_frozen_ones_stay_and_the_epoch_rises() {
    for db in databases("settings").await {
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.cluster().epoch().await.expect("asks"), 1, "{}", db.name);
        assert_eq!(tx.cluster().raise_epoch().await.expect("raises"), 2);
        assert_eq!(tx.cluster().raise_epoch().await.expect("raises"), 3);
        let first = tx.cluster().replace(Setting::LastEndFollowed, None, "one").await.expect("sets");
        let again = tx.cluster().replace(Setting::LastEndFollowed, None, "two").await.expect("asks");
        let next = tx.cluster().replace(Setting::LastEndFollowed, Some("one"), "two").await.expect("sets");
        assert_eq!((first, again, next), (Attempt::Won, Attempt::Lost, Attempt::Won), "{}", db.name);
        assert_eq!(tx.cluster().set_once(Setting::GroupPrefix, "cc").await.expect("sets"), Inserted::Done);
        assert_eq!(tx.cluster().set_once(Setting::GroupPrefix, "xx").await.expect("asks"), Inserted::Taken);
        tx.commit().await.expect("commits");
        let read = db.store.read();
        assert_eq!(read.cluster().epoch().await.expect("asks"), 3, "{}", db.name);
        assert_eq!(read.cluster().find(Setting::LastEndFollowed).await.expect("asks").as_deref(), Some("two"));
        assert_eq!(read.cluster().find(Setting::GroupPrefix).await.expect("asks").as_deref(), Some("cc"), "{}", db.name);
    }
}

#[tokio::test]
async fn of_twenty_equal_requests_one_is_carried_out_and_its_answer_is_remembered() {
    for db in databases("idempotency").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria").await, cluster.person("pere", "Pere").await);
        let key = hash(SecretKind::Link);
        let outcomes = race((0..20).map(|n| {
            let store = db.store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.idempotency().remember(&key, maria, &format!("answer {n}"), NOW).await.expect("asks");
                tx.commit().await.expect("commits");
                outcome
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Inserted::Done).count(), 1, "{}", db.name);
        let read = db.store.read();
        assert!(read.idempotency().find(&key, maria).await.expect("asks").is_some_and(|answer| answer.starts_with("answer ")));
        assert_eq!(read.idempotency().find(&key, pere).await.expect("asks"), None, "{}: nobody else's", db.name);
        let tx = cluster.write().await;
        assert_eq!(tx.keeping().forget(Aged::RepeatableAnswers, NOW, 10, NOW).await.expect("purges"), 0);
        assert_eq!(tx.keeping().forget(Aged::RepeatableAnswers, later(1), 10, NOW).await.expect("purges"), 1);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn people_read_their_own_sign_ins() {
    for db in databases("signin_log").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria").await, cluster.person("pere", "Pere").await);
        let outcomes = [SignInOutcome::WrongPassword, SignInOutcome::Throttled, SignInOutcome::NotAllowed, SignInOutcome::Password];
        let tx = cluster.write().await;
        for (n, outcome) in (0..).zip(outcomes) {
            let sign_in = SignIn { id: id(), at: later(n), outcome, client_prefix: Some("192.0.2.0/24".into()) };
            tx.signin_log().append(Some(maria), &sign_in).await.expect("appends");
        }
        let nobody = SignIn { id: id(), at: NOW, outcome: SignInOutcome::WrongPassword, client_prefix: None };
        tx.signin_log().append(None, &nobody).await.expect("appends");
        tx.commit().await.expect("commits");
        let read = db.store.read();
        let listed = read.signin_log().list(maria, None, 10).await.expect("lists");
        assert_eq!(listed.iter().map(|sign_in| sign_in.outcome).rev().collect::<Vec<_>>(), outcomes, "{}", db.name);
        let older = read.signin_log().list(maria, Some(later(2)), 1).await.expect("lists");
        assert_eq!(older.iter().map(|sign_in| sign_in.at).collect::<Vec<_>>(), [later(1)], "{}", db.name);
        assert!(read.signin_log().list(pere, None, 10).await.expect("lists").is_empty());
        let tx = cluster.write().await;
        assert_eq!(tx.keeping().forget(Aged::SignIns, later(1), 10, NOW).await.expect("purges"), 2, "{}", db.name);
        tx.commit().await.expect("commits");
    }
}
