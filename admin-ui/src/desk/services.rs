//! Services offered to the collective.

use axum::{extract::Path, response::Response};
use idp_api::{OfferItem, OfferState};
use maud::{Markup, html};
use ui_kit::{Card, EmptyState, Icon, LinkButton, Meter, Tag, Tone, definitions, grid, note, page_header};

use super::parts::{count, role_name, say_quota};
use crate::{
    http::{
        caller::{Desk, Place},
        errors::Stop,
    },
    texts::T,
};

pub(crate) async fn show(Path(id): Path<String>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let collective = desk.or_stop(desk.api().collective(&id).await)?;
    let services = desk.or_stop(desk.api().services(&id).await)?;
    let active = collective.counts.members(idp_api::MembershipState::Active);
    let view = Services { name: &here.name, offers: &services.items, members: active };
    Ok(desk.page(here, Place::Services, &desk.t().msg("nav-services"), &page(&view, desk.t())))
}

/// What the collective is offered.
pub(crate) struct Services<'a> {
    pub name: &'a str,
    pub offers: &'a [OfferItem],
    /// Active members, to see a number of doors against.
    pub members: u32,
}

pub(crate) fn page(v: &Services<'_>, t: T) -> Markup {
    html! {
        (page_header(&t.msg("services-title"), Some(&t.args("services-lede", &[("collective", v.name.into())])), None))
        @if v.offers.is_empty() {
            (EmptyState::new(Icon::Door, t.msg("services-none-title"), t.msg("services-none-text")))
        } @else {
            (grid(html! { @for offer in v.offers { (card(v, offer, t)) } }))
        }
        (note(&t.msg("services-note")))
    }
}

fn card(v: &Services<'_>, offer: &OfferItem, t: T) -> Markup {
    let state = match offer.state {
        OfferState::Active => Tag::new(Tone::Success, t.msg("offer-active")),
        OfferState::ServicePaused => Tag::new(Tone::Warning, t.msg("offer-service-paused")),
        OfferState::Withdrawn => Tag::neutral(t.msg("offer-withdrawn")),
    };
    let labels = ["services-roles", "services-ceiling", "services-new-members"].map(|key| t.msg(key));
    let roles = offer.roles.iter().map(|role| {
        let name = role_name(t, role);
        if offer.default_role.as_ref() == Some(role) { t.args("services-default-role", &[("role", name.into())]) } else { name }
    });
    let roles = roles.collect::<Vec<_>>().join(", ");
    let mut facts = Vec::new();
    if !roles.is_empty() {
        facts.push((labels[0].as_str(), html! { (roles) }));
    }
    if let Some(ceiling) = offer.quota_ceiling {
        facts.push((labels[1].as_str(), html! { (say_quota(ceiling)) }));
    }
    let automatic = if offer.automatic { "services-automatic" } else { "services-by-hand" };
    facts.push((labels[2].as_str(), html! { (t.msg(automatic)) }));
    // doors of paused members are counted too, so the share may pass one
    let share = f64::from(offer.granted_count) / f64::from(v.members.max(offer.granted_count).max(1));
    let body = html! {
        @if !offer.description.is_empty() { p { (offer.description) } }
        (Meter::new(t.msg("services-doors"), share, t.args("people-count", &[("n", count(offer.granted_count))])))
        (definitions(&facts))
    };
    let mut card = Card::new(offer.service.name.clone(), body).aside(html! { (state) });
    if let Some(url) = &offer.url {
        card = card.actions(html! { (LinkButton::quiet(t.msg("services-visit"), url.clone()).icon(Icon::Away)) });
    }
    html! { (card) }
}
