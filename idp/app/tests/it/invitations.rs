//! Inviting by exact address, and the person's own yes.

use idp_app::{
    account::decline_invitation::decline_invitation,
    collectives::{
        ChangeMembership, Denied,
        accept_invitation::{AcceptInvitationRefusal, accept_invitation},
        end_membership::end_membership,
        invite_member::{Invitation, InviteMember, InviteMemberRefusal, LIFETIME, invite_member},
        list_members::{ListMembers, list_members},
        read_audit::{ActorSeen, read_audit},
        refuse_request::{RefuseRequest, refuse_request},
        resend_invitation::{ResendInvitationRefusal, resend_invitation},
        view_member::view_member,
    },
    jobs::Job,
    join::{
        activate::{ActivateRefusal, activate, read_activation},
        link::LinkRefusal,
        request_membership::request_membership,
    },
    limits::TooMany,
    mail::{Mail, MailContent, MailLink, prepare},
    once::Repeatable,
};
use idp_domain::{
    Ttl,
    collective::Collective,
    id::PersonId,
    membership::{Membership, MembershipState},
    name::DisplayName,
    person::PersonState,
    secret::{Secret, Typed},
    service::Automatic,
    username::Username,
};
use idp_store::Tx;

use crate::world::{START, World, address, refusal, text};

async fn scene() -> (World, Collective, PersonId) {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (manager, _) = world.manager(&ateneu, "gemma").await;
    (world, ateneu, manager)
}

fn wish(collective: &Collective, to: &str, name: Option<&str>) -> InviteMember {
    let name = name.map(|name| DisplayName::parse(name).expect("a name"));
    InviteMember { collective: collective.id, address: address(to), name, locale: None }
}

async fn invite(world: &World, manager: PersonId, wish: &InviteMember) -> Result<Invitation, InviteMemberRefusal> {
    match invite_member(&world.act(manager), &world.standing(manager).await, wish, None).await {
        Ok(Repeatable::Done(invitation)) => Ok(invitation),
        outcome => Err(refusal(outcome)),
    }
}

/// Names and usernames as the list of people shows them.
async fn shown(world: &World, collective: &Collective, manager: PersonId, text: Option<&str>) -> Vec<(String, String)> {
    let input = ListMembers { collective: collective.id, text, state: None, after: None, limit: 50 };
    let page = list_members(&world.act(manager), &world.standing(manager).await, input).await.expect("a list");
    page.items.into_iter().map(|member| (member.shown.name, member.shown.username)).collect()
}

#[tokio::test]
async fn somebody_new_gets_an_account_that_was_never_active_and_one_mail() {
    let (world, ateneu, manager) = scene().await;
    let invitation = invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", Some("Nova Veïna"))).await.expect("invites");
    assert_eq!(invitation.expires_at, START + LIFETIME);
    let read = world.store.read();
    let email = read.emails().list_by_address(&address("nova@exemple.cat")).await.expect("read").remove(0);
    let person = world.person_now(email.person).await;
    assert_eq!((person.state, person.username.as_str()), (PersonState::AwaitingValidation, "nova.veina"));
    assert!(person.email.is_none() && !email.signs_in, "nobody proved the address yet");
    assert_eq!(world.membership(&ateneu, person.id).await.state, MembershipState::Invited);
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::Invitation { person: person.id, collective: ateneu.id } }]);
    assert_eq!(world.audited(ateneu.id).await, ["membership.invited"]);
    // inviting again, also from elsewhere, means the same person
    assert_eq!(invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", None)).await.expect("again").membership, invitation.membership);
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    invite(&world, hug, &wish(&hort, "nova@exemple.cat", None)).await.expect("invites");
    assert_eq!(world.membership(&hort, person.id).await.state, MembershipState::Invited);
}

#[tokio::test]
async fn a_name_in_another_script_gets_a_username_from_the_address() {
    let (world, ateneu, manager) = scene().await;
    for (to, username) in [("xiaoming@exemple.cat", "xiaoming"), ("xiaoming@exemple.org", "xiaoming2"), ("li@exemple.cat", "sense.nom")] {
        invite(&world, manager, &wish(&ateneu, to, Some("李小明"))).await.expect("invites");
        let invited = invited_person(&world, to).await;
        assert_eq!(world.person_now(invited).await.username.as_str(), username, "{to}");
    }
}

#[tokio::test]
async fn whether_the_address_is_known_does_not_show() {
    let (world, ateneu, manager) = scene().await;
    world.person("maria").await;
    let known = invite(&world, manager, &wish(&ateneu, "maria@exemple.cat", None)).await.expect("invites");
    let unknown = invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", Some("Nova Veïna"))).await.expect("invites");
    assert_eq!(known.expires_at, unknown.expires_at);
    let invited = shown(&world, &ateneu, manager, None).await;
    let expected = ["maria@exemple.cat", "nova@exemple.cat"].map(|address| (address.to_owned(), String::new()));
    assert!(expected.iter().all(|row| invited.contains(row)), "{invited:?}");
    for text in ["persona", "Nova Ve", "maria@exemple.cat", "nova@exemple.cat"] {
        let found = shown(&world, &ateneu, manager, Some(text)).await;
        assert!(found.iter().all(|(_, username)| !username.is_empty()), "{text}: {found:?}");
    }
    for invitation in [known, unknown] {
        let view =
            view_member(&world.act(manager), &world.standing(manager).await, ateneu.id, invitation.membership).await.expect("a member");
        assert!(view.person.email.is_none() && view.person.locale.is_none() && !view.person.pending && view.offers.is_empty());
    }
}

#[tokio::test]
async fn a_yes_lets_in_with_what_is_automatic() {
    let (world, ateneu, manager) = scene().await;
    let xat = world.service("xat").await;
    world.offer(&xat, &ateneu, Automatic::Yes).await;
    let maria = world.person("maria").await;
    assert_eq!(refusal(accept_invitation(&world.act(maria), ateneu.id).await), AcceptInvitationRefusal::NotInvited);
    invite(&world, manager, &wish(&ateneu, "maria@exemple.cat", None)).await.expect("invites");
    assert!(world.access(maria, xat.id).await.is_none());
    accept_invitation(&world.act(maria), ateneu.id).await.expect("accepts");
    assert_eq!(world.membership(&ateneu, maria).await.state, MembershipState::Active);
    assert!(world.access(maria, xat.id).await.is_some());
    assert_eq!(world.audited(ateneu.id).await, ["membership.invited", "membership.activated", "grant.given"]);
    let again = accept_invitation(&world.act(maria), ateneu.id).await;
    assert_eq!(refusal(again), AcceptInvitationRefusal::NotInvited);
}

#[tokio::test]
async fn who_belongs_or_asked_already_is_not_invited() {
    let (world, ateneu, manager) = scene().await;
    let maria = world.person("maria").await;
    world.member(&ateneu, maria).await;
    world.applicant(&ateneu, "pau").await;
    for (to, why) in [
        ("maria@exemple.cat", InviteMemberRefusal::AlreadyMember),
        ("pau@exemple.cat", InviteMemberRefusal::AlreadyAsked),
        ("gemma@exemple.cat", InviteMemberRefusal::AlreadyMember),
    ] {
        assert_eq!(invite(&world, manager, &wish(&ateneu, to, None)).await.expect_err("refused"), why, "{to}");
    }
    assert!(world.outbox().await.is_empty() && world.audited(ateneu.id).await.is_empty());
}

#[tokio::test]
async fn an_address_that_somebody_only_claims_is_nobodys() {
    let (world, ateneu, manager) = scene().await;
    let claims = world.person_in("llest", PersonState::Pending).await;
    invite(&world, manager, &wish(&ateneu, "llest@exemple.cat", None)).await.expect("invites");
    let there = world.store.read().memberships().find_of(ateneu.id, claims).await.expect("read");
    assert!(there.is_none(), "whoever typed the address first is not who was invited");
}

#[tokio::test]
async fn an_invitation_is_sent_again_three_times_a_day_however_it_is_asked_for() {
    let (world, ateneu, manager) = scene().await;
    let invitation = invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", None)).await.expect("invites");
    let (act, standing) = (world.act(manager), world.standing(manager).await);
    let resend = || resend_invitation(&act, &standing, ateneu.id, invitation.membership);
    resend().await.expect("once");
    invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", None)).await.expect("inviting again is the same");
    resend().await.expect("three times");
    assert_eq!(refusal(resend().await), ResendInvitationRefusal::TooMany(TooMany { wait: Ttl::hours(24) }));
    let again = invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", None)).await;
    assert_eq!(again, Err(InviteMemberRefusal::TooMany(TooMany { wait: Ttl::hours(24) })));
    let mails = world.outbox().await;
    assert_eq!(mails.len(), 4);
    assert!(mails.iter().all(|mail| *mail == mails[0]), "always the same mail: {mails:?}");
    let facts = ["membership.invited", "membership.invitation_resent", "membership.invited", "membership.invitation_resent"];
    assert_eq!(world.audited(ateneu.id).await, facts);
    world.clock.advance(Ttl::hours(24));
    let act = world.act(manager);
    resend_invitation(&act, &standing, ateneu.id, invitation.membership).await.expect("tomorrow");
}

#[tokio::test]
async fn a_member_gets_what_they_wait_for_and_who_is_gone_nothing() {
    let (world, ateneu, manager) = scene().await;
    let (act, standing) = (world.act(manager), world.standing(manager).await);
    let maria = world.person("maria").await;
    let hers = world.member(&ateneu, maria).await.id;
    resend_invitation(&act, &standing, ateneu.id, hers).await.expect("sends");
    // she never chose a password: the link lets her
    assert_eq!(world.outbox().await, [Job::SendMail { mail: Mail::Invitation { person: maria, collective: ateneu.id } }]);
    let mail = Mail::Invitation { person: maria, collective: ateneu.id };
    let outgoing = prepare(&act, &mail).await.expect("prepares").expect("not moot");
    let MailContent::Invitation { link: MailLink::Activate(link), .. } = outgoing.content else { panic!("{outgoing:?}") };
    activate(&act, &link, &Typed::new("quatre gats fan un aplec".to_owned())).await.expect("activates");
    resend_invitation(&act, &standing, ateneu.id, hers).await.expect("sends");
    assert_eq!(world.outbox().await.last(), Some(&Job::SendMail { mail: Mail::Welcome { person: maria, collective: ateneu.id } }));
    let pau = world.person("pau").await;
    let ended = world.member_in(&ateneu, pau, MembershipState::Ended).await.id;
    assert_eq!(refusal(resend_invitation(&act, &standing, ateneu.id, ended).await), ResendInvitationRefusal::WrongState);
    let (hug, _) = world.manager(&world.collective("hort").await, "hug").await;
    let foreign = resend_invitation(&world.act(hug), &world.standing(hug).await, ateneu.id, hers).await;
    assert_eq!(refusal(foreign), ResendInvitationRefusal::Denied(Denied::NotFound));
}

/// A manager ends what stands or waits.
async fn end(world: &World, collective: &Collective, manager: PersonId, person: PersonId) {
    let Membership { id, version, .. } = world.membership(collective, person).await;
    let input = ChangeMembership { collective: collective.id, membership: id, version, reason: text("") };
    end_membership(&world.act(manager), &world.standing(manager).await, &input).await.expect("ends");
}

/// The link of the mail with which a collective invites.
async fn mailed(world: &World, collective: &Collective, manager: PersonId, person: PersonId) -> Secret {
    let mail = Mail::Invitation { person, collective: collective.id };
    let outgoing = prepare(&world.act(manager), &mail).await.expect("prepares").expect("not moot");
    let MailContent::Invitation { link: MailLink::Activate(link), .. } = outgoing.content else { panic!("{outgoing:?}") };
    link
}

async fn invited_person(world: &World, to: &str) -> PersonId {
    world.store.read().emails().list_by_address(&address(to)).await.expect("read").remove(0).person
}

#[tokio::test]
async fn an_invitation_that_was_taken_back_leaves_no_link_and_no_name_behind() {
    let (world, ateneu, manager) = scene().await;
    invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", Some("Nova Veïna"))).await.expect("invites");
    let nova = invited_person(&world, "nova@exemple.cat").await;
    let link = mailed(&world, &ateneu, manager, nova).await;
    end(&world, &ateneu, manager, nova).await;
    assert_eq!(refusal(read_activation(&world.act(manager), &link).await), LinkRefusal::Expired);
    let late = activate(&world.act(manager), &link, &Typed::new("quatre gats fan un aplec".to_owned())).await;
    assert_eq!(refusal(late), ActivateRefusal::Link(LinkRefusal::Expired));
    let name = Username::parse("nova.veina").expect("a username");
    assert!(!world.store.read().people().is_username_taken(&name).await.expect("read"), "no service saw it");
    // invited again, she is greeted by a name
    invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", None)).await.expect("invites again");
    let link = mailed(&world, &ateneu, manager, nova).await;
    assert_eq!(read_activation(&world.act(manager), &link).await.expect("works").username, name);
}

#[tokio::test]
async fn who_is_let_in_without_a_name_gets_one_before_any_service_sees_it() {
    let (world, ateneu, manager) = scene().await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let no = RefuseRequest { collective: ateneu.id, request: request.id, reason: text("No.") };
    refuse_request(&world.act(manager), &world.standing(manager).await, &no).await.expect("refuses");
    let listed = shown(&world, &ateneu, manager, None).await;
    assert!(listed.contains(&("Persona maria".to_owned(), String::new())), "managers see no stand-in: {listed:?}");
    invite(&world, manager, &wish(&ateneu, "maria@exemple.cat", None)).await.expect("invites");
    accept_invitation(&world.act(maria), ateneu.id).await.expect("accepts");
    assert_eq!(world.person_now(maria).await.username.as_str(), "persona.maria");
}

#[tokio::test]
async fn an_invitation_of_another_collective_keeps_its_link_and_the_name() {
    let (world, ateneu, manager) = scene().await;
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    invite(&world, manager, &wish(&ateneu, "nova@exemple.cat", Some("Nova Veïna"))).await.expect("invites");
    invite(&world, hug, &wish(&hort, "nova@exemple.cat", None)).await.expect("invites");
    let nova = invited_person(&world, "nova@exemple.cat").await;
    let (here, there) = (mailed(&world, &ateneu, manager, nova).await, mailed(&world, &hort, hug, nova).await);
    end(&world, &ateneu, manager, nova).await;
    assert_eq!(refusal(read_activation(&world.act(manager), &here).await), LinkRefusal::Expired);
    let username = activate(&world.act(manager), &there, &Typed::new("quatre gats fan un aplec".to_owned())).await.expect("activates");
    assert_eq!((username.as_str(), world.membership(&hort, nova).await.state), ("nova.veina", MembershipState::Active));
}

#[tokio::test]
async fn a_no_of_who_was_never_active_frees_the_name_unless_somebody_else_is_asked() {
    let (world, ateneu, manager) = scene().await;
    let hort = world.collective("hort").await;
    let (maria, pau) =
        (world.person_in("maria", PersonState::AwaitingValidation).await, world.person_in("pau", PersonState::AwaitingValidation).await);
    world.member_in(&hort, pau, MembershipState::Requested).await;
    for (person, to, taken) in [(maria, "maria@exemple.cat", false), (pau, "pau@exemple.cat", true)] {
        let name = world.person_now(person).await.username;
        invite(&world, manager, &wish(&ateneu, to, None)).await.expect("invites");
        decline_invitation(&world.act(person), person, ateneu.id).await.expect("declines");
        assert_eq!(world.store.read().people().is_username_taken(&name).await.expect("read"), taken, "{to}");
    }
    let freed = Mail::UsernameFreed { person: maria };
    let told = |job: &&Job| matches!(job, Job::SendMail { mail: Mail::UsernameFreed { .. } });
    assert_eq!(world.outbox().await.iter().filter(told).collect::<Vec<_>>(), [&Job::SendMail { mail: freed.clone() }], "only her");
    let mail = prepare(&world.act(manager), &freed).await.expect("prepares").expect("not moot");
    assert_eq!(mail.to, "maria@exemple.cat");
    let choice = Username::choose("maria.nova").ok();
    request_membership(&world.act(maria), maria, &hort.slug, text("Hola"), choice).await.expect("asks");
    assert!(prepare(&world.act(manager), &freed).await.expect("prepares").is_none(), "she has a name again");
}

#[tokio::test]
async fn who_never_said_yes_stays_hidden_when_the_invitation_is_over() {
    let (world, ateneu, manager) = scene().await;
    let (maria, pau) = (world.person("maria").await, world.person("pau").await);
    for to in ["maria@exemple.cat", "pau@exemple.cat", "nova@exemple.cat"] {
        invite(&world, manager, &wish(&ateneu, to, Some("Nova Veïna"))).await.expect("invites");
    }
    end(&world, &ateneu, manager, maria).await;
    decline_invitation(&world.act(pau), pau, ateneu.id).await.expect("declines");
    let nova = world.store.read().emails().list_by_address(&address("nova@exemple.cat")).await.expect("read").remove(0).person;
    end(&world, &ateneu, manager, nova).await;

    let (act, standing) = (world.act(manager), world.standing(manager).await);
    let over = ListMembers { collective: ateneu.id, text: None, state: Some(MembershipState::Ended), after: None, limit: 50 };
    let listed = list_members(&act, &standing, over).await.expect("a list").items;
    let names: Vec<_> = listed.iter().map(|member| (member.shown.name.as_str(), member.shown.username.as_str())).collect();
    assert_eq!(names, [("maria@exemple.cat", ""), ("nova@exemple.cat", ""), ("pau@exemple.cat", "")]);
    for text in ["persona", "maria", "pau", "Nova Ve", "maria@exemple.cat", "nova@exemple.cat"] {
        assert!(shown(&world, &ateneu, manager, Some(text)).await.iter().all(|(_, username)| username == "gemma"), "{text}");
    }
    for member in &listed {
        let person = view_member(&act, &standing, ateneu.id, member.membership.id).await.expect("a member").person;
        assert_eq!(person.shown, member.shown);
        assert!(person.email.is_none() && person.locale.is_none() && !person.pending, "{person:?}");
    }
    let audit = read_audit(&act, &standing, ateneu.id, None, 50).await.expect("an audit").items;
    assert!(!audit.is_empty() && audit.iter().all(|item| item.person.is_none()), "{audit:?}");
    assert!(audit.iter().any(|item| item.actor == ActorSeen::Person(None)), "who declined: {audit:?}");
}

#[tokio::test]
async fn who_once_said_yes_is_remembered_by_name_and_hidden_while_invited_again() {
    let (world, ateneu, manager) = scene().await;
    let maria = world.person("maria").await;
    let known = ("Persona maria".to_owned(), "maria".to_owned());
    let masked = ("maria@exemple.cat".to_owned(), String::new());
    invite(&world, manager, &wish(&ateneu, "maria@exemple.cat", None)).await.expect("invites");
    accept_invitation(&world.act(maria), ateneu.id).await.expect("accepts");
    end(&world, &ateneu, manager, maria).await;
    assert!(shown(&world, &ateneu, manager, None).await.contains(&known));
    assert!(shown(&world, &ateneu, manager, Some("maria")).await.contains(&known));
    invite(&world, manager, &wish(&ateneu, "maria@exemple.cat", None)).await.expect("invites again");
    let listed = shown(&world, &ateneu, manager, None).await;
    assert!(listed.contains(&masked) && !listed.contains(&known), "{listed:?}");
    end(&world, &ateneu, manager, maria).await;
    assert!(shown(&world, &ateneu, manager, None).await.contains(&known));
}

#[tokio::test]
async fn ending_an_invitation_does_not_make_room_for_more_mails() {
    let (world, ateneu, manager) = scene().await;
    world.person("maria").await;
    for to in ["maria@exemple.cat", "nova@exemple.cat"] {
        let before = world.outbox().await.len();
        for time in 0..60 {
            match invite(&world, manager, &wish(&ateneu, to, None)).await {
                Ok(invitation) => {
                    let invited = world.store.read().memberships().find(ateneu.id, invitation.membership).await.expect("read");
                    end(&world, &ateneu, manager, invited.expect("a membership").person).await;
                }
                Err(refused) => assert_eq!(refused, InviteMemberRefusal::TooMany(TooMany { wait: Ttl::hours(24) }), "{to}: {time}"),
            }
        }
        assert_eq!(world.outbox().await.len() - before, 4, "{to}");
    }
}

#[tokio::test]
async fn a_collective_invites_two_hundred_addresses_a_day() {
    let (world, ateneu, manager) = scene().await;
    world.person("maria").await;
    for n in 0..200 {
        invite(&world, manager, &wish(&ateneu, &format!("nova{n}@exemple.cat"), None)).await.expect("invites");
    }
    let enough = InviteMemberRefusal::TooManyAddresses(TooMany { wait: Ttl::hours(24) });
    for to in ["maria@exemple.cat", "nova200@exemple.cat"] {
        assert_eq!(invite(&world, manager, &wish(&ateneu, to, None)).await, Err(enough), "whether it is known does not show");
    }
    invite(&world, manager, &wish(&ateneu, "nova0@exemple.cat", None)).await.expect("was counted before");
    let hort = world.collective("hort").await;
    let (hug, _) = world.manager(&hort, "hug").await;
    invite(&world, hug, &wish(&hort, "nova200@exemple.cat", None)).await.expect("others count for themselves");
    assert_eq!(world.outbox().await.len(), 202);
    world.clock.advance(Ttl::hours(24));
    invite(&world, manager, &wish(&ateneu, "nova200@exemple.cat", None)).await.expect("tomorrow");
}
