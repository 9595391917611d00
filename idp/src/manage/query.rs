//! Queries, read strictly: known names, each once; a size that is cut down; a cursor that is opaque to callers.

use axum::{extract::FromRequestParts, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::request::Parts;
use idp_api::{PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, Problem, ProblemType};

use super::answer::Checked;
use crate::{
    http::{context::Cx, error_api, forms::Fields},
    wiring::AppState,
};

/// The query of a request.
#[derive(Debug, Clone)]
pub(super) struct Query(Fields);

impl FromRequestParts<AppState> for Query {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .map(Self)
            .map_err(|refusal| error_api::render(&Cx::of(&state.edge, parts), malformed(&refusal.to_string())))
    }
}

/// A query that says something the API does not document.
fn malformed(detail: &str) -> Problem {
    Problem::new(ProblemType::InvalidRequest).with_detail(detail)
}

impl Query {
    /// Refuses every name but these.
    pub(super) fn only(&self, known: &[&str]) -> Checked<&Self> {
        match self.0.iter().find(|(name, _)| !known.contains(name)) {
            Some(_) => Err(malformed("the query has a parameter that this call does not know").into()),
            None => Ok(self),
        }
    }

    /// A text that says something.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.given(name)
    }

    /// One of a closed set of names.
    pub(super) fn one_of<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Checked<Option<T>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        parse(text).map(Some).ok_or_else(|| malformed("a parameter has a value that this call does not know").into())
    }

    /// How many items the page holds.
    pub(super) fn limit(&self) -> Checked<usize> {
        let Some(text) = self.text("limit") else { return Ok(PAGE_LIMIT_DEFAULT as usize) };
        let asked: u32 = text.parse().map_err(|_| malformed("`limit` is not a number"))?;
        if asked == 0 { Err(malformed("`limit` is at least 1").into()) } else { Ok(asked.min(PAGE_LIMIT_MAX) as usize) }
    }

    /// Where the list goes on, as [`sealed`] wrote it.
    pub(super) fn cursor<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Checked<Option<T>> {
        let Some(text) = self.text("cursor") else { return Ok(None) };
        let opened = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        opened.as_deref().and_then(parse).map(Some).ok_or_else(|| malformed("`cursor` is not one that this list gave out").into())
    }
}

/// A cursor as callers see it.
pub(super) fn sealed(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query(Fields::parse(text.as_bytes()).expect("fields"))
    }

    #[test]
    fn a_page_is_as_large_as_asked_within_bounds() {
        for (text, limit) in [("", Some(30)), ("limit=7", Some(7)), ("limit=9999", Some(100)), ("limit=0", None), ("limit=x", None)] {
            assert_eq!(query(text).limit().ok(), limit, "{text}");
        }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was_given_out() {
        let text = format!("cursor={}", sealed("mem_7"));
        let parse = |text: &str| text.strip_prefix("mem_").map(str::to_owned);
        assert_eq!(query(&text).cursor(parse).expect("a cursor").as_deref(), Some("7"));
        assert!(query("cursor=%21").cursor(parse).is_err());
        assert!(query(&format!("cursor={}", sealed("per_7"))).cursor(parse).is_err());
    }

    #[test]
    fn an_unknown_name_or_value_is_refused() {
        assert!(query("q=a").only(&["q"]).is_ok());
        assert!(query("q=a&debug=1").only(&["q"]).is_err());
        assert!(query("state=gone").one_of("state", |_| None::<()>).is_err());
    }
}
