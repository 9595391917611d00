use anyhow::{Context as _, Result};
use idp_domain::policy::Actor;
use integration_tests::{
    http::{self, Request},
    rp::{NONCE, Rp, header, payload},
    world::World,
};
use serde_json::json;
use url::Url;

use super::{CLUSTER, PASSWORD, browser, cloud, office};

#[tokio::test]
async fn nextcloud_finds_everything_in_the_id_token_in_its_own_shapes() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let cloud = cloud(&world);
    let tokens = cloud.tokens(&mut browser()?, "maria", PASSWORD).await?;
    let id_token = tokens["id_token"].as_str().context("an ID token")?;
    assert_eq!(header(id_token)?["alg"], "ES256");
    let claims = cloud.verify(id_token, Some(NONCE)).await?;
    assert_eq!(claims["groups"][0], json!({ "gid": "cc_ateneu", "displayName": "L'Ateneu" }));
    assert_eq!((&claims["quota"], &claims["nc_uid"]), (&json!("5 GB"), &json!("maria")));
    assert_eq!((&claims["locale"], &claims["language"]), (&json!("ca"), &json!("ca")));
    Ok(())
}

#[tokio::test]
async fn the_claims_parameter_is_honoured_and_what_is_unknown_ignored() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    let asked =
        r#"{"id_token":{"email":null,"groups":null,"favourite_colour":{"essential":true}},"userinfo":{"name":null,"collectives":null}}"#;
    let page = office.open(&mut maria, &[("claims", asked), ("scope", "openid")]).await?;
    let sent = office.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    let tokens = office.trade(&office.code(&sent)?).await?.must_be(200)?.json()?;
    let claims = office.verify(tokens["id_token"].as_str().unwrap_or_default(), Some(NONCE)).await?;
    assert_eq!(claims["email"], "maria@ateneu.test");
    assert!(claims["groups"].is_array() && !claims.contains_key("name") && !claims.contains_key("favourite_colour"));
    let userinfo = office.userinfo(tokens["access_token"].as_str().unwrap_or_default()).await?.json()?;
    assert_eq!(userinfo["name"], "Maria Puig i Ferrer");
    assert!(userinfo.get("email").is_none(), "asked for in the ID token only");
    assert!(userinfo.get("collectives").is_none(), "the client may not ask for it");
    Ok(())
}

#[tokio::test]
async fn userinfo_answers_what_its_token_was_asked_for_with_whatever_is_asked_later() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let (office, mut maria) = (office(&world), browser()?);
    office.sign_in(&mut maria, "maria", PASSWORD).await?;
    let mut issued = Vec::new();
    for asked in ["", r#"{"userinfo":{"email":null}}"#, r#"{"userinfo":{"name":null}}"#] {
        let sent = office.open(&mut maria, &[("claims", asked), ("scope", "openid")]).await?.location().context("a redirect")?;
        issued.push(office.trade(&office.code(&sent)?).await?.must_be(200)?.json()?);
    }
    for (tokens, (email, name)) in issued.iter().zip([(false, false), (true, false), (false, true)]) {
        let refreshed = office.refresh(tokens["refresh_token"].as_str().unwrap_or_default()).await?.must_be(200)?.json()?;
        for tokens in [tokens, &refreshed] {
            let userinfo = office.userinfo(tokens["access_token"].as_str().unwrap_or_default()).await?.must_be(200)?.json()?;
            assert_eq!((userinfo.get("email").is_some(), userinfo.get("name").is_some()), (email, name), "{userinfo}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_person_has_one_sub_in_each_sector_and_no_other() -> Result<()> {
    let client = |client_id: &str, sector: Option<&str>| {
        let sector = sector.map(|sector| format!("sector = \"{sector}\"\n")).unwrap_or_default();
        format!(
            "\n[[client]]\nclient_id = \"{client_id}\"\nservice = \"oficina\"\nsecret = \"a-secret-of-{client_id}-for-tests-only-000000\"\n\
             redirect_uris = [\"https://{client_id}.test/cb\"]\nscopes = [\"openid\"]\n{sector}"
        )
    };
    let clients = [("actes", Some("arxius")), ("fotos", Some("arxius")), ("caixa", Some("comptes")), ("estalvi", None)];
    let world = World::start(&clients.iter().fold(CLUSTER.to_owned(), |file, (id, sector)| file + &client(id, *sector))).await?;
    let (mut maria, mut pau) = (browser()?, browser()?);
    let subject = async |session: &mut _, username: &str, client_id: &str| -> Result<serde_json::Value> {
        let secret = format!("a-secret-of-{client_id}-for-tests-only-000000");
        let rp = Rp::new(&world.issuer, client_id, Some(&secret), &format!("https://{client_id}.test/cb"));
        let page = rp.open(session, &[("scope", "openid"), ("prompt", "login")]).await?;
        let sent = rp.answer_form(session, page, username, PASSWORD).await?.location().context("a redirect")?;
        let tokens = rp.trade(&rp.code(&sent)?).await?.must_be(200)?.json()?;
        let sub = rp.verify(tokens["id_token"].as_str().unwrap_or_default(), Some(NONCE)).await?["sub"].clone();
        let access_token = tokens["access_token"].as_str().unwrap_or_default();
        assert_eq!(rp.userinfo(access_token).await?.must_be(200)?.json()?["sub"], sub, "{client_id}");
        Ok(sub)
    };
    let mut subjects = Vec::new();
    for (client_id, _) in clients {
        subjects.push(subject(&mut maria, "maria", client_id).await?);
    }
    assert_eq!(subjects[0], subjects[1], "one sector, one name");
    assert!(subjects[0] != subjects[2] && subjects[0] != subjects[3] && subjects[2] != subjects[3], "{subjects:?}");
    world.wait(idp_domain::Ttl::days(400));
    assert_eq!(subject(&mut browser()?, "maria", "fotos").await?, subjects[0], "for good");
    assert!(!subjects.contains(&subject(&mut pau, "pau", "actes").await?), "another person");
    Ok(())
}

#[tokio::test]
async fn a_session_has_one_name_in_each_sector_so_that_it_joins_no_two() -> Result<()> {
    let client = |client_id: &str, sector: &str| {
        format!(
            "\n[[client]]\nclient_id = \"{client_id}\"\nservice = \"oficina\"\nsecret = \"a-secret-of-{client_id}-for-tests-only-000000\"\n\
             redirect_uris = [\"https://{client_id}.test/cb\"]\nscopes = [\"openid\"]\nsector = \"{sector}\"\n"
        )
    };
    let clients = [("actes", "arxius"), ("fotos", "arxius"), ("caixa", "comptes")];
    let world = World::start(&clients.iter().fold(CLUSTER.to_owned(), |file, (id, sector)| file + &client(id, sector))).await?;
    let mut maria = browser()?;
    let office = office(&world);
    let own = office.tokens(&mut maria, "maria", PASSWORD).await?;
    let own = payload(own["id_token"].as_str().context("an ID token")?)?;
    let (mut sids, mut hint) = (vec![own["sid"].clone()], String::new());
    for (client_id, _) in clients {
        let secret = format!("a-secret-of-{client_id}-for-tests-only-000000");
        let rp = Rp::new(&world.issuer, client_id, Some(&secret), &format!("https://{client_id}.test/cb"));
        let sent = rp.open(&mut maria, &[("scope", "openid")]).await?.location().context("a silent answer")?;
        let tokens = rp.trade(&rp.code(&sent)?).await?.must_be(200)?.json()?;
        hint = tokens["id_token"].as_str().context("an ID token")?.to_owned();
        let (id_token, access_token) = (payload(&hint)?, payload(tokens["access_token"].as_str().unwrap_or_default())?);
        assert_eq!(id_token["sid"], access_token["sid"], "{client_id}");
        sids.push(id_token["sid"].clone());
    }
    assert_eq!(sids[1], sids[2], "one sector, one name");
    assert!(sids[0] != sids[1] && sids[0] != sids[3] && sids[1] != sids[3], "{sids:?}");
    // and by that name the service may sign its person out
    let url = Url::parse_with_params(&world.at("/oauth/logout"), [("id_token_hint", hint)])?;
    maria.step(Request::get(url), None).await?;
    let silent = office.open(&mut maria, &[("prompt", "none")]).await?.location().context("a redirect")?;
    assert_eq!(http::parameter(&silent, "error").as_deref(), Some("login_required"));
    Ok(())
}

#[tokio::test]
async fn what_a_client_may_not_have_any_more_is_in_no_new_token() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "maria", PASSWORD).await?;
    assert_eq!(tokens["scope"], "openid profile email groups");
    let narrower =
        CLUSTER.replacen(r#"scopes = ["openid", "profile", "email", "groups", "offline_access"]"#, r#"scopes = ["openid", "email"]"#, 1);
    let console = world.console().await?;
    idp_app::apply::apply_text(&console.act(Actor::Operator, "apply"), "cluster.toml", &narrower, world.directory.path()).await?;
    let refreshed = office.refresh(tokens["refresh_token"].as_str().context("a refresh token")?).await?.must_be(200)?.json()?;
    assert_eq!(refreshed["scope"], "openid email");
    assert_eq!(payload(refreshed["access_token"].as_str().unwrap_or_default())?["scope"], "openid email");
    Ok(())
}

#[tokio::test]
async fn a_client_sees_only_the_collectives_its_service_is_offered_to() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let office = office(&world);
    let tokens = office.tokens(&mut browser()?, "pau", PASSWORD).await?;
    let userinfo = office.userinfo(tokens["access_token"].as_str().unwrap_or_default()).await?.json()?;
    assert_eq!(userinfo["groups"], json!(["cc_forn"]));
    assert_eq!(userinfo["service_role"], "reader");
    assert!(userinfo.get("quota").is_none(), "no grant sets one");
    Ok(())
}
