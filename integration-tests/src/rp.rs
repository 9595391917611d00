//! A relying party for tests: sends people to the provider and trades codes for tokens, every parameter within reach.
//! The judge of what comes back is `openidconnect`, a second implementation.

use std::{future::Future, pin::Pin};

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AdditionalClaims, AsyncHttpClient, ClientId, EmptyAdditionalProviderMetadata, HttpRequest, HttpResponse, IdToken, IdTokenVerifier,
    IssuerUrl, Nonce, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::http::{self, Page, Request, Session};

/// A `code_verifier` for tests; its challenge is what matters.
pub const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-for-tests";
/// The nonce of every request.
pub const NONCE: &str = "n-0S6_WzA2Mj";
/// The state of every request.
pub const STATE: &str = "af0ifjsldkj";

/// A client registered at a provider.
#[derive(Debug, Clone)]
pub struct Rp {
    pub issuer: String,
    pub client_id: String,
    pub secret: Option<String>,
    pub redirect_uri: String,
}

/// Claims beyond the standard ones, whatever they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OtherClaims(pub serde_json::Map<String, Value>);
impl AdditionalClaims for OtherClaims {}

/// Discovery as `openidconnect` reads it.
pub type Metadata = ProviderMetadata<
    EmptyAdditionalProviderMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

impl Rp {
    pub fn new(issuer: &str, client_id: &str, secret: Option<&str>, redirect_uri: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            secret: secret.map(str::to_owned),
            redirect_uri: redirect_uri.to_owned(),
        }
    }

    /// The ordinary parameters of an authorization request.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        [
            ("client_id", self.client_id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("scope", "openid profile email groups"),
            ("state", STATE),
            ("nonce", NONCE),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// An authorization request with these parameters changed; an empty value leaves one out.
    pub fn authorize_url(&self, changes: &[(&str, &str)]) -> Result<Url> {
        let mut parameters = self.parameters();
        for (name, value) in changes {
            parameters.retain(|(known, _)| known != name);
            if !value.is_empty() {
                parameters.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        Ok(Url::parse_with_params(&format!("{}/oauth/authorize", self.issuer), parameters)?)
    }

    /// Whether an address is the one codes are sent to.
    pub fn is_redirect(&self, url: &Url) -> bool {
        url.as_str().starts_with(&self.redirect_uri)
    }

    /// Opens an authorization request and follows it to a page, or to the redirect that leaves the provider.
    pub async fn open(&self, session: &mut Session, changes: &[(&str, &str)]) -> Result<Page> {
        let first = session.step(Request::get(self.authorize_url(changes)?), None).await?;
        session.follow_until(first, |url| self.is_redirect(url)).await
    }

    /// Opens an authorization request, signs in where asked, and returns where the browser was sent.
    pub async fn sign_in(&self, session: &mut Session, username: &str, password: &str) -> Result<Url> {
        let page = self.open(session, &[]).await?;
        let page = self.answer_form(session, page, username, password).await?;
        page.location().with_context(|| format!("no redirect to the client: {}", page.describe()))
    }

    /// Fills the sign-in form.
    pub async fn answer_form(&self, session: &mut Session, page: Page, username: &str, password: &str) -> Result<Page> {
        let form = page.form("Sign in")?.set("identifier", username)?.set("password", password)?;
        let next = session.step(Request::for_form(&form), Some(&page.url)).await?;
        session.follow_until(next, |url| self.is_redirect(url)).await
    }

    /// The code in the address a browser was sent to; checks state and issuer on the way (RFC 9207).
    pub fn code(&self, redirected: &Url) -> Result<String> {
        let parameter = |name| http::parameter(redirected, name);
        ensure!(parameter("iss").as_deref() == Some(&self.issuer), "iss is wrong in {redirected}");
        ensure!(parameter("state").as_deref() == Some(STATE), "state is wrong in {redirected}");
        parameter("code").with_context(|| format!("no code in {redirected}"))
    }

    /// A call to an endpoint of the provider with this client's credentials in the form (`client_secret_post`).
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Result<Page> {
        let mut form: Vec<(&str, &str)> = fields.to_vec();
        form.push(("client_id", &self.client_id));
        if let Some(secret) = &self.secret {
            form.push(("client_secret", secret));
        }
        Session::new()?.step(Request::post(Url::parse(&format!("{}{path}", self.issuer))?, form), None).await
    }

    /// Trades a code.
    pub async fn trade(&self, code: &str) -> Result<Page> {
        let fields =
            [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &self.redirect_uri), ("code_verifier", VERIFIER)];
        self.call("/oauth/token", &fields).await
    }

    /// Trades a refresh token.
    pub async fn refresh(&self, token: &str) -> Result<Page> {
        self.call("/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Signs in and trades the code: the token response.
    pub async fn tokens(&self, session: &mut Session, username: &str, password: &str) -> Result<Value> {
        let redirected = self.sign_in(session, username, password).await?;
        self.trade(&self.code(&redirected)?).await?.must_be(200)?.json()
    }

    /// Userinfo with an access token.
    pub async fn userinfo(&self, access_token: &str) -> Result<Page> {
        let request = Request::get(Url::parse(&format!("{}/oauth/userinfo", self.issuer))?);
        Session::new()?.step(request.header("authorization", &format!("Bearer {access_token}")), None).await
    }

    /// Whether introspection calls a token active.
    pub async fn is_active(&self, token: &str) -> Result<bool> {
        let answer = self.call("/oauth/introspect", &[("token", token)]).await?.must_be(200)?.json()?;
        answer["active"].as_bool().context("introspection says neither yes nor no")
    }

    /// Discovery and keys, fetched and read by `openidconnect`.
    pub async fn discover(&self) -> Result<Metadata> {
        Ok(Metadata::discover_async(IssuerUrl::new(self.issuer.clone())?, &Outbound).await?)
    }

    /// Lets `openidconnect` verify an ID token: signature by a discovered key, issuer, audience, expiry, nonce.
    pub async fn verify(&self, id_token: &str, nonce: Option<&str>) -> Result<serde_json::Map<String, Value>> {
        let metadata = self.discover().await?;
        let verifier =
            IdTokenVerifier::new_public_client(ClientId::new(self.client_id.clone()), metadata.issuer().clone(), metadata.jwks().clone())
                .set_allowed_algs(metadata.id_token_signing_alg_values_supported().clone());
        let token: IdToken<OtherClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm> =
            serde_json::from_value(Value::from(id_token))?;
        let claims = match nonce {
            Some(nonce) => token.claims(&verifier, &Nonce::new(nonce.to_owned()))?,
            None => token.claims(&verifier, |_: Option<&Nonce>| Ok(()))?,
        };
        match serde_json::to_value(claims)? {
            Value::Object(claims) => Ok(claims),
            _ => anyhow::bail!("the claims are no object"),
        }
    }
}

/// The payload of a JWT, unverified.
pub fn payload(jwt: &str) -> Result<Value> {
    part(jwt, 1)
}

/// The header of a JWT.
pub fn header(jwt: &str) -> Result<Value> {
    part(jwt, 0)
}

fn part(jwt: &str, index: usize) -> Result<Value> {
    let part = jwt.split('.').nth(index).context("not a JWT")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?)
}

/// Fetches for `openidconnect`.
#[derive(Debug)]
pub struct Outbound;

impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, std::io::Error>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move { fetch(request).await.map_err(std::io::Error::other) })
    }
}

async fn fetch(request: HttpRequest) -> Result<HttpResponse> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
    let answer = client.execute(request.try_into()?).await?;
    let mut response = ::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    Ok(response.body(answer.bytes().await?.to_vec())?)
}
