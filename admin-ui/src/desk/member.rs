//! One person of the collective: the membership and the doors this collective opened.

use axum::{extract::Path, response::Response};
use idp_api::{Door, MemberDetail, MembershipState};
use maud::{Markup, html};
use ui_kit::{Alert, Card, Cell, EmptyState, Icon, LinkButton, Table, Tag, Tone, actions, back_link, definitions, note, page_header};

use super::{
    mandate,
    parts::{Terms, door_tag, role_tags, state_tag},
    resend, told,
};
use crate::{
    http::{
        caller::{Desk, Place},
        errors::Stop,
        paths,
    },
    texts::T,
};

pub(crate) async fn show(Path((id, member_id)): Path<(String, String)>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let member = desk.or_stop(desk.api().member(&id, &member_id).await)?;
    let view = Member { collective: &id, name: &here.name, member: &member, now: desk.cx.now.millis() };
    Ok(desk.page(here, Place::People, &member.person.name, &page(&view, desk.t())))
}

/// Somebody of the collective.
pub(crate) struct Member<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub member: &'a MemberDetail,
    pub now: i64,
}

/// Which acts a membership's state leaves.
pub(crate) const fn may_suspend(state: MembershipState) -> bool {
    matches!(state, MembershipState::Active)
}
pub(crate) const fn may_resume(state: MembershipState) -> bool {
    matches!(state, MembershipState::Suspended | MembershipState::Lapsed)
}
pub(crate) const fn may_end(state: MembershipState) -> bool {
    matches!(state, MembershipState::Active | MembershipState::Suspended | MembershipState::Lapsed)
}
pub(crate) const fn may_uninvite(state: MembershipState) -> bool {
    matches!(state, MembershipState::Invited)
}

pub(crate) fn page(v: &Member<'_>, t: T) -> Markup {
    let Member { member, name, .. } = *v;
    let MemberDetail { membership, person, .. } = member;
    html! {
        (back_link(&paths::to(paths::PEOPLE, &[v.collective]), &t.msg("people-title")))
        (page_header(&person.name, Some(person.username.as_str()).filter(|username| !username.is_empty()), None))
        p class="tags" {
            (state_tag(t, membership.state)) " " (role_tags(t, &membership.roles))
            @if membership.home { (Tag::new(Tone::Info, t.msg("member-home"))) " " }
            @if person.pending { (Tag::new(Tone::Warning, t.msg("member-pending"))) }
        }
        (facts(v, t))
        (Card::new(t.msg("doors-title"), doors(v, t)).id("doors").detail(t.args("doors-detail", &[("collective", name.into())])))
        (told::card(name, &member.told, t))
        @if !member.may_act { (Alert::info(t.msg("code-own-membership"))) }
        @if member.may_act && !member.offers.is_empty() && may_end(membership.state) { (offers(v, t)) }
        (request(v, t))
        (resend::section(v, t))
        (mandate::section(v, t))
        @if member.may_act { (acts(v, t)) }
        // a look at oneself is no event
        @if member.may_act { (note(&t.msg("member-looked"))) }
    }
}

/// What is known of the membership and the person. Of who was only invited there may be nothing but the address above.
fn facts(v: &Member<'_>, t: T) -> Markup {
    let MemberDetail { membership, person, .. } = v.member;
    let title = match membership.state {
        MembershipState::Requested => "member-title-requested",
        MembershipState::Invited => "member-title-invited",
        _ => "member-title",
    };
    let labels = ["member-since", "member-ends", "member-email", "member-language"].map(|key| t.msg(key));
    let mut facts = Vec::new();
    if let Some(since) = membership.since {
        facts.push((labels[0].as_str(), html! { (t.date(since)) }));
    }
    if let Some(end) = membership.ends_at {
        facts.push((labels[1].as_str(), html! { (t.date(end)) }));
    }
    // who never said yes is shown by the address and has no name here
    if !person.username.is_empty() {
        facts
            .push((labels[2].as_str(), html! { @if let Some(email) = &person.email { (email) } @else { (t.msg("member-email-unseen")) } }));
    }
    if let Some(language) = person.language {
        let endonym = ui_kit::Lang::from_tag(language.tag()).map_or(language.tag(), ui_kit::Lang::endonym);
        facts.push((labels[3].as_str(), html! { (endonym) }));
    }
    html! { @if !facts.is_empty() { (Card::new(t.args(title, &[("collective", v.name.into())]), definitions(&facts))) } }
}

fn doors(v: &Member<'_>, t: T) -> Markup {
    let columns = ["doors-service", "doors-terms", "doors-state", "doors-actions"].map(|key| t.msg(key));
    let row = |door: &Door| {
        let to = |path: &str| paths::to(path, &[v.collective, &v.member.membership.id, &door.grant_id]);
        let service = [("service", door.service.name.as_str().into())];
        vec![
            Cell::text(&door.service.name),
            Cell::text(Terms::of(door).words(t)),
            Cell::new(html! { (door_tag(t, door.state)) }),
            Cell::new(html! {
                @if v.member.may_act {
                    (actions(html! {
                        (LinkButton::quiet(t.args("doors-change", &service), to(paths::DOOR)).small())
                        (LinkButton::danger(t.args("doors-close", &service), to(paths::CLOSE_DOOR)).small())
                    }))
                }
            }),
        ]
    };
    html! {
        @if v.member.doors.is_empty() {
            (EmptyState::new(Icon::Door, t.msg("doors-none-title"), t.args("doors-none-text", &[("collective", v.name.into())])))
        } @else {
            (Table::new(t.msg("doors-title"), columns).rows(v.member.doors.iter().map(row).collect()))
        }
        (note(&t.args("doors-others", &[("collective", v.name.into())])))
    }
}

fn offers(v: &Member<'_>, t: T) -> Markup {
    let open = paths::to(paths::OPEN_DOOR, &[v.collective, &v.member.membership.id]);
    let buttons = html! {
        @for offer in &v.member.offers {
            @let label = t.args("offers-open", &[("service", offer.service.name.as_str().into())]);
            (LinkButton::secondary(label, paths::with_query(&open, &[("service", Some(&offer.service.id))])).icon(Icon::Plus))
        }
    };
    html! {
        (Card::new(t.msg("offers-title"), note(&t.args("offers-detail", &[("collective", v.name.into())]))).actions(buttons))
    }
}

/// What waits for an answer, when nobody has let the person in yet.
fn request(v: &Member<'_>, t: T) -> Markup {
    html! {
        @if let Some(request) = &v.member.request_id {
            (Card::new(t.msg("member-request-title"), note(&t.msg("member-request-text"))).actions(html! {
                (LinkButton::primary(t.msg("request-look-join"), paths::to(paths::REQUEST, &[v.collective, request])))
            }))
        }
    }
}

fn acts(v: &Member<'_>, t: T) -> Markup {
    let membership = &v.member.membership;
    let to = |path: &str| paths::to(path, &[v.collective, &membership.id]);
    let named = [("person", v.member.person.name.as_str().into()), ("collective", v.name.into())];
    let buttons = html! {
        @if may_resume(membership.state) { (LinkButton::primary(t.args("resume-button", &named), to(paths::RESUME))) }
        @if may_suspend(membership.state) { (LinkButton::secondary(t.args("suspend-button", &named), to(paths::SUSPEND)).icon(Icon::Pause)) }
        @if may_end(membership.state) { (LinkButton::danger(t.args("end-button", &named), to(paths::END))) }
    };
    html! {
        @if may_end(membership.state) {
            (Card::new(t.msg("acts-title"), note(&t.args("acts-detail", &named))).actions(buttons).danger())
        }
        @if may_uninvite(membership.state) {
            (Card::new(t.msg("uninvite-title"), note(&t.args("uninvite-text", &named))).actions(html! {
                (LinkButton::danger(t.args("uninvite-button", &named), to(paths::END)))
            }).danger())
        }
    }
}
