//! The desk shows one collective's own and finds people as managers type.

use idp_domain::{
    membership::{MandateKind, Membership, MembershipState},
    username::Username,
};
use idp_store::{
    Decided, Inserted, Tx, Updated,
    desk::{Member, MemberFilter},
};

use crate::{
    cluster::{Cluster, NOW, address, gigabytes, grant, membership, new_person},
    databases::{databases, id},
};

fn usernames(members: &[Member]) -> Vec<&str> {
    members.iter().map(|member| member.person.username.as_str()).collect()
}

#[tokio::test]
async fn members_are_searched_in_one_collective_only() {
    for db in databases("desk_members").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        for (username, name) in [("zoe", "Zoè Àlvarez"), ("anna", "Àngela L'Hort"), ("pau100", "Pau 100% Net"), ("berta", "Berta Puig")]
        {
            let membership = make.member(&ateneu, make.person(username, name).await).await;
            if username == "zoe" {
                make.mandate(&membership, MandateKind::Manager).await;
            }
            if username == "berta" {
                let tx = make.write().await;
                let paused =
                    tx.memberships().set_state(ateneu.id, membership.id, 1, MembershipState::Suspended, NOW, Decided::ByFile).await;
                assert_eq!(paused.expect("pauses"), Updated::Done);
                tx.commit().await.expect("commits");
            }
        }
        let stranger = make.member(&hort, make.person("berta.altra", "Berta Altra").await).await;

        let rtx = db.store.read();
        let find = async |text: Option<&str>, state| {
            let filter = MemberFilter { state, text };
            rtx.desk().members(ateneu.id, filter, None, 50, NOW).await.expect("lists")
        };
        assert_eq!(usernames(&find(None, None).await), ["anna", "berta", "pau100", "zoe"], "{}: in order of names", db.name);
        for (text, found) in [
            ("alvarez", vec!["zoe"]),
            ("ÀLVAREZ", vec!["zoe"]),
            ("lhort", vec!["anna"]),
            ("L'Hort", vec!["anna"]),
            ("berta", vec!["berta"]),
            ("100%", vec!["pau100"]),
            ("%", vec!["pau100"]),
            ("_", vec![]),
            ("pau1", vec!["pau100"]),
            ("zoe@example.cat", vec!["zoe"]),
            ("zoe@example.ca", vec![]),
            ("example.cat", vec![]),
            ("'; DROP TABLE people; --", vec![]),
            ("", vec!["anna", "berta", "pau100", "zoe"]),
        ] {
            assert_eq!(usernames(&find(Some(text), None).await), found, "{}: {text:?}", db.name);
        }
        assert_eq!(usernames(&find(None, Some(MembershipState::Suspended)).await), ["berta"]);
        let managers: Vec<_> =
            find(None, None).await.into_iter().filter(|member| member.manager).map(|member| member.person.username).collect();
        assert_eq!(managers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["zoe"]);
        assert_eq!(rtx.desk().member(ateneu.id, stranger.id, NOW).await.expect("reads"), None, "{}: behind the wall", db.name);
        let counts = rtx.desk().count_members(ateneu.id, NOW).await.expect("counts");
        assert_eq!(counts, [(MembershipState::Active, 3), (MembershipState::Suspended, 1)], "{}", db.name);
        // a membership past its end date counts as lapsed without anybody acting
        let tx = make.write().await;
        let zoe = tx.people().find_by_username(&Username::parse("zoe").expect("a username")).await.expect("reads").expect("somebody");
        let stored = tx.memberships().find_of(ateneu.id, zoe.id).await.expect("reads").expect("a membership");
        assert_eq!(
            tx.memberships().set_end(ateneu.id, stored.id, stored.version, Some(NOW), Decided::ByFile).await.expect("sets"),
            Updated::Done
        );
        tx.commit().await.expect("commits");
        let counts = rtx.desk().count_members(ateneu.id, NOW).await.expect("counts");
        let expected = [(MembershipState::Active, 2), (MembershipState::Suspended, 1), (MembershipState::Lapsed, 1)];
        assert_eq!(counts, expected, "{}", db.name);
        assert_eq!(usernames(&find(None, Some(MembershipState::Lapsed)).await), ["zoe"]);
        assert_eq!(usernames(&find(None, Some(MembershipState::Active)).await), ["anna", "pau100"]);
    }
}

#[tokio::test]
async fn who_never_said_yes_is_sorted_by_the_address_and_never_found_by_what_is_hidden() {
    for db in databases("desk_invited").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        let (anna, zoe) = (make.person("anna", "Anna").await, make.person("zoe", "Zoè").await);
        // names that would sort them the other way round
        let (bruna, maria) = (make.person("bruna", "Zzz").await, make.person("maria", "Aaa").await);
        let unproven = new_person("nova", "Aab");
        let tx = make.write().await;
        assert_eq!(tx.people().insert(&unproven, Decided::ByFile).await.expect("inserts"), Inserted::Done);
        for text in ["nova@example.cat", "altra@example.cat"] {
            tx.emails().insert(id(), unproven.id, &address(text), NOW).await.expect("inserts");
        }
        for person in [bruna, maria, unproven.id] {
            let invited = Membership { state: MembershipState::Invited, accepted_at: None, ..membership(ateneu.id, person) };
            assert_eq!(tx.memberships().insert(&invited, Decided::ByFile).await.expect("inserts"), Inserted::Done);
            // no difference when it is over
            if person == maria {
                let ended = tx.memberships().set_state(ateneu.id, invited.id, 1, MembershipState::Ended, NOW, Decided::ByFile).await;
                assert_eq!(ended.expect("ends"), Updated::Done);
            }
        }
        tx.commit().await.expect("commits");
        for person in [zoe, anna] {
            make.member(&ateneu, person).await;
        }
        let rtx = db.store.read();
        let expected = ["anna", "bruna", "maria", "nova", "zoe"];
        let all = rtx.desk().members(ateneu.id, MemberFilter::default(), None, 50, NOW).await.expect("lists");
        assert_eq!(usernames(&all), expected, "{}", db.name);
        for (at, last) in all.iter().enumerate() {
            let rest = rtx.desk().members(ateneu.id, MemberFilter::default(), Some(&last.cursor()), 50, NOW).await.expect("lists");
            assert_eq!(usernames(&rest), expected[at + 1..], "{}: after {}", db.name, last.key);
        }
        let only = MemberFilter { state: Some(MembershipState::Invited), text: None };
        assert_eq!(usernames(&rtx.desk().members(ateneu.id, only, None, 50, NOW).await.expect("lists")), ["bruna", "nova"]);
        for text in ["zzz", "bruna", "aa", "maria@example.cat"] {
            let filter = MemberFilter { text: Some(text), ..MemberFilter::default() };
            assert!(rtx.desk().members(ateneu.id, filter, None, 50, NOW).await.expect("lists").is_empty(), "{}: {text}", db.name);
        }
    }
}

#[tokio::test]
async fn pages_of_members_neither_skip_nor_repeat_namesakes() {
    for db in databases("desk_pages").await {
        let make = Cluster(&db.store);
        let ateneu = make.collective("ateneu").await;
        for n in 0..7 {
            make.member(&ateneu, make.person(&format!("maria-{n}"), if n < 5 { "Maria Puig" } else { "Anna" }).await).await;
        }
        let rtx = db.store.read();
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = rtx.desk().members(ateneu.id, MemberFilter::default(), after.as_ref(), 2, NOW).await.expect("lists");
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
            seen.extend(page.iter().map(|member| member.person.username.to_string()));
        }
        let expected = ["maria-5", "maria-6", "maria-0", "maria-1", "maria-2", "maria-3", "maria-4"];
        assert_eq!(seen, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn a_manager_sees_what_her_collective_opened_and_gave() {
    for db in databases("desk_doors").await {
        let make = Cluster(&db.store);
        let (ateneu, hort) = (make.collective("ateneu").await, make.collective("hort").await);
        let (nuvol, forum) = (make.service("nuvol", &[&ateneu]).await, make.service("forum", &[]).await);
        let (maria, jana) = (make.person("maria", "Maria").await, make.person("jana", "Jana").await);
        let (here, there, of_jana) = (make.member(&ateneu, maria).await, make.member(&hort, maria).await, make.member(&ateneu, jana).await);
        let (to_nuvol, from_hort) = (make.offer(&nuvol, &ateneu).await, make.offer(&nuvol, &hort).await);
        make.offer(&forum, &ateneu).await;
        let mine = make.grant(&here, &to_nuvol).await;
        make.grant(&there, &from_hort).await;
        make.grant(&of_jana, &to_nuvol).await;
        let jana_there = make.member(&hort, jana).await;
        let tx = make.write().await;
        let over = idp_domain::service::Grant { ends_at: Some(NOW), ..grant(&jana_there, &from_hort) };
        assert_eq!(tx.grants().insert(&over, None).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");

        let rtx = db.store.read();
        let doors = rtx.desk().doors(ateneu.id, maria).await.expect("lists");
        assert_eq!(doors.iter().map(|door| (door.grant.id, door.service.id)).collect::<Vec<_>>(), [(mine.id, nuvol.id)], "{}", db.name);
        let services = rtx.desk().services(ateneu.id, NOW).await.expect("lists");
        let given: Vec<_> = services.iter().map(|row| (row.service.slug.as_str(), row.open_grants, row.quota_given)).collect();
        assert_eq!(given, [("forum", 0, None), ("nuvol", 2, Some(gigabytes(4)))], "{}", db.name);
        let elsewhere = rtx.desk().services(hort.id, NOW).await.expect("lists");
        assert_eq!(elsewhere[0].open_grants, 1, "{}: a grant past its end is not open", db.name);
    }
}
