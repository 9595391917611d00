//! A yes or no to what waits for the person, and requests taken back.

use axum::response::Response;
use idp_app::{
    Failure,
    account::{
        decide_mandate::{Answer, DecideMandateRefusal, decide_mandate},
        decline_invitation::{DeclineInvitationRefusal, decline_invitation},
    },
    browser::LiveSession,
    collectives::accept_invitation::{AcceptInvitationRefusal, accept_invitation},
    join::withdraw_request::{WithdrawRequestRefusal, withdraw_request},
};
use idp_domain::id::{CollectiveId, MandateId, RequestId};

use super::{ANSWER_FORM, done};
use crate::{
    http::{
        error_page::PageProblem,
        forms::{Fields, PageForm},
        paths,
    },
    pages::visitor::Visitor,
};

/// What the person says to what.
enum Said {
    Invitation(CollectiveId, Answer),
    Mandate(CollectiveId, MandateId, Answer),
    Withdraw(RequestId),
}

/// `POST /account/answer`.
pub(in crate::pages) async fn answer(visitor: Visitor, form: PageForm) -> Result<Response, Response> {
    let live = visitor.signed_in()?;
    visitor.check(&form, ANSWER_FORM)?;
    let said = read(&form.0).ok_or_else(|| visitor.problem(PageProblem::BadRequest))?;
    let told = carry_out(&visitor, live, &said).await?;
    Ok(visitor.go(&done(paths::ACCOUNT_COLLECTIVES, told)))
}

fn read(fields: &Fields) -> Option<Said> {
    let answer = match fields.text("answer") {
        "accept" => Some(Answer::Accept),
        "decline" => Some(Answer::Decline),
        _ => None,
    };
    match fields.text("about") {
        "invitation" => Some(Said::Invitation(fields.text("collective").parse().ok()?, answer?)),
        "mandate" => Some(Said::Mandate(fields.text("collective").parse().ok()?, fields.text("mandate").parse().ok()?, answer?)),
        "request" => Some(Said::Withdraw(fields.text("request").parse().ok()?)),
        _ => None,
    }
}

/// Does it; gives the name of what the next page tells.
async fn carry_out(visitor: &Visitor, live: &LiveSession, said: &Said) -> Result<&'static str, Response> {
    let (act, person) = (visitor.act_as(live), live.person.id);
    match *said {
        Said::Invitation(collective, Answer::Accept) => match accept_invitation(&act, collective).await {
            Ok(()) => Ok("accepted"),
            Err(Failure::Refused(AcceptInvitationRefusal::NotInvited | AcceptInvitationRefusal::AccountNotOpen)) => Ok("gone"),
            Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
        },
        Said::Invitation(collective, Answer::Decline) => match decline_invitation(&act, person, collective).await {
            Ok(()) => Ok("declined"),
            Err(Failure::Refused(DeclineInvitationRefusal::NotInvited)) => Ok("gone"),
            Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
        },
        Said::Mandate(collective, mandate, answer) => match decide_mandate(&act, person, collective, mandate, answer).await {
            Ok(()) if answer == Answer::Accept => Ok("accepted"),
            Ok(()) => Ok("declined"),
            Err(Failure::Refused(DecideMandateRefusal::NotProposed)) => Ok("gone"),
            Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
        },
        Said::Withdraw(request) => match withdraw_request(&act, person, request).await {
            Ok(()) => Ok("withdrawn"),
            Err(Failure::Refused(WithdrawRequestRefusal::NotOpen)) => Ok("gone"),
            Err(Failure::Fault(fault)) => Err(visitor.fault(&fault)),
        },
    }
}
