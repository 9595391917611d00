//! Userinfo (OIDC Core §5.3), by GET and POST, with the token in the header or in a form.

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderValue, header};
use idp_app::{Failure, userinfo::userinfo};
use idp_domain::{limits, policy::Actor};
use idp_protocol::{
    Params,
    userinfo::{BearerRefusal, bearer},
};

use super::respond::Authorization;
use crate::{
    http::{context::Cx, error_oauth, forms::read_body, headers::Class},
    wiring::AppState,
};

/// `GET /oauth/userinfo`.
pub(super) async fn get(State(state): State<AppState>, cx: Cx, header: Authorization) -> Response {
    answer(&state, &cx, bearer(header.text(), None)).await
}

/// `POST /oauth/userinfo`. A body that is no form carries no token (RFC 6750 §2.2).
pub(super) async fn post(State(state): State<AppState>, cx: Cx, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match read_body(&parts.headers, body, "application/x-www-form-urlencoded", limits::FORM).await {
        Ok(bytes) => match Params::parse(&bytes) {
            Ok(params) => Some(params),
            Err(_) => return error_oauth::bearer(&cx, BearerRefusal::Malformed),
        },
        Err(_) => None,
    };
    answer(&state, &cx, bearer(Authorization::of(&parts.headers).text(), form.as_ref())).await
}

async fn answer(state: &AppState, cx: &Cx, token: Result<&str, BearerRefusal>) -> Response {
    let token = match token {
        Ok(token) => token,
        Err(refusal) => return error_oauth::bearer(cx, refusal),
    };
    match userinfo(&cx.act(&state.app, Actor::System), token).await {
        Ok(claims) => {
            let mut response = Response::new(serde_json::Value::Object(claims).to_string().into());
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            cx.edge.headers().dress(Class::Api, response.headers_mut());
            response
        }
        Err(Failure::Refused(refusal)) => error_oauth::bearer(cx, refusal),
        Err(Failure::Fault(fault)) => error_oauth::fault(cx, &fault),
    }
}
