//! What managers see, and that nobody looks silently.

use idp_app::collectives::{
    Denied, RoleInCollective,
    edit::{EditCollective, EditCollectiveRefusal, edit_collective},
    found_collective::{FoundCollective, FoundCollectiveRefusal, found_collective},
    list_members::{ListMembers, list_members},
    list_mine::list_mine,
    list_requests::view_request,
    read_audit::read_audit,
    view::view_collective,
    view_member::view_member,
};
use idp_domain::{
    Ttl,
    collective::{CollectiveState, Listing},
    locale::Locale,
    membership::MembershipState,
    name::DisplayName,
    policy::Standing,
    slug::Slug,
};
use idp_store::Tx;

use crate::world::{World, race, refusal};

#[tokio::test]
async fn a_look_at_a_person_is_an_event_that_person_can_read() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, own) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    let membership = world.member(&ateneu, maria).await;
    let standing = world.standing(manager).await;
    let view = view_member(&world.act(manager), &standing, ateneu.id, membership.id).await.expect("a member");
    assert_eq!(view.person.email.as_deref(), Some("maria@exemple.cat"));
    assert!(view.may_act);
    let read = world.store.read().audit().list_for_person(maria, None, 10).await.expect("audit");
    assert_eq!(read.iter().map(|record| record.kind.as_str()).collect::<Vec<_>>(), ["person.viewed"]);
    let view = view_member(&world.act(manager), &standing, ateneu.id, own.id).await.expect("oneself");
    assert!(!view.may_act && view.roles == [RoleInCollective::Member, RoleInCollective::Manager]);
    assert_eq!(world.audited(ateneu.id).await.len(), 1, "a look at oneself is no event");
}

#[tokio::test]
async fn who_only_asked_to_join_is_shown_with_the_request_that_waits() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, own) = world.manager(&ateneu, "gemma").await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let asked = world.membership(&ateneu, maria).await.id;
    let standing = world.standing(manager).await;
    let view = view_member(&world.act(manager), &standing, ateneu.id, asked).await.expect("an applicant");
    assert_eq!(view.request, Some(request.id));
    let view = view_member(&world.act(manager), &standing, ateneu.id, own.id).await.expect("a member");
    assert_eq!(view.request, None);
}

#[tokio::test]
async fn a_manager_who_looks_all_day_is_told_once_a_day() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let (nuria, _) = world.manager(&ateneu, "nuria").await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let membership = world.membership(&ateneu, maria).await.id;
    let looks = async || world.audited(ateneu.id).await.len();
    // twenty pages at once, of the person and of what she asks
    let standing = world.standing(gemma).await;
    race(20, |at| {
        let (act, standing, collective, request) = (world.act(gemma), standing.clone(), ateneu.id, request.id);
        async move {
            if at % 2 == 0 {
                view_member(&act, &standing, collective, membership).await.map(drop).expect("a look");
            } else {
                view_request(&act, &standing, collective, request).await.map(drop).expect("a look");
            }
        }
    })
    .await;
    assert_eq!(looks().await, 1);
    view_member(&world.act(nuria), &world.standing(nuria).await, ateneu.id, membership).await.expect("a look");
    assert_eq!(looks().await, 2, "another manager is another event");
    world.clock.advance(Ttl::days(1));
    view_member(&world.act(gemma), &standing, ateneu.id, membership).await.expect("a look");
    assert_eq!(looks().await, 3, "and so is another day");
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    let there = world.member(&hort, maria).await.id;
    view_member(&world.act(hug), &world.standing(hug).await, hort.id, there).await.expect("a look");
    assert_eq!(world.audited(hort.id).await, ["person.viewed"], "each collective answers for its own looks");
}

#[tokio::test]
async fn the_list_of_people_goes_on_where_it_ended() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    for number in 0..5 {
        let person = world.person(&format!("persona{number}")).await;
        world.member(&ateneu, person).await;
    }
    let standing = world.standing(manager).await;
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let input = ListMembers { collective: ateneu.id, text: None, state: Some(MembershipState::Active), after, limit: 4 };
        let page = list_members(&world.act(manager), &standing, input).await.expect("a page");
        names.extend(page.items.into_iter().map(|member| member.shown.username));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(names, ["gemma", "persona0", "persona1", "persona2", "persona3", "persona4"]);
    let foreign = ListMembers { collective: ateneu.id, text: None, state: None, after: Some(world.id()), limit: 4 };
    assert_eq!(refusal(list_members(&world.act(manager), &standing, foreign).await), Denied::NotFound);
}

#[tokio::test]
async fn members_see_its_face_and_managers_its_numbers() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    world.member(&ateneu, maria).await;
    world.applicant(&ateneu, "pau").await;
    let view = view_collective(&world.act(manager), &world.standing(manager).await, ateneu.id).await.expect("a view");
    let numbers = view.numbers.expect("numbers");
    assert_eq!(
        (numbers.members, numbers.open_requests, numbers.managers),
        (vec![(MembershipState::Requested, 1), (MembershipState::Active, 2)], 1, 1)
    );
    let view = view_collective(&world.act(maria), &world.standing(maria).await, ateneu.id).await.expect("a view");
    assert!(view.numbers.is_none());
    let stranger = world.person("hug").await;
    assert_eq!(refusal(view_collective(&world.act(stranger), &world.standing(stranger).await, ateneu.id).await), Denied::NotFound);
    let mine = list_mine(&world.act(manager), &world.standing(manager).await).await.expect("mine");
    assert_eq!(mine.iter().map(|mine| (mine.is_managed(), mine.open_requests)).collect::<Vec<_>>(), [(true, 1)]);
}

#[tokio::test]
async fn a_collective_changes_only_from_its_latest_version() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    let (act, standing) = (world.act(manager), world.standing(manager).await);
    let edit = |version| EditCollective {
        collective: ateneu.id,
        version,
        name: Some(DisplayName::parse("L'Ateneu").expect("a name")),
        locale: None,
        listing: Some(Listing::Unlisted),
    };
    let view = edit_collective(&act, &standing, &edit(1)).await.expect("changes");
    assert_eq!((view.collective.name.as_str(), view.collective.listing, view.collective.version), ("L'Ateneu", Listing::Unlisted, 2));
    assert_eq!(view.collective.locale, Locale::Ca);
    assert_eq!(refusal(edit_collective(&act, &standing, &edit(1)).await), EditCollectiveRefusal::Stale);
    assert_eq!(world.audited(ateneu.id).await, ["collective.edited"]);
}

#[tokio::test]
async fn the_audit_is_read_page_by_page_by_its_managers_only() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    let membership = world.member(&ateneu, maria).await;
    let (act, standing) = (world.act(manager), world.standing(manager).await);
    for day in 0..3 {
        world.clock.advance(Ttl::days(day));
        view_member(&world.act(manager), &standing, ateneu.id, membership.id).await.expect("a look");
    }
    let first = read_audit(&act, &standing, ateneu.id, None, 2).await.expect("a page");
    assert_eq!(first.items.iter().map(|item| item.sequence).collect::<Vec<_>>(), [3, 2]);
    assert_eq!(first.items[0].person.as_deref(), Some("Persona maria"));
    let second = read_audit(&act, &standing, ateneu.id, first.next, 2).await.expect("a page");
    assert_eq!((second.items.iter().map(|item| item.sequence).collect::<Vec<_>>(), second.next), (vec![1], None));
    let why = refusal(read_audit(&world.act(maria), &world.standing(maria).await, ateneu.id, None, 2).await);
    assert_eq!(why, Denied::Forbidden);
}

#[tokio::test]
async fn a_steward_proposes_a_collective_and_its_slug_is_taken_for_ever() {
    let world = World::new().await;
    let steward = world.person("estela").await;
    let input = FoundCollective {
        slug: Slug::parse("hort").expect("a slug"),
        name: DisplayName::parse("L'Hort").expect("a name"),
        locale: Locale::Ca,
        listing: Listing::Listed,
    };
    let standing = Standing { person: Some(steward), community_steward: true, ..Standing::default() };
    let hort = found_collective(&world.act(steward), &standing, &input).await.expect("proposes");
    assert_eq!(hort.state, CollectiveState::Proposed);
    let again = refusal(found_collective(&world.act(steward), &standing, &input).await);
    assert_eq!(again, FoundCollectiveRefusal::SlugTaken);
    let nobody = Standing { community_steward: false, ..standing };
    let why = refusal(found_collective(&world.act(steward), &nobody, &input).await);
    assert_eq!(why, FoundCollectiveRefusal::Denied(Denied::Forbidden));
}
