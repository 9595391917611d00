//! What every answer carries, and what every request must.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{cookies::Jar, paths};
use crate::wiring::App;

/// How long one request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// Around everything: the host's name, the cookies, the headers.
pub(crate) async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let is_health = request.uri().path() == paths::HEALTH;
    if !is_health && asked.is_none_or(|host| !host.eq_ignore_ascii_case(&app.settings.authority())) {
        // by configuration, never by what a browser says: nobody lends us another name (D13)
        return (StatusCode::MISDIRECTED_REQUEST, format!("This is {}\n", app.settings.base_url)).into_response();
    }
    let jar = Arc::new(Jar::of(request.headers(), app.settings.is_plain()));
    request.extensions_mut().insert(Arc::clone(&jar));
    let mut response = match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    for cookie in jar.to_headers() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    protect(response.headers_mut(), &app);
    response
}

/// Security headers. `form-action` names the issuer too: Chromium applies it to the whole chain of redirects after a form
/// is sent, and that chain may lead through a new sign-in or sign out there.
fn protect(headers: &mut HeaderMap, app: &App) {
    let policy = format!(
        "{}; form-action 'self' {}; require-trusted-types-for 'script'",
        ui_kit::CONTENT_SECURITY_POLICY,
        app.settings.issuer.origin().ascii_serialization()
    );
    // an origin is ASCII, so this cannot fail; without a policy nothing is sent
    headers
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'")));
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // not `no-referrer`: browsers would send `Origin: null` with forms
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(), publickey-credentials-create=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !app.settings.is_plain() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains; preload"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
