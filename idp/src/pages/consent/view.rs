//! What a service would learn.

use idp_domain::scope::ScopeSet;
use maud::{Markup, html};
use ui_kit::{Button, Form, Shell, actions, definitions, note, page_header};

use crate::{http::paths, pages::waiting};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConsentView {
    /// The login in progress.
    pub(crate) flow: String,
    /// Who asks.
    pub(crate) service: String,
    /// Which collectives look after it.
    pub(crate) owners: Vec<String>,
    /// Where the answer goes.
    pub(crate) host: String,
    /// Whose data.
    pub(crate) person: String,
    /// The session whose person is asked.
    pub(crate) session: String,
    /// What would be released.
    pub(crate) scopes: ScopeSet,
    /// The form's token.
    pub(crate) csrf: String,
}

/// The page.
pub(crate) fn page(shell: Shell, v: &ConsentView) -> Markup {
    let t = shell.t;
    let service = || v.service.as_str().into();
    let title = t.args("consent-title", &[("service", service())]);
    let shell = Shell { title: title.clone(), ..shell.narrow() };
    let (owner, host, person) = (t.msg("consent-owner"), t.msg("consent-host"), t.msg("consent-person"));
    let mut facts: Vec<(&str, Markup)> = Vec::new();
    if !v.owners.is_empty() {
        facts.push((&owner, html! { (v.owners.join(" · ")) }));
    }
    facts.push((&host, html! { (v.host) }));
    facts.push((&person, html! { (v.person) }));
    ui_kit::page(
        &shell,
        html! {
            (page_header(&title, Some(&t.args("consent-text", &[("service", service())])), None))
            ul { @for scope in v.scopes.iter() { li { (t.msg(&format!("consent-scope-{}", scope.as_str()))) } } }
            (definitions(&facts))
            (Form::post(paths::CONSENT).csrf(v.csrf.clone()).hidden(waiting::FIELD, v.flow.clone()).hidden(super::SESSION, v.session.clone()).hidden(super::SCOPE, v.scopes.to_string()).body(actions(html! {
                (Button::primary(t.msg("consent-agree")).name_value("answer", "agree"))
                (Button::secondary(t.msg("consent-refuse")).name_value("answer", "refuse"))
            })))
            (note(&t.msg("consent-note")))
        },
    )
}

#[cfg(test)]
impl ConsentView {
    /// Every scope; and a client without owners.
    pub(crate) fn samples() -> Vec<Self> {
        let full = Self {
            flow: "flo_1".to_owned(),
            service: "Mirador".to_owned(),
            owners: vec!["L’Ateneu del Poblet".to_owned(), "Col·lectiu Ronda".to_owned()],
            host: "mirador.exemple.cat".to_owned(),
            person: "Laia Ferrer".to_owned(),
            session: "ses_1".to_owned(),
            scopes: idp_domain::scope::Scope::ALL.into_iter().collect(),
            csrf: "token".to_owned(),
        };
        vec![full.clone(), Self { owners: Vec::new(), scopes: ScopeSet::parse("openid"), ..full }]
    }
}
