//! The introspection endpoint (RFC 7662).

use axum::{extract::State, response::Response};
use idp_app::{Failure, introspect::introspect};
use idp_domain::policy::Actor;

use super::respond::{Authorization, json, parameters};
use crate::{
    http::{context::Cx, error_oauth, forms::RawForm},
    wiring::AppState,
};

/// `POST /oauth/introspect`.
pub(super) async fn post(State(state): State<AppState>, cx: Cx, header: Authorization, form: RawForm) -> Response {
    let params = match parameters(&cx, &form) {
        Ok(params) => params,
        Err(response) => return response,
    };
    match introspect(&cx.act(&state.app, Actor::System), header.text(), &params).await {
        Ok(answer) => json(&cx, answer.to_json().into_bytes()),
        Err(Failure::Refused(error)) => error_oauth::render(&cx, error),
        Err(Failure::Fault(fault)) => error_oauth::fault(&cx, &fault),
    }
}
