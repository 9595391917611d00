//! The managers' desk: a relying party that speaks only to the management API.
