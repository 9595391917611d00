//! `refresh_token` (RFC 6749 §6). A confidential client's token is bound by its authentication and is not rotated;
//! a public client's is (RFC 9700 §4.14.2, D06).

use std::sync::Arc;

use idp_domain::{
    Ttl,
    audit::AuditEvent,
    client::{Client, ClientRole},
    refresh::{RefreshRefusal, RefreshToken},
    scope::ScopeSet,
    secret::{Secret, SecretKind},
};
use idp_protocol::{claims_request::ClaimsRequest, scopes, token::TokenResponse};
use idp_store::{
    Attempt, Backing, Tx,
    authorizations::{Offline, Which},
    sessions::needs_touch,
    tokens::{FoundRefreshToken, NewRefreshToken, Rotated},
};

use super::GrantRefusal;
use crate::{
    Act, Failure, Outcome,
    access::may_issue,
    audit, backchannel,
    failure::{OrRefuse, refuse},
    tokens::{self, Minting, sub_of},
};

type Refusal = GrantRefusal<RefreshRefusal>;

/// `last_used_at` is written at most this often: the idle limit is counted in days.
const TOUCH_EVERY: Ttl = Ttl::hours(1);

/// A refresh token as a client presents it.
pub(super) struct Presented {
    pub(super) secret: Secret,
    pub(super) scope: Option<ScopeSet>,
    pub(super) resource: Option<String>,
}

/// Issues new tokens for a refresh token.
pub(super) async fn refresh_tokens(act: &Act, client: Arc<Client>, presented: Presented) -> Outcome<TokenResponse, Refusal> {
    let read = act.store().read();
    let found = read.refresh_tokens().find_by_hash(&presented.secret.hash()).await?.or_refuse(Refusal::Own(RefreshRefusal::Unknown))?;
    match found.token.check(act.now, client.id, act.app.epoch()) {
        Ok(()) => {}
        Err(refusal @ (RefreshRefusal::Replayed | RefreshRefusal::WrongClient)) => {
            return revoke_family(act, &client, &found.token, refusal).await;
        }
        // what was ended took its tokens along: their age is not the cause
        Err(RefreshRefusal::Dead) if found.backing.authorization.ended_at.is_some() => return refuse(Refusal::AuthorizationEnded),
        Err(refusal) => return refuse(Refusal::Own(refusal)),
    }
    let Backing { authorization, session, person, subject, .. } = &found.backing;
    if authorization.ended_at.is_some() || (found.sid.is_some() && !session.is_live(act.now, act.app.epoch())) {
        return refuse(Refusal::AuthorizationEnded);
    }
    if presented.resource.is_some() && presented.resource != found.token.audience {
        return refuse(Refusal::Target);
    }
    let scope = scopes::narrowed(found.token.scope, presented.scope).map_err(|_| Failure::Refused(Refusal::Scope))?;
    let permit = may_issue(act, &read, person.clone(), Arc::clone(&client)).await.map_err(|failure| failure.map_refusal(Refusal::Gate))?;
    let minting = Minting {
        authorization,
        session,
        sub: sub_of(subject.clone())?,
        scope,
        resource: found.token.audience.as_deref(),
        nonce: None,
        auth_time: found.token.auth_time,
        claims: ClaimsRequest::from_optional(found.token.claims.as_deref())?,
    };
    let mut response = tokens::mint(act, &read, &permit, minting).await?;
    if client.is_public() {
        let successor = rotate(act, &client, &found).await?;
        response.refresh_token = Some(successor.expose().to_owned());
    } else {
        touch(act, &client, &found).await?;
    }
    Ok(response)
}

/// Replaces the token. A predecessor within its grace is answered only while its successor is unused; the store's
/// conditional updates decide.
async fn rotate(act: &Act, client: &Client, found: &FoundRefreshToken) -> Outcome<Secret, Refusal> {
    let secret = act.entropy().secret(SecretKind::RefreshToken);
    let successor = RefreshToken {
        id: act.id(),
        generation: found.token.generation + 1,
        created_at: act.now,
        last_used_at: act.now,
        superseded_at: None,
        ..found.token.clone()
    };
    let tx = act.store().write("grant_types.rotate_refresh_token").await?;
    let new = NewRefreshToken { hash: secret.hash(), family: found.family, sid: found.sid, token: successor };
    match tx.refresh_tokens().rotate(found, &new, act.now).await? {
        Rotated::Won | Rotated::Again => {
            tx.commit().await?;
            Ok(secret)
        }
        Rotated::Lost => {
            drop(tx);
            revoke_family(act, client, &found.token, RefreshRefusal::Replayed).await
        }
    }
}

/// Remembers the use, seldom. The managers' desk works through its refresh token alone, so that its use counts as use
/// of the session too.
async fn touch(act: &Act, client: &Client, found: &FoundRefreshToken) -> Outcome<(), Refusal> {
    let token_due = act.now.since(found.token.last_used_at) >= TOUCH_EVERY;
    let session = &found.backing.session;
    let session_due = client.role == ClientRole::AdminUi && found.sid.is_some() && needs_touch(session, act.now);
    if !token_due && !session_due {
        return Ok(());
    }
    let tx = act.store().write("grant_types.touch_refresh_token").await?;
    if token_due && tx.refresh_tokens().use_again(found.token.id, client.id, act.now).await? == Attempt::Lost {
        return refuse(Refusal::Own(RefreshRefusal::Dead));
    }
    if session_due {
        let (Attempt::Won | Attempt::Lost) = tx.sessions().touch(session.id, act.now).await?;
    }
    Ok(tx.commit().await?)
}

/// A token that was replaced, or belongs to another client, is in wrong hands: everything it stands for ends.
async fn revoke_family<T>(act: &Act, client: &Client, token: &RefreshToken, refusal: RefreshRefusal) -> Outcome<T, Refusal> {
    let tx = act.store().write("grant_types.refresh_token_replayed").await?;
    backchannel::end_authorizations(act, &tx, Which::One(token.authorization), Offline::Included).await?;
    let event = AuditEvent::RefreshTokenReplayed { client: client.id };
    audit::record(act, &tx, audit::Concerning::cluster(), event, None).await?;
    tx.commit().await?;
    act.app.wake_workers();
    refuse(Refusal::Own(refusal))
}
