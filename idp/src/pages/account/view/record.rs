//! What was done with the account, by whom, when and why.

use maud::{Markup, html};
use ui_kit::{Cell, EmptyState, Icon, LinkButton, Shell, T, Table, actions, note, page_header, time};

use crate::http::paths;

/// A page of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordView {
    /// The newest first.
    pub(crate) facts: Vec<FactView>,
    /// Where older ones are.
    pub(crate) older: Option<String>,
    /// Whether nothing is newer than these.
    pub(crate) newest: bool,
    /// This instant, in milliseconds.
    pub(crate) now: i64,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FactView {
    /// What kind: names its text.
    pub(crate) kind: String,
    /// Which collective got what was handed over.
    pub(crate) handed_to: String,
    /// The reason that was given, or what the person wrote.
    pub(crate) text: Option<String>,
    /// The collective and the service it was about.
    pub(crate) place: Vec<String>,
    /// Who did it.
    pub(crate) who: WhoView,
    /// In milliseconds.
    pub(crate) at: i64,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WhoView {
    /// The reader.
    Oneself,
    /// Somebody else, and for which collective.
    Other(String, Option<String>),
    /// Somebody who was erased since.
    Erased,
    /// An operator at the server's console.
    Operator,
    /// The software itself.
    System,
}

/// The page.
pub(crate) fn record(shell: Shell, v: &RecordView) -> Markup {
    let t = shell.t;
    let shell = Shell { title: t.msg("account-record-title"), ..shell.wide() };
    let columns = ["account-record-what", "account-record-where", "account-record-who", "account-record-when"].map(|key| t.msg(key));
    ui_kit::page(
        &shell,
        html! {
            (page_header(&t.msg("account-record-title"), Some(&t.msg("account-record-text")), None))
            @if v.facts.is_empty() {
                (EmptyState::new(Icon::Clock, t.msg("account-record-empty-title"), t.msg("account-record-empty-text")))
            } @else {
                (Table::new(t.msg("account-record-title"), columns).rows(v.facts.iter().map(|fact| row(t, fact, v.now)).collect()))
            }
            @if !v.newest || v.older.is_some() {
                (actions(html! {
                    @if !v.newest { (LinkButton::secondary(t.msg("account-record-newest"), paths::ACCOUNT_RECORD)) }
                    @if let Some(older) = &v.older { (LinkButton::secondary(t.msg("account-record-older"), older.clone())) }
                }))
            }
            (note(&t.msg("account-record-note")))
        },
    )
}

fn row(t: T, v: &FactView, now: i64) -> Vec<Cell> {
    let place = if v.place.is_empty() { "—".to_owned() } else { v.place.join(" · ") };
    vec![
        Cell::new(html! {
            (what(t, v))
            @if let Some(text) = &v.text { p class="note" { @if v.who != WhoView::Oneself { (t.msg("account-record-reason")) " " } q { (text) } } }
        }),
        Cell::text(place),
        Cell::text(who(t, &v.who)),
        Cell::new(time(t, v.at, now)),
    ]
}

fn what(t: T, v: &FactView) -> String {
    let key = key_of(&v.kind);
    // another process beside this one may be newer, and know more kinds
    if t.has(&key) { t.args(&key, &[("collective", v.handed_to.as_str().into())]) } else { t.msg("account-record-other") }
}

fn key_of(kind: &str) -> String {
    format!("account-did-{}", kind.replace(['.', '_'], "-"))
}

fn who(t: T, who: &WhoView) -> String {
    match who {
        WhoView::Oneself => t.msg("account-record-oneself"),
        WhoView::Other(name, Some(collective)) => {
            t.args("account-record-manager", &[("name", name.as_str().into()), ("collective", collective.as_str().into())])
        }
        WhoView::Other(name, None) => name.clone(),
        WhoView::Erased => t.msg("account-record-erased"),
        WhoView::Operator => t.msg("account-record-operator"),
        WhoView::System => t.msg("account-record-system"),
    }
}

#[cfg(test)]
impl RecordView {
    /// Every kind of fact by everybody, the rest of a long record, and nothing.
    pub(crate) fn samples() -> Vec<Self> {
        let doers = [
            WhoView::Other("Gemma Rosell".to_owned(), Some("L’Ateneu del Poblet".to_owned())),
            WhoView::Oneself,
            WhoView::Other("Òscar".to_owned(), None),
            WhoView::Operator,
            WhoView::System,
            WhoView::Erased,
        ];
        let place = |kind: &str| {
            let (collective, service) = ("L’Ateneu del Poblet".to_owned(), "Oficina".to_owned());
            match kind.split('.').next() {
                Some("grant") => vec![collective, service],
                Some("consent") => vec![service],
                Some("request" | "membership" | "mandate") => vec![collective],
                _ => Vec::new(),
            }
        };
        let fact = |(kind, who): (&&str, &WhoView)| FactView {
            kind: (*kind).to_owned(),
            handed_to: "Col·lectiu Ronda".to_owned(),
            text: (*kind == "membership.suspended" || *kind == "request.access")
                .then(|| "Fins que tornis de Vic, l’any que ve.".to_owned()),
            place: place(kind),
            who: who.clone(),
            at: 1_772_546_700_000,
        };
        let kinds = tests::about_people();
        let full = Self {
            facts: kinds.iter().zip(doers.iter().cycle()).map(fact).collect(),
            older: Some("/account/record?before=aud_1".to_owned()),
            newest: true,
            now: 1_772_633_100_000,
        };
        let newer = full.facts.iter().take(1).cloned().map(|fact| FactView { kind: "person.unheard_of".to_owned(), ..fact });
        let rest = Self { facts: newer.collect(), older: None, newest: false, ..full.clone() };
        vec![full.clone(), rest, Self { facts: Vec::new(), older: None, ..full }]
    }
}

#[cfg(test)]
mod tests {
    use idp_domain::{audit::AuditEvent, locale::Locale};

    use super::*;
    use crate::texts::in_language;

    /// Facts about the cluster, a collective, a service, a client or a key: none of them is recorded as somebody's.
    const ABOUT_NOBODY: [&str; 18] = [
        "cluster.founded",
        "cluster.restored",
        "cluster.applied",
        "job.retried",
        "collective.founded",
        "collective.edited",
        "service.registered",
        "service.edited",
        "offer.made",
        "offer.edited",
        "client.registered",
        "client.edited",
        "code.replayed",
        "code.leaked",
        "refresh_token.replayed",
        "token.revoked",
        "key.published",
        "key.revoked",
    ];

    pub(super) fn about_people() -> Vec<&'static str> {
        AuditEvent::KINDS.iter().copied().filter(|kind| !ABOUT_NOBODY.contains(kind)).collect()
    }

    #[test]
    fn every_kind_of_fact_that_concerns_a_person_has_its_words_in_every_language() {
        for locale in Locale::ALL {
            let t = in_language(locale);
            for kind in AuditEvent::KINDS {
                assert_eq!(t.has(&key_of(kind)), !ABOUT_NOBODY.contains(kind), "{locale} {kind}");
            }
        }
    }
}
