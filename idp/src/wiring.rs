//! From settings to something that answers: the only file that sees everything.

use std::sync::{Arc, PoisonError, RwLock};

use axum::{Router, extract::FromRef, middleware, routing};
use bytes::Bytes;
use idp_app::App;
use idp_domain::Fault;
use idp_protocol::metadata::{self, Endpoints};
use sha2::{Digest, Sha256};

use crate::{
    http::{assets, csrf, edge::Edge, error_stray, health, paths},
    manage, oauth, pages,
};

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub app: App,
    /// What every request needs to know about this installation.
    pub edge: Edge,
    published: Arc<Published>,
}

/// A document that is sent as it is, with the tag that spares sending it twice.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) bytes: Bytes,
    /// Quotes included.
    pub(crate) etag: Arc<str>,
}

struct Published {
    discovery: Document,
    jwks: RwLock<(Arc<str>, Document)>,
}

impl Document {
    fn new(bytes: Bytes) -> Self {
        let hash = Sha256::digest(&bytes);
        let etag = hash.iter().take(8).fold(String::from("\""), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
        Self { bytes, etag: etag.into() }
    }
    fn of_keys(jwks: &Arc<str>) -> Self {
        Self::new(Bytes::copy_from_slice(jwks.as_bytes()))
    }
}

impl AppState {
    /// Prepares what is published.
    pub fn new(app: App, edge: Edge) -> Result<Self, Fault> {
        let issuer = edge.issuer();
        let endpoints = Endpoints {
            authorization: paths::AUTHORIZE,
            token: paths::TOKEN,
            userinfo: paths::USERINFO,
            jwks: paths::JWKS,
            introspection: paths::INTROSPECT,
            revocation: paths::REVOKE,
            end_session: paths::END_SESSION,
            documentation: None,
        };
        let discovery = Document::new(metadata::document(issuer, &endpoints)?.into());
        let jwks = app.ring().jwks_json();
        let published = Published { discovery, jwks: RwLock::new((Arc::clone(&jwks), Document::of_keys(&jwks))) };
        Ok(Self { app, edge, published: Arc::new(published) })
    }

    /// The discovery document: the same for every request.
    pub(crate) fn discovery(&self) -> &Document {
        &self.published.discovery
    }

    /// The key set as of now. It is put together anew only when the ring changed.
    pub(crate) fn jwks(&self) -> Document {
        let current = self.app.ring().jwks_json();
        let known = self.published.jwks.read().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&known.0, &current) {
            return known.1.clone();
        }
        drop(known);
        let document = Document::of_keys(&current);
        *self.published.jwks.write().unwrap_or_else(PoisonError::into_inner) = (current, document.clone());
        document
    }
}

impl FromRef<AppState> for Edge {
    fn from_ref(state: &AppState) -> Self {
        state.edge.clone()
    }
}
impl FromRef<AppState> for App {
    fn from_ref(state: &AppState) -> Self {
        state.app.clone()
    }
}

/// Every route of the provider. The three groups answer errors in their own form: OAuth JSON, problem+json, pages; where no
/// handler is reached the path decides.
pub fn router(state: AppState) -> Router {
    let browser = pages::router().layer(middleware::from_fn_with_state(state.edge.clone(), csrf::guard));
    Router::new()
        .route(paths::ASSET, routing::get(assets::get))
        .route(paths::LIVE, routing::get(health::live))
        .route(paths::READY, routing::get(ready))
        .merge(oauth::router())
        .merge(browser)
        .nest(paths::MANAGE, manage::router())
        .fallback(error_stray::not_found)
        .method_not_allowed_fallback(error_stray::method_not_allowed)
        .with_state(state)
}

async fn ready(axum::extract::State(app): axum::extract::State<App>) -> axum::response::Response {
    health::ready(match app.ping().await {
        Ok(()) => health::Readiness::Ready,
        Err(_) => health::Readiness::NotNow,
    })
}
