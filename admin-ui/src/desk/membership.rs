//! Pausing, resuming and ending a membership: each asks once more, says what it does and what it cannot do.

use axum::{extract::Path, response::Response};
use idp_api::{ActOutcome, MemberDetail, MembershipState, WithReason, client::ApiError};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, Form, LinkButton, TextArea, actions, back_link, page_header};

use super::{
    member::{may_end, may_resume, may_suspend, may_uninvite},
    parts::{door_tag, draft_note},
};
use crate::{
    http::{
        caller::{Desk, Place, Posted},
        draft::{Draft, Why},
        errors::{Stop, Trouble},
        flash::{Effects, Flash},
        paths,
    },
    texts::T,
};

/// What is done to a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Closes its doors until it stands again.
    Suspend,
    /// Lets it stand again.
    Resume,
    /// For good.
    End,
    /// Takes back an invitation that nobody answered.
    Uninvite,
}

impl Act {
    /// The beginning of its messages.
    const fn key(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::End => "end",
            Self::Uninvite => "uninvite",
        }
    }
    const fn path(self) -> &'static str {
        match self {
            Self::Suspend => paths::SUSPEND,
            Self::Resume => paths::RESUME,
            Self::End | Self::Uninvite => paths::END,
        }
    }
    const fn is_possible(self, state: MembershipState) -> bool {
        match self {
            Self::Suspend => may_suspend(state),
            Self::Resume => may_resume(state),
            Self::End => may_end(state),
            Self::Uninvite => may_uninvite(state),
        }
    }
}

type Ids = Path<(String, String)>;

pub(crate) async fn show_suspend(Path(ids): Ids, desk: Desk) -> Result<Response, Stop> {
    show(Act::Suspend, ids, &desk).await
}
pub(crate) async fn show_resume(Path(ids): Ids, desk: Desk) -> Result<Response, Stop> {
    show(Act::Resume, ids, &desk).await
}
pub(crate) async fn show_end(Path(ids): Ids, desk: Desk) -> Result<Response, Stop> {
    show(Act::End, ids, &desk).await
}
pub(crate) async fn suspend(Path(ids): Ids, posted: Posted) -> Result<Response, Stop> {
    send(Act::Suspend, ids, posted).await
}
pub(crate) async fn resume(Path(ids): Ids, posted: Posted) -> Result<Response, Stop> {
    send(Act::Resume, ids, posted).await
}
pub(crate) async fn end(Path(ids): Ids, posted: Posted) -> Result<Response, Stop> {
    let act = if posted.fields.ticked("invited") { Act::Uninvite } else { Act::End };
    send(act, ids, posted).await
}

async fn show(act: Act, (id, member_id): (String, String), desk: &Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let member = desk.or_stop(desk.api().member(&id, &member_id).await)?;
    // what has not begun cannot end: there it is the invitation that is taken back
    let act = if act == Act::End && may_uninvite(member.membership.state) { Act::Uninvite } else { act };
    if !act.is_possible(member.membership.state) {
        return Err(desk.cx.trouble(&Trouble::Conflict(None)));
    }
    let (draft, csrf) = (desk.cx.draft(), desk.csrf_here());
    let view = Confirmation { act, collective: &id, name: &here.name, member: &member, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::People, &desk.t().msg(&format!("{}-title", act.key())), &page(&view, desk.t())))
}

async fn send(act: Act, (id, member_id): (String, String), posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    let Some(seen) = fields.get("seen").and_then(|seen| seen.parse().ok()) else { return Err(desk.again(Why::Changed)) };
    let why = WithReason { reason: fields.get("reason").map(str::to_owned) };
    let api = desk.api();
    let outcome: Result<ActOutcome, ApiError> = match act {
        Act::Suspend => api.suspend(&id, &member_id, seen, &why).await,
        Act::Resume => api.resume(&id, &member_id, seen, &why).await,
        Act::End | Act::Uninvite => api.end(&id, &member_id, seen, &why).await,
    };
    let outcome = desk.or_stop(outcome)?;
    let effects = if act == Act::Resume { Effects::opening(&outcome) } else { Effects::of(&outcome) };
    // the form carries the name it showed, so that the answer needs no second look at the person (which they could read)
    let person = fields.get("person").unwrap_or_default();
    let flash = Flash::new(format!("done-{}", act.key())).person(person).what(here.name.clone()).effects(effects);
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

/// Asks once more.
pub(crate) struct Confirmation<'a> {
    pub act: Act,
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Confirmation<'_>, t: T) -> Markup {
    let Confirmation { act, member, .. } = *v;
    let ids = [v.collective, member.membership.id.as_str()];
    let back = paths::to(paths::PERSON, &ids);
    let named = [("person", member.person.name.as_str().into()), ("collective", v.name.into())];
    let key = |part: &str| format!("{}-{part}", act.key());
    let button = t.args(&key("button"), &named);
    let mut form = Form::post(paths::to(act.path(), &ids))
        .csrf(v.csrf)
        .hidden("seen", v.draft.seen(member.membership.version))
        .hidden("person", member.person.name.clone());
    if act == Act::Uninvite {
        form = form.hidden("invited", "yes");
    }
    let form = form.body(html! {
        (TextArea::new("reason", t.msg("reason-label")).hint(t.msg("reason-hint")).rows(3).max_length(2_000)
            .value(v.draft.value("reason", "")).error(v.draft.error(t, "reason")))
        (actions(html! {
            @if act == Act::Resume { (Button::primary(button)) } @else { (Button::danger(button)) }
            (LinkButton::quiet(t.msg("back"), back.clone()))
        }))
    });
    html! {
        (back_link(&back, &member.person.name))
        (page_header(&t.args(&key("heading"), &named), None, None))
        (draft_note(t, v.draft))
        (Alert::info(t.args(&key("text"), &named)))
        @if !member.doors.is_empty() {
            (Card::new(t.msg(&key("doors")), html! {
                ul { @for door in &member.doors { li { (door.service.name) " " (door_tag(t, door.state)) } } }
            }))
        }
        (if matches!(act, Act::End | Act::Uninvite) { Card::plain(html! { (form) }).danger() } else { Card::plain(html! { (form) }) })
    }
}
