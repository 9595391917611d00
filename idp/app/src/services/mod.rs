//! Doors: which services a collective is offered, whom its managers let in, and what follows for the services when a
//! door opens, changes or closes.

mod consequences;
mod doors;
mod ends;
mod names;
mod terms;
mod told;

pub mod change_grant;
pub mod grant_service;
pub mod list_offered;
pub mod withdraw_grant;

pub(crate) use consequences::{Before, Seen, follow};
pub use consequences::{ClosedDoor, ClosedNote, Consequences, Told};
pub use doors::{Door, DoorState};
pub(crate) use doors::{Holder, doors_of, is_open_to};
pub use ends::follow_ends;
pub(crate) use names::{Renamed, tell_of_name};
pub(crate) use terms::within;
pub use terms::{TermsRefusal, WantedTerms};
pub(crate) use told::told_of;
pub use told::{ServiceTold, ToldState};
