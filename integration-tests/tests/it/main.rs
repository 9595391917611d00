//! One test binary, so that everything is linked once. Journeys stand beside the tests of the house itself.

mod bench_smoke;
mod house;
mod journey;
mod manage_matrix;
mod oidc;
mod policy_matrix;
mod unprivileged;
