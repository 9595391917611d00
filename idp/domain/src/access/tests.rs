use uuid::Uuid;

use super::*;
use crate::groups::GroupPrefix;

const NOW: Timestamp = Timestamp::from_seconds(1000);
const PAST: Option<Timestamp> = Some(NOW);
const LATER: Timestamp = Timestamp::from_seconds(2000);

fn collective(number: u128, slug: &str) -> CollectiveRef {
    CollectiveRef {
        id: CollectiveId::from_uuid(Uuid::from_u128(number)),
        slug: Slug::parse(slug).expect("slug"),
        name: DisplayName::parse(slug).expect("name"),
    }
}
fn role(name: &str) -> RoleName {
    RoleName::parse(name).expect("role")
}
fn member(collective: CollectiveRef) -> OfferedMembership {
    OfferedMembership {
        collective,
        collective_state: CollectiveState::Active,
        state: MembershipState::Active,
        ends_at: None,
        offer_withdrawn_at: None,
        manager: false,
        coordinator: false,
        working_groups: Vec::new(),
    }
}
fn door(number: u128, via: DoorVia) -> Door {
    Door { grant: GrantId::from_uuid(Uuid::from_u128(number)), via, role: None, quota: None, ends_at: None, withdrawn_at: None }
}
fn facts() -> AccessFacts {
    let ateneu = collective(1, "ateneu");
    AccessFacts {
        person_state: PersonState::Active,
        service: ServiceId::from_uuid(Uuid::from_u128(50)),
        service_state: ServiceState::Active,
        service_roles: vec![role("reader"), role("editor")],
        doors: vec![door(1, DoorVia::Membership(ateneu.id))],
        memberships: vec![member(ateneu)],
    }
}

type Change = fn(&mut AccessFacts);

#[test]
fn every_term_of_the_rule_closes_the_door() {
    assert!(evaluate(&facts(), NOW).is_ok());
    let changes: [(Change, AccessRefusal); 14] = [
        (|f| f.person_state = PersonState::Suspended, AccessRefusal::PersonNotActive),
        (|f| f.person_state = PersonState::AwaitingValidation, AccessRefusal::PersonNotActive),
        (|f| f.person_state = PersonState::Closing, AccessRefusal::PersonNotActive),
        (|f| f.service_state = ServiceState::Paused, AccessRefusal::ServiceNotActive),
        (|f| f.service_state = ServiceState::Draft, AccessRefusal::ServiceNotActive),
        (|f| f.doors.clear(), AccessRefusal::NoOpenDoor),
        (|f| f.doors[0].withdrawn_at = PAST, AccessRefusal::NoOpenDoor),
        (|f| f.doors[0].ends_at = PAST, AccessRefusal::NoOpenDoor),
        (|f| f.memberships.clear(), AccessRefusal::NoOpenDoor),
        (|f| f.memberships[0].state = MembershipState::Suspended, AccessRefusal::NoOpenDoor),
        (|f| f.memberships[0].state = MembershipState::Lapsed, AccessRefusal::NoOpenDoor),
        (|f| f.memberships[0].ends_at = PAST, AccessRefusal::NoOpenDoor),
        (|f| f.memberships[0].offer_withdrawn_at = PAST, AccessRefusal::NoOpenDoor),
        (|f| f.memberships[0].collective_state = CollectiveState::Suspended, AccessRefusal::NoOpenDoor),
    ];
    for (index, (change, refusal)) in changes.into_iter().enumerate() {
        let mut facts = facts();
        change(&mut facts);
        assert_eq!(evaluate(&facts, NOW), Err(refusal), "change {index}");
    }
}

#[test]
fn a_guest_needs_no_membership_but_an_active_owner() {
    let owner = collective(7, "forn");
    let mut facts = AccessFacts {
        memberships: Vec::new(),
        doors: vec![door(1, DoorVia::Guest { owner: owner.clone(), owner_state: CollectiveState::Active })],
        ..facts()
    };
    let access = evaluate(&facts, NOW).expect("let in");
    assert_eq!(access.groups.iter().map(|g| g.group.id(&GroupPrefix::default())).collect::<Vec<_>>(), ["cc_forn_guests"]);
    facts.doors[0].via = DoorVia::Guest { owner, owner_state: CollectiveState::Suspended };
    assert_eq!(evaluate(&facts, NOW), Err(AccessRefusal::NoOpenDoor));
}

#[test]
fn several_doors_merge_and_suspending_one_says_nothing_about_the_other() {
    let (ateneu, forn) = (collective(1, "ateneu"), collective(2, "forn"));
    let mut facts = AccessFacts {
        memberships: vec![member(ateneu.clone()), member(forn.clone())],
        doors: vec![
            Door {
                role: Some(role("editor")),
                quota: Quota::from_bytes(5),
                ends_at: Some(LATER),
                ..door(1, DoorVia::Membership(ateneu.id))
            },
            Door { role: Some(role("reader")), quota: Quota::from_bytes(7), ends_at: None, ..door(2, DoorVia::Membership(forn.id)) },
        ],
        ..facts()
    };
    let both = evaluate(&facts, NOW).expect("let in");
    assert_eq!((both.role, both.quota, both.ends_at), (Some(role("editor")), Quota::from_bytes(12), None));
    assert_eq!(both.via, [ateneu, forn.clone()]);

    facts.memberships[0].state = MembershipState::Suspended;
    let one = evaluate(&facts, NOW).expect("still let in");
    assert_eq!((one.role, one.quota, one.via), (Some(role("reader")), Quota::from_bytes(7), vec![forn]));
}

#[test]
fn an_undeclared_role_is_the_weakest() {
    let mut facts = facts();
    facts.doors[0].role = Some(role("owner"));
    let second = Door { role: Some(role("reader")), ..facts.doors[0].clone() };
    facts.doors.push(second);
    assert_eq!(evaluate(&facts, NOW).expect("let in").role, Some(role("reader")));
}

#[test]
fn groups_are_complete_with_respect_to_the_offer() {
    let mut facts = facts();
    facts.memberships[0].manager = true;
    facts.memberships[0].coordinator = true;
    facts.memberships[0].working_groups =
        vec![(WorkingGroupSlug::parse("hort").expect("slug"), DisplayName::parse("L'Hort").expect("name"))];
    facts.memberships.push(member(collective(2, "forn")));
    facts.memberships.push(OfferedMembership { state: MembershipState::Suspended, ..member(collective(3, "cine")) });
    let groups = evaluate(&facts, NOW).expect("let in").groups;
    let told: Vec<_> = groups.iter().map(|g| (g.group.id(&GroupPrefix::default()), g.name.as_str())).collect();
    assert_eq!(
        told,
        [
            ("cc_ateneu", "ateneu"),
            ("cc_forn", "forn"),
            ("cc_ateneu_managers", "ateneu · gestores"),
            ("cc_ateneu_coordinators", "ateneu · coordinadores"),
            ("cc_ateneu_hort", "ateneu · L'Hort"),
        ]
        .map(|(id, name)| (id.to_owned(), name))
    );
}
