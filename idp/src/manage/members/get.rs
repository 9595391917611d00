//! One of a collective's people.

use idp_api::{MemberDetail, paths};
use idp_app::collectives::view_member::view_member;
use idp_domain::id::{CollectiveId, MembershipId};

use crate::manage::{
    answer::{Answer, failed, versioned},
    at,
    caller::Caller,
    convert,
    ids::At,
};

/// One of its people; that person can read that somebody looked
#[utoipa::path(get, path = at(paths::MEMBER), tag = "members", operation_id = "get_member",
    responses((status = 200, body = MemberDetail)))]
pub(in crate::manage) async fn get(caller: Caller, At((collective, membership)): At<(CollectiveId, MembershipId)>) -> Answer {
    let view = view_member(&caller.act, &caller.standing, collective, membership).await.map_err(failed(&caller.cx))?;
    Ok(versioned(&caller.cx, view.membership.version, &convert::member(&view, caller.act.now)))
}
