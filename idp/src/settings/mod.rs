//! Settings: what an operator decides once, in a small file or the environment. What a manager decides is data, not a
//! setting.
//!
//! [`load`] reads [`Sources`] (defaults < file < `IDP__SECTION__KEY`), checks everything and names everything that is
//! wrong. `reference.toml` documents every key.

mod check;
mod error;
mod raw;
mod schema;
mod show;
mod sources;

use std::{net::SocketAddr, path::PathBuf};

use idp_domain::{groups::GroupPrefix, issuer::Issuer, secret::Typed};
use url::Url;

pub use check::load;
pub use error::{Origin, Problem, SettingsError};
pub use schema::schema;
pub use show::show;
pub use sources::{PREFIX, Sources};

use crate::{
    http::proxies::{AddressRange, TrustedProxies},
    mail::MailRoute,
};

/// Every setting, in words, as a file to start from.
pub const REFERENCE: &str = include_str!("reference.toml");

/// Checked settings: every combination that gets this far can work.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer identifier.
    pub issuer: Issuer,
    /// Where a small installation keeps its files.
    pub data: PathBuf,
    /// The name on pages and in mails.
    pub cluster_name: String,
    /// What group identifiers begin with.
    pub group_prefix: GroupPrefix,
    /// Where to listen.
    pub listen: Vec<SocketAddr>,
    /// Whom to believe about addresses.
    pub trusted_proxies: TrustedProxies,
    /// Connections at once.
    pub connections: usize,
    /// `sqlite:…` or `postgres://…`; may hold a password.
    pub database_url: Typed,
    /// `redis://…` when short-lived state is shared; may hold a password.
    pub redis_url: Option<Typed>,
    /// The master key's file.
    pub master_key_file: PathBuf,
    /// The address mails come from.
    pub mail_from: String,
    /// How mails leave.
    pub mail_route: MailRoute,
    /// Where managers work.
    pub admin_ui: Option<Url>,
    /// Private ranges where services receive logout tokens.
    pub private_ranges: Vec<AddressRange>,
    /// Levels by module.
    pub log_filter: String,
    /// How log lines look.
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors.
    Json,
}

#[cfg(test)]
mod tests;
