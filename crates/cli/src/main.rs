//! The command line: maps the outcome of a run to an exit status.

use mimalloc::MiMalloc;
use std::process::ExitCode;

// Conversations are made of short texts, and a quarter of the time went into making room for them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(mondegreen::main(std::env::args_os()).code())
}
