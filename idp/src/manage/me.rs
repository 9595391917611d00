//! Who calls.

use idp_api::{Me, MyCollective, paths};
use idp_app::collectives::list_mine::list_mine;

use super::{
    answer::{Answer, broken, json},
    at,
    caller::Caller,
    convert,
};

/// Who calls and what they look after
#[utoipa::path(get, path = at(paths::ME), tag = "me", operation_id = "me", responses((status = 200, body = Me)))]
pub(super) async fn get(caller: Caller) -> Answer {
    let mine = list_mine(&caller.act, &caller.standing).await.map_err(broken(&caller.cx))?;
    let collectives = mine.iter().map(|mine| MyCollective {
        id: mine.collective.id.to_string(),
        slug: mine.collective.slug.to_string(),
        name: mine.collective.name.to_string(),
        roles: convert::roles(&mine.roles),
        open_requests: convert::count(mine.open_requests),
    });
    let me = Me {
        person_id: caller.person.id.to_string(),
        name: caller.person.display_name.to_string(),
        username: caller.person.username.to_string(),
        locale: Some(convert::language(caller.person.locale)),
        collectives: collectives.collect(),
        community_steward: caller.standing.community_steward,
        operations_steward: caller.standing.operations_steward,
        auth_time: caller.auth_time.millis(),
    };
    Ok(json(&caller.cx, &me))
}
