//! Cookies: the only place that knows their names and attributes.
//!
//! Names carry `__Host-` and cookies `Secure`; both are dropped only where browsers reach us as `http://localhost`, and only
//! here. Browsers share cookies between the ports of `localhost`: the names are our own, all others are ignored.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use http::{HeaderMap, HeaderValue, header};
use keys::Ttl;

/// Bytes of `Cookie` headers that are looked at.
const HEADERS_MAX: usize = 16 * 1024;
/// Bytes of a value that surely fit: browsers keep 4,096 for name, value and attributes together.
pub(crate) const VALUE_MAX: usize = 3_800;

/// What a cookie is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie<'a> {
    /// [`crate::session::Session`].
    Session,
    /// [`crate::session::Transaction`], one for each, named by the beginning of its state.
    Transaction(&'a str),
    /// [`super::draft::Draft`].
    Draft,
    /// [`super::flash::Flash`].
    Flash,
    /// The chosen language.
    Language,
}

impl Cookie<'_> {
    fn name(self, plain: bool) -> String {
        let prefix = if plain { "" } else { "__Host-" };
        match self {
            Self::Session => format!("{prefix}aplec_desk"),
            Self::Transaction(state) => format!("{prefix}aplec_desk_tx_{}", state.get(..10).unwrap_or(state)),
            Self::Draft => format!("{prefix}aplec_desk_draft"),
            Self::Flash => format!("{prefix}aplec_desk_flash"),
            Self::Language => format!("{prefix}aplec_desk_lang"),
        }
    }
}

/// The cookies of one request, and what the answer will set.
#[derive(Debug)]
pub(crate) struct Jar {
    plain: bool,
    /// By name; `None` when it came twice: somebody planted one, so neither counts.
    received: BTreeMap<String, Option<String>>,
    set: Mutex<BTreeMap<String, HeaderValue>>,
}

impl Jar {
    /// Reads the request's cookies. Values are taken as they are: ours need no decoding.
    pub(crate) fn of(headers: &HeaderMap, plain: bool) -> Self {
        let ours = Cookie::Session.name(plain);
        let mut received = BTreeMap::new();
        let mut read = 0;
        for line in headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            read += line.len();
            if read > HEADERS_MAX {
                break;
            }
            for (name, value) in line.split(';').filter_map(|pair| pair.trim().split_once('=')) {
                if name.starts_with(&ours) {
                    received.entry(name.to_owned()).and_modify(|seen| *seen = None).or_insert_with(|| Some(value.to_owned()));
                }
            }
        }
        Self { plain, received, set: Mutex::default() }
    }

    /// The value that came with the request.
    pub(crate) fn get(&self, cookie: Cookie<'_>) -> Option<&str> {
        self.received.get(&cookie.name(self.plain))?.as_deref()
    }

    /// How many sign-ins are under way in this browser.
    pub(crate) fn transactions(&self) -> usize {
        let prefix = Cookie::Transaction("").name(self.plain);
        self.received.keys().filter(|name| name.starts_with(&prefix)).count()
    }

    /// Forgets every sign-in under way.
    pub(crate) fn clear_transactions(&self) {
        let prefix = Cookie::Transaction("").name(self.plain);
        for name in self.received.keys().filter(|name| name.starts_with(&prefix)) {
            self.write(name.clone(), "", Some(0));
        }
    }

    /// Gives the browser a value: for this browser session, or for so long. `false` when it is too long to be kept.
    #[must_use]
    pub(crate) fn put(&self, cookie: Cookie<'_>, value: &str, lifetime: Option<Ttl>) -> bool {
        if value.len() > VALUE_MAX {
            return false;
        }
        self.write(cookie.name(self.plain), value, lifetime.map(Ttl::as_seconds));
        true
    }

    /// Takes a value away. Does nothing when the browser sent none.
    pub(crate) fn clear(&self, cookie: Cookie<'_>) {
        let name = cookie.name(self.plain);
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.remove(&name);
        drop(set);
        if self.received.contains_key(&name) {
            self.write(name, "", Some(0));
        }
    }

    /// What the answer sets, for `Set-Cookie`.
    pub(crate) fn to_headers(&self) -> Vec<HeaderValue> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn write(&self, name: String, value: &str, max_age: Option<i64>) {
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.plain { "" } else { "; Secure" };
        // our values are base64url or a language tag, so this cannot fail
        if let Ok(header) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")) {
            self.set.lock().unwrap_or_else(PoisonError::into_inner).insert(name, header);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jar(cookie: &str, plain: bool) -> Jar {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().expect("a header"));
        Jar::of(&headers, plain)
    }

    #[test]
    fn cookies_are_host_bound_and_secure_except_on_localhost() {
        let secure = jar("", false);
        assert!(secure.put(Cookie::Session, "abc", None));
        assert_eq!(secure.to_headers(), ["__Host-aplec_desk=abc; Path=/; HttpOnly; SameSite=Lax; Secure"]);
        let plain = jar("", true);
        assert!(plain.put(Cookie::Language, "ca", Some(Ttl::days(1))));
        assert_eq!(plain.to_headers(), ["aplec_desk_lang=ca; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400"]);
    }

    #[test]
    fn a_cookie_that_comes_twice_does_not_count() {
        assert_eq!(jar("aplec_desk=a; aplec_desk=b", true).get(Cookie::Session), None);
        assert_eq!(jar("other=1; aplec_desk=a; aplec_desk_lang=ca", true).get(Cookie::Session), Some("a"));
        assert_eq!(jar("aplec_desk=a", false).get(Cookie::Session), None, "without the prefix it is not ours");
    }

    #[test]
    fn a_value_too_long_for_a_browser_is_not_set() {
        let jar = jar("", true);
        assert!(!jar.put(Cookie::Draft, &"a".repeat(VALUE_MAX + 1), None));
        assert!(jar.to_headers().is_empty());
    }

    #[test]
    fn only_what_the_browser_has_is_taken_away() {
        let jar = jar("aplec_desk_tx_abc=1; aplec_desk_tx_def=2", true);
        jar.clear(Cookie::Session);
        assert!(jar.to_headers().is_empty());
        assert_eq!(jar.transactions(), 2);
        jar.clear_transactions();
        assert!(jar.to_headers().iter().all(|header| header.to_str().expect("ASCII").ends_with("Max-Age=0")));
        assert_eq!(jar.to_headers().len(), 2);
    }
}
