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

use axum::{Router, routing::get};

use crate::{http::paths, wiring::App};

/// Every page of the desk, in the order of its navigation.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(paths::HOME, get(home::home))
        .route(paths::COLLECTIVES, get(home::collectives))
        .route(paths::DESK, get(overview::show))
        .route(paths::REQUESTS, get(requests::queue::show))
        .route(paths::REQUEST, get(requests::accept::show).post(requests::accept::send))
        .route(paths::REFUSE, get(requests::refuse::show).post(requests::refuse::send))
        .route(paths::REROUTE, get(requests::reroute::show).post(requests::reroute::send))
        .route(paths::PEOPLE, get(people::show))
        .route(paths::INVITE, get(invite::show).post(invite::send))
        .route(paths::PERSON, get(member::show))
        .route(paths::SUSPEND, get(membership::show_suspend).post(membership::suspend))
        .route(paths::RESUME, get(membership::show_resume).post(membership::resume))
        .route(paths::END, get(membership::show_end).post(membership::end))
        .route(paths::RESEND, get(resend::show).post(resend::send))
        .route(paths::PROPOSE_MANAGER, get(mandate::show_propose).post(mandate::propose))
        .route(paths::MANDATE, get(mandate::show_withdraw).post(mandate::withdraw))
        .route(paths::OPEN_DOOR, get(doors::open::show).post(doors::open::send))
        .route(paths::DOOR, get(doors::change::show).post(doors::change::send))
        .route(paths::CLOSE_DOOR, get(doors::close::show).post(doors::close::send))
        .route(paths::SERVICES, get(services::show))
        .route(paths::AUDIT, get(audit::show))
        .route(paths::SETTINGS, get(settings::show).post(settings::send))
}

#[cfg(test)]
mod gallery;
