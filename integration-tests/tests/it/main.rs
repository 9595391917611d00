//! One test binary, so that everything is linked once. Journeys stand beside the tests of the house itself.

mod house;
mod unprivileged;
