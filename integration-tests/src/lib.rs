//! Journeys through the real routers, databases and browser; the benchmark.
//!
//! The harness in reading order: [`process`] builds and runs the programs, [`http`] is a user agent without a window that shows
//! every step ([`html`] reads its pages, [`cookies`] keeps and judges its cookies), [`browser`] is Chromium, [`pg`] lends a
//! database of its own to each test. [`receiver`] is a service that hears back-channel logout, [`smtp`] a mail server. [`ambient`]
//! is what all of them take from the machine.

pub mod ambient;
pub mod bench;
pub mod browser;
pub mod cookies;
pub mod desk;
pub mod desk_app;
pub mod html;
pub mod http;
pub mod pg;
pub mod process;
pub mod receiver;
pub mod rp;
pub mod smtp;
pub mod world;
