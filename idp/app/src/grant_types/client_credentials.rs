//! `client_credentials` (RFC 6749 §4.4): a token of the client's own, about nobody.

use idp_domain::{
    client::Client,
    scope::{Scope, ScopeSet},
    service::ServiceState,
};
use idp_protocol::{ErrorCode, OAuthError, resource, scopes, token::TokenResponse};

use crate::{Act, Failure, Outcome, failure::refuse, tokens};

/// Issues a token to an authenticated client, unless its service is closed. Scopes that speak about a person mean nothing here.
pub(super) fn issue_to_client(
    act: &Act,
    client: &Client,
    service: Option<ServiceState>,
    scope: Option<ScopeSet>,
    resource: Option<&str>,
) -> Outcome<TokenResponse, OAuthError> {
    if client.is_public() {
        return refuse(OAuthError::new(ErrorCode::UnauthorizedClient, "a public client has no credentials"));
    }
    if !client.acts_by_itself(service) {
        return refuse(OAuthError::new(ErrorCode::UnauthorizedClient, "the service of this client is not active"));
    }
    let of_people = [
        Scope::OpenId,
        Scope::Profile,
        Scope::Email,
        Scope::Groups,
        Scope::Collectives,
        Scope::Services,
        Scope::OfflineAccess,
        Scope::Manage,
    ];
    let granted = of_people.into_iter().fold(scopes::allowed(scope.unwrap_or_default(), client), ScopeSet::without);
    if let Some(resource) = resource {
        resource::check(resource, client, &act.settings().issuer).map_err(Failure::Refused)?;
    }
    Ok(tokens::mint_for_client(act, client, granted, resource)?)
}
