//! What clients do beside signing people in: prove themselves by a key, look at tokens that are meant for them.

use anyhow::{Context as _, Result, anyhow};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use idp_domain::Ttl;
use integration_tests::{
    http::{Page, Request, Session},
    rp::{Rp, payload},
    world::World,
};
use keys::{Assertion, AssertionSigner, SigningAlg};
use openidconnect::{
    PrivateSigningKey as _,
    core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Value, json};
use url::Url;

use super::{CLUSTER, PASSWORD, browser, cloud};

const MACHINE: &str = "motor";
const API: &str = "https://api.tasques.test";

fn signer(alg: SigningAlg) -> Result<AssertionSigner> {
    Ok(AssertionSigner::from_pem(keys::testing::private_pem(alg))?)
}

/// The cluster with a machine that proves itself by a key.
fn with_machine() -> Result<String> {
    Ok(format!(
        "{CLUSTER}\n[[client]]\nclient_id = \"{MACHINE}\"\nkind = \"machine\"\nname = \"Motor\"\nauth = \"private_key_jwt\"\n\
         jwks = '''{}'''\ngrant_types = [\"client_credentials\"]\n",
        signer(SigningAlg::EdDsa)?.public_jwks()?
    ))
}

/// Asks for a token with this assertion.
async fn assert_with(world: &World, assertion: &str) -> Result<Page> {
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
    ];
    Session::new()?.step(Request::post(Url::parse(&world.at("/oauth/token"))?, fields), None).await
}

/// An assertion by the machine's own key, whatever it says.
fn signed(claims: &Value) -> Result<String> {
    let alg = SigningAlg::EdDsa;
    let key = CoreEdDsaPrivateSigningKey::from_ed25519_pem(keys::testing::private_pem(alg), None).map_err(|error| anyhow!(error))?;
    let header = json!({ "alg": "EdDSA", "kid": signer(alg)?.kid(), "typ": "JWT" });
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = key.sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

#[tokio::test]
async fn a_client_that_proves_itself_by_a_key_does_so_once_with_each_assertion() -> Result<()> {
    let world = World::start(&with_machine()?).await?;
    let own = signer(SigningAlg::EdDsa)?;
    let assertion =
        |jti: &'static str| Assertion { client_id: MACHINE, issuer: &world.issuer, jti, now: world.clock.now(), lifetime: Ttl::minutes(1) };
    let first = own.sign(&assertion("one"))?;
    let token = assert_with(&world, &first).await?.must_be(200)?.json()?;
    assert_eq!(payload(token["access_token"].as_str().context("a token")?)?["sub"], "client:motor");
    for (name, refused) in [
        ("the same again", first),
        ("the same jti in another assertion", own.sign(&Assertion { lifetime: Ttl::minutes(2), ..assertion("one") })?),
        ("another key", signer(SigningAlg::Es256)?.sign(&assertion("two"))?),
    ] {
        let answer = assert_with(&world, &refused).await?.must_be(401)?;
        assert_eq!(answer.json()?["error"], "invalid_client", "{name}");
    }
    assert_with(&world, &own.sign(&assertion("two"))?).await?.must_be(200)?;
    Ok(())
}

#[tokio::test]
async fn an_assertion_is_meant_for_the_issuer_and_for_nobody_else() -> Result<()> {
    let world = World::start(&with_machine()?).await?;
    let now = world.clock.now().millis() / 1000;
    let assertion = |aud: Value, jti: &str| signed(&json!({ "iss": MACHINE, "sub": MACHINE, "aud": aud, "exp": now + 60, "jti": jti }));
    let issuer = world.issuer.as_str();
    assert_with(&world, &assertion(json!(issuer), "right")?).await?.must_be(200)?;
    for (number, aud) in [
        json!("https://elsewhere.test"),
        json!(world.at("/oauth/token")),
        // one text, as RFC 10070 has it: an array is refused even where it names the issuer alone
        json!([issuer]),
        json!([issuer, "https://elsewhere.test"]),
        Value::Null,
    ]
    .into_iter()
    .enumerate()
    {
        let answer = assert_with(&world, &assertion(aud.clone(), &number.to_string())?).await?.must_be(401)?;
        assert_eq!(answer.json()?["error"], "invalid_client", "{aud}");
    }
    Ok(())
}

#[tokio::test]
async fn a_resource_server_looks_at_tokens_for_the_audiences_it_is_registered_for() -> Result<()> {
    let world = World::start(&format!(
        r#"{CLUSTER}
[[client]]
client_id = "tasques"
service = "oficina"
secret = "a-secret-of-the-tasks-for-tests-only000"
grant_types = ["authorization_code", "refresh_token", "client_credentials"]
redirect_uris = ["https://tasques.test/cb"]
resources = ["{API}"]
scopes = ["openid", "profile"]

[[client]]
client_id = "api"
kind = "machine"
name = "Tasques"
secret = "a-secret-of-the-resource-server-of-tests"
grant_types = ["client_credentials"]
introspects = ["{API}"]
"#
    ))
    .await?;
    let tasks = Rp::new(&world.issuer, "tasques", Some("a-secret-of-the-tasks-for-tests-only000"), "https://tasques.test/cb");
    let api = Rp::new(&world.issuer, "api", Some("a-secret-of-the-resource-server-of-tests"), "");
    let fields = |resource: &'static str| [("grant_type", "client_credentials"), ("resource", resource)];
    let of_machine = tasks.call("/oauth/token", &fields(API)).await?.must_be(200)?.json()?;
    let mut maria = browser()?;
    let page = tasks.open(&mut maria, &[("scope", "openid profile"), ("resource", API)]).await?;
    let sent = tasks.answer_form(&mut maria, page, "maria", PASSWORD).await?.location().context("a redirect")?;
    let of_maria = tasks.trade(&tasks.code(&sent)?).await?.must_be(200)?.json()?;
    for (tokens, username) in [(&of_machine, Value::Null), (&of_maria, json!("maria"))] {
        let token = tokens["access_token"].as_str().context("a token")?;
        let seen = api.call("/oauth/introspect", &[("token", token)]).await?.must_be(200)?.json()?;
        assert_eq!((&seen["active"], &seen["aud"], &seen["client_id"]), (&json!(true), &json!(API), &json!("tasques")));
        assert_eq!(seen["username"], username);
        assert!(!cloud(&world).is_active(token).await?, "not for everybody");
    }
    // the name comes with `profile`, as everywhere
    let hop = tasks.open(&mut maria, &[("scope", "openid"), ("resource", API)]).await?.location().context("a silent answer")?;
    let nameless = tasks.trade(&tasks.code(&hop)?).await?.must_be(200)?.json()?;
    for (token, who) in [(&nameless["access_token"], &api), (&nameless["refresh_token"], &tasks)] {
        let seen = who.call("/oauth/introspect", &[("token", token.as_str().context("a token")?)]).await?.must_be(200)?.json()?;
        assert_eq!((&seen["active"], &seen["username"]), (&json!(true), &Value::Null));
    }
    let elsewhere = tasks.call("/oauth/token", &fields("")).await?.must_be(200)?.json()?;
    let refresh = of_maria["refresh_token"].as_str().context("a refresh token")?;
    for not_its in [elsewhere["access_token"].as_str().context("a token")?, refresh] {
        assert!(tasks.is_active(not_its).await? && !api.is_active(not_its).await?);
    }
    for given_back in [refresh, nameless["refresh_token"].as_str().context("a refresh token")?] {
        tasks.call("/oauth/revoke", &[("token", given_back)]).await?.must_be(200)?;
    }
    assert!(!api.is_active(of_maria["access_token"].as_str().unwrap_or_default()).await?, "what was revoked is inactive for all");
    Ok(())
}
