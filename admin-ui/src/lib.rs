//! The managers' desk: a relying party that speaks only to the management API.
//!
//! It signs its managers in at the issuer like any other service ([`oidc`]), keeps everything it knows between two requests
//! in one sealed cookie ([`session`]) and asks the management API for every page and every act with the manager's own
//! token. It has no database, no rules about who may do what, and no back-channel logout: the API looks the session up on
//! each call, so a cookie that outlives its session opens nothing. Start reading at [`desk`].

mod desk;
mod env;
mod http;
mod key_files;
mod oidc;
mod seal;
mod serve;
mod session;
mod settings;
mod signing_in;
mod texts;
mod wiring;

use ::http::{StatusCode, header};
use axum::{
    Router,
    extract::Request,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};

pub use env::{Clock, Entropy};
pub use key_files::{KeyFiles, KeyFilesError};
pub use serve::serve;
pub use settings::{Settings, SettingsError, UrlProblem};
pub use wiring::{App, OpenError};

use crate::http::{cx::Cx, errors::Trouble, headers, paths};

/// The desk's pages.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(desk::routes())
        .route(paths::SIGN_IN, get(signing_in::begin))
        .route(paths::CALLBACK, get(signing_in::callback))
        .route(paths::SIGN_OUT, post(signing_in::sign_out))
        .route(paths::SIGNED_OUT, get(signing_in::signed_out))
        .route(paths::HEALTH, get(StatusCode::NO_CONTENT))
        .route("/assets/{file}", get(asset))
        .fallback(nowhere)
        .layer(middleware::from_fn_with_state(app.clone(), headers::around))
        .with_state(app)
}

async fn asset(request: Request) -> Response {
    match ui_kit::assets::find(request.uri().path()) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, ui_kit::assets::CACHE_CONTROL),
                (header::ETAG, asset.etag.as_str()),
            ],
            asset.bytes.as_slice(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn nowhere(cx: Cx) -> Response {
    cx.trouble(&Trouble::NotFound).into_response()
}

#[cfg(test)]
mod tests;
