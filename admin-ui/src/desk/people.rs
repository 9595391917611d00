//! The people of a collective: searched, by state, page after page.

use axum::{extract::Path, response::Response};
use idp_api::{MemberItem, MembershipState, Page, client::Portion};
use maud::{Markup, html};
use ui_kit::{EmptyState, Icon, LinkButton, PersonRow, SearchForm, Tab, note, page_header, pagination, people as person_list, tabs};

use super::parts::{count, role_tags, state_tag};
use crate::{
    http::{
        caller::{Desk, Place},
        errors::Stop,
        paths,
    },
    texts::T,
};

/// States worth a tab of their own; requests have the queue.
const TABS: [MembershipState; 5] =
    [MembershipState::Active, MembershipState::Suspended, MembershipState::Lapsed, MembershipState::Invited, MembershipState::Ended];

pub(crate) async fn show(Path(id): Path<String>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let query = &desk.cx.query;
    let state = query.get("state").and_then(MembershipState::from_name);
    let (q, cursor) = (query.get("q"), query.get("cursor"));
    let members = desk.or_stop(desk.api().members(&id, q, state, Portion { cursor, limit: None }).await)?;
    let view = People { collective: &id, name: &here.name, q: q.unwrap_or_default(), state, members: &members };
    Ok(desk.page(here, Place::People, &desk.t().msg("nav-people"), &people(&view, desk.t())))
}

/// One page of people.
pub(crate) struct People<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub q: &'a str,
    pub state: Option<MembershipState>,
    pub members: &'a Page<MemberItem>,
}

pub(crate) fn people(v: &People<'_>, t: T) -> Markup {
    let here = paths::to(paths::PEOPLE, &[v.collective]);
    let q = Some(v.q).filter(|q| !q.is_empty());
    let at = |state: Option<MembershipState>, cursor: Option<&str>| {
        paths::with_query(&here, &[("q", q), ("state", state.map(MembershipState::as_str)), ("cursor", cursor)])
    };
    let mut states = vec![Tab::new(at(None, None), t.msg("people-all")).current(v.state.is_none())];
    states.extend(
        TABS.map(|state| Tab::new(at(Some(state), None), t.msg(&format!("states-{}", state.as_str()))).current(v.state == Some(state))),
    );
    let mut search = SearchForm::new(t, here.clone(), t.msg("people-search")).value(v.q);
    if let Some(state) = v.state {
        search = search.hidden("state", state.as_str());
    }
    let next = v.members.next.as_deref().map(|cursor| at(v.state, Some(cursor)));
    html! {
        (page_header(&t.msg("people-title"), Some(&t.args("people-lede", &[("collective", v.name.into())])), Some(html! {
            (LinkButton::primary(t.msg("invite-action"), paths::to(paths::INVITE, &[v.collective])).icon(Icon::Plus))
        })))
        (search)
        (tabs(&t.msg("people-states"), &states))
        @if v.members.items.is_empty() {
            @if v.q.is_empty() && v.state.is_none() {
                (EmptyState::new(Icon::People, t.msg("people-empty-title"), t.msg("people-empty-text")))
            } @else {
                (EmptyState::new(Icon::Search, t.msg("people-none-title"), t.msg("people-none-text")))
            }
        } @else {
            (person_list(&v.members.items.iter().map(|member| row(v, member, t)).collect::<Vec<_>>()))
        }
        (pagination(t, None, next.as_deref()))
        (note(&t.msg("people-note")))
    }
}

fn row(v: &People<'_>, member: &MemberItem, t: T) -> PersonRow {
    let doors = t.args("people-doors", &[("n", count(member.open_doors))]);
    let end = member.ends_at.map(|end| t.args("member-until", &[("date", t.date(end).into())]));
    // who was only invited is known by an address and nothing else
    let username = Some(member.username.clone()).filter(|username| !username.is_empty());
    let detail = username.into_iter().chain([doors]).chain(end).collect::<Vec<_>>().join(" · ");
    PersonRow::new(member.name.clone())
        .href(paths::to(paths::PERSON, &[v.collective, &member.id]))
        .detail(detail)
        .tags(html! { (state_tag(t, member.state)) " " (role_tags(t, &member.roles)) })
}
