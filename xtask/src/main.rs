//! Tasks of the repository that are more than one command of cargo. There is one: `cargo xtask check [STEP..]`.
//!
//! Each step is named on standard error before it runs. A step that fails does not keep the others from running; the last line
//! lists every step that failed, and the exit code is 1. Wrong usage is 2.

#![expect(clippy::print_stderr, reason = "a gate reports on standard error")]

mod dead_code;
mod deny;
mod manifest;
mod msrv;
mod steps;
mod workspace;

use std::process::ExitCode;

use steps::Step;
use workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let selected = match arguments.split_first() {
        Some((task, names)) if task == "check" => steps::select(names),
        Some((task, _)) => Err(format!("there is no task `{task}`")),
        None => Err("a task is missing".to_owned()),
    };
    match selected {
        Ok(steps) => check(&steps),
        Err(wrong) => {
            eprintln!("xtask: {wrong}\n\nusage: cargo xtask check [STEP..]\n");
            for step in steps::ALL {
                eprintln!("  {:<10} {}", step.name, step.about);
            }
            ExitCode::from(2)
        }
    }
}

fn check(steps: &[&Step]) -> ExitCode {
    let workspace = Workspace::here();
    let mut failed = Vec::new();
    for step in steps {
        eprintln!("\n== {}: {}", step.name, step.about);
        if let Err(why) = (step.run)(&workspace) {
            eprintln!("check {}: {why}", step.name);
            failed.push(step.name);
        }
    }
    if failed.is_empty() {
        eprintln!("\ncheck: {} of {} steps passed", steps.len(), steps::ALL.len());
        return ExitCode::SUCCESS;
    }
    eprintln!("\ncheck: failed: {}", failed.join(", "));
    ExitCode::FAILURE
}
