//! The people of a collective.

use idp_api::{MemberItem, MembershipState, Page, paths};
use idp_app::collectives::list_members::{ListMembers, list_members};
use idp_domain::{Timestamp, id::CollectiveId, membership};

use crate::manage::{
    answer::{Answer, failed, json, refused},
    at,
    caller::Caller,
    convert,
    ids::At,
    query::{Query, sealed},
};

/// People whose name or username contains `q`, or whose address it is, by name
#[utoipa::path(get, path = at(paths::MEMBERS), tag = "members", operation_id = "list_members",
    params(("q" = Option<String>, Query), ("state" = Option<MembershipState>, Query), ("cursor" = Option<String>, Query),
        ("limit" = Option<u32>, Query)),
    responses((status = 200, body = Page<MemberItem>)))]
pub(in crate::manage) async fn list(caller: Caller, At(collective): At<CollectiveId>, query: Query) -> Answer {
    let bad = |problem| refused(&caller.cx, problem);
    let query = query.only(&["q", "state", "cursor", "limit"]).map_err(bad)?;
    let state = query.one_of("state", membership::MembershipState::from_name).map_err(bad)?;
    let (after, limit) = (query.cursor(|text| text.parse().ok()).map_err(bad)?, query.limit().map_err(bad)?);
    let input = ListMembers { collective, text: query.text("q"), state, after, limit };
    let page = list_members(&caller.act, &caller.standing, input).await.map_err(failed(&caller.cx))?;
    let items = page.items.iter().map(|member| MemberItem {
        id: member.membership.id.to_string(),
        name: member.shown.name.clone(),
        username: member.shown.username.clone(),
        state: convert::membership_state_now(member.membership.state, member.membership.ends_at, caller.act.now),
        roles: convert::roles(&member.roles),
        ends_at: member.membership.ends_at.map(Timestamp::millis),
        open_doors: convert::count(member.open_doors),
    });
    Ok(json(&caller.cx, &Page { items: items.collect(), next: page.next.map(|last| sealed(&last.to_string())) }))
}
