//! The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2) as two ordered lists of checks.
//!
//! **Before the redirect is trusted** ([`AuthorizeParams::read`], [`AuthorizeParams::trust`]) a failure is a page for
//! the person; nobody is redirected (N-03). **After it** ([`AuthorizeParams::request`]) a failure is an [`OAuthError`]
//! sent to the [`TrustedRedirect`], a type that only the first list can make.

mod request;
#[cfg(test)]
mod tests;

use idp_domain::{
    authorization::{AuthorizationRequest, ResponseMode},
    client::{Client, ClientIdentifier},
    id::ClientId,
    issuer::Issuer,
};

use crate::{error::OAuthError, params::Params};

/// Why a person who was sent here sees a page instead of being sent on (N-03, OAuth 2.1 §4.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// `client_id` is missing.
    #[error("client_id is missing")]
    MissingClientId,
    /// No such client.
    #[error("the client is unknown")]
    UnknownClient,
    /// The client was switched off.
    #[error("the client is disabled")]
    DisabledClient,
    /// `redirect_uri` is missing: required even when only one is registered (OIDC Core §3.1.2.1).
    #[error("redirect_uri is missing")]
    MissingRedirectUri,
    /// `redirect_uri` is none of the registered ones (N-01).
    #[error("redirect_uri is not registered for this client")]
    UnregisteredRedirectUri,
    /// `client_id` or `redirect_uri` is repeated, too long or badly encoded (N-09).
    #[error("{0} is repeated, too long or not well encoded")]
    UnusableParameter(&'static str),
}

/// The parameters of an authorization request with the client they name; not trusted yet.
#[derive(Debug, Clone)]
pub struct AuthorizeParams<'a> {
    params: &'a Params,
    client_id: ClientIdentifier,
}

/// A redirect URI that belongs to the client of the request: the only place an authorization response may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedRedirect {
    client: ClientId,
    uri: String,
    mode: ResponseMode,
    state: Option<String>,
}

/// A request that passed every check that needs no storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRequest {
    /// The request. `hinted_sub` holds a `sub` that the `claims` parameter asks for by value (OIDC Core §5.5.1); once
    /// `id_token_hint` is verified its subject takes the same place, and must be the same when both are there.
    pub request: AuthorizationRequest,
    /// `id_token_hint` as sent: to be verified by who holds the keys.
    pub id_token_hint: Option<String>,
}

impl<'a> AuthorizeParams<'a> {
    /// First step: which client it is about. Takes parameters read with [`Params::salvage`].
    pub fn read(params: &'a Params) -> Result<Self, PageError> {
        if params.is_spoiled("client_id") {
            return Err(PageError::UnusableParameter("client_id"));
        }
        let text = params.get("client_id").ok_or(PageError::MissingClientId)?;
        let client_id = ClientIdentifier::parse(text).map_err(|_| PageError::UnknownClient)?;
        Ok(Self { params, client_id })
    }

    /// The client to look up.
    pub fn client_id(&self) -> &ClientIdentifier {
        &self.client_id
    }

    /// Second step: whether the client that was found may receive an answer at the presented `redirect_uri`.
    pub fn trust(&self, client: Option<&Client>) -> Result<TrustedRedirect, PageError> {
        let client = client.filter(|client| client.client_id == self.client_id).ok_or(PageError::UnknownClient)?;
        if client.disabled_at.is_some() {
            return Err(PageError::DisabledClient);
        }
        if self.params.is_spoiled("redirect_uri") {
            return Err(PageError::UnusableParameter("redirect_uri"));
        }
        let uri = self.params.get("redirect_uri").ok_or(PageError::MissingRedirectUri)?;
        if client.redirect_uri(uri).is_none() {
            return Err(PageError::UnregisteredRedirectUri);
        }
        Ok(TrustedRedirect {
            client: client.id,
            uri: uri.to_owned(),
            // an unknown mode is refused in the second list, and that refusal travels in the query
            mode: self.params.get("response_mode").and_then(ResponseMode::from_name).unwrap_or_default(),
            state: self.params.get("state").map(str::to_owned),
        })
    }

    /// Third step: the request itself. `client` is the one `redirect` was made for.
    pub fn request(&self, client: &Client, redirect: &TrustedRedirect, issuer: &Issuer) -> Result<ReadRequest, OAuthError> {
        request::read(self.params, client, redirect, issuer)
    }
}

impl TrustedRedirect {
    /// The redirect of a stored request, if its client is still switched on and the URI still registered.
    pub fn of_stored(request: &AuthorizationRequest, client: &Client) -> Result<Self, PageError> {
        if client.id != request.client {
            return Err(PageError::UnknownClient);
        }
        if client.disabled_at.is_some() {
            return Err(PageError::DisabledClient);
        }
        if client.redirect_uri(&request.redirect_uri).is_none() {
            return Err(PageError::UnregisteredRedirectUri);
        }
        Ok(Self { client: client.id, uri: request.redirect_uri.clone(), mode: request.response_mode, state: request.state.clone() })
    }
    /// The client's row.
    pub const fn client(&self) -> ClientId {
        self.client
    }
    /// The URI exactly as presented.
    pub fn uri(&self) -> &str {
        &self.uri
    }
    /// How the answer travels.
    pub const fn mode(&self) -> ResponseMode {
        self.mode
    }
    /// What the client wants echoed.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}
