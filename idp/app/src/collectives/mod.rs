//! What managers do for the people of their collective. One act per file; every one asks [`idp_domain::policy::can`]
//! first, decides about memberships and never about persons, and is audited in the transaction that changes something.

mod admit;
mod allowed;
mod look;
mod member;
mod membership_change;
mod page;
mod places;
mod roles;

pub mod accept_invitation;
pub mod accept_request;
pub mod edit;
pub mod end_membership;
pub mod found_collective;
pub mod invite_member;
pub mod list_members;
pub mod list_mine;
pub mod list_requests;
pub mod mandates;
pub mod propose_manager;
pub mod read_audit;
pub mod refuse_request;
pub mod reroute_request;
pub mod resend_invitation;
pub mod resume_membership;
pub mod suspend_membership;
pub mod view;
pub mod view_member;
pub mod withdraw_mandate;

pub(crate) use admit::take_invitation_back;
pub use allowed::Denied;
pub(crate) use allowed::{allow, promised};
pub(crate) use member::Member;
pub use membership_change::{ChangeMembership, MembershipRefusal};
pub use page::PageOf;
pub(crate) use places::give_up_places;
pub use roles::RoleInCollective;
