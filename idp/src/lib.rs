//! The OpenID provider: the HTTP face and the wiring.
//!
//! In reading order: [`http`] (plumbing without business), [`texts`], [`stop`] and [`lifecycle`].

pub mod http;
pub mod jobs;
pub mod lifecycle;
pub mod mail;
pub mod outbound;
pub mod settings;
pub mod stop;
pub mod texts;
