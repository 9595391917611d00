//! Proposing a member as manager.

use idp_api::{Mandate, Problem, paths};
use idp_app::collectives::propose_manager::{ProposeManagerRefusal, propose_manager};
use idp_domain::id::{CollectiveId, MembershipId};

use crate::manage::{
    answer::{Answer, IntoProblem, conflict, created, failed, text_of},
    at,
    caller::FreshCaller,
    convert,
    ids::At,
};

/// Proposes a member as manager; it counts once that person says yes. Needs a sign-in of the last five minutes
#[utoipa::path(post, path = at(paths::MEMBER_PROPOSE_MANAGER), tag = "mandates", operation_id = "propose_manager",
    responses((status = 201, body = Mandate)))]
pub(in crate::manage) async fn propose(
    FreshCaller(caller): FreshCaller,
    At((collective, membership)): At<(CollectiveId, MembershipId)>,
) -> Answer {
    let proposed = propose_manager(&caller.act, &caller.standing, collective, membership).await.map_err(failed(&caller.cx))?;
    Ok(created(&caller.cx, text_of(&convert::mandate(&proposed))))
}

impl IntoProblem for ProposeManagerRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::MembershipNotActive => conflict("membership_not_active"),
            Self::AccountNotOpen => conflict("account_not_open"),
            Self::AlreadyManager => conflict("already_manager"),
            Self::AlreadyProposed => conflict("already_proposed"),
        }
    }
}
