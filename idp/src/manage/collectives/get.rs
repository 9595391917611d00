//! One collective.

use idp_api::{Collective, paths};
use idp_app::collectives::view::view_collective;
use idp_domain::id::CollectiveId;

use crate::manage::{
    answer::{Answer, failed, versioned},
    at,
    caller::Caller,
    convert,
    ids::At,
};

/// One collective; its numbers for its managers only
#[utoipa::path(get, path = at(paths::COLLECTIVE), tag = "collectives", operation_id = "get_collective",
    responses((status = 200, body = Collective)))]
pub(in crate::manage) async fn get(caller: Caller, At(collective): At<CollectiveId>) -> Answer {
    let view = view_collective(&caller.act, &caller.standing, collective).await.map_err(failed(&caller.cx))?;
    let version = view.collective.version;
    Ok(versioned(&caller.cx, version, &convert::collective(caller.cx.edge.issuer(), view)))
}
