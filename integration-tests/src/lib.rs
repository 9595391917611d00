//! Journeys through the real routers, databases and browser; the benchmark.
