//! Who is signed in and what they look after: the extractors of every page of the desk.

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts},
    response::Response,
};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header, request::Parts};
use idp_api::{
    Me, MyCollective,
    client::{ApiError, Caller},
};
use maud::{Markup, html};
use subtle::ConstantTimeEq;
use ui_kit::{Lang, NavItem, PersonMenu, Shell, SignOut};

use super::{
    answer::{document, see_other},
    cookies::Cookie,
    cx::Cx,
    draft::{Draft, Why},
    errors::{Stop, Trouble},
    fields::{BODY_MAX, Fields},
    flash::Flash,
    paths,
};
use crate::{
    desk::effects,
    seal::Purpose,
    session::Session,
    texts::{self, T},
    wiring::App,
};

/// A signed-in manager in front of the desk.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    /// The request.
    pub cx: Cx,
    /// The person, as the API knows them at this instant.
    pub me: Me,
    session: Session,
    posted: Option<Fields>,
}

/// A form that a signed-in manager sent from one of our own pages.
#[derive(Debug)]
pub(crate) struct Posted {
    /// Who sent it.
    pub desk: Desk,
    /// What it says.
    pub fields: Fields,
}

/// Which part of a collective's desk a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The overview.
    Overview,
    /// The queue.
    Requests,
    /// The people.
    People,
    /// The services.
    Services,
    /// What happened.
    Audit,
    /// Name, language, listing.
    Settings,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Stop;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Stop> {
        let cx = Cx::from_request_parts(parts, app).await?;
        Self::load(cx, None).await
    }
}

/// A form that one of our own pages sent, whoever is signed in.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The request.
    pub cx: Cx,
    /// What it says.
    pub fields: Fields,
}

impl FromRequest<App> for Sent {
    type Rejection = Stop;
    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let cx = Cx::from_request_parts(&mut parts, app).await?;
        if !is_ours(&parts.headers, &cx.app.settings.base_url.origin().ascii_serialization()) {
            return Err(cx.trouble(&Trouble::CrossSite));
        }
        let content_type = parts.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        let is_form = content_type.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"));
        if !is_form {
            return Err(cx.trouble(&Trouble::BadRequest));
        }
        let Ok(body) = axum::body::to_bytes(body, BODY_MAX).await else { return Err(cx.trouble(&Trouble::TooLarge)) };
        let Ok(fields) = Fields::parse(&body) else { return Err(cx.trouble(&Trouble::BadRequest)) };
        Ok(Self { cx, fields })
    }
}

impl Sent {
    /// Whether the form's token is of this session and this form.
    pub(crate) fn is_of(&self, session: &Session) -> bool {
        let given = self.fields.raw("csrf").unwrap_or_default();
        given.as_bytes().ct_eq(self.cx.app.sealer.token(&session.csrf_seed, &self.cx.path).as_bytes()).into()
    }
}

impl FromRequest<App> for Posted {
    type Rejection = Stop;
    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, Stop> {
        let sent = Sent::from_request(request, app).await?;
        let desk = Desk::load(sent.cx.clone(), Some(sent.fields.clone())).await?;
        if sent.is_of(&desk.session) { Ok(Self { desk, fields: sent.fields }) } else { Err(desk.again(Why::Stale)) }
    }
}

/// Whether one of our own pages sent the form: browsers say so in `Sec-Fetch-Site`, older ones in `Origin`. A sibling site
/// is not us.
fn is_ours(headers: &HeaderMap, origin: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(header::ORIGIN).is_some_and(|sent| sent == origin),
    }
}

impl Desk {
    async fn load(mut cx: Cx, posted: Option<Fields>) -> Result<Self, Stop> {
        let Some(session) = cx.session() else { return Err(cx.sign_in(posted.as_ref(), &crate::oidc::Demands::default())) };
        let session = cx.renewed(session, posted.as_ref()).await?;
        let me = cx.app.api.with(&session.access_token).me().await.map_err(|error| cx.stop(error, &session, posted.as_ref()))?;
        if let Some(language) = me.locale.filter(|_| !cx.language_chosen) {
            cx.t = texts::in_language(Lang::from_tag(language.tag()).unwrap_or_default());
        }
        Ok(Self { cx, me, session, posted })
    }

    /// The reader's language.
    pub(crate) const fn t(&self) -> T {
        self.cx.t
    }

    /// The management API as this person sees it.
    pub(crate) fn api(&self) -> Caller<'_> {
        self.cx.app.api.with(&self.session.access_token)
    }

    /// What the API answered, or what to do about its refusal.
    pub(crate) fn or_stop<T>(&self, answer: Result<T, ApiError>) -> Result<T, Stop> {
        answer.map_err(|error| {
            if let ApiError::Problem(problem) = &error
                && let Some(why) = Why::of(problem).filter(|_| self.posted.is_some())
            {
                return self.again_with(why, problem.errors.clone());
            }
            self.cx.stop(error, &self.session, self.posted.as_ref())
        })
    }

    /// The form again, with what was typed and why.
    pub(crate) fn again(&self, why: Why) -> Stop {
        self.again_with(why, Vec::new())
    }

    /// The form again, with what was typed and what is wrong with it.
    pub(crate) fn again_with(&self, why: Why, errors: Vec<idp_api::FieldError>) -> Stop {
        let fields = self.posted.as_ref().map(|posted| posted.without("csrf")).unwrap_or_default();
        let draft = Draft { page: self.cx.path.clone(), fields, errors, why: Some(why) };
        let cx = Cx { again: Some(draft), ..self.cx.clone() };
        Stop::Again(Box::new(Self { cx, posted: None, ..self.clone() }))
    }

    /// Keeps the form that cannot be shown again in this answer, and goes to its page.
    pub(crate) fn keep(&self) -> Stop {
        self.cx.keep(self.cx.draft(), &self.cx.path, Some(&self.session))
    }

    /// One of the collectives this person manages. For all others the page does not exist.
    pub(crate) fn managed(&self, collective: &str) -> Result<&MyCollective, Stop> {
        let found = self.me.collectives.iter().find(|mine| mine.id == collective && mine.is_managed());
        found.ok_or_else(|| self.cx.trouble(&Trouble::NotFound))
    }

    /// The collectives this person manages.
    pub(crate) fn all_managed(&self) -> impl Iterator<Item = &MyCollective> {
        self.me.collectives.iter().filter(|mine| mine.is_managed())
    }

    /// The collective they worked on last, when they still manage it.
    pub(crate) fn last_used(&self) -> Option<&MyCollective> {
        let last = self.session.collective.as_deref()?;
        self.all_managed().find(|mine| mine.id == last)
    }

    /// Remembers the collective they work on.
    pub(crate) fn remember(&self, collective: &str) {
        if self.session.collective.as_deref() != Some(collective) {
            self.cx.keep_session(&Session { collective: Some(collective.to_owned()), ..self.session.clone() });
        }
    }

    /// The token of the form at this path.
    pub(crate) fn csrf(&self, path: &str) -> String {
        self.cx.app.sealer.token(&self.session.csrf_seed, path)
    }

    /// The token of this page's own form.
    pub(crate) fn csrf_here(&self) -> String {
        self.csrf(&self.cx.path)
    }

    /// Goes to a page that tells what just happened.
    pub(crate) fn done(&self, to: &str, flash: &Flash) -> Response {
        let put = |flash: &Flash| {
            let sealed = self.cx.app.sealer.seal(Purpose::Flash, flash, &self.cx.app.entropy);
            sealed.is_some_and(|sealed| self.cx.jar.put(Cookie::Flash, &sealed, Some(Flash::LIFETIME)))
        };
        if !put(flash) && !put(&flash.clone().effects(flash.effects.counted())) {
            tracing::warn!("what just happened does not fit into a cookie");
        }
        self.cx.jar.clear(Cookie::Draft);
        see_other(to)
    }

    /// A page outside any collective.
    pub(crate) fn plain_page(&self, title: &str, body: &Markup) -> Response {
        self.render(&self.shell(title, None), body)
    }

    /// A page of a collective's desk.
    pub(crate) fn page(&self, collective: &MyCollective, place: Place, title: &str, body: &Markup) -> Response {
        let title = format!("{title} · {}", collective.name);
        self.render(&self.shell(&title, Some((collective, place))), body)
    }

    fn render(&self, shell: &Shell, body: &Markup) -> Response {
        let flash: Option<Flash> = self.cx.jar.get(Cookie::Flash).and_then(|sealed| self.cx.app.sealer.open(Purpose::Flash, sealed));
        if flash.is_some() {
            self.cx.jar.clear(Cookie::Flash);
        }
        let told = flash.map(|flash| effects::told(&flash, self.t(), self.cx.now.millis()));
        document(StatusCode::OK, ui_kit::page(shell, html! { @if let Some(told) = told { (told) } (body) }))
    }

    fn shell(&self, title: &str, here: Option<(&MyCollective, Place)>) -> Shell {
        let t = self.t();
        let several = self.all_managed().nth(1).is_some();
        let mut links = Vec::new();
        if several {
            links.push((paths::COLLECTIVES.to_owned(), t.msg("menu-collectives")));
        }
        links.push((self.cx.app.settings.issuer.to_string(), t.msg("menu-portal")));
        let person = PersonMenu {
            name: self.me.name.clone(),
            detail: here.map(|(collective, _)| collective.name.clone()),
            links,
            sign_out: Some(SignOut { action: paths::SIGN_OUT.to_owned(), csrf: self.csrf(paths::SIGN_OUT), label: t.msg("menu-sign-out") }),
        };
        let nav = here.map(|(collective, place)| navigation(t, collective, place)).unwrap_or_default();
        self.cx.shell(title).wide().nav(nav).person(person)
    }
}

fn navigation(t: T, collective: &MyCollective, place: Place) -> Vec<NavItem> {
    let item = |this: Place, path: &str, key: &str| {
        let item = NavItem::new(paths::to(path, &[&collective.id]), t.msg(key)).current(this == place);
        if this == Place::Requests { item.count(collective.open_requests.into()) } else { item }
    };
    vec![
        item(Place::Overview, paths::DESK, "nav-overview"),
        item(Place::Requests, paths::REQUESTS, "nav-requests"),
        item(Place::People, paths::PEOPLE, "nav-people"),
        item(Place::Services, paths::SERVICES, "nav-services"),
        item(Place::Audit, paths::AUDIT, "nav-audit"),
        item(Place::Settings, paths::SETTINGS, "nav-settings"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_send_our_forms() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect::<HeaderMap>()
        };
        let origin = "https://gestio.example.cat";
        assert!(is_ours(&headers(&[("sec-fetch-site", "same-origin")]), origin));
        assert!(is_ours(&headers(&[("origin", "https://gestio.example.cat")]), origin));
        for bad in [
            vec![],
            vec![("sec-fetch-site", "same-site"), ("origin", "https://gestio.example.cat")],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "null")],
            vec![("origin", "https://gestio.example.cat.evil.example")],
        ] {
            assert!(!is_ours(&headers(&bad), origin), "{bad:?}");
        }
    }
}
