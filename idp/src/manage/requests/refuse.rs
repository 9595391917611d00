//! Refusing a request.

use idp_api::{Problem, Refuse, paths};
use idp_app::collectives::refuse_request::{RefuseRequest, RefuseRequestRefusal, refuse_request};
use idp_domain::id::{CollectiveId, RequestId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, IntoProblem, conflict, done, failed, refused},
        at,
        caller::Caller,
        ids::At,
        parse::{self, wrong},
    },
};

/// Refuses a request with a reason the person can read
#[utoipa::path(post, path = at(paths::REQUEST_REFUSE), tag = "requests", operation_id = "refuse_request", request_body = Refuse,
    responses((status = 204)))]
pub(in crate::manage) async fn refuse(
    caller: Caller,
    At((collective, request)): At<(CollectiveId, RequestId)>,
    ApiBody(body): ApiBody<Refuse>,
) -> Answer {
    let reason = parse::reason(Some(&body.reason)).map_err(|problem| refused(&caller.cx, problem))?;
    let input = RefuseRequest { collective, request, reason };
    refuse_request(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(done(&caller.cx))
}

impl IntoProblem for RefuseRequestRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::AlreadyDecided => conflict("already_decided"),
            Self::ReasonMissing => wrong("reason", "empty"),
        }
    }
}
