//! Ending a membership.

use idp_api::{ActOutcome, WithReason, paths};
use idp_app::collectives::end_membership::end_membership;
use idp_domain::id::{CollectiveId, MembershipId};

use super::change;
use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, failed, json, refused},
        at,
        caller::Caller,
        convert,
        headers::Seen,
        ids::At,
    },
};

/// Ends a membership
#[utoipa::path(post, path = at(paths::MEMBER_END), tag = "members", operation_id = "end_membership", request_body = WithReason,
    params(("If-Match" = String, Header, description = "`\"<version>\"`")), responses((status = 200, body = ActOutcome)))]
pub(in crate::manage) async fn end(
    caller: Caller,
    At(target): At<(CollectiveId, MembershipId)>,
    Seen(version): Seen,
    ApiBody(body): ApiBody<WithReason>,
) -> Answer {
    let input = change(target, version, &body).map_err(|problem| refused(&caller.cx, problem))?;
    let consequences = end_membership(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &convert::outcome(&consequences)))
}
