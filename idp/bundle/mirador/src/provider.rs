//! What the provider says about itself: endpoints and keys, fetched when first needed and kept.

use std::sync::Arc;

use openidconnect::{
    IssuerUrl, ProviderMetadataWithLogout,
    core::{CoreJsonWebKey, CoreJsonWebKeySet},
};
use tokio::sync::Mutex;

use crate::{Clock, outbound::Outbound};

const SECOND: i64 = 1000;
/// Endpoints hardly ever move.
const METADATA_FOR: i64 = 3600 * SECOND;
/// A key id nobody knows leads to at most one look per this time, whoever sends it.
const KEYS_AGAIN_AFTER: i64 = 10 * SECOND;
/// A provider that did not answer is left alone for this time.
const FAILURE_FOR: i64 = 2 * SECOND;

/// The discovery document with the keys it names.
pub(crate) type Metadata = ProviderMetadataWithLogout;

/// The provider did not answer, or not as OpenID Connect Discovery 1.0 demands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Unavailable(String);

/// The provider of one issuer.
pub(crate) struct Provider {
    issuer: IssuerUrl,
    outbound: Outbound,
    clock: Clock,
    /// Held while fetching: many requests at once make one call.
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<Arc<Metadata>>,
    metadata_at: i64,
    keys_at: i64,
    failure: Option<(i64, Unavailable)>,
}

impl Provider {
    pub(crate) fn new(issuer: IssuerUrl, outbound: Outbound, clock: Clock) -> Self {
        Self { issuer, outbound, clock, known: Mutex::default() }
    }

    pub(crate) const fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// Endpoints and keys. An old document serves on while the provider does not answer.
    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, Unavailable> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some(metadata) = &known.metadata
            && now < known.metadata_at + METADATA_FOR
        {
            return Ok(metadata.clone());
        }
        if let Some((at, failure)) = &known.failure
            && now < at + FAILURE_FOR
        {
            return known.metadata.clone().ok_or_else(|| failure.clone());
        }
        match Metadata::discover_async(self.issuer.clone(), &self.outbound).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { metadata: Some(metadata.clone()), metadata_at: now, keys_at: now, failure: None };
                Ok(metadata)
            }
            Err(error) => {
                let failure = Unavailable(sentence(&error));
                tracing::warn!(issuer = self.issuer.as_str(), %failure, "the provider cannot be discovered");
                known.failure = Some((now, failure.clone()));
                known.metadata.clone().ok_or(failure)
            }
        }
    }

    /// The same with keys fetched again, for a token signed by a key we do not know: at most once every ten seconds,
    /// otherwise what is known already.
    pub(crate) async fn metadata_with_fresh_keys(&self) -> Result<Arc<Metadata>, Unavailable> {
        let metadata = self.metadata().await?;
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if now < known.keys_at + KEYS_AGAIN_AFTER {
            return Ok(known.metadata.clone().unwrap_or(metadata));
        }
        known.keys_at = now;
        match CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.outbound).await {
            Ok(keys) => {
                let metadata = Arc::new(Metadata::clone(&metadata).set_jwks(keys));
                known.metadata = Some(metadata.clone());
                Ok(metadata)
            }
            Err(error) => Err(Unavailable(sentence(&error))),
        }
    }
}

/// The key of this id, which every key of a provider with several must have.
pub(crate) fn key_named<'a>(metadata: &'a Metadata, kid: &str) -> Option<&'a CoreJsonWebKey> {
    use openidconnect::JsonWebKey as _;
    metadata.jwks().keys().iter().find(|key| key.key_id().is_some_and(|id| id.as_str() == kid))
}

/// An error with its causes, in one line.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
