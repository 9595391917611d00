use idp_domain::{
    Ttl,
    refresh::{ABSOLUTE, GRACE, IDLE, RefreshToken},
    secret::SecretKind,
};
use idp_store::{
    Attempt, Tx,
    authorizations::{Offline, OfflineAuthorization, Which},
    keeping::Aged,
    tokens::{FoundRefreshToken, NewRefreshToken, Rotated},
};

use crate::{
    databases::{Db, databases, id, race},
    identity::build::{Cluster, EPOCH, NOW, authorize, hash, later, session, signed_in, successor},
};

async fn find(db: &Db, hash: &idp_domain::secret::SecretHash) -> FoundRefreshToken {
    db.store.read().refresh_tokens().find_by_hash(hash).await.expect("asks").expect("is there")
}

#[tokio::test]
async fn a_refresh_token_is_found_with_everything_behind_it() {
    for db in databases("refresh_found").await {
        let maria = signed_in(&db.store).await;
        let new = maria.issue_refresh_token().await;
        let found = find(&db, &new.hash).await;
        assert_eq!((&found.token, found.family, found.sid), (&new.token, new.family, Some(maria.session)), "{}", db.name);
        assert_eq!((found.backing.person.id, found.backing.session.id), (maria.person, maria.session));
        let unknown = hash(SecretKind::RefreshToken);
        assert!(db.store.read().refresh_tokens().find_by_hash(&unknown).await.expect("asks").is_none());
    }
}

#[tokio::test]
async fn a_token_that_is_not_rotated_is_used_again_until_it_is_revoked_or_expires() {
    for db in databases("use_again").await {
        let maria = signed_in(&db.store).await;
        let new = maria.issue_refresh_token().await;
        let tx = Cluster(&db.store).write().await;
        let tokens = tx.refresh_tokens();
        assert_eq!(tokens.use_again(new.token.id, maria.client.id, later(5)).await.expect("uses"), Attempt::Won);
        assert_eq!(tokens.use_again(new.token.id, id(), later(6)).await.expect("asks"), Attempt::Lost, "{}: another client", db.name);
        assert_eq!(tokens.use_again(new.token.id, maria.client.id, new.token.expires_at).await.expect("asks"), Attempt::Lost);
        assert!(tokens.any_live(new.token.authorization, later(7)).await.expect("asks"), "{}", db.name);
        assert_eq!(tokens.revoke_family(new.family, later(7)).await.expect("revokes"), 1);
        assert!(!tokens.any_live(new.token.authorization, later(7)).await.expect("asks"), "{}", db.name);
        assert_eq!(tokens.use_again(new.token.id, maria.client.id, later(8)).await.expect("asks"), Attempt::Lost, "{}", db.name);
        tx.commit().await.expect("commits");
        assert_eq!(find(&db, &new.hash).await.token.last_used_at, later(5), "{}", db.name);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.keeping().forget(Aged::RefreshTokens, new.token.expires_at, 10, NOW).await.expect("purges"), 0);
        assert_eq!(tx.keeping().forget(Aged::RefreshTokens, new.token.expires_at + Ttl::millis(1), 10, NOW).await.expect("purges"), 1);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn of_twenty_rotations_of_a_token_one_wins_and_one_chain_lives() {
    for db in databases("rotation_race").await {
        let maria = signed_in(&db.store).await;
        let first = maria.issue_refresh_token().await;
        let found = find(&db, &first.hash).await;
        let outcomes = race((0..20).map(|_| {
            let (store, found, next) = (db.store.clone(), found.clone(), successor(&found, later(1)));
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.refresh_tokens().rotate(&found, &next, later(1)).await.expect("asks");
                tx.commit().await.expect("commits");
                (outcome, next.hash)
            }
        }))
        .await;
        let count = |wanted| outcomes.iter().filter(|(outcome, _)| *outcome == wanted).count();
        assert_eq!((count(Rotated::Won), count(Rotated::Again), count(Rotated::Lost)), (1, 1, 18), "{}", db.name);
        let mut standing = 0;
        for (_, hash) in outcomes.iter().filter(|(outcome, _)| *outcome != Rotated::Lost) {
            standing += usize::from(find(&db, hash).await.token.revoked_at.is_none());
        }
        assert_eq!(standing, 1, "{}: a lost answer is given once more, and never two chains live", db.name);
    }
}

#[tokio::test]
async fn a_lost_answer_is_given_once_more_within_seconds_and_only_while_the_successor_is_unused() {
    for db in databases("rotation_grace").await {
        let maria = signed_in(&db.store).await;
        let rotate = async |from: &FoundRefreshToken, now| {
            let next = successor(from, now);
            let tx = Cluster(&db.store).write().await;
            let outcome = tx.refresh_tokens().rotate(from, &next, now).await.expect("asks");
            tx.commit().await.expect("commits");
            (outcome, next)
        };
        // within the grace, once
        let zero = find(&db, &maria.issue_refresh_token().await.hash).await;
        let (outcome, lost) = rotate(&zero, later(1)).await;
        assert_eq!(outcome, Rotated::Won);
        let (outcome, again) = rotate(&zero, later(1) + GRACE).await;
        assert_eq!(outcome, Rotated::Again, "{}", db.name);
        assert_eq!(rotate(&zero, later(1) + GRACE).await.0, Rotated::Lost, "{}: once", db.name);
        assert!(find(&db, &lost.hash).await.token.revoked_at.is_some(), "{}", db.name);
        let one = find(&db, &again.hash).await;
        assert_eq!(rotate(&one, later(20)).await.0, Rotated::Won, "{}: the chain goes on", db.name);

        // too late
        let zero = find(&db, &maria.issue_refresh_token().await.hash).await;
        assert_eq!(rotate(&zero, later(1)).await.0, Rotated::Won);
        assert_eq!(rotate(&zero, later(1) + GRACE + Ttl::millis(1)).await.0, Rotated::Lost, "{}: late", db.name);

        // the successor is in use
        let zero = find(&db, &maria.issue_refresh_token().await.hash).await;
        let (_, one) = rotate(&zero, later(1)).await;
        let one = find(&db, &one.hash).await;
        assert_eq!(rotate(&one, later(2)).await.0, Rotated::Won);
        assert_eq!(rotate(&zero, later(3)).await.0, Rotated::Lost, "{}: in use", db.name);

        // revoked
        let zero = find(&db, &maria.issue_refresh_token().await.hash).await;
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.refresh_tokens().revoke_family(zero.family, later(1)).await.expect("revokes"), 1);
        tx.commit().await.expect("commits");
        assert_eq!(rotate(&zero, later(2)).await.0, Rotated::Lost, "{}: revoked", db.name);
        assert_eq!(find(&db, &maria.issue_refresh_token().await.hash).await.token.created_at, NOW);
    }
}

#[tokio::test]
async fn what_outlives_its_session_is_listed_while_a_token_of_it_can_be_used() {
    for db in databases("refresh_offline").await {
        let mut maria = signed_in(&db.store).await;
        let listed = async |now, epoch| db.store.read().authorizations().list_offline(maria.person, now, epoch).await.expect("lists");
        maria.issue_refresh_token().await;
        assert_eq!(listed(NOW, EPOCH).await, [], "{}: of a session", db.name);

        let elsewhere = session(&db.store, maria.browser, maria.person).await;
        maria.authorization = authorize(&db.store, maria.person, maria.client.id, elsewhere, "openid offline_access").await;
        let expected = [OfflineAuthorization { id: maria.authorization.id, client: maria.client.id, since: NOW }];
        let listed = async |now, epoch| db.store.read().authorizations().list_offline(maria.person, now, epoch).await.expect("lists");
        assert_eq!(listed(NOW, EPOCH).await, [], "{}: without any token", db.name);
        let issue = async |change: fn(RefreshToken) -> RefreshToken| {
            let new = maria.refresh_token();
            let new = NewRefreshToken { sid: None, token: change(new.token), ..new };
            let tx = Cluster(&db.store).write().await;
            tx.refresh_tokens().insert(&new).await.expect("inserts");
            tx.commit().await.expect("commits");
            new.family
        };
        let revoked = issue(|token| token).await;
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.refresh_tokens().revoke_family(revoked, NOW).await.expect("revokes"), 1);
        tx.commit().await.expect("commits");
        assert_eq!(listed(NOW, EPOCH).await, [], "{}: revoked", db.name);
        issue(|token| token).await;
        issue(|token| RefreshToken { last_used_at: NOW + ABSOLUTE, ..token }).await;
        assert_eq!(listed(NOW, EPOCH).await, expected, "{}", db.name);
        assert_eq!(listed(NOW + IDLE, EPOCH).await, expected, "{}: one of them is in use", db.name);
        assert_eq!(listed(NOW + ABSOLUTE, EPOCH).await, [], "{}: too old", db.name);
        assert_eq!(listed(NOW, EPOCH + 1).await, [], "{}: from before a restore", db.name);
        let other = Cluster(&db.store).person("pau", "Pau").await;
        assert_eq!(db.store.read().authorizations().list_offline(other, NOW, EPOCH).await.expect("lists"), [], "{}", db.name);

        let tx = Cluster(&db.store).write().await;
        let which = Which::One(maria.authorization.id);
        tx.authorizations().end(which, Offline::Included, NOW).await.expect("ends");
        tx.commit().await.expect("commits");
        assert_eq!(listed(NOW, EPOCH).await, [], "{}: ended", db.name);
    }
}
