//! The management API: what the admin UI, and whoever automates for a collective, can ask of the provider.
//!
//! Scope says "this app may manage"; what its person may do is decided by `idp_domain::policy` in the use cases. A
//! handler reads its request strictly, calls one use case and writes the answer; [`convert`] and [`parse`] are the only
//! places where the shapes of `idp-api` meet the domain. Errors are RFC 9457 problems.

mod answer;
mod caller;
mod convert;
mod headers;
mod ids;
mod openapi;
mod parse;
mod query;

mod collectives;
mod grants;
mod invite;
mod list_services;
mod mandates;
mod me;
mod members;
mod read_audit;
mod requests;

pub mod matrix;

use axum::Router;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use openapi::openapi;

use crate::{http::error_api, wiring::AppState};

/// Every route, readable from top to bottom.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me::get))
        .routes(routes!(collectives::list::list))
        .routes(routes!(collectives::get::get, collectives::edit::edit))
        .routes(routes!(requests::list::list))
        .routes(routes!(requests::get::get))
        .routes(routes!(requests::accept::accept))
        .routes(routes!(requests::refuse::refuse))
        .routes(routes!(requests::reroute::reroute))
        .routes(routes!(requests::targets::list))
        .routes(routes!(members::list::list))
        .routes(routes!(members::get::get))
        .routes(routes!(members::suspend::suspend))
        .routes(routes!(members::resume::resume))
        .routes(routes!(members::end::end))
        .routes(routes!(members::resend::resend))
        .routes(routes!(grants::give::give))
        .routes(routes!(grants::change::change))
        .routes(routes!(grants::withdraw::withdraw))
        .routes(routes!(mandates::propose::propose))
        .routes(routes!(mandates::withdraw::withdraw))
        .routes(routes!(invite::invite))
        .routes(routes!(list_services::list))
        .routes(routes!(read_audit::list))
}

/// The API, relative to [`idp_api::paths::BASE`], where it has to be nested.
pub(crate) fn router() -> Router<AppState> {
    let (router, _) = routes().split_for_parts();
    router.fallback(error_api::not_found).method_not_allowed_fallback(error_api::method_not_allowed)
}

/// A template of [`idp_api::paths`] relative to their common beginning.
const fn at(template: &'static str) -> &'static str {
    match template.split_at_checked(idp_api::paths::BASE.len()) {
        Some((_, rest)) => rest,
        None => template,
    }
}
