use idp_store::{Attempt, Tx};

use crate::{
    databases::{databases, race},
    identity::build::{Cluster, NOW, client, later, scope},
};

#[tokio::test]
async fn of_twenty_first_releases_all_agree_on_one_name() {
    for db in databases("subject_race").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let outcomes = race((0..20).map(|n| {
            let store = db.store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                let subject = tx.subjects().release(maria, "sector", &format!("sub-{n}"), NOW).await.expect("releases");
                tx.commit().await.expect("commits");
                subject.sub
            }
        }))
        .await;
        assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]), "{}: {outcomes:?}", db.name);
        let found = db.store.read().subjects().find(maria, "sector").await.expect("asks").expect("is there");
        assert_eq!((&found.sub, found.frozen_at), (&outcomes[0], Some(NOW)), "{}", db.name);
        assert_eq!(db.store.read().subjects().find_by_sub(&found.sub).await.expect("asks"), Some(found));
    }
}

#[tokio::test]
async fn a_name_of_an_earlier_system_holds_until_a_service_saw_another() {
    for db in databases("subject_legacy").await {
        let cluster = Cluster(&db.store);
        let (maria, pere) = (cluster.person("maria", "Maria").await, cluster.person("pere", "Pere").await);
        let tx = cluster.write().await;
        let subjects = tx.subjects();
        assert_eq!(subjects.set_legacy(maria, "nuvol", "maria@old", NOW).await.expect("sets"), Attempt::Won);
        assert_eq!(subjects.set_legacy(pere, "nuvol", "maria@old", NOW).await.expect("asks"), Attempt::Lost, "{}: hers", db.name);
        assert_eq!(subjects.set_legacy(maria, "nuvol", "m.puig@old", NOW).await.expect("sets"), Attempt::Won, "not seen yet");
        let released = subjects.release(maria, "nuvol", "random", later(1)).await.expect("releases");
        assert_eq!((released.sub.as_str(), released.legacy_at, released.frozen_at), ("m.puig@old", Some(NOW), Some(later(1))));
        assert_eq!(subjects.set_legacy(maria, "nuvol", "other@old", NOW).await.expect("asks"), Attempt::Lost, "{}: frozen", db.name);
        assert_eq!(subjects.set_legacy(maria, "nuvol", "m.puig@old", NOW).await.expect("asks"), Attempt::Won, "the same");
        let again = subjects.release(maria, "nuvol", "random", later(9)).await.expect("releases");
        assert_eq!(again.frozen_at, Some(later(1)), "{}", db.name);
        subjects.release(maria, "", "opaque", later(2)).await.expect("releases");
        let all: Vec<_> = subjects.list(maria).await.expect("lists").into_iter().map(|subject| subject.sub).collect();
        assert_eq!(all, ["opaque", "m.puig@old"]);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn consent_grows_is_taken_back_and_begins_anew() {
    for db in databases("consent").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let wiki = client("wiki", idp_domain::client::ClientRole::AdminUi);
        let tx = Cluster(&db.store).write().await;
        let _ = tx.clients().insert(&wiki, NOW).await.expect("inserts");
        let consents = tx.consents();
        assert_eq!(consents.find(maria, wiki.id).await.expect("asks"), None);
        assert_eq!(consents.remember(maria, wiki.id, scope("openid profile"), NOW).await.expect("remembers"), Attempt::Won);
        assert_eq!(consents.remember(maria, wiki.id, scope("openid email"), later(1)).await.expect("remembers"), Attempt::Won);
        let less = consents.remember(maria, wiki.id, scope("openid profile"), later(2)).await.expect("remembers");
        assert_eq!(less, Attempt::Lost, "{}: nothing new", db.name);
        let found = consents.find(maria, wiki.id).await.expect("asks").expect("stands");
        assert_eq!((found.scope, found.given_at), (scope("openid profile email"), later(1)), "{}", db.name);
        assert_eq!(consents.list(maria).await.expect("lists"), [found]);
        assert_eq!(consents.revoke(maria, wiki.id, later(2)).await.expect("revokes"), Attempt::Won);
        assert_eq!(consents.revoke(maria, wiki.id, later(2)).await.expect("asks"), Attempt::Lost);
        assert_eq!(consents.find(maria, wiki.id).await.expect("asks"), None, "{}", db.name);
        assert_eq!(consents.remember(maria, wiki.id, scope("openid"), later(3)).await.expect("remembers"), Attempt::Won);
        assert_eq!(consents.find(maria, wiki.id).await.expect("asks").map(|c| c.scope), Some(scope("openid")), "{}", db.name);
        tx.commit().await.expect("commits");
    }
}
