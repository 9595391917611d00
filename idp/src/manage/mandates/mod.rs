//! Mandates of managers. What is done here gives or takes power: the caller has to have signed in a moment ago.

pub(super) mod propose;
pub(super) mod withdraw;
