//! A cookie jar that behaves like a browser's and judges like a reviewer.
//!
//! As in a browser, cookies belong to a host and ignore its port: on `localhost` every program of the demo is sent the others'
//! cookies too. Unlike a browser, a careless cookie is an error and not a silent loss.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use url::Url;

/// Cookies by host, path and name.
#[derive(Debug, Default, Clone)]
pub struct CookieJar {
    kept: BTreeMap<Key, Kept>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    host: String,
    path: String,
    name: String,
}

#[derive(Debug, Clone)]
struct Kept {
    value: String,
    secure: bool,
}

impl CookieJar {
    /// Keeps, replaces or forgets what one `Set-Cookie` header says.
    ///
    /// Errors name the rule that is broken: every cookie of ours is `HttpOnly`, has `SameSite` and `Path`, no `Domain`, is `Secure`
    /// and `__Host-` on https, and smaller than 4 KiB.
    pub fn set(&mut self, from: &Url, header: &str) -> Result<()> {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { bail!("not a cookie: {header}") };
        let attributes: BTreeMap<String, &str> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(attribute, value)| (attribute.to_ascii_lowercase(), value))
            .collect();
        let has = |attribute: &str| attributes.contains_key(attribute);
        let path = attributes.get("path").copied().unwrap_or_default();

        ensure!(header.len() < 4096, "cookie {name}: {} bytes, browsers drop it", header.len());
        ensure!(has("httponly"), "cookie {name}: scripts can read it (no HttpOnly)");
        ensure!(has("samesite"), "cookie {name}: no SameSite");
        ensure!(path.starts_with('/'), "cookie {name}: no Path");
        ensure!(!has("domain"), "cookie {name}: goes to other hosts too (Domain)");
        if from.scheme() == "https" {
            ensure!(has("secure") && name.starts_with("__Host-"), "cookie {name}: on https it must be Secure and __Host-");
        }
        if name.starts_with("__Host-") {
            ensure!(has("secure") && path == "/", "cookie {name}: __Host- needs Secure and Path=/");
        }

        let key = Key { host: host(from), path: path.to_owned(), name: name.to_owned() };
        if attributes.get("max-age").is_some_and(|seconds| seconds.parse().is_ok_and(|seconds: i64| seconds <= 0)) {
            self.kept.remove(&key);
        } else {
            self.kept.insert(key, Kept { value: value.to_owned(), secure: has("secure") });
        }
        Ok(())
    }

    /// The `Cookie` header for a request to this address; `None` without cookies.
    pub fn header(&self, to: &Url) -> Option<String> {
        let trusted = to.scheme() == "https" || host(to) == "localhost";
        let mut sent: Vec<_> = self
            .kept
            .iter()
            .filter(|(key, kept)| key.host == host(to) && covers(&key.path, to.path()) && (trusted || !kept.secure))
            .collect();
        // RFC 6265 section 5.4: longer paths first
        sent.sort_by_key(|(key, _)| std::cmp::Reverse(key.path.len()));
        let pairs: Vec<String> = sent.iter().map(|(key, kept)| format!("{}={}", key.name, kept.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie, whatever its path.
    pub fn get(&self, at: &Url, name: &str) -> Option<&str> {
        self.kept.iter().find(|(key, _)| key.host == host(at) && key.name == name).map(|(_, kept)| kept.value.as_str())
    }

    /// The names of all cookies of a host, in order.
    pub fn names(&self, at: &Url) -> Vec<&str> {
        self.kept.keys().filter(|key| key.host == host(at)).map(|key| key.name.as_str()).collect()
    }

    /// Puts a cookie as an attacker or a test could, without judging it.
    pub fn plant(&mut self, at: &Url, name: &str, value: &str) {
        let key = Key { host: host(at), path: "/".to_owned(), name: name.to_owned() };
        self.kept.insert(key, Kept { value: value.to_owned(), secure: false });
    }

    /// Forgets everything, as a closed private window does.
    pub fn clear(&mut self) {
        self.kept.clear();
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_ascii_lowercase()
}

/// RFC 6265 section 5.1.4, "path-match".
fn covers(cookie: &str, request: &str) -> bool {
    request.strip_prefix(cookie).is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(header: &str) -> Result<CookieJar> {
        let mut jar = CookieJar::default();
        jar.set(&url("http://localhost:8080/login"), header)?;
        Ok(jar)
    }

    #[test]
    fn ports_of_one_host_share_cookies_and_other_hosts_do_not() {
        let jar = jar("browser=abc=; Path=/; HttpOnly; SameSite=Lax").unwrap();
        assert_eq!(jar.header(&url("http://localhost:8082/x")).as_deref(), Some("browser=abc="));
        assert_eq!(jar.header(&url("http://127.0.0.1:8080/x")), None);
    }

    #[test]
    fn a_cookie_covers_its_path_only() {
        let jar = jar("flow=1; Path=/login; HttpOnly; SameSite=Strict").unwrap();
        assert!(jar.header(&url("http://localhost:8080/login/password")).is_some());
        assert!(jar.header(&url("http://localhost:8080/loginx")).is_none());
    }

    #[test]
    fn the_more_specific_cookie_is_sent_first() {
        let mut jar = jar("a=1; Path=/; HttpOnly; SameSite=Lax").unwrap();
        jar.set(&url("http://localhost:8080/"), "b=2; Path=/login; HttpOnly; SameSite=Lax").unwrap();
        assert_eq!(jar.header(&url("http://localhost:8080/login")).as_deref(), Some("b=2; a=1"));
    }

    #[test]
    fn max_age_zero_forgets_and_a_new_value_replaces() {
        let mut jar = jar("a=1; Path=/; HttpOnly; SameSite=Lax").unwrap();
        let here = url("http://localhost:8080/");
        jar.set(&here, "a=2; Path=/; HttpOnly; SameSite=Lax; Max-Age=60").unwrap();
        assert_eq!(jar.get(&here, "a"), Some("2"));
        jar.set(&here, "a=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0").unwrap();
        assert!(jar.names(&here).is_empty());
    }

    #[test]
    fn careless_cookies_are_errors() {
        for (header, complaint) in [
            ("a=1; Path=/; SameSite=Lax", "HttpOnly"),
            ("a=1; Path=/; HttpOnly", "SameSite"),
            ("a=1; HttpOnly; SameSite=Lax", "Path"),
            ("a=1; Path=/; HttpOnly; SameSite=Lax; Domain=localhost", "Domain"),
            ("__Host-a=1; Path=/; HttpOnly; SameSite=Lax", "Secure"),
            ("nonsense", "not a cookie"),
        ] {
            assert!(jar(header).unwrap_err().to_string().contains(complaint), "{header}");
        }
        assert!(jar(&format!("a={}; Path=/; HttpOnly; SameSite=Lax", "x".repeat(4096))).is_err());
        let plain = "a=1; Path=/; HttpOnly; SameSite=Lax; Secure";
        assert!(CookieJar::default().set(&url("https://id.example.coop/"), plain).is_err());
        assert!(CookieJar::default().set(&url("https://id.example.coop/"), &format!("__Host-{plain}")).is_ok());
    }

    #[test]
    fn a_secure_cookie_does_not_travel_in_the_clear() {
        let mut jar = CookieJar::default();
        jar.set(&url("https://id.example.coop/"), "__Host-a=1; Path=/; HttpOnly; SameSite=Lax; Secure").unwrap();
        assert!(jar.header(&url("http://id.example.coop/")).is_none());
        assert!(jar.header(&url("https://id.example.coop/")).is_some());
    }
}
