//! Plumbing without business: who asks, in which language, with which cookies; forms, errors, headers.

pub(crate) mod answer;
pub(crate) mod caller;
pub(crate) mod cookies;
pub(crate) mod cx;
pub(crate) mod draft;
pub(crate) mod errors;
pub(crate) mod fields;
pub(crate) mod flash;
pub(crate) mod headers;
pub(crate) mod paths;
