//! Doors a collective opens for its people.

pub(super) mod change;
pub(super) mod give;
pub(super) mod withdraw;
