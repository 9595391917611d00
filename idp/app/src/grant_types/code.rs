//! `authorization_code` (RFC 6749 §4.1.3).

use std::sync::Arc;

use idp_domain::{
    audit::AuditEvent,
    client::{Client, GrantType},
    code::{Code, CodeRefusal},
    id::RefreshTokenId,
    pkce::Verifier,
    refresh::{self, RefreshToken},
    scope::Scope,
    secret::{Secret, SecretKind},
};
use idp_protocol::{claims_request::ClaimsRequest, token::TokenResponse};
use idp_store::{
    Attempt, Backing, Tx,
    authorizations::{Offline, Which},
    tokens::NewRefreshToken,
};

use super::GrantRefusal;
use crate::{
    Act, Failure, Outcome,
    access::may_issue,
    audit, backchannel,
    failure::{OrRefuse, refuse},
    tokens::{self, Minting, sub_of},
};

type Refusal = GrantRefusal<CodeRefusal>;

/// A code as a client presents it.
pub(super) struct Presented {
    pub(super) secret: Secret,
    pub(super) redirect_uri: Option<String>,
    pub(super) verifier: Option<Verifier>,
    pub(super) resource: Option<String>,
}

/// Redeems a code. Everything refusable happens before the write lock; the conditional update decides who wins.
pub(super) async fn redeem_code(act: &Act, client: Arc<Client>, presented: Presented) -> Outcome<TokenResponse, Refusal> {
    let read = act.store().read();
    let found = read.codes().find_by_hash(&presented.secret.hash()).await?;
    let (code, Backing { authorization, session, person, subject, .. }) = found.or_refuse(Refusal::Own(CodeRefusal::Unknown))?;
    let check = |code: &Code| code.check(act.now, client.id, presented.redirect_uri.as_deref(), presented.verifier.as_ref());
    match check(&code) {
        Ok(()) => {}
        Err(CodeRefusal::Replayed) => return punish_replay(act, &client, &code).await,
        Err(CodeRefusal::WrongClient) => return burn(act, &client, &code).await,
        // what was ended took its codes along: their age is not the cause
        Err(CodeRefusal::Expired) if authorization.ended_at.is_some() => return refuse(Refusal::AuthorizationEnded),
        Err(refusal) => return refuse(Refusal::Own(refusal)),
    }
    if presented.resource.is_some() && presented.resource != code.resource {
        return refuse(Refusal::Target);
    }
    if authorization.ended_at.is_some() || !session.is_live(act.now, act.app.epoch()) {
        return refuse(Refusal::AuthorizationEnded);
    }
    let permit = may_issue(act, &read, person, Arc::clone(&client)).await.map_err(|failure| failure.map_refusal(Refusal::Gate))?;
    let minting = Minting {
        authorization: &authorization,
        session: &session,
        sub: sub_of(subject)?,
        scope: code.scope,
        resource: code.resource.as_deref(),
        nonce: code.nonce.as_deref(),
        auth_time: code.auth_time,
        claims: ClaimsRequest::from_optional(code.claims.as_deref())?,
    };
    let mut response = tokens::mint(act, &read, &permit, minting).await?;

    let tx = act.store().write("grant_types.redeem_code").await?;
    if tx.codes().redeem(code.id, client.id, act.now).await? == Attempt::Lost {
        // it was used, burnt or ended since it was read; only the first is a replay
        let now = tx.codes().find_by_hash(&presented.secret.hash()).await?.map(|(code, _)| check(&code));
        tx.rollback().await?;
        return match now {
            Some(Err(CodeRefusal::Replayed)) => punish_replay(act, &client, &code).await,
            Some(Err(CodeRefusal::Expired)) => refuse(Refusal::Own(CodeRefusal::Expired)),
            _ => refuse(Refusal::AuthorizationEnded),
        };
    }
    if client.may_use(GrantType::RefreshToken) {
        let secret = act.entropy().secret(SecretKind::RefreshToken);
        let id: RefreshTokenId = act.id();
        tx.refresh_tokens()
            .insert(&NewRefreshToken {
                hash: secret.hash(),
                family: id,
                sid: (!code.scope.contains(Scope::OfflineAccess)).then_some(session.id),
                token: RefreshToken {
                    id,
                    authorization: authorization.id,
                    client: client.id,
                    generation: 0,
                    scope: code.scope,
                    audience: code.resource.clone(),
                    claims: code.claims.clone(),
                    auth_time: code.auth_time,
                    cnf_jkt: None,
                    epoch: act.app.epoch(),
                    created_at: act.now,
                    last_used_at: act.now,
                    expires_at: act.now + refresh::ABSOLUTE,
                    superseded_at: None,
                    revoked_at: None,
                },
            })
            .await?;
        response.refresh_token = Some(secret.expose().to_owned());
    }
    tx.commit().await?;
    Ok(response)
}

/// A code that comes back revokes what it produced (RFC 6749 §4.1.2, N-18). The refusal is committed.
async fn punish_replay(act: &Act, client: &Client, code: &Code) -> Outcome<TokenResponse, Refusal> {
    let tx = act.store().write("grant_types.code_replayed").await?;
    backchannel::end_authorizations(act, &tx, Which::One(code.authorization), Offline::Included).await?;
    let event = AuditEvent::CodeReplayed { client: client.id };
    audit::record(act, &tx, audit::Concerning::cluster(), event, None).await?;
    tx.commit().await?;
    act.app.wake_workers();
    Err(Failure::Refused(Refusal::Own(CodeRefusal::Replayed)))
}

/// A right code in the hands of another client is a leak: it is burnt (D07).
async fn burn(act: &Act, client: &Client, code: &Code) -> Outcome<TokenResponse, Refusal> {
    let tx = act.store().write("grant_types.code_leaked").await?;
    if tx.codes().burn(code.id, act.now).await? == Attempt::Won {
        let event = AuditEvent::CodeLeaked { client: client.id };
        audit::record(act, &tx, audit::Concerning::cluster(), event, None).await?;
    }
    tx.commit().await?;
    refuse(Refusal::Own(CodeRefusal::WrongClient))
}
