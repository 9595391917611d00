//! A small real relying service: it signs a person in and shows what it received about them and why.
//!
//! It is an OpenID Connect client like any other and knows of its provider nothing but the issuer: endpoints and keys come
//! from discovery. What it keeps lives in memory and is gone when it stops.
//!
//! In reading order: [`Settings`]; [`router`]; `oidc` (the code flow), `provider` (discovery and keys), `logout_token`
//! (what the provider says when a session ends), `sessions`, `claims` (why each claim came), `views`.

mod claims;
mod env;
mod http;
mod logout_token;
mod oidc;
mod outbound;
mod provider;
mod sessions;
mod settings;
mod texts;
mod views;

pub use env::Clock;
pub use http::router;
pub use oidc::StartError;
pub use outbound::NoHttpClient;
pub use settings::{InvalidSettings, Settings};
pub use texts::TEXTS;
