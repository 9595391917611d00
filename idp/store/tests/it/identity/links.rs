use idp_domain::{Ttl, secret::SecretKind};
use idp_store::{
    Attempt, Tx,
    keeping::Aged,
    links::{Link, LinkKind},
};

use crate::{
    databases::{databases, id, race},
    identity::build::{Cluster, NOW, hash, later},
};

fn link(kind: LinkKind) -> Link {
    Link {
        id: id(),
        kind,
        person: None,
        email: None,
        collective: None,
        payload: "{\"v\":1}".to_owned(),
        created_at: NOW,
        expires_at: NOW + Ttl::hours(24),
        used_at: None,
    }
}

#[tokio::test]
async fn of_twenty_uses_of_a_link_one_wins() {
    for db in databases("link_race").await {
        let (link, secret) = (link(LinkKind::Setup), hash(SecretKind::Link));
        let tx = Cluster(&db.store).write().await;
        tx.links().insert(&secret, &link).await.expect("inserts");
        tx.commit().await.expect("commits");
        let outcomes = race((0..20).map(|_| {
            let store = db.store.clone();
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.links().redeem(link.id, LinkKind::Setup, later(1)).await.expect("asks");
                tx.commit().await.expect("commits");
                outcome
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|&&outcome| outcome == Attempt::Won).count(), 1, "{}", db.name);
        let found = db.store.read().links().find_by_hash(LinkKind::Setup, &secret).await.expect("asks");
        assert_eq!(found, Some(Link { used_at: Some(later(1)), ..link }), "{}: a used link is still known", db.name);
    }
}

#[tokio::test]
async fn a_collective_takes_only_its_own_links_back() {
    for db in databases("link_in_name").await {
        let cluster = Cluster(&db.store);
        let (maria, ateneu, hort) =
            (cluster.person("maria", "Maria").await, cluster.collective("ateneu").await.id, cluster.collective("hort").await.id);
        let of = |collective| Link { person: Some(maria), collective: Some(collective), ..link(LinkKind::Activation) };
        let (here, there) = (of(ateneu), of(hort));
        let tx = cluster.write().await;
        for link in [&here, &there] {
            tx.links().insert(&hash(SecretKind::Link), link).await.expect("inserts");
        }
        assert_eq!(tx.links().revoke_in_name_of(ateneu, LinkKind::Activation, maria, later(1)).await.expect("revokes"), 1);
        assert_eq!(tx.links().redeem(here.id, LinkKind::Activation, later(1)).await.expect("asks"), Attempt::Lost, "{}", db.name);
        assert_eq!(tx.links().redeem(there.id, LinkKind::Activation, later(1)).await.expect("asks"), Attempt::Won, "{}", db.name);
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn a_link_works_for_its_kind_and_its_time_only() {
    for db in databases("link_kind").await {
        let maria = Cluster(&db.store).person("maria", "Maria").await;
        let (late, newer, secret) = (link(LinkKind::Activation), link(LinkKind::Activation), hash(SecretKind::Link));
        let tx = Cluster(&db.store).write().await;
        let links = tx.links();
        links.insert(&secret, &Link { person: Some(maria), ..late.clone() }).await.expect("inserts");
        links.insert(&hash(SecretKind::Link), &newer).await.expect("inserts");
        assert_eq!(links.find_by_hash(LinkKind::Setup, &secret).await.expect("asks"), None, "{}: another kind", db.name);
        assert_eq!(links.redeem(late.id, LinkKind::Setup, NOW).await.expect("asks"), Attempt::Lost);
        assert_eq!(links.redeem(late.id, LinkKind::Activation, late.expires_at).await.expect("asks"), Attempt::Lost, "{}", db.name);
        assert_eq!(links.revoke_for_person(LinkKind::Activation, maria, later(5)).await.expect("revokes"), 1);
        assert_eq!(links.redeem(late.id, LinkKind::Activation, later(5)).await.expect("asks"), Attempt::Lost, "{}: revoked", db.name);
        assert_eq!(links.revoke_kind(LinkKind::Activation, later(6)).await.expect("revokes"), 1);
        assert_eq!(links.redeem(newer.id, LinkKind::Activation, later(6)).await.expect("asks"), Attempt::Lost);
        assert_eq!(tx.keeping().forget(Aged::Links, later(6), 10, NOW).await.expect("purges"), 1);
        tx.commit().await.expect("commits");
    }
}
