//! Redirect URIs: registered strings, compared by simple string equality (RFC 9700 §2.1, N-01, N-02).

use url::{Host, Url};

use crate::{issuer::is_loopback, limits};

/// A registered redirect URI: absolute, without fragment; `https`, loopback `http`, or a private-use scheme.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RedirectUri(String);

/// Why a text cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedirectUri {
    /// Not an absolute URI.
    #[error("expected an absolute URI")]
    NotAbsolute,
    /// It has a fragment.
    #[error("expected no fragment")]
    Fragment,
    /// Neither `https`, nor loopback `http`, nor a private-use scheme with a dot (RFC 8252 §7.1).
    #[error("expected https, http on a loopback address, or a private-use scheme such as cat.example.app:/callback")]
    Scheme,
    /// A wildcard, user name or too many bytes.
    #[error("expected no wildcard, no user name and at most 2048 bytes")]
    Unsafe,
}

impl RedirectUri {
    /// Parses a URI for registration; the text is kept as it is.
    pub fn parse(text: &str) -> Result<Self, InvalidRedirectUri> {
        if text.len() > limits::URI || text.contains('*') || text.chars().any(|c| c.is_control() || c == ' ' || c == '\\') {
            return Err(InvalidRedirectUri::Unsafe);
        }
        let url = Url::parse(text).map_err(|_| InvalidRedirectUri::NotAbsolute)?;
        if text.contains('#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidRedirectUri::Unsafe);
        }
        let allowed = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback(&url),
            scheme => scheme.contains('.'),
        };
        if allowed { Ok(Self(text.to_owned())) } else { Err(InvalidRedirectUri::Scheme) }
    }
    /// The text as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether a presented text is this URI. Equality, except that the port of a loopback *address* is free
    /// (RFC 8252 §7.3); a name such as `localhost` gets no such freedom.
    pub fn accepts(&self, presented: &str) -> bool {
        if self.0 == presented {
            return true;
        }
        let (Ok(mut registered), Ok(mut candidate)) = (Url::parse(&self.0), Url::parse(presented)) else { return false };
        let by_address = matches!(registered.host(), Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)));
        if registered.scheme() != "http" || !by_address || !is_loopback(&registered) || candidate.as_str() != presented {
            return false;
        }
        let _ = (registered.set_port(None), candidate.set_port(None));
        registered == candidate
    }
    /// `scheme://host[:port]` as a source of a content security policy (CSP3 §2.3.1); absent where none can be written: for a
    /// private-use scheme and an IPv6 address.
    pub fn origin(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        let nameable = matches!(url.scheme(), "https" | "http") && !matches!(url.host(), Some(Host::Ipv6(_)));
        nameable.then(|| url.origin().ascii_serialization())
    }
    /// The scheme: what a policy names where it cannot or need not name an origin.
    pub fn scheme(&self) -> &str {
        self.0.split_once(':').map_or("", |(scheme, _)| scheme)
    }
    /// The host, for the consent page.
    pub fn host(&self) -> Option<String> {
        Url::parse(&self.0).ok()?.host_str().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_registered() {
        for good in [
            "https://nuvol.ateneu.cat/apps/user_oidc/code",
            "https://wp.cat/wp-admin/admin-ajax.php?action=openid-connect-authorize",
            "http://localhost:8082/callback",
            "http://127.0.0.1/callback",
            "app.immich:///oauth-callback",
        ] {
            assert!(RedirectUri::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("/callback", InvalidRedirectUri::NotAbsolute),
            ("https://a.cat/#x", InvalidRedirectUri::Fragment),
            ("http://a.cat/", InvalidRedirectUri::Scheme),
            ("javascript:alert(1)", InvalidRedirectUri::Scheme),
            ("data:text/html,x", InvalidRedirectUri::Scheme),
            ("https://*.a.cat/", InvalidRedirectUri::Unsafe),
            ("https://u:p@a.cat/", InvalidRedirectUri::Unsafe),
        ] {
            assert_eq!(RedirectUri::parse(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn comparison_is_equality_but_for_the_port_of_a_loopback_address() {
        let web = RedirectUri::parse("https://a.cat/cb").expect("valid");
        assert!(web.accepts("https://a.cat/cb"));
        for other in [
            "https://a.cat/cb/",
            "https://a.cat/cb?x=1",
            "https://A.cat/cb",
            "https://a.cat:443/cb",
            "https://a.cat/cb/../cb",
            "https://a.cat.evil/cb",
        ] {
            assert!(!web.accepts(other), "{other}");
        }
        let native = RedirectUri::parse("http://127.0.0.1/cb").expect("valid");
        assert!(native.accepts("http://127.0.0.1:51000/cb"));
        for other in ["http://127.0.0.1:51000/cbx", "http://127.0.0.1:51000/x/../cb", "http://[::1]:51000/cb", "http://localhost/cb"] {
            assert!(!native.accepts(other), "{other}");
        }
        let named = RedirectUri::parse("http://localhost:8082/cb").expect("valid");
        assert!(!named.accepts("http://localhost:8083/cb"));
    }
}
