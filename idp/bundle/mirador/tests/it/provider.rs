//! A provider on loopback whose answers each test can spoil.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use tokio::net::TcpListener;

pub(crate) const CLIENT_ID: &str = "mirador";
pub(crate) const CLIENT_SECRET: &str = "a secret of thirty-two characters";
/// 2026-03-03T14:05:00Z in seconds.
pub(crate) const NOW: i64 = 1_772_546_700;

/// A key pair and the name it is published under.
pub(crate) struct Key {
    pub(crate) kid: String,
    pair: Ed25519KeyPair,
}

impl Key {
    pub(crate) fn new(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: Ed25519KeyPair::generate().expect("a key can be made") }
    }

    fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref());
        json!({ "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.kid, "x": x })
    }

    /// A JWT with exactly this header and these claims.
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(signed.as_bytes()).as_ref());
        format!("{signed}.{signature}")
    }
}

/// What the provider does next.
pub(crate) struct Facts {
    pub(crate) key: Key,
    /// Keys in the JWKS; the signing key is among them unless a test takes it out.
    pub(crate) published: Vec<Value>,
    /// What the authorization request carried.
    pub(crate) nonce: String,
    pub(crate) challenge: String,
    /// Claims put over the ID token's own; `null` removes.
    pub(crate) spoil: Value,
    pub(crate) header: Value,
    pub(crate) userinfo_sub: String,
    pub(crate) token_error: Option<&'static str>,
    pub(crate) discoveries: usize,
    pub(crate) key_fetches: usize,
}

/// axum's own needs a feature the programs do not use.
struct Json(Value);
impl IntoResponse for Json {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, "application/json")], self.0.to_string()).into_response()
    }
}

/// A running provider.
#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    facts: Arc<Mutex<Facts>>,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let provider = Self::absent().await;
        provider.appear().await;
        provider
    }

    /// A provider with an address where nobody answers yet.
    pub(crate) async fn absent() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a loopback port is free");
        let issuer = format!("http://{}", listener.local_addr().expect("it is bound"));
        let key = Key::new("first");
        let facts = Facts {
            published: vec![key.jwk()],
            header: json!({ "alg": "EdDSA", "kid": key.kid, "typ": "JWT" }),
            key,
            nonce: String::new(),
            challenge: String::new(),
            spoil: json!({}),
            userinfo_sub: "s-maria".to_owned(),
            token_error: None,
            discoveries: 0,
            key_fetches: 0,
        };
        Self { issuer, facts: Arc::new(Mutex::new(facts)) }
    }

    /// Answers from now on.
    pub(crate) async fn appear(&self) {
        let address = self.issuer.trim_start_matches("http://");
        let listener = TcpListener::bind(address).await.expect("the port is still free");
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub(crate) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Signs with a new key from now on, published or not.
    pub(crate) fn rotate(&self, kid: &str, publish: bool) {
        let mut facts = self.facts();
        facts.key = Key::new(kid);
        facts.header["kid"] = json!(kid);
        if publish {
            let jwk = facts.key.jwk();
            facts.published.push(jwk);
        }
    }
}

async fn discovery(State(provider): State<Provider>) -> Json {
    provider.facts().discoveries += 1;
    let issuer = &provider.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys(State(provider): State<Provider>) -> Json {
    let mut facts = provider.facts();
    facts.key_fetches += 1;
    Json(json!({ "keys": facts.published }))
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, body: String) -> Response {
    let facts = provider.facts();
    let parameters: std::collections::BTreeMap<String, String> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let secret: String = url::form_urlencoded::byte_serialize(CLIENT_SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{secret}")));
    let verifier = parameters.get("code_verifier").cloned().unwrap_or_default();
    let proved = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == facts.challenge;
    let known = headers.get(header::AUTHORIZATION).is_some_and(|value| value.as_bytes() == basic.as_bytes());
    let refusal = facts.token_error.or((!known).then_some("invalid_client")).or((!proved).then_some("invalid_grant"));
    if let Some(code) = refusal {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": code }))).into_response();
    }
    let hash = Sha512::digest(b"the access token");
    let mut claims = json!({
        "iss": provider.issuer, "aud": CLIENT_ID, "sub": "s-maria", "sid": "session-1", "iat": NOW, "exp": NOW + 300,
        "nonce": facts.nonce, "groups": ["cc_ateneu", "cc_ateneu_managers"], "at_hash": URL_SAFE_NO_PAD.encode(&hash[..32]),
    });
    let (Some(claims_map), Some(spoil)) = (claims.as_object_mut(), facts.spoil.as_object()) else { unreachable!("both are objects") };
    for (name, value) in spoil {
        claims_map.insert(name.clone(), value.clone());
    }
    claims_map.retain(|_, value| !value.is_null());
    let id_token = facts.key.sign(&facts.header, &claims);
    let answer = json!({ "access_token": "the access token", "token_type": "Bearer", "expires_in": 300, "id_token": id_token });
    Json(answer).into_response()
}

async fn userinfo(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Bearer the access token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(json!({
        "sub": provider.facts().userinfo_sub, "name": "Maria <b>Rosell</b>", "preferred_username": "maria",
        "email": "maria@exemple.cat", "email_verified": true, "service_role": "editora", "quota": 5_368_709_120_u64,
        "locale": "ca", "updated_at": NOW - 86_400, "groups": ["cc_ateneu", "cc_ateneu_managers"],
        "collectives": [{ "id": "ateneu", "name": "L'Ateneu", "roles": ["member", "manager"], "home": true }],
        "services": [{ "id": "mirador", "role": "editora", "via": "ateneu" }],
    }))
    .into_response()
}
