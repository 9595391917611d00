//! The mail that leads into the collective, once more.

use idp_api::{Problem, paths};
use idp_app::collectives::resend_invitation::{ResendInvitationRefusal, resend_invitation};
use idp_domain::{
    Ttl,
    id::{CollectiveId, MembershipId},
};

use crate::manage::{
    answer::{Answer, IntoProblem, conflict, done, failed, too_many_mails},
    at,
    caller::Caller,
    ids::At,
};

/// Sends the invitation again, or the welcome to who is a member already; at most three times a day
#[utoipa::path(post, path = at(paths::MEMBER_RESEND_INVITATION), tag = "members", operation_id = "resend_invitation",
    responses((status = 204)))]
pub(in crate::manage) async fn resend(caller: Caller, At((collective, membership)): At<(CollectiveId, MembershipId)>) -> Answer {
    resend_invitation(&caller.act, &caller.standing, collective, membership).await.map_err(failed(&caller.cx))?;
    Ok(done(&caller.cx))
}

impl IntoProblem for ResendInvitationRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::WrongState => conflict("wrong_state"),
            Self::NoAddress => conflict("no_address"),
            Self::TooMany(_) => too_many_mails(),
        }
    }
    fn wait(&self) -> Option<Ttl> {
        if let Self::TooMany(often) = self { Some(often.wait) } else { None }
    }
}
