//! Asking before a service learns something about a person.

pub(super) mod view;

use axum::response::Response;
use idp_app::{
    account::service_card::describe_client,
    authorize::{ConsentQuestion, Step, turned_back},
};
use idp_domain::scope::ScopeSet;

use self::view::ConsentView;
use super::{visitor::Visitor, waiting::Waiting};
use crate::http::forms::{PageForm, PageQuery};

/// The field that names whom the page asked: the person may change in another tab before the answer comes.
const SESSION: &str = "session";
/// The field that names what the page showed: a client may be allowed more before the answer comes.
const SCOPE: &str = "scope";

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
        scopes: question.scope,
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
    // where the question is somebody else's by now, or a wider one, it is asked again
    let session = form_sent.0.text(SESSION).parse().ok();
    let agreed = session.map(|session| ConsentQuestion { session, scope: ScopeSet::parse(form_sent.0.text(SCOPE)) });
    let step = waiting.step(&visitor, agreed).await?;
    Ok(waiting.follow(&visitor, step).await)
}

fn form(waiting: &Waiting) -> String {
    format!("consent:{}", waiting.flow.id)
}
