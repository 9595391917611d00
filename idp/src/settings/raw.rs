//! What an operator may write, before it is checked. Every key is optional here; `reference.toml` documents them in words.

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    /// The issuer: `https://` and the host people know, without anything after it. Never changes afterwards.
    pub(super) issuer: Option<String>,
    /// Where the database and the mails of a small installation live.
    pub(super) data: Option<String>,
    /// How the cluster presents itself.
    #[serde(default)]
    pub(super) cluster: RawCluster,
    /// Where the provider listens.
    #[serde(default)]
    pub(super) http: RawHttp,
    /// What is remembered.
    #[serde(default)]
    pub(super) database: RawDatabase,
    /// What may be forgotten.
    #[serde(default)]
    pub(super) redis: RawRedis,
    /// What the database's secrets are sealed under.
    #[serde(default)]
    pub(super) keys: RawKeys,
    /// How mails leave.
    #[serde(default)]
    pub(super) mail: RawMail,
    /// Where managers work.
    #[serde(default)]
    pub(super) admin_ui: RawAdminUi,
    /// Whom we may call.
    #[serde(default)]
    pub(super) outbound: RawOutbound,
    /// What is logged.
    #[serde(default)]
    pub(super) log: RawLog,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCluster {
    /// The name on pages and in mails.
    pub(super) name: Option<String>,
    /// What group identifiers begin with; frozen at first use.
    pub(super) group_prefix: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHttp {
    /// Addresses with ports.
    pub(super) listen: Option<Vec<String>>,
    /// Addresses or ranges whose `X-Forwarded-For` is believed.
    pub(super) trusted_proxies: Option<Vec<String>>,
    /// Connections at once.
    pub(super) connections: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDatabase {
    /// `sqlite:PATH` or `postgres://user:password@host/name`.
    pub(super) url: Option<String>,
    /// A file that holds the URL.
    pub(super) url_file: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRedis {
    /// `redis://…` or `rediss://…`.
    pub(super) url: Option<String>,
    /// A file that holds the URL.
    pub(super) url_file: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKeys {
    /// The master key's file, mode 0600, outside the database and its backups.
    pub(super) master_key_file: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMail {
    /// The address mails come from.
    pub(super) from: Option<String>,
    /// `smtps://user:password@host`.
    pub(super) smtp_url: Option<String>,
    /// A file that holds the URL.
    pub(super) smtp_url_file: Option<String>,
    /// Where mails land without SMTP.
    pub(super) directory: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAdminUi {
    /// Its address, for links in mails and pages.
    pub(super) url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOutbound {
    /// Private ranges where services of this cluster receive logout tokens.
    pub(super) private_ranges: Option<Vec<String>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLog {
    /// Levels by module, as `info,idp=debug`.
    pub(super) filter: Option<String>,
    /// `text` or `json`.
    pub(super) format: Option<String>,
}
