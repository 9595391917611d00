//! The revocation endpoint (RFC 7009).

use axum::{extract::State, response::Response};
use idp_app::{Failure, revoke::revoke_token};
use idp_domain::policy::Actor;

use super::respond::{Authorization, json, parameters};
use crate::{
    http::{context::Cx, error_oauth, forms::RawForm},
    wiring::AppState,
};

/// `POST /oauth/revoke`: 200 for everything but a client that does not prove who it is.
pub(super) async fn post(State(state): State<AppState>, cx: Cx, header: Authorization, form: RawForm) -> Response {
    let params = match parameters(&cx, &form) {
        Ok(params) => params,
        Err(response) => return response,
    };
    match revoke_token(&cx.act(&state.app, Actor::System), header.text(), &params).await {
        Ok(()) => json(&cx, Vec::new()),
        Err(Failure::Refused(error)) => error_oauth::render(&cx, error),
        Err(Failure::Fault(fault)) => error_oauth::fault(&cx, &fault),
    }
}
