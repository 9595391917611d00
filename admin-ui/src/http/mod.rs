//! Plumbing without business: who asks, in which language, with which cookies; forms, errors, headers.

pub mod caller;
pub mod cookies;
pub mod cx;
pub mod draft;
pub mod errors;
pub mod fields;
pub mod flash;
pub mod headers;
pub mod paths;
