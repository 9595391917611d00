//! A door's role, quota or end changed.

use axum::{extract::Path, response::Response};
use idp_api::{Door, EditGrant, MemberDetail, MemberOffer};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, Form, LinkButton, actions, back_link, note, page_header};

use super::door;
use crate::{
    desk::parts::{Terms, draft_note},
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
    let services = desk.or_stop(desk.api().services(&id).await)?;
    let offer = door(&member, &grant_id).and_then(|door| services.items.iter().find(|offer| offer.service.id == door.service.id));
    let (Some(door), Some(offer)) = (door(&member, &grant_id), offer) else { return Err(desk.cx.trouble(&Trouble::NotFound)) };
    let offer = MemberOffer {
        service: offer.service.clone(),
        roles: offer.roles.clone(),
        default_role: offer.default_role.clone(),
        quota_ceiling: offer.quota_ceiling,
        automatic: offer.automatic,
    };
    let values = Terms::of(door).values();
    let (draft, csrf) = (desk.cx.draft().onto(&values.each_ref().map(|(name, value)| (*name, value.as_str()))), desk.csrf_here());
    let now = desk.cx.now.millis();
    let view = Change { collective: &id, name: &here.name, member: &member, door, offer: &offer, draft: &draft, csrf: &csrf, now };
    Ok(desk.page(here, Place::People, &desk.t().msg("change-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, member_id, grant_id)): Ids, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    desk.managed(&id)?;
    let Some(seen) = fields.get("seen").and_then(|seen| seen.parse().ok()) else { return Err(desk.again(Why::Changed)) };
    let terms = Terms::read(&fields, "").map_err(|errors| desk.again_with(Why::Invalid, errors))?;
    let edit = EditGrant { role: terms.role, quota: terms.quota, ends_at: terms.ends_at };
    let changed = desk.or_stop(desk.api().edit_grant(&id, &member_id, &grant_id, seen, &edit).await)?;
    let person = fields.get("person").unwrap_or_default();
    let flash = Flash::new("done-change").person(person).what(changed.door.service.name).effects(Effects::opening(&changed.outcome));
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

/// The form.
pub(crate) struct Change<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub door: &'a Door,
    pub offer: &'a MemberOffer,
    pub draft: &'a Draft,
    pub csrf: &'a str,
    pub now: i64,
}

pub(crate) fn page(v: &Change<'_>, t: T) -> Markup {
    let Change { member, door, .. } = *v;
    let back = paths::to(paths::PERSON, &[v.collective, &member.membership.id]);
    let named =
        [("person", member.person.name.as_str().into()), ("service", door.service.name.as_str().into()), ("collective", v.name.into())];
    let terms = Terms::of(door);
    let mut form = Form::post(paths::to(paths::DOOR, &[v.collective, &member.membership.id, &door.grant_id]))
        .csrf(v.csrf)
        .hidden("seen", v.draft.seen(door.version))
        .hidden("person", member.person.name.clone());
    for (name, value) in terms.values() {
        form = form.hidden(format!("was.{name}"), v.draft.was(name, &value));
    }
    let form = form.body(html! {
        (terms.fields(t, v.offer, v.draft, "", v.now))
        (actions(html! {
            (Button::primary(t.args("change-button", &named)))
            (LinkButton::quiet(t.msg("back"), back.clone()))
        }))
    });
    html! {
        (back_link(&back, &member.person.name))
        (page_header(&t.args("change-heading", &named), Some(&t.args("change-lede", &named)), None))
        (draft_note(t, v.draft))
        @if v.draft.why == Some(Why::Changed) { (Alert::info(t.args("change-now", &[("terms", terms.words(t).into())]))) }
        (Card::plain(html! { (form) }))
        (note(&t.msg("effect-sign-in-again")))
    }
}
