//! Who manages the collective with you: proposing somebody, taking that back, ending a mandate, laying one's own down.

use axum::{extract::Path, response::Response};
use idp_api::{CollectiveRole, Mandate, MandateState, MemberDetail, WithdrawMandate};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, EmptyState, Form, Icon, LinkButton, TextArea, actions, back_link, note, page_header};

use super::{member::Member, parts::draft_note};
use crate::{
    http::{
        answer::document,
        caller::{Desk, Place, Posted},
        draft::{Draft, Why},
        errors::{Stop, Trouble},
        flash::{Effects, Flash},
        paths,
    },
    texts::T,
};

/// What is done about a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act<'a> {
    /// Somebody is proposed.
    Propose,
    /// A proposal is taken back.
    TakeBack(&'a Mandate),
    /// Somebody else's mandate ends.
    End(&'a Mandate),
    /// One's own ends.
    Resign(&'a Mandate),
}

impl<'a> Act<'a> {
    /// What can be done about a mandate of this member.
    fn about(member: &MemberDetail, mandate: &'a Mandate) -> Self {
        match mandate.state {
            MandateState::Proposed => Self::TakeBack(mandate),
            MandateState::Accepted if member.may_act => Self::End(mandate),
            MandateState::Accepted => Self::Resign(mandate),
        }
    }
    /// The beginning of its messages.
    const fn key(self) -> &'static str {
        match self {
            Self::Propose => "propose",
            Self::TakeBack(_) => "take-back",
            Self::End(_) => "end-mandate",
            Self::Resign(_) => "resign",
        }
    }
    fn path(self, collective: &str, member: &str) -> String {
        match self {
            Self::Propose => paths::to(paths::PROPOSE_MANAGER, &[collective, member]),
            Self::TakeBack(mandate) | Self::End(mandate) | Self::Resign(mandate) => {
                paths::to(paths::MANDATE, &[collective, member, &mandate.id])
            }
        }
    }
}

/// The mandate of manager among those of a member.
fn manages(member: &MemberDetail) -> impl Iterator<Item = &Mandate> {
    member.mandates.iter().filter(|mandate| mandate.role == CollectiveRole::Manager)
}

/// The part of a member's page: how it stands, and what can be done.
pub(crate) fn section(v: &Member<'_>, t: T) -> Markup {
    let member = v.member;
    let words = |key: &str, since: i64| {
        t.args(key, &[("person", member.person.name.as_str().into()), ("collective", v.name.into()), ("since", t.date(since).into())])
    };
    let way = |act: Act<'_>| {
        let label = words(&format!("{}-button", act.key()), 0);
        let to = act.path(v.collective, &member.membership.id);
        html! { @if act == Act::Propose { (LinkButton::secondary(label, to).icon(Icon::Plus)) } @else { (LinkButton::quiet(label, to)) } }
    };
    let (mut told, mut ways) = (Vec::new(), Vec::new());
    for mandate in manages(member) {
        let act = Act::about(member, mandate);
        told.push(words(&format!("management-{}", act.key()), mandate.since));
        ways.push(way(act));
    }
    if member.may_propose_manager {
        told.push(words("management-propose", 0));
        ways.push(way(Act::Propose));
    }
    html! {
        @if !told.is_empty() {
            (Card::new(t.msg("management-title"), html! { @for line in &told { (note(line)) } })
                .id("management").actions(html! { @for way in &ways { (way) } }))
        }
    }
}

pub(crate) async fn show_propose(Path((id, member_id)): Path<(String, String)>, desk: Desk) -> Result<Response, Stop> {
    let member = desk.or_stop(desk.api().member(desk.managed(&id)?.id.as_str(), &member_id).await)?;
    if !member.may_propose_manager {
        return Err(desk.cx.trouble(&Trouble::Conflict(manages(&member).next().map(|mandate| match mandate.state {
            MandateState::Proposed => "already_proposed".to_owned(),
            MandateState::Accepted => "already_manager".to_owned(),
        }))));
    }
    show(Act::Propose, &id, &member, &desk)
}

pub(crate) async fn propose(Path((id, member_id)): Path<(String, String)>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    desk.or_stop(desk.api().propose_manager(&id, &member_id).await)?;
    let flash = Flash::new("done-propose").person(fields.get("person").unwrap_or_default()).what(here.name.clone());
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

type Ids = Path<(String, String, String)>;

pub(crate) async fn show_withdraw(Path((id, member_id, mandate_id)): Ids, desk: Desk) -> Result<Response, Stop> {
    let member = desk.or_stop(desk.api().member(desk.managed(&id)?.id.as_str(), &member_id).await)?;
    let mandate = manages(&member).find(|mandate| mandate.id == mandate_id);
    let Some(mandate) = mandate else { return Err(desk.cx.trouble(&Trouble::NotFound)) };
    show(Act::about(&member, mandate), &id, &member, &desk)
}

pub(crate) async fn withdraw(Path((id, member_id, mandate_id)): Ids, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    let Some(state) = fields.get("seen").and_then(MandateState::from_name) else { return Err(desk.again(Why::Changed)) };
    let wish = WithdrawMandate { state, reason: fields.get("reason").map(str::to_owned) };
    let outcome = desk.or_stop(desk.api().withdraw_mandate(&id, &member_id, &mandate_id, &wish).await)?;
    let key = match state {
        MandateState::Proposed => "done-take-back",
        MandateState::Accepted if fields.ticked("own") => return Ok(resigned(&desk, &here.name)),
        MandateState::Accepted => "done-end-mandate",
    };
    let person = fields.get("person").unwrap_or_default();
    let flash = Flash::new(key).person(person).what(here.name.clone()).effects(Effects::of(&outcome));
    Ok(desk.done(&paths::to(paths::PERSON, &[&id, &member_id]), &flash))
}

/// Who laid down a mandate may have nothing to look for at the desk any more.
fn resigned(desk: &Desk, collective: &str) -> Response {
    let t = desk.t();
    let others = desk.all_managed().any(|mine| mine.name != collective);
    let (label, to) =
        if others { ("menu-collectives", paths::COLLECTIVES) } else { ("nothing-portal", desk.cx.app.settings.issuer.as_str()) };
    let title = t.args("done-resign", &[("what", collective.into())]);
    let body = resigned_page(&title, &t.msg(label), to, t);
    document(http::StatusCode::OK, ui_kit::page(&desk.cx.shell(&title).narrow(), body))
}

pub(crate) fn resigned_page(title: &str, label: &str, to: &str, t: T) -> Markup {
    html! {
        (page_header(title, None, None))
        (EmptyState::new(Icon::People, t.msg("resigned-title"), t.msg("resigned-text")).action(html! { (LinkButton::primary(label, to)) }))
    }
}

fn show(act: Act<'_>, id: &str, member: &MemberDetail, desk: &Desk) -> Result<Response, Stop> {
    let here = desk.managed(id)?;
    let (draft, csrf) = (desk.cx.draft(), desk.csrf_here());
    let view = Confirmation { act, collective: id, name: &here.name, member, draft: &draft, csrf: &csrf };
    Ok(desk.page(here, Place::People, &desk.t().msg(&format!("{}-title", act.key())), &page(&view, desk.t())))
}

/// Asks once more.
pub(crate) struct Confirmation<'a> {
    pub act: Act<'a>,
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub draft: &'a Draft,
    pub csrf: &'a str,
}

pub(crate) fn page(v: &Confirmation<'_>, t: T) -> Markup {
    let Confirmation { act, member, .. } = *v;
    let back = paths::to(paths::PERSON, &[v.collective, &member.membership.id]);
    let named = [("person", member.person.name.as_str().into()), ("collective", v.name.into())];
    let words = |part: &str| t.args(&format!("{}-{part}", act.key()), &named);
    let mut form = Form::post(act.path(v.collective, &member.membership.id)).csrf(v.csrf).hidden("person", member.person.name.clone());
    if let Act::TakeBack(mandate) | Act::End(mandate) | Act::Resign(mandate) = act {
        form = form.hidden("seen", mandate.state.as_str());
    }
    if let Act::Resign(_) = act {
        form = form.hidden("own", "yes");
    }
    let form = form.body(html! {
        @if act != Act::Propose {
            (TextArea::new("reason", t.msg("reason-label")).hint(t.msg("reason-hint")).rows(3).max_length(2_000)
                .value(v.draft.value("reason", "")).error(v.draft.error(t, "reason")))
        }
        (actions(html! {
            @if act == Act::Propose { (Button::primary(words("button"))) } @else { (Button::danger(words("button"))) }
            (LinkButton::quiet(t.msg("back"), back.clone()))
        }))
    });
    html! {
        (back_link(&back, &member.person.name))
        (page_header(&words("heading"), None, None))
        (draft_note(t, v.draft))
        (Alert::info(words("text")))
        (Card::plain(html! { (form) (note(&t.msg("step-up-note"))) }))
    }
}
