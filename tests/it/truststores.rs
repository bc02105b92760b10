//! `ca export` and `truststore` write one file by the same rules.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::home::{TestHome, text};

/// The aliases of a truststore, sorted.
fn aliases(home: &TestHome, name: &str) -> Vec<String> {
    let document = home.ok(&["truststore", "list", name, "--format", "json"]).json();
    let trusted = document["trusted"].as_array().expect("a list");
    let mut aliases: Vec<String> = trusted.iter().map(|one| text(one, "alias").to_owned()).collect();
    aliases.sort();
    aliases
}

fn protection(home: &TestHome, name: &str) -> Value {
    home.ok(&["keystore", "list", name, "--format", "json"]).json()["protection"].clone()
}

#[test]
fn an_export_keeps_how_a_truststore_is_encrypted() {
    let home = TestHome::new();
    let compatible = ["--profile", "compatible", "--iterations", "30000", "--no-home"];
    home.write("root.pem", home.ok(&["ca", "export", "root"]).stdout);
    home.ok(&[&["truststore", "create", "old.p12", "--cert", "root.pem"], &compatible[..]].concat());
    let before = protection(&home, "old.p12");
    assert!(before.to_string().contains("TripleDES") && before.to_string().contains("30000"), "{before}");
    let ran = home.ok(&["ca", "export", "issuing", "--out", "old.p12"]);
    assert_eq!(ran.stderr.trim(), "wrote 2 CA certificates to `old.p12`");
    assert_eq!(protection(&home, "old.p12"), before);
    assert_eq!(aliases(&home, "old.p12"), ["issuing", "root-ca"], "what is trusted already keeps its alias");
    // Negative control: a new one is encrypted in the way of today.
    home.ok(&["ca", "export", "issuing", "--out", "new.p12"]);
    assert!(!protection(&home, "new.p12").to_string().contains("TripleDES"));
    assert_eq!(aliases(&home, "new.p12"), ["issuing", "root"]);
}

#[test]
fn exports_at_once_lose_no_entry() {
    let home = TestHome::new();
    let names = ["one", "two", "three", "four", "five"];
    for name in names {
        let subject = format!("O=Test, CN={name}");
        home.ok(&["ca", "create", name, "--issuer", "root", "--key", "ec:p256", "--subject", &subject]);
    }
    for round in 0..3 {
        let file = format!("shared-{round}.jks");
        let export = |name: &str| ["ca", "export", name, "--out", &file].map(str::to_owned).to_vec();
        let mut lines: Vec<Vec<String>> = names.iter().copied().map(export).collect();
        let added = ["truststore", "add", &file, "--cert", "home/ca/issuing.pem", "--no-home"];
        lines.push(added.map(str::to_owned).to_vec());
        for ran in home.at_once(&lines) {
            ran.expect(0);
        }
        let found = aliases(&home, &file);
        // Who comes first names the root: an export by its name in the home, the other command by its subject.
        let root = |alias: &String| alias == "root" || alias == "root-ca";
        assert_eq!(found.iter().filter(|alias| root(alias)).count(), 1, "{file}: {found:?}");
        let expected: BTreeSet<&str> = names.iter().copied().chain(["issuing"]).collect();
        let others: Vec<&str> = found.iter().filter(|alias| !root(alias)).map(String::as_str).collect();
        assert_eq!((others.len(), others.into_iter().collect::<BTreeSet<_>>()), (expected.len(), expected), "{file}");
    }
}

#[test]
fn an_export_into_a_truststore_of_the_home_is_on_record() {
    let home = TestHome::new();
    home.ok(&["ca", "create", "second", "--issuer", "root", "--key", "ec:p256", "--subject", "O=Test, CN=Second CA"]);
    for file in ["known.p12", "known.pem"] {
        home.ok(&["truststore", "create", file, "--ca", "issuing"]);
        let before = home.records("cert.deployed").len();
        home.ok(&["ca", "export", "second", "--out", file]);
        let records = home.records("cert.deployed");
        assert_eq!(records.len(), before + 1, "{file}: the root was there");
        let last = records.last().expect("a record");
        assert_eq!((text(last, "tgt/t"), text(last, "why/code")), ("truststore", "manual"));
        let trusted = home.ok(&["truststore", "list", file, "--format", "json"]).json();
        assert_eq!(trusted["trusted"].as_array().expect("a list").len(), 3, "{file}: {trusted}");
        // The same again changes nothing, and leaves no record.
        home.ok(&["ca", "export", "second", "--out", file]);
        assert_eq!(home.records("cert.deployed").len(), before + 1, "{file}");
    }
    let known = home.ok(&["truststore", "list", "--format", "json"]).json();
    let second = |one: &&Value| one.to_string().contains("\"second\"");
    assert_eq!(known["truststores"].as_array().expect("a list").iter().filter(second).count(), 2, "{known}");
    // A file that no home looks after leaves no record; PEM is written whole.
    let before = home.records("cert.deployed").len();
    home.ok(&["ca", "export", "issuing", "--out", "apart.pem"]);
    home.certroll(&["ca", "export", "second", "--out", "apart.pem"]).expect(2);
    home.ok(&["ca", "export", "second", "--out", "apart.pem", "--replace"]);
    assert_eq!(home.read("apart.pem"), home.ok(&["ca", "export", "second"]).stdout.into_bytes());
    assert_eq!(home.records("cert.deployed").len(), before);
}
