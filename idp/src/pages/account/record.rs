//! What was done with the account.

use axum::response::Response;
use idp_app::account::my_record::{DoneBy, MyFact, list_my_record};
use idp_domain::id::AuditId;

use super::{
    shell,
    view::{self, FactView, RecordView, WhoView},
};
use crate::{
    http::{error_page::PageProblem, forms::PageQuery, paths},
    pages::visitor::Visitor,
};

/// Facts on a page.
const FACTS: usize = 25;

/// `GET /account/record`.
pub(in crate::pages) async fn record(visitor: Visitor, PageQuery(query): PageQuery) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    let before: Option<AuditId> = match query.text("before") {
        "" => None,
        cursor => Some(cursor.parse().map_err(|_| visitor.problem(PageProblem::NotFound))?),
    };
    let found = list_my_record(&visitor.act_as(live), live.person.id, before, FACTS).await.map_err(|fault| visitor.fault(&fault))?;
    let view = RecordView {
        facts: found.items.iter().map(fact_view).collect(),
        older: found.next.map(|cursor| paths::with_query(paths::ACCOUNT_RECORD, "before", &cursor.to_string())),
        newest: before.is_none(),
        now: visitor.cx.now.millis(),
    };
    Ok(visitor.page(view::record(shell(&visitor, paths::ACCOUNT_RECORD, &query), &view)))
}

fn fact_view(fact: &MyFact) -> FactView {
    let place = fact.collective.iter().map(ToString::to_string).chain(fact.service.clone());
    FactView {
        kind: fact.kind.clone(),
        handed_to: fact.handed_to.as_ref().map(ToString::to_string).unwrap_or_default(),
        text: fact.text.clone(),
        place: place.collect(),
        who: match &fact.by {
            DoneBy::Oneself => WhoView::Oneself,
            DoneBy::Other(name, collective) => WhoView::Other(name.to_string(), collective.as_ref().map(ToString::to_string)),
            DoneBy::Erased => WhoView::Erased,
            DoneBy::Operator => WhoView::Operator,
            DoneBy::System => WhoView::System,
        },
        at: fact.at.millis(),
    }
}
