//! The managers' desk, one folder or file per workflow: handlers that ask the API, views that take plain data.

pub(crate) mod effects;

mod audit;
mod doors;
mod home;
mod invite;
mod mandate;
mod member;
mod membership;
mod overview;
mod parts;
mod people;
mod requests;
mod resend;
mod services;
mod settings;
mod told;

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{MethodRouter, get},
};
use serde::de::DeserializeOwned;

use crate::{
    http::{
        caller::{Desk, Posted},
        draft::Why,
        errors::Stop,
        paths,
    },
    wiring::App,
};

/// Every page of the desk, in the order of its navigation.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(paths::HOME, get(home::home))
        .route(paths::COLLECTIVES, get(home::collectives))
        .route(paths::DESK, get(overview::show))
        .route(paths::REQUESTS, get(requests::queue::show))
        .route(paths::REQUEST, form(requests::accept::show, requests::accept::send))
        .route(paths::REFUSE, form(requests::refuse::show, requests::refuse::send))
        .route(paths::REROUTE, form(requests::reroute::show, requests::reroute::send))
        .route(paths::PEOPLE, get(people::show))
        .route(paths::INVITE, form(invite::show, invite::send))
        .route(paths::PERSON, get(member::show))
        .route(paths::SUSPEND, form(membership::show_suspend, membership::suspend))
        .route(paths::RESUME, form(membership::show_resume, membership::resume))
        .route(paths::END, form(membership::show_end, membership::end))
        .route(paths::RESEND, form(resend::show, resend::send))
        .route(paths::PROPOSE_MANAGER, form(mandate::show_propose, mandate::propose))
        .route(paths::MANDATE, form(mandate::show_withdraw, mandate::withdraw))
        .route(paths::OPEN_DOOR, form(doors::open::show, doors::open::send))
        .route(paths::DOOR, form(doors::change::show, doors::change::send))
        .route(paths::CLOSE_DOOR, form(doors::close::show, doors::close::send))
        .route(paths::SERVICES, get(services::show))
        .route(paths::AUDIT, get(audit::show))
        .route(paths::SETTINGS, form(settings::show, settings::send))
}

/// A form: its page, and what sending it does. A form that has to be looked at again is answered by its own page, with what was
/// typed: that depends neither on a second request nor on how much a browser keeps.
fn form<P, Show, Shown, Answer, Answered>(show: Show, send: Answer) -> MethodRouter<App>
where
    P: DeserializeOwned + Clone + Send + 'static,
    Show: Fn(Path<P>, Desk) -> Shown + Clone + Send + Sync + 'static,
    Shown: Future<Output = Result<Response, Stop>> + Send + 'static,
    Answer: Fn(Path<P>, Posted) -> Answered + Clone + Send + Sync + 'static,
    Answered: Future<Output = Result<Response, Stop>> + Send + 'static,
{
    let page = show.clone();
    get(show).post(|Path(ids): Path<P>, posted: Result<Posted, Stop>| async move {
        let sent = match posted {
            Ok(posted) => send(Path(ids.clone()), posted).await,
            Err(stop) => Err(stop),
        };
        let Err(Stop::Again(desk)) = sent else { return sent };
        match page(Path(ids), (*desk).clone()).await {
            Ok(mut again) => {
                *again.status_mut() = desk.cx.draft().why.map(Why::status).unwrap_or_default();
                Ok(again)
            }
            // the page cannot be shown now; when it can, what was typed is there
            Err(_) => Err(desk.keep()),
        }
    })
}

#[cfg(test)]
mod gallery;
