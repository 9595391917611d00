//! Changing a door.

use idp_api::{DoorOutcome, EditGrant, Problem, ProblemType, paths};
use idp_app::services::change_grant::{ChangeGrant, ChangeGrantRefusal, change_grant};
use idp_domain::id::{CollectiveId, GrantId, MembershipId};

use super::give::terms_problem;
use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, IntoProblem, conflict, failed, json, refused},
        at,
        caller::Caller,
        convert,
        headers::Seen,
        ids::At,
        parse::{self, Errors},
    },
};

/// Changes role, quota and end of a door
#[utoipa::path(patch, path = at(paths::GRANT), tag = "grants", operation_id = "change_grant", request_body = EditGrant,
    params(("If-Match" = String, Header, description = "`\"<version>\"`")), responses((status = 200, body = DoorOutcome)))]
pub(in crate::manage) async fn change(
    caller: Caller,
    At((collective, membership, grant)): At<(CollectiveId, MembershipId, GrantId)>,
    Seen(version): Seen,
    ApiBody(body): ApiBody<EditGrant>,
) -> Answer {
    let mut errors = Errors::default();
    let terms = parse::terms(&mut errors, "", &body);
    let terms = errors.or(terms).map_err(|problem| refused(&caller.cx, problem))?;
    let input = ChangeGrant { collective, membership, grant, version, terms };
    let opened = change_grant(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &convert::door_outcome(&opened)))
}

impl IntoProblem for ChangeGrantRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::Stale => Problem::new(ProblemType::VersionMismatch),
            Self::NotOffered => conflict("not_offered"),
            Self::Terms(refusal) => terms_problem("", refusal),
        }
    }
}
