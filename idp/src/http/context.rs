//! One request's circumstances: when, under which reference, from where, in which language, by which browser.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};

use axum::{
    extract::{FromRef, FromRequestParts},
    response::Response,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request::Parts};
use idp_app::{Act, App};
use idp_domain::{
    Timestamp,
    client::first_spoken,
    locale::Locale,
    policy::Actor,
    secret::{Secret, SecretKind},
};
use maud::Markup;
use ui_kit::{Lang, Shell, T};
use url::form_urlencoded;

use super::{
    cookies::{self, CookieRefusal},
    edge::Edge,
    error_page::{self, PageProblem},
    headers::Class,
};
use crate::texts;

/// The address at the other end of the connection; put into each request by [`super::server`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// One request's circumstances. Extracting it never fails.
#[derive(Debug, Clone)]
pub struct Cx {
    /// The installation.
    pub edge: Edge,
    /// The one instant of this request.
    pub now: Timestamp,
    /// Ours alone: what a caller sends under this name is never trusted. Shown as the reference of an error.
    pub request_id: Arc<str>,
    /// Where the request came from, proxies of ours left out.
    pub ip: IpAddr,
    /// `ui_locales`, then what was chosen before, then what the browser prefers, then Catalan.
    pub locale: Locale,
    /// Whether the language was chosen with this very request.
    chosen: bool,
    uri: Uri,
    /// Whether following a link to this very address shows the same page.
    revisitable: bool,
}

impl Cx {
    /// From the head of a request.
    pub fn of(edge: &Edge, parts: &Parts) -> Self {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        let asked = parts.uri.query().and_then(asked_language);
        Self {
            now: edge.clock().now(),
            request_id: reference(edge.next_reference()).into(),
            ip: edge.proxies().client(peer, &parts.headers),
            locale: asked.or_else(|| known_language(edge, &parts.headers)).unwrap_or_default(),
            chosen: asked.is_some(),
            uri: parts.uri.clone(),
            revisitable: parts.method.is_safe(),
            edge: edge.clone(),
        }
    }
    /// What was asked for.
    pub fn path(&self) -> &str {
        self.uri.path()
    }
    /// Starts a use case in this request.
    pub fn act(&self, app: &App, actor: Actor) -> Act {
        app.act_at(self.now, actor, Arc::clone(&self.request_id))
    }
    /// The texts in the reader's language.
    pub fn t(&self) -> T {
        texts::in_language(self.locale)
    }
    /// The same circumstances in another language: a person's own, once known.
    pub fn in_language(self, locale: Locale) -> Self {
        if self.chosen { self } else { Self { locale, ..self } }
    }
    /// What surrounds a page: the cluster's name, the way home, and the switcher of languages. The answer to a form has no
    /// switcher: its links would ask for another page, without what the form was about.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        let shell = Shell::new(self.t(), title, self.edge.cluster_name()).home(super::paths::HOME);
        if self.revisitable { shell.languages(|lang| self.here_in(lang)) } else { shell }
    }
    /// A page with status 200.
    pub fn page(&self, markup: Markup) -> Response {
        self.page_of(StatusCode::OK, Class::Page, markup)
    }
    /// A page with its status and class. A language chosen with this request is remembered.
    pub fn page_of(&self, status: StatusCode, class: Class<'_>, markup: Markup) -> Response {
        let mut response = self.passing_page(status, class, markup);
        self.remember_language(response.headers_mut());
        response
    }
    /// A page that leaves nothing in the browser: what was asked for is not there, or was refused.
    pub(super) fn passing_page(&self, status: StatusCode, class: Class<'_>, markup: Markup) -> Response {
        let mut response = Response::new(markup.into_string().into());
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        self.edge.headers().dress(class, response.headers_mut());
        response
    }
    /// 303 to one of our own pages (N-05).
    pub fn see_other(&self, to: &str) -> Response {
        self.redirect(Class::Page, to)
    }
    /// 303 to a client, with a code or an error.
    pub fn see_client(&self, to: &str) -> Response {
        self.redirect(Class::CodeRedirect, to)
    }
    /// The anti-forgery token of a form for this browser.
    pub fn csrf(&self, browser: &Secret, form: &str) -> String {
        self.edge.csrf().token(browser, form)
    }

    fn redirect(&self, class: Class<'_>, to: &str) -> Response {
        let Ok(location) = HeaderValue::from_str(to) else {
            // a header cannot hold a control character, and neither can any address of ours or of a registered client
            return error_page::render(self, PageProblem::BadRequest);
        };
        let mut response = Response::default();
        *response.status_mut() = StatusCode::SEE_OTHER;
        response.headers_mut().insert(header::LOCATION, location);
        self.edge.headers().dress(class, response.headers_mut());
        self.remember_language(response.headers_mut());
        response
    }

    fn remember_language(&self, headers: &mut HeaderMap) {
        if self.chosen {
            headers.append(header::SET_COOKIE, self.edge.cookies().set_language(self.locale));
        }
    }

    /// This very address in another language.
    fn here_in(&self, lang: Lang) -> String {
        let kept = form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes()).filter(|(name, _)| name != UI_LOCALES);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair(UI_LOCALES, lang.tag()).finish();
        format!("{}?{query}", self.uri.path())
    }
}

/// OIDC Core §3.1.2.1; our own switcher speaks the same.
const UI_LOCALES: &str = "ui_locales";

fn asked_language(query: &str) -> Option<Locale> {
    // most queries name no language: leave before decoding anything
    if !query.contains(UI_LOCALES) {
        return None;
    }
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == UI_LOCALES).and_then(|(_, value)| first_spoken(&value))
}

fn known_language(edge: &Edge, headers: &HeaderMap) -> Option<Locale> {
    let chosen = cookies::read(headers, edge.cookies().language).ok().flatten().and_then(Locale::from_tag);
    chosen.or_else(|| headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Locale::from_accept_language))
}

/// `7F3K-9QXM-2HTB`: 60 bits in an alphabet without letters that look alike, to be read over the telephone.
fn reference(number: u64) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut text = String::with_capacity(14);
    for at in 0..12 {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        let letter = usize::from((number >> (5 * at)).to_le_bytes()[0] & 31);
        text.push(char::from(LETTERS[letter]));
    }
    text
}

impl<S> FromRequestParts<S> for Cx
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&Edge::from_ref(state), parts))
    }
}

/// The browser's cookie, when it sent one that can be ours. Refuses (page, cookie cleared) when somebody planted a second.
#[derive(Debug, Clone)]
pub struct BrowserCookie(pub Option<Secret>);

impl BrowserCookie {
    /// From the headers of a request.
    pub fn read(edge: &Edge, headers: &HeaderMap) -> Result<Self, CookieRefusal> {
        let text = cookies::read(headers, edge.cookies().browser)?;
        Ok(Self(text.and_then(|text| Secret::parse(SecretKind::Browser, text))))
    }
}

impl<S> FromRequestParts<S> for BrowserCookie
where
    S: Send + Sync,
    Edge: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let edge = Edge::from_ref(state);
        Self::read(&edge, &parts.headers).map_err(|_| {
            let mut response = error_page::render(&Cx::of(&edge, parts), PageProblem::Cookies);
            response.headers_mut().append(header::SET_COOKIE, edge.cookies().clear_browser());
            response
        })
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;
    use crate::http::testing::{edge, edge_at};

    fn parts(uri: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request").into_parts().0
    }

    #[test]
    fn the_language_is_what_was_asked_then_chosen_then_preferred() {
        for (uri, headers, locale) in [
            ("/login?ui_locales=fr%20es", vec![("cookie", "aplec_idp_lang=en"), ("accept-language", "ca")], Locale::Es),
            ("/login?ui_locales=fr", vec![("cookie", "aplec_idp_lang=en"), ("accept-language", "ca")], Locale::En),
            ("/login", vec![("cookie", "aplec_idp_lang=xx"), ("accept-language", "es")], Locale::Es),
            ("/login", vec![("accept-language", "fr")], Locale::Ca),
            ("/login", vec![], Locale::Ca),
        ] {
            assert_eq!(Cx::of(&edge(), &parts(uri, &headers)).locale, locale, "{uri} {headers:?}");
        }
    }

    #[test]
    fn a_language_chosen_on_a_page_is_remembered_and_the_persons_own_yields_to_it() {
        let cx = Cx::of(&edge(), &parts("/login?flow=f&ui_locales=es", &[]));
        let response = cx.page(maud::html! { "hola" });
        assert_eq!(response.headers()[header::SET_COOKIE], "aplec_idp_lang=es; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
        assert_eq!(cx.clone().in_language(Locale::En).locale, Locale::Es);
        assert_eq!(cx.here_in(Lang::En), "/login?flow=f&ui_locales=en");
        let cx = Cx::of(&edge(), &parts("/login", &[]));
        assert!(cx.page(maud::html! { "hola" }).headers().get(header::SET_COOKIE).is_none());
        assert_eq!(cx.in_language(Locale::En).locale, Locale::En);
    }

    #[test]
    fn a_request_id_is_ours_whatever_the_caller_sent() {
        let parts = parts("/", &[("x-request-id", "planted"), ("x-forwarded-for", "6.6.6.6")]);
        let edge = edge();
        let (one, two) = (Cx::of(&edge, &parts), Cx::of(&edge, &parts));
        assert!(one.request_id != two.request_id && one.request_id.len() == 14, "{} {}", one.request_id, two.request_id);
        assert_eq!(one.ip, IpAddr::V4(Ipv4Addr::UNSPECIFIED), "no proxy is trusted here");
    }

    #[test]
    fn a_redirect_says_see_other_and_the_one_with_a_code_leaves_no_referrer() {
        let cx = Cx::of(&edge(), &parts("/", &[]));
        let own = cx.see_other("/login");
        assert_eq!((own.status(), &own.headers()[header::LOCATION]), (StatusCode::SEE_OTHER, &HeaderValue::from_static("/login")));
        let client = cx.see_client("https://nuvol.cat/cb?code=ac_x");
        assert_eq!(client.headers()[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(client.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(cx.see_other("/a\nb").status(), StatusCode::BAD_REQUEST);
    }

    #[tokio::test]
    async fn a_planted_second_cookie_is_refused_and_cleared() {
        let edge = edge_at("https://id.ateneu.cat");
        let secret = Secret::from_entropy(SecretKind::Browser, [3; 32]);
        let good = format!("__Host-aplec={}", secret.expose());
        let twice = format!("{good}; {good}");
        let mut head = parts("/login", &[("cookie", &good)]);
        let read = BrowserCookie::from_request_parts(&mut head, &edge).await.expect("one cookie");
        assert!(read.0.is_some_and(|read| read.hash() == secret.hash()));
        let mut head = parts("/login", &[("cookie", &twice)]);
        let refused = BrowserCookie::from_request_parts(&mut head, &edge).await.expect_err("two cookies");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(refused.headers()[header::SET_COOKIE], edge.cookies().clear_browser());
        let mut head = parts("/login", &[("cookie", "__Host-aplec=garbage")]);
        assert!(BrowserCookie::from_request_parts(&mut head, &edge).await.expect("read").0.is_none());
    }
}
