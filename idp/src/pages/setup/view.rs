//! Founding a cluster.

use maud::{Markup, html};
use ui_kit::{Alert, Button, Field, Form, LinkButton, Shell, actions, field_group, note, page_header, required_note};

use crate::{
    http::paths,
    pages::{NAME_CHARS, wrong::Wrong},
};

/// The form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SetupView {
    /// The link's secret.
    pub(crate) link: String,
    /// What was typed before.
    pub(crate) name: String,
    /// What was typed before.
    pub(crate) username: String,
    /// What was typed before.
    pub(crate) email: String,
    /// What was typed before.
    pub(crate) collective: String,
    /// What was typed before.
    pub(crate) second_collective: String,
    /// What was typed before.
    pub(crate) second_name: String,
    /// What was typed before.
    pub(crate) second_email: String,
    /// What is wrong with it.
    pub(crate) wrong: Wrong,
    /// The form's token.
    pub(crate) csrf: String,
}

/// Afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SetupDoneView {
    /// The steward's login name.
    pub(crate) username: String,
    /// Who was invited.
    pub(crate) second: Option<String>,
}

/// The form.
pub(crate) fn page(shell: Shell, v: &SetupView) -> Markup {
    let t = shell.t;
    let cluster = shell.app_name.clone();
    let shell = Shell { title: t.msg("setup-title"), ..shell };
    let on = |field| v.wrong.on(t, field);
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("setup-title"), Some(&t.msg("setup-text")), None))
            (v.wrong.summary(t))
            (Form::post(paths::SETUP).csrf(v.csrf.clone()).hidden("link", v.link.clone()).body(html! {
                (required_note(t))
                (field_group(&t.msg("setup-you"), html! {
                    (Field::text("name", t.msg("setup-name")).hint(t.msg("join-field-name-hint")).value(v.name.clone()).autocomplete("name")
                        .max_length(NAME_CHARS).required().error(on("name")))
                    (Field::email("email", t.msg("setup-email")).value(v.email.clone()).required().error(on("email")))
                    (Field::exact("username", t.msg("setup-username")).hint(t.msg("join-field-username-hint")).value(v.username.clone())
                        .autocomplete("username").max_length(30).required().error(on("username")))
                    (Field::new_password("password", t.msg("setup-password")).hint(t.msg("join-field-password-hint")).required().error(on("password")))
                }))
                (field_group(&t.msg("setup-first"), html! {
                    (Field::text("collective", t.msg("setup-collective-name")).hint(t.msg("setup-first-hint")).value(v.collective.clone())
                        .autocomplete("organization").max_length(NAME_CHARS).required().error(on("collective")))
                }))
                (field_group(&t.msg("setup-second"), html! {
                    (note(&t.msg("setup-second-text")))
                    (Field::text("second-collective", t.msg("setup-second-collective")).hint(t.msg("setup-collective-name-hint"))
                        .value(v.second_collective.clone()).autocomplete("off").max_length(NAME_CHARS).error(on("second-collective")))
                    (Field::text("second-name", t.msg("setup-second-name")).value(v.second_name.clone()).autocomplete("off")
                        .max_length(NAME_CHARS).error(on("second-name")))
                    (Field::email("second-email", t.msg("setup-second-email")).value(v.second_email.clone()).autocomplete("off")
                        .error(on("second-email")))
                }))
                (actions(html! { (Button::primary(t.args("setup-submit", &[("cluster", cluster.into())]))) }))
            }))
        },
    )
}

/// Afterwards.
pub(crate) fn done(shell: Shell, v: &SetupDoneView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("setup-done-title"), languages: Vec::new(), ..shell.narrow() };
    let text = t.args("setup-done-text", &[("username", v.username.as_str().into())]);
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("setup-done-title"), Some(&text), None))
            @if let Some(name) = &v.second { (Alert::success(t.args("setup-done-second", &[("name", name.as_str().into())]))) }
            (actions(html! { (LinkButton::primary(t.msg("page-sign-in"), paths::LOGIN)) }))
        },
    )
}

#[cfg(test)]
impl SetupView {
    /// Empty, and wrong.
    pub(crate) fn samples() -> Vec<Self> {
        let empty = Self { link: "ln_x".to_owned(), csrf: "token".to_owned(), ..Self::default() };
        let mut wrong = Wrong::one("username", "field-username-reserved");
        for (field, key) in [
            ("password", "field-password-again"),
            ("collective", "setup-collective-invalid"),
            ("second-collective", "setup-collective-taken"),
            ("second-name", "setup-second-incomplete"),
            ("second-email", "setup-second-same"),
        ] {
            wrong.add(field, key);
        }
        vec![empty.clone(), Self { name: "Maria Rosell".to_owned(), username: "admin".to_owned(), wrong, ..empty }]
    }
}
#[cfg(test)]
impl SetupDoneView {
    /// Alone and with somebody.
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self { username: "maria".to_owned(), second: None }, Self { username: "maria".to_owned(), second: Some("Òscar".to_owned()) }]
    }
}
