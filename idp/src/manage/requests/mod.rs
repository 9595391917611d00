//! Requests that wait for a collective's managers.

pub(super) mod accept;
pub(super) mod get;
pub(super) mod list;
pub(super) mod refuse;
pub(super) mod reroute;
pub(super) mod targets;
