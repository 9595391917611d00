//! From what was written to what can work.

use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
    str::FromStr,
};

use idp_domain::{
    email::EmailAddress,
    groups::GroupPrefix,
    issuer::{Issuer, is_loopback},
    name::DisplayName,
    secret::Typed,
};
use url::Url;

use super::{
    LogFormat, Settings,
    error::{Problem, SettingsError},
    sources::{Merged, Sources},
};
use crate::{http::proxies::TrustedProxies, mail::MailRoute, telemetry};

const DEFAULT_DATA: &str = "data";
const DEFAULT_NAME: &str = "Aplec";
const DEFAULT_PREFIX: &str = "cc";
const DEFAULT_LISTEN: [&str; 2] = ["127.0.0.1:8080", "[::1]:8080"];
const DEFAULT_CONNECTIONS: i64 = 1000;
const DEFAULT_MASTER_KEY: &str = "keys/local/master.key";
const DEFAULT_FILTER: &str = "info,sea_orm_migration=warn,sqlx=warn";

/// Reads and checks everything; names everything that is wrong.
pub fn load(sources: &Sources) -> Result<Settings, SettingsError> {
    let mut checks = Checks { merged: Merged::of(sources)?, problems: Vec::new() };
    checks.settings().map_err(|Noted| SettingsError::Values(checks.problems))
}

/// Something is wrong and stands among the problems.
struct Noted;

type Checked<T> = Result<T, Noted>;

struct Checks {
    merged: Merged,
    problems: Vec<Problem>,
}

impl Checks {
    /// Everything is checked before anything is given up.
    fn settings(&mut self) -> Checked<Settings> {
        let raw = self.merged.raw.clone();
        let issuer = self.issuer(raw.issuer.as_deref());
        let data = PathBuf::from(raw.data.unwrap_or_else(|| DEFAULT_DATA.to_owned()));
        let cluster_name = self.parsed("cluster.name", raw.cluster.name.as_deref(), DEFAULT_NAME, DisplayName::parse);
        let group_prefix = self.parsed("cluster.group_prefix", raw.cluster.group_prefix.as_deref(), DEFAULT_PREFIX, GroupPrefix::parse);
        let listen = raw.http.listen.unwrap_or_else(|| DEFAULT_LISTEN.map(str::to_owned).to_vec());
        let listen = self.listen(&listen);
        let proxies = self.each("http.trusted_proxies", &raw.http.trusted_proxies.unwrap_or_default());
        let connections = self.connections(raw.http.connections.unwrap_or(DEFAULT_CONNECTIONS));
        let database_url = self.database_url(raw.database.url, raw.database.url_file, &data);
        let redis_url = self.redis_url(raw.redis.url, raw.redis.url_file);
        let mail_route = self.mail_route(raw.mail.smtp_url, raw.mail.smtp_url_file, raw.mail.directory, &data);
        let mail_from = self.mail_from(raw.mail.from, issuer.as_ref().ok());
        let admin_ui = self.admin_ui(raw.admin_ui.url, issuer.as_ref().ok());
        let private_ranges = self.each("outbound.private_ranges", &raw.outbound.private_ranges.unwrap_or_default());
        let log_format = self.log_format(raw.log.format.as_deref());
        let filter =
            |text: &str| telemetry::filter(text).map(|_| text.to_owned()).map_err(|_| "expected levels by module such as info,idp=debug");
        let log_filter = self.parsed("log.filter", raw.log.filter.as_deref(), DEFAULT_FILTER, filter);
        Ok(Settings {
            issuer: issuer?,
            cluster_name: cluster_name?.to_string(),
            group_prefix: group_prefix?,
            listen: listen?,
            trusted_proxies: TrustedProxies::new(proxies?),
            connections: connections?,
            database_url: database_url?,
            redis_url: redis_url?,
            master_key_file: raw.keys.master_key_file.unwrap_or_else(|| DEFAULT_MASTER_KEY.to_owned()).into(),
            mail_from: mail_from?,
            mail_route: mail_route?,
            admin_ui: admin_ui?,
            private_ranges: private_ranges?,
            log_filter: log_filter?,
            log_format: log_format?,
            data,
        })
    }

    fn wrong<T>(&mut self, key: &str, expected: impl Display, got: Option<&str>) -> Checked<T> {
        let origin = self.merged.origin(key);
        self.problems.push(Problem { key: key.to_owned(), origin, expected: expected.to_string(), got: got.map(str::to_owned) });
        Err(Noted)
    }

    fn parsed<T, E: Display>(&mut self, key: &str, text: Option<&str>, default: &str, parse: impl Fn(&str) -> Result<T, E>) -> Checked<T> {
        let text = text.unwrap_or(default);
        parse(text).map_or_else(|error| self.wrong(key, error, Some(text)), Ok)
    }

    fn each<T: FromStr<Err: Display>>(&mut self, key: &str, texts: &[String]) -> Checked<Vec<T>> {
        let parsed: Vec<Checked<T>> =
            texts.iter().map(|text| text.parse().map_or_else(|error| self.wrong(key, error, Some(text)), Ok)).collect();
        parsed.into_iter().collect()
    }

    fn issuer(&mut self, text: Option<&str>) -> Checked<Issuer> {
        let Some(text) = text else {
            return self.wrong("issuer", "expected the address people sign in at, such as https://id.example.cat", None);
        };
        let issuer = match Issuer::parse(text) {
            Ok(issuer) => issuer,
            Err(error) => return self.wrong("issuer", error, Some(text)),
        };
        // pages and cookies own the whole host (D13)
        if issuer.origin() != issuer.as_str() {
            return self.wrong("issuer", "expected nothing after the host, and the host in lower case without the usual port", Some(text));
        }
        Ok(issuer)
    }

    fn listen(&mut self, texts: &[String]) -> Checked<Vec<SocketAddr>> {
        if texts.is_empty() {
            return self.wrong("http.listen", "expected at least one address with a port, such as 127.0.0.1:8080", None);
        }
        let parsed: Vec<Checked<SocketAddr>> = texts
            .iter()
            .map(|text| {
                let wanted = "expected an address with a port, such as 127.0.0.1:8080 or [::1]:8080";
                text.parse().map_or_else(|_| self.wrong("http.listen", wanted, Some(text)), Ok)
            })
            .collect();
        parsed.into_iter().collect()
    }

    fn connections(&mut self, number: i64) -> Checked<usize> {
        match usize::try_from(number) {
            Ok(number @ 1..=100_000) => Ok(number),
            _ => self.wrong("http.connections", "expected a number from 1 to 100000", Some(&number.to_string())),
        }
    }

    /// A secret given as such or in a file; not both.
    fn secret(&mut self, key: &str, text: Option<String>, file: Option<String>) -> Checked<Option<Typed>> {
        let file_key = format!("{key}_file");
        match (text, file) {
            (None, None) => Ok(None),
            (Some(text), None) => Ok(Some(Typed::new(text))),
            (Some(_), Some(_)) => self.wrong(&file_key, format!("expected either this or `{key}`, not both"), None),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) if !text.trim().is_empty() => Ok(Some(Typed::new(text.trim().to_owned()))),
                Ok(_) => self.wrong(&file_key, "expected a file with the value on one line, found it empty", Some(&path)),
                Err(error) => self.wrong(&file_key, format!("expected a readable file ({error})"), Some(&path)),
            },
        }
    }

    fn database_url(&mut self, url: Option<String>, file: Option<String>, data: &Path) -> Checked<Typed> {
        let url =
            self.secret("database.url", url, file)?.unwrap_or_else(|| Typed::new(format!("sqlite:{}", data.join("aplec.db").display())));
        // what is in memory is lost, and `idp migrate` and `idp serve` would each have their own
        let on_disk = url.expose().strip_prefix("sqlite:").is_some_and(|path| !path.is_empty() && !path.contains(":memory:"));
        let named =
            ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()));
        if on_disk || named {
            Ok(url)
        } else {
            self.wrong("database.url", "expected sqlite:PATH or postgres://user:password@host/name", None)
        }
    }

    fn redis_url(&mut self, url: Option<String>, file: Option<String>) -> Checked<Option<Typed>> {
        let url = self.secret("redis.url", url, file)?;
        let known = |url: &Typed| ["redis://", "rediss://"].iter().any(|scheme| url.expose().starts_with(scheme));
        if url.as_ref().is_none_or(known) { Ok(url) } else { self.wrong("redis.url", "expected redis://… or rediss://…", None) }
    }

    fn mail_route(&mut self, url: Option<String>, file: Option<String>, directory: Option<String>, data: &Path) -> Checked<MailRoute> {
        let smtp = self.secret("mail.smtp_url", url, file)?;
        match (smtp, directory) {
            (None, None) => Ok(MailRoute::Directory(data.join("mail"))),
            (None, Some(directory)) => Ok(MailRoute::Directory(directory.into())),
            (Some(_), Some(directory)) => {
                self.wrong("mail.directory", "expected either a directory or an SMTP server, not both", Some(&directory))
            }
            (Some(url), None) => match encrypted_or_local(url.expose()) {
                Ok(()) => Ok(MailRoute::Smtp(url)),
                Err(expected) => self.wrong("mail.smtp_url", expected, None),
            },
        }
    }

    fn mail_from(&mut self, from: Option<String>, issuer: Option<&Issuer>) -> Checked<String> {
        let host = issuer.and_then(|issuer| Url::parse(issuer.as_str()).ok()?.host_str().map(str::to_owned));
        // without an issuer, which is told already, there is no host to take
        let Some(from) = from.or_else(|| Some(format!("no-reply@{}", host?))) else { return Err(Noted) };
        match EmailAddress::parse(&from) {
            Ok(address) => Ok(address.to_string()),
            Err(_) => self.wrong("mail.from", "expected an e-mail address", Some(&from)),
        }
    }

    fn admin_ui(&mut self, url: Option<String>, issuer: Option<&Issuer>) -> Checked<Option<Url>> {
        let Some(text) = url else { return Ok(None) };
        let expected = "expected an https address on another host than the issuer (http only for localhost)";
        let Ok(url) = Url::parse(&text) else { return self.wrong("admin_ui.url", expected, Some(&text)) };
        let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        // its cookies and pages must not share an origin with the provider's (N-62)
        let apart = issuer.is_none_or(|issuer| url.origin().ascii_serialization() != issuer.origin());
        if safe && apart { Ok(Some(url)) } else { self.wrong("admin_ui.url", expected, Some(&text)) }
    }

    fn log_format(&mut self, text: Option<&str>) -> Checked<LogFormat> {
        match text {
            None | Some("text") => Ok(LogFormat::Text),
            Some("json") => Ok(LogFormat::Json),
            Some(other) => self.wrong("log.format", "expected text or json", Some(other)),
        }
    }
}

/// Passwords and one-time links never cross a network in the clear.
fn encrypted_or_local(url: &str) -> Result<(), &'static str> {
    let expected = "expected smtps://user:password@host, or smtp://…?tls=required; smtp:// without encryption only for localhost";
    let url = Url::parse(url).map_err(|_| expected)?;
    // the first one counts, as it does for the transport: a second one must not lend it an air of safety
    let required = url.query_pairs().find(|(name, _)| name == "tls").is_some_and(|(_, value)| value == "required");
    // `smtp` is no special scheme to the parser, so an address is text to it
    let local = url.host_str().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "smtps" if url.has_host() => Ok(()),
        "smtp" if required || local => Ok(()),
        _ => Err(expected),
    }
}
