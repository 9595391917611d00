//! `/callback`: back from the provider, with a code or with a refusal (OpenID Connect Core 1.0 §3.1.2.5–§3.1.2.6).

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::{
    Mirador, answer,
    cookies::{self, SESSION},
    login, params,
    visitor::Visitor,
};
use crate::{env::random_token, oidc::Failure, views};

pub(super) async fn finish(State(state): State<Mirador>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let Ok(parameters) = params::parse(query.as_deref().unwrap_or_default()) else {
        return refuse(&state, &visitor, "lost", None);
    };
    let parameter = |name: &str| parameters.get(name).map(String::as_str);
    // before anything in the answer is believed: it is the answer to a question this browser asked, and our provider's
    let pending = visitor.session_id.as_deref().zip(parameter("state")).and_then(|(id, given)| {
        let pending = state.sessions.take_pending(id, given, visitor.now)?;
        Some((id, pending))
    });
    let Some((id, pending)) = pending else {
        // somebody who is signed in has only gone back and forth in their browser
        return if visitor.browser.signed_in.is_some() { answer::see_other("/") } else { refuse(&state, &visitor, "lost", None) };
    };
    if !state.relying.is_our_issuer(parameter("iss")) {
        tracing::warn!(iss = parameter("iss"), "an answer of another issuer");
        return refuse(&state, &visitor, "untrusted", None);
    }
    if let Some(code) = parameter("error") {
        let words = match code {
            "access_denied" => "denied",
            "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => "interrupted",
            "temporarily_unavailable" | "server_error" => "unavailable",
            _ => "refused",
        };
        return refuse(&state, &visitor, words, Some((code, parameter("error_description"))));
    }
    let Some(code) = parameter("code") else { return refuse(&state, &visitor, "lost", None) };
    let finished = state.relying.finish(code.to_owned(), pending, visitor.now).await;
    let fresh = random_token().map_err(|error| Failure::Unexpected(error.to_string()));
    match finished.and_then(|signed_in| Ok((signed_in, fresh?))) {
        Ok((signed_in, fresh)) => {
            let mut response = answer::see_other("/");
            answer::set_cookie(&mut response, &cookies::write(SESSION, &fresh, None, state.settings.is_https()));
            state.sessions.sign_in(id, fresh, signed_in, visitor.now);
            response
        }
        Err(failure) => login::failed(&state, &visitor, &failure),
    }
}

/// A page that says what happened; `detail` is the provider's own code and words.
fn refuse(state: &Mirador, visitor: &Visitor, words: &str, detail: Option<(&str, Option<&str>)>) -> Response {
    let status = if words == "denied" { StatusCode::FORBIDDEN } else { StatusCode::BAD_REQUEST };
    answer::page(state, visitor, status, &views::trouble(visitor.t, words, &state.settings.issuer, detail), None)
}
