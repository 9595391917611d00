//! Is the process alive, and can it serve? For whoever starts and balances it; neither tells anything else.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// `GET /health/live`: answering is the answer.
pub async fn live() -> Response {
    answer(StatusCode::OK, "alive\n")
}

/// The body of `GET /health/ready`.
pub fn ready(is_ready: Readiness) -> Response {
    match is_ready {
        Readiness::Ready => answer(StatusCode::OK, "ready\n"),
        Readiness::NotNow => answer(StatusCode::SERVICE_UNAVAILABLE, "not ready\n"),
    }
}

/// Whether requests should come here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// They should.
    Ready,
    /// The database does not answer.
    NotNow,
}

fn answer(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
