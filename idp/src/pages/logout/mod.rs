//! Signing out of this browser: asked for here, or by a service without a hint that would do.

pub(super) mod view;

use axum::response::Response;
use http::StatusCode;
use idp_app::{browser::Browser, logout::end_session};
use idp_domain::{client::Client, redirect::RedirectUri, secret::Secret};
use idp_protocol::logout::PostLogoutRedirect;

use self::view::LogoutView;
use super::visitor::Visitor;
use crate::http::{context::Cx, forms::PageForm, headers::Class, paths};

/// The hidden field with the address to go to afterwards.
const TO: &str = "to";

/// The form's name. The address to go to afterwards is part of it, so that the token vouches for that address: it was
/// checked against the client's registered ones when the page was made.
pub(super) fn form(to: Option<&str>) -> String {
    format!("logout:{}", to.unwrap_or_default())
}

/// The page of a service's request that needs the person's yes. Without a session there is nothing to ask.
pub(crate) fn ask(
    cx: &Cx,
    cookie: Option<Secret>,
    browser: Option<&Browser>,
    client: Option<&Client>,
    redirect: Option<&PostLogoutRedirect>,
) -> Response {
    let (Some(secret), Some(live)) = (cookie, browser.and_then(Browser::current)) else {
        return match redirect {
            Some(redirect) => cx.see_client(redirect.location()),
            None => farewell(cx),
        };
    };
    let to = redirect.map(PostLogoutRedirect::location);
    let view = LogoutView {
        name: live.person.display_name.to_string(),
        asked_by: client.map(|client| client.name.clone()),
        to: to.map(str::to_owned),
        csrf: cx.csrf(&secret, &form(to)),
    };
    // nothing on this page is secret: the scheme suffices, wherever the service leads from there
    let scheme = to.and_then(|to| RedirectUri::parse(to).ok()).map(|uri| format!("{}:", uri.scheme()));
    let class = scheme.as_deref().map_or(Class::Page, Class::PageSubmittingTo);
    cx.page_of(StatusCode::OK, class, view::page(cx.shell(""), &view))
}

/// The page of somebody who left.
pub(crate) fn farewell(cx: &Cx) -> Response {
    cx.page(view::farewell(cx.shell("")))
}

/// `GET /logout`.
pub(super) async fn show(visitor: Visitor) -> Response {
    ask(&visitor.cx, Some(visitor.secret.clone()), Some(&visitor.browser), None, None)
}

/// `POST /logout`: ends the current session.
pub(super) async fn submit(visitor: Visitor, sent: PageForm) -> Result<Response, Response> {
    let to = sent.0.given(TO);
    visitor.check(&sent, &form(to))?;
    if let Some(live) = visitor.browser.current() {
        end_session(&visitor.act_as(live), &visitor.browser, live.session.id).await.map_err(|fault| visitor.fault(&fault))?;
    }
    Ok(match to {
        Some(to) => visitor.cx.see_client(to),
        None if visitor.browser.sessions.len() > 1 => visitor.go(paths::ACCOUNT),
        None => farewell(&visitor.cx),
    })
}
