//! What people see and decide about themselves.

use idp_app::{
    account::{
        change_password::{ChangePasswordRefusal, Elsewhere, PasswordChange, change_password},
        decide_mandate::{Answer, DecideMandateRefusal, decide_mandate},
        decline_invitation::{DeclineInvitationRefusal, decline_invitation},
        my_collectives::list_my_collectives,
        my_services::{Asked, find_askable, list_my_services},
        sessions::{EndSessionRefusal, end_my_session, list_my_sessions},
        set_language::set_language,
    },
    jobs::Job,
    join::request_access::{AccessWish, request_access},
    mail::{Mail, MailContent, prepare},
    setup::{found_cluster, make_setup_link},
};
use idp_domain::{
    credential::WeakPassword,
    id::MandateId,
    locale::Locale,
    membership::{Mandate, MandateKind, MembershipState},
    secret::Typed,
    service::Automatic,
};
use idp_store::{Decided, Tx, emails::Verified};

use crate::{
    founding::{console, founding, steward},
    world::{START, World, refusal, text},
};

/// Proposes to make the person a manager.
async fn propose(world: &World, collective: &idp_domain::collective::Collective, membership: idp_domain::id::MembershipId) -> MandateId {
    let mandate = Mandate {
        id: world.id(),
        collective: collective.id,
        membership,
        kind: MandateKind::Manager,
        starts_at: START,
        ends_at: None,
        accepted_at: None,
        ended_at: None,
    };
    let tx = world.store.write("test").await.expect("begins");
    tx.mandates().insert(&mandate, START, Decided::ByFile).await.expect("inserts");
    tx.commit().await.expect("commits");
    mandate.id
}

#[tokio::test]
async fn the_launcher_shows_what_the_gate_lets_through_and_what_can_be_asked_for() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let (oficina, forum, lluny) = (world.service("oficina").await, world.service("forum").await, world.service("lluny").await);
    world.offer(&oficina, &ateneu, Automatic::Yes).await;
    world.offer(&forum, &ateneu, Automatic::No).await;
    world.offer(&lluny, &world.collective("hort").await, Automatic::No).await;
    let (laia, request) = world.applicant(&ateneu, "laia").await;
    let input = idp_app::collectives::accept_request::AcceptRequest {
        collective: ateneu.id,
        request: request.id,
        doors: idp_app::collectives::accept_request::Doors::Automatic,
    };
    idp_app::collectives::accept_request::accept_request(&world.act(gemma), &world.standing(gemma).await, &input).await.expect("accepts");

    let services = list_my_services(&world.act(laia), laia).await.expect("services");
    assert_eq!(services.open.iter().map(|open| open.name.as_str()).collect::<Vec<_>>(), ["oficina"]);
    assert_eq!(services.open[0].via, std::slice::from_ref(&ateneu.name));
    assert_eq!(services.closed.iter().map(|closed| (closed.name.as_str(), closed.asked)).collect::<Vec<_>>(), [("forum", Asked::No)]);
    assert_eq!(
        find_askable(&world.act(laia), laia, lluny.id).await.expect("read"),
        None,
        "another collective's service is not hers to see"
    );
    let wish = AccessWish { person: laia, service: forum.id, collective: ateneu.id, text: text("") };
    request_access(&world.act(laia), wish).await.expect("asks");
    assert_eq!(list_my_services(&world.act(laia), laia).await.expect("services").closed[0].asked, Asked::Yes);
}

#[tokio::test]
async fn a_mandate_is_the_holders_to_accept_and_the_services_are_told() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::Yes).await;
    let client = world.client(&oficina, Some("https://oficina.exemple.cat/logout")).await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let (laia, request) = world.applicant(&ateneu, "laia").await;
    let input = idp_app::collectives::accept_request::AcceptRequest {
        collective: ateneu.id,
        request: request.id,
        doors: idp_app::collectives::accept_request::Doors::Automatic,
    };
    idp_app::collectives::accept_request::accept_request(&world.act(gemma), &world.standing(gemma).await, &input).await.expect("accepts");
    let session = world.sign_in(laia, client, &oficina).await;
    let mandate = propose(&world, &ateneu, world.membership(&ateneu, laia).await.id).await;

    let other = world.person("altra").await;
    let foreign = decide_mandate(&world.act(other), other, ateneu.id, mandate, Answer::Accept).await;
    assert_eq!(refusal(foreign), DecideMandateRefusal::NotProposed);
    assert_eq!(list_my_collectives(&world.act(laia), laia).await.expect("collectives").proposed.len(), 1);
    assert!(!world.standing(laia).await.may_manage());

    decide_mandate(&world.act(laia), laia, ateneu.id, mandate, Answer::Accept).await.expect("accepts");
    assert!(world.standing(laia).await.manages.contains(&ateneu.id));
    let mine = list_my_collectives(&world.act(laia), laia).await.expect("collectives");
    assert_eq!((mine.proposed.len(), mine.memberships[0].duties[0].kind), (0, MandateKind::Manager));
    let told = |job: &Job| matches!(job, Job::BackchannelLogout { client: to, sid, .. } if *to == client && *sid == Some(session));
    assert!(world.outbox().await.iter().any(told), "a manager's groups are new to the service");
    assert_eq!(world.audited(ateneu.id).await.last().map(String::as_str), Some("mandate.accepted"));
    let again = decide_mandate(&world.act(laia), laia, ateneu.id, mandate, Answer::Decline).await;
    assert_eq!(refusal(again), DecideMandateRefusal::NotProposed);
}

#[tokio::test]
async fn a_no_ends_a_proposal_and_an_invitation() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let laia = world.person("laia").await;
    let membership = world.member(&ateneu, laia).await;
    let mandate = propose(&world, &ateneu, membership.id).await;
    decide_mandate(&world.act(laia), laia, ateneu.id, mandate, Answer::Decline).await.expect("declines");
    assert!(list_my_collectives(&world.act(laia), laia).await.expect("collectives").proposed.is_empty());
    assert_eq!(refusal(decline_invitation(&world.act(laia), laia, ateneu.id).await), DeclineInvitationRefusal::NotInvited);
    let hort = world.collective("hort").await;
    world.member_in(&hort, laia, MembershipState::Invited).await;
    decline_invitation(&world.act(laia), laia, hort.id).await.expect("declines");
    assert_eq!(world.membership(&hort, laia).await.state, MembershipState::Ended);
}

/// The mails about a changed password that wait in the outbox.
async fn told_of_change(world: &World) -> Vec<Mail> {
    let mail = |job| match job {
        Job::SendMail { mail: mail @ Mail::PasswordChanged { .. } } => Some(mail),
        _ => None,
    };
    world.outbox().await.into_iter().filter_map(mail).collect()
}

#[tokio::test]
async fn a_password_changes_only_with_the_present_one_and_ends_other_sessions_when_asked() {
    let (old, new) = ("quatre gats fan un aplec", "una barca sense rems a la platja");
    let world = World::new().await;
    let link = make_setup_link(&console(&world)).await.expect("makes").expect("an empty cluster");
    found_cluster(&console(&world), &link, founding("L’Ateneu", None, old)).await.expect("founds");
    let maria = steward(&world).await;
    let addresses = world.store.read().emails().list(maria).await.expect("read");
    let tx = world.store.write("test").await.expect("begins");
    assert_eq!(tx.emails().verify(addresses[0].id, START).await.expect("verifies"), Verified::SignsIn);
    tx.commit().await.expect("commits");
    let oficina = world.service("oficina").await;
    let client = world.client(&oficina, None).await;
    let stranger = world.sign_in(world.person("laia").await, client, &oficina).await;
    let (here, elsewhere) = (world.sign_in(maria, client, &oficina).await, world.sign_in(maria, client, &oficina).await);
    let person = world.person_now(maria).await;
    let change = |current: &str, new: &str| PasswordChange {
        person: &person,
        session: here,
        current: Typed::new(current.to_owned()),
        new: Typed::new(new.to_owned()),
        elsewhere: Elsewhere::SignOut,
        client_ip: None,
    };
    assert_eq!(refusal(change_password(&world.act(maria), change(new, new)).await), ChangePasswordRefusal::Wrong);
    let weak = change_password(&world.act(maria), change(old, "curta")).await;
    assert_eq!(refusal(weak), ChangePasswordRefusal::Weak(WeakPassword::TooShort));
    assert_eq!(list_my_sessions(&world.act(maria), maria).await.expect("sessions").len(), 2);
    assert!(told_of_change(&world).await.is_empty(), "nothing changed, nothing is written");

    change_password(&world.act(maria), change(old, new)).await.expect("changes");
    let left: Vec<_> = list_my_sessions(&world.act(maria), maria).await.expect("sessions").iter().map(|session| session.id).collect();
    assert_eq!(left, [here]);
    assert!(world.is_authorised(here, client).await && !world.is_authorised(elsewhere, client).await);
    assert!(world.is_authorised(stranger, client).await, "somebody else's session is untouched");
    let told = told_of_change(&world).await;
    assert_eq!(told, [Mail::PasswordChanged { person: maria, at: START }]);
    let prepared = prepare(&world.act(maria), &told[0]).await.expect("prepares").expect("there is an address");
    assert_eq!((prepared.to.as_str(), prepared.locale), (person.email.as_ref().expect("an address").as_str(), person.locale));
    assert!(matches!(prepared.content, MailContent::PasswordChanged { at: START, ref managers, .. } if managers.is_empty()));
    change_password(&world.act(maria), change(new, old)).await.expect("the new one is the present one");
}

#[tokio::test]
async fn tries_at_the_present_password_are_throttled() {
    let world = World::new().await;
    let laia = world.person("laia").await;
    let person = world.person_now(laia).await;
    let mut refusals = Vec::new();
    for _ in 0..13 {
        let change = PasswordChange {
            person: &person,
            session: world.id(),
            current: Typed::new("no és aquesta, no".to_owned()),
            new: Typed::new("una barca sense rems a la platja".to_owned()),
            elsewhere: Elsewhere::Stay,
            client_ip: None,
        };
        refusals.push(refusal(change_password(&world.act(laia), change).await));
    }
    assert_eq!(refusals[0], ChangePasswordRefusal::Wrong);
    assert!(matches!(refusals[12], ChangePasswordRefusal::Throttled(_)), "{refusals:?}");
}

#[tokio::test]
async fn a_session_is_its_persons_to_end() {
    let world = World::new().await;
    let oficina = world.service("oficina").await;
    let client = world.client(&oficina, Some("https://oficina.exemple.cat/logout")).await;
    let (laia, maria) = (world.person("laia").await, world.person("maria").await);
    let session = world.sign_in(laia, client, &oficina).await;
    assert_eq!(refusal(end_my_session(&world.act(maria), maria, session).await), EndSessionRefusal::Unknown);
    assert!(world.is_authorised(session, client).await);
    end_my_session(&world.act(laia), laia, session).await.expect("ends");
    assert!(!world.is_authorised(session, client).await && list_my_sessions(&world.act(laia), laia).await.expect("sessions").is_empty());
    assert!(world.outbox().await.iter().any(|job| matches!(job, Job::BackchannelLogout { .. })), "the service is told");
    assert_eq!(refusal(end_my_session(&world.act(laia), laia, session).await), EndSessionRefusal::Unknown);
}

#[tokio::test]
async fn a_language_is_remembered() {
    let world = World::new().await;
    let laia = world.person("laia").await;
    let person = world.person_now(laia).await;
    set_language(&world.act(laia), &person, Locale::En).await.expect("sets");
    assert_eq!(world.person_now(laia).await.locale, Locale::En);
    refusal(set_language(&world.act(laia), &person, Locale::Es).await);
    let facts = world.store.read().audit().list_for_person(laia, None, 10).await.expect("audit");
    assert_eq!(facts.iter().map(|fact| fact.kind.as_str()).collect::<Vec<_>>(), ["person.language_changed"]);
    let chosen = world.person_now(laia).await;
    set_language(&world.act(laia), &chosen, Locale::En).await.expect("is as it was");
    assert_eq!(world.person_now(laia).await, chosen, "choosing what is chosen changes nothing");
    assert_eq!(world.store.read().audit().list_for_person(laia, None, 10).await.expect("audit").len(), 1);
}
