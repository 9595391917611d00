//! What the operator decides: a small TOML file, checked before anything starts.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use url::{Host, Url};

/// Checked settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The identity provider.
    pub issuer: Url,
    /// Where browsers reach this program: an origin without a path.
    pub base_url: Url,
    /// This program's `client_id` at the issuer.
    pub client_id: String,
    /// The private key of `admin-ui keys init`. Cookies are sealed under a key derived from it.
    pub key_file: PathBuf,
    /// Where to listen.
    pub listen: Vec<SocketAddr>,
}

/// What the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    issuer: String,
    base_url: String,
    client_id: String,
    key_file: PathBuf,
    listen: Vec<SocketAddr>,
}

/// Why the settings cannot be used. Says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// No such file, or not readable.
    #[error("the settings in {} cannot be read: {source}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Not TOML, a key missing, or one that is not known.
    #[error("{}: {source}", .path.display())]
    Parse {
        /// Which.
        path: PathBuf,
        /// Line, column and what was expected.
        source: Box<toml::de::Error>,
    },
    /// A value that cannot be used.
    #[error("`{key}`: {why}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What is wrong and what would do.
        why: UrlProblem,
    },
    /// `client_id` is empty or holds characters a client identifier cannot have.
    #[error("`client_id`: expected 1 to 120 visible ASCII characters, such as `admin-ui`")]
    ClientId,
    /// Nothing to listen on.
    #[error("`listen`: expected at least one address, such as [\"127.0.0.1:8081\"]")]
    Listen,
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlProblem {
    /// Not an absolute address.
    #[error("expected an absolute address, such as https://id.example.cat")]
    NotAbsolute,
    /// `http` outside this machine.
    #[error("expected https; http is accepted for localhost only")]
    NotHttps,
    /// User name, query or fragment.
    #[error("expected no user name, `?` or `#` in it")]
    Extras,
    /// `base_url` with a path: cookies and redirects belong to a whole origin.
    #[error("expected no path: the desk has an origin of its own")]
    Path,
}

impl Settings {
    /// Reads and checks a settings file. A relative `key_file` is taken from the file's own directory.
    pub fn load(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Read { path: path.to_owned(), source })?;
        let raw: Raw = toml::from_str(&text).map_err(|source| SettingsError::Parse { path: path.to_owned(), source: Box::new(source) })?;
        let key_file = path.parent().unwrap_or(Path::new("")).join(raw.key_file);
        Self::new(&raw.issuer, &raw.base_url, raw.client_id, key_file, raw.listen)
    }

    /// Checks settings that come from elsewhere, such as the newcomer's single process.
    pub fn new(
        issuer: &str,
        base_url: &str,
        client_id: impl Into<String>,
        key_file: impl Into<PathBuf>,
        listen: Vec<SocketAddr>,
    ) -> Result<Self, SettingsError> {
        let (client_id, key_file) = (client_id.into(), key_file.into());
        let issuer = address(issuer).map_err(|why| SettingsError::Value { key: "issuer", why })?;
        let base_url = address(base_url).map_err(|why| SettingsError::Value { key: "base_url", why })?;
        if base_url.path() != "/" {
            return Err(SettingsError::Value { key: "base_url", why: UrlProblem::Path });
        }
        if client_id.is_empty() || client_id.len() > 120 || !client_id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SettingsError::ClientId);
        }
        if listen.is_empty() {
            return Err(SettingsError::Listen);
        }
        Ok(Self { issuer, base_url, client_id, key_file, listen })
    }

    /// The issuer identifier as tokens spell it: without the slash that [`Url`] adds to a bare origin.
    pub fn issuer_id(&self) -> &str {
        if self.issuer.path() == "/" { self.issuer.as_str().trim_end_matches('/') } else { self.issuer.as_str() }
    }

    /// The resource the access tokens are for (RFC 8707).
    pub fn resource(&self) -> String {
        format!("{}{}", self.issuer.as_str().trim_end_matches('/'), idp_api::RESOURCE_PATH)
    }

    /// What to register as redirect URI.
    pub fn redirect_uri(&self) -> Url {
        self.at(crate::http::paths::CALLBACK)
    }

    /// What to register as post-logout redirect URI.
    pub fn post_logout_redirect_uri(&self) -> Url {
        self.at(crate::http::paths::SIGNED_OUT)
    }

    /// Whether browsers reach this program over plain HTTP on their own machine: cookies lose `Secure` and `__Host-`.
    pub fn is_plain(&self) -> bool {
        self.base_url.scheme() == "http"
    }

    /// `host[:port]` as a browser writes it in `Host`.
    pub fn authority(&self) -> String {
        match (self.base_url.host_str(), self.base_url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        }
    }

    fn at(&self, path: &str) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(path);
        url
    }
}

fn address(text: &str) -> Result<Url, UrlProblem> {
    let url = Url::parse(text).map_err(|_| UrlProblem::NotAbsolute)?;
    if !url.has_host() || !matches!(url.scheme(), "http" | "https") {
        return Err(UrlProblem::NotAbsolute);
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(UrlProblem::Extras);
    }
    if url.scheme() == "http" && !is_loopback(url.host().as_ref()) {
        return Err(UrlProblem::NotHttps);
    }
    Ok(url)
}

fn is_loopback(host: Option<&Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => *name == "localhost",
        Some(Host::Ipv4(ip)) => IpAddr::from(*ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(*ip).is_loopback(),
        None => false,
    }
}

/// For the log: what was settled, without secrets.
impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} signs in at {} as `{}`", self.base_url, self.issuer_id(), self.client_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str, base_url: &str) -> Result<Settings, SettingsError> {
        Settings::new(issuer, base_url, "admin-ui", "key.pem", vec![SocketAddr::from(([127, 0, 0, 1], 8081))])
    }

    #[test]
    fn addresses_follow_from_issuer_and_base() {
        let settings = settings("https://id.example.cat", "https://gestio.example.cat").expect("valid");
        assert_eq!(settings.issuer_id(), "https://id.example.cat");
        assert_eq!(settings.resource(), "https://id.example.cat/manage");
        assert_eq!(settings.redirect_uri().as_str(), "https://gestio.example.cat/oidc/callback");
        assert_eq!(settings.authority(), "gestio.example.cat");
        let local = super::tests::settings("http://localhost:8080", "http://localhost:8081").expect("valid");
        assert!(local.is_plain());
        assert_eq!(local.authority(), "localhost:8081");
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_key() {
        for (issuer, base_url, told) in [
            ("id.example.cat", "https://b.cat", "`issuer`: expected an absolute"),
            ("http://id.example.cat", "https://b.cat", "`issuer`: expected https"),
            ("https://id.example.cat?x=1", "https://b.cat", "`issuer`: expected no user name"),
            ("https://id.example.cat", "https://b.cat/gestio", "`base_url`: expected no path"),
            ("https://id.example.cat", "ftp://b.cat", "`base_url`: expected an absolute"),
        ] {
            let error = settings(issuer, base_url).expect_err("refused").to_string();
            assert!(error.starts_with(told), "{error}");
        }
    }

    #[test]
    fn a_file_with_an_unknown_key_is_refused_with_its_line() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("admin-ui.toml");
        let good = "issuer = \"https://id.example.cat\"\nbase_url = \"https://b.cat\"\nclient_id = \"admin-ui\"\nkey_file = \"key.pem\"\nlisten = [\"127.0.0.1:8081\"]\n";
        std::fs::write(&path, good).expect("written");
        assert_eq!(Settings::load(&path).expect("valid").key_file, home.path().join("key.pem"));
        std::fs::write(&path, format!("{good}colour = \"red\"\n")).expect("written");
        let error = Settings::load(&path).expect_err("refused").to_string();
        assert!(error.contains("line 6") && error.contains("colour"), "{error}");
        assert!(matches!(Settings::load(&home.path().join("none")), Err(SettingsError::Read { .. })));
    }
}
