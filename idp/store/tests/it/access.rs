//! The gate's query gives exactly the facts the rule needs.

use idp_domain::{
    Ttl,
    access::{AccessRefusal, DoorVia, evaluate},
    groups::GroupPrefix,
    membership::{MandateKind, MembershipState},
    service::ServiceState,
};
use idp_store::{Decided, Inserted, Tx, Updated, access::Affected};

use crate::{
    cluster::{Cluster, NOW, gigabytes, guest, role},
    databases::{databases, id},
};

#[tokio::test]
async fn a_member_with_a_grant_is_let_in_with_every_group_that_matters() {
    for db in databases("access_member").await {
        let make = Cluster(&db.store);
        let (ateneu, hort, altre) = (make.collective("ateneu").await, make.collective("hort").await, make.collective("altre").await);
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let maria = make.person("maria", "Maria Puig").await;
        let m_ateneu = make.member(&ateneu, maria).await;
        make.member(&hort, maria).await;
        make.member(&altre, maria).await;
        let (web, festes) = (make.working_group(&ateneu, "web").await, make.working_group(&ateneu, "festes").await);
        let tx = make.write().await;
        for group in [&web, &festes] {
            assert_eq!(tx.working_groups().assign(ateneu.id, m_ateneu.id, group.id).await.expect("assigns"), Inserted::Done);
        }
        tx.commit().await.expect("commits");
        make.mandate(&m_ateneu, MandateKind::Manager).await;
        make.mandate(&m_ateneu, MandateKind::Coordinator(web.id)).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        make.offer(&nuvol, &hort).await;
        let grant = make.grant(&m_ateneu, &offer).await;

        let facts = db.store.read().access().facts(maria, nuvol.id, NOW).await.expect("reads").expect("both exist");
        assert_eq!(facts.service_roles, nuvol.roles, "{}", db.name);
        assert_eq!(facts.memberships.len(), 2, "the collective without an offer is left out");
        assert_eq!(facts.doors.len(), 1, "several working groups repeat no door");
        assert_eq!(facts.doors[0].grant, grant.id);
        assert_eq!(facts.doors[0].via, DoorVia::Membership(ateneu.id));

        let access = evaluate(&facts, NOW).expect("open");
        let groups: Vec<_> = access.groups.iter().map(|group| group.group.id(&GroupPrefix::default())).collect();
        assert_eq!(
            groups,
            ["cc_ateneu", "cc_hort", "cc_ateneu_managers", "cc_ateneu_coordinators", "cc_ateneu_festes", "cc_ateneu_web"],
            "{}",
            db.name
        );
        assert_eq!((access.role, access.quota), (Some(role("reader")), Some(gigabytes(2))));
    }
}

#[tokio::test]
async fn each_withdrawn_term_closes_the_door() {
    for db in databases("access_terms").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let maria = make.person("maria", "Maria Puig").await;
        let membership = make.member(&ateneu, maria).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        let grant = make.grant(&membership, &offer).await;
        let answer = async || {
            let facts = db.store.read().access().facts(maria, nuvol.id, NOW).await.expect("reads").expect("both exist");
            evaluate(&facts, NOW).map(|_| ())
        };
        assert_eq!(answer().await, Ok(()));

        let tx = make.write().await;
        let paused = tx.memberships().set_state(ateneu.id, membership.id, 1, MembershipState::Suspended, NOW, Decided::InTheWeb(NOW)).await;
        assert_eq!(paused.expect("pauses"), Updated::Done);
        tx.commit().await.expect("commits");
        assert_eq!(answer().await, Err(AccessRefusal::NoOpenDoor), "{}: suspended membership", db.name);

        let tx = make.write().await;
        let resumed = tx.memberships().set_state(ateneu.id, membership.id, 2, MembershipState::Active, NOW, Decided::InTheWeb(NOW)).await;
        assert_eq!(resumed.expect("resumes"), Updated::Done);
        assert_eq!(tx.offers().withdraw(ateneu.id, offer.id, 1, NOW, Decided::ByFile).await.expect("withdraws"), Updated::Done);
        tx.commit().await.expect("commits");
        assert_eq!(answer().await, Err(AccessRefusal::NoOpenDoor), "{}: withdrawn offer", db.name);

        let tx = make.write().await;
        let again = crate::cluster::offer(nuvol.id, ateneu.id);
        let made = tx.offers().make(&again, Decided::ByFile).await.expect("offers");
        assert_eq!(made, idp_store::offers::Offered::Done(offer.id), "the old row stands again");
        tx.commit().await.expect("commits");
        assert_eq!(answer().await, Ok(()), "{}: offered again", db.name);

        let tx = make.write().await;
        assert_eq!(tx.services().set_state(nuvol.id, 1, ServiceState::Paused, Decided::ByFile).await.expect("pauses"), Updated::Done);
        tx.commit().await.expect("commits");
        assert_eq!(answer().await, Err(AccessRefusal::ServiceNotActive), "{}", db.name);

        let tx = make.write().await;
        assert_eq!(tx.services().set_state(nuvol.id, 2, ServiceState::Active, Decided::ByFile).await.expect("opens"), Updated::Done);
        assert_eq!(tx.grants().withdraw(ateneu.id, grant.id, 1, None, NOW).await.expect("withdraws"), Updated::Done);
        tx.commit().await.expect("commits");
        assert_eq!(answer().await, Err(AccessRefusal::NoOpenDoor), "{}: withdrawn grant", db.name);
    }
}

#[tokio::test]
async fn a_guest_enters_in_the_owners_name_until_the_end_date() {
    for db in databases("access_guest").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let (sponsor, visitor) = (make.person("sponsor", "Sponsor").await, make.person("visitor", "Visitor").await);
        let end = NOW + Ttl::days(30);
        let tx = make.write().await;
        let grant = guest(visitor, &nuvol, &ateneu, sponsor, end);
        assert_eq!(tx.grants().insert(&grant, Some(sponsor)).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");

        let facts = db.store.read().access().facts(visitor, nuvol.id, NOW).await.expect("reads").expect("both exist");
        let access = evaluate(&facts, NOW).expect("open");
        assert_eq!(access.groups.iter().map(|group| group.group.id(&GroupPrefix::default())).collect::<Vec<_>>(), ["cc_ateneu_guests"]);
        assert_eq!(access.role, Some(role("editor")));
        assert_eq!(evaluate(&facts, end), Err(AccessRefusal::NoOpenDoor), "{}", db.name);
    }
}

#[tokio::test]
async fn who_has_no_door_is_told_apart_from_who_does_not_exist() {
    for db in databases("access_nobody").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let nuvol = make.service("nuvol", &[&ateneu]).await;
        let maria = make.person("maria", "Maria Puig").await;
        let rtx = db.store.read();
        let facts = rtx.access().facts(maria, nuvol.id, NOW).await.expect("reads").expect("both exist");
        assert_eq!(evaluate(&facts, NOW), Err(AccessRefusal::NoOpenDoor));
        assert_eq!(rtx.access().facts(id(), nuvol.id, NOW).await.expect("reads"), None, "{}", db.name);
        assert_eq!(rtx.access().facts(maria, id(), NOW).await.expect("reads"), None, "{}", db.name);
    }
}

#[tokio::test]
async fn the_portal_sees_the_same_facts_as_the_gate() {
    for db in databases("access_portal").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (nuvol, forum, wiki) =
            (make.service("nuvol", &[&ateneu]).await, make.service("forum", &[]).await, make.service("wiki", &[&hort]).await);
        let maria = make.person("maria", "Maria Puig").await;
        let membership = make.member(&ateneu, maria).await;
        let offer = make.offer(&nuvol, &ateneu).await;
        make.offer(&forum, &ateneu).await;
        make.offer(&wiki, &hort).await;
        make.grant(&membership, &offer).await;

        let rtx = db.store.read();
        let everywhere = rtx.access().facts_everywhere(maria, NOW).await.expect("reads");
        let slugs: Vec<_> = everywhere.iter().map(|(card, _)| card.slug.as_str()).collect();
        assert_eq!(slugs, ["forum", "nuvol"], "{}: what only another collective is offered is left out", db.name);
        for (card, facts) in everywhere {
            assert_eq!(rtx.access().facts(maria, card.id, NOW).await.expect("reads"), Some(facts), "{}: {}", db.name, card.slug);
        }
    }
}

#[tokio::test]
async fn the_people_a_change_touches_are_found_page_by_page() {
    for db in databases("access_affected").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let (nuvol, forum) = (make.service("nuvol", &[&ateneu]).await, make.service("forum", &[]).await);
        let (to_nuvol, to_forum) = (make.offer(&nuvol, &ateneu).await, make.offer(&forum, &ateneu).await);
        let mut everybody = Vec::new();
        for username in ["anna", "berta", "carla"] {
            let person = make.person(username, username).await;
            let membership = make.member(&ateneu, person).await;
            make.grant(&membership, &to_nuvol).await;
            make.grant(&membership, &to_forum).await;
            everybody.push((person, membership));
        }
        let people: Vec<_> = everybody.iter().map(|(person, _)| *person).collect();
        let rtx = db.store.read();
        let access = rtx.access();
        for by in [Affected::Offer(to_nuvol.id), Affected::Service(forum.id), Affected::Collective(ateneu.id)] {
            assert_eq!(access.persons_affected(by, None, 10).await.expect("reads"), people, "{}: {by:?}", db.name);
        }
        let one = access.persons_affected(Affected::Membership(everybody[1].1.id), None, 10).await.expect("reads");
        assert_eq!(one, [people[1]]);
        let page = access.persons_affected(Affected::Collective(ateneu.id), None, 2).await.expect("reads");
        assert_eq!(page, people[..2]);
        let rest = access.persons_affected(Affected::Collective(ateneu.id), page.last().copied(), 2).await.expect("reads");
        assert_eq!(rest, people[2..]);
    }
}
