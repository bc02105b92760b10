//! Every command and every option that the program names in its texts is one that it has, and hints can be pasted.
//!
//! The texts are those of the sources below `src/cli`, hints and others, as they stand there: a hint that is added is held to
//! this without being listed anywhere. `{name}` and the like count as any word.

use std::path::Path;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use certroll_core::hint::home::SecretHint;

/// A word in the place of what is filled in.
const WORD: &str = "WORD";

/// What is wrong with what a text names in backticks: `certroll ...`, which must parse, and `--option ...`, which some command
/// must have. What is to be pasted is whole, or a command by itself.
fn breaches(text: &str, paste: bool) -> Vec<String> {
    let root = crate::cli::command();
    let mut found = Vec::new();
    for line in joined(text).lines() {
        for named in line.split('`').skip(1).step_by(2) {
            let words = words(named);
            match words.split_first() {
                Some((first, rest)) if first == "certroll" => {
                    if let Err(why) = parses(&root, rest, paste) {
                        found.push(format!("`{named}`: {why}"));
                    }
                }
                Some((first, _)) if first.starts_with("--") && !first.contains(WORD) => {
                    let long = first.trim_start_matches('-');
                    if !has_option(&root, long) {
                        found.push(format!("`{named}`: no command has this option"));
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// A source with its literals on one line each, and without escapes.
fn joined(source: &str) -> String {
    let mut parts = source.split("\\\n");
    let mut text = parts.next().unwrap_or_default().to_owned();
    parts.for_each(|part| text.push_str(part.trim_start()));
    text.replace("\\\"", "\"")
}

/// The words as a shell splits them, with a word for each placeholder.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quote, mut depth) = (None, 0_u32);
    for c in command.chars() {
        let Some(last) = words.last_mut() else { break };
        match c {
            '{' => {
                depth += 1;
                last.push_str(WORD);
            }
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if quote == Some(c) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(c),
            ' ' if quote.is_none() => words.push(String::new()),
            _ => last.push(c),
        }
    }
    words
}

fn parses(root: &Command, words: &[String], paste: bool) -> Result<(), String> {
    let mut command = root;
    let mut depth = 0;
    while let Some(word) = words.get(depth).filter(|_| command.has_subcommands()) {
        let is_it = |one: &&Command| one.get_name() == word || one.get_visible_aliases().any(|alias| alias == word);
        // An old word may still work; it is no word to teach.
        command = command.get_subcommands().find(is_it).ok_or_else(|| format!("there is no command `{word}`"))?;
        depth += 1;
    }
    let arguments = std::iter::once("certroll").chain(words.iter().map(String::as_str));
    let Err(error) = root.clone().try_get_matches_from(arguments) else { return Ok(()) };
    let bare = depth == words.len();
    let accepted = match error.kind() {
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => bare || !paste,
        // What stands for a value need not be one.
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            matches!(error.get(ContextKind::InvalidValue), Some(ContextValue::String(value)) if is_placeholder(value))
        }
        _ => false,
    };
    if accepted { Ok(()) } else { Err(error.to_string().lines().next().unwrap_or_default().to_owned()) }
}

fn is_placeholder(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_uppercase())
}

fn has_option(command: &Command, long: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some(long))
        || command.get_subcommands().any(|sub| has_option(sub, long))
}

/// The code below `src/cli`, and the comments of its files that help shows.
fn sources() -> Vec<(String, String)> {
    fn add(directory: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(directory).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                add(&path, found);
            } else if path.file_name().is_some_and(|name| name != "tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let lines = |wanted: fn(&str) -> bool| {
                    text.lines().filter(|line| wanted(line.trim_start())).collect::<Vec<_>>().join("\n")
                };
                found.push((lines(|line| !line.starts_with("//")), lines(|line| line.starts_with("///"))));
            }
        }
    }
    let mut found = Vec::new();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli"), &mut found);
    found
}

#[test]
fn every_command_and_option_that_is_named_is_there() {
    let sources = sources();
    assert!(sources.iter().any(|(code, _)| code.contains("HomeHint::Create =>")), "hints are among them");
    assert!(sources.iter().any(|(_, help)| help.contains("`certroll ")), "so is help");
    let found: Vec<_> =
        sources.iter().flat_map(|(code, help)| [breaches(code, true), breaches(help, false)].concat()).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// The name of a secret is the beginning of its options.
#[test]
fn every_secret_has_the_options_that_its_hint_names() {
    let mut seen = Vec::new();
    for (code, _) in sources() {
        for source in code.split("stem: \"").skip(1) {
            let (stem, rest) = source.split_once('"').unwrap();
            // Without a command it is a secret that may be left out, and no hint asks for it.
            if rest.split('}').next().is_some_and(|rest| rest.contains("command: None")) {
                continue;
            }
            let hint = super::words(&SecretHint::Give(stem.to_owned()).into());
            assert_eq!(breaches(&hint, true), Vec::<String>::new());
            assert_eq!(hint.matches("`--").count(), 2, "{hint}");
            seen.push(stem.to_owned());
        }
    }
    for stem in ["passphrase", "storepass", "keypass"] {
        assert!(seen.iter().any(|one| one == stem), "{seen:?}");
    }
}

/// Documents that the program writes show commands on lines of their own.
#[test]
fn documents_name_commands_that_are_there() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/core/src");
    for document in ["audit/export/bundle/README.txt", "report/page/proof.html"] {
        let text = std::fs::read_to_string(core.join(document)).unwrap();
        let commands: Vec<_> = text
            .lines()
            .map(|line| line.trim_start().trim_start_matches("<pre>").trim_end_matches("</pre>"))
            .filter(|line| line.starts_with("certroll ") && !line.contains(','))
            .map(|line| format!("`{line}`"))
            .collect();
        assert!(!commands.is_empty(), "{document}");
        assert_eq!(breaches(&commands.join("\n"), true), Vec::<String>::new(), "{document}");
    }
}

#[test]
fn what_is_not_there_is_found() {
    for (text, wrong) in [
        ("run `certroll audit verify`", None),
        ("run `certroll issue {name} --template \\\"a b\\\"`", None),
        ("run `certroll ca create`", None),
        ("run `certroll keystore create FILE --alias A --key KIND`", None),
        ("add `--force` to `--issuer {}`", None),
        ("run `certroll audit varify`", Some("there is no command `varify`")),
        ("run \\\n   `certroll isue {}`", Some("there is no command `isue`")),
        ("run `certroll revoke a --out FILE`", Some("unexpected argument '--out'")),
        ("run `certroll keystore create FILE --alias A --key rsa:1`", Some("invalid value 'rsa:1'")),
        ("run `certroll keystore create --alias A`", Some("required arguments were not provided")),
        ("add `--forse`", Some("no command has this option")),
    ] {
        let found = breaches(text, true);
        match wrong {
            None => assert_eq!(found, Vec::<String>::new(), "{text}"),
            Some(wrong) => assert!(found.len() == 1 && found[0].contains(wrong), "{text}: {found:?}"),
        }
    }
}

/// An old word that is kept for those who know it is no word for a hint.
#[test]
fn a_hidden_word_is_found() {
    let command = Command::new("certroll").subcommand(Command::new("new").alias("old").visible_alias("short"));
    let named = |word: &str| parses(&command, &[word.to_owned()], true);
    assert!(named("new").is_ok() && named("short").is_ok());
    assert!(named("old").is_err_and(|why| why.contains("there is no command `old`")));
}
