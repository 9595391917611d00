//! The pages of an account.

mod collectives;
mod record;
mod security;
mod services;

pub(crate) use collectives::{CollectivesView, DutyView, InvitationView, MembershipView, ProposalView, RequestView, collectives};
pub(crate) use record::{FactView, RecordView, WhoView, record};
pub(crate) use security::{ActingView, SecurityView, SessionView, security};
pub(crate) use services::{AskView, Awaiting, ClosedTile, OpenTile, ServicesView, ask, services};
