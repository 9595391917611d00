//! The list of accounts to choose from.

use maud::{Markup, html};
use ui_kit::{Button, Form, LinkButton, PersonRow, Shell, actions, page_header, people};

use crate::{http::paths, pages::waiting};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChooseView {
    /// The login in progress.
    pub(crate) flow: String,
    /// The service the person is on the way to.
    pub(crate) service: String,
    /// Who is signed in here.
    pub(crate) accounts: Vec<AccountChoice>,
    /// The sign-in page.
    pub(crate) other: String,
    /// The form's token.
    pub(crate) csrf: String,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountChoice {
    /// The session to go on with.
    pub(crate) session: String,
    /// Whose.
    pub(crate) name: String,
    /// Their address or username.
    pub(crate) detail: String,
}

/// The page.
pub(crate) fn page(shell: Shell, v: &ChooseView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("choose-title"), ..shell.narrow() };
    let rows: Vec<PersonRow> = v
        .accounts
        .iter()
        .map(|account| {
            let form = Form::post(paths::CHOOSE).csrf(v.csrf.clone()).hidden(waiting::FIELD, v.flow.clone()).inline();
            let button = Button::primary(t.msg("login-submit")).small().name_value("session", account.session.clone());
            PersonRow::new(account.name.clone())
                .detail(account.detail.clone())
                .actions(html! { (form.label(account.name.clone()).body(html! { (button) })) })
        })
        .collect();
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("choose-title"), Some(&t.args("choose-to-service", &[("service", v.service.as_str().into())])), None))
            (people(&rows))
            (actions(html! { (LinkButton::secondary(t.msg("choose-other"), v.other.clone())) }))
        },
    )
}

#[cfg(test)]
impl ChooseView {
    /// Two people at one browser.
    pub(crate) fn samples() -> Vec<Self> {
        let account =
            |name: &str, detail: &str| AccountChoice { session: "ses_1".to_owned(), name: name.to_owned(), detail: detail.to_owned() };
        vec![Self {
            flow: "flo_1".to_owned(),
            service: "Fòrum".to_owned(),
            accounts: vec![
                account("Laia Ferrer", "laia@exemple.cat"),
                account("Maria Montserrat d’Entença i Casagran-Gallifa", "mmontserrat"),
            ],
            other: "/login?flow=flo_1".to_owned(),
            csrf: "token".to_owned(),
        }]
    }
}
