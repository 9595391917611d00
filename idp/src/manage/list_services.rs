//! What a collective is offered.

use idp_api::{OfferItem, Page, paths};
use idp_app::services::list_offered::list_offered;
use idp_domain::id::CollectiveId;

use super::{
    answer::{Answer, failed, json, refused},
    at,
    caller::Caller,
    convert,
    ids::At,
    query::Query,
};

/// Every service offered to the collective, by name
#[utoipa::path(get, path = at(paths::SERVICES), tag = "services", operation_id = "list_services",
    responses((status = 200, body = Page<OfferItem>)))]
pub(super) async fn list(caller: Caller, At(collective): At<CollectiveId>, query: Query) -> Answer {
    query.only(&[]).map_err(|problem| refused(&caller.cx, problem))?;
    let offered = list_offered(&caller.act, &caller.standing, collective).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &Page::only(offered.iter().map(convert::offer_item).collect())))
}
