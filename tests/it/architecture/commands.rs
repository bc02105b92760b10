//! No command and no option of the command line is named below `cli`.
//!
//! What is to be done next is told by the code below as a typed hint; only `cli` knows what the user has to type for it.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, is_word};

/// Programs of others. A command line of theirs, between backticks, has options of its own.
const OTHERS: &[&str] = &["artemis", "aws", "softhsm2-util"];

/// Sources that start programs of others, whose options these are.
const STARTS_OTHERS: &str = "destination/driver/servers/";

/// One line for each file outside `cli` whose strings name commands or options of the program: how many, and which.
pub(super) fn breaches(sources: &[Source]) -> Vec<String> {
    let commands = commands();
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.top() != "cli") {
        let mut named: BTreeMap<String, usize> = BTreeMap::new();
        let of_others = |word: &String| source.path.starts_with(STARTS_OTHERS) && word.starts_with("--");
        let words = source.strings.iter().flat_map(|text| named_in(text, &commands));
        for word in words.filter(|word| !of_others(word)) {
            *named.entry(word).or_default() += 1;
        }
        let words =
            named.iter().map(|(word, count)| if *count == 1 { word.clone() } else { format!("{word} ({count})") });
        if !named.is_empty() {
            let count: usize = named.values().sum();
            found.push(format!("{}: {count}: {}", source.path, words.collect::<Vec<_>>().join(", ")));
        }
    }
    found
}

/// The words by which the program's commands are called, aliases included.
fn commands() -> BTreeSet<String> {
    let mut program = certroll::cli::command();
    program.build();
    let names = program
        .get_subcommands()
        .flat_map(|command| std::iter::once(command.get_name()).chain(command.get_all_aliases()));
    names.map(str::to_owned).collect()
}

/// Every `certroll COMMAND` and every `--option` in a text.
fn named_in(text: &str, commands: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for (at, part) in text.split('`').enumerate() {
        let called = part.match_indices("certroll ").filter(|(at, _)| !part[..*at].ends_with(is_word));
        let called = called.map(|(at, program)| word(&part[at + program.len()..]));
        found.extend(called.filter(|word| commands.contains(*word)).map(|word| format!("certroll {word}")));
        let within = at % 2 == 1;
        if !(within && OTHERS.contains(&word(part))) {
            found.extend(options(part).map(|option| format!("--{option}")));
        }
    }
    found
}

/// The word at the beginning of a text, hyphens in it included.
fn word(text: &str) -> &str {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).next().unwrap_or_default()
}

fn options(text: &str) -> impl Iterator<Item = &str> {
    let begins = |(at, _): &(usize, &str)| !text[..*at].ends_with(|c| is_word(c) || c == '-');
    let names = text.match_indices("--").filter(begins).map(|(at, dashes)| word(&text[at + dashes.len()..]));
    names.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Each made-up source, and what is found in it.
#[test]
fn each_command_word_and_each_option_is_found() {
    let table: &[(&str, &str, Option<&str>)] = &[
        ("policy/a.rs", r#"hint("see `certroll policy list`")"#, Some("policy/a.rs: 1: certroll policy")),
        ("tools/a.rs", r#"f("replace it with certroll renew")"#, Some("tools/a.rs: 1: certroll renew")),
        ("tools/a.rs", r#"f("replace it:\ncertroll rotate {name}")"#, Some("tools/a.rs: 1: certroll rotate")),
        ("tools/a.rs", "f(\"run certroll \\\n   audit verify\")", Some("tools/a.rs: 1: certroll audit")),
        ("tools/a.rs", "f(r#\"run \"certroll doctor\"\"#)", Some("tools/a.rs: 1: certroll doctor")),
        (
            "pki/a.rs",
            r#"#[error("add `--force`")] struct A; f("or `--issuer` and --force"); f("--out FILE")"#,
            Some("pki/a.rs: 4: --force (2), --issuer, --out"),
        ),
        ("store/a.rs", r#"f("`rotate NAME --csr FILE`")"#, Some("store/a.rs: 1: --csr")),
        ("signer/a.rs", r#"f("aws kms enable-key --key-id KEY")"#, Some("signer/a.rs: 1: --key-id")),
        (
            "signer/a.rs",
            r#"f("`aws kms enable-key --key-id KEY` or `certroll key list --all`")"#,
            Some("signer/a.rs: 2: --all, certroll key"),
        ),
        // None: in `cli`, in tests and comments, and words that only look alike.
        ("cli/a.rs", r#"f("add `--force`, or `certroll issue`")"#, None),
        (
            "pki/a.rs",
            "/// As `certroll issue --force`.\n#[cfg(test)]\nmod tests {\n    const A: &str = \"`--force`\";\n}",
            None,
        ),
        ("pki/a.rs", r#"f("another certroll run holds the store of this certroll home"); f("mycertroll issue")"#, None),
        ("pki/a.rs", r#"f("-----BEGIN x-----"); f("a--b"); f("---key"); f("a -- b"); f("--{option}")"#, None),
    ];
    for (path, text, expected) in table {
        let found = breaches(&[Source::new(*path, text)]);
        assert_eq!(found.first().map(String::as_str), *expected, "{text}");
    }
}
