//! Registering, proving an address, activating an account that others made, asking for more.

use std::net::{IpAddr, Ipv4Addr};

use idp_app::{
    Act, Outcome,
    browser::Browser,
    collectives::{
        invite_member::{InviteMember, invite_member},
        refuse_request::{RefuseRequest, refuse_request},
        resend_invitation::resend_invitation,
    },
    jobs::Job,
    join::{
        activate::{ActivateRefusal, activate, read_activation},
        discard_unproven,
        link::LinkRefusal,
        pick::{find_collective, list_listed},
        register::{RegisterRefusal, Registration, register},
        request_access::{AccessWish, RequestAccessRefusal, find_doors, request_access},
        request_membership::{RequestMembershipRefusal, request_membership},
        verify_address::{Outcome as Proven, VerifyRefusal, is_proven_already, read_verification, verify_address},
        withdraw_request::{WithdrawRequestRefusal, withdraw_request},
    },
    login::password::{Attempt, verify_password},
    mail::{Mail, MailContent, MailLink, OutgoingMail, prepare},
};
use idp_domain::{
    Ttl,
    collective::Collective,
    credential::WeakPassword,
    id::PersonId,
    locale::Locale,
    membership::MembershipState,
    name::DisplayName,
    person::PersonState,
    policy::Actor,
    request::{RequestKind, RequestState},
    secret::{Secret, SecretHash, SecretKind, Typed},
    service::Automatic,
    username::Username,
};
use idp_store::Tx;

use crate::world::{World, address, race, refusal, text};

const PASSWORD: &str = "quatre gats fan un aplec";

/// The browser in which everybody registers.
fn her_browser() -> SecretHash {
    Secret::from_entropy(SecretKind::Browser, [9; 32]).hash()
}

/// Says yes in the browser that registered.
async fn proven(act: &Act, secret: &Secret) -> Outcome<Proven, VerifyRefusal> {
    verify_address(act, secret, &her_browser(), &Typed::new(String::new())).await
}

fn anybody(world: &World) -> Act {
    world.app.act(Actor::System, "a test")
}

fn registration(collective: &Collective, username: &str, email: &str) -> Registration {
    Registration {
        collective: collective.slug.clone(),
        display_name: DisplayName::parse("Laia Ferrer").expect("a name"),
        username: Username::parse(username).expect("a username"),
        email: address(email),
        password: Typed::new(PASSWORD.to_owned()),
        text: text("Vaig a la coral."),
        locale: Locale::Es,
        browser: her_browser(),
        client_ip: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    }
}

async fn registered(world: &World, collective: &Collective, username: &str, email: &str) -> Outcome<(), RegisterRefusal> {
    register(&anybody(world), registration(collective, username, email)).await
}

async fn mails(world: &World) -> Vec<Mail> {
    let mail = |job| match job {
        Job::SendMail { mail } => Some(mail),
        Job::BackchannelLogout { .. } => None,
    };
    world.outbox().await.into_iter().filter_map(mail).collect()
}

async fn prepared(world: &World, mail: &Mail) -> Option<OutgoingMail> {
    prepare(&anybody(world), mail).await.expect("prepares")
}

/// The secret of the last mail's link.
async fn last_link(world: &World) -> Secret {
    let mail = mails(world).await.pop().expect("a mail");
    match prepared(world, &mail).await.expect("not moot").content {
        MailContent::VerifyAddress { link: MailLink::Verify(secret), .. }
        | MailContent::Invitation { link: MailLink::Activate(secret), .. } => secret,
        other => panic!("a mail with a secret, not {other:?}"),
    }
}

async fn find(world: &World, username: &str) -> Option<PersonId> {
    let username = Username::parse(username).expect("a username");
    world.store.read().people().find_by_username(&username).await.expect("read").map(|person| person.id)
}

#[tokio::test]
async fn a_registration_waits_for_its_proof_and_then_for_the_managers() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    registered(&world, &ateneu, "laia", "laia@exemple.org").await.expect("registers");
    let laia = find(&world, "laia").await.expect("an account");
    assert_eq!(world.person_now(laia).await.state, PersonState::Pending);
    assert_eq!(world.store.read().requests().count_open(ateneu.id).await.expect("read"), 0, "nothing waits before the proof");

    let mail = mails(&world).await.pop().expect("a mail");
    let outgoing = prepared(&world, &mail).await.expect("not moot");
    assert_eq!((outgoing.to.as_str(), outgoing.locale), ("laia@exemple.org", Locale::Es));
    let MailContent::VerifyAddress { link: MailLink::Verify(secret), expires_at } = outgoing.content else { panic!("a link") };
    assert_eq!(expires_at, world.clock.now() + Ttl::hours(24));
    let seen = read_verification(&anybody(&world), &secret, &her_browser()).await.expect("works");
    assert_eq!((seen.username.as_str(), seen.collective), ("laia", Some(ateneu.name.clone())));
    read_verification(&anybody(&world), &secret, &her_browser()).await.expect("looking at the page changes nothing");
    assert!(!is_proven_already(&anybody(&world), &secret).await.expect("looks"));

    let came = proven(&anybody(&world), &secret).await.expect("proves");
    let managers = vec![world.person_now(gemma).await.display_name];
    assert_eq!(came, Proven::Requested { collective: ateneu.name.clone(), managers });
    let person = world.person_now(laia).await;
    assert_eq!((person.state, person.email), (PersonState::AwaitingValidation, Some(address("laia@exemple.org"))));
    assert_eq!(world.membership(&ateneu, laia).await.state, MembershipState::Requested);
    let waiting = world.store.read().requests().list_open(&[ateneu.id], None, 10).await.expect("read").remove(0);
    assert_eq!((waiting.request.kind, waiting.request.text.as_str()), (RequestKind::Join, "Vaig a la coral."));
    let told = Mail::RequestWaits { manager: gemma, request: waiting.request.id };
    assert_eq!(mails(&world).await.last(), Some(&told));
    assert_eq!(world.audited(ateneu.id).await, ["request.join"]);
    assert_eq!(refusal(proven(&anybody(&world), &secret).await), VerifyRefusal::Link(LinkRefusal::Used));
    assert!(is_proven_already(&anybody(&world), &secret).await.expect("looks"));
    let foreign = Secret::from_entropy(SecretKind::Link, [7; 32]);
    assert!(!is_proven_already(&anybody(&world), &foreign).await.expect("looks"), "tells only who holds the link");

    let outgoing = prepared(&world, &told).await.expect("not moot");
    assert_eq!(outgoing.to, "gemma@exemple.cat");
    withdraw_request(&world.act(laia), laia, waiting.request.id).await.expect("withdraws");
    assert!(prepared(&world, &told).await.is_none(), "a mail about what waits no more is not sent");
    assert_eq!(world.membership(&ateneu, laia).await.state, MembershipState::Ended);
    assert_eq!(world.audited(ateneu.id).await, ["request.join", "request.withdrawn"]);
    assert_eq!(refusal(withdraw_request(&world.act(laia), laia, waiting.request.id).await), WithdrawRequestRefusal::NotOpen);
}

#[tokio::test]
async fn known_and_unknown_addresses_are_answered_alike_and_leave_the_same_behind() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let maria = world.person("maria").await;
    registered(&world, &ateneu, "nova", "nova@exemple.cat").await.expect("registers");
    registered(&world, &ateneu, "altra", "maria@exemple.cat").await.expect("registers");
    let nova = find(&world, "nova").await.expect("an account");
    for username in ["nova", "altra"] {
        assert!(find(&world, username).await.is_some(), "both hold their username");
        assert_eq!(refusal(registered(&world, &ateneu, username, "tercera@exemple.cat").await), RegisterRefusal::UsernameTaken);
    }
    let mails = mails(&world).await;
    assert!(matches!(mails[0], Mail::VerifyAddress { person, .. } if person == nova), "{mails:?}");
    assert_eq!(mails[1], Mail::AlreadyRegistered { person: maria });
    let told = prepared(&world, &mails[1]).await.expect("not moot");
    assert_eq!(told.to, "maria@exemple.cat");
    assert!(matches!(told.content, MailContent::AlreadyRegistered { username, link: MailLink::SignIn } if username == "maria"));
}

#[tokio::test]
async fn who_registers_again_gets_another_mail_about_what_was_asked_now_and_the_first_goes_on_working() {
    let world = World::new().await;
    let (ateneu, hort) = (world.collective("ateneu").await, world.collective("hort").await);
    registered(&world, &ateneu, "laia", "laia@exemple.org").await.expect("registers");
    let first = find(&world, "laia").await;
    registered(&world, &hort, "laia", "laia@exemple.org").await.expect("registers again");
    assert_eq!(find(&world, "laia").await, first, "nothing was taken away");
    let mut links = Vec::new();
    // whatever the order in which they are delivered
    for mail in mails(&world).await.iter().rev() {
        let content = prepared(&world, mail).await.expect("not moot").content;
        let MailContent::VerifyAddress { link: MailLink::Verify(secret), .. } = content else { panic!("a link: {content:?}") };
        let seen = read_verification(&anybody(&world), &secret, &her_browser()).await.expect("works");
        links.push((secret, seen.collective, seen.chooses_password));
    }
    assert_eq!((&links[1].1, links[1].2), (&Some(ateneu.name.clone()), false), "the password is of this browser");
    assert_eq!((&links[0].1, links[0].2), (&Some(hort.name.clone()), true), "the second password was not kept");

    // asked for again it is kept as long as the last link works
    world.clock.advance(Ttl::hours(47));
    registered(&world, &ateneu, "laia", "laia@exemple.org").await.expect("registers again");
    let last = last_link(&world).await;
    world.clock.advance(Ttl::hours(23));
    assert_eq!(discard_unproven(&anybody(&world)).await.expect("sweeps"), 0);
    let weak = verify_address(&anybody(&world), &last, &her_browser(), &Typed::new("curta".to_owned())).await;
    assert_eq!(refusal(weak), VerifyRefusal::Password(WeakPassword::TooShort));
    verify_address(&anybody(&world), &last, &her_browser(), &Typed::new(PASSWORD.to_owned())).await.expect("proves");
    for mail in mails(&world).await.iter().filter(|mail| matches!(mail, Mail::VerifyAddress { .. })) {
        assert!(prepared(&world, mail).await.is_none(), "a mail that is delivered late became moot");
    }
}

#[tokio::test]
async fn who_proves_an_address_first_leaves_nothing_of_others_registrations_of_it() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    registered(&world, &ateneu, "lladre", "laia@exemple.org").await.expect("registers");
    let planted = last_link(&world).await;
    registered(&world, &ateneu, "laia", "laia@exemple.org").await.expect("registers");
    let own = last_link(&world).await;
    proven(&anybody(&world), &own).await.expect("proves");
    assert_eq!(find(&world, "lladre").await, None, "the planted account is gone, its username free");
    assert_eq!(refusal(proven(&anybody(&world), &planted).await), VerifyRefusal::Link(LinkRefusal::Unknown));
    registered(&world, &ateneu, "lladre", "un.altre@exemple.org").await.expect("the username is free");
}

#[tokio::test]
async fn of_twenty_clicks_on_one_link_one_wins() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    world.manager(&ateneu, "gemma").await;
    registered(&world, &ateneu, "laia", "laia@exemple.org").await.expect("registers");
    let secret = last_link(&world).await;
    let (app, secret) = (world.app.clone(), &secret);
    let won = race(20, |_| {
        let (act, secret) = (app.act(Actor::System, "a click"), secret.clone());
        async move { proven(&act, &secret).await.is_ok() }
    })
    .await;
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
    assert_eq!(world.store.read().requests().count_open(ateneu.id).await.expect("read"), 1);
}

#[tokio::test]
async fn an_old_link_does_not_work_and_an_unproven_account_is_forgotten() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    registered(&world, &ateneu, "laia", "laia@exemple.org").await.expect("registers");
    let secret = last_link(&world).await;
    world.clock.advance(Ttl::hours(24));
    assert_eq!(refusal(proven(&anybody(&world), &secret).await), VerifyRefusal::Link(LinkRefusal::Expired));
    assert_eq!(discard_unproven(&anybody(&world)).await.expect("sweeps"), 0, "not yet: a new mail may be asked for");
    world.clock.advance(Ttl::hours(25));
    assert_eq!(discard_unproven(&anybody(&world)).await.expect("sweeps"), 1);
    assert_eq!(find(&world, "laia").await, None);
}

#[tokio::test]
async fn registrations_are_limited_and_weak_passwords_refused_before_anything_is_written() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let weak = Registration { password: Typed::new("curta".to_owned()), ..registration(&ateneu, "laia", "laia@exemple.org") };
    assert_eq!(refusal(register(&anybody(&world), weak).await), RegisterRefusal::Password(WeakPassword::TooShort));
    for n in 0..5 {
        registered(&world, &ateneu, &format!("laia{n}"), "laia@exemple.org").await.expect("registers");
    }
    assert_eq!(refusal(registered(&world, &ateneu, "laia9", "laia@exemple.org").await), RegisterRefusal::TooMany);
    assert_eq!(find(&world, "laia9").await, None);
    world.clock.advance(Ttl::hours(25));
    registered(&world, &ateneu, "laia9", "laia@exemple.org").await.expect("another day");
    let mut gone = registration(&ateneu, "nova", "nova@exemple.org");
    gone.collective = idp_domain::slug::Slug::parse("enlloc").expect("a slug");
    assert_eq!(refusal(register(&anybody(&world), gone).await), RegisterRefusal::UnknownCollective);
}

#[tokio::test]
async fn an_invited_account_becomes_its_persons_own() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::Yes).await;
    let name = DisplayName::parse("Nova Veïna").ok();
    let wish = InviteMember { collective: ateneu.id, address: address("nova@exemple.org"), name, locale: None };
    invite_member(&world.act(gemma), &world.standing(gemma).await, &wish, None).await.expect("invites");
    let secret = last_link(&world).await;
    let seen = read_activation(&anybody(&world), &secret).await.expect("works");
    assert_eq!((seen.username.as_str(), seen.collective), ("nova.veina", Some(ateneu.name.clone())));

    let weak = activate(&anybody(&world), &secret, &Typed::new("nova.veina nova.veina".to_owned())).await;
    assert_eq!(refusal(weak), ActivateRefusal::Password(WeakPassword::Guessable));
    let username = activate(&anybody(&world), &secret, &Typed::new(PASSWORD.to_owned())).await.expect("activates");
    let nova = find(&world, username.as_str()).await.expect("an account");
    let person = world.person_now(nova).await;
    assert_eq!((person.state, person.email), (PersonState::Active, Some(address("nova@exemple.org"))));
    assert_eq!(world.membership(&ateneu, nova).await.state, MembershipState::Active);
    assert!(world.access(nova, oficina.id).await.is_some(), "what is automatic is open");
    assert_eq!(
        refusal(activate(&anybody(&world), &secret, &Typed::new(PASSWORD.to_owned())).await),
        ActivateRefusal::Link(LinkRefusal::Used)
    );

    let browser = Browser::unknown(Secret::from_entropy(SecretKind::Browser, [1; 32]).hash());
    let attempt = Attempt { identifier: "nova@exemple.org", password: Typed::new(PASSWORD.to_owned()), client_ip: None };
    let proof = verify_password(&anybody(&world), &browser, attempt).await.expect("signs in");
    assert_eq!(proof.person().id, nova);
}

#[tokio::test]
async fn an_invitation_to_somebody_with_an_account_leads_to_the_account_and_not_to_a_new_password() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    registered(&world, &world.collective("hort").await, "laia", "laia@exemple.org").await.expect("registers");
    proven(&anybody(&world), &last_link(&world).await).await.expect("proves");
    let wish = InviteMember { collective: ateneu.id, address: address("laia@exemple.org"), name: None, locale: None };
    invite_member(&world.act(gemma), &world.standing(gemma).await, &wish, None).await.expect("invites");
    let mail = mails(&world).await.pop().expect("a mail");
    let content = prepared(&world, &mail).await.expect("not moot").content;
    assert!(matches!(content, MailContent::InvitedWithAccount { link: MailLink::MyCollectives, .. }), "to the account: {content:?}");
    let laia = find(&world, "laia").await.expect("an account");
    let membership = world.membership(&ateneu, laia).await.id;
    resend_invitation(&world.act(gemma), &world.standing(gemma).await, ateneu.id, membership).await.expect("sends");
    assert_eq!(mails(&world).await.pop(), Some(mail), "and the same once more");
}

#[tokio::test]
async fn a_member_asks_for_a_service_once_and_only_where_it_is_offered() {
    let world = World::new().await;
    let (ateneu, forn, hort) = (world.collective("ateneu").await, world.collective("forn").await, world.collective("hort").await);
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let oficina = world.service("oficina").await;
    world.offer(&oficina, &ateneu, Automatic::No).await;
    world.offer(&oficina, &hort, Automatic::No).await;
    let laia = world.person("laia").await;
    world.member(&ateneu, laia).await;
    world.member(&forn, laia).await;

    let doors = find_doors(&world.act(laia), laia, oficina.id).await.expect("doors");
    let names = |keepers: &[idp_app::join::request_access::Doorkeeper]| keepers.iter().map(|k| k.name.to_string()).collect::<Vec<_>>();
    assert_eq!((names(&doors.offered), names(&doors.others)), (vec!["ateneu".to_owned()], vec!["forn".to_owned()]), "hort is none of hers");
    assert_eq!(doors.offered[0].managers, [world.person_now(gemma).await.display_name]);

    let pau = world.person("pau").await;
    world.member_in(&ateneu, pau, MembershipState::Lapsed).await;
    request_membership(&world.act(pau), pau, &hort.slug, text("Hola"), None).await.expect("asks");
    let doors = find_doors(&world.act(pau), pau, oficina.id).await.expect("doors");
    assert_eq!((names(&doors.resting), doors.offered, doors.others), (vec!["ateneu".to_owned()], vec![], vec![]), "he only asked at hort");
    assert_eq!(doors.resting[0].managers, [world.person_now(gemma).await.display_name]);

    let wish =
        |collective: &Collective| AccessWish { person: laia, service: oficina.id, collective: collective.id, text: text("Per a l’acta") };
    for elsewhere in [&forn, &hort] {
        assert_eq!(refusal(request_access(&world.act(laia), wish(elsewhere)).await), RequestAccessRefusal::NotOffered);
    }
    let request = request_access(&world.act(laia), wish(&ateneu)).await.expect("asks");
    assert_eq!(refusal(request_access(&world.act(laia), wish(&ateneu)).await), RequestAccessRefusal::AlreadyAsked);
    assert_eq!(mails(&world).await, [Mail::RequestWaits { manager: gemma, request }]);
    assert_eq!(world.audited(ateneu.id).await, ["request.access"]);
    let doors = find_doors(&world.act(laia), laia, oficina.id).await.expect("doors");
    assert_eq!(doors.offered[0].asked_at, Some(world.clock.now()));
}

#[tokio::test]
async fn somebody_with_an_account_asks_to_join_another_collective() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let laia = world.person("laia").await;
    request_membership(&world.act(laia), laia, &ateneu.slug, text("Hola"), None).await.expect("asks");
    assert_eq!(world.membership(&ateneu, laia).await.state, MembershipState::Requested);
    let again = request_membership(&world.act(laia), laia, &ateneu.slug, text("Hola"), None).await;
    assert_eq!(refusal(again), RequestMembershipRefusal::Standing);
    let open = world.store.read().requests().list_of_person(laia).await.expect("read");
    assert_eq!(open.iter().map(|request| request.state).collect::<Vec<_>>(), [RequestState::Open]);
}

#[tokio::test]
async fn whose_name_was_freed_chooses_one_with_the_next_request() {
    let world = World::new().await;
    let (ateneu, hort) = (world.collective("ateneu").await, world.collective("hort").await);
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let (maria, request) = world.applicant(&ateneu, "maria").await;
    let no = RefuseRequest { collective: ateneu.id, request: request.id, reason: text("No et coneixem.") };
    refuse_request(&world.act(gemma), &world.standing(gemma).await, &no).await.expect("refuses");
    let mail = prepared(&world, &Mail::RequestRefused { request: request.id }).await.expect("not moot");
    assert!(matches!(mail.content, MailContent::RequestRefused { username_freed: true, .. }), "{mail:?}");
    assert!(world.person_now(maria).await.username_shown().is_none());

    let ask = async |username: Option<&str>| {
        let username = username.map(|name| Username::choose(name).expect("a username"));
        request_membership(&world.act(maria), maria, &hort.slug, text("Hola"), username).await
    };
    assert_eq!(refusal(ask(None).await), RequestMembershipRefusal::UsernameMissing);
    assert_eq!(refusal(ask(Some("gemma")).await), RequestMembershipRefusal::UsernameTaken);
    assert!(world.store.read().memberships().find_of(hort.id, maria).await.expect("read").is_none(), "nothing waits yet");
    ask(Some("maria.nova")).await.expect("asks");
    assert_eq!(world.person_now(maria).await.username.as_str(), "maria.nova");
    assert_eq!(world.membership(&hort, maria).await.state, MembershipState::Requested);
}

#[tokio::test]
async fn who_has_a_name_keeps_it_whatever_the_request_says() {
    let world = World::new().await;
    let ateneu = world.collective("ateneu").await;
    let laia = world.person("laia").await;
    let other = Username::choose("una.altra").ok();
    request_membership(&world.act(laia), laia, &ateneu.slug, text("Hola"), other).await.expect("asks");
    assert_eq!(world.person_now(laia).await.username.as_str(), "laia");
}

#[tokio::test]
async fn the_picker_shows_listed_collectives_page_by_page_and_a_link_every_active_one() {
    let world = World::new().await;
    for slug in ["ateneu", "coral", "forn"] {
        world.collective(slug).await;
    }
    let first = list_listed(&anybody(&world), None, None, 2).await.expect("a page");
    assert_eq!(first.iter().map(|door| door.slug.as_str()).collect::<Vec<_>>(), ["ateneu", "coral"]);
    let rest = list_listed(&anybody(&world), None, Some(&first[1].slug), 2).await.expect("a page");
    assert_eq!(rest.iter().map(|door| door.slug.as_str()).collect::<Vec<_>>(), ["forn"]);
    let found = list_listed(&anybody(&world), Some("FÓRN"), None, 2).await.expect("found");
    assert_eq!(found.len(), 1);
    assert_eq!(find_collective(&anybody(&world), &first[0].slug).await.expect("read").as_ref(), first.first());
}
