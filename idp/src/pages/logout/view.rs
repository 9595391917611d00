//! Asking whether to sign out, and saying goodbye.

use maud::{Markup, html};
use ui_kit::{Button, Form, LinkButton, Shell, actions, page_header};

use crate::http::paths;

/// The question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogoutView {
    /// Whose session.
    pub(crate) name: String,
    /// The service that asks.
    pub(crate) asked_by: Option<String>,
    /// Where to go afterwards.
    pub(crate) to: Option<String>,
    /// The form's token.
    pub(crate) csrf: String,
}

/// The question.
pub(crate) fn page(shell: Shell, v: &LogoutView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("logout-title"), ..shell.narrow() };
    let mut form = Form::post(paths::LOGOUT).csrf(v.csrf.clone());
    if let Some(to) = &v.to {
        form = form.hidden("to", to.clone());
    }
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("logout-title"), Some(&t.args("logout-text", &[("name", v.name.as_str().into())])), None))
            @if let Some(service) = &v.asked_by { p { (t.args("logout-asked", &[("service", service.as_str().into())])) } }
            (form.body(actions(html! {
                (Button::primary(t.msg("logout-submit")))
                (LinkButton::secondary(t.msg("logout-stay"), paths::ACCOUNT))
            })))
        },
    )
}

/// Goodbye.
pub(crate) fn farewell(shell: Shell) -> Markup {
    let t = shell.t;
    // the page may be the answer to a form: a link of the switcher would not lead back to it
    let shell = Shell { title: t.msg("signed-out-title"), languages: Vec::new(), ..shell.narrow() };
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("signed-out-title"), Some(&t.msg("signed-out-text")), None))
            (actions(html! { (LinkButton::primary(t.msg("page-sign-in"), paths::LOGIN)) }))
        },
    )
}

#[cfg(test)]
impl LogoutView {
    /// By oneself and by a service.
    pub(crate) fn samples() -> Vec<Self> {
        let own = Self { name: "Laia Ferrer".to_owned(), asked_by: None, to: None, csrf: "token".to_owned() };
        vec![own.clone(), Self { asked_by: Some("Mirador".to_owned()), to: Some("http://localhost:8082/".to_owned()), ..own }]
    }
}
