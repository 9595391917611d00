//! The mail that leads in, once more: mails get lost.

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

/// How long after somebody became a member the desk offers to send the welcome again, ms.
const NEW: i64 = 30 * 86_400_000;

/// Which mail somebody waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The invitation that was not answered yet.
    Invitation,
    /// The welcome of a member who is new.
    Welcome,
}

impl Lost {
    /// What may have been lost, if anything.
    pub(crate) fn by(member: &MemberDetail, now: i64) -> Option<Self> {
        let is_new = member.membership.since.is_some_and(|since| now - since < NEW);
        match member.membership.state {
            MembershipState::Invited => Some(Self::Invitation),
            MembershipState::Active if is_new && member.may_act => Some(Self::Welcome),
            _ => None,
        }
    }
    /// The beginning of its messages.
    const fn key(self) -> &'static str {
        match self {
            Self::Invitation => "resend-invitation",
            Self::Welcome => "resend-welcome",
        }
    }
}

/// The part of a page about somebody who may wait for a mail.
pub(crate) fn section(v: &Member<'_>, t: T) -> Markup {
    let to = paths::to(paths::RESEND, &[v.collective, &v.member.membership.id]);
    html! {
        @if let Some(lost) = Lost::by(v.member, v.now) {
            @let words = |part: &str| t.args(&format!("{}-{part}", lost.key()), &[("collective", v.name.into())]);
            (Card::new(words("section"), note(&words("detail"))).actions(html! {
                (LinkButton::secondary(words("button"), to).icon(Icon::Mail))
            }))
        }
    }
}

pub(crate) async fn show(Path((id, member_id)): Ids, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let member = desk.or_stop(desk.api().member(&id, &member_id).await)?;
    let Some(lost) = Lost::by(&member, desk.cx.now.millis()) else {
        return Err(desk.cx.trouble(&Trouble::Conflict(Some("wrong_state".to_owned()))));
    };
    let (draft, csrf) = (desk.cx.draft(), desk.csrf_here());
    let view = Resending { lost, collective: &id, name: &here.name, member: &member, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::People, &desk.t().msg(&format!("{}-section", lost.key())), &page(&view, desk.t())))
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
    pub lost: Lost,
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Resending<'_>, t: T) -> Markup {
    let back = paths::to(paths::PERSON, &[v.collective, &v.member.membership.id]);
    let named = [("person", v.member.person.name.as_str().into()), ("collective", v.name.into())];
    let words = |part: &str| t.args(&format!("{}-{part}", v.lost.key()), &named);
    let form = Form::post(paths::to(paths::RESEND, &[v.collective, &v.member.membership.id]))
        .csrf(v.csrf)
        .hidden("person", v.member.person.name.clone())
        .body(actions(html! {
            (Button::primary(words("button")))
            (LinkButton::quiet(t.msg("back"), back.clone()))
        }));
    html! {
        (back_link(&back, &v.member.person.name))
        (page_header(&words("heading"), None, None))
        (draft_note(t, v.draft))
        (Alert::info(words("text")))
        (Card::plain(html! { (form) }))
    }
}
