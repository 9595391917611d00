//! Asking before a service learns something about a person.

pub(super) mod view;

use axum::response::Response;
use idp_app::{
    account::service_card::describe_client,
    authorize::{Step, turned_back},
};

use self::view::ConsentView;
use super::{visitor::Visitor, waiting::Waiting};
use crate::http::forms::{PageForm, PageQuery};

/// The field that names whom the page asked: the person may change in another tab before the answer comes.
const SESSION: &str = "session";

/// `GET /consent`.
pub(super) async fn show(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let waiting = Waiting::find(&visitor, &query).await?;
    let question = match waiting.step(&visitor, None).await? {
        Step::Consent(question) => question,
        step => return Ok(waiting.follow(&visitor, step).await),
    };
    let card = describe_client(&visitor.act(), &waiting.client).await.map_err(|fault| visitor.fault(&fault))?;
    let person = visitor.browser.session(question.session).map(|live| live.person.display_name.to_string());
    let view = ConsentView {
        flow: waiting.id(),
        service: card.name,
        owners: card.owners,
        host: waiting.host(),
        person: person.unwrap_or_default(),
        session: question.session.to_string(),
        scopes: question.scope.iter().collect(),
        csrf: visitor.csrf(&form(&waiting)),
    };
    Ok(visitor.page_of(http::StatusCode::OK, waiting.class(), view::page(visitor.bare_shell(), &view)))
}

/// `POST /consent`.
pub(super) async fn submit(visitor: Visitor, form_sent: PageForm) -> Result<Response, Response> {
    let waiting = Waiting::find(&visitor, &form_sent.0).await?;
    visitor.check(&form_sent, &form(&waiting))?;
    if form_sent.0.text("answer") != "agree" {
        return Ok(waiting.refuse(&visitor, turned_back()).await);
    }
    // where the question is somebody else's by now, they are asked themselves
    let step = waiting.step(&visitor, form_sent.0.text(SESSION).parse().ok()).await?;
    Ok(waiting.follow(&visitor, step).await)
}

fn form(waiting: &Waiting) -> String {
    format!("consent:{}", waiting.flow.id)
}
