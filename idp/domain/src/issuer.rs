//! The issuer identifier: one string, stable for ever (OIDC Core §1.2, RFC 8414 §2).

use std::fmt;

use url::Url;

/// `https://host[:port][/path]` without query, fragment or trailing slash; `http` only on a loopback host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    url: Url,
}

/// Why a text is no issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIssuer {
    /// Not an absolute URL.
    #[error("expected an absolute URL such as https://id.example.cat")]
    NotAUrl,
    /// Neither `https` nor `http` on a loopback host.
    #[error("expected https (http only for localhost)")]
    Scheme,
    /// A query, fragment, user name or trailing slash.
    #[error("expected no query, no fragment, no user name and no trailing slash")]
    Decorated,
}

impl Issuer {
    /// Parses an issuer exactly as it will be published.
    pub fn parse(text: &str) -> Result<Self, InvalidIssuer> {
        let url = Url::parse(text).map_err(|_| InvalidIssuer::NotAUrl)?;
        if url.host_str().is_none() {
            return Err(InvalidIssuer::NotAUrl);
        }
        if !(url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url)) {
            return Err(InvalidIssuer::Scheme);
        }
        let decorated = url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
            || url.password().is_some()
            || text.ends_with('/');
        if decorated {
            return Err(InvalidIssuer::Decorated);
        }
        Ok(Self { text: text.to_owned(), url })
    }
    /// The string that is published and compared byte for byte.
    pub fn as_str(&self) -> &str {
        &self.text
    }
    /// The issuer followed by an absolute path.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
    /// `scheme://host[:port]`, as browsers send it in `Origin`.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
    /// `host[:port]`, as browsers send it in `Host`.
    pub fn authority(&self) -> &str {
        self.url.authority()
    }
    /// Whether this is a plain-http loopback issuer: cookies lose `__Host-` and `Secure`, plain-http loopback
    /// redirects and deliveries are tolerated.
    pub fn is_loopback_http(&self) -> bool {
        self.url.scheme() == "http"
    }
}

/// Whether a URL's host is `localhost` or a loopback address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers_are_checked() {
        for good in
            ["https://id.ateneu.cat", "https://id.ateneu.cat/aplec", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:8080"]
        {
            assert!(Issuer::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("ateneu.cat", InvalidIssuer::NotAUrl),
            ("http://ateneu.cat", InvalidIssuer::Scheme),
            ("ftp://localhost", InvalidIssuer::Scheme),
            ("https://a.cat/", InvalidIssuer::Decorated),
            ("https://a.cat?x=1", InvalidIssuer::Decorated),
            ("https://a.cat#x", InvalidIssuer::Decorated),
            ("https://u@a.cat", InvalidIssuer::Decorated),
        ] {
            assert_eq!(Issuer::parse(bad).err(), Some(why), "{bad}");
        }
    }
}
