//! The protocol's endpoints, one file each: extract, let the application decide, respond.

pub(crate) mod authorize;
mod end_session;
mod introspect;
mod published;
pub(crate) mod respond;
mod revoke;
mod token;
mod userinfo;

use axum::{
    Router,
    response::Response,
    routing::{get, post},
};
use http::{HeaderValue, header};

use crate::{
    http::{context::Cx, error_stray, paths},
    wiring::AppState,
};

/// Endpoints called by services, and the two that browsers reach from other sites: a cross-site request is their
/// purpose, so the guard against it must not stand before them.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(paths::OPENID_CONFIGURATION, get(published::discovery))
        .route(paths::OAUTH_METADATA, get(published::discovery))
        .route(paths::JWKS, get(published::jwks))
        .route(paths::AUTHORIZE, get(authorize::get).post(authorize::post).head(not_by_head))
        .route(paths::TOKEN, post(token::post))
        .route(paths::USERINFO, get(userinfo::get).post(userinfo::post))
        .route(paths::INTROSPECT, post(introspect::post))
        .route(paths::REVOKE, post(revoke::post))
        .route(paths::END_SESSION, get(end_session::get).post(end_session::post).head(not_by_head))
}

/// HEAD asks for nothing to happen (RFC 9110 §9.2.1): no code is issued and nobody is signed out for it.
async fn not_by_head(cx: Cx) -> Response {
    let mut response = error_stray::method_not_allowed(cx).await;
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,POST"));
    response
}
