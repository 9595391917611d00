use idp_domain::{
    client::{ClientAuthMethod, ClientIdentifier, ClientRole, ConsentRule, GrantType, SecretTimes},
    profile::Preset,
    redirect::RedirectUri,
    secret::SecretKind,
    service::ServiceState,
};
use idp_store::{Attempt, Inserted, Tx, Updated};

use crate::{
    databases::{databases, id},
    identity::build::{Cluster, NOW, REDIRECT, client, hash, later, scope},
};

#[tokio::test]
async fn a_client_is_found_whole_by_its_public_identifier() {
    for db in databases("client_found").await {
        let cluster = Cluster(&db.store);
        let ateneu = cluster.collective("ateneu").await;
        let service = cluster.service("oficina", &[&ateneu]).await;
        let mut oficina = client("oficina", ClientRole::Service(service.id));
        oficina.redirect_uris.push(RedirectUri::parse("http://localhost:8082/callback").expect("a URI"));
        oficina.auth_method = ClientAuthMethod::PrivateKeyJwt;
        oficina.jwks = Some("{\"keys\":[]}".into());
        oficina.sector = "nuvol.example.cat".into();
        oficina.consent = ConsentRule::Ask;
        oficina.introspects = vec!["https://api.example.cat".into(), "https://b.example.cat".into()];
        let tx = cluster.write().await;
        assert_eq!(tx.clients().insert(&oficina, NOW).await.expect("inserts"), Inserted::Done);
        let again = client("oficina", ClientRole::Machine);
        assert_eq!(tx.clients().insert(&again, NOW).await.expect("asks"), Inserted::Taken, "{}", db.name);
        let bare = idp_domain::client::Client {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::ClientCredentials],
            backchannel_logout_uri: None,
            ..client("machine", ClientRole::Machine)
        };
        assert_eq!(tx.clients().insert(&bare, NOW).await.expect("inserts"), Inserted::Done);
        tx.commit().await.expect("commits");
        let read = db.store.read();
        let found = read.clients().find_by_identifier(&oficina.client_id, NOW).await.expect("asks").expect("is there");
        assert_eq!((found.id, &found.client_id, &found.name, found.role), (oficina.id, &oficina.client_id, &oficina.name, oficina.role));
        let (to_authenticate, state) = read.clients().find_to_authenticate(&oficina.client_id, NOW).await.expect("asks").expect("is there");
        assert_eq!(state, Some(ServiceState::Active), "{}", db.name);
        let (_, state) = read.clients().find_to_authenticate(&bare.client_id, NOW).await.expect("asks").expect("is there");
        assert_eq!(state, None, "{}", db.name);
        let without_uris = idp_domain::client::Client { redirect_uris: Vec::new(), post_logout_redirect_uris: Vec::new(), ..found.clone() };
        assert_eq!(format!("{to_authenticate:?}"), format!("{without_uris:?}"), "{}", db.name);
        let mut uris: Vec<_> = found.redirect_uris.iter().map(RedirectUri::as_str).collect();
        uris.sort_unstable();
        assert_eq!(uris, ["http://localhost:8082/callback", REDIRECT], "{}", db.name);
        assert_eq!(found.post_logout_redirect_uris, oficina.post_logout_redirect_uris);
        assert_eq!((found.auth_method, &found.jwks, &found.sector), (oficina.auth_method, &oficina.jwks, &oficina.sector));
        assert_eq!((found.grant_types, found.scopes, found.consent), (oficina.grant_types, oficina.scopes, oficina.consent));
        assert_eq!((found.resources, found.introspects, found.profile), (oficina.resources, oficina.introspects, oficina.profile));
        assert_eq!((found.backchannel_logout_uri, found.disabled_at), (oficina.backchannel_logout_uri, None));
        let found = read.clients().find(bare.id, NOW).await.expect("asks").expect("is there");
        assert!(found.redirect_uris.is_empty() && found.post_logout_redirect_uris.is_empty() && found.secrets.is_empty());
        let unknown = ClientIdentifier::parse("unknown").expect("an identifier");
        assert!(read.clients().find_by_identifier(&unknown, NOW).await.expect("asks").is_none());
        let listed: Vec<_> = read.clients().list(NOW).await.expect("lists").into_iter().map(|c| c.client.client_id.to_string()).collect();
        assert_eq!(listed, ["machine", "oficina"], "{}", db.name);
        let of_service = read.clients().list_of_service(service.id, NOW).await.expect("lists");
        assert_eq!(of_service.iter().map(|c| c.client.id).collect::<Vec<_>>(), [oficina.id]);
    }
}

#[tokio::test]
async fn two_secrets_live_at_once_and_no_more() {
    for db in databases("client_secrets").await {
        let nuvol = client("nuvol", ClientRole::AdminUi);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.clients().insert(&nuvol, NOW).await.expect("inserts"), Inserted::Done);
        let (old, new) = ((id(), hash(SecretKind::ClientSecret)), (id(), hash(SecretKind::ClientSecret)));
        assert_eq!(tx.clients().add_secret(old.0, nuvol.id, &old.1, NOW).await.expect("adds"), Attempt::Won);
        assert_eq!(tx.clients().add_secret(new.0, nuvol.id, &new.1, NOW).await.expect("adds"), Attempt::Won);
        let third = hash(SecretKind::ClientSecret);
        assert_eq!(tx.clients().add_secret(id(), nuvol.id, &third, NOW).await.expect("asks"), Attempt::Lost, "{}", db.name);
        tx.clients().expire_secrets(&[old.0], later(60)).await.expect("expires");
        tx.commit().await.expect("commits");
        let find = async |now| db.store.read().clients().find(nuvol.id, now).await.expect("asks").expect("is there").secrets;
        let both = find(NOW).await;
        assert_eq!(both.len(), 2, "{}: the old one works until then", db.name);
        assert!(both.iter().any(|secret| secret.matches(&old.1)) && both.iter().any(|secret| secret.matches(&new.1)));
        assert_eq!(find(later(60)).await, [new.1], "{}", db.name);
        assert_eq!(db.store.read().clients().list(NOW).await.expect("lists").len(), 1, "one client, whatever its secrets");
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.clients().add_secret(id(), nuvol.id, &third, later(61)).await.expect("adds"), Attempt::Won);
        tx.clients().expire_secrets(&[old.0, new.0], later(99)).await.expect("expires");
        tx.commit().await.expect("commits");
        assert!(!find(later(70)).await.contains(&old.1), "{}: an earlier end is not put off", db.name);
        assert_eq!(find(later(99)).await, [third], "{}", db.name);
    }
}

#[tokio::test]
async fn live_secrets_are_listed_newest_first_with_their_ends() {
    for db in databases("client_live_secrets").await {
        let (nuvol, other) = (client("nuvol", ClientRole::AdminUi), client("other", ClientRole::Machine));
        let tx = Cluster(&db.store).write().await;
        let (older, newer) = (id(), id());
        for client in [&nuvol, &other] {
            assert_eq!(tx.clients().insert(client, NOW).await.expect("inserts"), Inserted::Done);
        }
        for (secret, client, at) in [(newer, nuvol.id, later(5)), (older, nuvol.id, NOW), (id(), other.id, later(9))] {
            let hash = hash(SecretKind::ClientSecret);
            assert_eq!(tx.clients().add_secret(secret, client, &hash, at).await.expect("adds"), Attempt::Won);
        }
        tx.clients().expire_secrets(&[older], later(60)).await.expect("expires");
        tx.commit().await.expect("commits");
        let list = async |now| db.store.read().clients().list_live_secrets(nuvol.id, now).await.expect("lists");
        let newest = SecretTimes { id: newer, created_at: later(5), expires_at: None };
        let first = SecretTimes { id: older, created_at: NOW, expires_at: Some(later(60)) };
        assert_eq!(list(later(59)).await, [newest, first], "{}", db.name);
        assert_eq!(list(later(60)).await, [newest], "{}", db.name);
    }
}

#[tokio::test]
async fn a_client_is_switched_off_and_on_once_each_and_a_file_compared_before_does_not_undo_it() {
    for db in databases("client_switched").await {
        let (nuvol, other) = (client("nuvol", ClientRole::AdminUi), client("other", ClientRole::Machine));
        let tx = Cluster(&db.store).write().await;
        for client in [&nuvol, &other] {
            assert_eq!(tx.clients().insert(client, NOW).await.expect("inserts"), Inserted::Done);
        }
        assert_eq!(tx.clients().enable(nuvol.id).await.expect("asks"), Attempt::Lost, "{}: it is on", db.name);
        assert_eq!(tx.clients().disable(nuvol.id, later(5)).await.expect("switches"), Attempt::Won);
        assert_eq!(tx.clients().disable(nuvol.id, later(6)).await.expect("asks"), Attempt::Lost, "{}", db.name);
        assert_eq!(tx.clients().update(&nuvol, 1).await.expect("asks"), Updated::Stale, "{}", db.name);
        tx.commit().await.expect("commits");
        let since = async |client| db.store.read().clients().find(client, NOW).await.expect("asks").expect("is there").disabled_at;
        assert_eq!((since(nuvol.id).await, since(other.id).await), (Some(later(5)), None), "{}", db.name);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.clients().enable(nuvol.id).await.expect("switches"), Attempt::Won);
        tx.commit().await.expect("commits");
        assert_eq!(since(nuvol.id).await, None, "{}", db.name);
    }
}

#[tokio::test]
async fn a_client_changed_meanwhile_is_not_overwritten() {
    for db in databases("client_stale").await {
        let mut nuvol = client("nuvol", ClientRole::AdminUi);
        let tx = Cluster(&db.store).write().await;
        assert_eq!(tx.clients().insert(&nuvol, NOW).await.expect("inserts"), Inserted::Done);
        nuvol.redirect_uris = vec![RedirectUri::parse("https://nou.example.cat/cb").expect("a URI")];
        nuvol.scopes = scope("openid");
        nuvol.profile = Preset::Generic.profile();
        nuvol.disabled_at = Some(later(5));
        assert_eq!(tx.clients().update(&nuvol, 1).await.expect("updates"), Updated::Done);
        assert_eq!(tx.clients().update(&nuvol, 1).await.expect("asks"), Updated::Stale, "{}", db.name);
        tx.clients().mark_decided(nuvol.id, later(6)).await.expect("marks");
        tx.commit().await.expect("commits");
        let found = db.store.read().clients().find_managed(nuvol.id, NOW).await.expect("asks").expect("is there");
        assert_eq!((found.version, found.created_at, found.decided_at), (2, NOW, Some(later(6))), "{}", db.name);
        assert_eq!(found.client.redirect_uris, nuvol.redirect_uris);
        assert_eq!((found.client.scopes, found.client.profile, found.client.disabled_at), (nuvol.scopes, nuvol.profile, nuvol.disabled_at));
    }
}

#[tokio::test]
async fn an_audience_belongs_to_one_client() {
    for db in databases("audience").await {
        let (one, other) = (client("one", ClientRole::Machine), client("other", ClientRole::Machine));
        let tx = Cluster(&db.store).write().await;
        for client in [&one, &other] {
            assert_eq!(tx.clients().insert(client, NOW).await.expect("inserts"), Inserted::Done);
        }
        let audience = "https://api.example.cat";
        assert_eq!(tx.clients().serve_audience(audience, one.id).await.expect("serves"), Inserted::Done);
        assert_eq!(tx.clients().serve_audience(audience, one.id).await.expect("serves"), Inserted::Done, "again");
        assert_eq!(tx.clients().serve_audience(audience, other.id).await.expect("asks"), Inserted::Taken, "{}", db.name);
        tx.clients().stop_audience(audience, other.id).await.expect("changes nothing");
        assert_eq!(tx.clients().find_resource_server(audience).await.expect("asks"), Some(one.id));
        assert_eq!(tx.clients().list_audiences(one.id).await.expect("lists"), [audience]);
        tx.clients().stop_audience(audience, one.id).await.expect("stops");
        assert_eq!(tx.clients().find_resource_server(audience).await.expect("asks"), None);
        tx.commit().await.expect("commits");
    }
}
