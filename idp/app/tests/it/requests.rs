//! The queue: saying yes, saying no, handing over.

use idp_app::{
    collectives::{
        Denied,
        accept_request::{AcceptRequest, AcceptRequestRefusal, DoorRefusal, Doors, WantedGrant, accept_request},
        list_requests::{ListRequests, list_requests, view_request},
        read_audit::{ActorSeen, read_audit},
        refuse_request::{RefuseRequest, RefuseRequestRefusal, refuse_request},
        reroute_request::{RerouteRequest, RerouteRequestRefusal, list_reroute_targets, reroute_request},
    },
    jobs::Job,
    mail::Mail,
    services::{DoorState, WantedTerms, grant_service::OfferRefusal},
};
use idp_domain::{
    collective::Collective,
    id::PersonId,
    membership::MembershipState,
    person::PersonState,
    request::{Request, RequestKind, RequestState},
    service::Automatic,
    username::Username,
};
use idp_store::Tx;

use crate::world::{World, race, refusal, text};

fn accept(request: &Request, doors: Doors) -> AcceptRequest {
    AcceptRequest { collective: request.collective, request: request.id, doors }
}

async fn scene() -> (World, Collective, PersonId) {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    (world, ateneu, manager)
}

async fn queue(world: &World, collective: &Collective, manager: PersonId) -> Vec<Request> {
    let input = ListRequests { collective: collective.id, kind: None, after: None, limit: 50 };
    let page = list_requests(&world.act(manager), &world.standing(manager).await, input).await.expect("a queue");
    page.items.into_iter().map(|seen| seen.request).collect()
}

#[tokio::test]
async fn an_accepted_newcomer_is_in_at_home_and_through_exactly_the_chosen_doors() {
    let (world, ateneu, manager) = scene().await;
    let (oficina, xat) = (world.service("oficina").await, world.service("xat").await);
    world.offer(&oficina, &ateneu, Automatic::No).await;
    world.offer(&xat, &ateneu, Automatic::Yes).await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let doors = Doors::Exactly(vec![WantedGrant { service: oficina.id, terms: WantedTerms::default() }]);
    let input = accept(&request, doors);
    let accepted = accept_request(&world.act(manager), &world.standing(manager).await, &input).await.expect("accepts");
    let membership = world.membership(&ateneu, maria).await;
    assert_eq!(accepted.membership, Some(membership.id));
    assert_eq!(accepted.doors.iter().map(|door| (door.service.id, door.state)).collect::<Vec<_>>(), [(oficina.id, DoorState::Open)]);
    assert_eq!((membership.state, membership.home_at.is_some()), (MembershipState::Active, true));
    assert_eq!(world.person_now(maria).await.state, PersonState::Active);
    assert!(world.access(maria, oficina.id).await.is_some() && world.access(maria, xat.id).await.is_none());
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::Welcome { person: maria, collective: ateneu.id } }]);
    assert_eq!(world.audited(ateneu.id).await, ["request.accepted", "membership.activated", "person.activated", "grant.given"]);
    assert!(queue(&world, &ateneu, manager).await.is_empty());
    let again = accept_request(&world.act(manager), &world.standing(manager).await, &input).await;
    assert_eq!(refusal(again), AcceptRequestRefusal::AlreadyDecided);
}

#[tokio::test]
async fn what_is_automatic_opens_when_nobody_chooses() {
    let (world, ateneu, manager) = scene().await;
    let (oficina, xat) = (world.service("oficina").await, world.service("xat").await);
    world.offer(&oficina, &ateneu, Automatic::No).await;
    world.offer(&xat, &ateneu, Automatic::Yes).await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    accept_request(&world.act(manager), &world.standing(manager).await, &accept(&request, Doors::Automatic)).await.expect("accepts");
    assert!(world.access(maria, oficina.id).await.is_none() && world.access(maria, xat.id).await.is_some());
}

#[tokio::test]
async fn a_door_that_cannot_be_opened_leaves_the_request_waiting() {
    let (world, ateneu, manager) = scene().await;
    let oficina = world.service("oficina").await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let wanted = || WantedGrant { service: oficina.id, terms: WantedTerms::default() };
    let standing = world.standing(manager).await;
    let why = refusal(accept_request(&world.act(manager), &standing, &accept(&request, Doors::Exactly(vec![wanted()]))).await);
    assert_eq!(why, AcceptRequestRefusal::Door { index: 0, why: DoorRefusal::Offer(OfferRefusal::NotOffered) });
    world.offer(&oficina, &ateneu, Automatic::No).await;
    let twice = accept(&request, Doors::Exactly(vec![wanted(), wanted()]));
    let why = refusal(accept_request(&world.act(manager), &standing, &twice).await);
    assert_eq!(why, AcceptRequestRefusal::Door { index: 1, why: DoorRefusal::AlreadyOpen });
    assert_eq!(world.person_now(maria).await.state, PersonState::AwaitingValidation);
    assert!(world.audited(ateneu.id).await.is_empty() && world.outbox().await.is_empty());
    assert_eq!(queue(&world, &ateneu, manager).await.len(), 1);
}

#[tokio::test]
async fn an_address_nobody_proved_is_not_let_in() {
    let (world, ateneu, manager) = scene().await;
    let pending = world.person_in("pendent", PersonState::Pending).await;
    world.member_in(&ateneu, pending, MembershipState::Requested).await;
    let request = world.request(&ateneu, pending, RequestKind::Join).await;
    let outcome = accept_request(&world.act(manager), &world.standing(manager).await, &accept(&request, Doors::Automatic)).await;
    assert_eq!(refusal(outcome), AcceptRequestRefusal::AddressNotVerified);
}

#[tokio::test]
async fn nobody_accepts_their_own_request_and_members_accept_none() {
    let (world, ateneu, manager) = scene().await;
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::No).await;
    let request = world.request(&ateneu, manager, RequestKind::Access(oficina.id)).await;
    let outcome = accept_request(&world.act(manager), &world.standing(manager).await, &accept(&request, Doors::Automatic)).await;
    assert_eq!(refusal(outcome), AcceptRequestRefusal::Denied(Denied::OwnMembership));
    let pau = world.person("pau").await;
    world.member(&ateneu, pau).await;
    let outcome = accept_request(&world.act(pau), &world.standing(pau).await, &accept(&request, Doors::Automatic)).await;
    assert_eq!(refusal(outcome), AcceptRequestRefusal::Denied(Denied::Forbidden));
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    for input in [accept(&request, Doors::Automatic), AcceptRequest { collective: hort.id, ..accept(&request, Doors::Automatic) }] {
        let outcome = accept_request(&world.act(hug), &world.standing(hug).await, &input).await;
        assert_eq!(refusal(outcome), AcceptRequestRefusal::Denied(Denied::NotFound));
    }
}

#[tokio::test]
async fn a_wish_for_a_service_opens_that_one_door() {
    let (world, ateneu, manager) = scene().await;
    let (oficina, xat) = (world.service("oficina").await, world.service("xat").await);
    world.offer(&oficina, &ateneu, Automatic::No).await;
    world.offer(&xat, &ateneu, Automatic::No).await;
    let maria = world.person("maria").await;
    world.member(&ateneu, maria).await;
    let request = world.request(&ateneu, maria, RequestKind::Access(oficina.id)).await;
    let standing = world.standing(manager).await;
    let other = Doors::Exactly(vec![WantedGrant { service: xat.id, terms: WantedTerms::default() }]);
    let why = refusal(accept_request(&world.act(manager), &standing, &accept(&request, other)).await);
    assert_eq!(why, AcceptRequestRefusal::Door { index: 0, why: DoorRefusal::NotAskedFor });
    let none = accept_request(&world.act(manager), &standing, &accept(&request, Doors::Exactly(Vec::new()))).await;
    assert_eq!(refusal(none), AcceptRequestRefusal::NothingChosen);
    assert!(world.access(maria, oficina.id).await.is_none(), "nothing opens that nobody chose");
    let chosen = Doors::Exactly(vec![WantedGrant { service: oficina.id, terms: WantedTerms::default() }]);
    accept_request(&world.act(manager), &standing, &accept(&request, chosen)).await.expect("accepts");
    assert!(world.access(maria, oficina.id).await.is_some());
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::AccessGranted { request: request.id } }]);
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_frees_a_name_that_no_service_saw() {
    let (world, ateneu, manager) = scene().await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let input = |reason| RefuseRequest { collective: ateneu.id, request: request.id, reason: text(reason) };
    let (act, standing) = (world.act(manager), world.standing(manager).await);
    assert_eq!(refusal(refuse_request(&act, &standing, &input("  ")).await), RefuseRequestRefusal::ReasonMissing);
    refuse_request(&act, &standing, &input("Escriu-nos a l'Hort.")).await.expect("refuses");
    assert_eq!(world.membership(&ateneu, maria).await.state, MembershipState::Refused);
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::RequestRefused { request: request.id } }]);
    let kept = world.store.read().requests().find(ateneu.id, request.id).await.expect("read").expect("a request");
    assert_eq!((kept.state, kept.reason), (RequestState::Refused, Some(text("Escriu-nos a l'Hort."))));
    let person = world.person_now(maria).await;
    assert_eq!((person.state, person.email.is_some()), (PersonState::AwaitingValidation, true));
    let name = Username::parse("maria").expect("a username");
    assert!(person.username != name && !world.store.read().people().is_username_taken(&name).await.expect("read"));
    let page = read_audit(&act, &standing, ateneu.id, None, 10).await.expect("an audit");
    let facts: Vec<_> = page.items.into_iter().map(|item| (item.kind, item.reason, item.actor)).collect();
    let by = ActorSeen::Person(Some("Persona gemma".to_owned()));
    assert_eq!(facts, [("request.refused".to_owned(), Some("Escriu-nos a l'Hort.".to_owned()), by)]);
}

#[tokio::test]
async fn a_refused_member_of_another_collective_keeps_their_name() {
    let (world, ateneu, manager) = scene().await;
    let hort = world.collective("hort").await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    world.member_in(&hort, maria, MembershipState::Requested).await;
    let input = RefuseRequest { collective: ateneu.id, request: request.id, reason: text("No.") };
    refuse_request(&world.act(manager), &world.standing(manager).await, &input).await.expect("refuses");
    assert_eq!(world.person_now(maria).await.username.as_str(), "maria");
}

#[tokio::test]
async fn a_request_goes_to_another_queue_as_it_is() {
    let (world, ateneu, manager) = scene().await;
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let standing = world.standing(manager).await;
    let targets = list_reroute_targets(&world.act(manager), &standing, ateneu.id, Some("ho"), None, 10).await.expect("targets");
    assert_eq!(targets.items.iter().map(|target| target.id).collect::<Vec<_>>(), [hort.id]);
    let input = RerouteRequest { collective: ateneu.id, request: request.id, to: hort.id };
    reroute_request(&world.act(manager), &standing, &input).await.expect("hands over");
    assert!(queue(&world, &ateneu, manager).await.is_empty());
    let there = queue(&world, &hort, hug).await;
    assert_eq!(there.iter().map(|request| (request.id, request.text.clone())).collect::<Vec<_>>(), [(request.id, request.text.clone())]);
    assert_eq!(world.membership(&ateneu, maria).await.state, MembershipState::Ended);
    assert_eq!(world.membership(&hort, maria).await.state, MembershipState::Requested);
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::RequestWaits { manager: hug, request: request.id } }]);
    assert_eq!(world.audited(ateneu.id).await, ["request.rerouted"]);
    // who handed it over is no business of the others beyond that somebody did
    let page = read_audit(&world.act(hug), &world.standing(hug).await, hort.id, None, 10).await.expect("an audit");
    assert_eq!((page.items[0].kind.as_str(), &page.items[0].actor), ("request.join", &ActorSeen::Person(None)));
    let again = reroute_request(&world.act(manager), &standing, &input).await;
    assert_eq!(refusal(again), RerouteRequestRefusal::Denied(Denied::NotFound));
    accept_request(
        &world.act(hug),
        &world.standing(hug).await,
        &AcceptRequest { collective: hort.id, ..accept(&request, Doors::Automatic) },
    )
    .await
    .expect("accepts");
    assert_eq!(world.membership(&hort, maria).await.state, MembershipState::Active);
}

#[tokio::test]
async fn handing_over_does_not_tell_that_the_person_is_known_there() {
    let (world, ateneu, manager) = scene().await;
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    let (maria, pau) = (world.person("maria").await, world.person("pau").await);
    world.member(&hort, maria).await;
    world.member_in(&hort, pau, MembershipState::Requested).await;
    let asked = world.request(&hort, pau, RequestKind::Join).await;
    let (act, standing) = (world.act(manager), world.standing(manager).await);
    for person in [maria, pau] {
        world.member_in(&ateneu, person, MembershipState::Requested).await;
        let request = world.request(&ateneu, person, RequestKind::Join).await;
        let input = RerouteRequest { collective: ateneu.id, request: request.id, to: hort.id };
        reroute_request(&act, &standing, &input).await.expect("the same answer");
        assert!(queue(&world, &ateneu, manager).await.is_empty());
        // as after any other handing over: it is not here any more
        assert_eq!(refusal(view_request(&act, &standing, ateneu.id, request.id).await), Denied::NotFound);
        assert_eq!(refusal(reroute_request(&act, &standing, &input).await), RerouteRequestRefusal::Denied(Denied::NotFound));
        let hers = world.store.read().requests().find_anywhere(request.id).await.expect("reads").expect("a request");
        assert_eq!((hers.collective, hers.state), (hort.id, RequestState::Withdrawn), "the applicant sees what became of it");
    }
    assert_eq!(queue(&world, &hort, hug).await.iter().map(|request| request.id).collect::<Vec<_>>(), [asked.id]);
    assert_eq!(world.audited(ateneu.id).await, ["request.rerouted", "request.rerouted"]);
    assert_eq!(world.membership(&hort, maria).await.state, MembershipState::Active);
    assert!(world.outbox().await.is_empty());
}

#[tokio::test]
async fn a_request_cannot_be_handed_to_who_is_not_listed_nor_to_oneself() {
    let (world, ateneu, manager) = scene().await;
    let (_, request) = world.applicant(&ateneu, "maria").await;
    for to in [ateneu.id, world.id()] {
        let input = RerouteRequest { collective: ateneu.id, request: request.id, to };
        let outcome = reroute_request(&world.act(manager), &world.standing(manager).await, &input).await;
        assert_eq!(refusal(outcome), RerouteRequestRefusal::UnknownTarget);
    }
}

#[tokio::test]
async fn looking_at_a_request_is_something_the_applicant_can_read() {
    let (world, ateneu, manager) = scene().await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let detail = view_request(&world.act(manager), &world.standing(manager).await, ateneu.id, request.id).await.expect("a request");
    assert!(detail.may_decide);
    let read = world.store.read().audit().list_for_person(maria, None, 10).await.expect("audit");
    assert_eq!(read.iter().map(|record| record.kind.as_str()).collect::<Vec<_>>(), ["person.viewed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_managers_at_once_one_accepts() {
    let (world, ateneu, manager) = scene().await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let standing = world.standing(manager).await;
    let outcomes = race(20, |_| {
        let (act, standing, input) = (world.act(manager), standing.clone(), accept(&request, Doors::Automatic));
        async move { accept_request(&act, &standing, &input).await.is_ok() }
    })
    .await;
    assert_eq!(outcomes.into_iter().filter(|accepted| *accepted).count(), 1);
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::Welcome { person: maria, collective: ateneu.id } }]);
}
