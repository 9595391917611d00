//! The two request headers of the API: `If-Match` (RFC 9110 §13.1.1) and `Idempotency-Key`.

use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderMap, HeaderName, header, request::Parts};
use idp_api::{IDEMPOTENCY_KEY, Problem, ProblemType, version};

use super::answer::Checked;
use crate::{
    http::{context::Cx, error_api},
    wiring::AppState,
};

/// The version a change was made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen(pub(super) i64);

/// The key that makes a creation safe to repeat.
#[derive(Debug, Clone)]
pub(super) struct Key(pub(super) Option<String>);

fn seen(headers: &HeaderMap) -> Checked<i64> {
    let text = one(headers, &header::IF_MATCH)?.ok_or_else(|| Problem::new(ProblemType::VersionRequired))?;
    version::parse(text).ok_or_else(|| malformed("`If-Match` holds one strong entity tag").into())
}

fn key(headers: &HeaderMap) -> Checked<Option<String>> {
    let Some(text) = one(headers, &HeaderName::from_static(IDEMPOTENCY_KEY))? else { return Ok(None) };
    let clean = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if clean { Ok(Some(text.to_owned())) } else { Err(malformed("`Idempotency-Key` has 1 to 64 characters A-Z a-z 0-9 - _").into()) }
}

fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Checked<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| malformed("a header is not text").into()),
        _ => Err(malformed("a header is there twice").into()),
    }
}

fn malformed(detail: &str) -> Problem {
    Problem::new(ProblemType::InvalidRequest).with_detail(detail)
}

impl FromRequestParts<AppState> for Seen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        seen(&parts.headers).map(Self).map_err(|problem| error_api::render(&Cx::of(&state.edge, parts), *problem))
    }
}

impl FromRequestParts<AppState> for Key {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        key(&parts.headers).map(Self).map_err(|problem| error_api::render(&Cx::of(&state.edge, parts), *problem))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, values: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_change_needs_exactly_one_version() {
        let kind = |values: &[&'static str]| seen(&headers("if-match", values)).map_err(|problem| problem.kind);
        assert_eq!(kind(&["\"7\""]), Ok(7));
        assert_eq!(kind(&[]), Err(ProblemType::VersionRequired));
        for bad in [&["*"][..], &["W/\"7\""], &["\"7\"", "\"8\""], &["7"]] {
            assert_eq!(kind(bad), Err(ProblemType::InvalidRequest), "{bad:?}");
        }
    }

    #[test]
    fn a_key_is_optional_and_short() {
        assert_eq!(key(&headers("idempotency-key", &[])).expect("none"), None);
        assert_eq!(key(&headers("idempotency-key", &["a-B_7"])).expect("one").as_deref(), Some("a-B_7"));
        for bad in [&[""][..], &["a b"], &["a", "b"], &["0123456789012345678901234567890123456789012345678901234567890123456"]] {
            assert!(key(&headers("idempotency-key", bad)).is_err(), "{bad:?}");
        }
    }
}
