//! The authorization request as one typed value, whatever it came from, and what a person authorised for a client.

use crate::{
    id::{AuthorizationId, ClientId, PersonId, SessionId},
    locale::Locale,
    pkce::Challenge,
    scope::ScopeSet,
    time::{Timestamp, Ttl},
};

/// How the answer travels back (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that posts itself.
    FormPost,
}

impl ResponseMode {
    /// Every mode, as advertised.
    pub const ALL: [Self; 2] = [Self::Query, Self::FormPost];
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
    /// The mode of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// `prompt` (OIDC Core §3.1.2.1). `none` excludes every other value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the four values of the parameter, each present or not")]
pub struct Prompt {
    /// No page may be shown.
    pub none: bool,
    /// The person proves who they are again.
    pub login: bool,
    /// The person is asked again.
    pub consent: bool,
    /// The person chooses among the browser's sessions.
    pub select_account: bool,
}

/// An authorization request that passed every check before and after its redirect was trusted.
///
/// `claims`, and any later addition, stay in the form the protocol package validated: opaque here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The asking client's row.
    pub client: ClientId,
    /// Exactly as presented; compared again at the token endpoint.
    pub redirect_uri: String,
    /// Where the answer travels.
    pub response_mode: ResponseMode,
    /// Granted scopes: asked ∩ allowed.
    pub scope: ScopeSet,
    /// Echoed.
    pub state: Option<String>,
    /// Echoed in the ID token.
    pub nonce: Option<String>,
    /// PKCE challenge; absent only under the `legacy` rule.
    pub challenge: Option<Challenge>,
    /// Asked behaviour.
    pub prompt: Prompt,
    /// Oldest acceptable proof of who the person is.
    pub max_age: Option<Ttl>,
    /// Who the service thinks is coming.
    pub login_hint: Option<String>,
    /// Asked language.
    pub locale: Option<Locale>,
    /// The one audience of the access token (RFC 8707); absent: this provider's userinfo.
    pub resource: Option<String>,
    /// The validated `claims` parameter as JSON (OIDC Core §5.5).
    pub claims: Option<String>,
    /// Asked authentication contexts (OIDC Core §3.1.2.1 `acr_values`).
    pub acr_values: Vec<String>,
    /// The subject an `id_token_hint` named.
    pub hinted_sub: Option<String>,
    /// Key a code is bound to (RFC 9449 §10); no flow fills it before DPoP is offered.
    pub dpop_jkt: Option<String>,
}

/// What a person authorised for a client, in one session or beyond it: the thing behind every token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The row.
    pub id: AuthorizationId,
    /// Who authorised.
    pub person: PersonId,
    /// For whom.
    pub client: ClientId,
    /// The session it was given in.
    pub session: SessionId,
    /// The scopes of its latest request, never more than the client may ask for. Each code and token keeps its own.
    pub scope: ScopeSet,
    /// The validated `claims` parameter of its latest request as JSON (OIDC Core §5.5). Each code and token keeps its own.
    pub claims: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it was ended: by the person, a withdrawal, a replay, a sign-out.
    pub ended_at: Option<Timestamp>,
    /// Whether it outlives the session (`offline_access`).
    pub offline: bool,
}
