//! Userinfo (OIDC Core §5.3), by GET and POST, with the token in the header or in a form.

use axum::{
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, HeaderValue, header};
use idp_app::{Failure, userinfo::userinfo};
use idp_domain::{limits, policy::Actor};
use idp_protocol::{
    Params,
    userinfo::{BearerRefusal, bearer},
};

use super::respond::Authorization;
use crate::{
    http::{
        context::Cx,
        error_oauth,
        forms::{BodyRefusal, FORM_TYPE, read_body, refused_form},
        headers::Class,
    },
    wiring::AppState,
};

/// `GET /oauth/userinfo`.
pub(super) async fn get(State(state): State<AppState>, cx: Cx, headers: HeaderMap) -> Response {
    answer(&state, &cx, &headers, None).await
}

/// `POST /oauth/userinfo`. A body that is no form carries no token (RFC 6750 §2.2).
pub(super) async fn post(State(state): State<AppState>, cx: Cx, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let form = match read_body(&parts.headers, body, FORM_TYPE, limits::FORM).await {
        Ok(bytes) => match Params::parse(&bytes) {
            Ok(params) => Some(params),
            Err(error) => return error_oauth::bearer(&cx, BearerRefusal::Unreadable(error.to_oauth().description)),
        },
        Err(BodyRefusal::ContentType) => None,
        Err(refusal) => return refused_form(&cx, refusal),
    };
    answer(&state, &cx, &parts.headers, form.as_ref()).await
}

async fn answer(state: &AppState, cx: &Cx, headers: &HeaderMap, form: Option<&Params>) -> Response {
    let header = match Authorization::of(headers) {
        Ok(header) => header,
        Err(error) => return error_oauth::bearer(cx, BearerRefusal::Unreadable(error.description)),
    };
    let token = match bearer(header.text(), form) {
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
