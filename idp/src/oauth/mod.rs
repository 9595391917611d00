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
    routing::{get, post},
};

use crate::{http::paths, wiring::AppState};

/// Endpoints called by services, and the two that browsers reach from other sites: a cross-site request is their
/// purpose, so the guard against it must not stand before them.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(paths::OPENID_CONFIGURATION, get(published::discovery))
        .route(paths::OAUTH_METADATA, get(published::discovery))
        .route(paths::JWKS, get(published::jwks))
        .route(paths::AUTHORIZE, get(authorize::get).post(authorize::post))
        .route(paths::TOKEN, post(token::post))
        .route(paths::USERINFO, get(userinfo::get).post(userinfo::post))
        .route(paths::INTROSPECT, post(introspect::post))
        .route(paths::REVOKE, post(revoke::post))
        .route(paths::END_SESSION, get(end_session::get).post(end_session::post))
}
