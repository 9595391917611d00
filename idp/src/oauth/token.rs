//! The token endpoint (RFC 6749 §3.2).

use axum::{extract::State, response::Response};
use idp_app::{Failure, grant_types};
use idp_domain::policy::Actor;

use super::respond::{Authorization, json, parameters};
use crate::{
    http::{context::Cx, error_oauth, forms::RawForm},
    wiring::AppState,
};

/// `POST /oauth/token`.
pub(super) async fn post(State(state): State<AppState>, cx: Cx, header: Authorization, form: RawForm) -> Response {
    let params = match parameters(&cx, &form) {
        Ok(params) => params,
        Err(response) => return response,
    };
    let act = cx.act(&state.app, Actor::System);
    match grant_types::redeem(&act, header.text(), &params).await {
        Ok(tokens) => match serde_json::to_vec(&tokens) {
            Ok(body) => json(&cx, body),
            Err(error) => error_oauth::fault(&cx, &idp_domain::Fault::broken("oauth.token", error)),
        },
        Err(Failure::Refused(error)) => error_oauth::render(&cx, error),
        Err(Failure::Fault(fault)) => error_oauth::fault(&cx, &fault),
    }
}
