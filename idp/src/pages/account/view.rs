//! The pages of an account.

mod collectives;
mod security;
mod services;

pub(crate) use collectives::{CollectivesView, DutyView, InvitationView, MembershipView, ProposalView, RequestView, collectives};
pub(crate) use security::{SecurityView, SessionView, security};
pub(crate) use services::{AskView, Awaiting, ClosedTile, OpenTile, ServicesView, ask, services};
