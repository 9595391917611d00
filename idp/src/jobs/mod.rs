//! Work that leaves the process or takes its time: taken from the outbox, done at least once, put back when it fails.
//!
//! [`worker`] takes and distributes; [`send_mail`] and [`backchannel_logout`] are what it does; [`hosts`] keeps one slow
//! receiver from holding up the others.

mod backchannel_logout;
mod hosts;
mod send_mail;
mod worker;

pub use worker::Worker;
