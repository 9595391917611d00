//! Requests we make to others: one client with deadlines, and addresses checked when it connects (D27). An [`Outbound`] serves one
//! purpose under a policy of its own; the first is back-channel logout.

mod address;
mod http;

pub use address::AddressPolicy;
pub use http::{Outbound, OutboundError};
