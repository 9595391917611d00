//! The settings in force, for an operator's eyes: no password in it.

use std::fmt::Write as _;

use idp_domain::secret::Typed;
use url::Url;

use super::{LogFormat, Settings};
use crate::mail::MailRoute;

/// One line per setting, as `key = value`; passwords are replaced by `***`.
pub fn show(settings: &Settings) -> String {
    let mut out = String::new();
    let mut line = |key: &str, value: &dyn std::fmt::Display| {
        // writing to a string cannot fail
        let _ = writeln!(out, "{key} = {value}");
    };
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    line("issuer", &settings.issuer);
    line("data", &settings.data.display());
    line("cluster.name", &settings.cluster_name);
    line("cluster.group_prefix", &settings.group_prefix.as_str());
    line("http.listen", &list(settings.listen.iter().map(ToString::to_string).collect()));
    line("http.trusted_proxies", &list(settings.trusted_proxies.ranges().map(ToString::to_string).collect()));
    line("http.connections", &settings.connections);
    line("database.url", &redacted(&settings.database_url));
    line("redis.url", &settings.redis_url.as_ref().map_or_else(|| "(none: state stays with the database)".to_owned(), redacted));
    line("keys.master_key_file", &settings.master_key_file.display());
    line("mail.from", &settings.mail_from);
    match &settings.mail_route {
        MailRoute::Smtp(url) => line("mail.smtp_url", &redacted(url)),
        MailRoute::Directory(path) => line("mail.directory", &path.display()),
    }
    line("admin_ui.url", &settings.admin_ui.as_ref().map_or("(none)", Url::as_str));
    line("outbound.private_ranges", &list(settings.private_ranges.iter().map(ToString::to_string).collect()));
    line("log.filter", &settings.log_filter);
    line("log.format", &if settings.log_format == LogFormat::Json { "json" } else { "text" });
    out
}

/// The URL with `***` for its password; nothing of it when it cannot be taken apart.
fn redacted(url: &Typed) -> String {
    let text = url.expose();
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let Ok(mut url) = Url::parse(text) else { return "***".to_owned() };
    // some servers take the password in the query
    if url.query().is_some() {
        url.set_query(Some("***"));
    }
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".to_owned();
    }
    url.to_string()
}
