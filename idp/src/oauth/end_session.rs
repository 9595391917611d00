//! Where services send people to sign out (OpenID Connect RP-Initiated Logout 1.0).

use axum::{extract::State, response::Response};
use idp_app::{
    browser::{self, Browser},
    logout::{self, EndSession},
};
use idp_domain::policy::Actor;
use idp_protocol::{
    Params,
    logout::{EndSessionRequest, PostLogoutRedirect},
};

use crate::{
    http::{
        context::{BrowserCookie, Cx},
        error_page::{self, PageProblem},
        forms::{BrowserForm, RawQuery},
        paths,
    },
    pages,
    wiring::AppState,
};

/// `GET /oauth/logout`.
pub(super) async fn get(State(state): State<AppState>, cx: Cx, cookie: BrowserCookie, RawQuery(query): RawQuery) -> Response {
    match Params::parse(query.as_bytes()) {
        Ok(params) => answer(&state, &cx, cookie, &EndSessionRequest::read(&params)).await,
        Err(_) => error_page::render(&cx, PageProblem::BadRequest),
    }
}

/// `POST /oauth/logout`. Browsers keep our cookie from a cross-site POST, so it becomes a GET.
pub(super) async fn post(cx: Cx, BrowserForm(form): BrowserForm) -> Response {
    match std::str::from_utf8(&form) {
        Ok(query) if query.len() <= 12 * 1024 && query.bytes().all(|byte| byte.is_ascii_graphic()) => {
            cx.see_other(&format!("{}?{query}", paths::END_SESSION))
        }
        _ => error_page::render(&cx, PageProblem::BadRequest),
    }
}

async fn answer(state: &AppState, cx: &Cx, cookie: BrowserCookie, request: &EndSessionRequest) -> Response {
    let act = cx.act(&state.app, Actor::System);
    let browser: Option<Browser> = match &cookie.0 {
        Some(secret) => match browser::recognise(&act, secret).await {
            Ok(browser) => Some(browser),
            Err(fault) => return error_page::fault(cx, &fault),
        },
        None => None,
    };
    match logout::read_end_session(&act, request, browser.as_ref()).await {
        Ok(EndSession::Now { session, redirect }) => {
            if let (Some(session), Some(browser)) = (session, &browser)
                && let Err(fault) = logout::end_session(&act, browser, session).await
            {
                return error_page::fault(cx, &fault);
            }
            leave(cx, redirect.as_ref())
        }
        Ok(EndSession::Confirm { redirect, client }) => {
            pages::logout::ask(cx, cookie.0, browser.as_ref(), client.as_deref(), redirect.as_ref())
        }
        Err(fault) => error_page::fault(cx, &fault),
    }
}

/// Back to the service that asked, or to our own farewell.
fn leave(cx: &Cx, redirect: Option<&PostLogoutRedirect>) -> Response {
    match redirect {
        Some(redirect) => cx.see_client(redirect.location()),
        None => pages::logout::farewell(cx),
    }
}
