//! Doors of one person: opened, changed, closed.

pub(crate) mod change;
pub(crate) mod close;
pub(crate) mod open;

use idp_api::{Door, MemberDetail, MemberOffer};

/// The door of this id.
fn door<'a>(member: &'a MemberDetail, grant: &str) -> Option<&'a Door> {
    member.doors.iter().find(|door| door.grant_id == grant)
}

/// What the collective is offered of a service, from the offers to the person or, for a service whose door is open
/// already, from the collective's own list.
fn offer_of<'a>(offers: &'a [MemberOffer], service: &str) -> Option<&'a MemberOffer> {
    offers.iter().find(|offer| offer.service.id == service)
}
