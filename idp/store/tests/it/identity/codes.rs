use idp_domain::{client::ClientRole, code, membership::MembershipState, scope::Scope, secret::SecretKind};
use idp_store::{
    Attempt, Decided, Inserted, Tx, Updated,
    authorizations::{NewAuthorization, Offline, Which},
    keeping::Aged,
};

use crate::{
    cluster::guest,
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, authorize, client, hash, later, scope, session, signed_in},
};

#[tokio::test]
async fn a_code_is_found_with_everything_behind_it() {
    for db in databases("code_found").await {
        let maria = signed_in(&db.store).await;
        let (code, secret) = (maria.code(), hash(SecretKind::Code));
        let tx = Cluster(&db.store).write().await;
        tx.codes().insert(&secret, &code).await.expect("inserts");
        tx.commit().await.expect("commits");
        let (found, backing) = db.store.read().codes().find_by_hash(&secret).await.expect("asks").expect("is there");
        assert_eq!(found, code, "{}", db.name);
        assert_eq!((&backing.authorization, &backing.client_id), (&maria.authorization, &maria.client.client_id));
        assert_eq!((backing.session.id, backing.session.amr()), (maria.session, vec!["pwd"]));
        assert_eq!((backing.person.id, backing.subject.is_none()), (maria.person, true));
        assert!(db.store.read().codes().find_by_hash(&hash(SecretKind::Code)).await.expect("asks").is_none());
    }
}

#[tokio::test]
async fn of_twenty_redemptions_of_a_code_one_wins() {
    for db in databases("code_race").await {
        let maria = signed_in(&db.store).await;
        let (code, secret) = maria.issue_code().await;
        let outcomes = race((0..20).map(|_| {
            let (store, client) = (db.store.clone(), maria.client.id);
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.codes().redeem(code, client, later(1)).await.expect("asks");
                tx.commit().await.expect("commits");
                outcome
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Attempt::Won).count(), 1, "{}", db.name);
        let (found, _) = db.store.read().codes().find_by_hash(&secret).await.expect("asks").expect("is there");
        assert_eq!(found.redeemed_at, Some(later(1)));
    }
}

#[tokio::test]
async fn a_code_is_not_redeemed_late_by_another_client_after_burning_or_after_its_authorization_ended() {
    for db in databases("code_refused").await {
        let maria = signed_in(&db.store).await;
        let tx = Cluster(&db.store).write().await;
        let (late, wrong, burnt, ended) = (maria.code(), maria.code(), maria.code(), maria.code());
        for code in [&late, &wrong, &burnt, &ended] {
            tx.codes().insert(&hash(SecretKind::Code), code).await.expect("inserts");
        }
        let own = maria.client.id;
        assert_eq!(tx.codes().redeem(late.id, own, NOW + code::LIFETIME).await.expect("asks"), Attempt::Lost, "{}: late", db.name);
        assert_eq!(tx.codes().redeem(wrong.id, id(), NOW).await.expect("asks"), Attempt::Lost, "{}: another client", db.name);
        assert_eq!(tx.codes().redeem(wrong.id, own, NOW).await.expect("asks"), Attempt::Won, "{}: which burns nothing", db.name);
        assert_eq!(tx.codes().burn(burnt.id, NOW).await.expect("burns"), Attempt::Won);
        assert_eq!(tx.codes().burn(burnt.id, NOW).await.expect("asks"), Attempt::Lost);
        assert_eq!(tx.codes().redeem(burnt.id, own, NOW).await.expect("asks"), Attempt::Lost, "{}: burnt", db.name);
        let _ = tx.authorizations().end(Which::One(maria.authorization.id), Offline::Included, NOW).await.expect("ends");
        assert_eq!(tx.codes().redeem(ended.id, own, NOW).await.expect("asks"), Attempt::Lost, "{}: ended", db.name);
        assert_eq!(tx.keeping().forget(Aged::Codes, later(1), 10, NOW).await.expect("purges"), 3, "{}: those that ended early", db.name);
        assert_eq!(tx.keeping().forget(Aged::Codes, later(61), 10, NOW).await.expect("purges"), 1, "{}", db.name);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn a_session_has_one_live_authorization_per_client() {
    for db in databases("one_authorization").await {
        let maria = signed_in(&db.store).await;
        let other = client("wiki", ClientRole::AdminUi);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.clients().insert(&other, NOW).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        let outcomes = race((0..20).map(|_| {
            let new = NewAuthorization {
                id: id(),
                person: maria.person,
                client: other.id,
                session: maria.session,
                scope: scope("openid"),
                claims: None,
                now: NOW,
            };
            let store = db.store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                let authorization = tx.authorizations().upsert(&new).await.expect("upserts");
                tx.commit().await.expect("commits");
                authorization.id
            }
        }))
        .await;
        assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]), "{}: {outcomes:?}", db.name);
    }
}

#[tokio::test]
async fn an_authorization_follows_the_last_request_and_is_never_revived() {
    for db in databases("authorization_upsert").await {
        let maria = signed_in(&db.store).await;
        let again = authorize(&db.store, maria.person, maria.client.id, maria.session, "openid email offline_access").await;
        assert_eq!(again.id, maria.authorization.id, "{}", db.name);
        assert_eq!((again.scope.contains(Scope::Email), again.offline), (true, true));
        let narrower = authorize(&db.store, maria.person, maria.client.id, maria.session, "openid").await;
        assert_eq!((narrower.id, narrower.scope, narrower.offline), (again.id, scope("openid"), true), "{}", db.name);
        let read = db.store.read();
        let asking = NewAuthorization {
            id: id(),
            person: maria.person,
            client: maria.client.id,
            session: maria.session,
            scope: narrower.scope,
            claims: Some("{\"userinfo\":{}}".to_owned()),
            now: NOW,
        };
        let tx = Cluster(&db.store).write().await;
        let narrower = tx.authorizations().upsert(&asking).await.expect("upserts");
        tx.commit().await.expect("commits");
        assert_eq!((narrower.id, &narrower.claims), (again.id, &asking.claims), "{}", db.name);
        let live = read.authorizations().find_live(maria.session, maria.client.id).await.expect("asks");
        assert_eq!(live, Some(narrower), "{}", db.name);
        let tx = Cluster(&db.store).write().await;
        let _ = tx.authorizations().end(Which::One(again.id), Offline::Included, later(1)).await.expect("ends");
        tx.commit().await.expect("commits");
        assert_eq!(read.authorizations().find_live(maria.session, maria.client.id).await.expect("asks"), None);
        let fresh = authorize(&db.store, maria.person, maria.client.id, maria.session, "openid").await;
        assert_ne!(fresh.id, again.id, "{}", db.name);
        let backing = read.authorizations().find_backing(again.id).await.expect("asks").expect("is remembered");
        assert_eq!(backing.authorization.ended_at, Some(later(1)), "{}", db.name);
    }
}

#[tokio::test]
async fn what_stands_behind_a_token_comes_with_its_client_when_asked() {
    for db in databases("backing").await {
        let maria = signed_in(&db.store).await;
        let tx = Cluster(&db.store).write().await;
        tx.subjects().release(maria.person, "", "5f1c", NOW).await.expect("releases");
        tx.subjects().release(maria.person, "elsewhere", "77aa", NOW).await.expect("releases");
        tx.commit().await.expect("commits");
        let read = db.store.read();
        let (backing, client) =
            read.authorizations().find_backing_with_client(maria.authorization.id).await.expect("asks").expect("is there");
        assert_eq!(backing.subject.map(|subject| subject.sub).as_deref(), Some("5f1c"), "{}", db.name);
        assert_eq!((client.id, client.redirect_uris, client.profile), (maria.client.id, Vec::new(), maria.client.profile));
        assert!(read.authorizations().find_backing_with_client(id()).await.expect("asks").is_none());
    }
}

#[tokio::test]
async fn the_people_of_a_collective_are_reached_where_they_are_signed_in() {
    for db in databases("collective_targets").await {
        let cluster = Cluster(&db.store);
        let (ateneu, hort) = (cluster.collective("ateneu").await, cluster.collective("hort").await);
        let web = cluster.working_group(&ateneu, "web").await;
        let (oficina, xat) = (cluster.service("oficina", &[&ateneu]).await, cluster.service("xat", &[]).await);
        let (at_office, at_chat) = (cluster.client("oficina", oficina.id).await, cluster.client("xat", xat.id).await);
        let mut people = Vec::new();
        for username in ["socia", "teixidora", "pausada", "veina", "convidada"] {
            people.push(cluster.person(username, username).await);
        }
        let [member, in_group, paused, neighbour, guest_of_ateneu] = people[..] else { panic!("five people") };
        cluster.member(&ateneu, member).await;
        cluster.member(&hort, neighbour).await;
        let weaver = cluster.member(&ateneu, in_group).await;
        let pause = cluster.member(&ateneu, paused).await;
        let tx = cluster.write().await;
        for membership in [weaver.id, pause.id] {
            assert_eq!(tx.working_groups().assign(ateneu.id, membership, web.id).await.expect("assigns"), Inserted::Done);
        }
        let to = MembershipState::Suspended;
        assert_eq!(tx.memberships().set_state(ateneu.id, pause.id, 1, to, NOW, Decided::ByFile).await.expect("pauses"), Updated::Done);
        let door = guest(guest_of_ateneu, &oficina, &ateneu, member, later(86_400));
        assert_eq!(tx.grants().insert(&door, None).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        let browser = signed_in(&db.store).await.browser;
        let mut authorized = Vec::new();
        for person in people {
            let session = session(&db.store, browser, person).await;
            for client in [at_office, at_chat] {
                authorized.push(authorize(&db.store, person, client, session, "openid").await.id);
            }
        }
        let list = async |which| {
            let targets = db.store.read().authorizations().list_logout_targets(which).await.expect("lists");
            targets.into_iter().map(|target| target.authorization).collect::<Vec<_>>()
        };
        assert_eq!(list(Which::Members(ateneu.id)).await, authorized[..4], "{}: not the paused one", db.name);
        assert_eq!(list(Which::WorkingGroup(web.id)).await, authorized[2..4], "{}", db.name);
        assert_eq!(list(Which::Members(hort.id)).await, authorized[6..8], "{}", db.name);
        assert_eq!(list(Which::Guests(ateneu.id)).await, authorized[8..9], "{}: only where she is a guest", db.name);
        assert!(list(Which::Guests(hort.id)).await.is_empty(), "{}", db.name);
        let tx = cluster.write().await;
        assert_eq!(tx.grants().withdraw(ateneu.id, door.id, 1, None, NOW).await.expect("withdraws"), Updated::Done);
        let _ = tx.authorizations().end(Which::One(authorized[0]), Offline::Included, later(1)).await.expect("ends");
        tx.commit().await.expect("commits");
        assert_eq!(list(Which::Members(ateneu.id)).await, authorized[1..4], "{}: not what ended", db.name);
        assert!(list(Which::Guests(ateneu.id)).await.is_empty(), "{}: withdrawn", db.name);
    }
}

#[tokio::test]
async fn ending_reaches_exactly_what_is_meant_and_says_whom_to_tell() {
    for db in databases("ending").await {
        let cluster = Cluster(&db.store);
        let maria = signed_in(&db.store).await;
        let pere = cluster.person("pere", "Pere").await;
        let ateneu = cluster.collective("ateneu").await;
        let service = cluster.service("oficina", &[&ateneu]).await;
        let oficina = client("oficina", ClientRole::Service(service.id));
        let tx = cluster.write().await;
        assert_eq!(tx.clients().insert(&oficina, NOW).await.expect("inserts"), Inserted::Done);
        tx.subjects().release(maria.person, "", "5f1c", NOW).await.expect("releases");
        tx.commit().await.expect("commits");
        let peres = session(&db.store, maria.browser, pere).await;
        let second = session(&db.store, maria.browser, maria.person).await;
        let at_office = authorize(&db.store, maria.person, oficina.id, maria.session, "openid").await.id;
        let offline = authorize(&db.store, maria.person, oficina.id, second, "openid offline_access").await.id;
        let peres_office = authorize(&db.store, pere, oficina.id, peres, "openid").await.id;
        let desk = maria.authorization.id;

        let list = async |which| {
            let targets = db.store.read().authorizations().list_logout_targets(which).await.expect("lists");
            targets.into_iter().map(|target| target.authorization).collect::<Vec<_>>()
        };
        assert_eq!(list(Which::One(desk)).await, [desk], "{}", db.name);
        assert_eq!(list(Which::Session(maria.session)).await, [desk, at_office]);
        assert_eq!(list(Which::PersonElsewhere(maria.person, peres)).await, [desk, at_office, offline]);
        assert_eq!(list(Which::PersonElsewhere(maria.person, maria.session)).await, [offline]);
        assert_eq!(list(Which::PersonAtClient(maria.person, oficina.id)).await, [at_office, offline]);
        assert_eq!(list(Which::PersonAtService(maria.person, service.id)).await, [at_office, offline]);
        assert_eq!(list(Which::Client(oficina.id)).await, [at_office, offline, peres_office]);
        assert_eq!(list(Which::Service(service.id)).await, [at_office, offline, peres_office], "{}", db.name);

        let mut token = maria.refresh_token();
        token.token.authorization = at_office;
        token.token.client = oficina.id;
        let tx = cluster.write().await;
        tx.refresh_tokens().insert(&token).await.expect("inserts");
        let kept = tx.authorizations().end(Which::Session(second), Offline::Kept, later(1)).await.expect("ends");
        assert_eq!(kept.len(), 1, "the service is told all the same");
        let ended = tx.authorizations().end(Which::PersonAtService(maria.person, service.id), Offline::Included, later(2)).await;
        tx.commit().await.expect("commits");
        let ended = ended.expect("ends");
        assert_eq!(ended.iter().map(|target| target.authorization).collect::<Vec<_>>(), [at_office, offline], "{}", db.name);
        assert_eq!((ended[0].session, ended[0].client, &ended[0].client_id), (maria.session, oficina.id, &oficina.client_id));
        assert_eq!(ended[0].sub.as_deref(), Some("5f1c"));
        assert_eq!(ended[0].backchannel_logout_uri, oficina.backchannel_logout_uri);
        assert_eq!(list(Which::PersonElsewhere(maria.person, peres)).await, [desk], "{}", db.name);
        assert_eq!(list(Which::Service(service.id)).await, [peres_office], "{}", db.name);
        let found = db.store.read().refresh_tokens().find_by_hash(&token.hash).await.expect("asks").expect("is there");
        assert_eq!(found.token.revoked_at, Some(later(2)), "{}", db.name);
    }
}
