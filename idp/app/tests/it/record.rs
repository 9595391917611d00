//! What people read about themselves: everything that was done with their account, and nothing about anybody else.

use idp_app::{
    account::my_record::{DoneBy, MyFact, list_my_record},
    collectives::{
        ChangeMembership,
        reroute_request::{RerouteRequest, reroute_request},
        suspend_membership::suspend_membership,
        view_member::view_member,
    },
    join::request_access::{AccessWish, request_access},
    services::{
        WantedTerms,
        grant_service::{GrantService, grant_service},
    },
};
use idp_domain::{
    Ttl,
    audit::{AuditEntry, AuditEvent},
    collective::Collective,
    id::{AuditId, PersonId},
    membership::Membership,
    name::DisplayName,
    policy::Actor,
    service::Automatic,
};
use idp_store::{Decided, Tx};

use crate::world::{World, text};

async fn record(world: &World, person: PersonId) -> Vec<MyFact> {
    list_my_record(&world.act(person), person, None, 25).await.expect("a record").items
}

fn kinds(facts: &[MyFact]) -> Vec<&str> {
    facts.iter().map(|fact| fact.kind.as_str()).collect()
}

/// What a test looks at, without the instant.
fn said(fact: &MyFact) -> (&DoneBy, Option<&str>, Option<&str>, Option<&str>) {
    (&fact.by, fact.collective.as_ref().map(DisplayName::as_str), fact.service.as_deref(), fact.text.as_deref())
}

async fn look(world: &World, manager: PersonId, membership: &Membership) {
    let standing = world.standing(manager).await;
    view_member(&world.act(manager), &standing, membership.collective, membership.id).await.expect("a look");
}

async fn pause(world: &World, manager: PersonId, membership: &Membership, reason: &str) {
    let change = ChangeMembership {
        collective: membership.collective,
        membership: membership.id,
        version: membership.version,
        reason: text(reason),
    };
    suspend_membership(&world.act(manager), &world.standing(manager).await, &change).await.expect("pauses");
}

fn of(name: &str, collective: &Collective) -> DoneBy {
    DoneBy::Other(DisplayName::parse(name).expect("a name"), Some(collective.name.clone()))
}

#[tokio::test]
async fn a_person_reads_who_did_what_in_which_collective_and_why() {
    let world = World::new().await;
    let (ateneu, hort) = (world.collective("ateneu").await, world.collective("hort").await);
    let ((gemma, hers), (hug, _)) = (world.manager(&ateneu, "gemma").await, world.manager(&hort, "hug").await);
    let (maria, pau) = (world.person("maria").await, world.person("pau").await);
    let (here, there) = (world.member(&ateneu, maria).await, world.member(&hort, maria).await);
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::No).await;

    let wish = AccessWish { person: maria, service: oficina.id, collective: ateneu.id, text: text("Per escriure-hi.") };
    request_access(&world.act(maria), wish).await.expect("asks");
    world.clock.advance(Ttl::minutes(1));
    look(&world, gemma, &here).await;
    world.clock.advance(Ttl::minutes(1));
    let wish = GrantService { collective: ateneu.id, membership: here.id, service: oficina.id, terms: WantedTerms::default() };
    grant_service(&world.act(gemma), &world.standing(gemma).await, &wish, None).await.expect("opens");
    world.clock.advance(Ttl::minutes(1));
    pause(&world, hug, &there, "Quotes pendents.").await;
    // what is done to others is theirs to read, in the same collective too
    let other = world.member(&ateneu, pau).await;
    pause(&world, gemma, &other, "Un any fora.").await;
    look(&world, hug, &world.membership(&hort, maria).await).await;

    let facts = record(&world, maria).await;
    let (by_gemma, by_hug) = (of("Persona gemma", &ateneu), of("Persona hug", &hort));
    let newest_first = ["person.viewed", "membership.suspended", "grant.given", "person.viewed", "request.access"];
    assert_eq!(kinds(&facts), newest_first, "those of one instant too");
    assert_eq!(said(&facts[4]), (&DoneBy::Oneself, Some("ateneu"), Some("oficina"), Some("Per escriure-hi.")));
    assert_eq!(said(&facts[3]), (&by_gemma, Some("ateneu"), None, None));
    assert_eq!(said(&facts[2]), (&by_gemma, Some("ateneu"), Some("oficina"), None));
    assert_eq!(said(&facts[1]), (&by_hug, Some("hort"), None, Some("Quotes pendents.")));
    assert_eq!(said(&facts[0]), (&by_hug, Some("hort"), None, None), "each collective answers for its own looks");
    assert_eq!(kinds(&record(&world, pau).await), ["membership.suspended"]);
    assert_eq!(record(&world, gemma).await, [], "who acts is not who is concerned");

    // whoever steps down stays the manager of what they did
    let tx = world.store.write("test").await.expect("begins");
    tx.mandates().end_all(ateneu.id, hers.id, world.clock.now(), Decided::ByFile).await.expect("ends");
    tx.commit().await.expect("commits");
    assert_eq!(record(&world, maria).await[3].by, by_gemma);
}

#[tokio::test]
async fn what_was_handed_over_is_said_without_a_collective_for_who_is_none_of_it() {
    let world = World::new().await;
    let (ateneu, forn) = (world.collective("ateneu").await, world.collective("forn").await);
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    world.member(&forn, gemma).await;
    let (pau, request) = world.applicant(&ateneu, "pau").await;
    let input = RerouteRequest { collective: ateneu.id, request: request.id, to: forn.id };
    reroute_request(&world.act(gemma), &world.standing(gemma).await, &input).await.expect("hands over");
    let facts = record(&world, pau).await;
    let found = |kind: &str| facts.iter().find(|fact| fact.kind == kind).expect("a fact of the kind");
    let (left, arrived) = (found("request.rerouted"), found("request.join"));
    assert_eq!((&left.by, left.handed_to.as_ref()), (&of("Persona gemma", &ateneu), Some(&forn.name)));
    assert_eq!(arrived.collective.as_ref(), Some(&forn.name));
    let DoneBy::Other(_, None) = arrived.by else { panic!("her membership there is hers to tell: {:?}", arrived.by) };
}

#[tokio::test]
async fn what_the_operator_and_the_software_did_is_there_too_page_by_page() {
    let world = World::new().await;
    let (maria, pau) = (world.person("maria").await, world.person("pau").await);
    for (person, actor, event) in [
        (maria, Actor::Operator, AuditEvent::ProfileChanged {}),
        (pau, Actor::Operator, AuditEvent::PasswordSet {}),
        (maria, Actor::System, AuditEvent::PersonActivated {}),
        (maria, Actor::Person(maria), AuditEvent::LanguageChanged {}),
    ] {
        world.clock.advance(Ttl::minutes(1));
        let entry =
            AuditEntry { at: world.clock.now(), actor, collective: None, person: Some(person), event, request_id: "a test".to_owned() };
        let tx = world.store.write("test").await.expect("begins");
        tx.audit().append(world.id(), &entry, None).await.expect("appends");
        tx.commit().await.expect("commits");
    }
    let page = async |before: Option<AuditId>| list_my_record(&world.act(maria), maria, before, 2).await.expect("a page");
    let newest = page(None).await;
    assert_eq!(newest.items.iter().map(|fact| &fact.by).collect::<Vec<_>>(), [&DoneBy::Oneself, &DoneBy::System]);
    let older = page(newest.next).await;
    assert_eq!((kinds(&older.items), &older.items[0].by, older.next), (vec!["person.profile_changed"], &DoneBy::Operator, None));
}
