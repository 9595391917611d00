//! Confirming an address, and what comes after.

use maud::{Markup, html};
use ui_kit::{Button, Field, Form, LinkButton, Shell, actions, definitions, hidden, note, page_header};

use crate::{
    http::paths,
    pages::{join::view::steps, wrong::Wrong},
};

/// The page with the button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VerifyView {
    /// The address to confirm.
    pub(crate) address: String,
    /// Whose account, so that nobody confirms somebody else's registration unawares.
    pub(crate) name: String,
    /// Its login name.
    pub(crate) username: String,
    /// The collective that was asked.
    pub(crate) collective: Option<String>,
    /// Whether a password is chosen here.
    pub(crate) chooses_password: bool,
    /// The link's secret.
    pub(crate) link: String,
    /// What is wrong with the password.
    pub(crate) wrong: Wrong,
    /// The form's token.
    pub(crate) csrf: String,
}

/// A request that waits for a manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaitingView {
    /// Whose managers.
    pub(crate) collective: String,
    /// Who they are.
    pub(crate) managers: Vec<String>,
}

/// What came of a confirmation without a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DoneView {
    /// The address signs in from now on.
    Verified,
    /// The collective is gone: ask another one.
    NoCollective,
    /// It was confirmed before: the link was opened again.
    Already,
    /// Somebody proved the address first.
    Taken,
}

/// The page with the button.
pub(crate) fn page(shell: Shell, v: &VerifyView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("verify-title"), ..shell.narrow() };
    let text = if v.collective.is_some() { "verify-text" } else { "verify-text-plain" };
    let (name, username, collective) = (t.msg("welcome-name"), t.msg("welcome-username"), t.msg("verify-collective"));
    let mut facts = vec![(name.as_str(), html! { (v.name) }), (username.as_str(), html! { strong { (v.username) } })];
    if let Some(name) = &v.collective {
        facts.push((&collective, html! { (name) }));
    }
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("verify-title"), Some(&t.args(text, &[("address", v.address.as_str().into())])), None))
            (definitions(&facts))
            (v.wrong.summary(t))
            (Form::post(paths::VERIFY).csrf(v.csrf.clone()).hidden("link", v.link.clone()).body(html! {
                @if v.chooses_password {
                    p { (t.msg("verify-password-text")) }
                    // password managers keep the new password under this name
                    (hidden("username", &v.username))
                    (Field::new_password("password", t.msg("login-password")).hint(t.msg("join-field-password-hint")).required()
                        .error(v.wrong.on(t, "password")))
                }
                (Button::primary(t.msg("verify-submit")).wide())
            }))
            (note(&t.msg("verify-not-me")))
        },
    )
}

/// The request waits.
pub(crate) fn waiting(shell: Shell, v: &WaitingView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("waiting-title"), languages: Vec::new(), ..shell.narrow() };
    let text = t.args("waiting-text", &[("collective", v.collective.as_str().into())]);
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("waiting-title"), Some(&text), None))
            (steps(&shell, 2))
            @if !v.managers.is_empty() { p { (t.args("waiting-managers", &[("names", v.managers.join(", ").into())])) } }
            (actions(html! { (LinkButton::secondary(t.msg("waiting-account"), paths::ACCOUNT)) }))
        },
    )
}

/// Nothing waits.
pub(crate) fn done(shell: Shell, v: DoneView) -> Markup {
    let t = shell.t;
    let (title, text) = match v {
        DoneView::Verified => ("verify-done-title", "verify-done-text"),
        DoneView::NoCollective => ("verify-done-title", "waiting-text-plain"),
        DoneView::Already => ("verify-already-title", "verify-already-text"),
        DoneView::Taken => ("verify-taken-title", "verify-taken-text"),
    };
    let shell = Shell { title: t.msg(title), ..shell.narrow() };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg(title), Some(&t.msg(text)), None))
            (actions(html! {
                @if v == DoneView::NoCollective {
                    (LinkButton::primary(t.msg("home-join"), paths::JOIN))
                } @else {
                    (LinkButton::primary(t.msg("page-sign-in"), paths::LOGIN))
                }
            }))
        },
    )
}

#[cfg(test)]
impl VerifyView {
    /// With and without a collective, choosing a password, and a wrong one.
    pub(crate) fn samples() -> Vec<Self> {
        let view = Self {
            address: "laia@exemple.cat".to_owned(),
            name: "Laia Ferrer".to_owned(),
            username: "laia".to_owned(),
            collective: Some("L’Ateneu del Poblet".to_owned()),
            chooses_password: false,
            link: "ln_x".to_owned(),
            wrong: Wrong::default(),
            csrf: "token".to_owned(),
        };
        let choosing = Self { chooses_password: true, ..view.clone() };
        let wrong = Self { wrong: Wrong::one("password", "field-password-guessable"), ..choosing.clone() };
        vec![view.clone(), Self { collective: None, ..view }, choosing, wrong]
    }
}
#[cfg(test)]
impl WaitingView {
    /// With managers and without.
    pub(crate) fn samples() -> Vec<Self> {
        let view = Self { collective: "L’Ateneu del Poblet".to_owned(), managers: vec!["Maria Rosell".to_owned(), "Òscar".to_owned()] };
        vec![view.clone(), Self { managers: Vec::new(), ..view }]
    }
}
#[cfg(test)]
impl DoneView {
    /// Each.
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self::Verified, Self::NoCollective, Self::Already, Self::Taken]
    }
}
