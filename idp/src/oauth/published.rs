//! Discovery (OpenID Connect Discovery 1.0 §4, RFC 8414 §3) and keys (RFC 7517 §5): prepared bytes, no database, so that
//! relying parties keep working while it is away.

use axum::{extract::State, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{
    http::{assets, headers::Class},
    wiring::{AppState, Document},
};

/// `GET /.well-known/openid-configuration` and `GET /.well-known/oauth-authorization-server`.
pub(super) async fn discovery(State(state): State<AppState>, headers: HeaderMap) -> Response {
    send(&state, &headers, state.discovery(), "application/json")
}

/// `GET /oauth/jwks`.
pub(super) async fn jwks(State(state): State<AppState>, headers: HeaderMap) -> Response {
    send(&state, &headers, &state.jwks(), "application/jwk-set+json")
}

fn send(state: &AppState, headers: &HeaderMap, document: &Document, content_type: &'static str) -> Response {
    let known =
        headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).is_some_and(|tags| assets::names(tags, &document.etag));
    let mut response = Response::default();
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = document.bytes.clone().into();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Ok(tag) = HeaderValue::from_str(&document.etag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    // browsers of single-page services read these from their own origin; they are the same for everybody
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    state.edge.headers().dress(Class::Metadata, response.headers_mut());
    response
}
