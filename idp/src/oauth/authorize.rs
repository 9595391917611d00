//! The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2).

use axum::{extract::State, response::Response};
use http::header;
use idp_app::{
    Failure,
    authorize::{self, Received, Satisfied, Step},
    browser::{self, Browser},
    flow::Flow,
};
use idp_domain::{policy::Actor, secret::SecretKind};
use idp_protocol::{Params, authorize::PageError, respond::Answer};

use super::respond::{error_to_client, to_client};
use crate::{
    http::{
        context::{BrowserCookie, Cx},
        cookies::Keep,
        error_page::{self, PageProblem},
        forms::{RawForm, RawQuery},
        paths,
    },
    wiring::AppState,
};

/// A request by POST must still fit into an address after this many bytes.
const LONGEST_QUERY: usize = 12 * 1024;

/// `GET /oauth/authorize`.
pub(super) async fn get(State(state): State<AppState>, cx: Cx, cookie: BrowserCookie, RawQuery(query): RawQuery) -> Response {
    let Ok(params) = Params::salvage(query.as_bytes()) else { return error_page::render(&cx, PageProblem::BadAuthorizationRequest) };
    let act = cx.act(&state.app, Actor::System);
    let received = match authorize::receive(&act, &params).await {
        Ok(received) => received,
        Err(Failure::Refused(error)) => return error_page::render(&cx, problem(error)),
        Err(Failure::Fault(fault)) => return error_page::fault(&cx, &fault),
    };
    let (client, redirect, request) = match received {
        Received::Request { client, redirect, request } => (client, redirect, request),
        Received::Flawed { redirect, error } => return error_to_client(&cx, &redirect, error),
    };
    let recognised = match &cookie.0 {
        Some(secret) => browser::recognise(&act, secret).await,
        None => Ok(Browser::unknown(act.app.entropy().secret(SecretKind::Browser).hash())),
    };
    let decided = match recognised {
        Ok(browser) => authorize::proceed(&act, &client, &request, &browser, Satisfied::NOTHING).await,
        Err(fault) => Err(fault),
    };
    match decided {
        Ok(Step::Code(code)) => to_client(&cx, &redirect, Answer::Code(code.expose())),
        Ok(Step::Error(error)) => error_to_client(&cx, &redirect, error),
        // every other step needs a page: the request waits in a flow, and the dispatcher decides again from there
        Ok(Step::SignIn | Step::ChooseAccount | Step::Consent(_) | Step::NoAccess(_)) => wait(&act, &cx, cookie, *request).await,
        Err(fault) => error_page::fault(&cx, &fault),
    }
}

/// `POST /oauth/authorize` (OIDC Core §3.1.2.1). Browsers keep our cookie from a cross-site POST, so it becomes a GET.
pub(super) async fn post(cx: Cx, RawForm(form): RawForm) -> Response {
    match std::str::from_utf8(&form) {
        Ok(query) if query.len() <= LONGEST_QUERY && query.bytes().all(|byte| byte.is_ascii_graphic()) => {
            cx.see_other(&format!("{}?{query}", paths::AUTHORIZE))
        }
        _ => error_page::render(&cx, PageProblem::BadAuthorizationRequest),
    }
}

async fn wait(act: &idp_app::Act, cx: &Cx, cookie: BrowserCookie, request: idp_domain::authorization::AuthorizationRequest) -> Response {
    let fresh = cookie.0.is_none();
    let secret = cookie.0.unwrap_or_else(|| act.app.entropy().secret(SecretKind::Browser));
    match Flow::start(act, request, secret.hash()).await {
        Ok(flow) => {
            let mut response = cx.see_other(&paths::flow(paths::FLOW, flow.id));
            if fresh {
                response.headers_mut().append(header::SET_COOKIE, cx.edge.cookies().set_browser(&secret, Keep::UntilClosed));
            }
            response
        }
        Err(fault) => error_page::fault(cx, &fault),
    }
}

/// The page for a request that nobody may be redirected for (N-03).
pub(crate) const fn problem(error: PageError) -> PageProblem {
    match error {
        PageError::UnknownClient | PageError::DisabledClient => PageProblem::UnknownClient,
        PageError::UnregisteredRedirectUri => PageProblem::UnregisteredRedirect,
        PageError::MissingClientId | PageError::MissingRedirectUri | PageError::UnusableParameter(_) => {
            PageProblem::BadAuthorizationRequest
        }
    }
}
