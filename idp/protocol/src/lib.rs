//! OAuth 2.0 and OpenID Connect on the wire, translated to and from the domain.
//!
//! Bytes in, typed values or typed refusals out; typed values in, bytes out. No IO, no clock, no storage: the numbers
//! `N-…` in comments are those of `docs/spec-coverage.md`. Start reading at [`params`], then [`authorize`] and
//! [`token`]; [`claims`] is the one table of what is released to whom.

#![warn(missing_docs)]

pub mod authorize;
pub mod bodies;
pub mod claims;
pub mod claims_request;
pub mod client_assertion;
pub mod client_auth;
pub mod error;
pub mod introspect;
pub mod logout;
pub mod metadata;
pub mod params;
pub mod resource;
pub mod respond;
pub mod revoke;
pub mod scopes;
pub mod stored_request;
#[cfg(test)]
mod testing;
pub mod token;
pub mod userinfo;

pub use error::{ErrorCode, OAuthError};
pub use params::{Params, ParamsError};
