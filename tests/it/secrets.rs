//! No secret leaves: every command runs with a marked passphrase and a marked store password, and the marks are looked for
//! in everything it says and writes. Private keys are secrets too: wherever one lies, it is encrypted.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use certroll_base::encoding::{base64, hex};
use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::Decryptor;
use serde_json::json;

use crate::home::{PASSPHRASE, Ran, STOREPASS, TestHome, files_below, secret_of};
use crate::session::Pipeline;

/// What must not be found, in each form in which it might lie somewhere.
pub(crate) struct Needle {
    what: String,
    forms: Vec<Vec<u8>>,
}

impl Needle {
    pub(crate) fn new(what: &str, secret: &[u8]) -> Self {
        let utf16: Vec<u8> = secret.iter().flat_map(|byte| [0, *byte]).collect();
        let mut forms = vec![secret.to_vec(), hex(secret).into_bytes(), hex(secret).to_uppercase().into_bytes(), utf16];
        // Base64 looks different at each of three offsets; the characters at its ends depend on the neighbours.
        for offset in 0..3 {
            let encoded = base64(&[&[0; 2][..offset.min(2)], secret].concat());
            let encoded = encoded.trim_end_matches('=');
            let first = (offset * 8).div_ceil(6);
            forms.push(encoded.as_bytes()[first..encoded.len() - 1].to_vec());
        }
        Self { what: what.to_owned(), forms }
    }

    fn is_in(&self, bytes: &[u8]) -> bool {
        // Line breaks in PEM would hide base64.
        let joined: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        self.forms.iter().any(|form| find(bytes, form) || find(&joined, form))
    }
}

pub(crate) fn find(bytes: &[u8], what: &[u8]) -> bool {
    let first = what[0];
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        if rest[at..].starts_with(what) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

fn marks() -> Vec<Needle> {
    vec![Needle::new("the passphrase", PASSPHRASE.as_bytes()), Needle::new("the store password", STOREPASS.as_bytes())]
}

/// Every file below the directory in which one of the secrets lies; the files of the secrets themselves apart.
pub(crate) fn leaks(directory: &Path, needles: &[Needle]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files_below(directory) {
        if file.strip_prefix(directory).is_ok_and(|path| path.starts_with("secrets")) {
            continue;
        }
        let bytes = fs::read(&file).expect("a file can be read");
        let here = needles.iter().filter(|needle| needle.is_in(&bytes));
        found.extend(here.map(|needle| format!("{} in {}", needle.what, file.display())));
    }
    found
}

/// What the kernel shows to everybody, or to the same user, of a process and its children.
fn shown_by_the_kernel(root: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pending = vec![root];
    while let Some(pid) = pending.pop() {
        for file in ["cmdline", "environ"] {
            bytes.extend(fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default());
        }
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        pending.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
    }
    bytes
}

/// Runs a command while looking over its shoulder; whatever it says is searched.
pub(crate) fn watched(home: &TestHome, arguments: &[&str], needles: &[Needle]) -> Ran {
    let child = home.start(arguments);
    let (pid, done) = (child.id(), AtomicBool::new(false));
    // What it prints is read all the while: a full pipe would stop it, and this test with it.
    let (ran, seen): (Ran, _) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = Vec::new();
            while !done.load(Ordering::Relaxed) {
                let now = shown_by_the_kernel(pid);
                if !seen.contains(&now) {
                    seen.push(now);
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            seen
        });
        let output = child.wait_with_output().expect("it can be waited for");
        done.store(true, Ordering::Relaxed);
        (output.into(), watcher.join().expect("the watcher ends"))
    });
    for needle in needles {
        assert!(!needle.is_in(ran.stdout.as_bytes()), "{} is printed by {arguments:?}", needle.what);
        assert!(!needle.is_in(ran.stderr.as_bytes()), "{} is said by {arguments:?}", needle.what);
        assert!(!seen.iter().any(|bytes| needle.is_in(bytes)), "{} shows in /proc with {arguments:?}", needle.what);
    }
    ran
}

/// Every command of the program, in an order in which they can run, with the exit code each must have. The first words are
/// the command's path; each must be here at least once.
const COMMANDS: &[(&[&str], &[&str], i32)] = &[
    (&["init"], &["home", "--origin", "test.example"], 0),
    (&["init"], &["home"], 2),
    (&["ca", "create"], &["root", "--key", "ec:p256"], 0),
    (&["ca", "create"], &["issuing", "--issuer", "root", "--key", "ec:p256", "--format", "json"], 0),
    (&["ca", "create"], &["issuing"], 2),
    (&["ca", "list"], &[], 0),
    (&["ca", "show"], &["issuing"], 0),
    (&["ca", "show"], &["nobody"], 2),
    (&["doctor"], &[], 0),
    (
        &["issue"],
        &[
            "client",
            "-t",
            "jms-client",
            "--key",
            "ec:p256",
            "--keystore",
            "client.p12",
            "--keystore",
            "client.jks",
            "--keystore",
            "client.pem",
            "--out-key",
            "client.key.pem",
            "--out-cert",
            "client.crt",
        ],
        0,
    ),
    (&["message", "sign"], &["most.csv", "--key", "client.p12", "--out", "most.p7s"], 0),
    (&["message", "sign"], &["most.csv", "--raw", "--key", "client.jks"], 0),
    (&["message", "sign"], &["most.csv", "--raw", "--key", "client.p12", "--storepass-file", "secrets/passphrase"], 5),
    (
        &["message", "sign"],
        &["most.csv", "--envelope", "--key", "client.pem", "--sequence-file", "sequence", "--out", "most.jws"],
        0,
    ),
    (&["message", "verify"], &["most.csv", "--signature", "most.p7s"], 13),
    (&["message", "verify"], &["most.csv", "--signature", "most.p7s", "--any-purpose", "--format", "json"], 0),
    (&["message", "verify"], &["most.jws", "--envelope", "--seen-file", "numbers", "--any-purpose", "--out", "-"], 0),
    (&["key", "list"], &["pkcs11:token=none"], 2),
    (&["issue"], &["held", "-t", "jms-client", "--key", "ec:p256", "--format", "json"], 0),
    (&["issue"], &["bad", "-t", "jms-client", "--ttl", "50y", "--keystore", "bad.p12"], 3),
    (&["issue"], &["bad", "-t", "jms-client", "--key", "ec:p256", "--keystore", "missing/bad.p12"], 2),
    (&["issue"], &["bad", "-t", "jms-client", "--passphrase-file", "secrets/storepass"], 5),
    (
        &["issue"],
        &[
            "bad",
            "-t",
            "jms-client",
            "--key",
            "ec:p256",
            "--keystore",
            "client.p12",
            "--storepass-file",
            "secrets/passphrase",
        ],
        5,
    ),
    (&["issue"], &["--batch", "meters.csv", "-t", "meter", "--out", "pem"], 7),
    (
        &["issue"],
        &["--batch", "more.csv", "-t", "meter", "--out", "stores", "--out-format", "pkcs12", "--out-format", "jks"],
        0,
    ),
    (&["issue"], &["--batch", "most.csv", "-t", "meter", "--out", "devices.ndjson", "--format", "json"], 0),
    (
        &["issue"],
        &[
            "commanded",
            "-t",
            "jms-client",
            "--key",
            "ec:p256",
            "--storepass-command",
            "sleep 0.1; cat secrets/storepass",
            "--keystore",
            "commanded.p12",
        ],
        0,
    ),
    (&["deliver"], &["held", "--keystore", "held.p12", "--out-key", "held.key.pem"], 0),
    (&["deliver"], &["held", "--keystore", "again.p12"], 0),
    (&["rotate"], &["client"], 0),
    (&["rotate"], &["client", "--reuse-key"], 0),
    (&["rotate"], &["nobody"], 2),
    (&["rollback"], &["client.p12"], 0),
    (&["rollback"], &["nothing.p12"], 2),
    (&["relocate"], &["nothing.p12", "other.p12"], 2),
    (&["forget"], &["nothing.p12"], 2),
    (&["revoke"], &["held", "--reason", "keyCompromise", "--comment", "lost", "--format", "json"], 0),
    (&["revoke"], &["nobody", "--reason", "keyCompromise"], 2),
    (&["list"], &["--format", "json"], 0),
    (&["show"], &["client", "--format", "json"], 0),
    (&["show"], &["client", "--pem"], 0),
    (&["check"], &["client"], 11),
    (&["check"], &["held"], 12),
    (&["inspect"], &["client.p12"], 0),
    (&["inspect"], &["client.jks", "--format", "json"], 0),
    (&["inspect"], &["client.key.pem"], 0),
    (&["inspect"], &["client.p12", "--storepass-file", "secrets/passphrase"], 5),
    (&["verify"], &["client.p12", "--trust", "home/ca/root.pem"], 0),
    (&["verify"], &["client.p12", "--trust", "home/ca/issuing.pem", "--storepass-file", "secrets/passphrase"], 5),
    (&["lint"], &["client.p12", "--format", "json"], 0),
    (&["lint"], &["client.p12", "--storepass-file", "secrets/passphrase"], 5),
    (&["ca", "crl"], &["issuing", "--renew", "--out", "issuing.crl"], 0),
    (&["ca", "export"], &["issuing", "--out", "trust.jks"], 0),
    (&["ca", "export"], &["issuing", "--out", "trust.p12"], 0),
    (&["ca", "export"], &["issuing", "--out", "trust.crt"], 0),
    (&["ca", "export"], &["issuing"], 0),
    (&["ca", "request"], &["later", "--subject", "O=Test, CN=Later", "--key", "ec:p256", "--out", "later.csr"], 0),
    (&["ca", "sign"], &["later.csr", "--issuer", "root", "--out", "later.pem"], 0),
    (&["ca", "accept"], &["later", "--cert", "later.pem"], 2),
    (
        &["ca", "import"],
        &["old", "--cert", "later.pem", "--key", "client.key.pem", "--keypass-file", "secrets/storepass"],
        2,
    ),
    (&["ca", "remove"], &["later"], 0),
    (&["ca", "set"], &["issuing", "--ocsp-url", "http://ocsp.test.example"], 0),
    (&["ca", "health"], &["root"], 0),
    (&["ca", "renew"], &["nobody"], 2),
    (
        &["keystore", "create"],
        &["own.jks", "--alias", "own", "--key", "ec:p256", "--keypass-file", "secrets/passphrase"],
        0,
    ),
    (&["keystore", "create"], &["own.p12", "--alias", "own", "--key", "ec:p256", "--format", "json"], 0),
    (&["keystore", "list"], &["own.jks", "--keypass-file", "secrets/passphrase"], 0),
    (&["keystore", "inspect"], &["own.p12", "--format", "json"], 0),
    (&["keystore", "inspect"], &["own.p12", "--storepass-file", "secrets/passphrase"], 5),
    (&["csr", "new"], &["own", "-t", "jms-client", "--keystore", "own.p12", "--out", "own.csr"], 0),
    (&["csr", "new"], &["own", "-t", "jms-client", "--out-key", "fresh.key.pem", "--key", "ec:p256"], 0),
    (&["csr", "inspect"], &["own.csr", "--format", "json"], 0),
    (&["csr", "lint"], &["own.csr", "-t", "jms-client"], 0),
    (&["issue"], &["owned", "-t", "jms-client", "--csr", "own.csr", "--out-cert", "owned.crt"], 0),
    (&["keystore", "import"], &["own.p12", "--cert", "owned.crt"], 2),
    (&["keystore", "import"], &["own.p12", "--cert", "owned.crt", "--cert", "home/ca/root.pem"], 0),
    (&["keystore", "import"], &["own.jks", "--from", "own.p12", "--to-alias", "second"], 0),
    (&["keystore", "import"], &["own.jks", "--from", "own.p12", "--from-storepass-file", "secrets/passphrase"], 5),
    (&["keystore", "add"], &["own.p12", "--alias", "root", "--cert", "home/ca/root.pem"], 0),
    (&["keystore", "rename"], &["own.p12", "--alias", "root", "--to", "anchor"], 0),
    (&["keystore", "remove"], &["own.p12", "--alias", "anchor"], 0),
    (&["keystore", "export"], &["own.p12", "--out-cert", "own.crt", "--out-key", "own.key.pem"], 0),
    (&["keystore", "export"], &["own.jks", "--alias", "own", "--out-key", "never.key.pem"], 5),
    (&["keystore", "convert"], &["own.p12", "--out", "converted.pem"], 0),
    (&["keystore", "diff"], &["own.p12", "converted.pem", "--format", "json"], 0),
    (&["keystore", "lint"], &["own.p12", "--format", "json"], 0),
    (&["keystore", "lint"], &["own.jks"], 11),
    (
        &["keystore", "passwd"],
        &["own.jks", "--keypass-file", "secrets/passphrase", "--new-keypass-file", "secrets/storepass"],
        0,
    ),
    (&["truststore", "create"], &["known.p12", "--ca", "issuing"], 0),
    (&["truststore", "add"], &["known.jks", "--cert", "home/ca/root.pem"], 0),
    (&["truststore", "remove"], &["known.jks", "--cert", "home/ca/root.pem"], 0),
    (&["truststore", "list"], &[], 0),
    (&["truststore", "list"], &["known.p12", "--format", "json"], 0),
    (&["truststore", "sync"], &["--format", "json"], 0),
    (&["truststore", "untrack"], &["known.p12"], 0),
    (&["key", "new"], &["alone.key.pem", "--keypass-file", "secrets/storepass"], 0),
    (&["key", "inspect"], &["alone.key.pem", "--keypass-file", "secrets/storepass", "--format", "json"], 0),
    (&["key", "inspect"], &["alone.key.pem", "--keypass-file", "secrets/passphrase"], 5),
    (
        &["key", "passwd"],
        &["alone.key.pem", "--keypass-file", "secrets/storepass", "--new-keypass-file", "secrets/passphrase"],
        0,
    ),
    (&["key", "list"], &["pkcs11:token=none?module-path=/nowhere.so"], 2),
    (&["service", "kinds"], &[], 0),
    (&["service", "drivers"], &[], 0),
    (
        &["service", "add"],
        &[
            "front",
            "--driver",
            "command",
            "--certificate",
            "client",
            "--set",
            "reload=false",
            "--endpoint",
            "127.0.0.1:1",
        ],
        0,
    ),
    (&["service", "list"], &[], 0),
    (&["service", "show"], &["front"], 0),
    (&["service", "probe"], &["front"], 11),
    (&["service", "reload"], &["front"], 8),
    (&["service", "remove"], &["front"], 0),
    (
        &["service", "config"],
        &["--server", "jetty", "--name", "client", "--truststore", "trust.p12", "--out", "jetty"],
        2,
    ),
    (
        &["service", "config"],
        &["--server", "activemq", "--name", "client", "--truststore", "trust.p12", "--out", "."],
        0,
    ),
    // What would hold a secret is not shown.
    (&["service", "config"], &["--server", "kafka", "--name", "client", "--truststore", "trust.p12"], 0),
    (
        &["service", "config"],
        &["--server", "mosquitto", "--name", "client", "--truststore", "trust.crt", "--format", "json"],
        0,
    ),
    (&["service", "config"], &["--server", "nginx", "--name", "client", "--truststore", "trust.crt", "--out", "."], 0),
    (&["issuer", "account", "create"], &["nobody"], 2),
    (&["issuer", "account", "show"], &["issuing"], 4),
    (&["issuer", "account", "update"], &["nobody", "--contact", "mailto:pki@example.net"], 2),
    (&["issuer", "account", "rotate-key"], &["nobody"], 2),
    (&["issuer", "account", "deactivate"], &["nobody"], 2),
    (&["template", "list"], &[], 0),
    (&["template", "show"], &["meter"], 0),
    (&["policy", "list"], &[], 0),
    (&["policy", "show"], &["baseline"], 0),
    (&["issuer", "list"], &[], 0),
    (&["issuer", "capabilities"], &["issuing"], 0),
    (&["issuer", "test"], &["issuing"], 0),
    (&["issuer", "status"], &["client"], 4),
    (&["issuer", "delete"], &["client"], 4),
    (&["issuer", "report"], &["issuing"], 4),
    (&["issuer", "abandon"], &["nobody", "--comment", "no answer came", "--ticket", "OPS-1"], 2),
    (&["audit", "show"], &["--format", "json"], 0),
    (&["audit", "events"], &[], 0),
    (&["audit", "export"], &["--out", "log.jsonl"], 0),
    (&["audit", "export"], &["--format", "csv", "--out", "log.csv"], 0),
    (&["audit", "report"], &["--out", "report.html"], 0),
    (&["audit", "reconcile"], &["--no-record"], 0),
    (&["audit", "export"], &["--out", "log.tar"], 0),
    (&["audit", "export"], &["--out", "part.tar", "--name", "client"], 0),
    (&["audit", "export"], &["--format", "cef", "--out", "-"], 0),
    (&["audit", "export"], &["--format", "syslog", "--out", "log.syslog"], 0),
    (&["audit", "restore"], &["--from", "log.jsonl"], 0),
    (&["audit", "start-new-log"], &["--origin", "new.example"], 2),
    (&["audit", "verify"], &[], 0),
    (&["audit", "verify"], &["log.jsonl", "--key", "home/log/vkey"], 0),
    (&["audit", "publish"], &["site"], 0),
    (&["audit", "publish"], &["site"], 0),
    (&["audit", "verify"], &["site", "--key", "home/log/vkey"], 0),
    (&["audit", "receipt"], &["0", "--out", "receipt"], 0),
    (&["audit", "verify"], &["receipt.tlog-proof", "--key", "home/log/vkey"], 0),
    (&["audit", "cosign"], &["--new-key", "witness.example", "--witness-key", "witness.pem"], 0),
    (&["audit", "cosign"], &["log.jsonl", "--key", "home/log/vkey", "--witness-key", "witness.pem"], 0),
    (&["audit", "add-cosignature"], &["log.jsonl.checkpoint"], 2),
    (&["audit", "verify"], &["log.tar", "--key", "home/log/vkey", "--format", "json"], 0),
    (&["completions"], &["bash"], 0),
    (&["man"], &["pages"], 0),
    (&["doctor"], &["--passphrase-file", "secrets/storepass"], 5),
    (&["passwd"], &["--key-file", "secrets/key"], 0),
    (&["passwd"], &["--new-passphrase-file", "secrets/passphrase"], 5),
    (&["passwd"], &["--passphrase-file", "secrets/key", "--new-passphrase-file", "secrets/passphrase"], 0),
    (&["passwd"], &["--new-passphrase-file", "secrets/storepass", "--ticket", "OPS-1"], 0),
    (&["passwd"], &["--passphrase-file", "secrets/storepass", "--new-passphrase-file", "secrets/passphrase"], 0),
];

/// The quickstart makes secrets of its own; they are looked for in another way.
const APART: &[&str] = &["quickstart"];

/// The paths of all commands that do something, as the program itself defines them.
fn leaves() -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    let mut pending = vec![(Vec::new(), certroll::cli::command())];
    while let Some((path, command)) = pending.pop() {
        let mut below = command.get_subcommands().filter(|sub| sub.get_name() != "help").peekable();
        if below.peek().is_none() {
            found.insert(path.clone());
        }
        pending.extend(below.map(|sub| ([&path[..], &[sub.get_name().to_owned()]].concat(), sub.clone())));
    }
    found
}

/// Every encrypted key in the PEM files of the directory, opened.
fn plain_keys(directory: &Path) -> Vec<Needle> {
    let open = |secret: &str| Decryptor::new(Secret::new(secret.to_owned()));
    let of_home = secret_of(&directory.join("home"));
    let decryptors = [open(of_home.expose()), open(PASSPHRASE), open(STOREPASS)];
    let mut needles = vec![Needle::new("the key of the home", of_home.expose().as_bytes())];
    let mut add = |file: &str, text: &[u8]| {
        for block in pem::read(text).unwrap_or_default() {
            if block.label != Label::EncryptedPrivateKey {
                continue;
            }
            let plain = decryptors.iter().find_map(|one| one.decrypt(block.der.expose()).ok()).expect("a key opens");
            needles.push(Needle::new(&format!("the plain key of {file}"), plain.expose()));
            // The number itself, as it stands in the PKCS#8 of a P-256 key, in whatever it may be wrapped elsewhere.
            if plain.expose().len() == 138 {
                needles.push(Needle::new(&format!("the private number of {file}"), &plain.expose()[36..68]));
            }
        }
    };
    for file in files_below(directory) {
        let name = file.display().to_string();
        let bytes = fs::read(&file).expect("a file can be read");
        if name.ends_with(".pem") {
            add(&name, &bytes);
        } else if name.ends_with(".ndjson") {
            for line in String::from_utf8_lossy(&bytes).lines() {
                let value: serde_json::Value = serde_json::from_str(line).expect("it is JSON");
                add(&name, value["key"].as_str().expect("there is a key").as_bytes());
            }
        }
    }
    needles
}

#[test]
fn no_secret_leaves_through_any_command() {
    let covered: BTreeSet<Vec<String>> =
        COMMANDS.iter().map(|(path, ..)| path.iter().map(|word| (*word).to_owned()).collect()).collect();
    let all: BTreeSet<Vec<String>> = leaves().into_iter().filter(|path| !APART.contains(&path[0].as_str())).collect();
    assert_eq!(covered, all, "each command needs a row in COMMANDS");

    let home = TestHome::unfounded();
    home.write("meters.csv", "name\nmeter-1\nmeter-2\nmeter-1\n");
    home.write("more.csv", "name\nmeter-3\nmeter-4\n");
    home.write("most.csv", "name\nmeter-5\nmeter-6\n");
    fs::create_dir(home.path("pages")).expect("a directory can be made");
    let needles = marks();
    for (path, arguments, code) in COMMANDS {
        let arguments = [path, *arguments].concat();
        let ran = watched(&home, &arguments, &needles);
        assert_eq!(ran.code, *code, "{arguments:?}: {ran:#?}");
        watched(&home, &[path, &["--help"][..]].concat(), &needles).expect(0);
        let left = leaks(&home.path(""), &needles);
        assert!(left.is_empty(), "after {arguments:?}: {left:#?}");
    }
    let keys = plain_keys(&home.path(""));
    assert!(keys.len() > 15, "only {} keys were found to look for", keys.len());
    let left = leaks(&home.path(""), &keys);
    assert!(left.is_empty(), "{left:#?}");
}

/// A secret given in the environment, or by a command, goes nowhere either.
#[test]
fn secrets_of_the_environment_stay_there() {
    let home = TestHome::new();
    let needles = marks();
    let mut command =
        home.command(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    command.env_remove("CERTROLL_PASSPHRASE_FILE").env_remove("CERTROLL_STOREPASS_FILE");
    command.env("CERTROLL_PASSPHRASE", PASSPHRASE).env("CERTROLL_STOREPASS", STOREPASS);
    let ran: Ran = command.output().expect("it can be started").into();
    let ran = ran.expect(0);
    let mut help = home.command(&["issue", "--help"]);
    let help: Ran = help.env("CERTROLL_STOREPASS", STOREPASS).output().expect("it can be started").into();
    for needle in &needles {
        assert!(!needle.is_in(format!("{ran:?}{help:?}").as_bytes()), "{}", needle.what);
    }
    assert_eq!(leaks(&home.path(""), &needles), [""; 0]);
}

/// A token that says who acts is a secret as long as it holds: neither a good one nor one that is refused is seen anywhere.
#[test]
fn a_token_goes_nowhere() {
    let home = TestHome::new();
    let pipeline = Pipeline::pinned_in(&home, "https://gitlab.example.net");
    for (claims, code) in [(json!({"sub": "MARK-subject"}), 0), (json!({"sub": "MARK-subject", "aud": "other"}), 5)] {
        let token = pipeline.token(&claims);
        home.write("secrets/token", &token);
        let parts: Vec<&str> = token.split('.').collect();
        let mut needles = vec![Needle::new("the token", token.as_bytes())];
        needles.extend(parts[1..].iter().map(|part| Needle::new("a part of the token", part.as_bytes())));
        let arguments = ["ca", "crl", "issuing", "--renew", "--identity-token-file", "secrets/token"];
        watched(&home, &arguments, &needles).expect(code);
        assert_eq!(leaks(&home.path(""), &needles), [""; 0]);
        home.write("planted", &token);
        assert_eq!(leaks(&home.path(""), &needles).len(), 3, "negative control");
        fs::remove_file(home.path("planted")).expect("it is there");
    }
    // What the record does have of it: whose it is, and its hash.
    assert!(home.all_records().iter().any(|record| record["actor"]["id"] == "MARK-subject"));
}

/// The quickstart makes its own secrets: they stand in their two files and nowhere else.
#[test]
fn the_quickstart_keeps_its_secrets() {
    let home = TestHome::unfounded();
    let ran = watched(&home, &["quickstart", "story"], &[]).expect(0);
    let read = |name: &str| {
        let bytes = home.read(format!("story/secrets/{name}"));
        bytes.split(|byte| *byte == b'\n').next().expect("there is a line").to_vec()
    };
    let needles = [Needle::new("its passphrase", &read("passphrase")), Needle::new("its password", &read("storepass"))];
    assert!(needles.iter().all(|needle| !needle.is_in(format!("{ran:?}").as_bytes())));
    assert_eq!(leaks(&home.path("story"), &needles), [""; 0]);
}

#[test]
fn the_search_finds_what_is_planted() {
    let home = TestHome::founded();
    let needles = marks();
    assert_eq!(leaks(&home.path(""), &needles), [""; 0]);
    let mark = PASSPHRASE.as_bytes();
    let wide: Vec<u8> = mark.iter().flat_map(|byte| [0, *byte]).collect();
    let plants: &[Vec<u8>] = &[
        [b"before ", mark, b" after"].concat(),
        hex(mark).into_bytes(),
        hex(mark).to_uppercase().into_bytes(),
        wide,
        base64(mark).into_bytes(),
        base64(&[b"x", mark, b"yz"].concat()).into_bytes(),
        base64(&[b"xy", mark, b"z"].concat()).into_bytes(),
        base64(&[&[7; 40][..], mark, &[9; 40]].concat()).as_bytes().chunks(64).collect::<Vec<_>>().join(&b'\n'),
    ];
    for (n, plant) in plants.iter().enumerate() {
        home.write("planted", plant);
        assert_eq!(leaks(&home.path(""), &needles).len(), 1, "plant {n}");
    }
    // And a key: planted as DER, it is found.
    fs::remove_file(home.path("planted")).expect("a file can be removed");
    let key = certroll_pki::key::KeyPair::generate("ec:p256".parse().expect("a kind of key")).expect("a key");
    let plain = key.to_pkcs8().expect("it can be encoded");
    let needle = [Needle::new("a key", plain.expose()), Needle::new("a number", &plain.expose()[36..68])];
    home.write("planted", [&[0; 100][..], plain.expose()].concat());
    assert_eq!(leaks(&home.path(""), &needle).len(), 2);
    home.write("planted", pem::encode(Label::EncryptedPrivateKey, plain.expose()));
    assert_eq!(leaks(&home.path(""), &needle).len(), 2);
    // A process that shows it is seen.
    let shown = std::panic::catch_unwind(|| {
        let mut command = home.command(&["issue", "x", "-t", "meter", "--passphrase-command"]);
        let mut child = command
            .env_remove("CERTROLL_PASSPHRASE_FILE")
            .arg(format!("sleep 0.3; echo {PASSPHRASE}"))
            .spawn()
            .expect("it can be started");
        // The arguments are there once the new program is; on a busy machine that takes a while.
        let mut seen = shown_by_the_kernel(child.id());
        while !marks()[0].is_in(&seen) && matches!(child.try_wait(), Ok(None)) {
            seen = shown_by_the_kernel(child.id());
        }
        let _ = child.wait();
        assert!(!marks()[0].is_in(&seen));
    });
    assert!(shown.is_err(), "a secret on the command line was not seen");
}
