//! The sign-in form.

use idp_domain::Ttl;
use maud::{Markup, html};
use ui_kit::{Alert, Button, Checkbox, Field, Form, Shell, note, page_header, way};

use crate::{http::paths, pages::waiting};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoginView {
    /// The login in progress.
    pub(crate) flow: Option<String>,
    /// The service the person is on the way to.
    pub(crate) service: Option<String>,
    /// What was typed before.
    pub(crate) identifier: String,
    /// Whether the device was called the person's own.
    pub(crate) own_device: bool,
    /// Why the last try failed.
    pub(crate) problem: Option<LoginProblem>,
    /// The form's token.
    pub(crate) csrf: String,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginProblem {
    /// Never told whether the account exists.
    Wrong,
    /// Too many tries.
    Throttled(Ttl),
    /// The account may not sign in.
    NotAllowed,
}

/// The page.
pub(crate) fn page(shell: Shell, v: &LoginView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("login-title"), ..shell.narrow() };
    let to = v.service.as_ref().map(|service| t.args("login-to-service", &[("service", service.as_str().into())]));
    let problem = v.problem.map(|problem| match problem {
        LoginProblem::Wrong => t.msg("login-wrong"),
        LoginProblem::NotAllowed => t.msg("login-not-allowed"),
        LoginProblem::Throttled(wait) if wait.as_seconds() < 60 => t.msg("login-throttled-soon"),
        LoginProblem::Throttled(wait) => t.args("login-throttled", &[("when", t.relative(wait.as_millis(), 0).into())]),
    });
    let mut form = Form::post(paths::LOGIN).csrf(v.csrf.clone());
    if let Some(flow) = &v.flow {
        form = form.hidden(waiting::FIELD, flow.clone());
    }
    let identifier = Field::exact("identifier", t.msg("login-identifier")).value(v.identifier.clone()).autocomplete("username").required();
    let password = Field::password("password", t.msg("login-password")).required();
    let remembered = !v.identifier.is_empty();
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("login-title"), to.as_deref(), None))
            @if let Some(problem) = problem { (Alert::error(problem).title(t.msg("login-wrong-title")).announced()) }
            (form.body(html! {
                (if remembered { identifier } else { identifier.autofocus() })
                (if remembered { password.autofocus() } else { password })
                (Checkbox::new("own", t.msg("login-own-device")).hint(t.msg("login-own-device-hint")).checked(v.own_device))
                (Button::primary(t.msg("login-submit")).wide())
            }))
            (way(&t.msg("login-new"), paths::JOIN, &t.msg("login-join")))
            (note(&t.msg("login-forgotten")))
        },
    )
}

#[cfg(test)]
impl LoginView {
    /// Every state worth looking at.
    pub(crate) fn samples() -> Vec<Self> {
        let plain =
            Self { flow: None, service: None, identifier: String::new(), own_device: false, problem: None, csrf: "token".to_owned() };
        let flow = Self { flow: Some("flo_1".to_owned()), service: Some("Oficina de L’Ateneu".to_owned()), ..plain.clone() };
        let wrong = |problem| Self { identifier: "laia".to_owned(), own_device: true, problem: Some(problem), ..flow.clone() };
        vec![
            plain.clone(),
            flow.clone(),
            wrong(LoginProblem::Wrong),
            wrong(LoginProblem::NotAllowed),
            wrong(LoginProblem::Throttled(Ttl::seconds(4))),
            wrong(LoginProblem::Throttled(Ttl::minutes(8))),
        ]
    }
}
