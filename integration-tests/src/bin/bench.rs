//! The benchmark's program; see `docs/performance.md`.

use std::process::ExitCode;

use clap::Parser as _;
use integration_tests::bench;

// as in the programs it is compared with
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match bench::main(bench::Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
