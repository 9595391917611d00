//! Sending answers: JSON to clients, codes and errors through a browser.

use axum::{
    extract::{FromRef, FromRequestParts},
    response::Response,
};
use http::{HeaderMap, HeaderValue, header, request::Parts};
use idp_domain::redirect::RedirectUri;
use idp_protocol::{
    OAuthError, Params,
    authorize::TrustedRedirect,
    respond::{Answer, Delivery, deliver},
};
use maud::html;
use ui_kit::{LinkButton, Shell, Width, actions, assets};

use crate::http::{context::Cx, edge::Edge, error_oauth, forms::RawForm, headers::Class};

/// JSON of the token endpoint and its neighbours: never cached (N-22).
pub(super) fn json(cx: &Cx, body: Vec<u8>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    cx.edge.headers().dress(Class::Token, response.headers_mut());
    response
}

/// The parameters of a form body, or the error to send.
pub(super) fn parameters(cx: &Cx, form: &RawForm) -> Result<Params, Response> {
    Params::parse(&form.0).map_err(|error| error_oauth::render(cx, error.to_oauth()))
}

/// The `Authorization` header, when there is one. Two are refused: which of them counts, whoever stands before us may have seen
/// otherwise. So is one that cannot be read: a client that proves itself in two ways would otherwise pass with one (N-23).
pub(crate) struct Authorization(Option<HeaderValue>);

impl Authorization {
    /// From the headers of a request.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, OAuthError> {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        match (values.next(), values.next()) {
            (Some(value), None) if value.to_str().is_err() => Err(OAuthError::invalid_request("the Authorization header is not text")),
            (value, None) => Ok(Self(value.cloned())),
            _ => Err(OAuthError::invalid_request("the Authorization header is repeated")),
        }
    }
    pub(crate) fn text(&self) -> Option<&str> {
        self.0.as_ref().and_then(|value| value.to_str().ok())
    }
}

impl<S> FromRequestParts<S> for Authorization
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        Self::of(&parts.headers).map_err(|error| error_oauth::render(&Cx::of(&Edge::from_ref(state), parts), error))
    }
}

/// Sends an authorization response to the client: 303, or a page whose form posts itself.
pub(crate) fn to_client(cx: &Cx, redirect: &TrustedRedirect, answer: Answer<'_>) -> Response {
    match deliver(redirect, cx.edge.issuer(), answer) {
        Delivery::Redirect { location } => cx.see_client(&location),
        Delivery::FormPost { action, fields } => form_post(cx, &action, &fields),
    }
}

/// Sends the answer to a form by a page that goes on by itself: for redirects that the policy of the form's page cannot name, and
/// that Chromium would not follow (D17).
pub(crate) fn to_client_by_page(cx: &Cx, redirect: &TrustedRedirect, answer: Answer<'_>) -> Response {
    match deliver(redirect, cx.edge.issuer(), answer) {
        Delivery::Redirect { location } => continue_at(cx, location),
        Delivery::FormPost { action, fields } => form_post(cx, &action, &fields),
    }
}

/// Sends an error to the client.
pub(crate) fn error_to_client(cx: &Cx, redirect: &TrustedRedirect, error: OAuthError) -> Response {
    to_client(cx, redirect, Answer::Error(error))
}

fn continue_at(cx: &Cx, location: String) -> Response {
    let title = cx.t().msg("continue-title");
    let body = html! {
        h1 { (title) }
        (actions(html! { (LinkButton::primary(cx.t().msg("continue-button"), &location)) }))
    };
    let mut response =
        cx.page(ui_kit::page(&Shell { refresh: Some((0, location)), languages: Vec::new(), ..cx.shell(title).narrow() }, body));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// OAuth 2.0 Form Post Response Mode §2. The script only presses the button; without it the person does.
fn form_post<N: AsRef<str>>(cx: &Cx, action: &str, fields: &[(N, String)]) -> Response {
    let t = cx.t();
    // nobody types anything here: the scheme suffices, wherever the service leads from there
    let scheme = RedirectUri::parse(action).map(|uri| format!("{}:", uri.scheme())).unwrap_or_default();
    let body = html! {
        h1 { (t.msg("continue-title")) }
        form method="post" action=(action) {
            @for (name, value) in fields {
                input type="hidden" name=(name.as_ref()) value=(value);
            }
            button.button type="submit" { (t.msg("continue-button")) }
        }
        script src=(assets::submit_script().path) defer {}
    };
    let markup = ui_kit::page(&cx.shell(t.msg("continue-title")).width(Width::Narrow), body);
    let mut response = cx.page_of(http::StatusCode::OK, Class::FormPost(&scheme), markup);
    // the page holds a code: its address must not travel, but a form needs an `Origin` its receiver can read
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("origin"));
    response
}
