//! Everything that waits, the oldest first.

use axum::{extract::Path, response::Response};
use idp_api::{Page, RequestItem, RequestKind, client::Portion};
use maud::{Markup, html};
use ui_kit::{Card, EmptyState, Icon, LinkButton, Tab, page_header, pagination, tabs, time};

use crate::{
    desk::parts::kind_tag,
    http::{
        caller::{Desk, Place},
        errors::Stop,
        paths,
    },
    texts::T,
};

/// How much of a text the card shows; the page of the request shows all.
const EXCERPT: usize = 280;

pub(crate) async fn show(Path(id): Path<String>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let kind = desk.cx.query.get("kind").and_then(RequestKind::from_name);
    let from = Portion { cursor: desk.cx.query.get("cursor"), limit: None };
    let requests = desk.or_stop(desk.api().requests(&id, kind, from).await)?;
    let view = Queue { collective: &id, name: &here.name, kind, requests: &requests, now: desk.cx.now.millis() };
    Ok(desk.page(here, Place::Requests, &desk.t().msg("nav-requests"), &queue(&view, desk.t())))
}

/// One page of the queue.
pub(crate) struct Queue<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub kind: Option<RequestKind>,
    pub requests: &'a Page<RequestItem>,
    pub now: i64,
}

pub(crate) fn queue(v: &Queue<'_>, t: T) -> Markup {
    let here = paths::to(paths::REQUESTS, &[v.collective]);
    let mut kinds = vec![Tab::new(here.clone(), t.msg("queue-all")).current(v.kind.is_none())];
    kinds.extend(RequestKind::ALL.map(|kind| {
        let href = paths::with_query(&here, &[("kind", Some(kind.as_str()))]);
        Tab::new(href, t.msg(&format!("kind-{}", kind.as_str()))).current(v.kind == Some(kind))
    }));
    let next = v.requests.next.as_deref();
    let next = next.map(|cursor| paths::with_query(&here, &[("kind", v.kind.map(RequestKind::as_str)), ("cursor", Some(cursor))]));
    html! {
        (page_header(&t.msg("queue-title"), Some(&t.args("queue-lede", &[("collective", v.name.into())])), None))
        (tabs(&t.msg("queue-kinds"), &kinds))
        @if v.requests.items.is_empty() {
            (EmptyState::new(Icon::Check, t.msg("queue-empty-title"), t.msg("queue-empty-text")))
        } @else {
            @for request in &v.requests.items { (card(v, request, t)) }
        }
        (pagination(t, None, next.as_deref()))
    }
}

fn card(v: &Queue<'_>, request: &RequestItem, t: T) -> Markup {
    let to = |path: &str| paths::to(path, &[v.collective, &request.id]);
    let excerpt: String = request.text.chars().take(EXCERPT).collect();
    let cut = excerpt.len() < request.text.len();
    let body = html! {
        p class="tags" { (kind_tag(t, request.kind)) @if let Some(service) = &request.service { " " (service.name) } }
        @if !excerpt.is_empty() { blockquote { (excerpt) @if cut { "…" } } }
    };
    let since = html! { span class="note" { (time(t, request.created_at, v.now)) } };
    let from = request.rerouted_from.as_ref().map(|from| t.args("request-rerouted-from", &[("collective", from.as_str().into())]));
    let who = std::iter::once(request.person.username.clone()).chain(from).collect::<Vec<_>>().join(" · ");
    let card = Card::new(request.person.name.clone(), body).detail(who).aside(since).actions(html! {
        (LinkButton::primary(t.msg(answer_key(request.kind)), to(paths::REQUEST)))
        (LinkButton::quiet(t.msg("request-refuse"), to(paths::REFUSE)))
        @if request.kind == RequestKind::Join { (LinkButton::quiet(t.msg("request-reroute"), to(paths::REROUTE))) }
    });
    html! { (card) }
}

const fn answer_key(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Join => "request-look-join",
        RequestKind::Access => "request-look-access",
        RequestKind::Support | RequestKind::Recovery => "request-look-help",
    }
}
