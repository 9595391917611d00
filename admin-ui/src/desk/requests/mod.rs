//! The queue: who waits, and the three answers a request can get.

pub(crate) mod accept;
pub(crate) mod queue;
pub(crate) mod refuse;
pub(crate) mod reroute;

use idp_api::{RequestDetail, RequestState};
use maud::{Markup, html};
use ui_kit::{Alert, definitions, time};

use super::parts::kind_tag;
use crate::texts::T;

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
        (labels[2].as_str(), addresses),
        (labels[3].as_str(), time(t, request.created_at, now)),
    ];
    if let Some(from) = &request.rerouted_from {
        facts.push((labels[4].as_str(), html! { (from) }));
    }
    html! {
        @if request.state != RequestState::Open { (Alert::warning(t.msg("request-already-decided"))) }
        (definitions(&facts))
        @if request.text.is_empty() {
            p { (t.msg("request-no-text")) }
        } @else {
            blockquote { @for line in request.text.lines() { (line) br; } }
        }
    }
}
