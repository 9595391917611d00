//! The authorization endpoint's decision: answer now, or which page comes next.

use std::sync::Arc;

use idp_domain::{
    Fault,
    audit::AuditEvent,
    authorization::AuthorizationRequest,
    client::{Client, ClientIdentifier, ConsentRule},
    code::{self, Code},
    id::{AuthorizationId, ClientId, SessionId},
    scope::{Scope, ScopeSet},
    secret::{Secret, SecretKind},
};
use idp_protocol::{
    ErrorCode, OAuthError, Params,
    authorize::{AuthorizeParams, PageError, TrustedRedirect},
    bodies::IdTokenHint,
    claims::brought_by_profile,
    claims_request::ClaimsRequest,
};
use idp_store::{Attempt, ReadTx, Tx, WriteTx, authorizations::NewAuthorization, sessions::needs_touch};
use keys::Purpose;

use crate::{
    Act, Failure, Outcome,
    access::{GateRefusal, IssuePermit, may_issue},
    audit,
    browser::{Browser, LiveSession},
    failure::{OrRefuse, refuse},
};

/// A request whose redirect is trusted.
#[derive(Debug, Clone)]
pub enum Received {
    /// Sound so far.
    Request {
        /// Who asks.
        client: Arc<Client>,
        /// Where the answer goes.
        redirect: TrustedRedirect,
        /// What is asked.
        request: Box<AuthorizationRequest>,
    },
    /// To be answered with an error at the client.
    Flawed {
        /// Where the answer goes.
        redirect: TrustedRedirect,
        /// What is wrong.
        error: OAuthError,
    },
}

/// What happens next with a request.
#[derive(Debug)]
pub enum Step {
    /// Send the code to the client.
    Code(Secret),
    /// Send an error to the client.
    Error(OAuthError),
    /// The person proves who they are, perhaps again.
    SignIn,
    /// The person chooses among the browser's sessions.
    ChooseAccount,
    /// The person is asked about the release.
    Consent(ConsentQuestion),
    /// The person may not enter: a page names their managers and offers to ask.
    NoAccess(TurnedAway),
}

/// What a consent page asks.
#[derive(Debug, Clone, Copy)]
pub struct ConsentQuestion {
    /// The scopes that would be released.
    pub scope: ScopeSet,
    /// Whose data: the session that was proved, chosen or hinted.
    pub session: SessionId,
}

/// Who may not enter, and why.
#[derive(Debug, Clone, Copy)]
pub struct TurnedAway {
    /// What the gate said.
    pub refusal: GateRefusal,
    /// The session that was proved, chosen or hinted.
    pub session: SessionId,
}

/// What was satisfied in the flow before this step.
#[derive(Debug, Clone, Copy)]
pub struct Satisfied {
    /// A proof given at or after this instant is fresh.
    pub fresh_since: Option<idp_domain::Timestamp>,
    /// The session that was proved or chosen.
    pub session: Option<SessionId>,
    /// The question that was answered with yes.
    pub agreed: Option<ConsentQuestion>,
}

impl Satisfied {
    /// Nothing yet: the request just arrived.
    pub const NOTHING: Self = Self { fresh_since: None, session: None, agreed: None };
}

/// A client by its public identifier.
pub async fn find_client(act: &Act, client_id: &ClientIdentifier) -> Result<Option<Arc<Client>>, Fault> {
    Ok(act.store().read().clients().find_by_identifier(client_id, act.now).await?.map(Arc::new))
}

/// A client by its row.
pub async fn client_of(act: &Act, client: ClientId) -> Result<Option<Arc<Client>>, Fault> {
    Ok(act.store().read().clients().find(client, act.now).await?.map(Arc::new))
}

/// Reads a request: first what decides whether the redirect can be trusted, then everything else.
pub async fn receive(act: &Act, params: &Params) -> Outcome<Received, PageError> {
    let read = AuthorizeParams::read(params).map_err(Failure::Refused)?;
    let client = find_client(act, read.client_id()).await?;
    let redirect = read.trust(client.as_deref()).map_err(Failure::Refused)?;
    let client = client.or_refuse(PageError::UnknownClient)?;
    let issuer = &act.settings().issuer;
    let (mut request, hint) = match read.request(&client, &redirect, issuer) {
        Ok(read) => (read.request, read.id_token_hint),
        Err(error) => return Ok(Received::Flawed { redirect, error }),
    };
    if let Some(hint) = hint {
        let Some(hint) = verify_hint(act, &hint) else {
            return Ok(Received::Flawed {
                redirect,
                error: OAuthError::invalid_request("id_token_hint is not an ID token of this issuer"),
            });
        };
        if request.hinted_sub.as_ref().is_some_and(|sub| *sub != hint.sub) {
            return Ok(Received::Flawed { redirect, error: OAuthError::new(ErrorCode::LoginRequired, "another person is asked for") });
        }
        request.hinted_sub = Some(hint.sub);
    }
    Ok(Received::Request { client, redirect, request: Box::new(request) })
}

/// An ID token of ours, expired or not (OIDC Core §3.1.2.1).
pub(crate) fn verify_hint(act: &Act, token: &str) -> Option<IdTokenHint> {
    let hint: IdTokenHint = act.app.ring().verify(token, &[Purpose::IdToken]).ok()?.claims;
    (hint.iss == act.settings().issuer.as_str()).then_some(hint)
}

/// Decides the next step. Every way to a code leads through the gate.
pub async fn proceed(
    act: &Act,
    client: &Arc<Client>,
    request: &AuthorizationRequest,
    browser: &Browser,
    satisfied: Satisfied,
) -> Result<Step, Fault> {
    let silent = request.prompt.none;
    let error = |code, description| Ok(Step::Error(OAuthError::new(code, description)));
    let chosen = match satisfied.session {
        Some(session) => browser.session(session),
        None => hinted(act, client, request, browser).await?,
    };
    if let (Some(live), Some(sub), Some(_)) = (chosen, &request.hinted_sub, satisfied.session)
        && !is_subject(act, client, live, sub).await?
    {
        // "the Authorization Server MUST NOT reply with an ID Token for a different user" (OIDC Core §5.5.1, §3.1.2.1)
        return error(ErrorCode::LoginRequired, "another person is asked for");
    }
    let Some(live) = chosen else {
        return if silent { error(ErrorCode::LoginRequired, "nobody is signed in") } else { Ok(Step::SignIn) };
    };
    if request.prompt.select_account && satisfied.session.is_none() {
        return Ok(Step::ChooseAccount);
    }
    if !is_fresh(act, request, live, satisfied) {
        return if silent { error(ErrorCode::LoginRequired, "a fresh sign-in is needed") } else { Ok(Step::SignIn) };
    }
    if !reaches_acr(request, live)? {
        return error(ErrorCode::UnmetAuthenticationRequirements, "the authentication context cannot be reached");
    }
    let act = &act.by(live.person.id);
    let read = act.store().read();
    let permit = match may_issue(act, &read, live.person.clone(), Arc::clone(client)).await {
        Ok(permit) => permit,
        Err(Failure::Refused(_)) if silent => return error(ErrorCode::AccessDenied, "the person has no access to this service"),
        Err(Failure::Refused(refusal)) => return Ok(Step::NoAccess(TurnedAway { refusal, session: live.session.id })),
        Err(Failure::Fault(fault)) => return Err(fault),
    };
    let question = open_question(&read, request, &permit, satisfied.session.is_some()).await?;
    let covers = |scope: ScopeSet| satisfied.agreed.is_some_and(|yes| yes.session == live.session.id && scope.is_subset(yes.scope));
    if let Some(scope) = question.filter(|scope| !covers(*scope)) {
        let question = ConsentQuestion { scope, session: live.session.id };
        return if silent { error(ErrorCode::ConsentRequired, "the person must agree first") } else { Ok(Step::Consent(question)) };
    }
    issue_code(act, &read, request, live, &permit, question).await.map(Step::Code)
}

/// Whether a session is that of the subject a request names.
async fn is_subject(act: &Act, client: &Client, live: &LiveSession, sub: &str) -> Result<bool, Fault> {
    let subject = act.store().read().subjects().find_by_sub(sub).await?;
    Ok(subject.is_some_and(|subject| subject.sector == client.sector && subject.person == live.session.person))
}

/// The session of the subject the request names, or the current one when it names nobody.
async fn hinted<'a>(
    act: &Act,
    client: &Client,
    request: &AuthorizationRequest,
    browser: &'a Browser,
) -> Result<Option<&'a LiveSession>, Fault> {
    let Some(sub) = &request.hinted_sub else { return Ok(browser.current()) };
    let subject = act.store().read().subjects().find_by_sub(sub).await?.filter(|subject| subject.sector == client.sector);
    Ok(subject.and_then(|subject| browser.sessions.iter().find(|live| live.session.person == subject.person)))
}

/// `prompt=login` wants a proof given in this flow, `max_age` one that is young enough (OIDC Core §3.1.2.1).
fn is_fresh(act: &Act, request: &AuthorizationRequest, live: &LiveSession, satisfied: Satisfied) -> bool {
    let auth_time = live.session.auth_time();
    let proved_here = satisfied.fresh_since.is_some_and(|since| auth_time >= since);
    let young = request.max_age.is_none_or(|max_age| act.now.since(auth_time) <= max_age);
    proved_here || (young && !request.prompt.login)
}

/// An essential `acr` is reached or the request fails; a voluntary one is a wish (OIDC Core §5.5.1.1).
fn reaches_acr(request: &AuthorizationRequest, live: &LiveSession) -> Result<bool, Fault> {
    let claims = ClaimsRequest::from_optional(request.claims.as_deref())?;
    Ok(claims.essential_acr().is_none_or(|wanted| wanted.iter().any(|acr| acr == live.session.acr())))
}

/// What the person still has to be asked, if anything. `acted`: whether they did something in this login.
async fn open_question(
    read: &ReadTx,
    request: &AuthorizationRequest,
    permit: &IssuePermit,
    acted: bool,
) -> Result<Option<ScopeSet>, Fault> {
    let client = permit.client();
    let implied = ClaimsRequest::from_optional(request.claims.as_deref())?.implied_scopes(client.scopes);
    let scope = request.scope.union(implied).union(brought_by_profile(&client.profile));
    // "The authorization server SHOULD NOT process authorization requests automatically without user consent or interaction"
    // where any program may receive the answer in the client's name (RFC 8252 §8.6)
    let anybody = client.is_public() && !request.redirect_uri.starts_with("https:");
    if request.prompt.consent || (anybody && !acted) {
        return Ok(Some(scope));
    }
    if client.consent == ConsentRule::FirstParty {
        return Ok(None);
    }
    let given = read.consents().find(permit.person().id, client.id).await?.map_or(ScopeSet::EMPTY, |consent| consent.scope);
    Ok((!scope.is_subset(given)).then_some(scope))
}

async fn issue_code(
    act: &Act,
    read: &ReadTx,
    request: &AuthorizationRequest,
    live: &LiveSession,
    permit: &IssuePermit,
    agreed: Option<ScopeSet>,
) -> Result<Secret, Fault> {
    let client = permit.client();
    let offline = request.scope.contains(Scope::OfflineAccess);
    let known = read.authorizations().find_live(live.session.id, client.id).await?;
    let same = known.filter(|known| known.scope == request.scope && known.claims == request.claims && (known.offline || !offline));
    let secret = act.entropy().secret(SecretKind::Code);
    let tx = act.store().write("authorize.issue_code").await?;
    // before everything else: a sign-out takes the session first, too
    if needs_touch(&live.session, act.now) {
        // lost when another request noted the use a moment ago: just as well
        let (Attempt::Won | Attempt::Lost) = tx.sessions().touch(live.session.id, act.now).await?;
    }
    let authorization = match same {
        Some(known) => known.id,
        None => authorize(act, &tx, request, live, permit).await?,
    };
    if let Some(scope) = agreed {
        remember_consent(act, &tx, permit, scope).await?;
    }
    let code = Code {
        id: act.id(),
        client: client.id,
        authorization,
        scope: request.scope,
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge,
        nonce: request.nonce.clone(),
        resource: request.resource.clone(),
        claims: request.claims.clone(),
        auth_time: live.session.auth_time(),
        expires_at: act.now + code::LIFETIME,
        redeemed_at: None,
    };
    tx.codes().insert(&secret.hash(), &code).await?;
    tx.commit().await?;
    Ok(secret)
}

/// A yes that adds nothing to an earlier one is no fact: a service may ask for it at each sign-in.
async fn remember_consent(act: &Act, tx: &WriteTx, permit: &IssuePermit, scope: ScopeSet) -> Result<(), Fault> {
    let (person, client) = (permit.person().id, permit.client().id);
    match tx.consents().remember(person, client, scope, act.now).await? {
        Attempt::Lost => Ok(()),
        Attempt::Won => audit::record(act, tx, audit::Concerning::person(person), AuditEvent::ConsentGiven { client }, None).await,
    }
}

/// The first time in a session, or when more is asked: the authorization itself, the subject, and the end of a username's freedom.
/// No fact of the audit: who uses what when is forgotten with the authorization.
async fn authorize(
    act: &Act,
    tx: &WriteTx,
    request: &AuthorizationRequest,
    live: &LiveSession,
    permit: &IssuePermit,
) -> Result<AuthorizationId, Fault> {
    let (client, person) = (permit.client(), permit.person());
    let authorization = tx
        .authorizations()
        .upsert(&NewAuthorization {
            id: act.id(),
            person: person.id,
            client: client.id,
            session: live.session.id,
            scope: request.scope,
            claims: request.claims.clone(),
            now: act.now,
        })
        .await?;
    tx.subjects().release(person.id, &client.sector, &act.entropy().random_uuid().to_string(), act.now).await?;
    // lost when a service has seen the name before: it is burnt already
    let (Attempt::Won | Attempt::Lost) = tx.people().burn_username(person.id, act.now).await?;
    Ok(authorization.id)
}

/// The person turned back at a page: the service gets the standard error.
pub const fn turned_back() -> OAuthError {
    OAuthError::new(ErrorCode::AccessDenied, "the person turned back")
}

/// The client and redirect of a waiting request, checked again: both may have changed meanwhile.
pub async fn resume(act: &Act, request: &AuthorizationRequest) -> Outcome<(Arc<Client>, TrustedRedirect), PageError> {
    let client = client_of(act, request.client).await?.or_refuse(PageError::UnknownClient)?;
    match TrustedRedirect::of_stored(request, &client) {
        Ok(redirect) => Ok((client, redirect)),
        Err(error) => refuse(error),
    }
}
