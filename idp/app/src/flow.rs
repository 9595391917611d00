//! A login flow: an authorization request that waits while its person proves who they are.
//!
//! It lives in short-lived storage under an unguessable name, bound to the browser that started it. Losing it costs a
//! person one more click, never access. It is written down when a page comes next, and not when the answer leaves at once.

use crate::short_lived::Kind;
use idp_domain::{
    Fault, Timestamp, Ttl,
    authorization::AuthorizationRequest,
    id::{FlowId, SessionId},
    secret::SecretHash,
};
use idp_protocol::stored_request::StoredRequest;
use serde::{Deserialize, Serialize};

use crate::Act;

/// How long somebody may take to sign in.
pub const LIFETIME: Ttl = Ttl::minutes(15);

/// A waiting authorization request with what was satisfied so far.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Its name in the URL.
    pub id: FlowId,
    /// What the client asked.
    pub request: AuthorizationRequest,
    /// When it began: a proof given later counts as fresh for `prompt=login`.
    pub started_at: Timestamp,
    /// The session the person proved or chose in this flow.
    pub session: Option<SessionId>,
    browser: [u8; 32],
    /// Whether storage says something else, or nothing.
    changed: bool,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    request: String,
    started_at: Timestamp,
    session: Option<SessionId>,
    browser: [u8; 32],
}

impl Flow {
    /// A flow that begins in this browser; [`Self::keep`] writes it down.
    pub fn begin(act: &Act, request: AuthorizationRequest, browser: SecretHash) -> Self {
        let id = FlowId::from_uuid(act.entropy().random_uuid());
        Self { id, request, started_at: act.now, session: None, browser: *browser.as_bytes(), changed: true }
    }

    /// The flow of this name, if it was started in this browser and still waits.
    pub async fn find(act: &Act, id: FlowId, browser: SecretHash) -> Result<Option<Self>, Fault> {
        let Some(json) = act.store().ephemeral().peek(Kind::Flow.as_str(), &id.to_string(), act.now).await? else { return Ok(None) };
        let stored: Stored = serde_json::from_str(&json).map_err(|error| Fault::broken("flow.find", error))?;
        if !SecretHash::from_bytes(stored.browser).matches(&browser) {
            return Ok(None);
        }
        Ok(Some(Self {
            id,
            request: StoredRequest::from_json(&stored.request)?,
            started_at: stored.started_at,
            session: stored.session,
            browser: stored.browser,
            changed: false,
        }))
    }

    /// The person signed in or was chosen; from now on the flow belongs to the browser under its present cookie.
    pub fn signed_in(&mut self, session: SessionId, browser: SecretHash) {
        self.session = Some(session);
        self.browser = *browser.as_bytes();
        self.changed = true;
    }

    /// Ends the flow: its answer travels to the client.
    pub async fn finish(&self, act: &Act) -> Result<(), Fault> {
        act.store().ephemeral().take(Kind::Flow.as_str(), &self.id.to_string(), act.now).await.map(drop)
    }

    /// Writes down what changed: a page comes next, and the flow waits for its answer.
    pub async fn keep(&self, act: &Act) -> Result<(), Fault> {
        if !self.changed {
            return Ok(());
        }
        let stored = Stored {
            request: StoredRequest::to_json(&self.request)?,
            started_at: self.started_at,
            session: self.session,
            browser: self.browser,
        };
        let json = serde_json::to_string(&stored).map_err(|error| Fault::broken("flow.keep", error))?;
        act.store().ephemeral().put(Kind::Flow.as_str(), &self.id.to_string(), &json, self.started_at + LIFETIME, act.now).await
    }
}
