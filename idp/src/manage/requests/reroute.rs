//! Handing a request over.

use idp_api::{Problem, Reroute, paths};
use idp_app::collectives::reroute_request::{RerouteRequest, RerouteRequestRefusal, reroute_request};
use idp_domain::id::{CollectiveId, RequestId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, IntoProblem, conflict, done, failed, refused},
        at,
        caller::Caller,
        ids::At,
        parse::wrong,
    },
};

/// Hands a request over to another collective
#[utoipa::path(post, path = at(paths::REQUEST_REROUTE), tag = "requests", operation_id = "reroute_request", request_body = Reroute,
    responses((status = 204)))]
pub(in crate::manage) async fn reroute(
    caller: Caller,
    At((collective, request)): At<(CollectiveId, RequestId)>,
    ApiBody(body): ApiBody<Reroute>,
) -> Answer {
    let to = body.to.parse().map_err(|_| refused(&caller.cx, wrong("to", "unknown")))?;
    let input = RerouteRequest { collective, request, to };
    reroute_request(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    Ok(done(&caller.cx))
}

impl IntoProblem for RerouteRequestRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::AlreadyDecided => conflict("already_decided"),
            Self::NotAJoinRequest => conflict("not_a_join_request"),
            Self::UnknownTarget => wrong("to", "unknown"),
        }
    }
}
