//! What the service must be told; everything else comes from discovery.

use std::fmt;

use url::{Host, Url};

use crate::Clock;

/// One relying service of one provider.
#[derive(Clone)]
pub struct Settings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) base_url: String,
    pub(crate) clock: Clock,
}

/// The service cannot run with these settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSettings {
    /// Not an absolute `https` URL (or `http` on loopback) without query, fragment and credentials.
    #[error("{what} must be an https URL, or http on this machine, without query and fragment; it is `{value}`")]
    Url {
        /// `issuer` or `base URL`.
        what: &'static str,
        /// What was given.
        value: String,
    },
    /// An empty client id or secret.
    #[error("{0} must not be empty")]
    Empty(&'static str),
}

impl Settings {
    /// `issuer` exactly as the provider writes it; `base_url` is where browsers reach this service, without a path
    /// (`http://localhost:8082`). To be registered at the provider: the redirect URI `<base_url>/callback`, the
    /// post-logout redirect URI `<base_url>/` and the back-channel logout URI `<base_url>/backchannel-logout`.
    pub fn new(
        issuer: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        base_url: impl Into<String>,
    ) -> Result<Self, InvalidSettings> {
        let settings = Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            base_url: base_url.into().trim_end_matches('/').to_owned(),
            clock: Clock::System,
        };
        for (what, value) in [("the issuer", &settings.issuer), ("the base URL", &settings.base_url)] {
            if !is_usable(value) {
                return Err(InvalidSettings::Url { what, value: value.clone() });
            }
        }
        for (what, value) in [("the client id", &settings.client_id), ("the client secret", &settings.client_secret)] {
            if value.is_empty() {
                return Err(InvalidSettings::Empty(what));
            }
        }
        Ok(settings)
    }

    /// Another clock than the machine's, for tests.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Where the provider sends people back to.
    pub fn redirect_uri(&self) -> String {
        format!("{}/callback", self.base_url)
    }

    /// Where the provider sends people after signing out.
    pub fn post_logout_redirect_uri(&self) -> String {
        format!("{}/", self.base_url)
    }

    /// Where the provider says that a session ended.
    pub fn backchannel_logout_uri(&self) -> String {
        format!("{}/backchannel-logout", self.base_url)
    }

    /// Whether cookies may demand TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

fn is_usable(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    scheme && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_or_this_machine_is_spoken_to() {
        for (issuer, good) in [
            ("https://compte.exemple.cat", true),
            ("http://localhost:8080", true),
            ("http://[::1]:8080/path", true),
            ("http://127.0.0.1", true),
            ("http://compte.exemple.cat", false),
            ("https://compte.exemple.cat?x=1", false),
            ("https://compte.exemple.cat/#x", false),
            ("https://me:secret@exemple.cat", false),
            ("ftp://localhost", false),
            ("nothing", false),
        ] {
            assert_eq!(Settings::new(issuer, "id", "secret", "http://localhost:8082").is_ok(), good, "{issuer}");
        }
        assert_eq!(
            Settings::new("http://localhost", "", "s", "http://localhost:8082").err(),
            Some(InvalidSettings::Empty("the client id"))
        );
    }

    #[test]
    fn a_trailing_slash_of_the_base_is_ignored_and_the_secret_is_never_printed() {
        let settings = Settings::new("http://localhost:8080", "mirador", "très-secret", "http://localhost:8082/").expect("they are valid");
        assert_eq!(settings.redirect_uri(), "http://localhost:8082/callback");
        assert_eq!(settings.post_logout_redirect_uri(), "http://localhost:8082/");
        assert!(!format!("{settings:?}").contains("très-secret"));
    }
}
