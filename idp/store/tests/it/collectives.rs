//! Collectives, their working groups and the services they own.

use idp_domain::{
    collective::{CollectiveState, Listing},
    id::CollectiveId,
    locale::Locale,
    name::DisplayName,
    service::Outsiders,
};
use idp_store::{
    Decided, Inserted, Tx, Updated,
    collectives::{AfterCollective, CollectiveEdit, Shown},
    services::ServiceEdit,
};

use crate::{
    cluster::{Cluster, NOW, name, role, slug},
    databases::{databases, id},
};

#[tokio::test]
async fn a_slug_is_taken_once_for_ever() {
    for db in databases("collectives_slug").await {
        let make = Cluster(&db.store);
        let first = make.collective("ateneu").await;
        let tx = make.write().await;
        let second = idp_domain::collective::Collective { id: id(), ..first.clone() };
        assert_eq!(tx.collectives().insert(&second, Decided::ByFile).await.expect("asks"), Inserted::Taken, "{}", db.name);
        tx.commit().await.expect("a conflict does not spoil the transaction");
        let rtx = db.store.read();
        assert_eq!(rtx.collectives().find_by_slug(&first.slug).await.expect("reads"), Some(first.clone()));
        assert_eq!(rtx.collectives().find(first.id).await.expect("reads"), Some(first));
        assert_eq!(rtx.collectives().find(second.id).await.expect("reads"), None);
    }
}

#[tokio::test]
async fn an_edit_of_what_was_read_too_early_changes_nothing() {
    for db in databases("collectives_edit").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let edit = CollectiveEdit { name: name("L'Ateneu Popular"), locale: Locale::Es, listing: Listing::Unlisted };
        let tx = make.write().await;
        let collectives = tx.collectives();
        assert_eq!(collectives.edit(ateneu.id, 1, &edit, Decided::InTheWeb(NOW), NOW).await.expect("edits"), Updated::Done);
        let late = CollectiveEdit { name: name("Massa tard"), ..edit.clone() };
        assert_eq!(collectives.edit(ateneu.id, 1, &late, Decided::InTheWeb(NOW), NOW).await.expect("asks"), Updated::Stale);
        tx.commit().await.expect("commits");
        let stored = db.store.read().collectives().find(ateneu.id).await.expect("reads").expect("is there");
        assert_eq!((stored.name, stored.locale, stored.listing, stored.version), (edit.name, edit.locale, edit.listing, 2), "{}", db.name);
    }
}

#[tokio::test]
async fn the_picker_shows_active_listed_collectives_page_by_page() {
    for db in databases("collectives_picker").await {
        let make = Cluster(&db.store);
        for (text, shown) in [("dret", "Dret"), ("agora", "Àgora"), ("colmena", "Col·mena 100%"), ("barri", "Barri")] {
            let made = make.collective(text).await;
            let tx = make.write().await;
            let edit = CollectiveEdit { name: name(shown), locale: Locale::Ca, listing: Listing::Listed };
            assert_eq!(tx.collectives().edit(made.id, 1, &edit, Decided::ByFile, NOW).await.expect("edits"), Updated::Done);
            tx.commit().await.expect("commits");
        }
        let (hidden, stopped) = (make.collective("hidden").await, make.collective("stopped").await);
        let tx = make.write().await;
        let edit = CollectiveEdit { name: name("Hidden"), locale: Locale::Ca, listing: Listing::Unlisted };
        assert_eq!(tx.collectives().edit(hidden.id, 1, &edit, Decided::ByFile, NOW).await.expect("edits"), Updated::Done);
        let state = CollectiveState::Suspended;
        assert_eq!(tx.collectives().set_state(stopped.id, 1, state, Decided::ByFile).await.expect("stops"), Updated::Done);
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let collectives = rtx.collectives();
        let first = collectives.list(Shown::Listed, None, None, 2).await.expect("lists");
        let rest = collectives.list(Shown::Listed, None, first.last().map(AfterCollective::new).as_ref(), 10).await.expect("lists");
        let names: Vec<_> = first.iter().chain(&rest).map(|collective| collective.name.to_string()).collect();
        assert_eq!(names, ["Àgora", "Barri", "Col·mena 100%", "Dret"], "{}", db.name);
        for (text, found) in [("COLMENA", 1), ("àgo", 1), ("%", 1), ("_", 0), ("'", 0), ("", 4)] {
            let matches = collectives.list(Shown::Listed, Some(text), None, 10).await.expect("lists");
            assert_eq!(matches.len(), found, "{}: {text:?}", db.name);
        }
        assert_eq!(collectives.list(Shown::All, None, None, 10).await.expect("lists").len(), 6);
        let both: Vec<CollectiveId> = collectives.list_of(&[stopped.id, hidden.id]).await.expect("lists").iter().map(|c| c.id).collect();
        assert_eq!(both, [hidden.id, stopped.id]);
    }
}

#[tokio::test]
async fn working_groups_stay_inside_their_collective() {
    for db in databases("collectives_groups").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let web = make.working_group(&ateneu, "web").await;
        let foreign = make.working_group(&hort, "web").await;
        let membership = make.member(&ateneu, make.person("maria", "Maria").await).await;
        let tx = make.write().await;
        let groups = tx.working_groups();
        assert_eq!(groups.assign(ateneu.id, membership.id, web.id).await.expect("assigns"), Inserted::Done);
        assert_eq!(groups.assign(ateneu.id, membership.id, web.id).await.expect("asks"), Inserted::Taken);
        assert_eq!(groups.rename(hort.id, web.id, &name("Altre")).await.expect("asks"), Updated::Stale, "foreign");
        assert_eq!(groups.rename(ateneu.id, web.id, &name("Xarxa")).await.expect("renames"), Updated::Done);
        tx.commit().await.expect("commits");
        let tx = make.write().await;
        assert!(tx.working_groups().assign(ateneu.id, membership.id, foreign.id).await.is_err(), "{}: across the wall", db.name);
        drop(tx);

        let rtx = db.store.read();
        assert_eq!(rtx.working_groups().list_of_membership(ateneu.id, membership.id).await.expect("lists"), [web.id]);
        let found = rtx.working_groups().find_by_slug(ateneu.id, &web.slug).await.expect("reads").expect("is there");
        assert_eq!((found.id, found.name), (web.id, name("Xarxa")));
        assert_eq!(rtx.working_groups().list(hort.id).await.expect("lists"), [foreign]);

        let tx = make.write().await;
        assert_eq!(tx.working_groups().unassign(hort.id, membership.id, web.id).await.expect("asks"), Updated::Stale, "foreign");
        assert_eq!(tx.working_groups().unassign(ateneu.id, membership.id, web.id).await.expect("takes out"), Updated::Done);
        tx.commit().await.expect("commits");
        assert!(db.store.read().working_groups().list_of_membership(ateneu.id, membership.id).await.expect("lists").is_empty());
    }
}

#[tokio::test]
async fn a_service_is_owned_by_one_or_more_collectives_or_by_none() {
    for db in databases("collectives_services").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let nuvol = make.service("nuvol", &[&hort, &ateneu]).await;
        let correu = make.service("correu", &[&ateneu]).await;
        make.service("forum", &[]).await;
        let edit = ServiceEdit {
            name: DisplayName::parse("El Núvol").expect("a name"),
            description: String::from("Fitxers."),
            url: None,
            roles: vec![role("lectora")],
            outsiders: Outsiders::Refused,
        };
        let tx = make.write().await;
        assert_eq!(tx.services().edit(nuvol.id, 1, &edit, Decided::ByFile).await.expect("edits"), Updated::Done);
        assert_eq!(tx.services().edit(nuvol.id, 1, &edit, Decided::ByFile).await.expect("asks"), Updated::Stale);
        assert_eq!(
            tx.services().insert(&idp_domain::service::Service { id: id(), ..nuvol.clone() }, Decided::ByFile).await.expect("asks"),
            Inserted::Taken
        );
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let services = rtx.services();
        let stored = services.find_by_slug(&nuvol.slug).await.expect("reads").expect("is there");
        assert_eq!((stored.name, stored.roles, stored.outsiders, stored.url), (edit.name, edit.roles, edit.outsiders, None), "{}", db.name);
        assert_eq!(services.find(correu.id).await.expect("reads"), Some(correu.clone()), "{}", db.name);
        assert_eq!(services.find(id()).await.expect("reads"), None);
        let some: Vec<_> = services.list_of(&[nuvol.id, correu.id]).await.expect("lists").into_iter().map(|service| service.id).collect();
        assert_eq!(some, [correu.id, nuvol.id], "{}: by slug", db.name);
        let owners: Vec<_> = services.owners(nuvol.id).await.expect("reads").into_iter().map(|owner| owner.slug).collect();
        assert_eq!(owners, [slug("ateneu"), slug("hort")]);
        let owned: Vec<_> = services.list_owned_by(ateneu.id).await.expect("lists").into_iter().map(|service| service.id).collect();
        assert_eq!(owned, [correu.id, nuvol.id]);
        let page: Vec<_> = services.list(Some(&slug("correu")), 1).await.expect("lists").into_iter().map(|service| service.slug).collect();
        assert_eq!(page, [slug("forum")], "{}", db.name);

        let tx = make.write().await;
        tx.services().set_owners(nuvol.id, &[]).await.expect("sets");
        tx.commit().await.expect("commits");
        assert!(db.store.read().services().owners(nuvol.id).await.expect("reads").is_empty());
    }
}
