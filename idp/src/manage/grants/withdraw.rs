//! Closing a door.

use idp_api::{ActOutcome, Problem, ProblemType, WithReason, paths};
use idp_app::services::withdraw_grant::{WithdrawGrant, WithdrawGrantRefusal, withdraw_grant};
use idp_domain::id::{CollectiveId, GrantId, MembershipId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, IntoProblem, failed, json, refused},
        at,
        caller::Caller,
        convert,
        headers::Seen,
        ids::At,
        parse,
    },
};

/// Closes a door this collective opened
#[utoipa::path(post, path = at(paths::GRANT_WITHDRAW), tag = "grants", operation_id = "withdraw_grant", request_body = WithReason,
    params(("If-Match" = String, Header, description = "`\"<version>\"`")), responses((status = 200, body = ActOutcome)))]
pub(in crate::manage) async fn withdraw(
    caller: Caller,
    At((collective, membership, grant)): At<(CollectiveId, MembershipId, GrantId)>,
    Seen(version): Seen,
    ApiBody(body): ApiBody<WithReason>,
) -> Answer {
    let reason = parse::reason(body.reason.as_deref()).map_err(|problem| refused(&caller.cx, problem))?;
    let input = WithdrawGrant { collective, membership, grant, version, reason };
    let consequences = withdraw_grant(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &convert::outcome(&consequences)))
}

impl IntoProblem for WithdrawGrantRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::Stale => Problem::new(ProblemType::VersionMismatch),
        }
    }
}
