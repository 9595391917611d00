//! The collectives the caller manages.

use idp_api::{CollectiveItem, Page, paths};
use idp_app::collectives::list_mine::{MyCollective, list_mine};

use crate::manage::{
    answer::{Answer, broken, json, refused},
    at,
    caller::Caller,
    convert,
    query::Query,
};

/// The collectives the caller manages, by name
#[utoipa::path(get, path = at(paths::COLLECTIVES), tag = "collectives", operation_id = "list_collectives",
    responses((status = 200, body = Page<CollectiveItem>)))]
pub(in crate::manage) async fn list(caller: Caller, query: Query) -> Answer {
    query.only(&[]).map_err(|problem| refused(&caller.cx, problem))?;
    let mine = list_mine(&caller.act, &caller.standing).await.map_err(broken(&caller.cx))?;
    let managed = mine.into_iter().filter(MyCollective::is_managed).map(|mine| CollectiveItem {
        id: mine.collective.id.to_string(),
        slug: mine.collective.slug.to_string(),
        name: mine.collective.name.to_string(),
        state: convert::collective_state(mine.collective.state),
        open_requests: convert::count(mine.open_requests),
    });
    Ok(json(&caller.cx, &Page::only(managed.collect())))
}
