//! The benchmark's program; see `docs/performance.md`.

use std::process::ExitCode;

use clap::Parser as _;
use idp::lifecycle;
use integration_tests::bench;

// as in the programs it is compared with
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = bench::Arguments::parse();
    // the generator and the floors run on what the measured program runs on
    match lifecycle::runtime().map_err(Into::into).and_then(|runtime| runtime.block_on(bench::main(arguments))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
