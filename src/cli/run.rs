//! One run: arguments in, exit code out.

use std::ffi::OsString;
use std::time::Duration;

use clap::{ArgMatches, FromArgMatches};

use super::args::OutputFormat;
use super::context::Environment;
use super::output::CommandOutput;
use super::{commands, error, exit, keytool, settings, signals};
use crate::cli::{Cli, command};
use certroll_base::{cleanup, lock};

/// Runs one command line, `arguments[0]` being the program, and returns its exit code.
pub fn run(arguments: Vec<OsString>, mut environment: Environment) -> u8 {
    #[cfg(target_os = "linux")]
    if let Err(error) = certroll_base::process::protect_memory() {
        environment.output.line(&format!("error: the memory of this process cannot be protected: {error}"));
        return exit::FAILED;
    }
    if let Some(hint) = keytool::hint(&arguments) {
        environment.output.line(&hint);
        return exit::USAGE;
    }
    let parsed = settings::with_environment(command()).try_get_matches_from(&arguments);
    let (cli, format) = match parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, format(&matches)))) {
        Ok(parsed) => parsed,
        Err(refused) => return show_usage(&mut environment.output, &refused),
    };
    environment.output.set_quiet(cli.global.quiet);
    settings::warn_of_unknown(&mut environment.output, command);
    lock::set_patience(Duration::from_secs(cli.global.lock_timeout));
    cleanup::watch_with(signals::watch);
    match commands::dispatch(cli, &mut environment, command) {
        Ok(code) => code,
        Err(failure) => {
            error::show(&mut environment.output, &failure);
            // A result that says itself what is wrong, such as a verification, stays the only document.
            if format != OutputFormat::Table && !environment.output.has_data() {
                error::document(&mut environment.output, &failure, format);
            }
            exit::code(failure.kind)
        }
    }
}

/// How results were asked for, of the innermost command that was typed.
fn format(matches: &ArgMatches) -> OutputFormat {
    match matches.subcommand() {
        Some((_, inner)) => format(inner),
        // Other commands have no such option, or one with words of its own.
        None => matches.try_get_one("format").ok().flatten().copied().unwrap_or_default(),
    }
}

/// Help and version are data; everything else that clap says is an error of usage.
fn show_usage(output: &mut CommandOutput, refused: &clap::Error) -> u8 {
    let text = refused.render().to_string();
    if refused.use_stderr() {
        text.lines().for_each(|line| output.line(line));
        return exit::USAGE;
    }
    let _ = output.data(&text);
    exit::DONE
}
