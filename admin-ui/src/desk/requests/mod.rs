//! The queue: who waits, and the three answers a request can get.

pub(crate) mod accept;
pub(crate) mod queue;
pub(crate) mod refuse;
pub(crate) mod reroute;

use idp_api::{RequestDetail, RequestState};
use maud::{Markup, html};
use ui_kit::{Alert, definitions, time};

use super::parts::kind_tag;
use crate::{
    http::{answer::see_other, caller::Desk, errors::Stop, paths},
    texts::T,
};

/// The request while it waits. Once it has an answer, its own page says which, whoever gave it.
async fn waiting(desk: &Desk, collective: &str, request: &str) -> Result<RequestDetail, Stop> {
    let found = desk.or_stop(desk.api().request(collective, request).await)?;
    if found.state == RequestState::Open {
        Ok(found)
    } else {
        Err(Stop::new(see_other(&paths::to(paths::REQUEST, &[collective, request]))))
    }
}

/// What became of a request that no longer waits.
const fn outcome_key(state: RequestState) -> Option<&'static str> {
    match state {
        RequestState::Open => None,
        RequestState::Accepted => Some("request-decided-accepted"),
        RequestState::Refused => Some("request-decided-refused"),
        RequestState::Withdrawn => Some("request-decided-withdrawn"),
    }
}

/// What is known about a request.
pub(crate) fn facts(request: &RequestDetail, t: T, now: i64) -> Markup {
    let addresses = html! {
        @if request.addresses.is_empty() { (t.msg("request-no-address")) }
        @for (nth, address) in request.addresses.iter().enumerate() {
            @if nth > 0 { br; }
            @if address.whole { (address.text) } @else { (t.args("request-address-domain", &[("domain", address.text.as_str().into())])) }
        }
    };
    let labels =
        [t.msg("request-asks"), t.msg("person-username"), t.msg("request-addresses"), t.msg("request-since"), t.msg("request-from")];
    let mut facts = vec![
        (labels[0].as_str(), html! { (kind_tag(t, request.kind)) @if let Some(service) = &request.service { " " (service.name) } }),
        (labels[1].as_str(), html! { (request.person.username) }),
    ];
    // of who does not wait any more no address is shown, which does not mean that there is none
    if request.state == RequestState::Open {
        facts.push((labels[2].as_str(), addresses));
    }
    facts.push((labels[3].as_str(), time(t, request.created_at, now)));
    if let Some(from) = &request.rerouted_from {
        facts.push((labels[4].as_str(), html! { (from) }));
    }
    html! {
        @if let Some(outcome) = outcome_key(request.state) { (Alert::info(t.msg(outcome))) }
        (definitions(&facts))
        @if request.text.is_empty() {
            p { (t.msg("request-no-text")) }
        } @else {
            blockquote { @for line in request.text.lines() { (line) br; } }
        }
    }
}
