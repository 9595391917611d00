//! Our own resources: who stands behind a bearer token, and userinfo (OIDC Core §5.3).

use std::sync::Arc;

use idp_domain::{Timestamp, client::Client, person::Person, scope::Scope, session::Session};
use idp_protocol::{
    bodies::AccessTokenClaims,
    claims::{self, Release},
    claims_request::ClaimsRequest,
    resource::manage_audience,
    userinfo::BearerRefusal,
};
use idp_store::{Backing, ReadTx, Tx};
use keys::Purpose;

use crate::{
    Act, Failure, Outcome,
    access::{IssuePermit, may_issue},
    claims::facts,
    failure::{OrRefuse, refuse},
};

/// A live access token of a person with everything behind it.
pub(crate) struct Bearer {
    pub(crate) claims: AccessTokenClaims,
    pub(crate) session: Session,
    pub(crate) permit: IssuePermit,
}

/// Verifies an access token of ours: signature, issuer, expiry, epoch. Says nothing yet about what stands behind it.
pub(crate) fn verify_access_token(act: &Act, token: &str) -> Option<AccessTokenClaims> {
    let claims: AccessTokenClaims = act.app.ring().recognise(token, &[Purpose::AccessToken]).ok()?.claims;
    let sound = claims.iss == act.settings().issuer.as_str() && act.now < claims.exp && claims.epoch == act.app.epoch();
    sound.then_some(claims)
}

/// What stands behind a verified token right now: its authorization and session live, its person let through the gate.
/// `caller` is a client that authenticated just now: its own tokens need not look it up again.
pub(crate) async fn stand_behind(
    act: &Act,
    read: &ReadTx,
    claims: AccessTokenClaims,
    caller: Option<&Arc<Client>>,
) -> Outcome<Bearer, BearerRefusal> {
    let id = claims.azn.or_refuse(BearerRefusal::Invalid)?;
    let found = match caller.filter(|caller| caller.client_id.as_str() == claims.client_id) {
        Some(own) => {
            let backing = read.authorizations().find_backing(id).await?;
            backing.filter(|backing| backing.client_id == own.client_id).map(|backing| (backing, Arc::clone(own)))
        }
        None => read.authorizations().find_backing_with_client(id).await?.map(|(backing, client)| (backing, Arc::new(client))),
    };
    let (Backing { authorization, session, person, .. }, client) = found.or_refuse(BearerRefusal::Invalid)?;
    let session_counts = authorization.offline || session.is_live(act.now, act.app.epoch());
    if authorization.ended_at.is_some() || !session_counts || client.client_id.as_str() != claims.client_id {
        return refuse(BearerRefusal::Invalid);
    }
    let permit = may_issue(act, read, person, client).await.map_err(|failure| failure.map_refusal(|_| BearerRefusal::Invalid))?;
    Ok(Bearer { claims, session, permit })
}

async fn bearer(act: &Act, read: &ReadTx, token: &str, audience: &str) -> Outcome<Bearer, BearerRefusal> {
    let claims = verify_access_token(act, token).or_refuse(BearerRefusal::Invalid)?;
    if claims.aud != audience {
        return refuse(BearerRefusal::Invalid); // N-28
    }
    stand_behind(act, read, claims, None).await
}

/// The claims of the person behind a token, as this client may see them.
pub async fn userinfo(act: &Act, token: &str) -> Outcome<serde_json::Map<String, serde_json::Value>, BearerRefusal> {
    let read = act.store().read();
    let bearer = bearer(act, &read, token, act.settings().issuer.as_str()).await?;
    if !bearer.claims.scope.contains(Scope::OpenId) {
        return refuse(BearerRefusal::InsufficientScope(Scope::OpenId));
    }
    let client = bearer.permit.client();
    let asked = ClaimsRequest::from_userinfo_names(bearer.claims.asked.as_deref());
    let asked_for = bearer.claims.scope.union(asked.implied_scopes(client.scopes));
    let facts = facts(act, &read, &bearer.permit, bearer.claims.sub.clone(), asked_for).await?;
    let release = Release { granted: bearer.claims.scope, allowed: client.scopes, asked: &asked, profile: &client.profile };
    Ok(claims::in_userinfo(&facts, &release))
}

/// Who calls the management API.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub person: Person,
    /// When they proved who they are.
    pub auth_time: Timestamp,
    /// What they hold now.
    pub standing: idp_domain::policy::Standing,
}

/// The caller behind a token for the management API: the token's one audience, the scope `manage`, a live session, and
/// a mandate that stands now.
pub async fn caller(act: &Act, token: &str) -> Outcome<Caller, BearerRefusal> {
    let read = act.store().read();
    let audience = manage_audience(&act.settings().issuer);
    let bearer = bearer(act, &read, token, &audience).await?;
    if !bearer.claims.scope.contains(Scope::Manage) {
        return refuse(BearerRefusal::InsufficientScope(Scope::Manage));
    }
    let person = bearer.permit.person().clone();
    let standing = read.standing().of(person.id, act.now).await.map_err(Failure::Fault)?;
    Ok(Caller { person, auth_time: bearer.session.auth_time(), standing })
}
