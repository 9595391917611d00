//! The token endpoint: one entry, five phases that no grant type can skip. Authenticate the client → may it use this
//! grant type → the grant → issue → render.

mod client_auth;
mod client_credentials;
mod code;
mod refresh;

use idp_protocol::{
    ErrorCode, OAuthError, Params,
    client_auth::ClientAuthAttempt,
    token::{GrantRequest, TokenResponse},
};

pub use client_auth::{Authenticated, authenticate_client};

use crate::{Act, Failure, Outcome};

/// Answers a token request (RFC 6749 §3.2). `authorization` is the header of that name.
pub async fn redeem(act: &Act, authorization: Option<&str>, params: &Params) -> Outcome<TokenResponse, OAuthError> {
    let attempt = ClientAuthAttempt::read(authorization, params).map_err(Failure::Refused)?;
    let Authenticated { client, service } = authenticate_client(act, &attempt).await?;
    let request = GrantRequest::read(params).map_err(Failure::Refused)?;
    if !client.may_use(request.grant_type()) {
        return Err(Failure::Refused(OAuthError::new(ErrorCode::UnauthorizedClient, "the client may not use this grant type")));
    }
    match request {
        GrantRequest::Code { code, redirect_uri, verifier, resource } => {
            let presented = code::Presented { secret: code, redirect_uri, verifier, resource };
            code::redeem_code(act, client, presented).await.map_err(|failure| failure.map_refusal(Into::into))
        }
        GrantRequest::Refresh { token, scope, resource } => {
            let presented = refresh::Presented { secret: token, scope, resource };
            refresh::refresh_tokens(act, client, presented).await.map_err(|failure| failure.map_refusal(Into::into))
        }
        GrantRequest::ClientCredentials { scope, resource } => {
            client_credentials::issue_to_client(act, &client, service, scope, resource.as_deref())
        }
    }
}

/// Why a grant is refused, beyond its own rules. All but a stranger's [`GrantRefusal::Own`] is told to the owner of the
/// code or token only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GrantRefusal<R> {
    /// The code or token itself.
    Own(R),
    /// What it stands for was ended, or its session is over.
    AuthorizationEnded,
    /// The gate.
    Gate(crate::access::GateRefusal),
    /// Another audience than the authorized one (RFC 8707 §2.2).
    Target,
    /// More scopes than were granted (RFC 6749 §6).
    Scope,
}

impl<R: std::fmt::Debug + Into<OAuthError>> From<GrantRefusal<R>> for OAuthError {
    fn from(refusal: GrantRefusal<R>) -> Self {
        tracing::info!(?refusal, "a grant was refused");
        match refusal {
            GrantRefusal::Own(refusal) => refusal.into(),
            GrantRefusal::AuthorizationEnded => Self::own_invalid_grant(
                "the authorization has ended: it was revoked, the person signed out or lost access, or a code or token was used twice",
            ),
            GrantRefusal::Gate(_) => Self::own_invalid_grant("the client may have nothing about the person now"),
            GrantRefusal::Target => Self::new(ErrorCode::InvalidTarget, "the resource is not the authorized one"),
            GrantRefusal::Scope => Self::new(ErrorCode::InvalidScope, "the scope exceeds what was granted"),
        }
    }
}
