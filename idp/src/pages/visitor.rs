//! Who opens a page: a browser, the sessions it holds, and everything a handler needs to answer it.

use axum::{extract::FromRequestParts, response::Response};
use http::{StatusCode, header, request::Parts};
use idp_app::{
    Act, App,
    browser::{self, Browser, LiveSession},
};
use idp_domain::{
    Fault,
    policy::Actor,
    secret::{Secret, SecretKind},
};
use maud::Markup;
use ui_kit::{PersonMenu, Shell, SignOut};

use super::logout;
use crate::{
    http::{
        context::{BrowserCookie, Cx},
        cookies::Keep,
        error_page::{self, PageProblem},
        forms::PageForm,
        headers::Class,
        paths,
    },
    wiring::AppState,
};

/// A browser at a page.
pub(crate) struct Visitor {
    /// The use cases.
    pub(crate) app: App,
    /// The request's circumstances.
    pub(crate) cx: Cx,
    /// What the browser is recognised by; new when it brought nothing.
    pub(crate) secret: Secret,
    /// The sessions it holds.
    pub(crate) browser: Browser,
    /// The secret is still to be handed to the browser, to be kept so long.
    unknown: Option<Keep>,
}

impl Visitor {
    /// Who sent this cookie; a browser without one gets a secret with the first page or redirect of ours.
    pub(crate) async fn recognise(app: App, cx: Cx, cookie: BrowserCookie) -> Result<Self, Response> {
        let Some(secret) = cookie.0 else {
            let secret = app.entropy().secret(SecretKind::Browser);
            let browser = Browser::unknown(secret.hash());
            return Ok(Self { app, cx, secret, browser, unknown: Some(Keep::UntilClosed) });
        };
        match browser::recognise(&cx.act(&app, Actor::System), &secret).await {
            Ok(browser) => Ok(Self { app, cx, secret, browser, unknown: None }),
            Err(fault) => Err(error_page::fault(&cx, &fault)),
        }
    }

    /// Somebody signed in: from here on the browser is known by another secret, and every answer hands it over.
    pub(crate) fn renew(&mut self, secret: Secret, browser: Browser, keep: Keep) {
        (self.secret, self.browser, self.unknown) = (secret, browser, Some(keep));
    }

    /// Starts a use case in the name of nobody in particular.
    pub(crate) fn act(&self) -> Act {
        self.cx.act(&self.app, Actor::System)
    }
    /// Starts a use case in the name of a session's person.
    pub(crate) fn act_as(&self, live: &LiveSession) -> Act {
        self.cx.act(&self.app, Actor::Person(live.person.id))
    }
    /// The token of a form.
    pub(crate) fn csrf(&self, form: &str) -> String {
        self.cx.csrf(&self.secret, form)
    }
    /// Checks the token that came back.
    pub(crate) fn check(&self, form: &PageForm, name: &str) -> Result<(), Response> {
        form.check(&self.cx, &self.secret, name).map_err(|_| self.problem(PageProblem::StaleForm))
    }
    /// What surrounds a page, with the menu of who is signed in.
    pub(crate) fn shell(&self) -> Shell {
        let shell = self.cx.shell("");
        let Some(live) = self.browser.current() else { return shell };
        let t = shell.t;
        shell.person(PersonMenu {
            name: live.person.display_name.to_string(),
            detail: live.person.email.as_ref().map(ToString::to_string).or_else(|| Some(live.person.username.to_string())),
            links: vec![(paths::ACCOUNT.to_owned(), t.msg("page-my-account"))],
            sign_out: Some(SignOut {
                action: paths::LOGOUT.to_owned(),
                csrf: self.csrf(&logout::form(None)),
                label: t.msg("page-sign-out"),
            }),
        })
    }
    /// What surrounds a page of a login in progress: nothing that leads away from it.
    pub(crate) fn bare_shell(&self) -> Shell {
        self.cx.shell("")
    }
    /// A page.
    pub(crate) fn page(&self, markup: Markup) -> Response {
        self.page_of(StatusCode::OK, Class::Page, markup)
    }
    /// A form that could not be accepted, filled in again.
    pub(crate) fn refused(&self, class: Class<'_>, markup: Markup) -> Response {
        self.page_of(StatusCode::UNPROCESSABLE_ENTITY, class, markup)
    }
    /// A page with its status and class.
    pub(crate) fn page_of(&self, status: StatusCode, class: Class<'_>, markup: Markup) -> Response {
        self.hand_secret(self.cx.page_of(status, class, markup))
    }
    /// On to another page of ours.
    pub(crate) fn go(&self, to: &str) -> Response {
        self.hand_secret(self.cx.see_other(to))
    }
    /// The page of something that went wrong.
    pub(crate) fn problem(&self, problem: PageProblem) -> Response {
        self.hand_secret(error_page::render(&self.cx, problem))
    }
    /// The page of something of ours that went wrong.
    pub(crate) fn fault(&self, fault: &Fault) -> Response {
        self.hand_secret(error_page::fault(&self.cx, fault))
    }
    /// The current session, or the way to the sign-in page.
    pub(crate) fn signed_in(&self) -> Result<&LiveSession, Response> {
        self.browser.current().ok_or_else(|| self.go(paths::LOGIN))
    }

    /// Gives the browser its secret with an answer, unless it has it.
    pub(crate) fn hand_secret(&self, mut response: Response) -> Response {
        if let Some(keep) = self.unknown {
            response.headers_mut().append(header::SET_COOKIE, self.cx.edge.cookies().set_browser(&self.secret, keep));
        }
        response
    }
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let cookie = BrowserCookie::from_request_parts(parts, state).await?;
        Self::recognise(state.app.clone(), Cx::of(&state.edge, parts), cookie).await
    }
}
