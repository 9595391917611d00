//! The OpenID provider: the HTTP face and the wiring.
//!
//! In reading order: [`provider`] (from settings to something that runs) and [`wiring`] (every route); [`http`] (plumbing
//! without business); `oauth`, `pages` and [`manage`] (what is answered); [`texts`] and [`mail`] (in which words); [`jobs`]
//! and [`outbound`] (what leaves the process); [`settings`], [`lifecycle`], [`telemetry`], [`cli`] and [`newcomer`] (how it is
//! run).

pub use idp_app::apply;

pub mod cli;
pub mod http;
pub mod jobs;
pub mod lifecycle;
pub mod mail;
pub mod manage;
pub mod newcomer;
mod oauth;
pub mod outbound;
mod pages;
pub mod provider;
pub mod settings;
pub mod stop;
pub mod telemetry;
pub mod texts;
pub mod wiring;
