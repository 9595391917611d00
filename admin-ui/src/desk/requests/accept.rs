//! One request and its good answer: validated, with the doors that open at once.

use axum::{extract::Path, response::Response};
use idp_api::{Accept, FieldError, Grant, ProblemType, RequestDetail, RequestKind, RequestState, client::ApiError};
use maud::{Markup, html};
use ui_kit::{Alert, Button, Card, Checkbox, Form, LinkButton, actions, back_link, disclosure, grid, note, page_header, stack};

use super::{facts, waiting};
use crate::{
    desk::parts::{Terms, draft_note},
    http::{
        caller::{Desk, Place, Posted},
        draft::{Draft, Why},
        errors::Stop,
        flash::Flash,
        paths,
    },
    texts::T,
};

pub(crate) async fn show(Path((id, request_id)): Path<(String, String)>, desk: Desk) -> Result<Response, Stop> {
    let here = desk.managed(&id)?;
    let request = desk.or_stop(desk.api().request(&id, &request_id).await)?;
    let draft = desk.cx.draft();
    let csrf = desk.csrf_here();
    let view = Request { collective: &id, name: &here.name, request: &request, draft: &draft, csrf: &csrf, now: desk.cx.now.millis() };
    Ok(desk.page(here, Place::Requests, &request.person.name, &page(&view, desk.t())))
}

pub(crate) async fn send(Path((id, request_id)): Path<(String, String)>, posted: Posted) -> Result<Response, Stop> {
    let Posted { desk, fields } = posted;
    let here = desk.managed(&id)?;
    // read again: what was offered when the form was made may not be any more, and the person's name is for the answer
    let request = waiting(&desk, &id, &request_id).await?;
    let mut accept = Accept::default();
    let mut errors = Vec::new();
    for offer in &request.offers {
        let suffix = format!(".{}", offer.service.id);
        // where one service is asked for, the answer itself chooses it
        if request.kind != RequestKind::Access && !fields.ticked(&format!("open{suffix}")) {
            continue;
        }
        match Terms::read(&fields, &suffix) {
            Ok(terms) => accept.grants.push(Grant {
                service_id: offer.service.id.clone(),
                role: terms.role,
                quota: terms.quota,
                ends_at: terms.ends_at,
            }),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if !errors.is_empty() {
        return Err(desk.again_with(Why::Invalid, errors));
    }
    match desk.api().accept(&id, &request_id, &accept).await {
        Err(ApiError::Problem(problem)) if problem.kind == ProblemType::InvalidFields => {
            Err(desk.again_with(Why::Invalid, problem.errors.into_iter().map(|error| at_its_service(error, &accept)).collect()))
        }
        answer => {
            desk.or_stop(answer)?;
            let key = if request.kind == RequestKind::Join { "done-accept-join" } else { "done-accept" };
            let flash = Flash::new(key).person(request.person.name).what(here.name.clone());
            Ok(desk.done(&paths::to(paths::REQUESTS, &[&id]), &flash))
        }
    }
}

/// `grants.0.role` of the API is `role.svc_…` of the form.
fn at_its_service(error: FieldError, sent: &Accept) -> FieldError {
    let mut parts = error.field.split('.').skip(1);
    let nth = parts.next().and_then(|nth| nth.parse::<usize>().ok());
    match (nth.and_then(|nth| sent.grants.get(nth)), parts.next()) {
        (Some(grant), Some("service_id")) => FieldError { field: format!("open.{}", grant.service_id), ..error },
        (Some(grant), Some(name)) => FieldError { field: format!("{name}.{}", grant.service_id), ..error },
        _ => error,
    }
}

/// A request with its form.
pub(crate) struct Request<'a> {
    pub collective: &'a str,
    pub name: &'a str,
    pub request: &'a RequestDetail,
    pub draft: &'a Draft,
    pub csrf: &'a str,
    pub now: i64,
}

pub(crate) fn page(v: &Request<'_>, t: T) -> Markup {
    let Request { request, .. } = *v;
    let to = |path: &str| paths::to(path, &[v.collective, &request.id]);
    html! {
        (back_link(&paths::to(paths::REQUESTS, &[v.collective]), &t.msg("queue-title")))
        (page_header(&request.person.name, None, None))
        (draft_note(t, v.draft))
        @if request.state == RequestState::Open && request.may_decide {
            (grid(html! {
                (Card::plain(facts(request, t, v.now)))
                (stack(html! {
                    (answer(v, t))
                    (Card::new(t.msg("request-otherwise"), html! {}).actions(html! {
                        @if request.kind == RequestKind::Join { (LinkButton::secondary(t.msg("request-reroute"), to(paths::REROUTE))) }
                        (LinkButton::danger(t.msg("request-refuse"), to(paths::REFUSE)))
                    }))
                }))
            }))
        } @else {
            (Card::plain(facts(request, t, v.now)))
            @if request.state == RequestState::Open { (Alert::info(t.msg("code-own-membership"))) }
        }
    }
}

/// The card with the form; there is none while the service asked for cannot be opened.
fn answer(v: &Request<'_>, t: T) -> Markup {
    let named = [("collective", v.name.into())];
    let detail = match v.request.kind {
        RequestKind::Access if v.request.offers.is_empty() => {
            return html! { (Card::new(t.msg("accept-title"), html! { (Alert::info(t.msg("code-not-offered"))) })) };
        }
        RequestKind::Join => Some(t.args("accept-detail", &named)),
        RequestKind::Access => Some(t.args("accept-access-detail", &named)),
        RequestKind::Support | RequestKind::Recovery => None,
    };
    let card = Card::new(t.msg("accept-title"), form(v, t));
    html! { @if let Some(detail) = detail { (card.detail(detail)) } @else { (card) } }
}

fn form(v: &Request<'_>, t: T) -> Markup {
    let Request { request, draft, .. } = *v;
    let named = [("person", request.person.name.as_str().into()), ("collective", v.name.into())];
    let button = match request.kind {
        RequestKind::Join => t.args("accept-join-button", &named),
        RequestKind::Access => t.args("accept-access-button", &named),
        RequestKind::Support | RequestKind::Recovery => t.args("accept-help-button", &named),
    };
    let body = html! {
        @for offer in &request.offers {
            @let suffix = format!(".{}", offer.service.id);
            @let box_name = format!("open{suffix}");
            @if request.kind != RequestKind::Access {
                (Checkbox::new(box_name.clone(), offer.service.name.clone())
                    .checked(draft.ticked(&box_name, offer.automatic)).error(draft.error(t, &box_name)))
            }
            @let terms = Terms::proposed(offer).fields(t, offer, draft, &suffix, v.now);
            // what is wrong must be seen, so terms with a mistake are not folded away
            @if draft.errors.iter().any(|error| error.field.ends_with(&suffix)) {
                (terms)
            } @else {
                (disclosure(&t.args("accept-terms", &[("service", offer.service.name.as_str().into())]), terms))
            }
        }
        @if !request.offers.is_empty() {
            // who is a member already gets no welcome
            @let key = if request.kind == RequestKind::Join { "accept-fresh-sign-in" } else { "effect-sign-in-again" };
            (note(&t.msg(key)))
        }
        (actions(html! { (Button::primary(button)) }))
    };
    html! { (Form::post(paths::to(paths::REQUEST, &[v.collective, &request.id])).csrf(v.csrf).body(body)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_api_lands_at_the_field_of_its_service() {
        let grant = |id: &str| Grant { service_id: id.into(), role: None, quota: None, ends_at: None };
        let sent = Accept { grants: vec![grant("svc_1"), grant("svc_2")] };
        for (api, form) in [
            ("grants.1.role", "role.svc_2"),
            ("grants.0.service_id", "open.svc_1"),
            ("grants.7.role", "grants.7.role"),
            ("reason", "reason"),
        ] {
            assert_eq!(at_its_service(FieldError { field: api.into(), code: "x".into() }, &sent).field, form);
        }
    }
}
