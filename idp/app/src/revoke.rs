//! Token revocation (RFC 7009): idempotent, 200 for unknown tokens, nothing for another client's (N-30).

use idp_domain::{
    Fault,
    audit::AuditEvent,
    id::{AuthorizationId, RefreshTokenId},
};
use idp_protocol::{OAuthError, Params, bodies::AccessTokenClaims, client_auth::ClientAuthAttempt, introspect::PresentedToken, revoke};
use idp_store::{
    Tx,
    authorizations::{Offline, Which},
};

use crate::{Act, Failure, Outcome, audit, grant_types::authenticate_client, short_lived::Kind, userinfo::verify_access_token};

/// What a client revokes.
enum Target {
    /// An access token: what it stands for ends with every token of it.
    Authorization(AuthorizationId),
    /// A refresh token: its family ends, and what it stands for when nothing else hangs on it. A client that signed somebody in anew
    /// and tidies up what it had before keeps what it has now.
    Family(AuthorizationId, RefreshTokenId),
}

/// Revokes what a token stands for (RFC 7009 §2.1).
pub async fn revoke_token(act: &Act, authorization: Option<&str>, params: &Params) -> Outcome<(), OAuthError> {
    let attempt = ClientAuthAttempt::read(authorization, params).map_err(Failure::Refused)?;
    let client = authenticate_client(act, &attempt).await?.client;
    let read = act.store().read();
    let target = match revoke::read(params).map_err(Failure::Refused)? {
        PresentedToken::Jwt(jwt) => {
            let claims = verify_access_token(act, &jwt).filter(|claims| claims.client_id == client.client_id.as_str());
            match claims {
                Some(claims) if claims.azn.is_none() => return Ok(revoke_own(act, &claims).await?),
                claims => claims.and_then(|claims| claims.azn).map(Target::Authorization),
            }
        }
        PresentedToken::Refresh(secret) => {
            let found = read.refresh_tokens().find_by_hash(&secret.hash()).await?;
            let own = found.filter(|found| found.token.client == client.id);
            own.map(|found| Target::Family(found.token.authorization, found.family))
        }
        PresentedToken::Foreign => None,
    };
    let Some(target) = target else { return Ok(()) };
    let tx = act.store().write("revoke.revoke_token").await?;
    let ends = match target {
        Target::Authorization(authorization) => Some(authorization),
        Target::Family(authorization, family) => {
            tx.refresh_tokens().revoke_family(family, act.now).await?;
            (!tx.refresh_tokens().any_live(authorization, act.now).await?).then_some(authorization)
        }
    };
    if let Some(authorization) = ends {
        // the client asked for it: it need not be told
        tx.authorizations().end(Which::One(authorization), Offline::Included, act.now).await?;
    }
    audit::record(act, &tx, audit::Concerning::cluster(), AuditEvent::TokenRevoked { client: client.id }, None).await?;
    Ok(tx.commit().await?)
}

/// A client's own token has no authorization behind it: its identifier is remembered for the few minutes it would have
/// lived.
async fn revoke_own(act: &Act, claims: &AccessTokenClaims) -> Result<(), Fault> {
    act.store().ephemeral().put(Kind::RevokedToken.as_str(), &claims.jti, "", claims.exp, act.now).await
}
