//! One request: when, from which browser, in which language.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::{StatusCode, header, request::Parts};
use idp_api::client::ApiError;
use keys::{Timestamp, Ttl};
use ui_kit::{Lang, Shell};

use super::{
    answer::{document, see_other},
    cookies::{Cookie, Jar},
    draft::{Draft, Why},
    errors::{self, Stop, Trouble},
    fields::Fields,
    paths,
};
use crate::{
    oidc::{Demands, SignInError},
    seal::Purpose,
    session::Session,
    texts::{self, T},
    wiring::App,
};

/// The query parameter of the language switcher, as the issuer's own pages call it.
pub(crate) const LANGUAGE: &str = "ui_locales";
/// How long a chosen language is remembered.
const LANGUAGE_LIFETIME: Ttl = Ttl::days(365);

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Cx {
    /// The program.
    pub app: App,
    /// This instant, read once.
    pub now: Timestamp,
    /// The reader's language.
    pub t: T,
    /// Whether the reader or their browser chose it.
    pub language_chosen: bool,
    /// The cookies.
    pub jar: Arc<Jar>,
    /// The path.
    pub path: String,
    /// The query.
    pub query: Fields,
    /// The form that this very request sent and that is shown again.
    pub again: Option<Draft>,
}

impl FromRequestParts<App> for Cx {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Stop> {
        let jar = parts.extensions.get::<Arc<Jar>>().cloned();
        let jar = jar.unwrap_or_else(|| Arc::new(Jar::of(&parts.headers, app.settings.is_plain())));
        let query = Fields::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let asked = query.as_ref().ok().and_then(|query| Lang::from_tag(query.get(LANGUAGE)?));
        let kept = jar.get(Cookie::Language).and_then(Lang::from_tag);
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| texts::accepted(value.to_str().ok()?));
        if let Some(lang) = asked.filter(|lang| Some(*lang) != kept) {
            // a language tag always fits
            let _ = jar.put(Cookie::Language, lang.tag(), Some(LANGUAGE_LIFETIME));
        }
        let chosen = asked.or(kept).or(accepted);
        let cx = Self {
            now: app.clock.now(),
            app: app.clone(),
            t: texts::in_language(chosen.unwrap_or_default()),
            language_chosen: chosen.is_some(),
            jar,
            path: parts.uri.path().to_owned(),
            query: query.clone().unwrap_or_default(),
            again: None,
        };
        if query.is_err() { Err(cx.trouble(&Trouble::BadRequest)) } else { Ok(cx) }
    }
}

impl Cx {
    /// What surrounds a page of somebody who may not be signed in.
    pub(crate) fn shell(&self, title: &str) -> Shell {
        Shell::new(self.t, title, self.t.msg("app-name")).languages(|lang| self.in_language(lang))
    }

    /// This very page in another language.
    fn in_language(&self, lang: Lang) -> String {
        let query = self.query.without(LANGUAGE);
        let mut parameters: Vec<(&str, Option<&str>)> = query.iter().map(|(name, value)| (name, Some(value))).collect();
        parameters.push((LANGUAGE, Some(lang.tag())));
        paths::with_query(paths::local(Some(&self.path)), &parameters)
    }

    /// An error page.
    pub(crate) fn trouble(&self, trouble: &Trouble) -> Stop {
        Stop::new(document(trouble.status(), errors::page(self, trouble)))
    }

    /// The session this browser says it has.
    pub(crate) fn session(&self) -> Option<Session> {
        self.app.sealer.open(Purpose::Session, self.jar.get(Cookie::Session)?)
    }

    /// Gives the browser its session. A session too long for a cookie goes without the ID token, which only makes signing
    /// out ask once more.
    pub(crate) fn keep_session(&self, session: &Session) -> bool {
        let put = |session: &Session| {
            let sealed = self.app.sealer.seal(Purpose::Session, session, &self.app.entropy);
            sealed.is_some_and(|sealed| self.jar.put(Cookie::Session, &sealed, None))
        };
        put(session) || put(&Session { id_token: None, ..session.clone() })
    }

    /// The session with an access token that works, renewed when little of it is left.
    pub(crate) async fn renewed(&self, session: Session, posted: Option<&Fields>) -> Result<Session, Stop> {
        if !session.needs_renewal(self.now) {
            return Ok(session);
        }
        match self.app.issuer.renew(&session, self.now).await {
            Ok(renewed) => {
                if !self.keep_session(&renewed) {
                    tracing::warn!("the renewed session does not fit into a cookie");
                }
                Ok(renewed)
            }
            Err(SignInError::Unavailable(_)) if session.is_live(self.now) => Ok(session),
            Err(SignInError::Unavailable(why)) => {
                tracing::warn!(%why, "the session could not be renewed");
                Err(self.unavailable(&session, posted))
            }
            Err(why) => {
                tracing::debug!(%why, "the session is over");
                Err(self.sign_in(posted, &Demands::default()))
            }
        }
    }

    /// Signs in and comes back. What was typed comes back too.
    pub(crate) fn sign_in(&self, posted: Option<&Fields>, demands: &Demands) -> Stop {
        let max_age = demands.max_age.map(|seconds| seconds.to_string());
        let query: Vec<_> = self.query.iter().map(|(name, value)| (name, Some(value))).collect();
        let back = paths::with_query(&self.path, &query);
        let to =
            paths::with_query(paths::SIGN_IN, &[("to", Some(&back)), ("max_age", max_age.as_deref()), ("acr", demands.acr.as_deref())]);
        match posted {
            None => Stop::new(see_other(&to)),
            Some(fields) => self.keep(Draft { fields: fields.clone(), why: Some(Why::SignedInAgain), ..Draft::default() }, &to, None),
        }
    }

    /// Keeps what was typed and goes on to `to`. What is too long for a cookie is shown instead, ready to be sent again.
    pub(crate) fn keep(&self, draft: Draft, to: &str, session: Option<&Session>) -> Stop {
        let draft = Draft { page: self.path.clone(), fields: draft.fields.without("csrf"), ..draft };
        let sealed = self.app.sealer.seal(Purpose::Draft, &draft, &self.app.entropy);
        if sealed.is_some_and(|sealed| self.jar.put(Cookie::Draft, &sealed, Some(Draft::LIFETIME))) {
            return Stop::new(see_other(to));
        }
        self.shown(StatusCode::OK, &draft, to, session)
    }

    /// Nobody answers: what was typed is shown, ready to be sent again.
    fn unavailable(&self, session: &Session, posted: Option<&Fields>) -> Stop {
        let Some(fields) = posted else { return self.trouble(&Trouble::Unavailable) };
        let draft = Draft { fields: fields.without("csrf"), why: Some(Why::Unavailable), ..Draft::default() };
        self.shown(Trouble::Unavailable.status(), &draft, &self.path, Some(session))
    }

    fn shown(&self, status: StatusCode, draft: &Draft, to: &str, session: Option<&Session>) -> Stop {
        let token = session.map(|session| self.app.sealer.token(&session.csrf_seed, &self.path)).unwrap_or_default();
        Stop::new(document(status, errors::kept(self, draft, to, &token)))
    }

    /// What was typed into this page's form before, if it has to be shown again. Told once.
    pub(crate) fn draft(&self) -> Draft {
        if let Some(draft) = &self.again {
            return draft.clone();
        }
        let draft: Option<Draft> = self.jar.get(Cookie::Draft).and_then(|sealed| self.app.sealer.open(Purpose::Draft, sealed));
        let here = draft.filter(|draft| draft.page == self.path);
        if here.is_some() {
            self.jar.clear(Cookie::Draft);
        }
        here.unwrap_or_default()
    }

    /// What to do about a refusal of the management API.
    pub(crate) fn stop(&self, error: ApiError, session: &Session, posted: Option<&Fields>) -> Stop {
        match error {
            // signing in again would not help: the token is as fresh as it gets
            ApiError::Unauthorized if session.is_fresh(self.now) => self.trouble(&Trouble::SessionRefused),
            ApiError::Unauthorized => self.sign_in(posted, &Demands::default()),
            ApiError::StepUp { max_age, acr } => self.sign_in(posted, &Demands { max_age, acr }),
            ApiError::Problem(problem) => match (Why::of(&problem), posted) {
                (Some(why), Some(fields)) => {
                    let draft = Draft { fields: fields.clone(), errors: problem.errors, why: Some(why), ..Draft::default() };
                    self.keep(draft, &self.path, Some(session))
                }
                _ => self.trouble(&Trouble::of(&problem)),
            },
            ApiError::Unavailable(why) => {
                tracing::warn!(%why, "the management API is not available");
                self.unavailable(session, posted)
            }
            ApiError::Malformed(why) => {
                tracing::error!(%why, "the management API broke its promise");
                self.trouble(&Trouble::Unexpected(None))
            }
        }
    }
}
