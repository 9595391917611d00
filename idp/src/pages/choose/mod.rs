//! Choosing among the people signed in with this browser.

pub(super) mod view;

use axum::response::Response;
use idp_domain::id::SessionId;

use self::view::{AccountChoice, ChooseView};
use super::{visitor::Visitor, waiting::Waiting};
use crate::http::{
    forms::{PageForm, PageQuery},
    paths,
};

/// `GET /choose`.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let waiting = Waiting::find(&visitor, &query).await?;
    let choice = |live: &idp_app::browser::LiveSession| AccountChoice {
        session: live.session.id.to_string(),
        name: live.person.display_name.to_string(),
        detail: live.person.email.as_ref().map_or_else(|| live.person.username.to_string(), ToString::to_string),
    };
    let view = ChooseView {
        flow: waiting.id(),
        service: waiting.service_name(&visitor).await?,
        accounts: visitor.browser.sessions.iter().map(choice).collect(),
        other: waiting.at(paths::LOGIN),
        csrf: visitor.csrf(&form(&waiting)),
    };
    Ok(visitor.page_of(http::StatusCode::OK, waiting.class(), view::page(visitor.bare_shell(), &view)))
}

/// `POST /choose`.
pub(super) async fn submit(visitor: Visitor, form_sent: PageForm) -> Result<Response, Response> {
    let mut waiting = Waiting::find(&visitor, &form_sent.0).await?;
    visitor.check(&form_sent, &form(&waiting))?;
    let chosen = form_sent.0.text("session").parse::<SessionId>().ok().and_then(|id| visitor.browser.session(id));
    let Some(live) = chosen else {
        // that session ended meanwhile: the page shows those that are left
        return Ok(visitor.go(&waiting.at(paths::CHOOSE)));
    };
    waiting.flow.signed_in(live.session.id, visitor.secret.hash());
    waiting.go_on(&visitor).await
}

fn form(waiting: &Waiting) -> String {
    format!("choose:{}", waiting.flow.id)
}
