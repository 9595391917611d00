//! Bodies, read strictly: a size, a deadline, a content type, and no name twice.

use std::{collections::BTreeMap, time::Duration};

use axum::{
    body::Body,
    extract::{FromRef, FromRequest, FromRequestParts, Request},
    response::Response,
};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header, request::Parts};
use idp_api::{Problem, ProblemType};
use idp_domain::{limits, secret::Secret};
use idp_protocol::error::OAuthError;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::{
    context::Cx,
    csrf::{self, CsrfRefusal},
    edge::Edge,
    error_api, error_oauth,
    error_page::{self, PageProblem},
};

/// How long a body may take to arrive (F27).
pub const BODY_DEADLINE: Duration = Duration::from_secs(15);

/// Nesting of a JSON body.
pub const JSON_DEPTH: usize = 16;

/// Why a body is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyRefusal {
    /// Larger than its limit.
    #[error("the body is too large")]
    TooLarge,
    /// Not all there within [`BODY_DEADLINE`].
    #[error("the body took too long")]
    TooSlow,
    /// The connection broke.
    #[error("the body is incomplete")]
    Broken,
    /// Another content type than the endpoint reads.
    #[error("the content type is not the expected one")]
    ContentType,
}

/// Reads a body of at most `limit` bytes with this content type (parameters such as `charset` aside).
pub async fn read_body(headers: &HeaderMap, body: Body, content_type: &str, limit: usize) -> Result<Bytes, BodyRefusal> {
    if !has_content_type(headers, content_type) {
        return Err(BodyRefusal::ContentType);
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(BodyRefusal::TooLarge);
    }
    tokio::time::timeout(BODY_DEADLINE, collect(body, limit)).await.unwrap_or(Err(BodyRefusal::TooSlow))
}

fn has_content_type(headers: &HeaderMap, expected: &str) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let essence = value.to_str().ok().and_then(|text| text.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(expected)
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, BodyRefusal> {
    let mut chunks = body.into_data_stream();
    let mut whole = Bytes::new();
    let mut grown = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyRefusal::Broken)?;
        if whole.len() + grown.len() + chunk.len() > limit {
            return Err(BodyRefusal::TooLarge);
        }
        // most bodies come in one piece, which is then not copied
        if whole.is_empty() && grown.is_empty() {
            whole = chunk;
        } else {
            grown.extend_from_slice(&std::mem::take(&mut whole));
            grown.extend_from_slice(&chunk);
        }
    }
    Ok(if grown.is_empty() { whole } else { grown.freeze() })
}

/// The content type of forms.
pub const FORM_TYPE: &str = "application/x-www-form-urlencoded";
const JSON_TYPE: &str = "application/json";

/// The body of an OAuth request as it was sent; `idp_protocol` reads the parameters. Errors are OAuth's JSON.
#[derive(Debug, Clone)]
pub struct RawForm(pub Bytes);

impl<S> FromRequest<S> for RawForm
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let read = read_body(&parts.headers, body, FORM_TYPE, limits::FORM).await;
        read.map(Self).map_err(|refusal| refused_form(&Cx::of(&Edge::from_ref(state), &parts), refusal))
    }
}

/// What a client is told about a form that is not read.
pub fn refused_form(cx: &Cx, refusal: BodyRefusal) -> Response {
    let (status, description) = match refusal {
        BodyRefusal::ContentType => (StatusCode::BAD_REQUEST, "expected application/x-www-form-urlencoded"),
        BodyRefusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the request is too large"),
        BodyRefusal::TooSlow => (StatusCode::REQUEST_TIMEOUT, "the request took too long"),
        BodyRefusal::Broken => (StatusCode::BAD_REQUEST, "the request is incomplete"),
    };
    error_oauth::render_as(cx, status, OAuthError::invalid_request(description))
}

/// As [`RawForm`] where it is a person's browser that brings it. Errors are pages.
#[derive(Debug, Clone)]
pub struct BrowserForm(pub Bytes);

impl<S> FromRequest<S> for BrowserForm
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        read_body(&parts.headers, body, FORM_TYPE, limits::FORM)
            .await
            .map(Self)
            .map_err(|refusal| error_page::render(&Cx::of(&Edge::from_ref(state), &parts), page_problem(refusal)))
    }
}

/// The query of an OAuth request as it was sent, empty when there is none.
#[derive(Debug, Clone)]
pub struct RawQuery(pub String);

impl<S: Send + Sync> FromRequestParts<S> for RawQuery {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.uri.query().unwrap_or_default().to_owned()))
    }
}

/// What a page's form or link carries: each name once. Errors are pages.
#[derive(Clone, Default)]
pub struct Fields(BTreeMap<String, String>);

/// Why a query or form is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldsRefusal {
    /// A name is there twice.
    #[error("a field is there twice")]
    Duplicate,
    /// More than [`limits::PARAMETERS_COUNT`] fields.
    #[error("there are too many fields")]
    TooMany,
    /// Not UTF-8 under its percent-encoding.
    #[error("a field is not text")]
    NotText,
}

impl Fields {
    /// From `name=value&…`.
    pub fn parse(encoded: &[u8]) -> Result<Self, FieldsRefusal> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(encoded) {
            if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(FieldsRefusal::NotText);
            }
            if fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(FieldsRefusal::Duplicate);
            }
            if fields.len() > limits::PARAMETERS_COUNT {
                return Err(FieldsRefusal::TooMany);
            }
        }
        Ok(Self(fields))
    }
    /// A field, trimmed; empty when it is missing, as browsers leave out what is not checked.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }
    /// A field exactly as typed, for passwords.
    pub fn verbatim(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
    /// A field that says something.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|value| !value.is_empty())
    }
    /// Whether a box is checked.
    pub fn checked(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
    /// Name and value of every field, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Names only: a value may be a password.
impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The body of a page's form.
#[derive(Debug, Clone)]
pub struct PageForm(pub Fields);

impl PageForm {
    /// Checks the anti-forgery token of this form.
    pub fn check(&self, cx: &Cx, browser: &Secret, form: &str) -> Result<(), CsrfRefusal> {
        cx.edge.csrf().verify(browser, form, self.0.text(csrf::FIELD))
    }
}

impl<S> FromRequest<S> for PageForm
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let refuse = |problem| error_page::render(&Cx::of(&Edge::from_ref(state), &parts), problem);
        let read = read_body(&parts.headers, body, FORM_TYPE, limits::FORM).await;
        let bytes = read.map_err(|refusal| refuse(page_problem(refusal)))?;
        Fields::parse(&bytes).map(Self).map_err(|_| refuse(PageProblem::BadRequest))
    }
}

const fn page_problem(refusal: BodyRefusal) -> PageProblem {
    match refusal {
        BodyRefusal::TooLarge => PageProblem::TooLarge,
        BodyRefusal::TooSlow => PageProblem::TooSlow,
        BodyRefusal::Broken => PageProblem::BadRequest,
        BodyRefusal::ContentType => PageProblem::UnsupportedMediaType,
    }
}

/// The query of a page's link.
#[derive(Debug, Clone)]
pub struct PageQuery(pub Fields);

impl<S> FromRequestParts<S> for PageQuery
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .map(Self)
            .map_err(|_| error_page::render(&Cx::of(&Edge::from_ref(state), parts), PageProblem::BadRequest))
    }
}

/// The JSON body of a call to the management API. Errors are problems (RFC 9457).
#[derive(Debug, Clone)]
pub struct ApiBody<D>(pub D);

impl<S, D> FromRequest<S> for ApiBody<D>
where
    S: Send + Sync,
    Edge: FromRef<S>,
    D: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let refuse = |problem| error_api::render(&Cx::of(&Edge::from_ref(state), &parts), problem);
        let bytes = read_body(&parts.headers, body, JSON_TYPE, limits::JSON).await.map_err(|refusal| {
            refuse(match refusal {
                BodyRefusal::TooLarge => Problem::new(ProblemType::TooLarge),
                BodyRefusal::ContentType => Problem::new(ProblemType::UnsupportedMediaType),
                BodyRefusal::TooSlow | BodyRefusal::Broken => {
                    Problem::new(ProblemType::InvalidRequest).with_detail("the body did not arrive whole and in time")
                }
            })
        })?;
        if too_deep(&bytes) {
            return Err(refuse(Problem::new(ProblemType::InvalidRequest).with_detail("the body is nested too deeply")));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let detail = if error.is_data() { "the body has another shape than this call documents" } else { "the body is not JSON" };
            refuse(Problem::new(ProblemType::InvalidRequest).with_detail(detail))
        })
    }
}

/// Whether brackets nest deeper than [`JSON_DEPTH`] outside strings; the parser itself would go to 128.
fn too_deep(json: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > JSON_DEPTH {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
