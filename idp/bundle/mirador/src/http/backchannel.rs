//! `/backchannel-logout`: the provider says that a session ended (OpenID Connect Back-Channel Logout 1.0 §2.5–§2.8).

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{Mirador, params};
use crate::logout_token::{self, LogoutToken, NotBelieved};

pub(super) async fn listen(State(state): State<Mirador>, headers: HeaderMap, form: String) -> Response {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"));
    let token = params::parse(&form).ok().filter(|_| is_form).and_then(|mut parameters| parameters.remove("logout_token"));
    let Some(token) = token else {
        return refuse(StatusCode::BAD_REQUEST, "a form with one `logout_token` is expected");
    };
    match verify(&state, &token).await {
        Ok(token) => match state.sessions.end(&token, state.settings.clock.now()) {
            Some(ended) => {
                tracing::info!(ended, "the provider ended a session");
                StatusCode::OK.into_response()
            }
            None => refuse(StatusCode::BAD_REQUEST, &NotBelieved::Replayed.to_string()),
        },
        Err(Trouble::NotBelieved(why)) => {
            tracing::warn!(%why, "a logout token was not believed");
            refuse(StatusCode::BAD_REQUEST, &why.to_string())
        }
        Err(Trouble::NoKeys) => refuse(StatusCode::SERVICE_UNAVAILABLE, "the provider's keys cannot be fetched"),
    }
}

enum Trouble {
    NotBelieved(NotBelieved),
    NoKeys,
}

async fn verify(state: &Mirador, token: &str) -> Result<LogoutToken, Trouble> {
    let provider = state.relying.provider();
    let now = state.settings.clock.now();
    let client_id = &state.settings.client_id;
    let metadata = provider.metadata().await.map_err(|_| Trouble::NoKeys)?;
    match logout_token::verify(token, &metadata, client_id, now) {
        Err(NotBelieved::UnknownKey) => {
            let metadata = provider.metadata_with_fresh_keys().await.map_err(|_| Trouble::NoKeys)?;
            logout_token::verify(token, &metadata, client_id, now)
        }
        verdict => verdict,
    }
    .map_err(Trouble::NotBelieved)
}

fn refuse(status: StatusCode, why: &str) -> Response {
    let body = serde_json::json!({ "error": "invalid_request", "error_description": why });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
