//! A door opened for somebody: role, quota, end.

use axum::{extract::Path, response::Response};
use idp_api::{Grant, MemberDetail, MemberOffer};
use maud::{Markup, html};
use ui_kit::{Button, Card, Form, LinkButton, actions, back_link, hidden, note, page_header};

use super::offer_of;
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

pub(crate) async fn show(Path((id, member_id)): Path<(String, String)>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let member = desk.or_stop(desk.api().member(&id, &member_id).await)?;
    let draft = desk.cx.draft();
    let asked = draft.fields.get("service").or_else(|| desk.cx.query.get("service")).unwrap_or_default();
    let Some(offer) = offer_of(&member.offers, asked) else { return Err(desk.cx.trouble(&Trouble::NotFound)) };
    let (csrf, key) = (desk.csrf_here(), desk.cx.app.entropy.word());
    let now = desk.cx.now.millis();
    let view = NewDoor { collective: &id, name: &here.name, member: &member, offer, draft: &draft, csrf: &csrf, key: &key, now };
    Ok(desk.page(here, Place::People, &desk.t().msg("open-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, member_id)): Path<(String, String)>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    desk.managed(&id)?;
    let terms = Terms::read(&fields, "").map_err(|errors| desk.again_with(Why::Invalid, errors))?;
    let service_id = fields.get("service").unwrap_or_default().to_owned();
    let grant = Grant { service_id, role: terms.role, quota: terms.quota, ends_at: terms.ends_at };
    // the key is of the form, so that a second click opens no second door
    let key = fields.get("key").unwrap_or_default();
    let opened = desk.or_stop(desk.api().grant(&id, &member_id, &grant, key).await)?;
    let person = fields.get("person").unwrap_or_default();
    let flash = Flash::new("done-open").person(person).what(opened.door.service.name).effects(Effects::opening(&opened.outcome));
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

/// The form.
pub(crate) struct NewDoor<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub offer: &'a MemberOffer,
    pub draft: &'a Draft,
    pub csrf: &'a str,
    pub key: &'a str,
    pub now: i64,
}

pub(crate) fn page(v: &NewDoor<'_>, t: T) -> Markup {
    let ids = [v.collective, v.member.membership.id.as_str()];
    let back = paths::to(paths::PERSON, &ids);
    let named = [
        ("person", v.member.person.name.as_str().into()),
        ("service", v.offer.service.name.as_str().into()),
        ("collective", v.name.into()),
    ];
    let form = Form::post(paths::to(paths::OPEN_DOOR, &ids))
        .csrf(v.csrf)
        .hidden("service", v.offer.service.id.clone())
        .hidden("person", v.member.person.name.clone())
        .body(html! {
            (hidden("key", v.draft.value("key", v.key)))
            (Terms::proposed(v.offer).fields(t, v.offer, v.draft, "", v.now))
            (actions(html! {
                (Button::primary(t.args("open-button", &named)))
                (LinkButton::quiet(t.msg("back"), back.clone()))
            }))
        });
    html! {
        (back_link(&back, &v.member.person.name))
        (page_header(&t.args("open-heading", &named), Some(&t.args("open-lede", &named)), None))
        (draft_note(t, v.draft))
        (Card::plain(html! { (form) }))
        (note(&t.msg("effect-sign-in-again")))
    }
}
