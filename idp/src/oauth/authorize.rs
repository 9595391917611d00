//! The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2).

use axum::{extract::State, response::Response};
use idp_app::{
    Failure,
    authorize::{self, Received, Satisfied, Step},
};
use idp_domain::policy::Actor;
use idp_protocol::{Params, authorize::PageError, respond::Answer};

use super::respond::{error_to_client, to_client};
use crate::{
    http::{
        context::{BrowserCookie, Cx},
        error_page::{self, Detail, PageProblem},
        forms::{BrowserForm, RawQuery},
        paths,
    },
    pages::{visitor::Visitor, waiting::Waiting},
    wiring::AppState,
};

/// A request by POST must still fit into an address after this many bytes.
const LONGEST_QUERY: usize = 12 * 1024;

/// `GET /oauth/authorize`.
pub(super) async fn get(State(state): State<AppState>, cx: Cx, cookie: BrowserCookie, RawQuery(query): RawQuery) -> Response {
    let Ok(params) = Params::salvage(query.as_bytes()) else { return error_page::bad_authorization_request(&cx, Detail::TooLarge) };
    let act = cx.act(&state.app, Actor::System);
    let received = match authorize::receive(&act, &params).await {
        Ok(received) => received,
        Err(Failure::Refused(error)) => return refuse(&cx, error),
        Err(Failure::Fault(fault)) => return error_page::fault(&cx, &fault),
    };
    let (client, redirect, request) = match received {
        Received::Request { client, redirect, request } => (client, redirect, request),
        Received::Flawed { redirect, error } => return error_to_client(&cx, &redirect, error),
    };
    let visitor = match Visitor::recognise(state.app, cx, cookie).await {
        Ok(visitor) => visitor,
        Err(response) => return response,
    };
    match authorize::proceed(&act, &client, &request, &visitor.browser, Satisfied::NOTHING).await {
        Ok(Step::Code(code)) => to_client(&visitor.cx, &redirect, Answer::Code(code.expose())),
        Ok(Step::Error(error)) => error_to_client(&visitor.cx, &redirect, error),
        // every other step needs a page, which decides again
        Ok(step @ (Step::SignIn | Step::ChooseAccount | Step::Consent(_) | Step::NoAccess(_))) => {
            Waiting::begin(&visitor, client, redirect, *request).follow(&visitor, step).await
        }
        Err(fault) => error_page::fault(&visitor.cx, &fault),
    }
}

/// `POST /oauth/authorize` (OIDC Core §3.1.2.1). Browsers keep our cookie from a cross-site POST, so it becomes a GET.
pub(super) async fn post(cx: Cx, BrowserForm(form): BrowserForm) -> Response {
    match std::str::from_utf8(&form) {
        Ok(query) if query.len() > LONGEST_QUERY => error_page::bad_authorization_request(&cx, Detail::TooLarge),
        Ok(query) if query.bytes().all(|byte| byte.is_ascii_graphic()) => cx.see_other(&format!("{}?{query}", paths::AUTHORIZE)),
        _ => error_page::render(&cx, PageProblem::BadAuthorizationRequest),
    }
}

/// The page for a request that nobody may be redirected for (N-03).
pub(crate) fn refuse(cx: &Cx, error: PageError) -> Response {
    match error {
        PageError::UnknownClient | PageError::DisabledClient => error_page::render(cx, PageProblem::UnknownClient),
        PageError::UnregisteredRedirectUri => error_page::render(cx, PageProblem::UnregisteredRedirect),
        PageError::MissingClientId => error_page::bad_authorization_request(cx, Detail::Missing("client_id")),
        PageError::MissingRedirectUri => error_page::bad_authorization_request(cx, Detail::Missing("redirect_uri")),
        PageError::UnusableParameter(parameter) => error_page::bad_authorization_request(cx, Detail::Unusable(parameter)),
    }
}
