//! One run: arguments in, exit code out.

use std::ffi::OsString;

use clap::{ArgMatches, FromArgMatches};

use super::args::OutputFormat;
use super::context::Environment;
use super::output::CommandOutput;
use super::{commands, error, exit, keytool, signals};
use crate::cli::{Cli, command};
use certroll_base::cleanup;

/// Runs one command line, `arguments[0]` being the program, and returns its exit code.
pub fn run(arguments: Vec<OsString>, mut environment: Environment) -> u8 {
    if let Some(hint) = keytool::hint(&arguments) {
        environment.output.line(&hint);
        return exit::USAGE;
    }
    let parsed = with_environment(command()).try_get_matches_from(&arguments);
    let (cli, format) = match parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, format(&matches)))) {
        Ok(parsed) => parsed,
        Err(refused) => return show_usage(&mut environment.output, &refused),
    };
    environment.output.set_quiet(cli.global.quiet);
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

/// Every long option can be given as `CERTROLL_<OPTION>` too. Done here, not at each argument, so that none is forgotten,
/// and not in the definitions, so that help and manual do not depend on the environment.
fn with_environment(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| {
            let Some(long) = arg.get_long().map(str::to_owned) else { return arg };
            // `audit export --format` has words of its own; the variable means the format of results.
            let foreign = long == "format" && arg.get_id() != "format";
            // What is typed outweighs the environment. clap would call two of these a conflict wherever they come from, so
            // the readers of a secret or of the home look at the variables, after the arguments.
            let ranked = long == "home"
                || long.ends_with("pass-file")
                || long.ends_with("pass-command")
                || long.starts_with("passphrase-")
                || long.starts_with("pin-");
            if matches!(long.as_str(), "help" | "version") || foreign || ranked {
                return arg;
            }
            let variable = format!("CERTROLL_{}", long.to_uppercase().replace('-', "_"));
            arg.env(variable).hide_env(true).hide_env_values(true)
        })
        .mut_subcommands(with_environment)
}
