//! Accepting a request.

use idp_api::{Accept, Accepted, Problem, paths};
use idp_app::collectives::accept_request::{AcceptRequest, AcceptRequestRefusal, DoorRefusal, Doors, accept_request};
use idp_domain::id::{CollectiveId, RequestId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, Checked, IntoProblem, conflict, failed, json, refused},
        at,
        caller::Caller,
        convert,
        grants::give::offer_problem,
        ids::At,
        parse::{self, Errors, wrong},
    },
};

/// Accepts a request and opens doors at once
#[utoipa::path(post, path = at(paths::REQUEST_ACCEPT), tag = "requests", operation_id = "accept_request", request_body = Accept,
    responses((status = 200, body = Accepted)))]
pub(in crate::manage) async fn accept(
    caller: Caller,
    At((collective, request)): At<(CollectiveId, RequestId)>,
    ApiBody(body): ApiBody<Accept>,
) -> Answer {
    let doors = doors(&body).map_err(|problem| refused(&caller.cx, problem))?;
    let input = AcceptRequest { collective, request, doors };
    let accepted = accept_request(&caller.act, &caller.standing, &input).await.map_err(failed(&caller.cx))?;
    let doors = accepted.doors.iter().map(convert::door).collect();
    Ok(json(&caller.cx, &Accepted { membership_id: accepted.membership.map(|id| id.to_string()), doors }))
}

fn doors(body: &Accept) -> Checked<Doors> {
    let mut errors = Errors::default();
    let mut wanted = Vec::with_capacity(body.grants.len());
    for (index, grant) in body.grants.iter().enumerate() {
        wanted.extend(parse::grant(&mut errors, &format!("grants.{index}."), grant));
    }
    errors.or(Some(Doors::Exactly(wanted)))
}

impl IntoProblem for AcceptRequestRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::AlreadyDecided => conflict("already_decided"),
            Self::AddressNotVerified => conflict("address_not_verified"),
            Self::AccountNotOpen => conflict("account_not_open"),
            Self::MembershipNotActive => conflict("membership_not_active"),
            Self::NothingChosen => wrong("grants", "empty"),
            Self::Door { index, why } => match why {
                DoorRefusal::Offer(refusal) => offer_problem(&format!("grants.{index}."), refusal),
                DoorRefusal::AlreadyOpen => conflict("already_open"),
                DoorRefusal::NotAskedFor => wrong(format!("grants.{index}.service_id"), "not_asked_for"),
            },
        }
    }
}
