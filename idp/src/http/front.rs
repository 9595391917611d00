//! The outermost service: is the request addressed to us, does the answer leave dressed, and what if a handler panics.

use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Router, body::Body, extract::Request, response::Response};
use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header, request::Parts};
use idp_domain::{issuer::Issuer, limits};
use tower::Service;

use super::{
    context::Cx,
    edge::Edge,
    error_stray::{self, Stray},
    headers::{Class, HeaderSet},
    paths,
};

/// Everything the provider answers. Cheap to clone: one per connection.
#[derive(Clone)]
pub struct Front {
    edge: Edge,
    hosts: Arc<[String]>,
    router: Router,
}

impl Front {
    /// In front of a router.
    pub fn new(edge: Edge, router: Router) -> Self {
        Self { hosts: hosts(edge.issuer()), edge, router }
    }

    /// The installation behind it.
    pub fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Answers one request. Never fails: whatever goes wrong is an answer too.
    pub async fn answer(mut self, request: Request) -> Response {
        let probe = matches!(request.uri().path(), paths::LIVE | paths::READY);
        if !probe && !addressed_to(&self.hosts, request.uri(), request.headers()) {
            let (parts, _) = request.into_parts();
            return error_stray::render(&Cx::of(&self.edge, &parts), Stray::Misdirected);
        }
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let spoken = LANGUAGE_HEADERS.map(|name| request.headers().get(name).cloned());
        if head(request.uri(), request.headers()) > limits::HEADERS {
            let (parts, _) = request.into_parts();
            return error_stray::render(&Cx::of(&self.edge, &parts), Stray::HeadTooLarge);
        }
        // a panic is one request's misfortune: the connection and the process go on (F30)
        let answered = AssertUnwindSafe(self.router.call(request)).catch_unwind().await;
        let mut response = match answered {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => self.panicked(&uri, spoken),
        };
        if !HeaderSet::dressed(response.headers()) {
            self.edge.headers().dress(Class::Api, response.headers_mut());
        }
        // the path only: a query may carry a code or a link's secret
        tracing::debug!(%method, path = uri.path(), status = response.status().as_u16(), "answered");
        response
    }

    /// The request itself went down with its handler; what is known of it is its target and in which language to answer.
    fn panicked(&self, uri: &Uri, spoken: [Option<HeaderValue>; 2]) -> Response {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.clone();
        for (name, value) in LANGUAGE_HEADERS.into_iter().zip(spoken) {
            request.headers_mut().extend(value.map(|value| (name, value)));
        }
        let (parts, _): (Parts, Body) = request.into_parts();
        let cx = Cx::of(&self.edge, &parts);
        tracing::error!(reference = %cx.request_id, path = uri.path(), "a handler panicked");
        error_stray::render(&cx, Stray::Panicked)
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(self.clone().answer(request).map(Ok))
    }
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").field("hosts", &self.hosts).finish_non_exhaustive()
    }
}

/// What a person's language is read from, the address aside.
const LANGUAGE_HEADERS: [HeaderName; 2] = [header::ACCEPT_LANGUAGE, header::COOKIE];

/// What `Host` may say: the issuer's authority, also with the port that its scheme implies.
fn hosts(issuer: &Issuer) -> Arc<[String]> {
    let authority = issuer.authority().to_ascii_lowercase();
    let implied = if issuer.is_loopback_http() { 80 } else { 443 };
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    if has_port { Arc::new([authority]) } else { Arc::new([format!("{authority}:{implied}"), authority]) }
}

/// Bytes in the target and the headers of a request.
fn head(target: &Uri, headers: &HeaderMap) -> usize {
    let target = target.path_and_query().map_or(0, |target| target.as_str().len());
    headers.iter().fold(target, |sum, (name, value)| sum + name.as_str().len() + value.len())
}

/// Links, cookies and the issuer never follow the `Host` header; a request for another host is not ours (D13).
fn addressed_to(hosts: &[String], uri: &Uri, headers: &HeaderMap) -> bool {
    let ours = |host: &str| hosts.iter().any(|ours| ours.eq_ignore_ascii_case(host));
    let mut named = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else { return false };
    // an absolute-form target outranks the header (RFC 9112 §3.2.2)
    host.to_str().is_ok_and(ours) && uri.authority().is_none_or(|authority| ours(authority.as_str()))
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use http::StatusCode;
    use tower::ServiceExt as _;

    use super::*;
    use crate::http::testing::{body, edge_at};

    async fn panics() -> Response {
        panic!("a bug")
    }

    fn front(issuer: &str) -> Front {
        let router = Router::new()
            .route("/", get(|| async { "hello" }))
            .route("/panic", get(panics))
            .route(paths::TOKEN, get(panics))
            .route(paths::LIVE, get(|| async {}));
        Front::new(edge_at(issuer), router)
    }

    async fn status(front: &Front, uri: &str, hosts: &[&str]) -> StatusCode {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        front.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible").status()
    }

    #[tokio::test]
    async fn a_request_for_another_host_is_misdirected() {
        let https = front("https://id.ateneu.cat");
        let local = front("http://localhost:8080");
        for (front, uri, hosts, expected) in [
            (&https, "/", vec!["id.ateneu.cat"], StatusCode::OK),
            (&https, "/", vec!["ID.Ateneu.cat:443"], StatusCode::OK),
            (&https, "/", vec!["id.ateneu.cat:80"], StatusCode::MISDIRECTED_REQUEST),
            (&https, "/", vec!["evil.cat"], StatusCode::MISDIRECTED_REQUEST),
            (&https, "/", vec!["id.ateneu.cat.evil.cat"], StatusCode::MISDIRECTED_REQUEST),
            (&https, "/", vec!["id.ateneu.cat", "evil.cat"], StatusCode::MISDIRECTED_REQUEST),
            (&https, "/", vec![], StatusCode::MISDIRECTED_REQUEST),
            (&https, "https://evil.cat/", vec!["id.ateneu.cat"], StatusCode::MISDIRECTED_REQUEST),
            (&https, "/health/live", vec!["10.0.0.7:9000"], StatusCode::OK),
            (&local, "/", vec!["localhost:8080"], StatusCode::OK),
            (&local, "/", vec!["localhost"], StatusCode::MISDIRECTED_REQUEST),
            (&local, "/", vec!["127.0.0.1:8080"], StatusCode::MISDIRECTED_REQUEST),
        ] {
            assert_eq!(status(front, uri, &hosts).await, expected, "{uri} {hosts:?}");
        }
    }

    #[tokio::test]
    async fn a_head_larger_than_we_read_is_refused_in_words() {
        let front = front("https://id.ateneu.cat");
        for (target, cookie, expected) in [
            ("/".to_owned(), limits::HEADERS / 2, StatusCode::OK),
            ("/".to_owned(), limits::HEADERS, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            (format!("/?q={}", "x".repeat(limits::HEADERS)), 1, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        ] {
            let request = Request::builder().uri(target).header("host", "id.ateneu.cat").header("cookie", "x".repeat(cookie));
            let response = front.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
            assert_eq!(response.status(), expected);
            assert!(!body(response).await.is_empty());
        }
    }

    #[tokio::test]
    async fn an_answer_that_nobody_dressed_leaves_in_the_strictest_dress() {
        let front = front("https://id.ateneu.cat");
        for path in ["/", "/nowhere"] {
            let request = Request::builder().uri(path).header("host", "id.ateneu.cat").body(Body::empty()).expect("a request");
            let response = front.clone().oneshot(request).await.expect("infallible");
            assert_eq!(response.headers()["cache-control"], "no-store");
            assert!(
                response.headers().contains_key("content-security-policy") && response.headers().contains_key("strict-transport-security")
            );
        }
    }

    #[tokio::test]
    async fn a_panic_is_one_requests_misfortune() {
        let front = front("https://id.ateneu.cat");
        let request = Request::builder().uri("/panic").header("host", "id.ateneu.cat").header("accept-language", "es");
        let response = front.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("infallible");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let page = body(response).await;
        assert!(page.contains("<html lang=\"es\">") && !page.contains("a bug"), "{page}");
        let request = Request::builder().uri(paths::TOKEN).header("host", "id.ateneu.cat").body(Body::empty()).expect("a request");
        let response = front.clone().oneshot(request).await.expect("infallible");
        assert_eq!(body(response).await, r#"{"error":"server_error","error_description":"something went wrong here"}"#);
        assert_eq!(status(&front, "/", &["id.ateneu.cat"]).await, StatusCode::OK);
    }
}
