use anyhow::{Context as _, Result};
use integration_tests::{
    http::{Request, Session},
    world::World,
};
use serde_json::Value;
use url::Url;

use super::{CLUSTER, office};

#[tokio::test]
async fn discovery_is_read_by_a_second_implementation() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let metadata = office(&world).discover().await?;
    assert_eq!(metadata.issuer().as_str(), world.issuer);
    assert_eq!(metadata.jwks().keys().len(), 9, "one key for each purpose and algorithm");
    Ok(())
}

#[tokio::test]
async fn both_well_known_documents_are_one_and_may_be_cached() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let mut session = Session::new()?;
    let openid = session.get(&world.at("/.well-known/openid-configuration")).await?.must_be(200)?;
    let oauth = session.get(&world.at("/.well-known/oauth-authorization-server")).await?.must_be(200)?;
    assert_eq!(openid.body, oauth.body);
    assert_eq!(openid.header("cache-control"), "public, max-age=3600");
    let again = Request::get(Url::parse(&world.at("/.well-known/openid-configuration"))?).header("if-none-match", openid.header("etag"));
    assert_eq!(session.step(again, None).await?.status.as_u16(), 304);
    let document: Value = openid.json()?;
    for (name, value) in document.as_object().context("an object")? {
        if name.ends_with("_endpoint") || name.ends_with("_uri") {
            assert!(value.as_str().is_some_and(|url| url.starts_with(&world.issuer)), "{name}");
        }
    }
    for offered in ["request_parameter_supported", "request_uri_parameter_supported"] {
        assert_eq!(document[offered], Value::Bool(false), "{offered}");
    }
    for promised in [
        "authorization_response_iss_parameter_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "claims_parameter_supported",
    ] {
        assert_eq!(document[promised], Value::Bool(true), "{promised}");
    }
    Ok(())
}

#[tokio::test]
async fn published_keys_have_no_private_part() -> Result<()> {
    let world = World::start(CLUSTER).await?;
    let keys = Session::new()?.get(&world.at("/oauth/jwks")).await?.must_be(200)?.json()?;
    let keys = keys["keys"].as_array().context("keys")?.clone();
    let mut kids: Vec<&str> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    kids.sort_unstable();
    kids.dedup();
    assert_eq!(kids.len(), keys.len(), "every key has a name of its own");
    for key in &keys {
        assert_eq!(key["use"], "sig");
        assert!(key["alg"].is_string());
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
    Ok(())
}
