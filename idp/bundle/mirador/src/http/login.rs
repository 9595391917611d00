//! `/login`: off to the provider.

use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    Mirador, answer,
    cookies::{self, SESSION},
    visitor::Visitor,
};
use crate::{env::random_token, oidc::Failure, views};

pub(super) async fn begin(State(state): State<Mirador>, visitor: Visitor) -> Response {
    let begun = state.relying.begin(visitor.t.lang().tag(), visitor.now).await;
    let fresh = random_token().map_err(|error| Failure::Unexpected(error.to_string()));
    match begun.and_then(|begun| Ok((begun, fresh?))) {
        Ok(((url, pending), fresh)) => {
            let id = state.sessions.begin(visitor.session_id.as_deref(), fresh, pending, visitor.now);
            let mut response = answer::see_other(url.as_str());
            answer::set_cookie(&mut response, &cookies::write(SESSION, &id, None, state.settings.is_https()));
            response
        }
        Err(failure) => failed(&state, &visitor, &failure),
    }
}

/// The page for a sign-in that did not work out.
pub(super) fn failed(state: &Mirador, visitor: &Visitor, failure: &Failure) -> Response {
    tracing::warn!(%failure, "a sign-in failed");
    let (status, words) = match failure {
        Failure::Unavailable(_) => (StatusCode::BAD_GATEWAY, "unavailable"),
        Failure::CodeRefused(_) => (StatusCode::BAD_REQUEST, "expired"),
        Failure::Untrusted(_) => (StatusCode::BAD_GATEWAY, "untrusted"),
        Failure::Unexpected(_) => (StatusCode::INTERNAL_SERVER_ERROR, "unexpected"),
    };
    answer::page(state, visitor, status, &views::trouble(visitor.t, words, &state.settings.issuer, None), None)
}
