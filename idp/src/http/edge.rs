//! What every request needs to know about this installation.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use http::HeaderValue;
use idp_app::{
    App,
    env::{Clock, Entropy},
};
use idp_domain::issuer::Issuer;

use super::{cookies::CookieNames, csrf::CsrfKey, headers::HeaderSet, proxies::TrustedProxies};

/// What an [`Edge`] is made of.
#[derive(Debug, Clone)]
pub struct EdgeOptions {
    /// The issuer identifier; every link starts with it and every request must be addressed to it.
    pub issuer: Issuer,
    /// The cluster's name, shown on pages.
    pub cluster_name: String,
    /// Where time comes from.
    pub clock: Clock,
    /// Where randomness comes from.
    pub entropy: Entropy,
    /// The key behind anti-forgery tokens.
    pub form_key: [u8; 32],
    /// Whom to believe about addresses.
    pub proxies: TrustedProxies,
}

/// What every request needs to know about this installation; cheap to clone.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    options: EdgeOptions,
    origin: HeaderValue,
    csrf: CsrfKey,
    cookies: CookieNames,
    headers: HeaderSet,
    references: AtomicU64,
}

impl Edge {
    /// From its parts.
    pub fn new(options: EdgeOptions) -> Self {
        let plain = options.issuer.is_loopback_http();
        // an origin is scheme, host and port in ASCII
        let origin = HeaderValue::from_str(&options.issuer.origin()).unwrap_or(HeaderValue::from_static("null"));
        Self(Arc::new(Inner {
            origin,
            csrf: CsrfKey::new(options.form_key),
            cookies: CookieNames::for_transport(plain),
            headers: HeaderSet::new(plain),
            references: AtomicU64::new(u64::from_le_bytes(options.entropy.bytes())),
            options,
        }))
    }
    /// As the application is configured.
    pub fn of(app: &App, proxies: TrustedProxies) -> Self {
        Self::new(EdgeOptions {
            issuer: app.settings().issuer.clone(),
            cluster_name: app.settings().cluster_name.clone(),
            clock: app.clock().clone(),
            entropy: app.entropy().clone(),
            form_key: *app.form_key(),
            proxies,
        })
    }
    /// The issuer identifier.
    pub fn issuer(&self) -> &Issuer {
        &self.0.options.issuer
    }
    /// The issuer's origin, as browsers send it.
    pub fn origin(&self) -> &HeaderValue {
        &self.0.origin
    }
    /// The cluster's name.
    pub fn cluster_name(&self) -> &str {
        &self.0.options.cluster_name
    }
    /// Where time comes from.
    pub fn clock(&self) -> &Clock {
        &self.0.options.clock
    }
    /// Where randomness comes from.
    pub fn entropy(&self) -> &Entropy {
        &self.0.options.entropy
    }
    /// Whom to believe about addresses.
    pub fn proxies(&self) -> &TrustedProxies {
        &self.0.options.proxies
    }
    /// The key behind anti-forgery tokens.
    pub fn csrf(&self) -> &CsrfKey {
        &self.0.csrf
    }
    /// How our cookies are called here.
    pub fn cookies(&self) -> &CookieNames {
        &self.0.cookies
    }
    /// A number for one request: each once, from a random start, without order. It names a line in the log and is no
    /// secret, so it need not cost a call to the operating system (SplitMix64).
    pub(super) fn next_reference(&self) -> u64 {
        let mut z = self.0.references.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    /// The header sets of every class of answer.
    pub fn headers(&self) -> &HeaderSet {
        &self.0.headers
    }
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edge").field("issuer", &self.0.options.issuer.as_str()).finish_non_exhaustive()
    }
}
