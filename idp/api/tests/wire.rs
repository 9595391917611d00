//! The client and the wire: what it sends, and what it makes of each kind of answer.
#![cfg(feature = "client")]

use std::net::SocketAddr;

use axum::{
    Router,
    extract::Request,
    response::{IntoResponse, Response},
    routing::any,
};
use idp_api::{
    Grant, MembershipState, Problem, ProblemType,
    client::{ApiError, ManageApi, Portion},
};
use reqwest::StatusCode;
use url::Url;

/// A server that answers everything alike and tells what it was asked.
async fn answering(answer: impl Fn(&str) -> Response + Clone + Send + Sync + 'static) -> ManageApi {
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let asked = move |request: Request| {
        let answer = answer.clone();
        async move {
            let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
            let line = format!(
                "{} {} auth={} match={} key={}",
                request.method(),
                request.uri(),
                header("authorization"),
                header("if-match"),
                header("idempotency-key")
            );
            answer(&line)
        }
    };
    let router = Router::new().fallback(any(asked));
    tokio::spawn(async move { axum::serve(listener, router).await });
    ManageApi::of(&Url::parse(&format!("http://{address}")).expect("a URL")).expect("a client")
}

/// A problem whose detail is what the server was asked.
fn echo(line: &str) -> Response {
    let problem = Problem::new(ProblemType::Conflict).with_detail(line);
    problem_response(StatusCode::CONFLICT, &problem)
}

fn problem_response(status: StatusCode, problem: &Problem) -> Response {
    (status, [("content-type", "application/problem+json; charset=utf-8")], serde_json::to_string(problem).expect("JSON")).into_response()
}

fn detail(error: ApiError) -> String {
    let ApiError::Problem(problem) = error else { panic!("a problem: {error}") };
    problem.detail.unwrap_or_default()
}

#[tokio::test]
async fn every_call_carries_the_token_its_identifiers_and_its_condition() {
    let api = answering(echo).await;
    let caller = api.with("token");
    let portion = Portion { cursor: Some("a+b"), limit: Some(5) };
    let asked = detail(caller.members("col_1", Some("Núria & co"), Some(MembershipState::Active), portion).await.expect_err("told"));
    assert_eq!(
        asked,
        "GET /manage/v1/collectives/col_1/members?q=N%C3%BAria+%26+co&state=active&cursor=a%2Bb&limit=5 auth=Bearer token match=- key=-"
    );
    let asked = detail(caller.suspend("col_1", "mem_2", 7, &idp_api::WithReason::default()).await.expect_err("told"));
    assert_eq!(asked, "POST /manage/v1/collectives/col_1/members/mem_2/suspend auth=Bearer token match=\"7\" key=-");
    let grant = Grant { service_id: "svc_1".into(), role: None, quota: None, ends_at: None };
    let asked = detail(caller.grant("col_1", "mem_2", &grant, "k1").await.expect_err("told"));
    assert_eq!(asked, "POST /manage/v1/collectives/col_1/members/mem_2/grants auth=Bearer token match=- key=k1");
}

#[tokio::test]
async fn what_is_no_identifier_is_not_found_without_asking() {
    let api = answering(|_| StatusCode::NO_CONTENT.into_response()).await;
    for bad in ["..", "%2e%2e", "a/b", ""] {
        let error = api.with("token").collective(bad).await.expect_err("refused");
        assert_eq!(error.problem(), Some(ProblemType::NotFound), "{bad}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_count_is_told_from_a_sign_in_that_is_not_enough() {
    let challenge = |value: &'static str| move |_: &str| (StatusCode::UNAUTHORIZED, [("www-authenticate", value)]).into_response();
    let api = answering(challenge("Bearer error=\"invalid_token\"")).await;
    assert_eq!(api.with("t").me().await, Err(ApiError::Unauthorized));
    let api = answering(challenge("Bearer error=\"insufficient_user_authentication\", max_age=\"300\", acr_values=\"phr\"")).await;
    assert_eq!(api.with("t").me().await, Err(ApiError::StepUp { max_age: Some(300), acr: Some("phr".into()) }));
}

#[tokio::test]
async fn what_breaks_the_promise_is_malformed_and_what_may_pass_is_unavailable() {
    for (status, body, unavailable) in [
        (StatusCode::OK, "{}", false),
        (StatusCode::OK, "<html>", false),
        (StatusCode::FOUND, "", false),
        (StatusCode::INTERNAL_SERVER_ERROR, "oh", false),
        (StatusCode::BAD_GATEWAY, "", true),
        (StatusCode::SERVICE_UNAVAILABLE, "", true),
    ] {
        let api = answering(move |_| (status, body).into_response()).await;
        let error = api.with("t").me().await.expect_err("refused");
        assert_eq!(matches!(error, ApiError::Unavailable(_)), unavailable, "{status}: {error}");
        assert_eq!(matches!(error, ApiError::Malformed(_)), !unavailable, "{status}: {error}");
    }
    let api = answering(|_| "x".repeat(2 << 20).into_response()).await;
    assert!(matches!(api.with("t").me().await, Err(ApiError::Malformed(_))), "an answer without end");
    let nobody = ManageApi::of(&Url::parse("http://127.0.0.1:1").expect("a URL")).expect("a client");
    assert!(matches!(nobody.with("t").me().await, Err(ApiError::Unavailable(_))));
}

#[tokio::test]
async fn a_token_never_follows_a_redirect() {
    let api = answering(|line| {
        assert!(!line.contains("/elsewhere"), "{line}");
        (StatusCode::TEMPORARY_REDIRECT, [("location", "/elsewhere")]).into_response()
    })
    .await;
    assert!(matches!(api.with("t").me().await, Err(ApiError::Malformed(_))));
}

#[test]
fn a_request_with_a_field_nobody_knows_is_refused_and_an_answer_with_one_is_read() {
    let grant = r#"{"service_id": "svc_1", "colour": "red"}"#;
    assert!(serde_json::from_str::<Grant>(grant).is_err());
    let service = r#"{"id": "svc_1", "slug": "oficina", "name": "Oficina", "colour": "red"}"#;
    assert!(serde_json::from_str::<idp_api::ServiceRef>(service).is_ok(), "the server may be newer");
}
