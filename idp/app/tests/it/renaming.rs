//! A new name is told to the services that show it, and to no other.

use idp_app::{
    apply::apply_text,
    collectives::edit::{EditCollective, edit_collective},
    jobs::Job,
};
use idp_domain::{
    client::Client,
    collective::{Collective, Listing},
    id::{ClientId, PersonId},
    name::DisplayName,
    policy::Actor,
    profile::GroupsRendering,
    scope::ScopeSet,
    service::{Automatic, Grant, GrantVia},
};
use idp_store::{Inserted, Tx, Updated};

use super::world::{START, World};

/// A client of a new service, which learns what its scopes and its rendering of groups say.
async fn client(world: &World, service: &str, scopes: &str, groups: GroupsRendering) -> (idp_domain::service::Service, ClientId) {
    let service = world.service(service).await;
    let id = world.client(&service, Some("https://exemple.cat/logout")).await;
    let managed = world.store.read().clients().find_managed(id, START).await.expect("read").expect("a client");
    let mut client = Client { scopes: ScopeSet::parse(scopes), ..managed.client };
    client.profile.groups = groups;
    let tx = world.store.write("test").await.expect("begins");
    assert_eq!(tx.clients().update(&client, managed.version).await.expect("updates"), Updated::Done);
    tx.commit().await.expect("commits");
    (service, id)
}

/// Which clients are told about whom.
async fn told(world: &World) -> Vec<(ClientId, PersonId)> {
    let mut told = Vec::new();
    for job in world.outbox().await {
        let Job::BackchannelLogout { client, sub, .. } = job else { continue };
        told.push((client, world.store.read().subjects().find_by_sub(&sub).await.expect("read").expect("a subject").person));
    }
    told.sort();
    told
}

async fn rename(world: &World, manager: PersonId, collective: &Collective, version: i64, name: Option<&str>) {
    let edit = EditCollective {
        collective: collective.id,
        version,
        name: name.map(|name| DisplayName::parse(name).expect("a name")),
        locale: None,
        listing: Some(if version % 2 == 0 { Listing::Listed } else { Listing::Unlisted }),
    };
    edit_collective(&world.act(manager), &world.standing(manager).await, &edit).await.expect("changes");
}

#[tokio::test]
async fn a_new_name_of_a_collective_is_told_to_who_shows_it_of_its_people() {
    let world = World::new().await;
    let (ateneu, hort) = (world.collective("ateneu").await, world.collective("hort").await);
    let (gemma, _) = world.manager(&ateneu, "gemma").await;
    let (maria, veina, convidada) = (world.person("maria").await, world.person("veina").await, world.person("convidada").await);
    world.member(&ateneu, maria).await;
    world.member(&hort, veina).await;
    let (nuvol, with_names) = client(&world, "nuvol", "openid groups", GroupsRendering::Objects).await;
    let (forum, identifiers) = client(&world, "forum", "openid groups", GroupsRendering::Strings).await;
    let (wiki, elsewhere) = client(&world, "wiki", "openid groups", GroupsRendering::Objects).await;
    let (mirador, whole_list) = client(&world, "mirador", "openid collectives", GroupsRendering::Strings).await;
    let (estudi, without_scope) = client(&world, "estudi", "openid", GroupsRendering::Objects).await;
    for service in [&nuvol, &forum, &estudi] {
        world.offer(service, &ateneu, Automatic::No).await;
    }
    world.offer(&wiki, &hort, Automatic::No).await;
    let door = Grant {
        id: world.id(),
        person: convidada,
        service: nuvol.id,
        via: GrantVia::Guest { owner: ateneu.id, sponsor: gemma },
        role: None,
        quota: None,
        ends_at: None,
        created_at: START,
        withdrawn_at: None,
        version: 1,
    };
    let tx = world.store.write("test").await.expect("begins");
    assert_eq!(tx.grants().insert(&door, None).await.expect("inserts"), Inserted::Done);
    tx.commit().await.expect("commits");
    for person in [maria, veina, convidada] {
        for (client, service) in
            [(with_names, &nuvol), (identifiers, &forum), (elsewhere, &wiki), (whole_list, &mirador), (without_scope, &estudi)]
        {
            world.sign_in(person, client, service).await;
        }
    }
    rename(&world, gemma, &ateneu, 1, None).await;
    rename(&world, gemma, &ateneu, 2, Some(ateneu.name.as_str())).await;
    assert_eq!(told(&world).await, [], "nothing that a service sees");
    rename(&world, gemma, &ateneu, 3, Some("L'Ateneu de Dalt")).await;
    let mut expected = [(with_names, maria), (with_names, convidada), (whole_list, maria)];
    expected.sort();
    assert_eq!(told(&world).await, expected);
}

#[tokio::test]
async fn names_that_a_file_changes_are_told_too() {
    let world = World::new().await;
    let cluster = |collective: &str, group: &str| {
        let person = |username: &str, groups: &str| {
            format!(
                "[[person]]\nusername = \"{username}\"\nname = \"N\"\ngrants = [{{ service = \"nuvol\", via = \"ateneu\" }}]\n\
                 memberships = [{{ collective = \"ateneu\", working_groups = [{groups}] }}]\n"
            )
        };
        format!(
            "[[collective]]\nname = \"{collective}\"\nslug = \"ateneu\"\nworking_groups = [{{ name = \"{group}\", slug = \"web\" }}]\n\
             [[service]]\nname = \"Nuvol\"\n[[offer]]\nservice = \"nuvol\"\ncollective = \"ateneu\"\n\
             [[client]]\nclient_id = \"nuvol\"\nservice = \"nuvol\"\nredirect_uris = [\"https://nuvol.example.org/cb\"]\n\
             backchannel_logout_uri = \"https://nuvol.example.org/logout\"\nsector = \"nuvol\"\nprofile = {{ groups = \"objects\" }}\n{}{}",
            person("maria", "\"web\""),
            person("pere", "")
        )
    };
    let folder = tempfile::tempdir().expect("a folder");
    let apply = async |collective: &str, group: &str| {
        let act = world.app.act(Actor::Operator, "test");
        apply_text(&act, "cluster.toml", &cluster(collective, group), folder.path()).await.expect("applies");
    };
    apply("Ateneu", "Web").await;
    let (maria, pere) = (world.person_id("maria").await, world.person_id("pere").await);
    let nuvol = world.store.read().services().find(world.service_id("nuvol").await).await.expect("read").expect("a service");
    let client = world.store.read().clients().list_of_service(nuvol.id, START).await.expect("read")[0].client.id;
    for person in [maria, pere] {
        world.sign_in(person, client, &nuvol).await;
    }
    apply("Ateneu", "Web").await;
    assert_eq!(told(&world).await, []);
    apply("Ateneu", "Xarxa").await;
    assert_eq!(told(&world).await, [(client, maria)], "who is in the working group");
    apply("L'Ateneu", "Xarxa").await;
    let mut expected = [(client, maria), (client, maria), (client, pere)];
    expected.sort();
    assert_eq!(told(&world).await, expected);
}

#[tokio::test]
async fn groups_that_a_file_brings_to_a_service_are_told_to_it() {
    let world = World::new().await;
    let cluster = |state: &str, second_offer: &str| {
        format!(
            "[[collective]]\nname = \"Ateneu\"\n[[collective]]\nname = \"Hort\"\nstate = \"{state}\"\n[[service]]\nname = \"Nuvol\"\n\
             [[client]]\nclient_id = \"nuvol\"\nservice = \"nuvol\"\nredirect_uris = [\"https://nuvol.example.org/cb\"]\n\
             backchannel_logout_uri = \"https://nuvol.example.org/logout\"\nsector = \"nuvol\"\n\
             [[offer]]\nservice = \"nuvol\"\ncollective = \"ateneu\"\n{second_offer}\
             [[person]]\nusername = \"maria\"\nname = \"Maria\"\ngrants = [{{ service = \"nuvol\", via = \"ateneu\" }}]\n\
             memberships = [{{ collective = \"ateneu\" }}, {{ collective = \"hort\" }}]\n"
        )
    };
    let folder = tempfile::tempdir().expect("a folder");
    let apply = async |state: &str, second_offer: &str| {
        let act = world.app.act(Actor::Operator, "test");
        apply_text(&act, "cluster.toml", &cluster(state, second_offer), folder.path()).await.expect("applies");
    };
    let offer = "[[offer]]\nservice = \"nuvol\"\ncollective = \"hort\"\n";
    apply("proposed", "").await;
    let maria = world.person_id("maria").await;
    let nuvol = world.store.read().services().find(world.service_id("nuvol").await).await.expect("read").expect("a service");
    let client = world.store.read().clients().list_of_service(nuvol.id, START).await.expect("read")[0].client.id;
    world.sign_in(maria, client, &nuvol).await;
    apply("proposed", offer).await;
    assert_eq!(told(&world).await, [], "a proposed collective has no groups");
    apply("active", offer).await;
    assert_eq!(told(&world).await, [(client, maria)], "now it has");
}
