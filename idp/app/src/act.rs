//! What every use case receives: the application, one instant, who acts, and the request it happens in.

use std::sync::{Arc, PoisonError, RwLock};

use idp_domain::{Timestamp, groups::GroupPrefix, id::PersonId, issuer::Issuer, policy::Actor};
use idp_store::Store;
use keys::{KeyRing, KeyTimes, MasterKey};
use tokio::sync::Notify;
use zeroize::Zeroizing;

use crate::{
    env::{Clock, Entropy},
    login::hasher::Hasher,
};

/// What the use cases need to know about this installation.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// The issuer identifier.
    pub issuer: Issuer,
    /// Where managers work; absent while no admin UI is deployed.
    pub admin_ui: Option<url::Url>,
    /// The cluster's name, shown on pages and in mails.
    pub cluster_name: String,
    /// The prefix of group identifiers; frozen at first use.
    pub group_prefix: GroupPrefix,
}

/// The application: cheap to clone, the same for every request.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) settings: AppSettings,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) master: MasterKey,
    pub(crate) ring: RwLock<Arc<KeyRing>>,
    /// The keys the ring was made from, to notice that another process changed them.
    pub(crate) ring_made_from: RwLock<Vec<KeyTimes>>,
    pub(crate) hasher: Hasher,
    pub(crate) form_key: Zeroizing<[u8; 32]>,
    pub(crate) jobs_waiting: Notify,
    /// The cluster's epoch: `restore` raises it, and everything issued before is dead.
    pub(crate) epoch: i64,
}

impl App {
    /// What is configured.
    pub fn settings(&self) -> &AppSettings {
        &self.0.settings
    }
    /// The clock; read once per request.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    /// The source of randomness.
    pub fn entropy(&self) -> &Entropy {
        &self.0.entropy
    }
    /// The key behind anti-forgery tokens of forms.
    pub fn form_key(&self) -> &[u8; 32] {
        &self.0.form_key
    }
    /// The signing keys as of now.
    pub fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.0.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
    /// Resolves when a job was put into the outbox by this process.
    pub async fn jobs_waiting(&self) {
        self.0.jobs_waiting.notified().await;
    }
    /// Starts a use case at this instant.
    pub fn act(&self, actor: Actor, request_id: impl Into<Arc<str>>) -> Act {
        self.act_at(self.0.clock.now(), actor, request_id)
    }
    /// Starts a use case at an instant that was read before.
    pub fn act_at(&self, now: Timestamp, actor: Actor, request_id: impl Into<Arc<str>>) -> Act {
        Act { app: self.clone(), now, actor, request_id: request_id.into() }
    }
    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }
    pub(crate) fn epoch(&self) -> i64 {
        self.0.epoch
    }
    pub(crate) fn replace_ring(&self, ring: KeyRing, made_from: Vec<KeyTimes>) {
        *self.0.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        *self.0.ring_made_from.write().unwrap_or_else(PoisonError::into_inner) = made_from;
    }
}

/// One use case in progress.
#[derive(Clone)]
pub struct Act {
    /// The application.
    pub app: App,
    /// The one instant of this request.
    pub now: Timestamp,
    /// Who acts.
    pub actor: Actor,
    /// The request it happens in, for the audit and the log.
    pub request_id: Arc<str>,
}

impl Act {
    /// The same act in the name of a person, once known.
    pub fn by(&self, person: PersonId) -> Self {
        Self { actor: Actor::Person(person), ..self.clone() }
    }
    pub(crate) fn store(&self) -> &Store {
        self.app.store()
    }
    pub(crate) fn settings(&self) -> &AppSettings {
        self.app.settings()
    }
    pub(crate) fn entropy(&self) -> &Entropy {
        self.app.entropy()
    }
    /// A new identifier at this instant.
    pub(crate) fn id<K>(&self) -> idp_domain::id::Id<K> {
        self.app.entropy().id(self.now)
    }
}
