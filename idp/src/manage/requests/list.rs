//! The queue.

use idp_api::{Page, RequestItem, RequestKind, paths};
use idp_app::collectives::list_requests::{ListRequests, list_requests};
use idp_domain::{
    Timestamp,
    id::{CollectiveId, RequestId},
};

use crate::manage::{
    answer::{Answer, failed, json, refused},
    at,
    caller::Caller,
    convert,
    ids::At,
    query::{Query, sealed},
};

/// Open requests, the oldest first
#[utoipa::path(get, path = at(paths::REQUESTS), tag = "requests", operation_id = "list_requests",
    params(("kind" = Option<RequestKind>, Query), ("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Page<RequestItem>)))]
pub(in crate::manage) async fn list(caller: Caller, At(collective): At<CollectiveId>, query: Query) -> Answer {
    let bad = |problem| refused(&caller.cx, problem);
    let query = query.only(&["kind", "cursor", "limit"]).map_err(bad)?;
    let kind = query.one_of("kind", RequestKind::from_name).map_err(bad)?.map(RequestKind::as_str);
    let (after, limit) = (query.cursor(place).map_err(bad)?, query.limit().map_err(bad)?);
    let input = ListRequests { collective, kind, after, limit };
    let page = list_requests(&caller.act, &caller.standing, input).await.map_err(failed(&caller.cx))?;
    let next = page.next.map(|(at, id)| sealed(&format!("{} {id}", at.millis())));
    Ok(json(&caller.cx, &Page { items: page.items.iter().map(convert::request_item).collect(), next }))
}

fn place(text: &str) -> Option<(Timestamp, RequestId)> {
    let (at, id) = text.split_once(' ')?;
    Some((Timestamp::from_millis(at.parse().ok()?), id.parse().ok()?))
}
