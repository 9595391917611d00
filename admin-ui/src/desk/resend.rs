//! The invitation once more: mails get lost.

use axum::{extract::Path, response::Response};
use idp_api::{MemberDetail, MembershipState};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, Form, Icon, LinkButton, actions, back_link, note, page_header};

use super::{member::Member, parts::draft_note};
use crate::{
    http::{
        caller::{Desk, Place, Posted},
        draft::Draft,
        errors::{Stop, Trouble},
        flash::Flash,
        paths,
    },
    texts::T,
};

type Ids = Path<(String, String)>;

/// The part of a page about somebody who was invited and did not answer yet.
pub(crate) fn section(v: &Member<'_>, t: T) -> Markup {
    let membership = &v.member.membership;
    let named = [("collective", v.name.into())];
    let to = paths::to(paths::RESEND, &[v.collective, &membership.id]);
    html! {
        @if membership.state == MembershipState::Invited {
            (Card::new(t.msg("resend-section"), note(&t.msg("resend-detail"))).actions(html! {
                (LinkButton::secondary(t.args("resend-button", &named), to).icon(Icon::Mail))
            }))
        }
    }
}

pub(crate) async fn show(Path((id, member_id)): Ids, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let member = desk.or_stop(desk.api().member(&id, &member_id).await)?;
    if member.membership.state != MembershipState::Invited {
        return Err(desk.cx.trouble(&Trouble::Conflict(Some("wrong_state".to_owned()))));
    }
    let (draft, csrf) = (desk.cx.draft(), desk.csrf_here());
    let view = Resending { collective: &id, name: &here.name, member: &member, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::People, &desk.t().msg("resend-title"), &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, member_id)): Ids, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    desk.or_stop(desk.api().resend_invitation(&id, &member_id).await)?;
    let flash = Flash::new("done-resend").person(fields.get("person").unwrap_or_default()).what(here.name.clone());
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

/// Asks once more.
pub(crate) struct Resending<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Resending<'_>, t: T) -> Markup {
    let back = paths::to(paths::PERSON, &[v.collective, &v.member.membership.id]);
    let named = [("person", v.member.person.name.as_str().into()), ("collective", v.name.into())];
    let form = Form::post(paths::to(paths::RESEND, &[v.collective, &v.member.membership.id]))
        .csrf(v.csrf)
        .hidden("person", v.member.person.name.clone())
        .body(actions(html! {
            (Button::primary(t.args("resend-button", &named)))
            (LinkButton::quiet(t.msg("back"), back.clone()))
        }));
    html! {
        (back_link(&back, &v.member.person.name))
        (page_header(&t.args("resend-heading", &named), None, None))
        (draft_note(t, v.draft))
        (Alert::info(t.args("resend-text", &named)))
        (Card::plain(html! { (form) }))
    }
}
