//! Forgetting by age: from the leaves to the root, a few rows at a time, and never what a replay is recognised by.

use idp_domain::{Timestamp, Ttl, refresh, secret::SecretKind, session::ABSOLUTE};
use idp_store::{
    Attempt, Store, Tx,
    authorizations::{Offline, Which},
    keeping::Aged,
    links::{Link, LinkKind},
};

use crate::{
    databases::{databases, id},
    identity::build::{Cluster, NOW, authorize, hash, later, session, signed_in},
};

/// Long after everything expired.
const LONG_AFTER: Timestamp = Timestamp::from_millis(NOW.millis() + 1000 * Ttl::days(1).as_millis());

async fn forget(store: &Store, aged: Aged, before: Timestamp, now: Timestamp) -> u64 {
    let tx = Cluster(store).write().await;
    let forgotten = tx.keeping().forget(aged, before, 100, now).await.expect("forgets");
    tx.commit().await.expect("commits");
    forgotten
}

#[tokio::test]
async fn a_redeemed_code_is_recognised_while_a_token_it_led_to_lives() {
    for db in databases("forget_codes").await {
        let maria = signed_in(&db.store).await;
        let (redeemed, secret) = maria.issue_code().await;
        let (_, unused) = maria.issue_code().await;
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.codes().redeem(redeemed, maria.client.id, NOW).await.expect("redeems"), Attempt::Won);
        tx.commit().await.expect("commits");
        let token = maria.issue_refresh_token().await;
        let (before, now) = (later(3600), later(3600));
        assert_eq!(forget(&db.store, Aged::Codes, before, now).await, 1, "{}", db.name);
        let find = async |secret| db.store.read().codes().find_by_hash(secret).await.expect("asks").is_some();
        assert!(find(&secret).await && !find(&unused).await, "{}: the unused one is gone", db.name);
        assert_eq!(forget(&db.store, Aged::Codes, before, token.token.expires_at).await, 1, "{}: its family is over", db.name);

        let (revoked, _) = maria.issue_code().await;
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.codes().redeem(revoked, maria.client.id, NOW).await.expect("redeems"), Attempt::Won);
        assert_eq!(tx.refresh_tokens().revoke_family(token.family, NOW).await.expect("revokes"), 1);
        tx.commit().await.expect("commits");
        assert_eq!(forget(&db.store, Aged::Codes, before, now).await, 1, "{}: its family was revoked", db.name);
    }
}

#[tokio::test]
async fn everything_of_a_session_goes_from_the_leaves_to_the_root() {
    for db in databases("forget_sessions").await {
        let maria = signed_in(&db.store).await;
        let (code, _) = maria.issue_code().await;
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.codes().redeem(code, maria.client.id, NOW).await.expect("redeems"), Attempt::Won);
        tx.commit().await.expect("commits");
        let token = maria.issue_refresh_token().await;
        // while the session runs, and while a token hangs on what was authorised in it, both stay
        for (before, now) in [(NOW + ABSOLUTE, NOW + ABSOLUTE), (LONG_AFTER, later(60))] {
            for aged in [Aged::Authorizations, Aged::Sessions, Aged::Browsers] {
                assert_eq!(forget(&db.store, aged, before, now).await, 0, "{}: {aged:?}", db.name);
            }
        }
        let mut forgotten = Vec::new();
        for aged in Aged::ALL {
            forgotten.push((aged, forget(&db.store, aged, LONG_AFTER, LONG_AFTER).await));
        }
        forgotten.retain(|(_, rows)| *rows > 0);
        let expected = [Aged::Codes, Aged::RefreshTokens, Aged::Authorizations, Aged::Sessions, Aged::Browsers];
        assert_eq!(forgotten, expected.map(|aged| (aged, 1)), "{}", db.name);
        let read = db.store.read();
        assert!(read.sessions().find(maria.session).await.expect("asks").is_none());
        assert!(read.refresh_tokens().find_by_hash(&token.hash).await.expect("asks").is_none());
        assert!(read.people().find(maria.person).await.expect("asks").is_some(), "{}: people are not forgotten by age", db.name);
    }
}

#[tokio::test]
async fn a_rotated_token_is_recognised_as_long_as_its_family_may_live() {
    for db in databases("forget_families").await {
        let maria = signed_in(&db.store).await;
        let first = maria.issue_refresh_token().await;
        let found = db.store.read().refresh_tokens().find_by_hash(&first.hash).await.expect("asks").expect("is there");
        let tx = Cluster(&db.store).write().await;
        let next = crate::identity::build::successor(&found, later(60));
        assert_eq!(tx.refresh_tokens().rotate(&found, &next, later(60)).await.expect("rotates"), idp_store::tokens::Rotated::Won);
        tx.commit().await.expect("commits");
        let end = NOW + refresh::ABSOLUTE;
        assert_eq!(forget(&db.store, Aged::RefreshTokens, end, end).await, 0, "{}", db.name);
        assert_eq!(forget(&db.store, Aged::RefreshTokens, end + Ttl::millis(1), end).await, 2, "{}: both at once", db.name);
    }
}

#[tokio::test]
async fn a_browser_that_still_holds_a_session_stays_with_it() {
    for db in databases("forget_browsers").await {
        let maria = signed_in(&db.store).await;
        let tx = Cluster(&db.store).write().await;
        tx.sessions().insert_browser(id(), &hash(SecretKind::Browser), NOW).await.expect("inserts");
        let _ended = tx.authorizations().end(Which::Session(maria.session), Offline::Included, later(1)).await.expect("ends");
        tx.commit().await.expect("commits");
        assert_eq!(forget(&db.store, Aged::Browsers, later(1), later(1)).await, 1, "{}: only the empty one", db.name);
        // what ended yesterday is still looked at by its people and by whoever tells services
        assert_eq!(forget(&db.store, Aged::Authorizations, NOW + ABSOLUTE, NOW + ABSOLUTE).await, 0, "{}", db.name);
        let other = session(&db.store, maria.browser, maria.person).await;
        authorize(&db.store, maria.person, maria.client.id, other, "openid").await;
        assert_eq!(forget(&db.store, Aged::Authorizations, LONG_AFTER, LONG_AFTER).await, 2, "{}", db.name);
        assert_eq!(forget(&db.store, Aged::Sessions, LONG_AFTER, LONG_AFTER).await, 2, "{}", db.name);
    }
}

#[tokio::test]
async fn no_more_than_the_limit_goes_at_once() {
    for db in databases("forget_limit").await {
        let tx = Cluster(&db.store).write().await;
        for _ in 0..5 {
            let link = Link {
                id: id(),
                kind: LinkKind::Setup,
                person: None,
                email: None,
                collective: None,
                payload: "{}".into(),
                created_at: NOW,
                expires_at: later(1),
                used_at: None,
            };
            tx.links().insert(&hash(SecretKind::Link), &link).await.expect("inserts");
        }
        let mut gone = Vec::new();
        for _ in 0..4 {
            gone.push(tx.keeping().forget(Aged::Links, later(2), 2, later(2)).await.expect("forgets"));
        }
        tx.commit().await.expect("commits");
        assert_eq!(gone, [2, 2, 1, 0], "{}", db.name);
    }
}
