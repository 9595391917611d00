//! One collective at a glance: what waits, who is there, what to look at.

use axum::{extract::Path, response::Response};
use idp_api::{Collective, MembershipState, RequestItem, client::Portion};
use maud::{Markup, html};
use ui_kit::{Alert, Card, EmptyState, Icon, LinkButton, Part, PersonRow, Stat, grid, page_header, parts, people, stats};

use super::parts::{count, kind_tag, state_tone};
use crate::{
    http::{
        caller::{Desk, Place},
        errors::Stop,
        paths,
    },
    texts::T,
};

/// Requests shown at once.
const SHOWN: u32 = 5;

pub(crate) async fn show(Path(id): Path<String>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    desk.remember(&id);
    let collective = desk.or_stop(desk.api().collective(&id).await)?;
    let waiting = desk.or_stop(desk.api().requests(&id, None, Portion { cursor: None, limit: Some(SHOWN) }).await)?;
    let view = Overview { collective: &collective, waiting: &waiting.items, now: desk.cx.now.millis() };
    Ok(desk.page(here, Place::Overview, &desk.t().msg("nav-overview"), &overview(&view, desk.t())))
}

/// A collective's numbers and the oldest requests.
pub(crate) struct Overview<'a> {
    pub collective: &'a Collective,
    pub waiting: &'a [RequestItem],
    pub now: i64,
}

pub(crate) fn overview(v: &Overview<'_>, t: T) -> Markup {
    let Collective { id, name, counts, .. } = v.collective;
    let requests = paths::to(paths::REQUESTS, &[id]);
    let people_page = paths::to(paths::PEOPLE, &[id]);
    let active = counts.members(MembershipState::Active);
    let mut waiting = Stat::new(t.msg("overview-requests"), t.number(counts.open_requests.into())).href(requests.clone());
    if let Some(oldest) = v.waiting.first() {
        let since = t.relative(oldest.created_at, v.now);
        waiting = waiting.detail(t.args("overview-oldest", &[("since", since.into())]));
    }
    html! {
        (page_header(name, Some(&t.msg("overview-lede")), Some(html! {
            (LinkButton::primary(t.msg("invite-action"), paths::to(paths::INVITE, &[id])).icon(Icon::Plus))
        })))
        @if counts.managers < 2 {
            (Alert::warning(t.args("overview-one-manager", &[("collective", name.as_str().into())])).title(t.msg("overview-one-manager-title")))
        }
        (stats(&[
            waiting,
            Stat::new(t.msg("overview-people"), t.number(active.into())).href(people_page.clone()),
            Stat::new(t.msg("overview-managers"), t.number(counts.managers.into())),
        ]))
        (grid(html! {
            (Card::new(t.msg("overview-queue"), queue(v, t)).actions(html! {
                (LinkButton::secondary(t.msg("overview-all-requests"), requests))
            }))
            (Card::new(t.msg("overview-members-by-state"), members_by_state(v.collective, t)).actions(html! {
                (LinkButton::secondary(t.msg("overview-all-people"), people_page))
            }))
        }))
    }
}

fn queue(v: &Overview<'_>, t: T) -> Markup {
    let rows: Vec<PersonRow> = v
        .waiting
        .iter()
        .map(|request| {
            PersonRow::new(request.person.name.clone())
                .href(paths::to(paths::REQUEST, &[&v.collective.id, &request.id]))
                .detail(t.relative(request.created_at, v.now))
                .tags(html! { (kind_tag(t, request.kind)) })
        })
        .collect();
    html! {
        @if rows.is_empty() {
            (EmptyState::new(Icon::Check, t.msg("queue-empty-title"), t.msg("queue-empty-text")))
        } @else {
            (people(&rows))
        }
    }
}

/// One bar of all the states that occur; each leads to its people.
fn members_by_state(collective: &Collective, t: T) -> Markup {
    let people_page = paths::to(paths::PEOPLE, &[&collective.id]);
    let states = MembershipState::ALL.into_iter().map(|state| (state, collective.counts.members(state))).filter(|(_, n)| *n > 0);
    let states: Vec<Part> = states
        .map(|(state, n)| {
            Part::new(state_tone(state), t.msg(&format!("states-{}", state.as_str())), n, t.args("people-count", &[("n", count(n))]))
                .href(paths::with_query(&people_page, &[("state", Some(state.as_str()))]))
        })
        .collect();
    html! {
        @if states.is_empty() { p { (t.msg("people-none-yet")) } } @else { (parts(&states)) }
    }
}
