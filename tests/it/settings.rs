//! What the environment can say: settings of the documentation, and nothing that decides what is issued, destroyed or why.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::home::{PASSPHRASE, TestHome, text};

/// Every long option of the program, as a variable.
fn variables() -> BTreeSet<String> {
    fn collect(command: &clap::Command, into: &mut BTreeSet<String>) {
        let long = command.get_arguments().filter_map(|arg| arg.get_long());
        into.extend(long.map(|long| format!("CERTROLL_{}", long.to_uppercase().replace('-', "_"))));
        command.get_subcommands().for_each(|below| collect(below, into));
    }
    let mut all = BTreeSet::new();
    collect(&certroll::cli::command(), &mut all);
    all
}

/// What stays the same from one certificate to the next of the same request.
fn what_was_issued(home: &TestHome) -> Value {
    let mut records = home.records("cert.issued");
    let record = records.pop().expect("there is one");
    let cert = &record["cert"];
    serde_json::json!([cert["san"], cert["iss"], cert["alg"], record["why"], record["ev"]])
}

#[test]
fn hostile_variables_change_nothing_of_what_is_issued() {
    let documented = [
        "CERTROLL_HOME",
        "CERTROLL_PASSPHRASE_FILE",
        "CERTROLL_STOREPASS_FILE",
        "CERTROLL_FORMAT",
        "CERTROLL_JOBS",
        "CERTROLL_QUIET",
        "CERTROLL_LOCK_TIMEOUT",
        "CERTROLL_IDENTITY_TOKEN_FILE",
        "CERTROLL_PIN_FILE",
        "CERTROLL_PIN_COMMAND",
        "CERTROLL_PASSPHRASE_COMMAND",
        "CERTROLL_STOREPASS_COMMAND",
        "CERTROLL_KEYPASS_FILE",
        "CERTROLL_KEYPASS_COMMAND",
        "CERTROLL_TRUSTPASS_FILE",
        "CERTROLL_NEW_PASSPHRASE_FILE",
        "CERTROLL_NEW_PASSPHRASE_COMMAND",
        "CERTROLL_NEW_STOREPASS_FILE",
        "CERTROLL_NEW_STOREPASS_COMMAND",
        "CERTROLL_NEW_KEYPASS_FILE",
        "CERTROLL_NEW_KEYPASS_COMMAND",
        "CERTROLL_HELP",
        "CERTROLL_VERSION",
    ];
    let line = ["issue", "client.example.net", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "client.pem"];
    let (plain, hostile) = (TestHome::new(), TestHome::new());
    plain.ok(&line);
    for value in ["true", "O=Evil, CN=evil.example.org", "evil.example.org"] {
        let hostile = hostile.copy();
        let mut command = hostile.command(&line);
        let mut set = 0;
        for name in variables().iter().filter(|name| !documented.contains(&name.as_str())) {
            command.env(name, value);
            set += 1;
        }
        assert!(set > 60, "{set}");
        let ran = crate::home::Ran::from(command.output().expect("it can be started")).expect(0);
        assert_eq!(what_was_issued(&hostile), what_was_issued(&plain), "{value}");
        for said in [
            "warning: the variable `CERTROLL_SUBJECT` is ignored; type `--subject`",
            "warning: the variable `CERTROLL_FORCE` is ignored; type `--force`",
        ] {
            assert!(ran.stderr.contains(said), "{ran:?}");
        }
    }
}

#[test]
fn revocation_takes_its_reason_from_what_is_typed() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "client.pem"]);
    let mut command = home.command(&["revoke", "client", "--reason", "superseded"]);
    command.env("CERTROLL_REASON", "keyCompromise").env("CERTROLL_COMMENT", "not mine");
    assert!(command.output().expect("it can be started").status.success());
    let record = &home.records("cert.revoked")[0];
    assert_eq!((text(record, "why/reason"), record.pointer("/why/text")), ("superseded", None));
    home.certroll(&["revoke", "client"]).expect(2);
}

#[test]
fn a_misspelt_setting_is_warned_of() {
    let home = TestHome::new();
    let mut command = home.command(&["list"]);
    let output = command.env("CERTROLL_FROMAT", "json").output().expect("it can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("warning: the variable `CERTROLL_FROMAT` is ignored; did you mean `CERTROLL_FORMAT`?"),
        "{said}"
    );
    // Switches take the words that people use.
    for (word, quiet) in [("1", true), ("true", true), ("0", false), ("false", false)] {
        let mut command = home.command(&["ca", "export", "--out", &format!("ca-{word}.pem")]);
        let output = command.env("CERTROLL_QUIET", word).output().expect("it can be started");
        assert!(output.status.success(), "{word}: {output:?}");
        assert_eq!(output.stderr.is_empty(), quiet, "{word}: {output:?}");
    }
}

#[test]
fn secrets_reach_no_child_process() {
    let home = TestHome::new();
    let passwords = "env > of_child; cat secrets/storepass";
    let line =
        ["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "c.p12", "--storepass-command"];
    let mut command = home.command(&[&line[..], &[passwords]].concat());
    command.env_remove("CERTROLL_PASSPHRASE_FILE").env("CERTROLL_PASSPHRASE", PASSPHRASE).env("OTHER", "kept");
    let output = command.output().expect("it can be started");
    assert!(output.status.success(), "{output:?}");
    let seen = String::from_utf8(home.read("of_child")).expect("text");
    assert!(seen.contains("OTHER=kept"), "the control: a child has an environment");
    assert!(!seen.contains("CERTROLL_") && !seen.contains(PASSPHRASE), "{seen}");
}
