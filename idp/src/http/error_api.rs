//! Errors of the management API: RFC 9457 problems.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use idp_api::{PROBLEM_JSON, Problem, ProblemType};
use idp_domain::{Fault, Ttl, fault::FaultKind};
use idp_protocol::userinfo::BearerRefusal;

use super::{context::Cx, fault, headers::Class};

/// The answer with a problem; the request's reference is its `instance`.
pub fn render(cx: &Cx, problem: Problem) -> Response {
    let kind = problem.kind;
    let problem = problem.with_instance(&*cx.request_id);
    // strings, a number and lists of strings: always serialisable
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    cx.edge.headers().dress(Class::Api, headers);
    if matches!(kind, ProblemType::Unavailable | ProblemType::TooManyRequests) {
        headers.insert(header::RETRY_AFTER, fault::retry_after(cx));
    }
    response
}

/// The same, with the time after which it may be tried again (RFC 9110 §10.2.3).
pub fn come_back(cx: &Cx, problem: Problem, wait: Ttl) -> Response {
    let mut response = render(cx, problem);
    // whole seconds, rounded up: not one too early
    let seconds = (wait.as_millis().max(1) + 999).div_euclid(1000);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// A refused access token, with the challenge of RFC 6750 §3 or RFC 9470 §3.
pub fn bearer(cx: &Cx, refusal: BearerRefusal) -> Response {
    let kind = match refusal {
        BearerRefusal::TwoMethods | BearerRefusal::Malformed | BearerRefusal::Unreadable(_) => ProblemType::InvalidRequest,
        BearerRefusal::Missing | BearerRefusal::Invalid => ProblemType::Unauthorized,
        BearerRefusal::InsufficientScope(_) => ProblemType::InsufficientScope,
        BearerRefusal::StaleAuthentication { .. } => ProblemType::StepUp,
    };
    let mut response = render(cx, Problem::new(kind));
    if let Ok(challenge) = HeaderValue::try_from(refusal.challenge()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The answer when something of ours went wrong.
pub fn fault(cx: &Cx, cause: &Fault) -> Response {
    render(
        cx,
        Problem::new(match fault::report(cx, cause) {
            FaultKind::Broken => ProblemType::Internal,
            FaultKind::Unavailable => ProblemType::Unavailable,
        }),
    )
}

/// The fallback of the API's router.
pub async fn not_found(cx: Cx) -> Response {
    render(&cx, Problem::new(ProblemType::NotFound))
}

/// The fallback for a path that exists with other methods.
pub async fn method_not_allowed(cx: Cx) -> Response {
    render(&cx, Problem::new(ProblemType::MethodNotAllowed))
}

#[cfg(test)]
mod tests {
    use idp_domain::scope::Scope;

    use super::*;
    use crate::http::testing::{body, cx};

    #[tokio::test]
    async fn a_problem_carries_its_status_its_type_and_the_reference() {
        let cx = cx();
        for &kind in ProblemType::ALL {
            let response = render(&cx, Problem::new(kind));
            assert_eq!(response.status().as_u16(), kind.status());
            assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
            let told: Problem = serde_json::from_str(&body(response).await).expect("a problem");
            assert_eq!((told.kind, told.instance.as_deref()), (kind, Some(&*cx.request_id)));
        }
    }

    #[tokio::test]
    async fn a_fault_shows_its_reference_and_no_detail() {
        let response = fault(&cx(), &Fault::broken("place", "secret detail"));
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!body(response).await.contains("secret"));
        assert!(fault(&cx(), &Fault::unavailable("place", "x")).headers().contains_key(header::RETRY_AFTER));
    }

    #[test]
    fn a_refused_token_is_challenged() {
        let stale = BearerRefusal::StaleAuthentication { max_age: Some(Ttl::minutes(5)), acr: None };
        for (refusal, status, challenge) in [
            (BearerRefusal::Missing, 401, "Bearer realm=\"aplec\""),
            (BearerRefusal::Invalid, 401, "error=\"invalid_token\""),
            (BearerRefusal::InsufficientScope(Scope::Manage), 403, "scope=\"manage\""),
            (stale, 401, "error=\"insufficient_user_authentication\""),
        ] {
            let response = bearer(&cx(), refusal);
            let told = response.headers()[header::WWW_AUTHENTICATE].to_str().expect("ASCII");
            assert_eq!(response.status().as_u16(), status);
            assert!(told.contains(challenge), "{told}");
        }
    }
}
