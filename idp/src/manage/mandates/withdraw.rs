//! Taking a proposal back, ending a mandate, laying one's own down.

use idp_api::{ActOutcome, MandateState, Problem, WithdrawMandate, paths};
use idp_app::collectives::{
    mandates,
    withdraw_mandate::{self, WithdrawMandateRefusal, withdraw_mandate},
};
use idp_domain::id::{CollectiveId, MandateId, MembershipId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, IntoProblem, conflict, failed, json, last_manager, refused},
        at,
        caller::FreshCaller,
        convert,
        ids::At,
        parse,
    },
};

/// Takes the proposal of a manager back or ends a manager's mandate, one's own too. Needs a sign-in of the last five minutes
#[utoipa::path(post, path = at(paths::MANDATE_WITHDRAW), tag = "mandates", operation_id = "withdraw_mandate",
    request_body = WithdrawMandate, responses((status = 200, body = ActOutcome)))]
pub(in crate::manage) async fn withdraw(
    FreshCaller(caller): FreshCaller,
    At((collective, membership, mandate)): At<(CollectiveId, MembershipId, MandateId)>,
    ApiBody(body): ApiBody<WithdrawMandate>,
) -> Answer {
    let reason = parse::reason(body.reason.as_deref()).map_err(|problem| refused(&caller.cx, problem))?;
    let seen = match body.state {
        MandateState::Proposed => mandates::MandateState::Proposed,
        MandateState::Accepted => mandates::MandateState::Accepted,
    };
    let input = withdraw_mandate::WithdrawMandate { collective, membership, mandate, seen, reason };
    let consequences = withdraw_mandate(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(json(&caller.cx, &convert::outcome(&consequences)))
}

impl IntoProblem for WithdrawMandateRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::WrongState => conflict("wrong_state"),
            Self::LastManager => last_manager(),
        }
    }
}
