//! The program: hands arguments and environment to the library, and returns its exit code.

use std::process::ExitCode;
use std::sync::Arc;

use certroll::cli::{CommandOutput, Environment, run};
use certroll_base::clock::SystemClock;

fn main() -> ExitCode {
    let environment = Environment { clock: Arc::new(SystemClock), output: CommandOutput::process() };
    ExitCode::from(run(std::env::args_os().collect(), environment))
}
