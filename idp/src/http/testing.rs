//! What the tests of this module share.

use axum::response::Response;
use http::Request;
use idp_app::env::{Clock, Entropy};
use idp_domain::{Timestamp, issuer::Issuer};

use super::{
    context::Cx,
    edge::{Edge, EdgeOptions},
    proxies::TrustedProxies,
};

/// A cluster on localhost.
pub(crate) fn edge() -> Edge {
    edge_at("http://localhost:8080")
}

/// A cluster with this issuer.
pub(crate) fn edge_at(issuer: &str) -> Edge {
    Edge::new(EdgeOptions {
        issuer: Issuer::parse(issuer).expect("an issuer"),
        cluster_name: "Núvol de prova".to_owned(),
        clock: Clock::manual(Timestamp::from_seconds(1_800_000_000)),
        entropy: Entropy::seeded(1),
        form_key: [7; 32],
        proxies: TrustedProxies::default(),
    })
}

/// A request's circumstances.
pub(crate) fn cx() -> Cx {
    Cx::of(&edge(), &Request::new(()).into_parts().0)
}

/// The whole body of an answer as text.
pub(crate) async fn body(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("a whole body");
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
