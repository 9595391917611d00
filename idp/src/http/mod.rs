//! Plumbing of the HTTP face, without business.
//!
//! * [`paths`]: every path once.
//! * [`edge`]: what every request needs to know about this installation; [`context`] is one request's share of it.
//! * [`front`]: the outermost service (host, faults, missing headers); [`server`] accepts its connections.
//! * [`cookies`], [`csrf`], [`forms`]: what comes in, read strictly; [`user_agent`]: what people call their browser.
//! * [`headers`]: how every class of answer leaves; [`assets`] and [`health`] are such answers.
//! * [`error_oauth`], [`error_page`], [`error_api`]: the three renderers; nothing else renders errors. [`error_stray`]
//!   chooses among them where no handler can.

pub mod assets;
pub mod context;
pub mod cookies;
pub mod csrf;
pub mod edge;
pub mod error_api;
pub mod error_oauth;
pub mod error_page;
pub mod error_stray;
mod fault;
pub mod forms;
pub mod front;
pub mod headers;
pub mod health;
pub mod paths;
pub mod proxies;
pub mod server;
pub mod user_agent;

#[cfg(test)]
pub(crate) mod testing;
