//! Answers of the API, and how a use case's refusal becomes a problem.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use idp_api::{Problem, ProblemType, version};
use idp_app::{Failure, collectives::Denied, limits::TooMany};
use idp_domain::Ttl;
use serde::Serialize;

use crate::http::{context::Cx, error_api, headers::Class};

/// What a handler returns.
pub(super) type Answer = Result<Response, Refused>;

/// A problem, rendered.
#[derive(Debug)]
pub(super) struct Refused(Box<Response>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// A part of the request that was read, or what is wrong with it.
pub(super) type Checked<T> = Result<T, Box<Problem>>;

/// Refuses with a problem.
pub(super) fn refused(cx: &Cx, problem: impl Into<Box<Problem>>) -> Refused {
    Refused(Box::new(error_api::render(cx, *problem.into())))
}

/// What a use case's failure looks like from outside.
pub(super) fn failed<R: IntoProblem>(cx: &Cx) -> impl Fn(Failure<R>) -> Refused + '_ {
    move |failure| match failure {
        Failure::Refused(refusal) => match refusal.wait() {
            Some(wait) => Refused(Box::new(error_api::come_back(cx, refusal.into_problem(), wait))),
            None => refused(cx, refusal.into_problem()),
        },
        Failure::Fault(fault) => Refused(Box::new(error_api::fault(cx, &fault))),
    }
}

/// A use case that refuses nothing.
pub(super) fn broken(cx: &Cx) -> impl Fn(idp_domain::Fault) -> Refused + '_ {
    move |fault| Refused(Box::new(error_api::fault(cx, &fault)))
}

/// A refusal as callers of the API read it. Matched without a wildcard: a new reason needs a decision here.
pub(super) trait IntoProblem {
    /// The problem.
    fn into_problem(self) -> Problem;
    /// After how long it may be tried again, when that is why.
    fn wait(&self) -> Option<Ttl> {
        None
    }
}

impl IntoProblem for Denied {
    fn into_problem(self) -> Problem {
        match self {
            Self::Forbidden => Problem::new(ProblemType::Forbidden),
            Self::OwnMembership => Problem::new(ProblemType::Forbidden).with_code("own_membership"),
            Self::NotFound => Problem::new(ProblemType::NotFound),
        }
    }
}

impl IntoProblem for TooMany {
    fn into_problem(self) -> Problem {
        Problem::new(ProblemType::TooManyRequests)
    }
    fn wait(&self) -> Option<Ttl> {
        Some(self.wait)
    }
}

/// The person was written to often enough.
pub(super) fn too_many_mails() -> Problem {
    Problem::new(ProblemType::TooManyRequests).with_code("too_many_mails")
}

/// The present state does not allow it.
pub(super) fn conflict(code: &str) -> Problem {
    Problem::new(ProblemType::Conflict).with_code(code)
}

/// DOMAIN rule 4.
pub(super) fn last_manager() -> Problem {
    conflict("last_manager").with_detail("A collective always has a manager, and this is its last one: another has to accept first")
}

/// 200 with JSON.
pub(super) fn json(cx: &Cx, body: &impl Serialize) -> Response {
    json_of(cx, StatusCode::OK, body)
}

/// 200 with JSON of a row that has a version, also as its entity tag.
pub(super) fn versioned(cx: &Cx, seen: i64, body: &impl Serialize) -> Response {
    let mut response = json(cx, body);
    if let Ok(tag) = HeaderValue::try_from(version::tag(seen)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// 201 with JSON that was written down already.
pub(super) fn created(cx: &Cx, body: String) -> Response {
    dressed(cx, StatusCode::CREATED, body.into_bytes())
}

/// 204.
pub(super) fn done(cx: &Cx) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    cx.edge.headers().dress(Class::Api, response.headers_mut());
    response
}

/// Text of a body. Our shapes hold strings, numbers and lists of them: always serialisable.
pub(super) fn text_of(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

fn json_of(cx: &Cx, status: StatusCode, body: &impl Serialize) -> Response {
    dressed(cx, status, text_of(body).into_bytes())
}

fn dressed(cx: &Cx, status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    cx.edge.headers().dress(Class::Api, response.headers_mut());
    response
}
