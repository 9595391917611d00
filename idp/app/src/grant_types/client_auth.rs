//! Client authentication (RFC 6749 §2.3, RFC 7523 §2.2): one method, the registered one.

use std::sync::Arc;

use crate::short_lived::Kind;
use idp_domain::{
    Fault,
    client::{Client, ClientAuthMethod, ClientIdentifier},
    secret::{SecretHash, SecretKind, Typed},
    service::ServiceState,
};
use idp_protocol::{
    OAuthError,
    client_assertion::{self, AssertionClaims, LEEWAY},
    client_auth::ClientAuthAttempt,
};
use idp_store::{Tx, ephemeral::Stored};
use keys::{Audience, ClientJwks};

use crate::{Act, Outcome, failure::refuse};

/// A client that proved who it is.
#[derive(Debug)]
pub struct Authenticated {
    /// The client.
    pub client: Arc<Client>,
    /// The state of its service, if it has one.
    pub service: Option<ServiceState>,
}

/// The client, if it proves who it is. Every failure is the same `invalid_client`.
pub async fn authenticate_client(act: &Act, attempt: &ClientAuthAttempt) -> Outcome<Authenticated, OAuthError> {
    let found = act.store().read().clients().find_to_authenticate(attempt.client_id(), act.now).await?;
    let Some((client, service)) = found else { return refuse(OAuthError::invalid_client()) };
    if client.disabled_at.is_some() || client.auth_method != attempt.method() {
        return refuse(OAuthError::invalid_client());
    }
    let proved = match attempt {
        ClientAuthAttempt::Basic { secrets, .. } => secrets.iter().any(|secret| knows_secret(&client, secret)),
        ClientAuthAttempt::Post { secret, .. } => knows_secret(&client, secret),
        ClientAuthAttempt::Assertion { client_id, assertion } => proves_key(act, &client, client_id, assertion).await?,
        ClientAuthAttempt::Public { .. } => client.auth_method == ClientAuthMethod::None,
    };
    if proved { Ok(Authenticated { client: Arc::new(client), service }) } else { refuse(OAuthError::invalid_client()) }
}

/// Two secrets may be live, so that one can be rotated (D10).
fn knows_secret(client: &Client, secret: &Typed) -> bool {
    let presented = SecretHash::of(SecretKind::ClientSecret, secret.expose().as_bytes());
    client.secrets.iter().fold(false, |found, known| known.matches(&presented) | found)
}

/// A signature by a registered key over sound claims, presented for the first time (N-24).
async fn proves_key(act: &Act, client: &Client, client_id: &ClientIdentifier, assertion: &str) -> Result<bool, Fault> {
    let Some(jwks) = &client.jwks else { return Ok(false) };
    let jwks = ClientJwks::parse(jwks).map_err(|error| Fault::broken("client_auth.jwks", error))?;
    let Ok(verified) = jwks.verify(assertion) else { return Ok(false) };
    if !client_assertion::is_assertion(verified.typ.as_deref()) {
        return Ok(false);
    }
    // an array of audiences is refused, even with one member (N-24)
    let Audience::One(aud) = verified.aud else { return Ok(false) };
    let claims = AssertionClaims {
        iss: verified.iss,
        sub: verified.sub,
        aud,
        exp: verified.exp,
        nbf: verified.nbf,
        iat: verified.iat,
        jti: verified.jti.unwrap_or_default(),
    };
    if client_assertion::check(&claims, client_id, &act.settings().issuer, act.now).is_err() {
        return Ok(false);
    }
    let remembered_until = claims.exp + LEEWAY;
    let key = format!("{client_id} {}", claims.jti);
    act.store()
        .ephemeral()
        .put_if_absent(Kind::AssertionJti.as_str(), &key, "", remembered_until, act.now)
        .await
        .map(|stored| stored == Stored::First)
}
