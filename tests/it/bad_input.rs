//! Wrong secrets, damaged files, wrong words: the documented exit code, a message in the house's form, and nothing changed.

use std::fs;

use crate::home::{Ran, TestHome, text};

/// An error in the house's form: what failed, causes, hints; no `Debug` output, no panic.
fn in_form(ran: &Ran) {
    assert!(!matches!(ran.code, 0 | 101 | -1), "{ran:#?}");
    let mut lines = ran.stderr.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("error: ")), "{ran:#?}");
    for word in ["panicked", "Os {", "Error {", "Some(", "Err(", "kind:", "\\\"", "PathBuf", "::"] {
        assert!(!ran.stderr.contains(word), "`{word}` in {ran:#?}");
    }
}

/// A record of a refusal, or of the session that it was in.
fn harmless(record: &serde_json::Value) -> bool {
    let refusals = ["cert.reject", "cert.revoke.refused", "cert.deploy.failed", "auth.denied"];
    let event = text(record, "ev");
    matches!(event, "session.start" | "session.stop") || refusals.contains(&event)
}

/// Runs a command that must fail like that and leave the log as it is.
fn refused(home: &TestHome, arguments: &[&str], code: i32) -> Ran {
    let before = home.all_records();
    let ran = home.certroll(arguments);
    assert_eq!(ran.code, code, "{arguments:?}: {ran:#?}");
    in_form(&ran);
    let after = home.all_records();
    let new = &after[before.len()..];
    assert!(new.iter().all(harmless), "{arguments:?} left {new:?}");
    ran
}

/// What a person sees of some commands: each with its exit code and what it said.
fn transcript(home: &TestHome, lines: &[&[&str]]) -> String {
    let mut text = String::new();
    for arguments in lines {
        let ran = home.certroll(arguments);
        if ran.code != 7 {
            in_form(&ran);
        }
        let words: Vec<String> = arguments
            .iter()
            .map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() })
            .collect();
        text.push_str(&format!("$ certroll {}\n{}{}[{}]\n\n", words.join(" "), ran.stdout, ran.stderr, ran.code));
    }
    redact(&text)
}

/// Serial numbers and times differ from run to run.
fn redact(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == ':')) {
        let (core, end) = word.split_at(word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len());
        let hex = core.len() >= 32 && core.bytes().all(|byte| byte.is_ascii_hexdigit());
        let time = core.len() == 20 && core.ends_with('Z') && core.as_bytes()[10] == b'T';
        out.push_str(if hex {
            "<HEX>"
        } else if time {
            "<TIME>"
        } else {
            core
        });
        out.push_str(end);
    }
    out
}

const ISSUE: &[&str] = &["issue", "client", "-t", "jms-client", "--key", "ec:p256"];

fn with<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [first, more].concat()
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let home = TestHome::new();
    home.ok(&with(ISSUE, &["--keystore", "client.p12"]));
    home.write("wrong", "not the passphrase\n");
    home.keep_private("wrong");
    home.write("meters.csv", "name\nmeter-1\n");
    let commands: &[&[&str]] = &[
        &["issue", "other", "-t", "jms-client", "--out-cert", "other.pem"],
        &["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"],
        &["rotate", "client"],
        &["revoke", "client", "--reason", "superseded"],
        &["deliver", "client", "--out-cert", "other.pem"],
        &["rollback", "client.p12"],
        &["ca", "create", "third"],
        &["ca", "crl", "--renew", "--out", "ca.crl"],
        &["audit", "export", "--out", "log.jsonl"],
        &["audit", "publish", "site"],
        &["audit", "add-cosignature", "meters.csv"],
        &["audit", "report", "--out", "report.html"],
        &["issuer", "test", "issuing"],
    ];
    for arguments in commands {
        let ran = refused(&home, &with(arguments, &["--passphrase-file", "wrong"]), 5);
        assert!(ran.stderr.contains("hint: "), "{ran:?}");
    }
    for file in ["other.pem", "out", "ca.crl", "log.jsonl", "site", "report.html", "client.p12.previous"] {
        assert!(!home.path(file).exists(), "`{file}` was written");
    }
    let wrong = with(commands[0], &["--passphrase-file", "wrong"]);
    insta::assert_snapshot!(transcript(&home, &[&wrong]), @r##"
    $ certroll issue other -t jms-client --out-cert other.pem --passphrase-file wrong
    error: the passphrase does not open the keys of this home
    hint: give the right one with CERTROLL_PASSPHRASE_FILE=FILE or `--passphrase-file FILE`
    [5]
    "##);
}

#[test]
fn a_damaged_keystore_is_left_as_it_is() {
    let home = TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "k.p12", "--keystore", "k.jks"]);
    home.ok(&["issue", "held", "-t", "jms-client", "--key", "ec:p256"]);
    home.write("wrong", "not-the-password\n");
    for file in ["k.p12", "k.jks"] {
        let whole = home.read(file);
        let middle = whole.len() / 2;
        let mut flipped = whole.clone();
        flipped[middle] ^= 0x01;
        let mut last = whole.clone();
        *last.last_mut().expect("it is not empty") ^= 0x80;
        let damaged =
            [whole[..middle].to_vec(), whole[..whole.len() - 1].to_vec(), flipped, last, Vec::new(), vec![0x30; 9]];
        for (n, bytes) in damaged.iter().enumerate() {
            home.write(file, bytes);
            for arguments in [
                vec!["rotate", "client"],
                vec!["issue", "other", "-t", "jms-client", "--key", "ec:p256", "--keystore", file],
                vec!["deliver", "held", "--keystore", file],
            ] {
                let before = home.all_records().len();
                let ran = home.certroll(&arguments);
                in_form(&ran);
                assert!(matches!(ran.code, 2 | 5), "{file}, damage {n}: {ran:#?}");
                assert!(ran.stderr.contains(file), "{file}, damage {n}: {ran:#?}");
                assert_eq!(home.read(file), *bytes, "{file}, damage {n}: the file was changed");
                let new = home.all_records().split_off(before);
                assert!(new.len() <= 3 && new.iter().all(harmless), "{file}, damage {n}: {new:?}");
            }
            in_form(&home.certroll(&["inspect", file]));
        }
        home.write(file, &whole);
        refused(&home, &["rotate", "client", "--storepass-file", "wrong"], 5);
        assert_eq!(home.read(file), whole);
    }
    home.ok(&["rotate", "client"]);
    let snapshot = {
        home.write("k.p12", &home.read("k.jks")[..40]);
        transcript(&home, &[&["issue", "other", "-t", "jms-client", "--keystore", "k.p12"], &["inspect", "k.p12"]])
    };
    insta::assert_snapshot!(snapshot, @r##"
    $ certroll issue other -t jms-client --keystore k.p12
    error: keystore `k.p12` cannot be used
      caused by: the keystore is damaged: its end is missing, or it is not PKCS#12
    [2]

    $ certroll inspect k.p12
    error: keystore `k.p12` cannot be opened
      caused by: wrong password, or the keystore was altered
    hint: give its password with `--storepass-file FILE` or in CERTROLL_STOREPASS
    [5]
    "##);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one transcript, to be read from top to bottom")]
fn wrong_words_are_named() {
    let home = TestHome::new();
    home.ok(ISSUE);
    let lines: &[&[&str]] = &[
        &["issue", "x", "-t", "jms-clint"],
        &["issue", "x", "-t", "jms-client", "--issuer", "isuing"],
        &["issue", "client", "-t", "jms-client"],
        &["issue", "x", "-t", "jms-client", "--param", "colour=red"],
        &["issue", "x", "-t", "jms-client", "--param", "colour"],
        &["issue", "x", "-t", "jms-client", "--san", "ip:300.1.1.1"],
        &["issue", "x", "-t", "jms-client", "--san", "dns:-bad-.example"],
        &["issue", "x", "-t", "jms-client", "--ttl", "soon"],
        &["issue", "x", "-t", "jms-client", "--ttl", "0d"],
        &["issue", "x", "-t", "jms-client", "--ttl", "-3d"],
        &["issue", "x", "-t", "jms-client", "--ttl", "99999999999999999999y"],
        &["issue", "x", "-t", "jms-client", "--ttl", "30y"],
        &["issue", "x", "-t", "jms-client", "--key", "rsa:1024"],
        &["issue", "x", "-t", "jms-client", "--keystore", "x.zip"],
        &["issue", "x", "-t", "jms-client", "--keystore", "missing/x.p12"],
        &["issue", "x", "-t", "root-ca"],
        &["issue", "x", "-t", "jms-client", "--subject", "no name"],
        &["rotate", "nobody"],
        &["revoke", "nobody", "--reason", "superseded"],
        &["revoke", "client", "--reason", "bored"],
        &["show", "nobody"],
        &["check", "nobody"],
        &["deliver", "client"],
        &["rollback", "nothing.p12"],
        &["inspect", "nothing.p12"],
        &["ca", "show", "nobody"],
        &["ca", "create", "../up"],
        &["ca", "create", "root"],
        &["ca", "create", "third", "--issuer", "nobody"],
        &["template", "show", "nothing"],
        &["policy", "show", "nothing"],
        &["audit", "show", "--event", "cert.made"],
        &["audit", "verify", "log.jsonl"],
        &["init", "home"],
        &["list", "--home", "elsewhere"],
    ];
    insta::assert_snapshot!(transcript(&home, lines), @r##"
    $ certroll issue x -t jms-clint
    error: there is no template `jms-clint`
    hint: choose one of data-concentrator, head-end, https-server, issuing-ca, jms-broker, jms-client, message-signer, meter, mqtt-broker, ocsp-responder, root-ca; `certroll template list` describes them
    [2]

    $ certroll issue x -t jms-client --issuer isuing
    error: there is no issuer `isuing` in this home
    hint: choose one of root, issuing
    [2]

    $ certroll issue client -t jms-client
    error: `client` has a current certificate, <HEX> valid until <TIME>
    hint: replace it with `certroll rotate client`
    hint: add `--force` to issue a further one beside it
    [2]

    $ certroll issue x -t jms-client --param colour=red
    error: the template does not take these inputs
      caused by: template `jms-client` cannot be applied: `parameters.colour` is wrong
      caused by: there is no such parameter: expected none
    [2]

    $ certroll issue x -t jms-client --param colour
    error: invalid value 'colour' for '--param <NAME=VALUE>': expected NAME=VALUE

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --san ip:300.1.1.1
    error: invalid value 'ip:300.1.1.1' for '--san <NAME>': `300.1.1.1` is not an IP address: expected four numbers up to 255, or eight groups of IPv6

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --san dns:-bad-.example
    error: invalid value 'dns:-bad-.example' for '--san <NAME>': `-bad-.example` is not a DNS name: a label begins or ends with a hyphen

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --ttl soon
    error: invalid value 'soon' for '--ttl <DURATION>': `soon` is not a duration: expected a number and s, m, h, d, w or y, such as 90d, or `never`

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --ttl 0d
    error: invalid value '0d' for '--ttl <DURATION>': `0d` is not a duration: expected a number and s, m, h, d, w or y, such as 90d, or `never`

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --ttl -3d
    error: unexpected argument '-3' found

      tip: to pass '-3' as a value, use '-- -3'

    Usage: certroll issue [OPTIONS] --template <TEMPLATE> [NAME]

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --ttl 99999999999999999999y
    error: invalid value '99999999999999999999y' for '--ttl <DURATION>': `99999999999999999999y` is not a duration: expected a number and s, m, h, d, w or y, such as 90d, or `never`

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --ttl 30y
    error: policy refuses `x` for 2 reasons
      caused by: lifetime of 10950 days is over the limit of 398 days
      caused by: validity until <TIME> is longer than the issuer's, until <TIME>
    hint: see the rules with `certroll policy list` and `certroll policy show NAME`
    [3]

    $ certroll issue x -t jms-client --key rsa:1024
    error: invalid value 'rsa:1024' for '--key <KEY>': unknown key algorithm `rsa:1024`: expected rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384, ec:p521 or ed25519

    For more information, try '--help'.
    [2]

    $ certroll issue x -t jms-client --keystore x.zip
    error: `x.zip` has no extension of a known keystore format
    hint: use one of .pem .crt .cer .p12 .pfx .pkcs12 .jks .keystore .ks
    [2]

    $ certroll issue x -t jms-client --keystore missing/x.p12
    error: the directory of `missing/x.p12` does not exist
    hint: make it with `mkdir -p missing`
    [2]

    $ certroll issue x -t root-ca
    error: template `root-ca` makes a CA, and the key of a CA does not leave the home
    hint: create it with `certroll ca create NAME --template root-ca`
    [2]

    $ certroll issue x -t jms-client --subject 'no name'
    error: invalid value 'no name' for '--subject <DN>': `no name` is not a distinguished name: an attribute has no `=` (expected something like `O=Example, CN=broker-1`)

    For more information, try '--help'.
    [2]

    $ certroll rotate nobody
    error: no certificate is named `nobody`
    hint: `certroll list` shows names and serial numbers; a certificate file is accepted too
    [2]

    $ certroll revoke nobody --reason superseded
    error: no certificate is named `nobody`
    hint: `certroll list` shows names and serial numbers; a certificate file is accepted too
    [2]

    $ certroll revoke client --reason bored
    error: invalid value 'bored' for '--reason <REASON>': unknown revocation reason `bored`: expected unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn

    For more information, try '--help'.
    [2]

    $ certroll show nobody
    error: no certificate is named `nobody`
    hint: `certroll list` shows names and serial numbers; a certificate file is accepted too
    [2]

    $ certroll check nobody
    error: no certificate is named `nobody`
    hint: `certroll list` shows names and serial numbers; a certificate file is accepted too
    [2]

    $ certroll deliver client
    error: nothing is known of where `client` belongs
    hint: say where with `--keystore FILE.p12`, `--out-cert FILE` or `--out-key FILE`
    [2]

    $ certroll rollback nothing.p12
    error: cannot bring back the predecessor of `nothing.p12`
      caused by: No such file or directory (os error 2)
    hint: a file has one after its first rotation
    [2]

    $ certroll inspect nothing.p12
    error: cannot read `nothing.p12`
      caused by: No such file or directory (os error 2)
    [2]

    $ certroll ca show nobody
    error: there is no issuer `nobody` in this home
    hint: choose one of root, issuing
    [2]

    $ certroll ca create ../up
    error: `../up` cannot be the name of a CA
    hint: use letters, digits, `-`, `_` and `.`: it becomes a file name
    [2]

    $ certroll ca create root
    error: there is a CA named `root` already
    hint: look at it with `certroll ca show root`, or choose another name
    [2]

    $ certroll ca create third --issuer nobody
    error: there is no issuer `nobody` in this home
    hint: choose one of root, issuing
    [2]

    $ certroll template show nothing
    error: there is no template `nothing`
    hint: choose one of data-concentrator, head-end, https-server, issuing-ca, jms-broker, jms-client, message-signer, meter, mqtt-broker, ocsp-responder, root-ca; `certroll template list` describes them
    [2]

    $ certroll policy show nothing
    error: there is no policy `nothing`
    hint: choose one of baseline, authorities, brokers, devices
    [2]

    $ certroll audit show --event cert.made
    error: invalid value 'cert.made' for '--event <EVENT>': unknown event `cert.made`

    For more information, try '--help'.
    [2]

    $ certroll audit verify log.jsonl
    error: an export is verified with the key that you were given when the log began
    hint: add `--key FILE` or `--key VKEY`; a key that came with the export proves nothing
    [2]

    $ certroll init home
    error: `home` is a home already
    hint: use it with `--home`, or choose another directory
    [2]

    $ certroll list --home elsewhere
    error: `elsewhere` is not a certroll home: it has no `certroll.toml`
    hint: make one with `certroll init DIR`, or try `certroll quickstart DIR`
    [2]
    "##);
    assert_eq!(home.records("cert.issued").len(), 1);
}

#[test]
fn without_a_ca_nothing_is_signed() {
    let home = TestHome::founded();
    home.write("meters.csv", "name\nmeter-1\n");
    let lines: &[&[&str]] = &[
        ISSUE,
        &["issue", "--batch", "meters.csv", "-t", "meter"],
        &["ca", "crl"],
        &["ca", "export"],
        &["ca", "show"],
    ];
    insta::assert_snapshot!(transcript(&home, lines), @r##"
    $ certroll issue client -t jms-client --key ec:p256
    error: this home has no CA yet
    hint: create one with `certroll ca create NAME --subject "O=..., CN=..."`
    [2]

    $ certroll issue --batch meters.csv -t meter
    error: this home has no CA yet
    hint: create one with `certroll ca create NAME --subject "O=..., CN=..."`
    [2]

    $ certroll ca crl
    error: this home has no CA yet
    hint: create one with `certroll ca create NAME --subject "O=..., CN=..."`
    [2]

    $ certroll ca export
    error: this home has no CA yet
    hint: create one with `certroll ca create NAME --subject "O=..., CN=..."`
    [2]

    $ certroll ca show
    error: this home has no CA yet
    hint: create one with `certroll ca create NAME --subject "O=..., CN=..."`
    [2]
    "##);
}

#[test]
fn without_secrets_nothing_is_asked() {
    let home = TestHome::new();
    let mut command = home.command(&["issue", "x", "-t", "jms-client", "--key", "ec:p256"]);
    let ran: Ran = command.env_remove("CERTROLL_PASSPHRASE_FILE").output().expect("it can be started").into();
    in_form(&ran);
    let mut command = home.command(&["issue", "x", "-t", "jms-client", "--key", "ec:p256", "--keystore", "x.p12"]);
    let no_storepass: Ran = command.env_remove("CERTROLL_STOREPASS_FILE").output().expect("it can be started").into();
    in_form(&no_storepass);
    home.write("empty", "");
    let lines: &[&[&str]] = &[
        &["issue", "x", "-t", "jms-client", "--passphrase-file", "nowhere"],
        &["issue", "x", "-t", "jms-client", "--passphrase-file", "empty"],
        &["issue", "x", "-t", "jms-client", "--passphrase-command", "exit 3"],
        &["issue", "x", "-t", "jms-client", "--keystore", "x.p12", "--storepass-file", "empty"],
    ];
    let text = format!("{}\n{}\n{}", ran.stderr, no_storepass.stderr, transcript(&home, lines));
    insta::assert_snapshot!(text, @r##"
    error: the passphrase of the home is needed, and there is no terminal to ask at
    hint: give it with `--passphrase-file FILE`, CERTROLL_PASSPHRASE_FILE=FILE, CERTROLL_PASSPHRASE or `--passphrase-command COMMAND`

    error: the password for keys and keystores is needed, and there is no terminal to ask at
    hint: give it with `--storepass-file FILE`, CERTROLL_STOREPASS_FILE=FILE, CERTROLL_STOREPASS or `--storepass-command COMMAND`

    $ certroll issue x -t jms-client --passphrase-file nowhere
    error: cannot read the passphrase of the home from `nowhere`
      caused by: No such file or directory (os error 2)
    [2]

    $ certroll issue x -t jms-client --passphrase-file empty
    error: cannot read the passphrase of the home from `empty`
      caused by: the first line is empty
    [2]

    $ certroll issue x -t jms-client --passphrase-command 'exit 3'
    error: the command for the passphrase of the home gave none
      caused by: it ended with exit status: 3
    [2]

    $ certroll issue x -t jms-client --keystore x.p12 --storepass-file empty
    error: cannot read the password for keys and keystores from `empty`
      caused by: the first line is empty
    [2]
    "##);
    assert!(!home.path("x.p12").exists());
}

#[test]
fn a_batch_that_is_none_is_refused_whole() {
    let home = TestHome::new();
    home.write("empty.csv", "");
    home.write("header.csv", "name\n");
    home.write("column.csv", "name,colour\nmeter-1,red\n");
    home.write("nameless.csv", "serial\n1\n");
    home.write("twice.csv", "name,serial,serial\nmeter-1,1,2\n");
    home.write("semicolons.csv", "name;serial\nmeter-1;1\n");
    let lines: &[&[&str]] = &[
        &["issue", "--batch", "empty.csv", "-t", "meter"],
        &["issue", "--batch", "column.csv", "-t", "meter"],
        &["issue", "--batch", "nameless.csv", "-t", "meter"],
        &["issue", "--batch", "twice.csv", "-t", "meter"],
        &["issue", "--batch", "semicolons.csv", "-t", "meter"],
        &["issue", "--batch", "nothing.csv", "-t", "meter"],
        &["issue", "--batch", "header.csv", "-t", "issuing-ca", "--issuer", "root"],
        &["issue", "--batch", "header.csv", "-t", "meter", "--out", "missing/out.ndjson"],
        &["issue", "--batch", "header.csv", "-t", "meter", "--out", "out", "--out-format", "zip"],
    ];
    insta::assert_snapshot!(transcript(&home, lines), @r##"
    $ certroll issue --batch empty.csv -t meter
    error: `empty.csv` is not a batch: it has no column `name`
    hint: the first line names the columns: `name`, then `san`, `csr` or parameters of the template, as in `name,san,serial`
    [2]

    $ certroll issue --batch column.csv -t meter
    error: `column.csv` has the column `colour`, which template `meter` does not know
    hint: columns may be: name, san, csr, eui64, hw_type, serial
    [2]

    $ certroll issue --batch nameless.csv -t meter
    error: `nameless.csv` is not a batch: it has no column `name`
    hint: the first line names the columns: `name`, then `san`, `csr` or parameters of the template, as in `name,san,serial`
    [2]

    $ certroll issue --batch twice.csv -t meter
    error: `twice.csv` is not a batch: it has the column `serial` twice
    hint: the first line names the columns: `name`, then `san`, `csr` or parameters of the template, as in `name,san,serial`
    [2]

    $ certroll issue --batch semicolons.csv -t meter
    error: `semicolons.csv` is not a batch: it has no column `name`
    hint: the first line names the columns: `name`, then `san`, `csr` or parameters of the template, as in `name,san,serial`
    [2]

    $ certroll issue --batch nothing.csv -t meter
    error: cannot read `nothing.csv`
      caused by: No such file or directory (os error 2)
    [2]

    $ certroll issue --batch header.csv -t issuing-ca --issuer root
    error: template `issuing-ca` makes a CA, and the key of a CA does not leave the home
    hint: create it with `certroll ca create NAME --template issuing-ca`
    [2]

    $ certroll issue --batch header.csv -t meter --out missing/out.ndjson
    error: cannot write `missing/out.ndjson`
      caused by: its directory `missing` does not exist
    [2]

    $ certroll issue --batch header.csv -t meter --out out --out-format zip
    error: there is no keystore format `zip`
    hint: use one of pem, pkcs12, jks
    [2]
    "##);
    assert!(home.records("cert.issued").is_empty());
    home.ok(&["issue", "--batch", "header.csv", "-t", "meter", "--out", "out"]);
}

#[test]
fn bad_lines_fail_alone() {
    let home = TestHome::new();
    home.write("broken.csr", "nothing of the kind");
    let long = "x".repeat(300);
    let cut = format!("{}...", "x".repeat(100));
    let lines = [
        "name,serial,san,csr,hw_type,eui64",
        "meter-1,1,,,,",
        "meter-2,2,ip:999.1.1.1,,,",
        ",3,,,,",
        "meter-4,4,,nowhere.csr,,",
        "meter-5,5,,broken.csr,,",
        "meter-6,6",
        "meter-7,7,,,not-an-oid,0011223344556677",
        "meter-8,8,,,1.3.6.1.4.1.1,00",
        "meter-1,9,,,,",
        "",
        &format!("{long},10,,,,"),
        "../../escape,11,,,,",
        "meter-12,12,,,,",
    ];
    home.write("meters.csv", lines.join("\n"));
    let batch = ["issue", "--batch", "meters.csv", "-t", "meter", "--out", "out"];
    insta::assert_snapshot!(transcript(&home, &[&batch]).replace(&long, "<LONG>").replace(&cut, "<CUT>"), @r##"
    $ certroll issue --batch meters.csv -t meter --out out
    3 issued, 0 issued before, 9 failed
    line 3 (`meter-2`): `999.1.1.1` is not an IP address: expected four numbers up to 255, or eight groups of IPv6
    line 4: it has no name
    line 5 (`meter-4`): cannot read `./nowhere.csr`: No such file or directory (os error 2)
    line 6 (`meter-5`): `./broken.csr` is not an acceptable certificate request: not a PKCS#10 certificate request
    line 7 (`meter-6`): it has 2 cells, the header has 6
    line 8 (`meter-7`): template `meter` cannot be applied: `parameters.hw_type` is wrong: expected a dotted object identifier such as 1.3.6.1.4.1.32473.1, found `not-an-oid`
    line 9 (`meter-8`): template `meter` cannot be applied: `parameters.eui64` is wrong: expected 16 hexadecimal digits, found `00`
    line 10 (`meter-1`): the name stands on an earlier line already
    line 11 (`<LONG>`): template `meter` cannot be applied: `subject` is wrong: attribute CN cannot be `<CUT>`: at most 64 characters are allowed
    [7]
    "##);
    let names: Vec<String> = home.names("out").into_iter().filter(|name| !name.ends_with(".key.pem")).collect();
    assert!(names.contains(&"meter-1.pem".to_owned()) && names.contains(&"meter-12.pem".to_owned()), "{names:?}");
    assert!(!home.path("../../escape.pem").exists() && !home.path("escape.pem").exists());
    let rejected = home.records("cert.reject");
    let json = home.certroll(&with(&batch, &["--format", "json"])).expect(7).json();
    let failed: Vec<u64> =
        json["failed"].as_array().expect("a list").iter().map(|one| one["line"].as_u64().expect("a number")).collect();
    let mut recorded: Vec<u64> = rejected.iter().filter_map(|record| record["x"]["line"].as_u64()).collect();
    recorded.sort_unstable();
    assert_eq!(failed, recorded, "the log and the command name the same lines");
    assert_eq!(json["skipped"], home.records("cert.issued").len());
    assert_eq!(json["issued"], 0);
    home.verify();
}

/// Bytes that are nothing: the same in every run.
fn junk() -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(&mut next).take(4_096).collect()
}

#[test]
fn junk_in_place_of_any_file_is_an_error() {
    let home = TestHome::new();
    home.ok(ISSUE);
    home.ok(&["audit", "export", "--out", "log.jsonl"]);
    home.ok(&["audit", "cosign", "--new-key", "witness.example", "--witness-key", "witness.pem"]);
    home.write("junk.tlog-proof", junk());
    let pem = b"-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n".to_vec();
    fs::create_dir(home.path("directory")).expect("a directory can be made");
    for (name, bytes) in
        [("junk", junk()), ("empty", Vec::new()), ("torn.pem", pem), ("junk.p12", junk()), ("junk.jks", junk())]
    {
        home.write(name, bytes);
    }
    for file in ["junk", "empty", "torn.pem", "junk.p12", "junk.jks", "directory", "missing"] {
        let lines: &[&[&str]] = &[
            &["issue", "x", "-t", "jms-client", "--csr", file],
            &["issue", "--batch", file, "-t", "meter"],
            &["rotate", "client", "--csr", file],
            &["inspect", file],
            &["rollback", file],
            &["show", file],
            &["rotate", file],
            &["revoke", file, "--reason", "superseded"],
            &["audit", "verify", file, "--key", "home/log/vkey"],
            &["audit", "verify", "log.jsonl", "--key", "home/log/vkey", "--checkpoint", file],
            &["audit", "verify", "log.jsonl", "--key", file],
            &["audit", "verify", "log.jsonl", "--key", "home/log/vkey", "--policy", file],
            &["audit", "verify", "junk.tlog-proof", "--record", file, "--key", "home/log/vkey"],
            &["audit", "cosign", file, "--key", "home/log/vkey", "--witness-key", "witness.pem"],
            &["audit", "cosign", "log.jsonl", "--key", "home/log/vkey", "--witness-key", file],
            &["audit", "add-cosignature", file],
            &["audit", "add-cosignature", "log.jsonl.checkpoint", "--policy", file],
            &["audit", "verify", "log.jsonl", "--key", "home/log/vkey", "--since", file],
            &["audit", "export", "--out", "x.tar", "--since", file],
        ];
        for arguments in lines {
            let ran = home.certroll(arguments);
            in_form(&ran);
            assert!(!ran.stderr.contains('\u{fffd}') && ran.stdout.is_empty(), "{arguments:?}: {ran:#?}");
        }
        if file != "torn.pem" {
            in_form(&home.certroll(&["issue", "x", "-t", "jms-client", "--passphrase-file", file]));
        }
    }
    assert_eq!(home.records("cert.issued").len(), 1);
    home.verify();
}

#[test]
fn junk_in_place_of_any_file_of_the_home_is_an_error() {
    let template = TestHome::new();
    template.ok(ISSUE);
    for file in ["certroll.toml", "state.db", "log/vkey", "log/checkpoint", "log/key.pem", "ca/issuing.key.pem"] {
        for bytes in [junk(), Vec::new()] {
            let home = template.copy();
            home.write(format!("home/{file}"), &bytes);
            let ran = home.certroll(&["issue", "x", "-t", "jms-client", "--key", "ec:p256", "--keystore", "x.p12"]);
            in_form(&ran);
            assert!(!home.path("x.p12").exists(), "{file}");
            assert!(
                ran.stderr.contains(file) || ran.stderr.contains("database") || ran.stderr.contains("issuing"),
                "{file}: {ran:#?}"
            );
            // An empty database gets the header of one, and nothing else.
            let kept = home.read(format!("home/{file}")) == bytes;
            assert!(kept || (file == "state.db" && bytes.is_empty()), "`{file}` was changed");
        }
    }
    for file in ["templates/own.toml", "policies/own.toml"] {
        let home = template.copy();
        home.write(format!("home/{file}"), junk());
        let ran = home.certroll(ISSUE);
        in_form(&ran);
        assert!(ran.stderr.contains(file), "{ran:#?}");
    }
}

/// The check of the form must itself find what is out of form.
#[test]
fn the_form_is_checked() {
    let ran = |stderr: &str, code| Ran { code, stdout: String::new(), stderr: stderr.to_owned() };
    in_form(&ran("error: no template `x`\nhint: see `certroll template list`\n", 2));
    for (stderr, code) in [
        ("thread 'main' panicked at src/main.rs", 101),
        ("Error: no template", 2),
        ("error: cannot read: Os { code: 2 }", 1),
        ("error: all is well", 0),
    ] {
        assert!(std::panic::catch_unwind(|| in_form(&ran(stderr, code))).is_err(), "{stderr}");
    }
    assert_eq!(redact("until 2026-11-22T10:51:56Z, 6b58a1f1601f592e50abc1b040c17d04."), "until <TIME>, <HEX>.");
}
