//! A request handed over to another collective; the person types nothing again.

use axum::{extract::Path, response::Response};
use idp_api::{FieldError, Page, RequestDetail, Reroute, RerouteTarget, client::Portion};
use maud::{Markup, html};
use ui_kit::{
    Button, Card, Choice, Choices, EmptyState, Form, Icon, LinkButton, SearchForm, actions, back_link, note, page_header, pagination,
};

use super::waiting;
use crate::{
    desk::parts::draft_note,
    http::{
        caller::{Desk, Place, Posted},
        draft::{Draft, Why},
        errors::Stop,
        flash::Flash,
        paths,
    },
    texts::T,
};

pub(crate) async fn show(Path((id, request_id)): Path<(String, String)>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let request = waiting(&desk, &id, &request_id).await?;
    let (q, cursor) = (desk.cx.query.get("q"), desk.cx.query.get("cursor"));
    let targets = desk.or_stop(desk.api().reroute_targets(&id, q, Portion { cursor, limit: None }).await)?;
    let draft = desk.cx.draft();
    let csrf = desk.csrf_here();
    let q = q.unwrap_or_default();
    let view = Handover { collective: &id, name: &here.name, request: &request, q, targets: &targets, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::Requests, &desk.t().msg("reroute-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, request_id)): Path<(String, String)>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    desk.managed(&id)?;
    let Some(to) = fields.get("to") else {
        return Err(desk.again_with(Why::Invalid, vec![FieldError { field: "to".into(), code: "choose".into() }]));
    };
    let request = waiting(&desk, &id, &request_id).await?;
    desk.or_stop(desk.api().reroute(&id, &request_id, &Reroute { to: to.to_owned() }).await)?;
    Ok(desk.done(&paths::to(paths::REQUESTS, &[&id]), &Flash::new("done-reroute").person(request.person.name)))
}

/// A request and the collectives it can be handed over to.
pub(crate) struct Handover<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub request: &'a RequestDetail,
    pub q: &'a str,
    pub targets: &'a Page<RerouteTarget>,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Handover<'_>, t: T) -> Markup {
    let ids = [v.collective, v.request.id.as_str()];
    let (here, request) = (paths::to(paths::REROUTE, &ids), paths::to(paths::REQUEST, &ids));
    let named = [("person", v.request.person.name.as_str().into()), ("collective", v.name.into())];
    let chosen = v.draft.value("to", "");
    let choices = v.targets.items.iter().filter(|target| target.id != v.collective);
    let choices: Vec<Choice> =
        choices.map(|target| Choice::new(&target.id, &target.name).detail(&target.slug).chosen(target.id == chosen)).collect();
    let next = v.targets.next.as_deref();
    let next = next.map(|cursor| paths::with_query(&here, &[("q", Some(v.q).filter(|q| !q.is_empty())), ("cursor", Some(cursor))]));
    html! {
        (back_link(&request, &v.request.person.name))
        (page_header(&t.args("reroute-heading", &named), Some(&t.msg("reroute-lede")), None))
        (draft_note(t, v.draft))
        (SearchForm::new(t, here.clone(), t.msg("reroute-search")).value(v.q))
        @if choices.is_empty() {
            (EmptyState::new(Icon::Search, t.msg("reroute-none-title"), t.msg("reroute-none-text")))
        } @else {
            (Card::plain(html! {
                (Form::post(here.clone()).csrf(v.csrf).body(html! {
                    (Choices::one("to", t.msg("reroute-to"), choices).required().error(v.draft.error(t, "to")))
                    (actions(html! {
                        (Button::primary(t.args("reroute-button", &named)))
                        (LinkButton::quiet(t.msg("back"), request))
                    }))
                }))
            }))
        }
        (pagination(t, None, next.as_deref()))
        (note(&t.msg("reroute-note")))
    }
}
