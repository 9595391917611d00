//! A typed client of the management API: one method per route, the caller's access token per call.
//!
//! Never follows redirects, never waits longer than [`TIMEOUT`], never reads more than [`ANSWER_MAX`] bytes.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;

use crate::{
    Accept, Accepted, ActOutcome, AuditItem, Collective, CollectiveItem, DoorOutcome, EditCollective, EditGrant, Grant, IDEMPOTENCY_KEY,
    Invitation, Invite, Mandate, Me, MemberDetail, MemberItem, MembershipState, OfferItem, PROBLEM_JSON, Page, Problem, ProblemType,
    Refuse, RequestDetail, RequestItem, RequestKind, Reroute, RerouteTarget, WithReason, WithdrawMandate, paths, version,
};

/// How long one call may take, answer included.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// How many bytes of an answer are read.
pub const ANSWER_MAX: usize = 1 << 20;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The API said no and why.
    #[error("{} ({})", .0.title, .0.kind.slug())]
    Problem(Box<Problem>),
    /// The token is not valid (any more): sign in again.
    #[error("the access token is not valid any more")]
    Unauthorized,
    /// A fresher or stronger sign-in is needed (RFC 9470).
    #[error("a fresh or stronger sign-in is needed")]
    StepUp {
        /// How old the sign-in may be, seconds.
        max_age: Option<u32>,
        /// The `acr` values that would do, separated by blanks.
        acr: Option<String>,
    },
    /// The API cannot be reached or asks to come back later.
    #[error("the management API is not available: {0}")]
    Unavailable(String),
    /// The answer is not what the API promises.
    #[error("the management API answered something unexpected: {0}")]
    Malformed(String),
}

impl ApiError {
    /// The kind of problem, when it is one.
    pub fn problem(&self) -> Option<ProblemType> {
        if let Self::Problem(problem) = self { Some(problem.kind) } else { None }
    }
    fn not_found() -> Self {
        Self::Problem(Box::new(Problem::new(ProblemType::NotFound)))
    }
}

/// The management API of one issuer. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ManageApi {
    http: reqwest::Client,
    origin: String,
}

impl ManageApi {
    /// The API below `issuer`. Fails only when the machine offers no trusted certificates or resolver.
    pub fn of(issuer: &Url) -> Result<Self, ApiError> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| unavailable(&error))?;
        Ok(Self { http, origin: issuer.as_str().trim_end_matches('/').to_owned() })
    }

    /// The API as the person behind this access token sees it.
    pub const fn with<'a>(&'a self, access_token: &'a str) -> Caller<'a> {
        Caller { api: self, token: access_token }
    }
}

/// Where to continue a list and how much of it to bring.
#[derive(Debug, Clone, Copy, Default)]
pub struct Portion<'a> {
    /// [`Page::next`] of the page before.
    pub cursor: Option<&'a str>,
    /// At most so many items; absent: [`crate::PAGE_LIMIT_DEFAULT`].
    pub limit: Option<u32>,
}

/// The API as one person sees it. Methods answer [`ApiError::Problem`] for every refusal.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    api: &'a ManageApi,
    token: &'a str,
}

type Answer<T> = Result<T, ApiError>;
type Query<'a> = &'a [(&'a str, Option<&'a str>)];

impl Caller<'_> {
    /// Who calls and what they look after.
    pub async fn me(&self) -> Answer<Me> {
        self.get(paths::ME, &[], &[]).await
    }
    /// The collectives the caller manages.
    pub async fn collectives(&self) -> Answer<Page<CollectiveItem>> {
        self.get(paths::COLLECTIVES, &[], &[]).await
    }
    /// One collective.
    pub async fn collective(&self, collective: &str) -> Answer<Collective> {
        self.get(paths::COLLECTIVE, &[collective], &[]).await
    }
    /// Changes name, language or listing.
    pub async fn edit_collective(&self, collective: &str, seen: i64, edit: &EditCollective) -> Answer<Collective> {
        self.send(Method::PATCH, paths::COLLECTIVE, &[collective], edit, Condition::Seen(seen)).await
    }
    /// Its open requests, the oldest first.
    pub async fn requests(&self, collective: &str, kind: Option<RequestKind>, from: Portion<'_>) -> Answer<Page<RequestItem>> {
        let limit = limit(from);
        let query = [("kind", kind.map(RequestKind::as_str)), ("cursor", from.cursor), ("limit", limit.as_deref())];
        self.get(paths::REQUESTS, &[collective], &query).await
    }
    /// One request.
    pub async fn request(&self, collective: &str, request: &str) -> Answer<RequestDetail> {
        self.get(paths::REQUEST, &[collective, request], &[]).await
    }
    /// Accepts a request and opens doors at once.
    pub async fn accept(&self, collective: &str, request: &str, accept: &Accept) -> Answer<Accepted> {
        self.send(Method::POST, paths::REQUEST_ACCEPT, &[collective, request], accept, Condition::None).await
    }
    /// Refuses a request.
    pub async fn refuse(&self, collective: &str, request: &str, refuse: &Refuse) -> Answer<()> {
        self.tell(paths::REQUEST_REFUSE, &[collective, request], refuse).await
    }
    /// Hands a request over.
    pub async fn reroute(&self, collective: &str, request: &str, reroute: &Reroute) -> Answer<()> {
        self.tell(paths::REQUEST_REROUTE, &[collective, request], reroute).await
    }
    /// Listed collectives whose name contains `q`.
    pub async fn reroute_targets(&self, collective: &str, q: Option<&str>, from: Portion<'_>) -> Answer<Page<RerouteTarget>> {
        let limit = limit(from);
        let query = [("q", q), ("cursor", from.cursor), ("limit", limit.as_deref())];
        self.get(paths::REROUTE_TARGETS, &[collective], &query).await
    }
    /// Its people whose name, username or address contains `q`.
    pub async fn members(
        &self,
        collective: &str,
        q: Option<&str>,
        state: Option<MembershipState>,
        from: Portion<'_>,
    ) -> Answer<Page<MemberItem>> {
        let limit = limit(from);
        let query = [("q", q), ("state", state.map(MembershipState::as_str)), ("cursor", from.cursor), ("limit", limit.as_deref())];
        self.get(paths::MEMBERS, &[collective], &query).await
    }
    /// One of its people; that person can read that somebody looked.
    pub async fn member(&self, collective: &str, member: &str) -> Answer<MemberDetail> {
        self.get(paths::MEMBER, &[collective, member], &[]).await
    }
    /// Pauses a membership.
    pub async fn suspend(&self, collective: &str, member: &str, seen: i64, why: &WithReason) -> Answer<ActOutcome> {
        self.send(Method::POST, paths::MEMBER_SUSPEND, &[collective, member], why, Condition::Seen(seen)).await
    }
    /// Lets a paused or lapsed membership stand again.
    pub async fn resume(&self, collective: &str, member: &str, seen: i64, why: &WithReason) -> Answer<ActOutcome> {
        self.send(Method::POST, paths::MEMBER_RESUME, &[collective, member], why, Condition::Seen(seen)).await
    }
    /// Ends a membership.
    pub async fn end(&self, collective: &str, member: &str, seen: i64, why: &WithReason) -> Answer<ActOutcome> {
        self.send(Method::POST, paths::MEMBER_END, &[collective, member], why, Condition::Seen(seen)).await
    }
    /// Sends the invitation again.
    pub async fn resend_invitation(&self, collective: &str, member: &str) -> Answer<()> {
        let url = self.url(paths::MEMBER_RESEND_INVITATION, &[collective, member])?;
        self.call(self.api.http.post(url)).await.map(drop)
    }
    /// Opens a door; `key` makes it safe to repeat.
    pub async fn grant(&self, collective: &str, member: &str, grant: &Grant, key: &str) -> Answer<DoorOutcome> {
        self.send(Method::POST, paths::GRANTS, &[collective, member], grant, Condition::Once(key)).await
    }
    /// Changes role, quota and end of a door.
    pub async fn edit_grant(&self, collective: &str, member: &str, grant: &str, seen: i64, edit: &EditGrant) -> Answer<DoorOutcome> {
        self.send(Method::PATCH, paths::GRANT, &[collective, member, grant], edit, Condition::Seen(seen)).await
    }
    /// Closes a door.
    pub async fn withdraw(&self, collective: &str, member: &str, grant: &str, seen: i64, why: &WithReason) -> Answer<ActOutcome> {
        self.send(Method::POST, paths::GRANT_WITHDRAW, &[collective, member, grant], why, Condition::Seen(seen)).await
    }
    /// Proposes a member as manager.
    pub async fn propose_manager(&self, collective: &str, member: &str) -> Answer<Mandate> {
        let url = self.url(paths::MEMBER_PROPOSE_MANAGER, &[collective, member])?;
        read(self.call(self.api.http.post(url)).await?).await
    }
    /// Takes a proposal back or ends a mandate.
    pub async fn withdraw_mandate(&self, collective: &str, member: &str, mandate: &str, wish: &WithdrawMandate) -> Answer<ActOutcome> {
        self.send(Method::POST, paths::MANDATE_WITHDRAW, &[collective, member, mandate], wish, Condition::None).await
    }
    /// Invites somebody; `key` makes it safe to repeat.
    pub async fn invite(&self, collective: &str, invite: &Invite, key: &str) -> Answer<Invitation> {
        self.send(Method::POST, paths::INVITATIONS, &[collective], invite, Condition::Once(key)).await
    }
    /// Services offered to it.
    pub async fn services(&self, collective: &str) -> Answer<Page<OfferItem>> {
        self.get(paths::SERVICES, &[collective], &[]).await
    }
    /// What happened in it, the newest first.
    pub async fn audit(&self, collective: &str, from: Portion<'_>) -> Answer<Page<AuditItem>> {
        let limit = limit(from);
        self.get(paths::AUDIT, &[collective], &[("cursor", from.cursor), ("limit", limit.as_deref())]).await
    }

    async fn get<T: DeserializeOwned>(&self, template: &str, ids: &[&str], query: Query<'_>) -> Answer<T> {
        let mut url = self.url(template, ids)?;
        let given: Vec<_> = query.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        if !given.is_empty() {
            url.query_pairs_mut().extend_pairs(given);
        }
        read(self.call(self.api.http.get(url)).await?).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        template: &str,
        ids: &[&str],
        body: &(impl Serialize + Sync),
        condition: Condition<'_>,
    ) -> Answer<T> {
        let request = self.api.http.request(method, self.url(template, ids)?).json(body);
        read(self.call(condition.apply(request)).await?).await
    }

    async fn tell(&self, template: &str, ids: &[&str], body: &(impl Serialize + Sync)) -> Answer<()> {
        self.call(self.api.http.post(self.url(template, ids)?).json(body)).await.map(drop)
    }

    fn url(&self, template: &str, ids: &[&str]) -> Answer<Url> {
        let path = paths::fill(template, ids).ok_or_else(ApiError::not_found)?;
        Url::parse(&format!("{}{path}", self.api.origin)).map_err(|error| ApiError::Malformed(error.to_string()))
    }

    async fn call(&self, request: reqwest::RequestBuilder) -> Answer<Response> {
        let response = request.bearer_auth(self.token).send().await.map_err(|error| unavailable(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(refusal(response).await) }
    }
}

/// What makes a change safe.
enum Condition<'a> {
    /// Nothing more.
    None,
    /// Only if the row is still as it was seen.
    Seen(i64),
    /// Only once per key.
    Once(&'a str),
}

impl Condition<'_> {
    fn apply(self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::None => request,
            Self::Seen(seen) => request.header(header::IF_MATCH, version::tag(seen)),
            Self::Once(key) => request.header(IDEMPOTENCY_KEY, key),
        }
    }
}

fn limit(from: Portion<'_>) -> Option<String> {
    from.limit.map(|limit| limit.to_string())
}

/// Why the connection brought nothing, without the address: that one names people in its query.
fn unavailable(error: &reqwest::Error) -> ApiError {
    let what = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        error if error.is_builder() => "the HTTP client cannot start",
        _ => "the connection broke",
    };
    ApiError::Unavailable(what.to_owned())
}

async fn refusal(response: Response) -> ApiError {
    let status = response.status();
    if status == StatusCode::UNAUTHORIZED {
        return challenge(&response);
    }
    if matches!(status, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT) {
        return ApiError::Unavailable(status.to_string());
    }
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(PROBLEM_JSON));
    if !is_problem {
        return ApiError::Malformed(format!("{status} without a problem"));
    }
    match read(response).await {
        Ok(problem) => ApiError::Problem(Box::new(problem)),
        Err(error) => error,
    }
}

/// RFC 9470 §3: `WWW-Authenticate: Bearer error="insufficient_user_authentication", acr_values="…", max_age="…"`.
fn challenge(response: &Response) -> ApiError {
    let challenge =
        response.headers().get(header::WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).map(parameters).unwrap_or_default();
    let find = |name: &str| challenge.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if find("error").as_deref() == Some("insufficient_user_authentication") {
        ApiError::StepUp { max_age: find("max_age").and_then(|seconds| seconds.parse().ok()), acr: find("acr_values") }
    } else {
        ApiError::Unauthorized
    }
}

/// The parameters of one `Bearer` challenge (RFC 9110 §11.6.1). Quoted values of ours hold neither commas nor backslashes.
fn parameters(challenge: &str) -> Vec<(String, String)> {
    let Some((_, rest)) = challenge.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
        return Vec::new();
    };
    rest.split(',')
        .filter_map(|parameter| parameter.split_once('='))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned()))
        .collect()
}

async fn read<T: DeserializeOwned>(mut response: Response) -> Answer<T> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unavailable(&error))? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(ApiError::Malformed(format!("more than {ANSWER_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|error| ApiError::Malformed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_read_parameter_by_parameter() {
        let read = parameters(r#"Bearer realm="manage", error="insufficient_user_authentication", acr_values="phr", max_age=300"#);
        assert_eq!(read.len(), 4);
        assert!(read.contains(&("acr_values".to_owned(), "phr".to_owned())) && read.contains(&("max_age".to_owned(), "300".to_owned())));
        assert!(parameters("Basic realm=\"x\"").is_empty());
        assert!(parameters("Bearer").is_empty());
    }
}
