//! The layers of `src/lib.rs`, the fences around outside crates, and the sizes of files, held by reading the source.
//!
//! What is checked is the code alone: comments and the contents of strings are blanked first, and for the fences everything
//! from `#[cfg(test)]` on is left out. The negative controls at the end prove that each rule finds its breach.

use std::fs;
use std::path::Path;

use crate::home::files_below;

/// Every library crate and every module of `certroll-core`, with its rank, and the program's `cli`. It names only lower ranks; two
/// of one rank are strangers.
const RANKS: &[(&str, u8)] = &[
    ("base", 0),
    ("tlog", 0),
    ("pki", 1),
    ("audit", 1),
    ("aws", 1),
    ("policy", 2),
    ("template", 2),
    ("issuer", 2),
    ("signer", 2),
    ("keystore", 2),
    ("destination", 2),
    ("store", 2),
    ("report", 2),
    ("scan", 2),
    ("server", 2),
    ("error", 3),
    ("tools", 4),
    ("lifecycle", 5),
    ("config", 6),
    ("cli", 7),
];

/// The crates below `crates`, by the names under which code refers to them.
const CRATES: &[(&str, &str)] = &[
    ("certroll_base", "base"),
    ("certroll_tlog", "tlog"),
    ("certroll_pki", "pki"),
    ("certroll_aws", "aws"),
    ("certroll_keystore", "keystore"),
];

/// A crate, and the beginnings of the paths in which it may be named.
const FENCES: &[(&str, &[&str])] = &[
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/generate.rs", "cli/commands/completions.rs"]),
    ("clap_mangen", &["cli/generate.rs"]),
    ("comfy_table", &["cli/render/table.rs"]),
    ("indicatif", &["cli/progress.rs"]),
    ("rpassword", &["config/secrets.rs"]),
    ("signal_hook", &["cli/commands/audit/follow.rs", "cli/signals.rs"]),
    ("rusqlite", &["store/sqlite/"]),
    ("csv", &["lifecycle/batch/input.rs", "audit/export/"]),
    ("toml", &["config/document.rs", "template/", "policy/"]),
    ("pkcs12", &["keystore/"]),
    ("des", &["keystore/pkcs12/"]),
    ("rc2", &["keystore/pkcs12/"]),
    ("cbc", &["keystore/pkcs12/"]),
    // Elsewhere it is the module of aws-lc-rs.
    ("hmac", &["keystore/pkcs12/", "pki/jose/jws.rs"]),
    ("sha1", &["keystore/pkcs12/"]),
    ("sha2", &["keystore/pkcs12/"]),
    ("rustls", &["aws/session.rs", "scan/endpoint.rs", "issuer/network.rs", "issuer/acme/"]),
    ("rustls_pemfile", &["pki/container/pem.rs"]),
    ("aws_lc_rs", &["base/", "tlog/", "pki/", "audit/", "keystore/", "scan/endpoint.rs"]),
    ("tokio", &["base/runtime.rs", "issuer/network.rs", "issuer/acme/", "issuer/vault/"]),
    ("reqwest", &["issuer/network.rs", "issuer/acme/", "issuer/vault/"]),
    ("instant_acme", &["issuer/acme/"]),
    ("hickory_proto", &["issuer/acme/"]),
    ("vaultrs", &["issuer/vault/"]),
    ("aws_config", &["aws/"]),
    ("aws_sdk_acm", &["aws/"]),
    ("aws_sdk_acmpca", &["aws/"]),
    ("aws_sdk_kms", &["aws/"]),
    ("aws_smithy_http_client", &["aws/"]),
    ("cryptoki", &["signer/pkcs11/"]),
    ("cms", &["pki/"]),
    ("x509_cert", &["pki/"]),
    // Two rooms of `keystore` use it for the containers of keys and certificates, not for certificates.
    ("der", &["pki/", "keystore/jks_protection.rs", "keystore/pkcs12/"]),
    ("spki", &["pki/"]),
    // Keystores wrap encrypted PKCS#8 in containers of their own.
    ("pkcs8", &["pki/", "keystore/"]),
    // Its `SigningKey` is the door through which keys sign that are not in a file; the private CA passes it on. Samples are
    // compiled for tests alone. The certificate of tls-alpn-01 proves a challenge and certifies nothing.
    ("rcgen", &["pki/", "signer/mod.rs", "issuer/acme/challenge/tls_alpn.rs", "keystore/samples.rs"]),
    // A keystore that somebody else made may hold certificates that `pki` refuses; ordering them needs names and key
    // identifiers only, and must not fail.
    ("x509_parser", &["pki/", "keystore/chain_order.rs"]),
];

/// Words of code that stand in no file but those.
const WORDS: &[(&str, &[&str])] = &[
    // The one function that lets an issuer sign takes an approved request by value.
    (".submit(", &["lifecycle/issuance/execute.rs"]),
    ("println!", &[]),
    ("eprintln!", &[]),
    ("print!", &[]),
    ("eprint!", &[]),
    ("dbg!", &[]),
    ("unsafe", &[]),
    ("todo!", &[]),
];

/// Lines of a file, its tests apart.
const LONGEST: usize = 400;

/// One line for each breach in the sources, which are paths below `src` with their text.
fn breaches(sources: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources {
        let code = code_of(text);
        let own = path.split(['/', '.']).next().unwrap_or_default();
        let outside_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = outside_tests.lines().count();
        if lines > LONGEST {
            found.push(format!("{path}: {lines} lines without its tests, {LONGEST} are the limit"));
        }
        for (word, allowed) in WORDS {
            if contains_word(outside_tests, word) && !allowed.contains(&path.as_str()) {
                found.push(format!("{path}: `{word}` does not belong here"));
            }
        }
        for (name, allowed) in FENCES {
            if names_crate(outside_tests, name) && !allowed.iter().any(|start| path.starts_with(start)) {
                found.push(format!("{path}: crate `{name}` is fenced off"));
            }
        }
        if !matches!(own, "lib" | "main") {
            layers(path, own, &code, &mut found);
        }
    }
    found.sort();
    found
}

fn rank(module: &str) -> Option<u8> {
    RANKS.iter().find(|(name, _)| *name == module).map(|(_, rank)| *rank)
}

fn layers(path: &str, own: &str, code: &str, found: &mut Vec<String>) {
    let Some(mine) = rank(own) else {
        found.push(format!("{path}: module `{own}` has no rank"));
        return;
    };
    // Inside `mod tests` a `super` is the file itself; elsewhere two steps lead out of sight.
    let outside_tests = code.split("#[cfg(test)]").next().unwrap_or_default();
    if outside_tests.contains("super::super::") {
        found.push(format!("{path}: climb with `crate::`, not `super::super::`"));
    }
    if CRATES.iter().any(|(_, name)| *name == own) {
        // Inside a crate of its own `crate::` names the crate itself.
    } else if path == format!("{own}/mod.rs") {
        for used in paths_after(outside_tests, "super::").iter().filter(|used| rank(used).is_some()) {
            found.push(format!("{path}: `super::{used}` leaves the module; write `crate::{used}`"));
        }
    }
    let own_crate = CRATES.iter().any(|(_, name)| *name == own);
    let within = if own_crate || own == "cli" { Vec::new() } else { paths_after(code, "crate::") };
    let core = paths_after(code, "certroll_core::");
    let others = CRATES.iter().filter(|(path, _)| names_crate(code, path)).map(|(_, name)| (*name).to_owned());
    for used in within.into_iter().chain(core).chain(others) {
        match rank(&used) {
            Some(theirs) if used != own && theirs >= mine => {
                found.push(format!("{path}: `{own}` (rank {mine}) names `{used}` (rank {theirs})"));
            }
            None => found.push(format!("{path}: `{used}` has no rank")),
            Some(_) => {}
        }
    }
}

/// The first segment after each `crate::` or `super::`, also inside `crate::{a, b::{c, d}}`.
fn paths_after(code: &str, root: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(root) {
        let whole_word = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        rest = &rest[at + root.len()..];
        if !whole_word {
            continue;
        }
        match rest.trim_start().strip_prefix('{') {
            Some(group) => names.extend(group_members(group)),
            None => names.push(rest.to_owned()),
        }
    }
    let segment = |name: String| -> String {
        name.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut names: Vec<String> = names.into_iter().map(segment).filter(|name| !name.is_empty()).collect();
    // What `pub(in crate::cli)` names is the module itself; macros live at the root under their own name.
    names.retain(|name| name != "self");
    names
}

/// The members at the top of a group, of which the opening brace is behind us.
fn group_members(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut members) = (0_usize, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => members.push(std::mem::take(&mut item)),
            _ if depth == 0 => item.push(c),
            _ => {}
        }
    }
    members.push(item);
    members
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn contains_word(code: &str, word: &str) -> bool {
    let starts_as_word = word.starts_with(is_word);
    let ends_as_word = word.ends_with(is_word);
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !(starts_as_word && before.is_some_and(is_word) || ends_as_word && after.is_some_and(is_word))
    })
}

/// Whether the code names that crate: as the beginning of a path, or in a `use`.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let begins = !before.ends_with(|c: char| is_word(c) || c == ':' || c == '.');
        let starts_path = after.starts_with("::") && !after.starts_with("::<");
        let after_use = before.ends_with("use ") && after.starts_with([';', ' ']);
        let in_root = before.ends_with("use ::") || before.trim_end().ends_with("(::") || before.ends_with(" ::");
        (begins && (starts_path || after_use)) || (in_root && !after.starts_with(is_word))
    })
}

/// The text with comments and the contents of literals blanked; lines stay lines.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_string(rest).filter(|_| !code.ends_with(is_word)) {
            length
        } else if c == '"' {
            string(rest)
        } else if c == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        code.push(' ');
        code.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
        rest = &rest[skipped..];
    }
    code
}

/// The length of a raw string at the beginning of the text.
fn raw_string(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(body.find(&end).map_or(text.len(), |at| start + at + end.len()))
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut inner = text.char_indices().skip(1);
    match inner.next() {
        Some((_, '\\')) => text[2..].find('\'').map_or(0, |at| if text[2..].starts_with('\'') { 4 } else { at + 3 }),
        Some(_) => inner.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

/// Every source with its logical path: `cli/..` for the program, `pki/..` for `crates/pki/src/..`, and the path below
/// `crates/core/src` for the modules of the core.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    let mut add = |directory: &Path, prefix: &str| {
        for path in files_below(directory).iter().filter(|path| path.extension().is_some_and(|e| e == "rs")) {
            let shown = path.strip_prefix(directory).expect("it lies below").display();
            all.push((format!("{prefix}{shown}"), fs::read_to_string(path).expect("a source can be read")));
        }
    };
    add(&root.join("src"), "");
    for entry in fs::read_dir(root.join("crates")).expect("there are crates").flatten() {
        let name = entry.file_name().into_string().expect("a name");
        let prefix = if name == "core" { String::new() } else { format!("{name}/") };
        add(&entry.path().join("src"), &prefix);
    }
    all
}

#[test]
fn the_house_has_one_way_through() {
    let found = breaches(&sources());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_module_has_a_rank_and_every_rank_a_module() {
    let sources = sources();
    let tops = |path: &str| path.split(['/', '.']).next().unwrap_or_default().to_owned();
    let mut there: Vec<String> = sources.iter().map(|(path, _)| tops(path)).collect();
    there.retain(|name| !matches!(name.as_str(), "lib" | "main"));
    there.sort_unstable();
    there.dedup();
    let mut ranked: Vec<&str> = RANKS.iter().map(|(name, _)| *name).collect();
    ranked.sort_unstable();
    assert_eq!(there, ranked);
}

/// A file that no module lists is a file that no test runs.
#[test]
fn every_test_file_is_listed() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = fs::read_to_string(directory.join("main.rs")).expect("main.rs can be read");
    for entry in fs::read_dir(&directory).expect("tests/it can be read").flatten() {
        let name = entry.file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        let hidden = name.starts_with('.') || name == "main" || name == "snapshots";
        assert!(hidden || main.lines().any(|line| line == format!("mod {name};")), "`{name}` is not in main.rs");
    }
}

/// Each made-up source, and the beginning of the one breach in it; none for those that keep the rules.
#[test]
fn the_checks_find_each_kind_of_breach() {
    let long = "fn f() {}\n".repeat(LONGEST + 1);
    let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{}}}\n", "    // a line\n".repeat(500));
    let table: &[(&str, &str, Option<&str>)] = &[
        ("pki/a.rs", "use certroll_core::store::Store;", Some("pki/a.rs: `pki` (rank 1) names `store` (rank 2)")),
        ("pki/a.rs", "use certroll_core::audit::value::Id;", Some("pki/a.rs: `pki` (rank 1) names `audit` (rank 1)")),
        ("issuer/a.rs", "use crate::policy::Policy;", Some("issuer/a.rs: `issuer` (rank 2) names `policy` (rank 2)")),
        (
            "store/a.rs",
            "use crate::audit::x; use certroll_keystore::{a, b};",
            Some("store/a.rs: `store` (rank 2) names `keystore`"),
        ),
        (
            "store/a.rs",
            "use crate::{\n    audit::{a, b},\n    cli,\n};",
            Some("store/a.rs: `store` (rank 2) names `cli`"),
        ),
        ("base/a.rs", "fn f() -> certroll_pki::key::KeyPair {}", Some("base/a.rs: `base` (rank 0) names `pki`")),
        ("store/a/b.rs", "use super::super::super::cli::run;", Some("store/a/b.rs: climb with `crate::`")),
        ("store/mod.rs", "use super::cli::run;", Some("store/mod.rs: `super::cli` leaves the module")),
        ("helpers/a.rs", "fn f() {}", Some("helpers/a.rs: module `helpers` has no rank")),
        ("audit/a.rs", "use crate::helpers::f;", Some("audit/a.rs: `helpers` has no rank")),
        ("lifecycle/a.rs", "use clap::Args;", Some("lifecycle/a.rs: crate `clap` is fenced off")),
        ("cli/a.rs", "use comfy_table::Table;", Some("cli/a.rs: crate `comfy_table` is fenced off")),
        ("cli/a.rs", "let bar = indicatif::ProgressBar::new(1);", Some("cli/a.rs: crate `indicatif` is fenced off")),
        ("store/registry.rs", "use rusqlite as sql;", Some("store/registry.rs: crate `rusqlite` is fenced off")),
        ("keystore/a.rs", "use der::{Decode, Encode};", Some("keystore/a.rs: crate `der` is fenced off")),
        ("issuer/a.rs", "use ::rcgen::KeyPair;", Some("issuer/a.rs: crate `rcgen` is fenced off")),
        ("pki/a.rs", "rustls_pemfile::certs(&mut x)", Some("pki/a.rs: crate `rustls_pemfile` is fenced off")),
        ("cli/a.rs", "fn f(text: &str) { toml::from_str(text) }", Some("cli/a.rs: crate `toml` is fenced off")),
        ("lifecycle/batch.rs", "let x = issuer.submit(plan);", Some("lifecycle/batch.rs: `.submit(` does not belong")),
        ("cli/a.rs", "fn f() { println!(\"x\") }", Some("cli/a.rs: `println!` does not belong here")),
        ("cli/a.rs", "fn f() { eprintln!(\"x\") }", Some("cli/a.rs: `eprintln!` does not belong here")),
        ("base/a.rs", "fn f() { unsafe { g() } }", Some("base/a.rs: `unsafe` does not belong here")),
        ("base/a.rs", &long, Some("base/a.rs: 401 lines without its tests, 400 are the limit")),
        ("audit/a.rs", "let c = '\"'; use crate::helpers::f; // \"", Some("audit/a.rs: `helpers` has no rank")),
        ("cli/a.rs", "let c = '\\''; println!(); let d = '\"';", Some("cli/a.rs: `println!` does not belong here")),
        ("cli/a.rs", "f(r#\"\"a\"#); println!();", Some("cli/a.rs: `println!` does not belong here")),
        ("base/a.rs", &tested, None),
        ("pki/a.rs", "//! As `certroll_core::store` wants it.\nuse certroll_base::x; /* certroll_core::cli */", None),
        ("pki/a.rs", "let url = \"crate::store and println! are only words\";", None),
        ("keystore/a.rs", "use pkcs8::der::Reader; fn under(x: u8) {} fn reorder() {}", None),
        ("cli/a.rs", "use clap::Args; use certroll_core::{base::a, lifecycle::b};", None),
        ("store/sqlite/a.rs", "use rusqlite::Connection; use super::read;", None),
        ("lifecycle/issuance/execute.rs", "issuer.submit(plan)", None),
    ];
    for (path, text, expected) in table {
        let found = breaches(&[((*path).to_owned(), (*text).to_owned())]);
        match expected {
            None => assert!(found.is_empty(), "{path}: {text}: {found:?}"),
            Some(breach) => {
                assert!(found.len() == 1 && found[0].starts_with(breach), "{path}: {text}: {found:?}");
            }
        }
    }
}
