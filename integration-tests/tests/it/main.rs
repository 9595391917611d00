//! One test binary, so that everything is linked once. Journeys stand beside the tests of the house itself.

mod apply;
mod bench_smoke;
mod desk;
mod documents;
mod hostile;
mod house;
mod journey;
mod manage_limits;
mod manage_matrix;
mod mandates;
mod newcomer;
mod oidc;
mod onward;
mod outbox;
mod pages;
mod policy_matrix;
mod record;
mod redis_down;
mod unprivileged;
