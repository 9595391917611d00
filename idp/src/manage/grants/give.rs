//! Opening a door.

use idp_api::{DoorOutcome, Grant, Problem, ProblemType, paths};
use idp_app::{
    once::{Once, Repeatable},
    services::{
        TermsRefusal,
        grant_service::{GrantService, GrantServiceRefusal, OfferRefusal, Opened, grant_service},
    },
};
use idp_domain::id::{CollectiveId, MembershipId};

use crate::{
    http::forms::ApiBody,
    manage::{
        answer::{Answer, IntoProblem, conflict, created, failed, refused, text_of},
        at,
        caller::Caller,
        convert,
        headers::Key,
        ids::At,
        parse::{self, Errors, wrong},
    },
};

/// Opens a door for a member
#[utoipa::path(post, path = at(paths::GRANTS), tag = "grants", operation_id = "give_grant", request_body = Grant,
    params(("Idempotency-Key" = Option<String>, Header)), responses((status = 201, body = DoorOutcome)))]
pub(in crate::manage) async fn give(
    caller: Caller,
    At((collective, membership)): At<(CollectiveId, MembershipId)>,
    Key(key): Key,
    ApiBody(body): ApiBody<Grant>,
) -> Answer {
    let mut errors = Errors::default();
    let wanted = parse::grant(&mut errors, "", &body);
    let wanted = errors.or(wanted).map_err(|problem| refused(&caller.cx, problem))?;
    let input = GrantService { collective, membership, service: wanted.service, terms: wanted.terms };
    let write = |opened: &Opened| text_of(&convert::door_outcome(opened));
    let place = format!("give_grant {collective} {membership}");
    let once = key.map(|key| Once::new(caller.person.id, &key, &place, text_of(&body).as_bytes(), &write));
    let opened = grant_service(&caller.act, &caller.standing, &input, once.as_ref()).await.map_err(failed(&caller.cx))?;
    Ok(created(
        &caller.cx,
        match &opened {
            Repeatable::Done(opened) => write(opened),
            Repeatable::Before(answer) => answer.clone(),
        },
    ))
}

impl IntoProblem for GrantServiceRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::MembershipNotActive => conflict("membership_not_active"),
            Self::Offer(refusal) => offer_problem("", refusal),
            Self::AlreadyOpen => conflict("already_open"),
            Self::KeyReused => Problem::new(ProblemType::IdempotencyKeyReused),
        }
    }
}

/// Why an offer does not allow it; `at` stands before each field's name.
pub(in crate::manage) fn offer_problem(at: &str, refusal: OfferRefusal) -> Problem {
    match refusal {
        OfferRefusal::NotOffered => wrong(format!("{at}service_id"), "not_offered"),
        OfferRefusal::ServiceNotActive => conflict("service_not_active"),
        OfferRefusal::Terms(refusal) => terms_problem(at, refusal),
    }
}

/// Why terms do not fit the offer.
pub(super) fn terms_problem(at: &str, refusal: TermsRefusal) -> Problem {
    let wrong = [
        (refusal.role_not_offered, "role", "not_offered"),
        (refusal.quota_above_ceiling, "quota", "above_ceiling"),
        (refusal.ends_in_the_past, "ends_at", "in_the_past"),
    ];
    let wrong = wrong.into_iter().filter(|(is_so, ..)| *is_so);
    wrong.fold(Problem::new(ProblemType::InvalidFields), |problem, (_, field, code)| problem.with_field(format!("{at}{field}"), code))
}
