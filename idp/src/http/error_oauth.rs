//! Errors to clients: the JSON of RFC 6749 §5.2 and the challenges of RFC 6750 §3.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use idp_domain::{Fault, fault::FaultKind};
use idp_protocol::{
    error::{BASIC_CHALLENGE, ErrorCode, OAuthError},
    userinfo::BearerRefusal,
};

use super::{context::Cx, fault, headers::Class};

/// An error of the token, introspection and revocation endpoints, with its status and, for 401, its challenge.
pub fn render(cx: &Cx, error: OAuthError) -> Response {
    let status = StatusCode::from_u16(error.token_status()).unwrap_or(StatusCode::BAD_REQUEST);
    render_as(cx, status, error)
}

/// The same with another status, for what HTTP itself has a word for (408, 413).
pub fn render_as(cx: &Cx, status: StatusCode, error: OAuthError) -> Response {
    let mut response = Response::new(error.to_json().into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    cx.edge.headers().dress(Class::Token, headers);
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(BASIC_CHALLENGE));
    }
    response
}

/// A refused access token: the error stands in the challenge and, when one is told, in the body.
pub fn bearer(cx: &Cx, refusal: BearerRefusal) -> Response {
    let body = refusal.error().map(OAuthError::to_json).unwrap_or_default();
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let headers = response.headers_mut();
    if refusal.error().is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    cx.edge.headers().dress(Class::Api, headers);
    if let Ok(challenge) = HeaderValue::try_from(refusal.challenge()) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The answer when something of ours went wrong: `server_error`, or `temporarily_unavailable` with `Retry-After`.
/// RFC 6749 names both for the authorization endpoint; at the others they say the same with an honest status.
pub fn fault(cx: &Cx, cause: &Fault) -> Response {
    match fault::report(cx, cause) {
        FaultKind::Broken => render(cx, OAuthError::new(ErrorCode::ServerError, "something went wrong here")),
        FaultKind::Unavailable => {
            let mut response = render(cx, OAuthError::new(ErrorCode::TemporarilyUnavailable, "not now, try again soon"));
            response.headers_mut().insert(header::RETRY_AFTER, fault::retry_after(cx));
            response
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::testing::{body, cx};

    #[tokio::test]
    async fn a_client_reads_code_and_description_and_nothing_is_cached() {
        let response = render(&cx(), OAuthError::invalid_client());
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], BASIC_CHALLENGE);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[header::PRAGMA], "no-cache");
        assert_eq!(body(response).await, r#"{"error":"invalid_client","error_description":"client authentication failed"}"#);
        let response = render(&cx(), OAuthError::invalid_request("duplicate parameter"));
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(!response.headers().contains_key(header::WWW_AUTHENTICATE));
    }

    #[tokio::test]
    async fn a_bearer_challenge_names_the_error_unless_there_was_no_token() {
        let missing = bearer(&cx(), BearerRefusal::Missing);
        assert_eq!(
            (missing.status(), &missing.headers()[header::WWW_AUTHENTICATE]),
            (StatusCode::UNAUTHORIZED, &HeaderValue::from_static("Bearer realm=\"aplec\""))
        );
        assert_eq!(body(missing).await, "");
        let invalid = bearer(&cx(), BearerRefusal::Invalid);
        assert!(invalid.headers()[header::WWW_AUTHENTICATE].to_str().expect("ASCII").contains("error=\"invalid_token\""));
        assert!(body(invalid).await.contains("invalid_token"));
    }

    #[tokio::test]
    async fn a_fault_tells_a_client_nothing_but_whether_to_come_back() {
        let broken = fault(&cx(), &Fault::broken("x", "secret detail"));
        assert_eq!(broken.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body(broken).await.contains("secret"));
        let later = fault(&cx(), &Fault::unavailable("x", "secret detail"));
        assert_eq!(later.status(), StatusCode::SERVICE_UNAVAILABLE);
        let seconds: u32 = later.headers()[header::RETRY_AFTER].to_str().expect("ASCII").parse().expect("a number");
        assert!((2..=8).contains(&seconds), "{seconds}");
    }
}
