//! A request refused, with a reason the person can read.

use axum::{extract::Path, response::Response};
use idp_api::{FieldError, Refuse, RequestDetail};
use maud::{Markup, html};
use ui_kit::{Button, Card, Form, LinkButton, TextArea, actions, back_link, page_header, required_note};

use super::{facts, waiting};
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
    let draft = desk.cx.draft();
    let csrf = desk.csrf_here();
    let view = Refusal { collective: &id, name: &here.name, request: &request, draft: &draft, csrf: &csrf, now: desk.cx.now.millis() };
    Ok(desk.page(here, Place::Requests, &desk.t().msg("refuse-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, request_id)): Path<(String, String)>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    let Some(reason) = fields.get("reason") else {
        return Err(desk.again_with(Why::Invalid, vec![FieldError { field: "reason".into(), code: "empty".into() }]));
    };
    let request = waiting(&desk, &id, &request_id).await?;
    desk.or_stop(desk.api().refuse(&id, &request_id, &Refuse { reason: reason.to_owned() }).await)?;
    let flash = Flash::new("done-refuse").person(request.person.name).what(here.name.clone());
    Ok(desk.done(&paths::to(paths::REQUESTS, &[&id]), &flash))
}

/// A request and the form that refuses it.
pub(crate) struct Refusal<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub request: &'a RequestDetail,
    pub draft: &'a Draft,
    pub csrf: &'a str,
    pub now: i64,
}

pub(crate) fn page(v: &Refusal<'_>, t: T) -> Markup {
    let request = paths::to(paths::REQUEST, &[v.collective, &v.request.id]);
    let named = [("person", v.request.person.name.as_str().into()), ("collective", v.name.into())];
    let form = Form::post(paths::to(paths::REFUSE, &[v.collective, &v.request.id])).csrf(v.csrf).body(html! {
        (required_note(t))
        (TextArea::new("reason", t.msg("refuse-reason")).hint(t.msg("refuse-reason-hint")).required().max_length(2_000)
            .value(v.draft.value("reason", "")).error(v.draft.error(t, "reason")))
        (actions(html! {
            (Button::danger(t.args("refuse-button", &named)))
            (LinkButton::quiet(t.msg("back"), request.clone()))
        }))
    });
    html! {
        (back_link(&request, &v.request.person.name))
        (page_header(&t.args("refuse-heading", &named), None, None))
        (draft_note(t, v.draft))
        (Card::plain(facts(v.request, t, v.now)))
        (Card::plain(html! { (form) }).danger())
    }
}
