//! Where somebody starts without coming from a service.

pub(super) mod view;

use axum::response::Response;

use super::visitor::Visitor;
use crate::http::paths;

/// `GET /`: one's own account, or how to get in.
pub(super) async fn show(visitor: Visitor) -> Response {
    if visitor.browser.current().is_some() {
        return visitor.go(paths::ACCOUNT);
    }
    visitor.page(view::page(visitor.shell()))
}
