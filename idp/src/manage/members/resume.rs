//! Letting a paused or lapsed membership stand again.

use idp_api::{ActOutcome, WithReason, paths};
use idp_app::collectives::resume_membership::resume_membership;
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

/// Lets a paused or lapsed membership stand again
#[utoipa::path(post, path = at(paths::MEMBER_RESUME), tag = "members", operation_id = "resume_membership", request_body = WithReason,
    params(("If-Match" = String, Header, description = "`\"<version>\"`")), responses((status = 200, body = ActOutcome)))]
pub(in crate::manage) async fn resume(
    caller: Caller,
    At(target): At<(CollectiveId, MembershipId)>,
    Seen(version): Seen,
    ApiBody(body): ApiBody<WithReason>,
) -> Answer {
    let input = change(target, version, &body).map_err(|problem| refused(&caller.cx, problem))?;
    let consequences = resume_membership(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &convert::outcome(&consequences)))
}
