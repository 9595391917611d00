//! A door closed: this collective's, and no other's.

use axum::{extract::Path, response::Response};
use idp_api::{Door, MemberDetail, WithReason};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, Form, LinkButton, TextArea, actions, back_link, page_header};

use super::door;
use crate::{
    desk::parts::draft_note,
    http::{
        caller::{Desk, Place, Posted},
        draft::{Draft, Why},
        errors::{Stop, Trouble},
        flash::{Effects, Flash},
        paths,
    },
    texts::T,
};

type Ids = Path<(String, String, String)>;

pub(crate) async fn show(Path((id, member_id, grant_id)): Ids, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let member = desk.or_stop(desk.api().member(&id, &member_id).await)?;
    let Some(door) = door(&member, &grant_id) else { return Err(desk.cx.trouble(&Trouble::NotFound)) };
    let (draft, csrf) = (desk.cx.draft(), desk.csrf_here());
    let view = Closing { collective: &id, name: &here.name, member: &member, door, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::People, &desk.t().msg("close-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, member_id, grant_id)): Ids, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    desk.managed(&id)?;
    let Some(seen) = fields.get("seen").and_then(|seen| seen.parse().ok()) else { return Err(desk.again(Why::Changed)) };
    let why = WithReason { reason: fields.get("reason").map(str::to_owned) };
    let outcome = desk.or_stop(desk.api().withdraw(&id, &member_id, &grant_id, seen, &why).await)?;
    let field = |name: &str| fields.get(name).unwrap_or_default();
    let flash = Flash::new("done-close").person(field("person")).what(field("service")).effects(Effects::of(&outcome));
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

/// Asks once more.
pub(crate) struct Closing<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub door: &'a Door,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Closing<'_>, t: T) -> Markup {
    let Closing { member, door, .. } = *v;
    let back = paths::to(paths::PERSON, &[v.collective, &member.membership.id]);
    let named =
        [("person", member.person.name.as_str().into()), ("service", door.service.name.as_str().into()), ("collective", v.name.into())];
    let form = Form::post(paths::to(paths::CLOSE_DOOR, &[v.collective, &member.membership.id, &door.grant_id]))
        .csrf(v.csrf)
        .hidden("seen", v.draft.seen(door.version))
        .hidden("person", member.person.name.clone())
        .hidden("service", door.service.name.clone())
        .body(html! {
            (TextArea::new("reason", t.msg("reason-label")).hint(t.msg("reason-hint")).rows(3).max_length(2_000)
                .value(v.draft.value("reason", "")).error(v.draft.error(t, "reason")))
            (actions(html! {
                (Button::danger(t.args("close-button", &named)))
                (LinkButton::quiet(t.msg("back"), back.clone()))
            }))
        });
    html! {
        (back_link(&back, &member.person.name))
        (page_header(&t.args("close-heading", &named), None, None))
        (draft_note(t, v.draft))
        (Alert::info(t.args("close-text", &named)))
        (Card::plain(html! { (form) }).danger())
    }
}
