//! The program: hands arguments and surroundings to the library, and returns its exit code.

use std::process::ExitCode;
use std::sync::Arc;

use certroll::cli::{Output, Surroundings, run};
use certroll_base::clock::SystemClock;

fn main() -> ExitCode {
    let surroundings = Surroundings { clock: Arc::new(SystemClock), output: Output::process() };
    ExitCode::from(run(std::env::args_os().collect(), surroundings))
}
