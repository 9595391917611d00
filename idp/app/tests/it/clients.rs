//! What operators do about clients: secrets that end, clients switched off and on.

use idp_app::{
    Act,
    apply::{FieldChange, Verdict},
    backchannel::prepare_logout,
    clients::{
        Disabled, Enabled, ListedClient, RetireRefusal, RetiredSecrets, Retiring, UnknownClient, disable_client, enable_client,
        list_clients, retire_secrets,
    },
    jobs::Job,
};
use idp_domain::{
    Ttl,
    client::{ClientIdentifier, SecretTimes},
    id::ClientId,
    policy::Actor,
};

use super::{
    apply::{apply, cluster_audit},
    world::{START, World, refusal},
};

fn console(world: &World) -> Act {
    world.app.act(Actor::Operator, "console")
}
fn named(text: &str) -> ClientIdentifier {
    ClientIdentifier::parse(text).expect("an identifier")
}
async fn edits(world: &World) -> usize {
    cluster_audit(world).await.iter().filter(|kind| *kind == "client.edited").count()
}

/// A service's client with the n-th of its secrets.
fn with_secret(n: u8) -> String {
    format!(
        "[[collective]]\nname = \"Ateneu\"\n[[service]]\nname = \"Oficina\"\nowners = [\"ateneu\"]\n[[client]]\nclient_id = \"oficina\"\n\
         service = \"oficina\"\nredirect_uris = [\"https://oficina.cat/cb\"]\nsecret = \"a-secret-of-thirty-two-characters-{n}\"\n"
    )
}

/// The n-th secret is applied an hour after the one before.
async fn rotate(world: &World, n: u8) -> Vec<Verdict> {
    world.clock.advance(Ttl::hours(1));
    apply(&world.app, &with_secret(n)).await.entries.into_iter().map(|entry| entry.verdict).collect()
}

/// What a file wants of a row and may not do: the first field.
fn left_to_people(verdict: Verdict) -> Option<(&'static str, String)> {
    match verdict {
        Verdict::NeedsApproval(fields) => fields.into_iter().next().map(|FieldChange { field, to, .. }| (field, to)),
        _ => None,
    }
}

async fn only_client(world: &World) -> ListedClient {
    let mut listed = list_clients(&console(world)).await.expect("listed");
    assert_eq!(listed.len(), 1);
    listed.remove(0)
}

async fn retire(world: &World, which: Retiring, after: Ttl) -> Result<RetiredSecrets, RetireRefusal> {
    match retire_secrets(&console(world), &named("oficina"), which, after).await {
        Ok(retired) => Ok(retired),
        refused => Err(refusal(refused)),
    }
}

#[tokio::test]
async fn a_secret_that_was_replaced_ends_and_makes_room_for_a_third() {
    let world = World::new().await;
    rotate(&world, 1).await;
    assert_eq!(retire(&world, Retiring::AllButNewest, Ttl::days(0)).await, Err(RetireRefusal::OnlyOne));
    rotate(&world, 2).await;
    let listed = only_client(&world).await;
    assert_eq!(listed.service.map(|slug| slug.to_string()).as_deref(), Some("oficina"));
    let [second, first] = listed.secrets[..] else { panic!("two secrets: {:?}", listed.secrets) };
    assert_eq!((first.created_at, second.created_at), (START + Ttl::hours(1), START + Ttl::hours(2)));
    let refused = rotate(&world, 3).await;
    let told: Vec<_> = refused.into_iter().filter_map(left_to_people).collect();
    assert_eq!(told, [("secret", "another: `idp client retire-secrets oficina` ends the older one first".to_owned())]);

    let edits_before = edits(&world).await;
    let end = world.clock.now() + Ttl::days(7);
    let ending = SecretTimes { expires_at: Some(end), ..first };
    let done = RetiredSecrets { retired: vec![ending], kept: Some(second) };
    assert_eq!(retire(&world, Retiring::AllButNewest, Ttl::days(7)).await, Ok(done.clone()));
    assert_eq!(only_client(&world).await.secrets, [second, ending], "both count until then");
    assert_eq!(retire(&world, Retiring::AllButNewest, Ttl::days(30)).await, Ok(done), "an earlier end is not put off");
    assert_eq!(edits(&world).await, edits_before + 1, "what changes nothing is no fact");
    assert!(rotate(&world, 3).await.iter().any(|verdict| matches!(verdict, Verdict::NeedsApproval(_))), "no room yet");

    let now = world.clock.now();
    let done = RetiredSecrets { retired: vec![SecretTimes { expires_at: Some(now), ..first }], kept: Some(second) };
    assert_eq!(retire(&world, Retiring::AllButNewest, Ttl::days(0)).await, Ok(done));
    assert_eq!(only_client(&world).await.secrets, [second], "at once");
    assert!(rotate(&world, 3).await.iter().any(|verdict| matches!(verdict, Verdict::Change(_))), "there is room");
    assert_eq!(only_client(&world).await.secrets.len(), 2);
}

#[tokio::test]
async fn every_secret_ends_when_that_is_asked_for_and_none_of_a_client_that_has_none() {
    let world = World::new().await;
    rotate(&world, 1).await;
    let done = retire(&world, Retiring::All, Ttl::days(0)).await.expect("retired");
    assert_eq!((done.retired.len(), done.kept), (1, None));
    assert_eq!(only_client(&world).await.secrets, []);
    for which in [Retiring::All, Retiring::AllButNewest] {
        assert_eq!(retire(&world, which, Ttl::days(0)).await, Err(RetireRefusal::NoSecret));
    }
    let unknown = retire_secrets(&console(&world), &named("nuvol"), Retiring::All, Ttl::days(0)).await;
    assert_eq!(refusal(unknown), RetireRefusal::UnknownClient);
}

#[tokio::test]
async fn a_client_switched_off_loses_what_it_was_given_and_is_told() {
    let world = World::new().await;
    let (maria, oficina, nuvol) = (world.person("maria").await, world.service("oficina").await, world.service("nuvol").await);
    let off = world.client(&oficina, Some("https://oficina.cat/logout")).await;
    let other = world.client(&nuvol, Some("https://nuvol.cat/logout")).await;
    let (session, elsewhere) = (world.sign_in(maria, off, &oficina).await, world.sign_in(maria, other, &nuvol).await);
    let act = console(&world);
    let Disabled::Now(done) = disable_client(&act, &named("oficina")).await.expect("switched") else { panic!("it was on") };
    assert_eq!((done.ended, done.told_at.as_deref()), (1, Some("https://oficina.cat/logout")));
    assert!(done.access_tokens_live_until > world.clock.now());
    assert!(!world.is_authorised(session, off).await && world.is_authorised(elsewhere, other).await);
    let told: Vec<(ClientId, String)> = world.outbox().await.into_iter().filter_map(logout).collect();
    let [(client, sub)] = &told[..] else { panic!("one is told: {told:?}") };
    assert_eq!(*client, off);
    // a client that is off is told all the same
    let delivery = prepare_logout(&act, off, sub, Some(session)).await.expect("prepared").expect("a delivery");
    assert_eq!(delivery.uri, "https://oficina.cat/logout");

    assert_eq!(edits(&world).await, 1);
    assert_eq!(disable_client(&act, &named("oficina")).await.expect("asked"), Disabled::Already);
    assert_eq!((edits(&world).await, world.outbox().await.len()), (1, 1), "twice is once");
    let state = async || list_clients(&act).await.expect("listed").into_iter().map(|listed| listed.client.disabled_at.is_some());
    assert_eq!(state().await.collect::<Vec<_>>(), [false, true], "nuvol, oficina");
    let late = world.sign_in(maria, off, &oficina).await;
    assert_eq!(enable_client(&act, &named("oficina")).await.expect("switched"), Enabled::Now);
    assert_eq!(enable_client(&act, &named("oficina")).await.expect("asked"), Enabled::Already);
    assert_eq!(edits(&world).await, 2);
    assert!(!world.is_authorised(session, off).await, "what ended stays ended");
    assert!(!world.is_authorised(late, off).await, "what came of a sign-in under way ends too");
    for unknown in [disable_client(&act, &named("fum")).await.map(drop), enable_client(&act, &named("fum")).await.map(drop)] {
        assert_eq!(refusal(unknown), UnknownClient);
    }
}

fn logout(job: Job) -> Option<(ClientId, String)> {
    match job {
        Job::BackchannelLogout { client, sub, .. } => Some((client, sub)),
        Job::SendMail { .. } => None,
    }
}

#[tokio::test]
async fn a_file_says_how_a_client_is_switched_off_and_on_and_does_neither() {
    let world = World::new().await;
    rotate(&world, 1).await;
    let wanted = async |disabled: bool| {
        let applied = apply(&world.app, &format!("{}disabled = {disabled}\n", with_secret(1))).await;
        applied.entries.into_iter().find_map(|entry| left_to_people(entry.verdict)).map(|(_, to)| to)
    };
    assert_eq!(wanted(true).await.as_deref(), Some("true: `idp client disable oficina` does it"));
    assert_eq!(only_client(&world).await.client.disabled_at, None);
    disable_client(&console(&world), &named("oficina")).await.expect("switched");
    assert_eq!(wanted(true).await, None, "as the file says");
    assert_eq!(wanted(false).await.as_deref(), Some("false: `idp client enable oficina` does it"));
    assert!(only_client(&world).await.client.disabled_at.is_some());
}
