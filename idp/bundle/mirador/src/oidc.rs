//! The code flow with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9207). With `provider`, `logout_token` and
//! `outbound`, the only place that names `openidconnect`.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::DateTime;
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LanguageTag, LogoutRequest, Nonce, OAuth2TokenResponse as _,
    PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    TokenResponse as _, UserInfoClaims,
    core::{CoreClient, CoreGenderClaim, CoreIdToken, CoreResponseType},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::{
    Settings,
    env::random_token,
    outbound::{NoHttpClient, Outbound},
    provider::{Metadata, Provider, Unavailable, sentence},
    sessions::{Pending, SignedIn},
};

/// What this service asks for besides `openid`.
const SCOPES: [&str; 5] = ["profile", "email", "groups", "collectives", "services"];
/// How far the provider's clock may be ahead, in milliseconds.
const SKEW: i64 = 60_000;

/// Hides the parameters of the client made from discovery.
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Why a sign-in did not work out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The provider does not answer.
    #[error("the provider is unavailable: {0}")]
    Unavailable(String),
    /// The provider does not accept the code: too late, used before.
    #[error("the provider refused the code: {0}")]
    CodeRefused(String),
    /// The provider's answer cannot be trusted.
    #[error("the provider's answer cannot be trusted: {0}")]
    Untrusted(String),
    /// No randomness, or a setting that is no URL after all.
    #[error("unexpected: {0}")]
    Unexpected(String),
}

impl From<Unavailable> for Failure {
    fn from(unavailable: Unavailable) -> Self {
        Self::Unavailable(unavailable.to_string())
    }
}

/// This service as a client of its provider.
pub(crate) struct Relying {
    settings: Settings,
    provider: Provider,
}

/// Claims beyond the standard ones, kept as they came.
#[derive(Debug, Serialize, Deserialize)]
struct Further(BTreeMap<String, Value>);
impl AdditionalClaims for Further {}

impl Relying {
    pub(crate) fn new(settings: Settings) -> Result<Self, StartError> {
        let issuer = IssuerUrl::new(settings.issuer.clone())?;
        let outbound = Outbound::new(&settings.issuer)?;
        let provider = Provider::new(issuer, outbound, settings.clock.clone());
        Ok(Self { settings, provider })
    }

    pub(crate) const fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Where to send the browser, and what to remember until it comes back.
    pub(crate) async fn begin(&self, ui_locale: &str, now: i64) -> Result<(Url, Pending), Failure> {
        let metadata = self.provider.metadata().await?;
        let random = || random_token().map_err(|error| Failure::Unexpected(error.to_string()));
        let pending = Pending { state: random()?, nonce: random()?, verifier: random()?, begun_at: now };
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(pending.verifier.clone()));
        let (state, nonce) = (CsrfToken::new(pending.state.clone()), Nonce::new(pending.nonce.clone()));
        let (url, _, _) = self
            .client(&metadata)?
            .authorize_url(AuthenticationFlow::<CoreResponseType>::AuthorizationCode, || state, || nonce)
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .add_ui_locale(LanguageTag::new(ui_locale.to_owned()))
            .url();
        Ok((url, pending))
    }

    /// Whether `iss` of an authorization response is our provider (RFC 9207 §2.4). Missing is wrong.
    pub(crate) fn is_our_issuer(&self, iss: Option<&str>) -> bool {
        iss == Some(self.settings.issuer.as_str())
    }

    /// Exchanges the code and checks everything about what comes back.
    pub(crate) async fn finish(&self, code: String, pending: Pending, now: i64) -> Result<SignedIn, Failure> {
        let metadata = self.provider.metadata().await?;
        let client = self.client(&metadata)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| Failure::Untrusted("the provider names no token endpoint".to_owned()))?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
            .request_async(self.provider.outbound())
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(refusal) => Failure::CodeRefused(refusal.error().to_string()),
                RequestTokenError::Request(error) => Failure::Unavailable(sentence(&error)),
                error => Failure::Untrusted(sentence(&error)),
            })?;
        let id_token = answer.id_token().ok_or_else(|| Failure::Untrusted("there is no ID token".to_owned()))?.clone();
        let nonce = Nonce::new(pending.nonce);
        let fresh;
        let client = if needs_fresh_keys(&client, &id_token, &nonce, now) {
            fresh = self.client(&*self.provider.metadata_with_fresh_keys().await?)?;
            &fresh
        } else {
            &client
        };
        let (sub, algorithm) = verify(client, &id_token, &nonce, answer.access_token(), now)?;
        let userinfo = self.userinfo(client, answer.access_token(), &sub).await;
        let id_claims = payload(&id_token.to_string()).ok_or_else(|| Failure::Untrusted("the ID token has no claims".to_owned()))?;
        Ok(SignedIn {
            sid: id_claims.get("sid").and_then(Value::as_str).map(str::to_owned),
            sub,
            id_token,
            algorithm,
            id_claims,
            userinfo,
            csrf: random_token().map_err(|error| Failure::Unexpected(error.to_string()))?,
            since: now,
        })
    }

    /// The provider's address that ends the session there as well (RP-Initiated Logout 1.0 §2); `None` when it has none.
    pub(crate) async fn end_session_url(&self, signed_in: &SignedIn) -> Option<Url> {
        let metadata = self.provider.metadata().await.ok()?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.clone()?;
        let back = PostLogoutRedirectUrl::new(self.settings.post_logout_redirect_uri()).ok()?;
        let request = LogoutRequest::from(endpoint)
            .set_id_token_hint(&signed_in.id_token)
            .set_client_id(ClientId::new(self.settings.client_id.clone()))
            .set_post_logout_redirect_uri(back)
            .set_state(CsrfToken::new(SIGNED_OUT.to_owned()));
        Some(request.http_get_url())
    }

    /// Where signing out leads, for the page's policy on forms; `None` as long as the provider is unknown.
    pub(crate) async fn end_session_origin(&self) -> Option<String> {
        let metadata = self.provider.metadata().await.ok()?;
        let endpoint = metadata.additional_metadata().end_session_endpoint.as_ref()?;
        Some(endpoint.url().origin().ascii_serialization())
    }

    fn client(&self, metadata: &Metadata) -> Result<Client, Failure> {
        let redirect = RedirectUrl::new(self.settings.redirect_uri()).map_err(|error| Failure::Unexpected(error.to_string()))?;
        let id = ClientId::new(self.settings.client_id.clone());
        let secret = ClientSecret::new(self.settings.client_secret.clone());
        Ok(CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret)).set_redirect_uri(redirect))
    }

    /// What userinfo says of the same `sub`; a failure here is shown, never fatal.
    async fn userinfo(&self, client: &Client, access_token: &openidconnect::AccessToken, sub: &str) -> Option<Map<String, Value>> {
        let sub = openidconnect::SubjectIdentifier::new(sub.to_owned());
        let request = client.user_info(access_token.clone(), Some(sub)).ok()?;
        let answer: Result<UserInfoClaims<Further, CoreGenderClaim>, _> = request.request_async(self.provider.outbound()).await;
        match answer {
            Ok(claims) => serde_json::to_value(&claims).ok()?.as_object().cloned(),
            Err(error) => {
                tracing::warn!(error = sentence(&error), "userinfo did not answer");
                None
            }
        }
    }
}

fn needs_fresh_keys(client: &Client, id_token: &CoreIdToken, nonce: &Nonce, now: i64) -> bool {
    matches!(
        claims(client, id_token, nonce, now),
        Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
    )
}

/// Signature, issuer, audience, expiry and nonce (OpenID Connect Core 1.0 §3.1.3.7); returns `sub`.
fn claims(client: &Client, id_token: &CoreIdToken, nonce: &Nonce, now: i64) -> Result<String, ClaimsVerificationError> {
    let verifier = client
        .id_token_verifier()
        .set_time_fn(move || DateTime::from_timestamp_millis(now).unwrap_or_default())
        .set_issue_time_verifier_fn(move |issued_at| {
            if issued_at.timestamp_millis() <= now + SKEW { Ok(()) } else { Err("it was issued in the future".to_owned()) }
        });
    Ok(id_token.claims(&verifier, nonce)?.subject().to_string())
}

/// The claims, and that the access token came with them; returns `sub` and the algorithm.
fn verify(
    client: &Client,
    id_token: &CoreIdToken,
    nonce: &Nonce,
    access_token: &openidconnect::AccessToken,
    now: i64,
) -> Result<(String, String), Failure> {
    let untrusted = |error: &dyn std::error::Error| Failure::Untrusted(sentence(error));
    let sub = claims(client, id_token, nonce, now).map_err(|error| untrusted(&error))?;
    let verifier = client.id_token_verifier();
    let algorithm = id_token.signing_alg().map_err(|error| untrusted(&error))?;
    let written = payload(&id_token.to_string()).unwrap_or_default();
    if let Some(expected) = written.get("at_hash").and_then(Value::as_str) {
        let key = id_token.signing_key(&verifier).map_err(|error| untrusted(&error))?;
        let hash = AccessTokenHash::from_token(access_token, algorithm, key).map_err(|error| untrusted(&error))?;
        if hash.as_str() != expected {
            return Err(Failure::Untrusted("`at_hash` belongs to another access token".to_owned()));
        }
    }
    let algorithm = serde_json::to_value(algorithm).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
    Ok((sub, algorithm))
}

/// The `state` that comes back from the provider's sign-out.
pub(crate) const SIGNED_OUT: &str = "signed-out";

/// The service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No HTTP client.
    #[error(transparent)]
    Http(#[from] NoHttpClient),
    /// The issuer is no URL.
    #[error("the issuer is no URL: {0}")]
    Issuer(#[from] url::ParseError),
}

/// The claims of a JWT, unverified.
fn payload(token: &str) -> Option<Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&json).ok()
}
