//! The `idp` program.

use std::process::ExitCode;

// without it freed page and hash buffers stay resident; see docs/performance.md
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    idp::cli::main()
}
