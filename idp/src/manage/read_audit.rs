//! What happened in a collective.

use idp_api::{AuditItem, Page, paths};
use idp_app::collectives::read_audit::read_audit;
use idp_domain::id::CollectiveId;

use super::{
    answer::{Answer, failed, json, refused},
    at,
    caller::Caller,
    convert,
    ids::At,
    query::{Query, sealed},
};

/// What happened in the collective, the newest first
#[utoipa::path(get, path = at(paths::AUDIT), tag = "audit", operation_id = "read_audit",
    params(("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)), responses((status = 200, body = Page<AuditItem>)))]
pub(super) async fn list(caller: Caller, At(collective): At<CollectiveId>, query: Query) -> Answer {
    let bad = |problem| refused(&caller.cx, problem);
    let query = query.only(&["cursor", "limit"]).map_err(bad)?;
    let (before, limit) = (query.cursor(|text| text.parse().ok()).map_err(bad)?, query.limit().map_err(bad)?);
    let page = read_audit(&caller.act, &caller.standing, collective, before, limit).await.map_err(failed(&caller.cx))?;
    let items = page.items.iter().map(convert::audit_item).collect();
    Ok(json(&caller.cx, &Page { items, next: page.next.map(|seq| sealed(&seq.to_string())) }))
}
