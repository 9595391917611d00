//! Signing in as a relying party: the only file that names `openidconnect`.
//!
//! Code flow with PKCE, `private_key_jwt`, a resource indicator; `state`, `nonce` and `iss` are checked. What the issuer
//! publishes is fetched when it is first needed and kept for an hour, so that the desk starts before its issuer does.

use std::{sync::Arc, time::Duration};

use keys::{Assertion, AssertionSigner, Timestamp, Ttl};
use openidconnect::{
    AccessToken, AuthorizationCode, ClientId, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenVerifier, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, TokenResponse,
    core::{CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreJsonWebKey, CoreTokenResponse},
};
use tokio::sync::RwLock;
use url::Url;

use crate::{
    env::Entropy,
    session::{Session, Transaction},
    settings::Settings,
};

/// How long what the issuer published is believed.
const FRESH: Ttl = Ttl::hours(1);
/// How soon it is fetched again when a signature does not fit: keys may have rotated, but nobody makes us hammer the issuer.
const FETCH_AGAIN: Ttl = Ttl::minutes(1);
const ASSERTION_LIFETIME: Ttl = Ttl::minutes(1);
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const ANSWER_MAX: usize = 1 << 20;

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The issuer as this program sees it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Issuer {
    shared: Arc<Shared>,
}

struct Shared {
    settings: Settings,
    signer: AssertionSigner,
    entropy: Entropy,
    http: reqwest::Client,
    known: RwLock<Option<Arc<Known>>>,
}

/// What the issuer published.
struct Known {
    client: Client,
    end_session: Option<Url>,
    fetched_at: Timestamp,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    /// The issuer cannot be reached or is not well.
    #[error("the issuer is not available: {0}")]
    Unavailable(String),
    /// The issuer answered with an error of its own (RFC 6749 §4.1.2.1, §5.2).
    #[error("the issuer refused: {0}")]
    Refused(String),
    /// The answer does not belong to this browser's sign-in.
    #[error("the answer does not belong to a sign-in of this browser: {0}")]
    Foreign(&'static str),
    /// A token or document is not what it should be.
    #[error("the issuer answered something that does not verify: {0}")]
    Invalid(String),
}

/// What more than usual a sign-in has to prove (RFC 9470).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Demands {
    /// How old it may be, seconds.
    pub max_age: Option<u32>,
    /// The `acr` values that would do, separated by blanks.
    pub acr: Option<String>,
}

/// What came back with the browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    /// `code`.
    pub code: Option<&'a str>,
    /// `state`.
    pub state: Option<&'a str>,
    /// `iss` (RFC 9207).
    pub iss: Option<&'a str>,
    /// `error`.
    pub error: Option<&'a str>,
}

impl Issuer {
    /// The issuer of these settings; nothing is fetched yet.
    pub(crate) fn of(settings: Settings, signer: AssertionSigner, entropy: Entropy) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { shared: Arc::new(Shared { settings, signer, entropy, http, known: RwLock::new(None) }) })
    }

    /// Begins to sign in: where to send the browser, and what to remember until it comes back.
    pub(crate) async fn begin(
        &self,
        return_to: &str,
        lang: &str,
        demands: &Demands,
        now: Timestamp,
    ) -> Result<(Url, Transaction), SignInError> {
        let known = self.known(now).await?;
        let entropy = &self.shared.entropy;
        // 43 to 128 characters (RFC 7636 §4.1)
        let verifier = format!("{}{}", entropy.word(), entropy.word());
        let transaction =
            Transaction { state: entropy.word(), nonce: entropy.word(), verifier, return_to: return_to.to_owned(), began_at: now.millis() };
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(transaction.verifier.clone()));
        let (state, nonce) = (CsrfToken::new(transaction.state.clone()), Nonce::new(transaction.nonce.clone()));
        let mut request = known
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scope(Scope::new("profile".into()))
            .add_scope(Scope::new(idp_api::SCOPE.into()))
            .set_pkce_challenge(challenge)
            .add_extra_param("resource", self.shared.settings.resource())
            .add_extra_param("ui_locales", lang.to_owned());
        if let Some(seconds) = demands.max_age {
            request = request.set_max_age(Duration::from_secs(seconds.into()));
        }
        if let Some(acr) = &demands.acr {
            request = request.add_extra_param("acr_values", acr.clone());
        }
        Ok((request.url().0, transaction))
    }

    /// Ends what [`Self::begin`] began.
    pub(crate) async fn finish(&self, answer: &Answer<'_>, transaction: &Transaction, now: Timestamp) -> Result<Session, SignInError> {
        self.check(answer, transaction, now)?;
        let code = answer.code.ok_or(SignInError::Foreign("no code"))?;
        let known = self.known(now).await?;
        let request = known
            .client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| SignInError::Invalid(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(transaction.verifier.clone()))
            .add_extra_param("resource", self.shared.settings.resource())
            .add_extra_param("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .add_extra_param("client_assertion", self.assertion(now)?);
        let http = self.http();
        let tokens = request.request_async(&http).await.map_err(refused)?;
        let subject = self.verified_subject(&tokens, &transaction.nonce, now).await?;
        Ok(Session {
            expires_at: expiry(&tokens, now),
            access_token: tokens.access_token().secret().clone(),
            refresh_token: tokens.refresh_token().map(|token| token.secret().clone()),
            id_token: tokens.id_token().map(ToString::to_string),
            subject,
            csrf_seed: self.shared.entropy.word(),
            collective: None,
            signed_in_at: now.millis(),
        })
    }

    /// Renews the access token with the session-bound refresh token. [`SignInError::Refused`] when the session is over.
    pub(crate) async fn renew(&self, session: &Session, now: Timestamp) -> Result<Session, SignInError> {
        let refresh = session.refresh_token.clone().ok_or_else(|| SignInError::Refused("no refresh token".into()))?;
        let known = self.known(now).await?;
        let refresh = RefreshToken::new(refresh);
        let request = known
            .client
            .exchange_refresh_token(&refresh)
            .map_err(|error| SignInError::Invalid(error.to_string()))?
            .add_extra_param("resource", self.shared.settings.resource())
            .add_extra_param("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .add_extra_param("client_assertion", self.assertion(now)?);
        let http = self.http();
        let tokens = request.request_async(&http).await.map_err(refused)?;
        Ok(Session {
            expires_at: expiry(&tokens, now),
            access_token: tokens.access_token().secret().clone(),
            refresh_token: tokens.refresh_token().map(|token| token.secret().clone()).or_else(|| session.refresh_token.clone()),
            ..session.clone()
        })
    }

    /// Where to send the browser to sign out there too (RP-Initiated Logout 1.0). `None` when the issuer offers nothing.
    pub(crate) async fn end_session(&self, session: Option<&Session>, lang: &str, now: Timestamp) -> Option<Url> {
        let end_session = self.known(now).await.ok()?.end_session.clone()?;
        let settings = &self.shared.settings;
        let mut url = LogoutRequest::from(openidconnect::EndSessionUrl::from_url(end_session))
            .set_client_id(ClientId::new(settings.client_id.clone()))
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(settings.post_logout_redirect_uri()))
            .http_get_url();
        if let Some(id_token) = session.and_then(|session| session.id_token.as_deref()) {
            url.query_pairs_mut().append_pair("id_token_hint", id_token);
        }
        url.query_pairs_mut().append_pair("ui_locales", lang);
        Some(url)
    }

    /// What needs no network: the answer is for this transaction, from this issuer, in time, and no error.
    fn check(&self, answer: &Answer<'_>, transaction: &Transaction, now: Timestamp) -> Result<(), SignInError> {
        let same = |a: &str, b: &str| bool::from(subtle::ConstantTimeEq::ct_eq(a.as_bytes(), b.as_bytes()));
        if !answer.state.is_some_and(|state| same(state, &transaction.state)) {
            return Err(SignInError::Foreign("state"));
        }
        // our issuer always says who it is (RFC 9207 §2.4): an answer without `iss` was mixed up
        if answer.iss != Some(self.shared.settings.issuer_id()) {
            return Err(SignInError::Foreign("iss"));
        }
        if !transaction.is_live(now) {
            return Err(SignInError::Foreign("too late"));
        }
        match answer.error {
            Some(error) => Err(SignInError::Refused(error.chars().filter(char::is_ascii_graphic).take(60).collect())),
            None => Ok(()),
        }
    }

    /// The `sub` of an ID token that verifies; keys are fetched again once when it does not.
    async fn verified_subject(&self, tokens: &CoreTokenResponse, nonce: &str, now: Timestamp) -> Result<String, SignInError> {
        let known = self.known(now).await?;
        match Self::subject(&known, tokens, nonce, now) {
            Err(_) if known.fetched_at + FETCH_AGAIN < now => {
                let known = self.fetch(now).await?;
                Self::subject(&known, tokens, nonce, now)
            }
            answer => answer,
        }
    }

    fn subject(known: &Known, tokens: &CoreTokenResponse, nonce: &str, now: Timestamp) -> Result<String, SignInError> {
        let id_token = tokens.id_token().ok_or_else(|| SignInError::Invalid("no ID token".into()))?;
        let at = chrono::DateTime::from_timestamp_millis(now.millis()).unwrap_or_default();
        let verifier: IdTokenVerifier<'_, CoreJsonWebKey> = known.client.id_token_verifier().set_time_fn(move || at);
        let invalid = |error: &dyn std::fmt::Display| SignInError::Invalid(error.to_string());
        let claims = id_token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|error| invalid(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let alg = id_token.signing_alg().map_err(|error| invalid(&error))?;
            let key = id_token.signing_key(&verifier).map_err(|error| invalid(&error))?;
            let token: &AccessToken = tokens.access_token();
            let found = openidconnect::AccessTokenHash::from_token(token, alg, key).map_err(|error| invalid(&error))?;
            if found != *expected {
                return Err(SignInError::Invalid("at_hash".into()));
            }
        }
        Ok(claims.subject().to_string())
    }

    async fn known(&self, now: Timestamp) -> Result<Arc<Known>, SignInError> {
        let known = self.shared.known.read().await.clone();
        match known {
            Some(known) if now < known.fetched_at + FRESH => Ok(known),
            Some(stale) => Ok(self.fetch(now).await.unwrap_or(stale)),
            None => self.fetch(now).await,
        }
    }

    async fn fetch(&self, now: Timestamp) -> Result<Arc<Known>, SignInError> {
        let settings = &self.shared.settings;
        let issuer = IssuerUrl::new(settings.issuer_id().to_owned()).map_err(|error| SignInError::Invalid(error.to_string()))?;
        let http = self.http();
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &http).await.map_err(|error| match error {
            openidconnect::DiscoveryError::Request(error) => SignInError::Unavailable(error.to_string()),
            error => SignInError::Invalid(error.to_string()),
        })?;
        let end_session = metadata.additional_metadata().end_session_endpoint.as_ref().map(|url| url.url().clone());
        let client = CoreClient::from_provider_metadata(metadata, ClientId::new(settings.client_id.clone()), None)
            .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri()));
        let known = Arc::new(Known { client, end_session, fetched_at: now });
        *self.shared.known.write().await = Some(Arc::clone(&known));
        Ok(known)
    }

    fn assertion(&self, now: Timestamp) -> Result<String, SignInError> {
        let Shared { settings, signer, entropy, .. } = &*self.shared;
        let jti = entropy.word();
        let assertion =
            Assertion { client_id: &settings.client_id, issuer: settings.issuer_id(), jti: &jti, now, lifetime: ASSERTION_LIFETIME };
        signer.sign(&assertion).map_err(|error| SignInError::Invalid(error.to_string()))
    }

    fn http(&self) -> impl Fn(http::Request<Vec<u8>>) -> BoxedAnswer {
        let client = self.shared.http.clone();
        move |request| Box::pin(send(client.clone(), request))
    }
}

type BoxedAnswer = std::pin::Pin<Box<dyn Future<Output = Result<http::Response<Vec<u8>>, OutboundError>> + Send>>;

/// Why a call to the issuer brought nothing.
#[derive(Debug, thiserror::Error)]
enum OutboundError {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("more than {ANSWER_MAX} bytes")]
    TooLarge,
    #[error("status {0}")]
    Status(u16),
    #[error("{0}")]
    Shape(#[from] http::Error),
}

async fn send(client: reqwest::Client, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, OutboundError> {
    let mut response = client.execute(request.try_into()?).await.map_err(reqwest::Error::without_url)?;
    if response.status().is_server_error() {
        return Err(OutboundError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(OutboundError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let mut answer = http::Response::builder().status(response.status());
    for (name, value) in response.headers() {
        answer = answer.header(name, value);
    }
    Ok(answer.body(body)?)
}

fn expiry(tokens: &CoreTokenResponse, now: Timestamp) -> i64 {
    let lifetime = tokens.expires_in().unwrap_or(Duration::from_mins(1));
    now.millis().saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(0))
}

type TokenError = RequestTokenError<OutboundError, openidconnect::StandardErrorResponse<CoreErrorResponseType>>;

fn refused(error: TokenError) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(response) => SignInError::Refused(response.error().to_string()),
        RequestTokenError::Request(error) => SignInError::Unavailable(error.to_string()),
        RequestTokenError::Parse(error, _) => SignInError::Invalid(error.to_string()),
        RequestTokenError::Other(error) => SignInError::Invalid(error),
    }
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").field("issuer", &self.shared.settings.issuer_id()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use keys::SigningAlg;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn issuer() -> Issuer {
        let settings = Settings::new("http://localhost:1", "http://localhost:2", "admin-ui", "key", vec![([127, 0, 0, 1], 2).into()]);
        let signer = AssertionSigner::generate(SigningAlg::EdDsa).expect("generates");
        Issuer::of(settings.expect("valid"), signer, Entropy::seeded(1)).expect("a client")
    }

    fn transaction() -> Transaction {
        Transaction { state: "s".into(), nonce: "n".into(), verifier: "v".into(), return_to: "/".into(), began_at: NOW.millis() }
    }

    #[test]
    fn an_answer_for_another_transaction_or_from_another_issuer_is_foreign() {
        let good = Answer { code: Some("c"), state: Some("s"), iss: Some("http://localhost:1"), error: None };
        let issuer = issuer();
        assert!(issuer.check(&good, &transaction(), NOW).is_ok());
        for (bad, now) in [
            (Answer { state: Some("t"), ..good.clone() }, NOW),
            (Answer { state: None, ..good.clone() }, NOW),
            (Answer { iss: Some("http://localhost:1/"), ..good.clone() }, NOW),
            (Answer { iss: None, ..good.clone() }, NOW),
            (good.clone(), NOW + Transaction::LIFETIME),
        ] {
            assert!(matches!(issuer.check(&bad, &transaction(), now), Err(SignInError::Foreign(_))), "{bad:?}");
        }
        let refused = Answer { error: Some("access_denied\n<script>"), code: None, ..good };
        let Err(SignInError::Refused(error)) = issuer.check(&refused, &transaction(), NOW) else { panic!("refused") };
        assert_eq!(error, "access_denied<script>");
    }

    #[tokio::test]
    async fn an_issuer_that_does_not_answer_is_unavailable() {
        let begun = issuer().begin("/", "ca", &Demands::default(), NOW).await;
        assert!(matches!(begun.map(|_| ()), Err(SignInError::Unavailable(_))));
    }
}
