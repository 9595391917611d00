//! No other site acts in a person's name (D14): where a request came from, and a token in every form.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, Method, header};
use idp_domain::secret::Secret;
use sha2::Sha256;

use super::{
    context::Cx,
    edge::Edge,
    error_page::{self, PageProblem},
};

/// The name of the hidden field.
pub const FIELD: &str = "csrf";

/// Why a form is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsrfRefusal {
    /// The browser says that another site sent it, or does not say who did.
    #[error("the request came from another site")]
    OtherSite,
    /// The token is missing, altered, of another browser or of another form.
    #[error("the form does not belong to this browser")]
    Token,
}

/// The key behind the tokens.
pub struct CsrfKey(Hmac<Sha256>);

impl CsrfKey {
    /// From the application's form key.
    pub fn new(key: [u8; 32]) -> Self {
        // HMAC pads a short key with zeros to the hash's block (RFC 2104 §2)
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(&key);
        Self(Hmac::<Sha256>::new(&block.into()))
    }

    /// The token of a form: bound to this browser and to what the form does (`"login"`, `"consent:flo_…"`).
    pub fn token(&self, browser: &Secret, form: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(browser, form).finalize().into_bytes())
    }

    /// Checks the token that came back, in constant time.
    pub fn verify(&self, browser: &Secret, form: &str, presented: &str) -> Result<(), CsrfRefusal> {
        let tag = URL_SAFE_NO_PAD.decode(presented).map_err(|_| CsrfRefusal::Token)?;
        self.mac(browser, form).verify_slice(&tag).map_err(|_| CsrfRefusal::Token)
    }

    /// The hash is of one length and the form's name is all that follows: no two pairs give the same bytes.
    fn mac(&self, browser: &Secret, form: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(b"form\0");
        mac.update(browser.hash().as_bytes());
        mac.update(form.as_bytes());
        mac
    }
}

/// Whether a request may change something, judged by what the browser says about its origin (N-61): `Sec-Fetch-Site`
/// where it is sent, the exact `Origin` otherwise. A sibling site is another site.
pub fn same_origin(method: &Method, headers: &HeaderMap, origin: &HeaderValue) -> Result<(), CsrfRefusal> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let mut sites = headers.get_all("sec-fetch-site").iter();
    let allowed = match (sites.next(), sites.next()) {
        (Some(site), None) => site == "same-origin" || site == "none",
        (Some(_), Some(_)) => false,
        (None, _) => {
            let mut origins = headers.get_all(header::ORIGIN).iter();
            origins.next() == Some(origin) && origins.next().is_none()
        }
    };
    if allowed { Ok(()) } else { Err(CsrfRefusal::OtherSite) }
}

/// The layer of all browser routes: `.layer(axum::middleware::from_fn_with_state(edge, csrf::guard))`. Never on the
/// endpoints that clients call, nor on the authorization endpoint, which other sites may post to (OIDC Core §3.1.2.1).
pub async fn guard(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    if same_origin(request.method(), request.headers(), edge.origin()).is_ok() {
        return next.run(request).await;
    }
    let (parts, _) = request.into_parts();
    error_page::render(&Cx::of(&edge, &parts), PageProblem::OtherSite)
}

#[cfg(test)]
mod tests {
    use idp_domain::secret::SecretKind;

    use super::*;

    fn browser(n: u8) -> Secret {
        Secret::from_entropy(SecretKind::Browser, [n; 32])
    }

    #[test]
    fn a_token_is_for_one_browser_and_one_form() {
        let key = CsrfKey::new([1; 32]);
        let token = key.token(&browser(1), "login");
        assert_eq!(key.verify(&browser(1), "login", &token), Ok(()));
        let altered = format!("{}A", &token[..token.len() - 1]);
        for (key, browser, form, token) in [
            (&key, browser(2), "login", token.as_str()),
            (&key, browser(1), "consent", &token),
            (&CsrfKey::new([2; 32]), browser(1), "login", &token),
            (&key, browser(1), "login", ""),
            (&key, browser(1), "login", "not base64!"),
            (&key, browser(1), "login", &token[..20]),
            (&key, browser(1), "login", if altered == token { "x" } else { &altered }),
        ] {
            assert_eq!(key.verify(&browser, form, token), Err(CsrfRefusal::Token), "{form} {token}");
        }
    }

    #[test]
    fn unsafe_methods_are_for_our_own_pages() {
        let origin = HeaderValue::from_static("https://id.ateneu.cat");
        for (method, headers, allowed) in [
            (Method::GET, vec![("sec-fetch-site", "cross-site")], true),
            (Method::HEAD, vec![], true),
            (Method::POST, vec![("sec-fetch-site", "same-origin")], true),
            (Method::POST, vec![("sec-fetch-site", "none")], true),
            (Method::POST, vec![("sec-fetch-site", "same-site")], false),
            (Method::POST, vec![("sec-fetch-site", "cross-site")], false),
            (Method::POST, vec![("sec-fetch-site", "cross-site"), ("origin", "https://id.ateneu.cat")], false),
            (Method::POST, vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false),
            (Method::POST, vec![("origin", "https://id.ateneu.cat")], true),
            (Method::POST, vec![("origin", "https://id.ateneu.cat.evil.cat")], false),
            (Method::POST, vec![("origin", "http://id.ateneu.cat")], false),
            (Method::POST, vec![("origin", "null")], false),
            (Method::POST, vec![("origin", "https://id.ateneu.cat"), ("origin", "https://evil.cat")], false),
            (Method::POST, vec![], false),
            (Method::DELETE, vec![], false),
            (Method::PUT, vec![("sec-fetch-site", "Same-Origin")], false),
        ] {
            let map: HeaderMap =
                headers.iter().map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
            assert_eq!(same_origin(&method, &map, &origin).is_ok(), allowed, "{method} {headers:?}");
        }
    }
}
