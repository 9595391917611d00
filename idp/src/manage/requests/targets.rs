//! Where a request can be handed to.

use idp_api::{Page, RerouteTarget, paths};
use idp_app::collectives::reroute_request::list_reroute_targets;
use idp_domain::id::CollectiveId;

use crate::manage::{
    answer::{Answer, failed, json, refused},
    at,
    caller::Caller,
    ids::At,
    query::{Query, sealed},
};

/// Listed collectives whose name contains `q`, by name
#[utoipa::path(get, path = at(paths::REROUTE_TARGETS), tag = "requests", operation_id = "list_reroute_targets",
    params(("q" = Option<String>, Query), ("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Page<RerouteTarget>)))]
pub(in crate::manage) async fn list(caller: Caller, At(collective): At<CollectiveId>, query: Query) -> Answer {
    let bad = |problem| refused(&caller.cx, problem);
    let query = query.only(&["q", "cursor", "limit"]).map_err(bad)?;
    let (after, limit) = (query.cursor(|text| text.parse().ok()).map_err(bad)?, query.limit().map_err(bad)?);
    let page = list_reroute_targets(&caller.act, &caller.standing, collective, query.text("q"), after, limit).await;
    let page = page.map_err(failed(&caller.cx))?;
    let targets = page.items.iter().map(|target| RerouteTarget {
        id: target.id.to_string(),
        slug: target.slug.to_string(),
        name: target.name.to_string(),
    });
    Ok(json(&caller.cx, &Page { items: targets.collect(), next: page.next.map(|last| sealed(&last.to_string())) }))
}
