//! What people see: one folder per journey, handlers and views side by side.
//!
//! A handler reads the form, lets a use case decide and either shows a view or redirects; a view is a function of plain
//! data. During a login no page knows another: each tells [`waiting`] what it learnt, which answers with what comes next.

mod account;
mod choose;
mod consent;
mod home;
mod join;
mod login;
pub(crate) mod logout;
mod no_access;
mod setup;
mod verify;
pub(crate) mod visitor;
pub(crate) mod waiting;
mod welcome;
mod wrong;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod tests;

use axum::{
    Router,
    routing::{get, post},
};

use crate::{http::paths, wiring::AppState};

/// Every page. The guard against other sites' forms goes around all of them.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route(paths::HOME, get(home::show))
        .route(paths::LOGIN, get(login::show).post(login::submit))
        .route(paths::CHOOSE, get(choose::show).post(choose::submit))
        .route(paths::CONSENT, get(consent::show).post(consent::submit))
        .route(paths::NO_ACCESS, get(no_access::show).post(no_access::submit))
        .route(paths::JOIN, get(join::pick))
        .route(paths::JOIN_COLLECTIVE, get(join::show).post(join::submit))
        .route(paths::VERIFY, get(verify::show).post(verify::submit))
        .route(paths::WELCOME, get(welcome::show).post(welcome::submit))
        .route(paths::SETUP, get(setup::show).post(setup::submit))
        .route(paths::ACCOUNT, get(account::services))
        .route(paths::ACCOUNT_ASK, get(account::ask_form).post(account::ask))
        .route(paths::ACCOUNT_COLLECTIVES, get(account::collectives))
        .route(paths::ACCOUNT_ANSWER, post(account::answer))
        .route(paths::ACCOUNT_SECURITY, get(account::security))
        .route(paths::ACCOUNT_PASSWORD, post(account::change_password))
        .route(paths::ACCOUNT_SESSION, post(account::end_session))
        .route(paths::ACCOUNT_AUTHORIZATION, post(account::end_authorization))
        .route(paths::ACCOUNT_LANGUAGE, post(account::set_language))
        .route(paths::ACCOUNT_RECORD, get(account::record))
        .route(paths::LOGOUT, get(logout::show).post(logout::submit))
}

/// Characters in a free text, for the fields that take one.
const TEXT_CHARS: u32 = 2000;
/// Characters in a name, for the fields that take one.
const NAME_CHARS: u32 = 120;
