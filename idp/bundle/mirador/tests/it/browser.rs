//! A browser that talks to Mirador's router without a socket, and the small world around it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use mirador::{Clock, Settings};
use tower::ServiceExt as _;
use url::Url;

use crate::provider::{CLIENT_ID, CLIENT_SECRET, NOW, Provider};

pub(crate) const BASE: &str = "http://localhost:8082";

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).expect("the answer redirects")
    }
}

/// Mirador, its provider and the time.
pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) router: Router,
    clock: Arc<AtomicI64>,
}

impl World {
    pub(crate) async fn start() -> Self {
        let provider = Provider::start().await;
        Self::of(provider)
    }

    pub(crate) fn of(provider: Provider) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW * 1000));
        let settings = Settings::new(&provider.issuer, CLIENT_ID, CLIENT_SECRET, BASE).expect("the settings are valid");
        let router = mirador::router(settings.with_clock(Clock::Manual(clock.clone()))).expect("it starts");
        Self { provider, router, clock }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: BTreeMap::new() }
    }

    /// A browser with Maria signed in.
    pub(crate) async fn maria(&self) -> Browser {
        let mut browser = self.browser();
        let back = browser.ask(&self.provider).await;
        let answer = browser.get(&back).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{}", answer.body);
        browser
    }
}

/// Keeps cookies and nothing else.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, site: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header("sec-fetch-site", site);
        self.send(request, body).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(Body::from(body)).expect("the request is valid");
        let response = self.router.clone().oneshot(request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("cookies are text");
            let (name, rest) = line.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = to_bytes(body, 1 << 20).await.expect("the body arrives");
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).expect("the body is text") }
    }

    /// Goes to the provider, which remembers the question; returns the way back with a good answer.
    pub(crate) async fn ask(&mut self, provider: &Provider) -> String {
        let answer = self.get("/login").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let url = Url::parse(answer.location()).expect("it is a URL");
        let question: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let mut facts = provider.facts();
        facts.nonce.clone_from(&question["nonce"]);
        facts.challenge.clone_from(&question["code_challenge"]);
        drop(facts);
        answered(&[("state", &question["state"]), ("iss", &provider.issuer), ("code", "good")])
    }
}

/// The way back with these parameters.
pub(crate) fn answered(parameters: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/callback?{query}")
}
