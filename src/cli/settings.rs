//! Settings from the environment: how a command works, never what it does.
//!
//! What is issued, destroyed or why is typed: a variable that a shell, a container or a pipeline carries along must not change the
//! subject of a certificate unseen. So a variable counts only if it is in this list.

use std::cell::LazyCell;

use clap::builder::{BoolishValueParser, ValueParser};

use super::output::CommandOutput;

/// Options that can be given as `CERTROLL_<OPTION>` too.
const OPTIONS: &[&str] = &["format", "identity-token-file", "jobs", "lock-timeout", "quiet"];

/// Variables that are read elsewhere: the home, what the user has seen of its log, PKCS#11, and secrets (each also with `_FILE` and
/// `_COMMAND`).
const VARIABLES: &[&str] = &["HOME", "STATE_DIR", "PKCS11_MODULE"];
const SECRETS: &[&str] =
    &["PASSPHRASE", "PIN", "STOREPASS", "KEYPASS", "TRUSTPASS", "NEW_PASSPHRASE", "NEW_STOREPASS", "NEW_KEYPASS"];
/// Variables of the tests of this repository, which start the program with them in its environment.
const OF_TESTS: &[&str] = &["TEST_", "BLESS"];

const PREFIX: &str = "CERTROLL_";

/// The definitions, with the variables of the options that have one. Done here, not at each argument, so that help and manual do
/// not depend on the environment.
pub(super) fn with_environment(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| {
            let Some(long) = arg.get_long().map(str::to_owned) else { return arg };
            // `audit export --format` has words of its own; the variable means the format of results.
            let foreign = long == "format" && arg.get_id() != "format";
            if foreign || !OPTIONS.contains(&long.as_str()) {
                return arg;
            }
            let is_switch = !arg.get_action().takes_values();
            let arg = arg.env(variable(&long)).hide_env(true).hide_env_values(true);
            if is_switch { arg.value_parser(ValueParser::from(BoolishValueParser::new())) } else { arg }
        })
        .mut_subcommands(with_environment)
}

/// Warns of variables that look like settings and are none.
pub(super) fn warn_of_unknown(output: &mut CommandOutput, definitions: fn() -> clap::Command) {
    let known = known();
    // All definitions are walked through only when there is something to be said.
    let typed = LazyCell::new(|| {
        let mut typed = Vec::new();
        options(&definitions(), &mut typed);
        typed
    });
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        if known.iter().any(|known| known == rest) || OF_TESTS.iter().any(|start| rest.starts_with(start)) {
            continue;
        }
        let shown = certroll_base::text::printable(&name);
        let option = rest.to_lowercase().replace('_', "-");
        let advice = match nearest(rest, &known) {
            _ if typed.contains(&option) => {
                format!("type `--{option}`: what a command does is not taken from the environment")
            }
            Some(near) => format!("did you mean `{PREFIX}{near}`?"),
            None => "no setting has this name".to_owned(),
        };
        output.line(&format!("warning: the variable `{shown}` is ignored; {advice}"));
    }
}

fn variable(long: &str) -> String {
    format!("{PREFIX}{}", long.to_uppercase().replace('-', "_"))
}

/// The names of all settings, without the prefix.
fn known() -> Vec<String> {
    let options = OPTIONS.iter().map(|long| long.to_uppercase().replace('-', "_"));
    let secrets = SECRETS.iter().flat_map(|stem| ["", "_FILE", "_COMMAND"].map(|suffix| format!("{stem}{suffix}")));
    options.chain(secrets).chain(VARIABLES.iter().map(|name| (*name).to_owned())).collect()
}

/// The long options of a command and of all below it.
fn options(command: &clap::Command, into: &mut Vec<String>) {
    into.extend(command.get_arguments().filter_map(|arg| arg.get_long()).map(str::to_owned));
    command.get_subcommands().for_each(|below| options(below, into));
}

/// The setting that is meant by a name with up to two letters wrong.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let near = known.iter().map(|known| (strsim::levenshtein(name, known), known)).min()?;
    (near.0 <= 2).then_some(near.1.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_settings_are_recognised() {
        let known = known();
        assert_eq!(nearest("PASPHRASE", &known), Some("PASSPHRASE"));
        assert_eq!(nearest("PASSPHRASE_FIEL", &known), Some("PASSPHRASE_FILE"));
        assert_eq!(nearest("SUBJECT", &known), None);
    }

    /// Nothing that decides what is issued, destroyed or why; the list of options is the whole of what the environment can say.
    #[test]
    fn options_with_a_variable_are_those_of_the_list() {
        fn with_variable(command: &clap::Command, into: &mut Vec<String>) {
            let of_environment = command.get_arguments().filter(|arg| arg.get_env().is_some());
            into.extend(of_environment.filter_map(|arg| arg.get_long()).map(str::to_owned));
            command.get_subcommands().for_each(|below| with_variable(below, into));
        }
        let mut found = Vec::new();
        with_variable(&with_environment(crate::cli::command()), &mut found);
        found.sort();
        found.dedup();
        assert_eq!(found, OPTIONS);
    }
}
