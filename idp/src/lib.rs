//! The OpenID provider: the HTTP face and the wiring.
//!
//! In reading order: [`http`] (plumbing without business), [`texts`] and [`mail`] (in which words), [`outbound`] (what leaves
//! the process), [`settings`].

pub mod http;
pub mod lifecycle;
pub mod mail;
pub mod outbound;
pub mod settings;
pub mod stop;
pub mod telemetry;
pub mod texts;
