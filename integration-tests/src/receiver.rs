//! A service's end of back-channel logout, on a loopback port: it remembers every token and answers as told.

use std::{
    collections::VecDeque,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, Result, ensure};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{JsonWebKey as _, core::CoreJwsSigningAlgorithm};
use serde_json::{Map, Value};
use tokio::net::TcpListener;

use crate::rp::{self, Rp};

/// What the service does with the next token; the last one stands for all that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// Answers with this status.
    Status(u16),
    /// Never answers.
    Silence,
}

#[derive(Debug, Default)]
struct Ear {
    replies: VecDeque<Reply>,
    heard: Vec<String>,
}

/// A service that hears logout tokens.
#[derive(Debug)]
pub struct Receiver {
    /// Where tokens go.
    pub uri: String,
    ear: Arc<Mutex<Ear>>,
}

impl Receiver {
    /// Listens and answers 200.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let uri = format!("http://localhost:{}/backchannel", listener.local_addr()?.port());
        let ear = Arc::new(Mutex::new(Ear::default()));
        let router = Router::new().route("/backchannel", post(hear)).with_state(Arc::clone(&ear));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { uri, ear })
    }

    /// Answers like this from now on; the last reply stays.
    pub fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        lock(&self.ear).replies = replies.into_iter().collect();
    }

    /// Every token so far.
    pub fn heard(&self) -> Vec<String> {
        lock(&self.ear).heard.clone()
    }
}

fn lock(ear: &Mutex<Ear>) -> std::sync::MutexGuard<'_, Ear> {
    ear.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn hear(State(ear): State<Arc<Mutex<Ear>>>, headers: HeaderMap, body: String) -> StatusCode {
    // OIDC Back-Channel Logout §2.5
    if headers.get(header::CONTENT_TYPE).is_none_or(|form| form != "application/x-www-form-urlencoded") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE;
    }
    let fields: Vec<_> = url::form_urlencoded::parse(body.as_bytes()).collect();
    let [(name, token)] = fields.as_slice() else { return StatusCode::BAD_REQUEST };
    if name != "logout_token" {
        return StatusCode::BAD_REQUEST;
    }
    let reply = {
        let mut ear = lock(&ear);
        ear.heard.push(token.to_string());
        if ear.replies.len() > 1 { ear.replies.pop_front() } else { ear.replies.front().copied() }
    };
    match reply {
        None => StatusCode::OK,
        Some(Reply::Status(status)) => StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        Some(Reply::Silence) => std::future::pending().await,
    }
}

/// The claims of a logout token, once its signature by a key that `openidconnect` discovered and everything OIDC Back-Channel
/// Logout §2.4 and §2.6 ask for are right. `now` in seconds.
pub async fn verify_logout_token(rp: &Rp, token: &str, now: i64) -> Result<Map<String, Value>> {
    let metadata = rp.discover().await?;
    let header = rp::header(token)?;
    ensure!(header["typ"] == "logout+jwt", "{header}");
    let kid = header["kid"].as_str().context("a kid")?;
    let published = metadata.jwks().keys().iter();
    let key = published.into_iter().find(|key| key.key_id().is_some_and(|id| id.as_str() == kid)).context("a published key")?;
    let alg: CoreJwsSigningAlgorithm = serde_json::from_value(header["alg"].clone())?;
    let (signed, signature) = token.rsplit_once('.').context("a JWT")?;
    key.verify_signature(&alg, signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature)?)?;
    let Value::Object(claims) = rp::payload(token)? else { anyhow::bail!("the claims are no object") };
    ensure!(claims["iss"] == *rp.issuer && claims["aud"] == *rp.client_id, "{claims:?}");
    let seconds = |name: &str| claims[name].as_i64().with_context(|| format!("{name} in seconds"));
    let (issued, expires) = (seconds("iat")?, seconds("exp")?);
    ensure!(issued == now && expires > now && expires <= now + 120, "made at {issued}, good until {expires}, heard at {now}");
    ensure!(claims["jti"].as_str().is_some_and(|jti| !jti.is_empty()), "{claims:?}");
    ensure!(claims["events"] == serde_json::json!({ "http://schemas.openid.net/event/backchannel-logout": {} }), "{claims:?}");
    ensure!(!claims.contains_key("nonce") && (claims.contains_key("sid") || claims.contains_key("sub")), "{claims:?}");
    Ok(claims)
}
