//! The service's few addresses and what every answer carries.

mod answer;
mod backchannel;
mod callback;
mod cookies;
mod home;
mod login;
mod logout;
mod params;
mod visitor;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use ui_kit::assets;

use self::visitor::Visitor;
use crate::{
    Settings,
    oidc::{Relying, StartError},
    sessions::Sessions,
};

/// Longer than any form that comes here.
const MAX_FORM: usize = 64 * 1024;

/// What every handler shares.
#[derive(Clone)]
struct Mirador {
    settings: Settings,
    relying: Arc<Relying>,
    sessions: Arc<Sessions>,
}

/// The whole service. Asks the provider nothing until the first visit, so it may start first.
pub fn router(settings: Settings) -> Result<Router, StartError> {
    let relying = Arc::new(Relying::new(settings.clone())?);
    let state = Mirador { relying, sessions: Arc::default(), settings };
    let https = state.settings.is_https();
    Ok(Router::new()
        .route("/", get(home::show))
        .route("/login", get(login::begin))
        .route("/callback", get(callback::finish))
        .route("/logout", post(logout::leave))
        .route("/backchannel-logout", post(backchannel::listen))
        .route("/assets/{file}", get(asset))
        .fallback(home::nowhere)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(map_response(move |response: Response| async move { guarded(response, https) }))
        .with_state(state))
}

async fn asset(Path(file): Path<String>, State(state): State<Mirador>, visitor: Visitor, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&format!("/assets/{file}")) else {
        return home::nowhere(State(state), visitor).await;
    };
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == asset.etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, assets::CACHE_CONTROL)]).into_response();
    }
    let headers =
        [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, assets::CACHE_CONTROL), (header::ETAG, asset.etag.as_str())];
    (headers, asset.bytes.as_slice()).into_response()
}

/// Headers of every answer; a handler's own win.
fn guarded(mut response: Response, https: bool) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
    response
}
