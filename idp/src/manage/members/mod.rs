//! The people of a collective, as memberships.

pub(super) mod end;
pub(super) mod get;
pub(super) mod list;
pub(super) mod resend;
pub(super) mod resume;
pub(super) mod suspend;

use idp_api::{Problem, ProblemType, WithReason};
use idp_app::collectives::{ChangeMembership, MembershipRefusal};
use idp_domain::id::{CollectiveId, MembershipId};

use super::{
    answer::{Checked, IntoProblem, conflict, last_manager},
    parse,
};

/// An act on a membership, as the caller read it.
fn change((collective, membership): (CollectiveId, MembershipId), version: i64, body: &WithReason) -> Checked<ChangeMembership> {
    Ok(ChangeMembership { collective, membership, version, reason: parse::reason(body.reason.as_deref())? })
}

impl IntoProblem for MembershipRefusal {
    fn into_problem(self) -> Problem {
        match self {
            Self::Denied(denied) => denied.into_problem(),
            Self::Stale => Problem::new(ProblemType::VersionMismatch),
            Self::WrongState => conflict("wrong_state"),
            Self::LastManager => last_manager(),
        }
    }
}
