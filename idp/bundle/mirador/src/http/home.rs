//! `/`: who you are here, or the way in.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::{Mirador, answer, params, visitor::Visitor};
use crate::{
    oidc,
    views::{self, Notice},
};

pub(super) async fn show(State(state): State<Mirador>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let Some(signed_in) = &visitor.browser.signed_in else {
        let parameters = params::parse(query.as_deref().unwrap_or_default()).unwrap_or_default();
        let notice = match visitor.browser.ended_at {
            Some(at) => Notice::Ended { at },
            None if parameters.get("state").is_some_and(|state| state == oidc::SIGNED_OUT) => Notice::SignedOut,
            None => Notice::None,
        };
        let page = views::welcome(visitor.t, &state.settings.issuer, notice, visitor.now);
        return answer::page(&state, &visitor, StatusCode::OK, &page, None);
    };
    let origin = state.relying.end_session_origin().await;
    let page = views::who_you_are(visitor.t, &state.settings, signed_in, visitor.now);
    answer::page(&state, &visitor, StatusCode::OK, &page, origin.as_deref())
}

/// Any other address.
pub(super) async fn nowhere(State(state): State<Mirador>, visitor: Visitor) -> Response {
    answer::page(&state, &visitor, StatusCode::NOT_FOUND, &views::nowhere(visitor.t), None)
}
