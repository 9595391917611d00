//! Signing out: by the person, or at a service's wish (OpenID Connect RP-Initiated Logout 1.0). A bare GET never signs
//! anybody out: a hint for the current session or a confirmation is needed (N-38).

use std::sync::Arc;

use idp_domain::{Fault, audit::AuditEvent, client::Client, id::SessionId};
use idp_protocol::logout::{EndSessionRequest, PostLogoutRedirect};
use idp_store::{
    Attempt, Tx,
    authorizations::{Offline, Which},
};

use crate::{
    Act, audit, authorize, backchannel,
    browser::{Browser, LiveSession},
    tokens::sid_at,
};

/// What a logout request comes to.
#[derive(Debug)]
pub enum EndSession {
    /// The hint names this browser's session: sign it out, then send the person there, or show that they left.
    Now {
        /// The session to end; absent when it was over already.
        session: Option<SessionId>,
        /// Where to send the person.
        redirect: Option<PostLogoutRedirect>,
    },
    /// Ask the person first.
    Confirm {
        /// Where to send the person afterwards, if they agree.
        redirect: Option<PostLogoutRedirect>,
        /// Who asks.
        client: Option<Arc<Client>>,
    },
}

/// Decides what a logout request comes to. An expired hint is as good as a fresh one. With a hint and a `client_id` "the OP
/// MUST verify that the Client Identifier matches the one used when issuing the ID Token" (§2): otherwise neither counts,
/// and the person is asked.
pub async fn read_end_session(act: &Act, request: &EndSessionRequest, browser: Option<&Browser>) -> Result<EndSession, Fault> {
    let hint = request.id_token_hint.as_deref().and_then(|token| authorize::verify_hint(act, token));
    if let (Some(hint), Some(named)) = (&hint, &request.client_id)
        && hint.aud != named.as_str()
    {
        return Ok(EndSession::Confirm { redirect: None, client: None });
    }
    let named = match &hint {
        Some(hint) => idp_domain::client::ClientIdentifier::parse(&hint.aud).ok(),
        None => request.client_id.clone(),
    };
    let client = match named {
        Some(client_id) => authorize::find_client(act, &client_id).await?,
        None => None,
    };
    // a redirect that cannot be trusted is simply not followed: the person sees our page
    let redirect = client.as_deref().and_then(|client| request.redirect(client).ok()).flatten();
    let sid = hint.and_then(|hint| hint.sid);
    let is_hinted = |live: &&LiveSession| client.as_deref().is_some_and(|client| sid == Some(sid_at(client, live.session.id)));
    let own = browser.and_then(|browser| browser.sessions.iter().find(is_hinted));
    let nobody_here = browser.is_none_or(|browser| browser.sessions.is_empty());
    Ok(match (sid, own) {
        (Some(_), Some(live)) => EndSession::Now { session: Some(live.session.id), redirect },
        (Some(_), None) if nobody_here => EndSession::Now { session: None, redirect },
        _ => EndSession::Confirm { redirect, client },
    })
}

/// Ends a session of this browser with everything that hangs on it, and tells the services.
pub async fn end_session(act: &Act, browser: &Browser, session: SessionId) -> Result<(), Fault> {
    let Some(live) = browser.session(session) else { return Ok(()) };
    let tx = act.store().write("logout.end_session").await?;
    if tx.sessions().end(session, act.now).await? == Attempt::Won {
        // what outlives a session by the person's own wish (`offline_access`) stands
        backchannel::end_authorizations(act, &tx, Which::Session(session), Offline::Kept).await?;
        audit::record(act, &tx, audit::Concerning::person(live.person.id), AuditEvent::SessionEnded { session }, None).await?;
    }
    tx.commit().await?;
    act.app.wake_workers();
    Ok(())
}
