//! CAs that worked elsewhere before: OpenSSL's `ca` with some hundreds of certificates, easy-rsa, a key in a token; and what is
//! not taken over.

use std::path::Path;
use std::process::Command;

use certroll_tlog::{Checkpoint, Frontier, LogKey, leaf_hash};
use serde_json::{Value, json};

use crate::peers::softhsm::{self, SoftHsm};
use crate::peers::{self, Peer, command, openssl, openssl_verify, run};
use crate::scratch::{PASSWORD, Scratch, text};

/// How many certificates OpenSSL's CA issues, and of how many consecutive ones one is revoked.
const ISSUED: usize = 240;
const REVOKED_OF: usize = 5;

const CONFIGURATION: &str = "[ca]\ndefault_ca = d\n[d]\ndatabase = index.txt\nserial = serial\ncrlnumber = crlnumber\n\
    new_certs_dir = newcerts\ncertificate = ca.pem\nprivate_key = ca.key\ndefault_md = sha256\npolicy = any\n\
    x509_extensions = leaf\ncopy_extensions = copy\ndefault_days = 365\ndefault_crl_days = 30\nunique_subject = no\n\
    crl_extensions = list\n[any]\norganizationName = optional\ncommonName = supplied\n\
    [leaf]\nbasicConstraints = CA:FALSE\nkeyUsage = digitalSignature\nextendedKeyUsage = serverAuth\n\
    subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n[list]\nauthorityKeyIdentifier = keyid\n";
const ROOT: [&str; 6] = [
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
    "-addext",
    "subjectKeyIdentifier=hash",
];

/// A program of others, run in a directory below that of the home.
fn there(scratch: &Scratch, directory: &str, program: &str, arguments: &[&str]) -> peers::Output {
    let mut called = command(program);
    called.args(arguments).current_dir(scratch.path(directory));
    run(&mut called, b"").expect_success(&format!("{program} {arguments:?}"))
}

fn name(n: usize) -> String {
    format!("n{n}.example.net")
}

/// A self-signed CA of OpenSSL in `DIRECTORY`: `ca.key` and `ca.pem`.
fn root(scratch: &Scratch, directory: &str, extensions: &[&str]) {
    std::fs::create_dir_all(scratch.path(&format!("{directory}/newcerts"))).expect("a directory can be made");
    let made = ["req", "-x509", "-newkey", "rsa:3072", "-nodes", "-keyout", "ca.key", "-days", "3650"];
    let rest = ["-subj", "/O=Old/CN=Old CA", "-out", "ca.pem"];
    there(scratch, directory, "openssl", &[&made[..], &rest, extensions].concat());
}

/// OpenSSL's CA in `old`, with certificates, revocations, an expired one and a CRL.
fn old_ca(scratch: &Scratch, count: usize) {
    root(scratch, "old", &ROOT);
    for (file, content) in
        [("openssl.cnf", CONFIGURATION), ("index.txt", ""), ("serial", "1000\n"), ("crlnumber", "2A\n")]
    {
        scratch.write(&format!("old/{file}"), content.as_bytes());
    }
    there(scratch, "old", "openssl", &["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "leaf.key"]);
    let mut requests = Vec::new();
    for n in 0..count {
        let (subject, alternative, csr) =
            (format!("/O=Old/CN={}", name(n)), format!("subjectAltName=DNS:{}", name(n)), format!("{n}.csr"));
        let call = ["req", "-new", "-key", "leaf.key", "-subj", &subject, "-addext", &alternative, "-out", &csr];
        there(scratch, "old", "openssl", &call);
        requests.push(csr);
    }
    let ca = ["ca", "-config", "openssl.cnf", "-batch", "-notext"];
    let infiles: Vec<&str> = requests.iter().map(String::as_str).collect();
    there(scratch, "old", "openssl", &[&ca[..], &["-infiles"], &infiles].concat());
    for n in (0..count).step_by(REVOKED_OF) {
        let file = format!("newcerts/{:X}.pem", 0x1000 + n);
        let reason = if n % 2 == 0 { "keyCompromise" } else { "superseded" };
        there(scratch, "old", "openssl", &[&ca[..], &["-revoke", &file, "-crl_reason", reason]].concat());
    }
    there(scratch, "old", "openssl", &[&ca[..], &["-gencrl", "-out", "crl.pem"]].concat());
}

const SOURCES: [&str; 10] = [
    "--index",
    "old/index.txt",
    "--serial",
    "old/serial",
    "--crlnumber",
    "old/crlnumber",
    "--issued",
    "old/newcerts",
    "--crl",
    "old/crl.pem",
];
const IMPORT: [&str; 7] = ["ca", "import", "old", "--cert", "old/ca.pem", "--key", "old/ca.key"];

fn import(scratch: &Scratch) -> Value {
    scratch.json(&[&IMPORT[..], &SOURCES].concat())
}

/// Whether the verifier in Python accepts records under a checkpoint.
fn python(scratch: &Scratch, file: &str, key: &str) -> (bool, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verify_export.py");
    let mut called = Command::new("python3");
    called.arg(script).arg(scratch.path(file)).arg(key).env("PYTHONDONTWRITEBYTECODE", "1");
    let output = run(&mut called, b"");
    assert!(matches!(output.status.code(), Some(0 | 13)), "{output:?}");
    (output.success(), output.text())
}

/// The CRL as OpenSSL tells it: its number and how many it lists.
fn crl(scratch: &Scratch) -> (u64, usize) {
    scratch.done(&["ca", "crl", "old", "--out", "now.crl.pem"]);
    let said = openssl(&["crl", "-in", &scratch.text("now.crl.pem"), "-noout", "-text"]).expect_success("openssl crl");
    let number = said.stdout.lines().skip_while(|line| !line.contains("X509v3 CRL Number")).nth(1).unwrap_or_default();
    (number.trim().parse().unwrap_or_default(), said.stdout.matches("Serial Number:").count())
}

fn is_revoked(scratch: &Scratch, certificate: &Path) -> bool {
    let list = scratch.text("now.crl.pem");
    let verdict =
        openssl_verify(&scratch.path("old/ca.pem"), None, certificate, &["-crl_check_all", "-CRLfile", &list]);
    assert_eq!(verdict.success(), !verdict.text().contains("certificate revoked"), "{verdict:?}");
    !verdict.success()
}

#[test]
fn live_import_of_openssl_goes_on() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::new();
    old_ca(&scratch, ISSUED);
    let revoked = ISSUED.div_ceil(REVOKED_OF);
    // Of two that are revoked the certificate is lost.
    for n in [0, REVOKED_OF] {
        std::fs::remove_file(scratch.path(&format!("old/newcerts/{:X}.pem", 0x1000 + n))).expect("a file can go");
    }
    let taken = import(&scratch);
    let counts = ["certificates", "current", "revoked", "crl_number"].map(|field| taken[field].as_u64());
    let expected = [ISSUED - 2, ISSUED - revoked, revoked, 0x2a].map(|n| Some(n as u64));
    assert_eq!(counts, expected, "{taken}");

    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!(verified["result"], "verified", "{verified}");
    assert_eq!(verified["imported"], json!(ISSUED - 2 + 1));
    assert_eq!(verified["imported_authorities"][0]["name"], "old", "{verified}");
    scratch.done(&["audit", "export", "--out", "log.tar"]);
    let vkey = text(&Value::from(String::from_utf8_lossy(&scratch.read("home/log/vkey")).trim().to_owned()));
    let (accepted, said) = python(&scratch, "log.tar", &vkey);
    assert!(accepted && said.contains("CA old was taken over"), "{said}");
    scratch.done(&["audit", "verify", "log.tar", "--key", "home/log/vkey"]);
    // A part of the log: one certificate of those that were taken over, and nobody else's name.
    scratch.done(&["audit", "export", "--name", &name(3), "--out", "some.tar"]);
    let some = String::from_utf8_lossy(&scratch.read("some.tar")).into_owned();
    assert!(some.contains(&name(3)) && !some.contains(&name(4)), "names of others");
    let (accepted, said) = python(&scratch, "some.tar", &vkey);
    assert!(accepted, "{said}");
    scratch.done(&["audit", "verify", "some.tar", "--key", "home/log/vkey"]);

    // The next CRL goes on with the numbers, and lists what was revoked before, those without certificates included.
    scratch.done(&["revoke", &name(1), "--reason", "cessationOfOperation"]);
    assert_eq!(crl(&scratch), (0x2b, revoked + 1));
    let certificate = |n: usize| scratch.path(&format!("old/newcerts/{:X}.pem", 0x1000 + n));
    assert!(is_revoked(&scratch, &certificate(1)) && is_revoked(&scratch, &certificate(2 * REVOKED_OF)));
    assert!(!is_revoked(&scratch, &certificate(2)));
    let reconciled = scratch.certroll(&["audit", "reconcile", "--scan", "old/newcerts"]);
    assert!(!reconciled.text().contains("unlogged"), "{reconciled:?}");

    // Rotated under its name, and the successor is no stranger to who trusts the old CA.
    scratch.done(&["rotate", &name(3)]);
    scratch.done(&["show", &name(3), "--pem"]);
    let pem = scratch.done(&["show", &name(3), "--pem"]).stdout;
    let successor = scratch.write("successor.pem", pem.as_bytes());
    assert!(!is_revoked(&scratch, &successor));
    let listed = scratch.json(&["list", "--issuer", "old"]);
    let all = listed["certificates"].as_array().map(Vec::len);
    assert_eq!(all, Some(ISSUED - 2 + 2), "the CA itself and the successor");
    // Watched: all of them end within a year, and are due before.
    let due = scratch.json(&["list", "--issuer", "old", "--expires-within", "366d", "--current"]);
    assert!(due["certificates"].as_array().is_some_and(|due| due.len() > ISSUED / 2));
    // A second time: nothing is imported twice.
    let again = import(&scratch);
    assert!(text(&again["remarks"][0]).contains("was taken over before"), "{again}");
    // Renewed, it has the key identifier that its certificates name, however OpenSSL had made it.
    scratch.done(&["ca", "renew", "old"]);
    let renewed = openssl_verify(&scratch.authority("old"), None, &certificate(2), &["-x509_strict"]);
    renewed.expect_success("an old certificate below the new one of its CA");
    let again = ["ca", "import", "other", "--cert", "old/ca.pem", "--key", "old/ca.key"];
    assert!(scratch.refused(2, &again).contains("has this key already"));
}

/// What is known of revocations without certificates survives a new log.
#[test]
fn live_import_survives_a_new_log() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::new();
    old_ca(&scratch, 10);
    std::fs::remove_file(scratch.path("old/newcerts/1000.pem")).expect("a file can go");
    import(&scratch);
    let before = scratch.read("home/state.db");
    scratch.done(&["revoke", &name(1), "--reason", "superseded"]);
    assert_eq!(crl(&scratch), (0x2b, 3));
    // The database is set back: the log is behind its checkpoint, and no export is left.
    for file in ["state.db-wal", "state.db-shm"] {
        let _ = std::fs::remove_file(scratch.path(&format!("home/{file}")));
    }
    scratch.write("home/state.db", &before);
    scratch.done(&["audit", "start-new-log", "--origin", "example.net", "--comment", "test"]);
    let verified = scratch.json(&["audit", "verify"]);
    assert_eq!(verified["result"], "verified", "{verified}");
    scratch.done(&["ca", "crl", "old", "--renew"]);
    let (_, listed) = crl(&scratch);
    assert_eq!(listed, 2, "those of the old CA, the one without a certificate included");
}

#[test]
fn live_import_of_easy_rsa() {
    if !peers::require(&[Peer::OpenSsl, Peer::EasyRsa]) {
        return;
    }
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.path("easy")).expect("a directory can be made");
    let easyrsa = |arguments: &[&str]| {
        let mut called = Command::new("/usr/share/easy-rsa/easyrsa");
        called.arg("--batch").args(arguments).current_dir(scratch.path("easy"));
        called.env("EASYRSA_PASSIN", format!("pass:{PASSWORD}")).env("EASYRSA_PASSOUT", format!("pass:{PASSWORD}"));
        if arguments == ["build-ca"] {
            called.env("EASYRSA_REQ_CN", "Easy CA");
        }
        run(&mut called, b"").expect_success(&format!("easyrsa {arguments:?}"))
    };
    easyrsa(&["init-pki"]);
    easyrsa(&["build-ca"]);
    for (kind, name) in [("server", "vpn"), ("client", "kim"), ("client", "robin")] {
        easyrsa(&[&format!("build-{kind}-full"), name, "nopass"]);
    }
    easyrsa(&["revoke", "robin"]);
    easyrsa(&["gen-crl"]);
    let call = ["ca", "import", "easy", "--easy-rsa", "easy/pki", "--keypass-file", "password"];
    let taken = scratch.json(&call);
    let counts = ["certificates", "current", "revoked"].map(|field| taken[field].as_u64().unwrap_or_default());
    assert_eq!(counts, [3, 2, 1], "{taken}");
    let listed = scratch.json(&["list", "--current"]);
    let rows: Vec<_> = listed["certificates"].as_array().into_iter().flatten().collect();
    let template = |name: &str| rows.iter().find(|row| row["name"] == name).map(|row| text(&row["template"]));
    assert_eq!((template("vpn"), template("kim")), (Some("https-server".to_owned()), Some("jms-client".to_owned())));
    scratch.done(&["revoke", "kim", "--reason", "keyCompromise"]);
    scratch.done(&["ca", "crl", "easy", "--out", "easy.crl.pem"]);
    for (name, revoked) in [("vpn", false), ("kim", true)] {
        let certificate = scratch.path(&format!("easy/pki/issued/{name}.crt"));
        let list = scratch.text("easy.crl.pem");
        let anchor = scratch.path("easy/pki/ca.crt");
        // Its basicConstraints is not critical, which strict verifiers object to.
        let paths = [&anchor, &certificate].map(|path| path.display().to_string());
        let verdict = openssl(&["verify", "-crl_check_all", "-CRLfile", &list, "-CAfile", &paths[0], &paths[1]]);
        assert_eq!(verdict.success(), !revoked, "{name}: {verdict:?}");
        let own = scratch.certroll(&[
            "verify",
            &certificate.display().to_string(),
            "--trust",
            &anchor.display().to_string(),
            "--crl",
            "easy.crl.pem",
        ]);
        assert_eq!(own.status.code(), Some(if revoked { 12 } else { 0 }), "{name}: {own:?}");
    }
}

/// A root whose key is in a token, with a folder of certificates and nothing else.
#[test]
fn live_import_of_a_key_in_a_token() {
    if !peers::require(&[Peer::OpenSsl, Peer::SoftHsm]) {
        return;
    }
    let scratch = Scratch::new();
    old_ca(&scratch, 5);
    let tokens = SoftHsm::new(&scratch.path("hsm"));
    tokens.add_token("ca");
    scratch.write("pin", format!("{}\n", softhsm::PIN).as_bytes());
    let pkcs8 = scratch.text("old/ca.p8");
    openssl(&["pkcs8", "-topk8", "-nocrypt", "-in", &scratch.text("old/ca.key"), "-out", &pkcs8])
        .expect_success("openssl pkcs8");
    let mut import = command("softhsm2-util");
    import.env("SOFTHSM2_CONF", tokens.configuration());
    import.args(["--import", &pkcs8, "--token", "ca", "--label", "old", "--id", "01", "--pin", softhsm::PIN]);
    run(&mut import, b"").expect_success("softhsm2-util --import");
    let settings = String::from_utf8(scratch.read("home/certroll.toml")).expect("settings are text");
    let settings = format!("{settings}pkcs11_modules = [\"{}\"]\n", softhsm::MODULE);
    scratch.write("home/certroll.toml", settings.as_bytes());
    let key = format!("pkcs11:token=ca;object=old?module-path={}", softhsm::MODULE);
    let run_it = |arguments: &[&str]| {
        let mut certroll = Command::new(env!("CARGO_BIN_EXE_certroll"));
        certroll.args(arguments).current_dir(scratch.path("")).env_clear();
        certroll.env("CERTROLL_HOME", scratch.path("home"));
        certroll.env("CERTROLL_PASSPHRASE_FILE", scratch.path("passphrase"));
        certroll.env("SOFTHSM2_CONF", tokens.configuration());
        run(certroll.args(["--pin-file", "pin"]), b"").expect_success(&arguments.join(" "))
    };
    run_it(&[
        "ca",
        "import",
        "old",
        "--cert",
        "old/ca.pem",
        "--key",
        &key,
        "--issued",
        "old/newcerts",
        "--crl",
        "old/crl.pem",
    ]);
    assert!(!scratch.path("home/ca/old.key.pem").exists(), "the key stays in its token");
    run_it(&["revoke", &name(2), "--reason", "superseded"]);
    assert_eq!(crl(&scratch), (0x2b, 2));
}

/// Nothing of what is refused is in the home afterwards.
fn refused(scratch: &Scratch, code: i32, arguments: &[&str], reason: &str) {
    let said = scratch.refused(code, &[&["ca", "import", "old"], arguments].concat());
    assert!(said.contains(reason), "{arguments:?}: {reason}: {said}");
    assert_eq!(scratch.json(&["ca", "list"])["cas"], json!([]), "{reason}");
    assert_eq!(scratch.json(&["list"])["certificates"], json!([]), "{reason}");
    let left: Vec<_> = std::fs::read_dir(scratch.path("home/ca")).expect("it is there").collect();
    assert!(left.is_empty(), "{reason}: {left:?}");
    assert_eq!(scratch.json(&["audit", "verify"])["result"], "verified", "{reason}");
}

#[test]
fn live_import_refuses_what_contradicts_itself() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::new();
    old_ca(&scratch, 6);
    let good = String::from_utf8(scratch.read("old/index.txt")).expect("text");
    let own = ["--cert", "old/ca.pem", "--key", "old/ca.key"];
    let with_index =
        ["--cert", "old/ca.pem", "--key", "old/ca.key", "--index", "index.txt", "--issued", "old/newcerts"];
    scratch.write("index.txt", format!("{good}V\tbroken\n").as_bytes());
    refused(&scratch, 2, &with_index, "line 7: it has 2 fields");
    let first = good.lines().nth(1).expect("a line").to_owned();
    scratch.write("index.txt", format!("{good}{first}\n").as_bytes());
    refused(&scratch, 2, &with_index, "line 7: serial number 1001 stands in line 2 already");
    scratch.write("index.txt", good.replace("\t1001\t", "\t2001\t").as_bytes());
    refused(&scratch, 2, &with_index, "line 2: 2001");
    refused(&scratch, 2, &with_index[..6], "names 4 valid certificates that no folder has");

    // Another key, no CA, one that may not sign, one that has expired.
    root(&scratch, "other", &ROOT);
    refused(&scratch, 2, &["--cert", "old/ca.pem", "--key", "other/ca.key"], "the key is not that of the certificate");
    root(
        &scratch,
        "leaf",
        &["-addext", "keyUsage=critical,keyCertSign", "-addext", "basicConstraints=critical,CA:FALSE"],
    );
    refused(&scratch, 13, &["--cert", "leaf/ca.pem", "--key", "leaf/ca.key"], "it is no CA certificate");
    root(&scratch, "unable", &["-addext", "keyUsage=critical,cRLSign", "-addext", "basicConstraints=critical,CA:TRUE"]);
    refused(&scratch, 13, &["--cert", "unable/ca.pem", "--key", "unable/ca.key"], "keyCertSign");
    let again = ["x509", "-in", "ca.pem", "-signkey", "ca.key", "-days", "-1", "-out", "expired.pem"];
    there(&scratch, "old", "openssl", &again);
    refused(&scratch, 12, &["--cert", "old/expired.pem", "--key", "old/ca.key"], "expired");

    // Certificates and lists of another key under the same name.
    let foreign = ["x509", "-req", "-in", "../old/1.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "77"];
    there(&scratch, "other", "openssl", &[&foreign[..], &["-out", "newcerts/foreign.pem"]].concat());
    refused(&scratch, 13, &[&own[..], &["--issued", "other/newcerts"]].concat(), "is not signed by its key");
    let crl = ["ca", "-config", "../old/openssl.cnf", "-gencrl", "-out", "crl.pem"];
    for (file, content) in [("index.txt", ""), ("crlnumber", "01\n")] {
        scratch.write(&format!("other/{file}"), content.as_bytes());
    }
    there(&scratch, "other", "openssl", &crl);
    refused(&scratch, 13, &[&own[..], &["--crl", "other/crl.pem"]].concat(), "is no CRL of this CA");
    scratch.write("crlnumber", b"soon\n");
    refused(&scratch, 2, &[&own[..], &["--crlnumber", "crlnumber"]].concat(), "holds no number");

    // A keystore with two keys.
    scratch.certroll(&["key", "new", "one.key", "--keypass-file", "password"]).expect_success("key new");
    let store = |alias: &str| {
        ["keystore", "genkey", "two.p12", "--alias"].into_iter().chain([alias]).map(str::to_owned).collect::<Vec<_>>()
    };
    for alias in ["a", "b"] {
        let call = store(alias);
        let mut keytool = command("keytool");
        keytool.args(["-genkeypair", "-keyalg", "EC", "-keystore"]).arg(scratch.path("two.p12"));
        keytool.args(["-storepass", PASSWORD, "-alias", alias, "-dname", "CN=x"]);
        run(&mut keytool, b"").expect_success(&call.join(" "));
    }
    let two = ["--cert", "old/ca.pem", "--key", "two.p12", "--keypass-file", "password"];
    refused(&scratch, 2, &two, "it holds 2 private keys, and one is wanted");
    // Control: the same files without a fault.
    import(&scratch);
}

/// A log that somebody with its key makes up: a certificate of the CA that was taken over, slipped in afterwards.
#[test]
fn live_import_is_over_once_it_is_recorded() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::new();
    old_ca(&scratch, 4);
    import(&scratch);
    scratch.done(&["audit", "export", "--out", "log.jsonl"]);
    let lines: Vec<String> =
        String::from_utf8(scratch.read("log.jsonl")).expect("text").lines().map(str::to_owned).collect();
    let event = |line: &str, event: &str| line.contains(&format!("\"ev\":\"{event}\""));
    let at = lines.iter().rposition(|line| event(line, "cert.imported")).expect("a certificate is taken over");
    let key = LogKey::generate("made.example").expect("a key can be made");
    // Numbers again from 0, a checkpoint over the whole, and both verifiers.
    let judged = |lines: &[String]| {
        let (mut frontier, mut text) = (Frontier::new(), String::new());
        for (seq, line) in lines.iter().enumerate() {
            let from = line.find("\"seq\":").expect("a number") + 6;
            let to = from + line[from..].find(',').expect("a comma");
            let line = format!("{}{seq}{}", &line[..from], &line[to..]);
            frontier.push(leaf_hash(line.as_bytes()));
            text.push_str(&line);
            text.push('\n');
        }
        let checkpoint = Checkpoint { origin: "made.example".into(), size: frontier.size(), root: frontier.root() };
        scratch.write("made.jsonl", text.as_bytes());
        scratch.write("made.jsonl.checkpoint", &checkpoint.sign(&key).expect("it can be signed"));
        let vkey = key.verifier().to_string();
        scratch.write("made.vkey", format!("{vkey}\n").as_bytes());
        let own = scratch.certroll(&["audit", "verify", "made.jsonl", "--key", "made.vkey"]);
        let (python, said) = python(&scratch, "made.jsonl", &vkey);
        assert_eq!(own.success(), python, "they differ: {own:?}\n{said}");
        python
    };
    // References of outcomes name leaves, which stay the same up to the import: nothing after it refers back here.
    assert!(judged(&lines[..=at]), "control: up to the last certificate of the import");
    let other = |line: &str, serial: &str, event: &str| {
        let fresh = line.replace("\"sn\":\"1003\"", &format!("\"sn\":\"{serial}\""));
        assert_ne!(fresh, line, "another serial number");
        fresh.replace("cert.imported", event)
    };
    for event in ["cert.imported", "cert.issued"] {
        let lie = other(&lines[at], "1009", event);
        assert!(!judged(&[&lines[..=at], &[lie]].concat()), "{event} afterwards");
    }
    assert!(!judged(&lines[..at]), "one of them left out");
    let count =
        lines[..=at].iter().map(|line| line.replace("\"certificates\":4", "\"certificates\":5")).collect::<Vec<_>>();
    assert!(!judged(&count), "one more announced than there are");
}
