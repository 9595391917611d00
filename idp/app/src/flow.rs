//! A login flow: an authorization request that waits while its person proves who they are.
//!
//! It lives in short-lived storage under an unguessable name, bound to the browser that started it. Losing it costs a
//! person one more click, never access. Pages only post, update the flow and go to the next step; no page knows another.

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
    /// The session whose person agreed to the release in this flow.
    pub agreed: Option<SessionId>,
    browser: [u8; 32],
}

#[derive(Serialize, Deserialize)]
struct Stored {
    request: String,
    started_at: Timestamp,
    session: Option<SessionId>,
    agreed: Option<SessionId>,
    browser: [u8; 32],
}

impl Flow {
    /// Starts a flow in this browser.
    pub async fn start(act: &Act, request: AuthorizationRequest, browser: SecretHash) -> Result<Self, Fault> {
        let id = FlowId::from_uuid(act.entropy().random_uuid());
        let flow = Self { id, request, started_at: act.now, session: None, agreed: None, browser: *browser.as_bytes() };
        flow.save(act).await?;
        Ok(flow)
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
            agreed: stored.agreed,
            browser: stored.browser,
        }))
    }

    /// Remembers that the person signed in, from now on under the browser's new cookie.
    pub async fn signed_in(mut self, act: &Act, session: SessionId, browser: SecretHash) -> Result<Self, Fault> {
        self.session = Some(session);
        self.browser = *browser.as_bytes();
        self.save(act).await?;
        Ok(self)
    }

    /// Remembers that the person of this session agreed. It counts for nobody else, whoever signs in or is chosen later.
    pub async fn agree(mut self, act: &Act, session: SessionId) -> Result<Self, Fault> {
        self.agreed = Some(session);
        self.save(act).await?;
        Ok(self)
    }

    /// Ends the flow: its answer travels to the client.
    pub async fn finish(&self, act: &Act) -> Result<(), Fault> {
        act.store().ephemeral().take(Kind::Flow.as_str(), &self.id.to_string(), act.now).await.map(drop)
    }

    async fn save(&self, act: &Act) -> Result<(), Fault> {
        let stored = Stored {
            request: StoredRequest::to_json(&self.request)?,
            started_at: self.started_at,
            session: self.session,
            agreed: self.agreed,
            browser: self.browser,
        };
        let json = serde_json::to_string(&stored).map_err(|error| Fault::broken("flow.save", error))?;
        act.store().ephemeral().put(Kind::Flow.as_str(), &self.id.to_string(), &json, self.started_at + LIFETIME, act.now).await
    }
}
