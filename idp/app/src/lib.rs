//! Use cases: decides by combining the domain, the protocol, the store and the keys.
//!
//! A use case is a function `verb_noun(act, input) -> Outcome<Output, Refusal>` in a file named for the verb. It reads,
//! lets the pure rules of `idp-domain` decide, and writes everything it changes in one transaction. Handlers never see
//! a transaction, and nothing leaves the process inside one: mail and logout tokens go through the outbox ([`jobs`]).
//! Start reading at [`act`], [`access`] (the one gate) and [`grant_types`].

pub mod access;
pub mod account;
pub mod act;
pub mod apply;
mod audit;
pub mod authorize;
pub mod backchannel;
pub mod browser;
pub mod claims;
pub mod clients;
pub mod collectives;
pub mod env;
pub mod failure;
pub mod flow;
pub mod grant_types;
pub mod housekeeping;
pub mod introspect;
pub mod jobs;
pub mod join;
pub mod key_ring;
pub mod limits;
pub mod login;
pub mod logout;
pub mod mail;
pub mod once;
mod open;
mod people;
pub mod restore;
pub mod revoke;
pub mod services;
pub mod setup;
mod short_lived;
pub mod tokens;
pub mod userinfo;
mod usernames;

pub use act::{Act, App, AppSettings};
pub use failure::{Failure, Outcome};
pub use open::{AppOptions, EphemeralAt, OpenError};
