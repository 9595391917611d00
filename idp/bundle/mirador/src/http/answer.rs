//! Pages and redirects as responses.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ui_kit::{CONTENT_SECURITY_POLICY, Markup};

use super::{Mirador, cookies, visitor::Visitor};

/// A page; forms on it may lead to this service and, through it, to `form_target`.
pub(super) fn page(state: &Mirador, visitor: &Visitor, status: StatusCode, markup: &Markup, form_target: Option<&str>) -> Response {
    let policy = format!("{CONTENT_SECURITY_POLICY}; form-action 'self' {}", form_target.unwrap_or_default());
    let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], markup.0.clone()).into_response();
    if let Ok(policy) = HeaderValue::from_str(policy.trim_end()) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Some(lang) = visitor.chosen {
        const YEAR: i64 = 365 * 86_400;
        set_cookie(&mut response, &cookies::write(cookies::LANGUAGE, lang.tag(), Some(YEAR), state.settings.is_https()));
    }
    response
}

/// 303, so that a form is never sent on (RFC 9700 §4.12).
pub(super) fn see_other(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Adds a `Set-Cookie` header; ours are always header-safe.
pub(super) fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
