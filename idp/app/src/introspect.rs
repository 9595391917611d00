//! Token introspection (RFC 7662): an answer only for those the token is meant for (N-29).

use std::sync::Arc;

use idp_domain::{
    Fault,
    client::{Client, ClientIdentifier},
    scope::{Scope, ScopeSet},
    secret::SecretHash,
};
use idp_protocol::{
    OAuthError, Params,
    bodies::AccessTokenClaims,
    client_auth::ClientAuthAttempt,
    introspect::{ActiveToken, Introspection, PresentedToken},
};
use idp_store::{Backing, ReadTx, Tx};

use crate::{
    Act, Failure, Outcome,
    access::{IssuePermit, may_issue},
    failure::refuse,
    grant_types::authenticate_client,
    short_lived::Kind,
    tokens::sub_of,
    userinfo::{stand_behind, verify_access_token},
};

/// Answers an introspection request. The caller authenticates as at the token endpoint and is confidential.
pub async fn introspect(act: &Act, authorization: Option<&str>, params: &Params) -> Outcome<Introspection, OAuthError> {
    let attempt = ClientAuthAttempt::read(authorization, params).map_err(Failure::Refused)?;
    let caller = authenticate_client(act, &attempt).await?.client;
    if caller.is_public() {
        return refuse(OAuthError::invalid_client());
    }
    let token = PresentedToken::read(params).map_err(Failure::Refused)?;
    let active = match token {
        PresentedToken::Jwt(jwt) => access_token(act, &caller, &jwt).await?,
        PresentedToken::Refresh(secret) => refresh_token(act, &caller, secret.hash()).await?,
        PresentedToken::Foreign => None,
    };
    Ok(active.map_or(Introspection::Inactive, |token| Introspection::Active(Box::new(token))))
}

/// Its own tokens, tokens meant for it, and audiences it is registered to look at.
fn may_look(caller: &Client, claims: &AccessTokenClaims) -> bool {
    let own = caller.client_id.as_str();
    claims.client_id == own || claims.aud == own || caller.introspects.contains(&claims.aud)
}

async fn access_token(act: &Act, caller: &Arc<Client>, jwt: &str) -> Result<Option<ActiveToken>, Fault> {
    let Some(claims) = verify_access_token(act, jwt).filter(|claims| may_look(caller, claims)) else { return Ok(None) };
    let read = act.store().read();
    if claims.azn.is_none() {
        return client_token(act, &read, claims).await;
    }
    match stand_behind(act, &read, claims, Some(caller)).await {
        Ok(bearer) => {
            let username = username(bearer.claims.scope, &bearer.permit);
            Ok(Some(active(bearer.claims, username)))
        }
        Err(Failure::Refused(_)) => Ok(None),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}

/// A client's own token counts while the client acts by itself and did not revoke it.
async fn client_token(act: &Act, read: &ReadTx, claims: AccessTokenClaims) -> Result<Option<ActiveToken>, Fault> {
    let Ok(client_id) = ClientIdentifier::parse(&claims.client_id) else { return Ok(None) };
    if act.store().ephemeral().peek(Kind::RevokedToken.as_str(), &claims.jti, act.now).await?.is_some() {
        return Ok(None);
    }
    let found = read.clients().find_to_authenticate(&client_id, act.now).await?;
    Ok(found.filter(|(client, service)| client.acts_by_itself(*service)).map(|_| active(claims, None)))
}

/// The name comes with `profile`, as everywhere (N-67).
fn username(scope: ScopeSet, permit: &IssuePermit) -> Option<String> {
    scope.contains(Scope::Profile).then(|| permit.person().username.to_string())
}

fn active(claims: AccessTokenClaims, username: Option<String>) -> ActiveToken {
    ActiveToken {
        iss: claims.iss,
        sub: claims.sub,
        aud: Some(claims.aud),
        client_id: claims.client_id,
        username,
        scope: claims.scope,
        exp: claims.exp,
        iat: claims.iat,
        jti: Some(claims.jti),
        auth_time: claims.auth_time,
        acr: claims.acr,
        token_type: Some("Bearer"),
    }
}

async fn refresh_token(act: &Act, caller: &Arc<Client>, hash: SecretHash) -> Result<Option<ActiveToken>, Fault> {
    let read = act.store().read();
    let Some(found) = read.refresh_tokens().find_by_hash(&hash).await? else { return Ok(None) };
    let Backing { authorization, session, person, subject, .. } = found.backing;
    let unused = found.token.superseded_at.is_none() && found.token.check(act.now, caller.id, act.app.epoch()).is_ok();
    let session_counts = found.sid.is_none() || session.is_live(act.now, act.app.epoch());
    if !unused || !session_counts || authorization.ended_at.is_some() {
        return Ok(None);
    }
    match may_issue(act, &read, person, Arc::clone(caller)).await {
        Ok(permit) => Ok(Some(ActiveToken {
            iss: act.settings().issuer.as_str().to_owned(),
            sub: sub_of(subject)?,
            aud: None,
            client_id: caller.client_id.to_string(),
            username: username(found.token.scope, &permit),
            scope: found.token.scope,
            exp: found.token.expires_at,
            iat: found.token.created_at,
            jti: None,
            auth_time: Some(found.token.auth_time),
            acr: Some(session.acr().to_owned()),
            token_type: None,
        })),
        Err(Failure::Refused(_)) => Ok(None),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}
