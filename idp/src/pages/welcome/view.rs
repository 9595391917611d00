//! Choosing a first password.

use maud::{Markup, html};
use ui_kit::{Button, Field, Form, LinkButton, Shell, actions, definitions, hidden, page_header};

use crate::{http::paths, pages::wrong::Wrong};

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WelcomeView {
    /// The name shown to others.
    pub(crate) name: String,
    /// The login name.
    pub(crate) username: String,
    /// Who made the account.
    pub(crate) collective: Option<String>,
    /// The link's secret.
    pub(crate) link: String,
    /// What is wrong with the password.
    pub(crate) wrong: Wrong,
    /// The form's token.
    pub(crate) csrf: String,
}

/// Afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WelcomeDoneView {
    /// The login name.
    pub(crate) username: String,
}

/// The form.
pub(crate) fn page(shell: Shell, v: &WelcomeView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("welcome-title"), ..shell.narrow() };
    let text = match &v.collective {
        Some(name) => t.args("welcome-text", &[("collective", name.as_str().into())]),
        None => t.msg("welcome-text-plain"),
    };
    let (name, username) = (t.msg("welcome-name"), t.msg("welcome-username"));
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("welcome-title"), Some(&text), None))
            (definitions(&[(&name, html! { (v.name) }), (&username, html! { strong { (v.username) } })]))
            (v.wrong.summary(t))
            (Form::post(paths::WELCOME).csrf(v.csrf.clone()).hidden("link", v.link.clone()).body(html! {
                // password managers keep the new password under this name
                (hidden("username", &v.username))
                (Field::new_password("password", t.msg("login-password")).hint(t.msg("join-field-password-hint")).required().autofocus()
                    .error(v.wrong.on(t, "password")))
                (Button::primary(t.msg("welcome-submit")).wide())
            }))
        },
    )
}

/// Afterwards: a fresh sign-in.
pub(crate) fn done(shell: Shell, v: &WelcomeDoneView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("welcome-done-title"), languages: Vec::new(), ..shell.narrow() };
    let text = t.args("welcome-done-text", &[("username", v.username.as_str().into())]);
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("welcome-done-title"), Some(&text), None))
            (actions(html! { (LinkButton::primary(t.msg("page-sign-in"), paths::LOGIN)) }))
        },
    )
}

#[cfg(test)]
impl WelcomeView {
    /// With and without a collective, and wrong.
    pub(crate) fn samples() -> Vec<Self> {
        let view = Self {
            name: "Laia Ferrer".to_owned(),
            username: "laia".to_owned(),
            collective: Some("L’Ateneu del Poblet".to_owned()),
            link: "ln_x".to_owned(),
            wrong: Wrong::default(),
            csrf: "token".to_owned(),
        };
        vec![view.clone(), Self { collective: None, wrong: Wrong::one("password", "field-password-guessable"), ..view }]
    }
}
#[cfg(test)]
impl WelcomeDoneView {
    /// One.
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self { username: "laia".to_owned() }]
    }
}
