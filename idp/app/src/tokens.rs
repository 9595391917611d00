//! Minting. Nobody mints without a permit of the gate.

use idp_domain::{
    Fault, Timestamp, Ttl,
    authorization::Authorization,
    client::Client,
    id::SessionId,
    profile::SigningAlg,
    scope::{Scope, ScopeSet},
    session::Session,
};
use idp_protocol::{
    bodies::{AccessToken, IdToken, at_hash, client_subject},
    claims::{self, Facts, Release},
    claims_request::ClaimsRequest,
    resource::manage_audience,
    token::{TokenResponse, TokenType},
};
use idp_store::{ReadTx, subjects::Subject};
use keys::Purpose;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Act, access::IssuePermit, claims::facts};

/// How long an access token lives, before jitter (D03).
pub const ACCESS_TOKEN: Ttl = Ttl::minutes(5);
/// How long an access token lives with all its jitter.
pub(crate) const ACCESS_TOKEN_AT_MOST: Ttl = Ttl::seconds(ACCESS_TOKEN.as_seconds() + ACCESS_TOKEN.as_seconds() / 10);
/// How long an access token for the management API lives.
pub const MANAGE_TOKEN: Ttl = Ttl::minutes(2);
/// How long an ID token lives.
pub const ID_TOKEN: Ttl = Ttl::minutes(5);
/// Access tokens for our own resources and for services that name no other algorithm: the cheapest to sign.
const OWN_ALG: SigningAlg = SigningAlg::EdDsa;

/// What is asked for, beside the permit.
pub(crate) struct Minting<'a> {
    pub(crate) authorization: &'a Authorization,
    pub(crate) session: &'a Session,
    /// The subject of the client's sector.
    pub(crate) sub: String,
    /// What is granted now: the scopes of the code or refresh token, or fewer.
    pub(crate) scope: ScopeSet,
    /// The one audience; absent: this provider.
    pub(crate) resource: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) auth_time: Timestamp,
    pub(crate) claims: ClaimsRequest,
}

/// Signs an access token, and an ID token when `openid` was granted. The refresh token is the caller's to add.
pub(crate) async fn mint(act: &Act, read: &ReadTx, permit: &IssuePermit, minting: Minting<'_>) -> Result<TokenResponse, Fault> {
    let client = permit.client();
    // what was granted stays within what the client is allowed today (N-67)
    let minting = Minting { scope: minting.scope.intersection(client.scopes), ..minting };
    let asked_for = minting.scope.union(minting.claims.implied_scopes(client.scopes));
    let facts = facts(act, read, permit, minting.sub.clone(), asked_for).await?;
    let release = Release { granted: minting.scope, allowed: client.scopes, asked: &minting.claims, profile: &client.profile };
    let (access_token, lifetime) = access_token(act, client, &minting, &facts, &release)?;
    let id_token =
        if minting.scope.contains(Scope::OpenId) { Some(id_token(act, client, &minting, &facts, &release, &access_token)?) } else { None };
    Ok(TokenResponse {
        access_token,
        token_type: TokenType::Bearer,
        expires_in: lifetime.as_seconds(),
        refresh_token: None,
        id_token,
        scope: minting.scope,
    })
}

fn access_token(act: &Act, client: &Client, minting: &Minting<'_>, facts: &Facts, release: &Release<'_>) -> Result<(String, Ttl), Fault> {
    let issuer = &act.settings().issuer;
    let lifetime = match minting.resource {
        Some(resource) if resource == manage_audience(issuer) => MANAGE_TOKEN,
        _ => jittered(act, ACCESS_TOKEN),
    };
    let jti = jti(act);
    // groups and names travel only to the service itself, which cannot ask userinfo with a token meant for it
    let own_service = minting.resource == Some(client.client_id.as_str());
    let asked = if minting.resource.is_none() { minting.claims.userinfo_names() } else { None };
    let body = AccessToken {
        iss: issuer.as_str(),
        sub: &minting.sub,
        aud: minting.resource.unwrap_or(issuer.as_str()),
        client_id: client.client_id.as_str(),
        exp: act.now + lifetime,
        iat: act.now,
        jti: &jti,
        scope: minting.scope,
        auth_time: Some(minting.auth_time),
        acr: Some(minting.session.acr()),
        sid: Some(sid_at(client, minting.session.id)),
        azn: Some(minting.authorization.id),
        epoch: act.app.epoch(),
        asked: asked.as_deref(),
        claims: if own_service { claims::in_access_token(facts, release) } else { serde_json::Map::new() },
    };
    let alg = if own_service { client.profile.alg } else { OWN_ALG };
    Ok((sign(act, Purpose::AccessToken, alg, &body)?, lifetime))
}

fn id_token(
    act: &Act,
    client: &Client,
    minting: &Minting<'_>,
    facts: &Facts,
    release: &Release<'_>,
    access_token: &str,
) -> Result<String, Fault> {
    let alg = client.profile.alg;
    let body = IdToken {
        iss: act.settings().issuer.as_str(),
        sub: &minting.sub,
        aud: client.client_id.as_str(),
        exp: act.now + ID_TOKEN,
        iat: act.now,
        auth_time: minting.auth_time,
        nonce: minting.nonce,
        acr: minting.session.acr(),
        amr: &minting.session.amr(),
        at_hash: Some(at_hash(access_token, alg)),
        sid: sid_at(client, minting.session.id),
        claims: claims::in_id_token(facts, release),
    };
    sign(act, Purpose::IdToken, alg, &body)
}

/// A client's own access token (RFC 6749 §4.4): nobody's, hence without a session or an authorization.
pub(crate) fn mint_for_client(act: &Act, client: &Client, scope: ScopeSet, resource: Option<&str>) -> Result<TokenResponse, Fault> {
    let issuer = act.settings().issuer.as_str();
    let (lifetime, jti, sub) = (jittered(act, ACCESS_TOKEN), jti(act), client_subject(&client.client_id));
    let body = AccessToken {
        iss: issuer,
        sub: &sub,
        aud: resource.unwrap_or(issuer),
        client_id: client.client_id.as_str(),
        exp: act.now + lifetime,
        iat: act.now,
        jti: &jti,
        scope,
        auth_time: None,
        acr: None,
        sid: None,
        azn: None,
        epoch: act.app.epoch(),
        asked: None,
        claims: serde_json::Map::new(),
    };
    Ok(TokenResponse {
        access_token: sign(act, Purpose::AccessToken, OWN_ALG, &body)?,
        token_type: TokenType::Bearer,
        expires_in: lifetime.as_seconds(),
        refresh_token: None,
        id_token: None,
        scope,
    })
}

/// What a client knows a session by: its identifier, or one derived from it where the subject is pairwise too. Services that must
/// not learn from `sub` that they speak of one person shall not learn it from `sid` (OIDC Core §17.3).
pub(crate) fn sid_at(client: &Client, session: SessionId) -> SessionId {
    if client.sector.is_empty() {
        return session;
    }
    let digest = Sha256::new().chain_update(session.uuid().as_bytes()).chain_update(client.sector.as_bytes()).finalize();
    SessionId::from_uuid(Uuid::from_u128(digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))))
}

/// Signs with the active key of a purpose and algorithm.
pub(crate) fn sign<C: serde::Serialize>(act: &Act, purpose: Purpose, alg: SigningAlg, body: &C) -> Result<String, Fault> {
    act.app.ring().sign(purpose, alg, body).map_err(|error| Fault::broken("tokens.sign", error))
}

/// A token's identifier: 128 random bits in hexadecimal.
pub(crate) fn jti(act: &Act) -> String {
    act.entropy().random_uuid().simple().to_string()
}

/// Ten per cent more or less, so that tokens issued together do not all come back together (F29).
fn jittered(act: &Act, ttl: Ttl) -> Ttl {
    let tenth = ttl.as_seconds() / 10;
    let spread = u32::try_from(2 * tenth + 1).unwrap_or(1);
    Ttl::seconds(ttl.as_seconds() - tenth + i64::from(act.entropy().below(spread)))
}

/// How the client's sector calls the person: given when the authorization was.
pub(crate) fn sub_of(subject: Option<Subject>) -> Result<String, Fault> {
    subject.map(|subject| subject.sub).ok_or_else(|| Fault::broken("tokens.sub_of", "an authorization without a subject"))
}
