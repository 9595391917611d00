//! The newcomer's single process: idp and admin-ui together, the demo beside them.
//!
//! Wiring only. `place` decides where everything is, `listen` takes the ports, `house` runs the programs together, `demo`
//! invents people. Each program is the one operators run, and they speak with each other over HTTP.

pub mod demo;
pub mod house;
pub mod listen;
pub mod place;

pub use place::Place;
