//! The dispatcher of a login: where the flow stands decides which page, or which answer, comes next.

use axum::response::Response;

use super::{visitor::Visitor, waiting::Waiting};
use crate::http::forms::PageQuery;

/// `GET /flow`.
pub(super) async fn go_on(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let waiting = Waiting::find(&visitor, &query).await?;
    let step = waiting.step(&visitor).await?;
    Ok(waiting.follow(&visitor, step).await)
}
