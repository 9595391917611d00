//! People, collectives, services and who may reach what: pure rules without IO.
//!
//! This package knows nobody: no async, no storage, no wire format. It owns the newtypes (one constructor each,
//! parsed at the edge), the states with their transitions, [`access`] (effective access, the rule behind the one
//! gate) and [`policy`] (who may do what to whom). Start reading at [`membership`], [`service`] and [`access`].

#![warn(missing_docs)]

pub mod access;
pub mod audit;
pub mod authorization;
pub mod client;
pub mod code;
pub mod collective;
pub mod credential;
pub mod email;
pub mod fault;
pub mod groups;
pub mod id;
pub mod issuer;
pub mod limits;
pub mod locale;
pub mod membership;
pub mod name;
pub mod person;
pub mod pkce;
pub mod policy;
pub mod profile;
pub mod quota;
pub mod redirect;
pub mod refresh;
pub mod request;
pub mod scope;
pub mod secret;
pub mod service;
pub mod session;
pub mod slug;
pub mod time;
pub mod username;

pub use fault::Fault;
pub use time::{Timestamp, Ttl};
