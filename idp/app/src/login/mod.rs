//! Proving who somebody is. The only rooms that name a password-hashing library.

pub mod argon;
pub mod hasher;
mod hashing_threads;
pub mod password;
pub mod throttle;
