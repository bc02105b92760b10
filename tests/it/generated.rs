//! The committed completions and manual pages are those that the program makes: byte for byte, none missing, none too many.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use certroll::cli::{self, generate};

/// How to refresh them.
const REFRESH: &str = "CERTROLL_BLESS=1 cargo test --test it generated";

type Files = BTreeMap<String, Vec<u8>>;

fn committed(directory: &Path) -> Files {
    let Ok(entries) = fs::read_dir(directory) else { return Files::new() };
    let read = |path: &Path| fs::read(path).expect("a committed file can be read");
    entries.flatten().map(|entry| (entry.file_name().to_string_lossy().into_owned(), read(&entry.path()))).collect()
}

fn differences(committed: &Files, made: &Files) -> Vec<String> {
    let mut found: Vec<String> = made
        .iter()
        .filter_map(|(name, bytes)| match committed.get(name) {
            None => Some(format!("`{name}` is missing")),
            Some(there) if there != bytes => Some(format!("`{name}` is out of date")),
            Some(_) => None,
        })
        .collect();
    let too_many = committed.keys().filter(|name| !made.contains_key(*name));
    found.extend(too_many.map(|name| format!("`{name}` is one too many")));
    found
}

fn check(directory: &str, made: &Files) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    if std::env::var_os("CERTROLL_BLESS").is_some() {
        fs::create_dir_all(&path).expect("a directory can be made");
        for name in committed(&path).keys().filter(|name| !made.contains_key(*name)) {
            fs::remove_file(path.join(name)).expect("a file can be removed");
        }
        for (name, bytes) in made {
            fs::write(path.join(name), bytes).expect("a file can be written");
        }
    }
    let found = differences(&committed(&path), made);
    assert!(found.is_empty(), "{directory}/: {}\nrefresh them with `{REFRESH}`", found.join(", "));
}

#[test]
fn completions_are_fresh() {
    let made =
        generate::SHELLS.iter().map(|(shell, name)| ((*name).to_owned(), generate::completion(cli::command(), *shell)));
    check("completions", &made.collect());
}

#[test]
fn manual_pages_are_fresh() {
    check("man", &generate::manual(cli::command()).expect("the pages can be made").into_iter().collect());
}

#[test]
fn the_program_prints_the_same_files() {
    let home = crate::home::TestHome::unfounded();
    fs::create_dir(home.path("pages")).expect("a directory can be made");
    home.ok(&["man", "pages"]);
    let made: Files = generate::manual(cli::command()).expect("the pages can be made").into_iter().collect();
    assert_eq!(differences(&committed(&home.path("pages")), &made), [""; 0]);
    for (shell, word) in generate::SHELLS.iter().map(|(shell, _)| (shell, shell.to_string())) {
        assert_eq!(
            home.ok(&["completions", &word]).stdout.into_bytes(),
            generate::completion(cli::command(), *shell),
            "{word}"
        );
    }
}

/// A machine, a terminal or a user must not show in them.
#[test]
fn they_depend_on_nothing_around() {
    let home = crate::home::TestHome::unfounded();
    let plain = home.ok(&["completions", "bash"]).stdout;
    let mut command = home.command(&["completions", "bash"]);
    command.env("COLUMNS", "40").env("HOME", "/nowhere").env("CERTROLL_TEMPLATE", "meter").env("LANG", "de_DE.UTF-8");
    let other = command.output().expect("the program can be started");
    assert_eq!(plain.as_bytes(), other.stdout);
    for (name, page) in generate::manual(cli::command()).expect("the pages can be made") {
        let page = String::from_utf8_lossy(&page).into_owned();
        assert!(!page.contains(env!("CARGO_MANIFEST_DIR")) && !page.contains("/home/"), "{name}");
    }
}

#[test]
fn the_check_finds_stale_missing_and_surplus_files() {
    let files = |list: &[(&str, &str)]| -> Files {
        list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    };
    let found = differences(&files(&[("a.1", "old"), ("x.1", "")]), &files(&[("a.1", "new"), ("b.1", "")]));
    assert_eq!(found, ["`a.1` is out of date", "`b.1` is missing", "`x.1` is one too many"]);
    assert_eq!(differences(&files(&[("a.1", "same")]), &files(&[("a.1", "same")])), [""; 0]);
}
