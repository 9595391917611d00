//! Token revocation (RFC 7009): idempotent, 200 for unknown tokens, nothing for another client's (N-30).

use idp_domain::{Fault, audit::AuditEvent};
use idp_protocol::{OAuthError, Params, bodies::AccessTokenClaims, client_auth::ClientAuthAttempt, introspect::PresentedToken, revoke};
use idp_store::{
    Tx,
    authorizations::{Offline, Which},
};

use crate::{Act, Failure, Outcome, audit, grant_types::authenticate_client, short_lived::Kind, userinfo::verify_access_token};

/// Revokes what a token stands for: every token of its authorization ends with it.
pub async fn revoke_token(act: &Act, authorization: Option<&str>, params: &Params) -> Outcome<(), OAuthError> {
    let attempt = ClientAuthAttempt::read(authorization, params).map_err(Failure::Refused)?;
    let client = authenticate_client(act, &attempt).await?.client;
    let read = act.store().read();
    let target = match revoke::read(params).map_err(Failure::Refused)? {
        PresentedToken::Jwt(jwt) => {
            let claims = verify_access_token(act, &jwt).filter(|claims| claims.client_id == client.client_id.as_str());
            match claims {
                Some(claims) if claims.azn.is_none() => return Ok(revoke_own(act, &claims).await?),
                claims => claims.and_then(|claims| claims.azn),
            }
        }
        PresentedToken::Refresh(secret) => {
            let found = read.refresh_tokens().find_by_hash(&secret.hash()).await?;
            found.filter(|found| found.token.client == client.id).map(|found| found.token.authorization)
        }
        PresentedToken::Foreign => None,
    };
    let Some(target) = target else { return Ok(()) };
    let tx = act.store().write("revoke.revoke_token").await?;
    // the client asked for it: it need not be told
    tx.authorizations().end(Which::One(target), Offline::Included, act.now).await?;
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::TokenRevoked { client: client.id }, None).await?;
    Ok(tx.commit().await?)
}

/// A client's own token has no authorization behind it: its identifier is remembered for the few minutes it would have
/// lived.
async fn revoke_own(act: &Act, claims: &AccessTokenClaims) -> Result<(), Fault> {
    act.store().ephemeral().put(Kind::RevokedToken.as_str(), &claims.jti, "", claims.exp, act.now).await
}
