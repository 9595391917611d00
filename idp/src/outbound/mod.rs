//! Requests we make to others: one client with deadlines, and addresses checked when it connects (D27).

mod address;
mod http;

pub use address::AddressPolicy;
pub use http::{Outbound, OutboundError};
