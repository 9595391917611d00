//! Managers propose managers, take it back, and lay mandates down: never the last one.

use idp_app::{
    Act,
    account::decide_mandate::{Answer, decide_mandate},
    collectives::{
        Denied, RoleInCollective,
        mandates::{MandateSeen, MandateState},
        propose_manager::{ProposeManagerRefusal, propose_manager},
        view_member::view_member,
        withdraw_mandate::{WithdrawMandate, WithdrawMandateRefusal, withdraw_mandate},
    },
    jobs::Job,
    mail::{Mail, MailContent, MailLink, prepare},
};
use idp_domain::{
    collective::Collective,
    id::{MandateId, MembershipId, PersonId},
    membership::MembershipState,
    service::Automatic,
};
use idp_store::Tx;

use crate::world::{START, World, race, refusal, text};

async fn propose(world: &World, by: PersonId, collective: &Collective, whom: MembershipId) -> Result<MandateSeen, ProposeManagerRefusal> {
    match propose_manager(&world.act(by), &world.standing(by).await, collective.id, whom).await {
        Ok(proposed) => Ok(proposed),
        refused => Err(refusal(refused)),
    }
}

fn taking(collective: &Collective, membership: MembershipId, mandate: MandateId, seen: MandateState) -> WithdrawMandate {
    WithdrawMandate { collective: collective.id, membership, mandate, seen, reason: text("Plega.") }
}

async fn mandates_of(world: &World, by: PersonId, collective: &Collective, membership: MembershipId) -> Vec<MandateSeen> {
    let act: Act = world.act(by);
    view_member(&act, &world.standing(by).await, collective.id, membership).await.expect("a member").mandates
}

#[tokio::test]
async fn a_proposal_is_written_down_and_mailed_once_and_counts_after_a_yes() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, own) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    let hers = world.member(&ateneu, maria).await.id;
    let standing = world.standing(gemma).await;
    assert!(view_member(&world.act(gemma), &standing, ateneu.id, hers).await.expect("a member").may_propose);

    let proposed = propose(&world, gemma, &ateneu, hers).await.expect("proposes");
    assert_eq!((proposed.role, proposed.state, proposed.since), (RoleInCollective::Manager, MandateState::Proposed, START));
    assert!(!world.standing(maria).await.may_manage(), "it counts after her yes");
    let view = view_member(&world.act(gemma), &standing, ateneu.id, hers).await.expect("a member");
    assert_eq!((view.mandates.as_slice(), view.may_propose), (std::slice::from_ref(&proposed), false));
    let mail = Mail::MandateProposed { person: maria, collective: ateneu.id, mandate: proposed.id };
    assert_eq!(world.outbox().await, [Job::SendMail { mail: mail.clone() }]);
    let outgoing = prepare(&world.act(gemma), &mail).await.expect("prepares").expect("she has an address");
    assert_eq!(outgoing.to, "maria@exemple.cat");
    assert!(matches!(outgoing.content, MailContent::MandateProposed { link: MailLink::MyCollectives, .. }));

    assert_eq!(propose(&world, gemma, &ateneu, hers).await, Err(ProposeManagerRefusal::AlreadyProposed));
    decide_mandate(&world.act(maria), maria, ateneu.id, proposed.id, Answer::Accept).await.expect("accepts");
    assert!(world.standing(maria).await.manages.contains(&ateneu.id));
    assert_eq!(mandates_of(&world, gemma, &ateneu, hers).await[0].state, MandateState::Accepted);
    assert_eq!(propose(&world, gemma, &ateneu, hers).await, Err(ProposeManagerRefusal::AlreadyManager));
    assert_eq!(propose(&world, maria, &ateneu, own.id).await, Err(ProposeManagerRefusal::AlreadyManager));
    assert!(prepare(&world.act(gemma), &mail).await.expect("prepares").is_none(), "an answered proposal is not mailed");
    let facts = world.audited(ateneu.id).await;
    assert!(facts.iter().filter(|fact| *fact == "mandate.proposed").count() == 1 && facts.contains(&"mandate.accepted".to_owned()));
}

#[tokio::test]
async fn only_a_manager_of_this_collective_proposes_and_only_others_who_stand() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, own) = world.manager(&ateneu, "gemma").await;
    let (hug, _) = world.manager(&world.collective("hort").await, "hug").await;
    let (maria, pau) = (world.person("maria").await, world.person("pau").await);
    let hers = world.member(&ateneu, maria).await.id;
    let paused = world.member_in(&ateneu, pau, MembershipState::Suspended).await.id;
    let denied = |why| Err(ProposeManagerRefusal::Denied(why));
    assert_eq!(propose(&world, gemma, &ateneu, own.id).await, denied(Denied::OwnMembership));
    assert_eq!(propose(&world, maria, &ateneu, hers).await, denied(Denied::Forbidden));
    assert_eq!(propose(&world, hug, &ateneu, hers).await, denied(Denied::NotFound));
    assert_eq!(propose(&world, gemma, &ateneu, paused).await, Err(ProposeManagerRefusal::MembershipNotActive));
    assert!(world.outbox().await.is_empty());
}

#[tokio::test]
async fn of_twenty_proposals_at_once_there_is_one() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    let hers = world.member(&ateneu, maria).await.id;
    let standing = world.standing(gemma).await;
    let made = race(20, |_| {
        let (act, standing, collective) = (world.act(gemma), standing.clone(), ateneu.id);
        async move { propose_manager(&act, &standing, collective, hers).await.is_ok() }
    })
    .await;
    assert_eq!(made.into_iter().filter(|made| *made).count(), 1);
    assert_eq!((mandates_of(&world, gemma, &ateneu, hers).await.len(), world.outbox().await.len()), (1, 1));
}

#[tokio::test]
async fn a_proposal_is_taken_back_unless_it_was_answered() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let maria = world.person("maria").await;
    let hers = world.member(&ateneu, maria).await.id;
    let proposed = propose(&world, gemma, &ateneu, hers).await.expect("proposes").id;
    let (act, standing) = (world.act(gemma), world.standing(gemma).await);
    withdraw_mandate(&act, &standing, &taking(&ateneu, hers, proposed, MandateState::Proposed)).await.expect("takes back");
    refusal(decide_mandate(&world.act(maria), maria, ateneu.id, proposed, Answer::Accept).await);
    assert!(mandates_of(&world, gemma, &ateneu, hers).await.is_empty());

    let again = propose(&world, gemma, &ateneu, hers).await.expect("proposes again").id;
    decide_mandate(&world.act(maria), maria, ateneu.id, again, Answer::Accept).await.expect("accepts");
    let late = withdraw_mandate(&act, &standing, &taking(&ateneu, hers, again, MandateState::Proposed)).await;
    assert_eq!(refusal(late), WithdrawMandateRefusal::WrongState, "who takes a proposal back ends no mandate");
    assert!(world.standing(maria).await.manages.contains(&ateneu.id));
}

#[tokio::test]
async fn a_mandate_that_ends_is_told_to_the_services_and_the_last_one_stays() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::No).await;
    let (gemma, own) = world.manager(&ateneu, "gemma").await;
    let (maria, hers) = world.manager(&ateneu, "maria").await;
    let wish = idp_app::services::grant_service::GrantService {
        collective: ateneu.id,
        membership: hers.id,
        service: oficina.id,
        terms: idp_app::services::WantedTerms::default(),
    };
    let standing = world.standing(gemma).await;
    idp_app::services::grant_service::grant_service(&world.act(gemma), &standing, &wish, None).await.expect("opens");
    let client = world.client(&oficina, Some("https://oficina.cat/logout")).await;
    world.sign_in(maria, client, &oficina).await;

    let mandate = mandates_of(&world, gemma, &ateneu, hers.id).await[0].id;
    let wish = taking(&ateneu, hers.id, mandate, MandateState::Accepted);
    let outcome = withdraw_mandate(&world.act(gemma), &standing, &wish).await.expect("ends");
    assert!(outcome.closed.is_empty() && outcome.told[0].queued, "her groups changed: {outcome:?}");
    assert!(matches!(world.outbox().await.as_slice(), [Job::BackchannelLogout { .. }]));
    assert!(!world.standing(maria).await.may_manage());
    assert_eq!(world.audited(ateneu.id).await.last().map(String::as_str), Some("mandate.ended"));
    let twice = withdraw_mandate(&world.act(gemma), &standing, &wish).await;
    assert_eq!(refusal(twice), WithdrawMandateRefusal::Denied(Denied::NotFound));

    let last = mandates_of(&world, gemma, &ateneu, own.id).await[0].id;
    let resigning = withdraw_mandate(&world.act(gemma), &standing, &taking(&ateneu, own.id, last, MandateState::Accepted)).await;
    assert_eq!(refusal(resigning), WithdrawMandateRefusal::LastManager);
    assert!(world.standing(gemma).await.manages.contains(&ateneu.id));
}

#[tokio::test]
async fn of_two_managers_who_resign_at_once_one_stays() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let both = [world.manager(&ateneu, "gemma").await, world.manager(&ateneu, "maria").await];
    let mut wishes = Vec::new();
    for (person, membership) in &both {
        let mandate = mandates_of(&world, *person, &ateneu, membership.id).await[0].id;
        wishes.push((world.act(*person), world.standing(*person).await, taking(&ateneu, membership.id, mandate, MandateState::Accepted)));
    }
    let done = race(2, |at| {
        let (act, standing, wish) = wishes[at].clone();
        async move { withdraw_mandate(&act, &standing, &wish).await.is_ok() }
    })
    .await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    let managers = world.store.read().mandates().managers_of(&[ateneu.id], START).await.expect("read");
    assert_eq!(managers.len(), 1);
}
