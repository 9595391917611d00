//! Our two cookies, read strictly: exact names, no percent-decoding, a name given twice is refused (D12).

use http::{HeaderMap, HeaderValue, header};
use idp_domain::{limits, locale::Locale, secret::Secret, time::Ttl};

/// How our cookies are called. Over https they carry `__Host-`; over `http://localhost` the prefix would make browsers
/// drop them, and because browsers share cookies between the ports of one host the name is this program's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CookieNames {
    /// Names the browser, which holds several sessions.
    pub browser: &'static str,
    /// The language chosen on a page.
    pub language: &'static str,
    attributes: &'static str,
}

/// Why a `Cookie` header is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CookieRefusal {
    /// A cookie of ours is there twice: somebody planted one.
    #[error("a cookie is there twice")]
    Duplicate,
    /// More than [`limits::COOKIE`] bytes.
    #[error("the cookies are too long")]
    TooLong,
}

/// How long the browser cookie is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Until the browser is closed.
    UntilClosed,
    /// This long.
    For(Ttl),
}

const YEAR: i64 = 365 * 24 * 60 * 60;

impl CookieNames {
    /// The names over plain http on loopback, or over https.
    pub const fn for_transport(plain: bool) -> Self {
        if plain {
            Self { browser: "aplec_idp", language: "aplec_idp_lang", attributes: "; Path=/; HttpOnly; SameSite=Lax" }
        } else {
            Self { browser: "__Host-aplec", language: "__Host-aplec-lang", attributes: "; Path=/; Secure; HttpOnly; SameSite=Lax" }
        }
    }

    /// `Set-Cookie` that names the browser. Sent anew whenever somebody signs in (N-56).
    pub fn set_browser(&self, secret: &Secret, keep: Keep) -> HeaderValue {
        let age = match keep {
            Keep::UntilClosed => None,
            Keep::For(ttl) => Some(ttl.as_seconds()),
        };
        let mut value = self.set(self.browser, secret.expose(), age);
        value.set_sensitive(true);
        value
    }
    /// `Set-Cookie` that forgets the browser.
    pub fn clear_browser(&self) -> HeaderValue {
        self.set(self.browser, "", Some(0))
    }
    /// `Set-Cookie` that remembers a language for a year.
    pub fn set_language(&self, locale: Locale) -> HeaderValue {
        self.set(self.language, locale.as_str(), Some(YEAR))
    }

    fn set(&self, name: &str, value: &str, max_age: Option<i64>) -> HeaderValue {
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let text = format!("{name}={value}{}{age}", self.attributes);
        // names and attributes are constants, the values base62 or a language tag: always a valid header value
        HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
    }
}

/// The value of the cookie `name`, as it was sent.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, CookieRefusal> {
    let mut found = None;
    let mut total = 0;
    for line in headers.get_all(header::COOKIE) {
        total += line.len();
        if total > limits::COOKIE {
            return Err(CookieRefusal::TooLong);
        }
        // foreign cookies may hold any bytes; a pair of ours is ASCII
        for pair in line.as_bytes().split(|&byte| byte == b';') {
            let pair = pair.trim_ascii_start();
            let Some(value) = pair.strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b"=")) else { continue };
            if found.is_some() {
                return Err(CookieRefusal::Duplicate);
            }
            found = Some(std::str::from_utf8(value).unwrap_or_default());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use idp_domain::secret::SecretKind;

    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).expect("a header value"))).collect()
    }

    #[test]
    fn cookies_are_read_by_their_exact_name() {
        for (lines, read_as) in [
            (vec!["aplec_idp=x"], Ok(Some("x"))),
            (vec!["a=1; aplec_idp=x; b=2"], Ok(Some("x"))),
            (vec!["a=1;aplec_idp=x"], Ok(Some("x"))),
            (vec!["a=1", "aplec_idp=x"], Ok(Some("x"))),
            (vec!["aplec_idp=a%20b"], Ok(Some("a%20b"))),
            (vec!["aplec_idp="], Ok(Some(""))),
            (vec!["aplec_idp"], Ok(None)),
            (vec!["Aplec_idp=x"], Ok(None)),
            (vec!["aplec_idp =x"], Ok(None)),
            (vec!["xaplec_idp=x"], Ok(None)),
            (vec!["aplec_idp_lang=x"], Ok(None)),
            (vec!["a\u{e9}=\u{e9}; aplec_idp=x"], Ok(Some("x"))),
            (vec![], Ok(None)),
            (vec!["aplec_idp=x; aplec_idp=y"], Err(CookieRefusal::Duplicate)),
            (vec!["aplec_idp=x; aplec_idp=x"], Err(CookieRefusal::Duplicate)),
            (vec!["aplec_idp=x", "aplec_idp=y"], Err(CookieRefusal::Duplicate)),
        ] {
            assert_eq!(read(&headers(&lines), "aplec_idp"), read_as, "{lines:?}");
        }
        let long = format!("a={}; aplec_idp=x", "b".repeat(limits::COOKIE));
        assert_eq!(read(&headers(&[&long]), "aplec_idp"), Err(CookieRefusal::TooLong));
    }

    #[test]
    fn over_https_our_cookies_are_bound_to_the_host() {
        let secret = Secret::from_entropy(SecretKind::Browser, [1; 32]);
        let secure = CookieNames::for_transport(false);
        let text = secure.set_browser(&secret, Keep::UntilClosed);
        assert_eq!(text.to_str().expect("ASCII"), format!("__Host-aplec={}; Path=/; Secure; HttpOnly; SameSite=Lax", secret.expose()));
        let plain = CookieNames::for_transport(true);
        let text = plain.set_browser(&secret, Keep::For(Ttl::hours(8)));
        assert_eq!(text.to_str().expect("ASCII"), format!("aplec_idp={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=28800", secret.expose()));
        assert_eq!(secure.clear_browser(), "__Host-aplec=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
        assert_eq!(plain.set_language(Locale::Es), "aplec_idp_lang=es; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    }
}
