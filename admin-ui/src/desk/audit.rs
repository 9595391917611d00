//! What happened in the collective, the newest first.

use axum::{extract::Path, response::Response};
use idp_api::{ActorKind, AuditItem, Page, client::Portion};
use maud::{Markup, html};
use ui_kit::{Cell, EmptyState, Icon, Table, note, page_header, pagination, time};

use crate::{
    http::{
        caller::{Desk, Place},
        errors::Stop,
        paths,
    },
    texts::T,
};

pub(crate) async fn show(Path(id): Path<String>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let facts = desk.or_stop(desk.api().audit(&id, Portion { cursor: desk.cx.query.get("cursor"), limit: None }).await)?;
    let view = Audit { collective: &id, name: &here.name, facts: &facts, now: desk.cx.now.millis() };
    Ok(desk.page(here, Place::Audit, &desk.t().msg("nav-audit"), &page(&view, desk.t())))
}

/// One page of facts.
pub(crate) struct Audit<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub facts: &'a Page<AuditItem>,
    pub now: i64,
}

pub(crate) fn page(v: &Audit<'_>, t: T) -> Markup {
    let columns = ["audit-what", "audit-whom", "audit-who", "audit-when"].map(|key| t.msg(key));
    let next = v.facts.next.as_deref();
    let next = next.map(|cursor| paths::with_query(&paths::to(paths::AUDIT, &[v.collective]), &[("cursor", Some(cursor))]));
    html! {
        (page_header(&t.msg("audit-title"), Some(&t.args("audit-lede", &[("collective", v.name.into())])), None))
        @if v.facts.items.is_empty() {
            (EmptyState::new(Icon::Clock, t.msg("audit-none-title"), t.msg("audit-none-text")))
        } @else {
            (Table::new(t.msg("audit-title"), columns).rows(v.facts.items.iter().map(|fact| row(fact, v.now, t)).collect()))
        }
        (pagination(t, None, next.as_deref()))
        (note(&t.msg("audit-note")))
    }
}

fn row(fact: &AuditItem, now: i64, t: T) -> Vec<Cell> {
    // kinds may be newer than this program: then their own name is shown
    let key = format!("fact-{}", fact.kind.replace(['.', '_'], "-"));
    let what = if t.has(&key) { t.msg(&key) } else { fact.kind.clone() };
    let who = match (fact.actor.kind, &fact.actor.name) {
        (ActorKind::Person, Some(name)) => name.clone(),
        (ActorKind::Person, None) => t.msg("audit-somebody"),
        (ActorKind::Operator, _) => t.msg("audit-operator"),
        (ActorKind::System, _) => t.msg("audit-system"),
    };
    vec![
        Cell::new(html! {
            (what)
            @if let Some(service) = &fact.service { " · " (service.name) }
            @if let Some(reason) = &fact.reason { p class="note" { q { (reason) } } }
        }),
        Cell::text(fact.person.as_deref().unwrap_or("—")),
        Cell::text(who),
        Cell::new(time(t, fact.at, now)),
    ]
}
