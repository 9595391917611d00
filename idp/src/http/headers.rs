//! How every class of answer leaves (D15, D17, D18, N-60, N-65). Handlers name a class; [`super::front`] gives the strictest
//! one to whatever was forgotten.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// A class of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class<'a> {
    /// A page whose forms go to ourselves.
    Page,
    /// A page with a form whose answer may redirect to this origin (`https://nuvol.cat`, or `scheme:`): Chromium applies
    /// `form-action` to the whole chain of redirects after a form is sent.
    PageSubmittingTo(&'a str),
    /// The page of response mode `form_post`: it carries a form to this origin and one script file of ours that sends it.
    FormPost(&'a str),
    /// A redirect that carries a code or an error to a client: the next page must not learn our address with it.
    CodeRedirect,
    /// JSON of the management API, userinfo, introspection.
    Api,
    /// JSON of the token endpoint (RFC 6749 §5.1 asks for `Pragma` too).
    Token,
    /// Discovery and keys.
    Metadata,
    /// A file named by its content.
    Asset,
}

/// How long discovery and keys may be cached, in seconds: less than the 48 h a key is published before it signs.
pub const METADATA_MAX_AGE: u32 = 3600;

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; \
                           frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; form-action 'self'";
const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=(), \
     publickey-credentials-create=(self), publickey-credentials-get=(self)",
);
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The headers of this installation.
#[derive(Debug, Clone, Copy)]
pub struct HeaderSet {
    strict_transport: bool,
}

impl HeaderSet {
    /// `plain`: whether the issuer is plain http on loopback, where no promise about https can be made.
    pub const fn new(plain: bool) -> Self {
        Self { strict_transport: !plain }
    }

    /// Sets the headers of a class. Replaces what a handler set under the same names.
    pub fn dress(&self, class: Class<'_>, headers: &mut HeaderMap) {
        headers.reserve(10);
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if self.strict_transport {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains; preload"));
        }
        headers.insert(header::CACHE_CONTROL, cache_control(class));
        headers.insert(header::CONTENT_SECURITY_POLICY, content_policy(class));
        headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, resource_policy(class));
        match class {
            Class::Page | Class::PageSubmittingTo(_) | Class::FormPost(_) => {
                headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
                headers.insert(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin"));
                headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
            }
            Class::CodeRedirect => {
                headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            }
            Class::Token => {
                headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
            }
            Class::Api | Class::Metadata | Class::Asset => {}
        }
    }

    /// Whether an answer was dressed.
    pub fn dressed(headers: &HeaderMap) -> bool {
        headers.contains_key(header::X_CONTENT_TYPE_OPTIONS)
    }
}

fn cache_control(class: Class<'_>) -> HeaderValue {
    match class {
        Class::Metadata => HeaderValue::from_static("public, max-age=3600"),
        Class::Asset => HeaderValue::from_static(ui_kit::assets::CACHE_CONTROL),
        _ => NO_STORE,
    }
}

fn content_policy(class: Class<'_>) -> HeaderValue {
    match class {
        Class::Page => HeaderValue::from_static(PAGE_POLICY),
        Class::PageSubmittingTo(origin) => page_policy(origin, ""),
        Class::FormPost(origin) => page_policy(origin, "; script-src 'self'"),
        Class::CodeRedirect | Class::Api | Class::Token | Class::Metadata | Class::Asset => DATA_POLICY,
    }
}

/// Only text that can stand in a source list is added: an origin that could not leaves the policy at `'self'`.
fn page_policy(origin: &str, more: &str) -> HeaderValue {
    let clean = origin.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'\'' | b'*'));
    let origin = if clean { origin } else { "" };
    HeaderValue::try_from(format!("{PAGE_POLICY} {origin}{more}")).unwrap_or(HeaderValue::from_static(PAGE_POLICY))
}

/// Keys and discovery are for everybody; nothing else is for other sites' pages.
fn resource_policy(class: Class<'_>) -> HeaderValue {
    match class {
        Class::Metadata => HeaderValue::from_static("cross-origin"),
        _ => HeaderValue::from_static("same-origin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(class: Class<'_>, plain: bool) -> String {
        let mut headers = HeaderMap::new();
        HeaderSet::new(plain).dress(class, &mut headers);
        assert!(HeaderSet::dressed(&headers));
        let mut lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("ASCII"))).collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn a_page_may_do_nothing_but_show_itself() {
        assert_eq!(
            printed(Class::Page, false),
            "cache-control: no-store\n\
             content-security-policy: default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; \
             frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; form-action 'self'\n\
             cross-origin-opener-policy: same-origin\n\
             cross-origin-resource-policy: same-origin\n\
             permissions-policy: accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), \
             midi=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)\n\
             referrer-policy: same-origin\n\
             strict-transport-security: max-age=63072000; includeSubDomains; preload\n\
             x-content-type-options: nosniff"
        );
    }

    #[test]
    fn a_form_that_ends_at_a_client_names_its_origin_and_nothing_more() {
        let page = printed(Class::PageSubmittingTo("https://nuvol.cat"), true);
        assert!(page.contains("; form-action 'self' https://nuvol.cat\n"), "{page}");
        assert!(!page.contains("strict-transport"), "no promise about https on plain http");
        let post = printed(Class::FormPost("app.immich:"), true);
        assert!(post.contains("; form-action 'self' app.immich:; script-src 'self'\n"), "{post}");
        for planted in ["https://a.cat; script-src *", "https://a.cat 'unsafe-inline'", "*", "https://a.cat\r\nx: y", "à"] {
            let page = printed(Class::PageSubmittingTo(planted), true);
            assert!(page.contains("; form-action 'self' \n"), "{planted}: {page}");
        }
    }

    #[test]
    fn what_is_not_a_page_is_data() {
        let api = "cache-control: no-store\n\
                   content-security-policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'\n\
                   cross-origin-resource-policy: same-origin";
        assert_eq!(printed(Class::Api, true), format!("{api}\nx-content-type-options: nosniff"));
        assert_eq!(printed(Class::Token, true), format!("{api}\npragma: no-cache\nx-content-type-options: nosniff"));
        assert_eq!(printed(Class::CodeRedirect, true), format!("{api}\nreferrer-policy: no-referrer\nx-content-type-options: nosniff"));
        assert!(printed(Class::Metadata, true).starts_with(&format!("cache-control: public, max-age={METADATA_MAX_AGE}\n")));
        assert!(printed(Class::Metadata, true).contains("cross-origin-resource-policy: cross-origin"));
        assert!(printed(Class::Asset, true).starts_with("cache-control: public, max-age=31536000, immutable\n"));
    }
}
