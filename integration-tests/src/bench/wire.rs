//! One kept-alive connection of the generator: bytes out, bytes in, nothing followed and nothing interpreted.

use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

/// How often a request is repeated after "not now".
const MOST_REPETITIONS: usize = 50;
/// More than any answer of ours.
const LARGEST: usize = 1 << 20;

/// A request to send.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: Method,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
}

impl Ask {
    pub fn get(target: impl Into<String>) -> Self {
        Self { method: Method::GET, target: target.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// A form.
    pub fn post(target: impl Into<String>, body: String) -> Self {
        let form = (header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        Self { method: Method::POST, target: target.into(), headers: vec![form], body: body.into() }
    }

    pub fn with(mut self, name: HeaderName, value: &str) -> Result<Self> {
        self.headers.push((name, HeaderValue::from_str(value)?));
        Ok(self)
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn must_be(self, status: StatusCode) -> Result<Self> {
        let said: String = String::from_utf8_lossy(&self.body).chars().take(600).collect();
        ensure!(self.status == status, "expected {status}, got {}: {said}", self.status);
        Ok(self)
    }

    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn json(&self) -> Result<serde_json::Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

/// A request with its answer, to be played again by a server that does nothing but answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub ask: Ask,
    pub answer: Answer,
}

/// An answer in a form that fits into a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recorded {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl From<&Answer> for Recorded {
    fn from(answer: &Answer) -> Self {
        // these two are the server's own
        let framing = [header::DATE, header::CONTENT_LENGTH];
        let headers = answer
            .headers
            .iter()
            .filter(|(name, _)| !framing.contains(name))
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        Self { status: answer.status.as_u16(), headers: headers.collect(), body: answer.body.to_vec() }
    }
}

/// A connection to the server.
#[derive(Debug)]
pub struct Connection {
    sender: SendRequest<Body>,
    host: HeaderValue,
    recorded: Option<Vec<Exchange>>,
}

impl Connection {
    pub async fn open(address: SocketAddr, host: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| address.to_string())?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // ends with the connection; what went wrong is told to whoever sends
        tokio::spawn(connection);
        Ok(Self { sender, host: HeaderValue::from_str(host)?, recorded: None })
    }

    /// Keeps what is said from now on.
    pub fn record(&mut self) {
        self.recorded = Some(Vec::new());
    }

    /// What was said since [`Self::record`].
    pub fn take_recorded(&mut self) -> Vec<Exchange> {
        self.recorded.take().unwrap_or_default()
    }

    /// Asks, and asks again when the answer is "not now", as a relying party does: an unoptimised server on a busy machine
    /// sheds password hashes.
    pub async fn send(&mut self, ask: &Ask) -> Result<Answer> {
        for _ in 0..MOST_REPETITIONS {
            let answer = self.send_once(ask).await?;
            if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                return Ok(answer);
            }
        }
        self.send_once(ask).await
    }

    async fn send_once(&mut self, ask: &Ask) -> Result<Answer> {
        let mut request = Request::new(Body::from(ask.body.clone()));
        *request.method_mut() = ask.method.clone();
        *request.uri_mut() = ask.target.parse()?;
        request.headers_mut().insert(header::HOST, self.host.clone());
        for (name, value) in &ask.headers {
            request.headers_mut().append(name, value.clone());
        }
        self.sender.ready().await.context("the server closed the connection")?;
        let (parts, body) = self.sender.send_request(request).await.with_context(|| ask.target.clone())?.into_parts();
        let body = to_bytes(Body::new(body), LARGEST).await?;
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        if let Some(recorded) = &mut self.recorded {
            recorded.push(Exchange { ask: ask.clone(), answer: answer.clone() });
        }
        Ok(answer)
    }
}
