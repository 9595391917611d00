//! Offers and grants: who may hold a door open, and that only one does.

use idp_domain::{Ttl, service::GrantVia};
use idp_store::{
    Decided, Inserted, Tx, Updated,
    grants::GrantTerms,
    offers::{OfferTerms, Offered},
};

use crate::{
    cluster::{Cluster, NOW, gigabytes, grant, offer, role},
    databases::{databases, race},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_managers_who_open_the_same_door_exactly_one_does() {
    for db in databases("doors_race").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let maria = make.person("maria", "Maria Puig").await;
        let membership = make.member(&ateneu, maria).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        let outcomes = race((0..20).map(|_| {
            let (store, grant) = (db.store.clone(), grant(&membership, &offer));
            async move {
                let tx = store.write("test").await.expect("begins");
                let outcome = tx.grants().insert(&grant, None).await.expect("inserts");
                tx.commit().await.expect("commits");
                outcome
            }
        }));
        let done = outcomes.await.into_iter().filter(|outcome| *outcome == Inserted::Done).count();
        assert_eq!(done, 1, "{}", db.name);
        assert_eq!(db.store.read().grants().list_of_person(maria).await.expect("reads").len(), 1);
    }
}

#[tokio::test]
async fn a_grant_changes_and_is_withdrawn_once_by_who_read_it_last() {
    for db in databases("doors_change").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let (maria, gestora) = (make.person("maria", "Maria Puig").await, make.person("carme", "Carme").await);
        let membership = make.member(&ateneu, maria).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        let grant = make.grant(&membership, &offer).await;
        let terms = GrantTerms { role: Some(role("editor")), quota: Some(gigabytes(5)), ends_at: Some(NOW + Ttl::days(1)) };

        let tx = make.write().await;
        let grants = tx.grants();
        assert_eq!(grants.change(hort.id, grant.id, 1, &terms, Some(gestora), NOW).await.expect("asks"), Updated::Stale, "foreign");
        assert_eq!(grants.change(ateneu.id, grant.id, 1, &terms, Some(gestora), NOW).await.expect("changes"), Updated::Done);
        assert_eq!(
            grants.change(ateneu.id, grant.id, 1, &terms, Some(gestora), NOW).await.expect("asks"),
            Updated::Stale,
            "read too early"
        );
        assert_eq!(grants.withdraw(ateneu.id, grant.id, 2, Some(gestora), NOW).await.expect("withdraws"), Updated::Done);
        assert_eq!(grants.withdraw(ateneu.id, grant.id, 3, Some(gestora), NOW).await.expect("asks"), Updated::Stale, "closed already");
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        assert_eq!(rtx.grants().find(hort.id, grant.id).await.expect("reads"), None, "{}: behind the wall", db.name);
        let stored = rtx.grants().find(ateneu.id, grant.id).await.expect("reads").expect("is there");
        assert_eq!((stored.role, stored.quota, stored.ends_at), (terms.role, terms.quota, terms.ends_at));
        assert_eq!((stored.withdrawn_at, stored.version), (Some(NOW), 3));
        assert_eq!(rtx.grants().find_open(ateneu.id, maria, nuvol.id).await.expect("reads"), None);

        let second = make.grant(&membership, &offer).await;
        assert_eq!(db.store.read().grants().find_open(ateneu.id, maria, nuvol.id).await.expect("reads").map(|g| g.id), Some(second.id));
        let list = async |collective| db.store.read().grants().list_of_membership(collective, membership.id).await.expect("lists");
        assert_eq!(list(ateneu.id).await, [second], "{}: not the withdrawn one", db.name);
        assert!(list(hort.id).await.is_empty(), "{}: behind the wall", db.name);
    }
}

#[tokio::test]
async fn an_ended_membership_takes_its_doors_along() {
    for db in databases("doors_end").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (nuvol, forum) = (make.service("nuvol", &[&ateneu]).await, make.service("forum", &[]).await);
        let maria = make.person("maria", "Maria Puig").await;
        let (here, there) = (make.member(&ateneu, maria).await, make.member(&hort, maria).await);
        let first = make.grant(&here, &make.offer(&nuvol, &ateneu).await).await;
        let second = make.grant(&here, &make.offer(&forum, &ateneu).await).await;
        let other = make.grant(&there, &make.offer(&nuvol, &hort).await).await;
        let tx = make.write().await;
        let closed = tx.grants().withdraw_all(ateneu.id, here.id, None, NOW).await.expect("withdraws");
        tx.commit().await.expect("commits");
        assert_eq!(closed.iter().map(|grant| grant.id).collect::<Vec<_>>(), [first.id, second.id], "{}", db.name);
        let open: Vec<_> = db.store.read().grants().list_of_person(maria).await.expect("reads");
        let open: Vec<_> = open.iter().filter(|grant| grant.withdrawn_at.is_none()).map(|grant| grant.id).collect();
        assert_eq!(open, [other.id], "{}: what another collective opened stays open", db.name);
    }
}

#[tokio::test]
async fn a_grant_cannot_borrow_another_persons_membership_or_another_services_offer() {
    for db in databases("doors_borrow").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (nuvol, forum) = (make.service("nuvol", &[&ateneu]).await, make.service("forum", &[]).await);
        let (maria, jana) = (make.person("maria", "Maria").await, make.person("jana", "Jana").await);
        let (of_maria, of_jana) = (make.member(&ateneu, maria).await, make.member(&hort, jana).await);
        let (to_nuvol, to_forum) = (make.offer(&nuvol, &ateneu).await, make.offer(&forum, &hort).await);
        let honest = grant(&of_maria, &to_nuvol);
        let via = |offer, membership| GrantVia::Membership { offer, membership, collective: ateneu.id };
        for (what, forged) in [
            ("another person", idp_domain::service::Grant { person: jana, ..honest.clone() }),
            ("another service", idp_domain::service::Grant { service: forum.id, ..honest.clone() }),
            ("another collective's offer", idp_domain::service::Grant { via: via(to_forum.id, of_maria.id), ..honest.clone() }),
            ("another collective's membership", idp_domain::service::Grant { via: via(to_nuvol.id, of_jana.id), ..honest.clone() }),
        ] {
            let tx = make.write().await;
            let refused = tx.grants().insert(&forged, None).await.is_err();
            assert!(refused, "{}: {what}", db.name);
        }
    }
}

#[tokio::test]
async fn an_offer_changes_its_terms_and_stands_again_after_a_withdrawal() {
    for db in databases("doors_offer").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let first = make.offer(&nuvol, &ateneu).await;
        let terms = OfferTerms {
            roles: vec![role("admin")],
            default_role: None,
            quota_ceiling: None,
            automatic: idp_domain::service::Automatic::Yes,
        };
        let tx = make.write().await;
        let offers = tx.offers();
        assert_eq!(offers.make(&offer(nuvol.id, ateneu.id), Decided::ByFile).await.expect("asks"), Offered::Already(first.id));
        assert_eq!(offers.edit(hort.id, first.id, 1, &terms, Decided::ByFile).await.expect("asks"), Updated::Stale, "foreign");
        assert_eq!(offers.edit(ateneu.id, first.id, 1, &terms, Decided::InTheWeb(NOW)).await.expect("edits"), Updated::Done);
        assert_eq!(offers.withdraw(ateneu.id, first.id, 2, NOW, Decided::ByFile).await.expect("withdraws"), Updated::Done);
        assert_eq!(offers.withdraw(ateneu.id, first.id, 3, NOW, Decided::ByFile).await.expect("asks"), Updated::Stale);
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        assert!(rtx.offers().list_to(ateneu.id).await.expect("reads").is_empty(), "{}", db.name);
        assert!(rtx.offers().list_of(nuvol.id).await.expect("reads").is_empty());
        let stored = rtx.offers().find_for(ateneu.id, nuvol.id).await.expect("reads").expect("stays on record");
        assert_eq!(rtx.offers().find(ateneu.id, first.id).await.expect("reads"), Some(stored.clone()), "{}", db.name);
        assert_eq!(rtx.offers().find(hort.id, first.id).await.expect("reads"), None, "{}: behind the wall", db.name);
        assert_eq!((stored.roles, stored.default_role, stored.quota_ceiling), (terms.roles, None, None));

        let tx = make.write().await;
        let again = tx.offers().make(&offer(nuvol.id, ateneu.id), Decided::ByFile).await.expect("offers");
        tx.commit().await.expect("commits");
        assert_eq!(again, Offered::Done(first.id));
        let listed = db.store.read().offers().list_to(ateneu.id).await.expect("reads");
        assert_eq!(listed.iter().map(|(offer, service)| (offer.id, service.id)).collect::<Vec<_>>(), [(first.id, nuvol.id)], "{}", db.name);
        assert_eq!(listed[0].0.default_role, Some(role("reader")), "with the new terms");
    }
}
