//! Signed messages: bare signatures and envelopes with the JDK on the other side, CMS with OpenSSL, each in both directions;
//! and everything for which a message must be refused.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::home::{Ran, TestHome, text};
use crate::peers::{self, Peer, keytool, message_check, openssl};

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const MESSAGE: &[u8] = b"<reading meter=\"7\">42.5</reading>\n";

/// Each kind of key, and what Java calls its signature algorithm.
const KINDS: [(&str, &str); 4] = [
    ("rsa:3072", "SHA256withRSA"),
    ("ec:p256", "SHA256withECDSA"),
    ("ec:p384", "SHA384withECDSA"),
    ("ed25519", "Ed25519"),
];

/// A home with a message to sign.
fn scene() -> TestHome {
    let home = TestHome::new();
    home.write("message", MESSAGE);
    home.write("altered", b"<reading meter=\"7\">42.6</reading>\n");
    home
}

/// A signer with that name and kind of key, in `NAME.p12`.
fn signer(home: &TestHome, name: &str, kind: &str, more: &[&str]) -> String {
    let keystore = format!("{name}.p12");
    home.ok(&[&["issue", name, "-t", "message-signer", "--key", kind, "--keystore", &keystore], more].concat());
    keystore
}

fn path(home: &TestHome, name: &str) -> String {
    home.path(name).display().to_string()
}

/// A run that verified nothing; every word must be in what it said.
fn refused(ran: Ran, code: i32, words: &[&str]) {
    let ran = ran.expect(code);
    assert!(words.iter().all(|word| ran.stderr.contains(word)), "{words:?}: {ran:#?}");
}

fn verify_cms(home: &TestHome, message: &str, signature: &str, more: &[&str]) -> Ran {
    home.certroll(&[&["message", "verify", message, "-s", signature], more].concat())
}

fn open(home: &TestHome, envelope: &str, more: &[&str]) -> Ran {
    home.certroll(&[&["message", "verify", envelope, "--envelope", "--seen-file", "seen"], more].concat())
}

#[test]
fn live_messages_raw_signatures_go_both_ways_with_java() {
    if !peers::require(&[Peer::Jdk]) {
        return;
    }
    let home = scene();
    let password = path(&home, "secrets/storepass");
    for (kind, algorithm) in KINDS {
        let name = kind.replace(':', "-");
        let stores = [".jks", ".pem"].map(|end| format!("{name}{end}"));
        let certificate = format!("{name}.crt");
        let more = ["--keystore", &stores[0], "--keystore", &stores[1], "--out-cert", &certificate];
        let keystore = signer(&home, &name, kind, &more);
        // Ours: from each format of keystore.
        for store in [&keystore, &stores[0], &stores[1]] {
            home.ok(&["message", "sign", "message", "--raw", "--key", store, "--replace", "--out", "ours.sig"]);
            let ours = ["message", "verify", "message", "--raw", "--cert", &certificate, "-s", "ours.sig"];
            home.ok(&ours);
        }
        let [certificate_path, message, altered, ours] =
            [certificate.as_str(), "message", "altered", "ours.sig"].map(|name| path(&home, name));
        message_check(&["verify", &certificate_path, algorithm, &message, &ours]).expect_success(kind);
        let other = message_check(&["verify", &certificate_path, algorithm, &altered, &ours]);
        assert_eq!(other.status.code(), Some(1), "{kind}: {other:?}");
        // Java's: accepted, and refused for another message and by another key.
        let store = path(&home, &keystore);
        let theirs = message_check(&["sign", &store, &password, algorithm, &message]).expect_success(kind);
        home.write("theirs.sig", &theirs.stdout);
        let verify = |message: &str| {
            home.certroll(&["message", "verify", message, "--raw", "--cert", &certificate, "-s", "theirs.sig"])
        };
        let verdict = verify("message").expect(0);
        assert!(verdict.stdout.contains(algorithm), "{verdict:?}");
        refused(verify("altered"), 13, &["the signature does not verify"]);
    }
    // Another algorithm of the same key, by name; as bytes.
    let store = path(&home, "rsa-3072.p12");
    let other = message_check(&["sign", &store, &password, "SHA512withRSA", &path(&home, "message")]);
    home.write("other.sig", &other.expect_success("SHA512withRSA").stdout);
    let verify = ["message", "verify", "message", "--raw", "--cert", "rsa-3072.crt", "-s", "other.sig"];
    refused(home.certroll(&verify), 13, &["does not verify"]);
    home.ok(&[&verify[..], &["--algorithm", "sha512WithRSA"]].concat());
    home.ok(&[
        "message",
        "sign",
        "message",
        "--raw",
        "--binary",
        "--key",
        "rsa-3072.p12",
        "--replace",
        "--out",
        "bytes.sig",
    ]);
    assert_eq!(home.read("bytes.sig").len(), 384);
    let binary = ["message", "verify", "message", "--raw", "--cert", "rsa-3072.crt", "-s", "bytes.sig"];
    refused(home.certroll(&binary), 2, &["is not base64", "--binary"]);
    home.ok(&[&binary[..], &["--binary"]].concat());
}

#[test]
fn live_messages_cms_goes_both_ways_with_openssl() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let home = scene();
    let [message, root, signature, discarded] =
        ["message", "home/ca/root.pem", "ours.p7s", "discarded"].map(|name| path(&home, name));
    // OpenSSL 3.0 does not sign or verify CMS with Ed25519.
    for (kind, _) in &KINDS[..3] {
        let name = kind.replace(':', "-");
        let plain = format!("{name}.key");
        let certificate = format!("{name}.crt");
        let keystore = signer(&home, &name, kind, &["--out-cert", &certificate, "--out-key", &plain]);
        home.ok(&["message", "sign", "message", "--key", &keystore, "--replace", "--out", "ours.p7s"]);
        verify_cms(&home, "message", "ours.p7s", &[]).expect(0);
        let judged = |message: &str| {
            let args = ["cms", "-verify", "-binary", "-inform", "DER", "-in", &signature, "-content", message];
            openssl(&[&args[..], &["-CAfile", &root, "-out", &discarded]].concat())
        };
        judged(&message).expect_success(kind);
        assert!(!judged(&path(&home, "altered")).success(), "{kind}");
        refused(verify_cms(&home, "altered", "ours.p7s", &[]), 13, &["the content is not the one that was signed"]);
        home.ok(&["message", "sign", "message", "--key", &keystore, "--replace", "--out", "ours.pem"]);
        verify_cms(&home, "message", "ours.pem", &[]).expect(0);
        theirs(&home, &certificate, &plain);
    }
    home.ok(&["issue", "edwards", "-t", "message-signer", "--key", "ed25519", "--keystore", "edwards.p12"]);
    home.ok(&["message", "sign", "message", "--key", "edwards.p12", "--replace", "--out", "edwards.p7s"]);
    verify_cms(&home, "message", "edwards.p7s", &[]).expect(0);
}

/// What OpenSSL signs in its ways, and what of it is accepted.
fn theirs(home: &TestHome, certificate: &str, key: &str) {
    let [message, certificate_path, key, issuing, out] =
        ["message", certificate, key, "home/ca/issuing.pem", "theirs.p7s"].map(|name| path(home, name));
    let passin = format!("file:{}", path(home, "secrets/storepass"));
    let sign = |more: &[&str]| {
        let args = ["cms", "-sign", "-binary", "-in", &message, "-signer", &certificate_path, "-inkey", &key];
        let rest = ["-passin", &passin, "-out", &out];
        openssl(&[&args[..], &rest, more].concat()).expect_success("openssl cms -sign");
    };
    let der = ["-outform", "DER", "-certfile", &issuing];
    for more in [&["-md", "sha256"][..], &["-md", "sha512"], &["-cades"], &["-keyid"]] {
        sign(&[&der[..], more].concat());
        verify_cms(home, "message", "theirs.p7s", &[]).expect(0);
        refused(verify_cms(home, "altered", "theirs.p7s", &[]), 13, &["not the one that was signed"]);
    }
    sign(&["-outform", "PEM"]);
    verify_cms(home, "message", "theirs.p7s", &[]).expect(0);
    // The certificate may come apart from the signature.
    sign(&["-outform", "DER", "-nocerts"]);
    refused(verify_cms(home, "message", "theirs.p7s", &[]), 13, &["does not hold the certificate"]);
    verify_cms(home, "message", "theirs.p7s", &["--cert", certificate]).expect(0);
    for (more, why) in [
        (&["-noattr"][..], "no signed attributes"),
        (&["-nodetach"], "holds its content"),
        (&["-md", "sha1"], "digest algorithm 1.3.14.3.2.26"),
    ] {
        sign(&[&der[..], more].concat());
        refused(verify_cms(home, "message", "theirs.p7s", &[]), 13, &[why]);
    }
}

#[test]
fn live_messages_are_refused_for_every_fault_of_the_certificate() {
    if !peers::require(&[Peer::Jdk]) {
        return;
    }
    let home = scene();
    let keystore = signer(&home, "sender", "ec:p256", &[]);
    home.ok(&["message", "sign", "message", "--key", &keystore, "--replace", "--out", "signature"]);
    let verify = |more: &[&str]| verify_cms(&home, "message", "signature", more);
    verify(&[]).expect(0);

    // By truststores, and with the CRLs that are needed then.
    home.ok(&["ca", "export", "issuing", "--out", "trust.jks"]);
    home.ok(&["ca", "export", "issuing", "--out", "trust.p12"]);
    home.ok(&["ca", "export", "issuing", "--out", "trust.pem"]);
    for authority in ["root", "issuing"] {
        home.ok(&["ca", "crl", authority, "--out", &format!("{authority}.crl")]);
    }
    let crls = ["--crl", "root.crl", "--crl", "issuing.crl"];
    for trust in ["trust.jks", "trust.p12", "trust.pem", "home/ca/root.pem"] {
        verify(&[&["--trust", trust], &crls[..]].concat()).expect(0);
        refused(verify(&["--trust", trust]), 13, &["whether `sender` is revoked is unknown", "`issuing`"]);
        verify(&["--trust", trust, "--no-revocation"]).expect(0);
    }
    refused(verify(&["--trust", "trust.pem", "--crl", "issuing.crl"]), 13, &["whether `issuing` is revoked"]);
    refused(verify(&["--trust", "message"]), 2, &["`message`"]);

    // Another root, of the same name.
    let other = TestHome::new();
    std::fs::copy(other.path("home/ca/root.pem"), home.path("other.pem")).expect("a file can be copied");
    refused(verify(&["--trust", "other.pem", "--no-revocation"]), 13, &["no path leads"]);

    // For other purposes.
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    home.ok(&["message", "sign", "message", "--key", "client.p12", "--replace", "--out", "client.sig"]);
    refused(verify_cms(&home, "message", "client.sig", &[]), 13, &["is for clientAuth", "emailProtection"]);
    verify_cms(&home, "message", "client.sig", &["--any-purpose"]).expect(0);

    // A key of the CA that the log knows nothing of: made behind the home's back.
    let foreign = foreign_signature(&home);
    refused(verify_cms(&home, "message", &foreign, &[]), 13, &["has not issued the certificate of `forged`"]);

    // Revoked: known to the home at once, to others by the next CRL.
    home.ok(&["revoke", "sender", "--reason", "keyCompromise"]);
    refused(verify(&[]), 12, &["is revoked since", "keyCompromise"]);
    verify(&[&["--trust", "trust.pem"], &crls[..]].concat()).expect(0);
    home.ok(&["ca", "crl", "issuing", "--out", "issuing.crl"]);
    refused(verify(&[&["--trust", "trust.pem"], &crls[..]].concat()), 12, &["keyCompromise"]);
    refused(verify_cms(&home, "altered", "signature", &[]), 13, &["is revoked since", "not the one that was signed"]);
    let document = verify(&["--format", "json"]).expect(12).json();
    assert_eq!((&document["verified"], text(&document, "signer/subject")), (&Value::from(false), "CN=sender"));
}

/// A signature by a certificate that the CA's own key signed without the home: with keytool, out of the CA's key.
fn foreign_signature(home: &TestHome) -> String {
    use certroll_base::secret::Secret;
    use certroll_keystore::formats::PKCS12;
    use certroll_keystore::{Entry, EntryKey, Item};
    use certroll_pki::container::pem;
    use certroll_pki::key::encryption;

    let key = pem::read(&home.read("home/ca/issuing.key.pem")).expect("it is PEM");
    let plain = encryption::decrypt(key[0].der.expose(), &home.secret()).expect("the home's key opens it");
    let chain = ["issuing", "root"]
        .map(|name| pem::read(&home.read(format!("home/ca/{name}.pem"))).expect("it is PEM")[0].der.expose().to_vec());
    let item = Item::Key { key: EntryKey::Plain(plain), chain: chain.to_vec() };
    let password = Secret::new(crate::home::STOREPASS.to_owned());
    let options = PKCS12.options(&password, certroll_base::clock::Timestamp::from_secs(1_700_000_000));
    let bytes = PKCS12.write(&[Entry::new("ca".to_owned(), None, item)], &options);
    home.write("ca.p12", bytes.expect("it can be written"));

    let [ca, forged, password, request, reply] =
        ["ca.p12", "forged.p12", "secrets/storepass", "forged.csr", "forged.crt"].map(|name| path(home, name));
    let run = |arguments: &[&str]| {
        keytool(&[arguments, &["-storepass:file", &password]].concat()).expect_success("keytool");
    };
    let of = |store: &str| -> Vec<String> {
        ["-keystore", store, "-storetype", "PKCS12"].iter().map(|word| (*word).to_owned()).collect()
    };
    let (ca, forged) = (of(&ca), of(&forged));
    let with = |words: &[&str], store: &[String]| {
        let store: Vec<&str> = store.iter().map(String::as_str).collect();
        run(&[words, &store].concat());
    };
    with(
        &["-genkeypair", "-alias", "forged", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=forged"],
        &forged,
    );
    with(&["-certreq", "-alias", "forged", "-file", &request], &forged);
    let usage = ["-ext", "KU=digitalSignature", "-ext", "EKU=emailProtection"];
    with(&[&["-gencert", "-alias", "ca", "-infile", &request, "-outfile", &reply, "-rfc"], &usage[..]].concat(), &ca);
    home.ok(&[
        "message",
        "sign",
        "message",
        "--key",
        "forged.p12",
        "--cert",
        "forged.crt",
        "--raw",
        "--out",
        "ignored",
    ]);
    // Its certificates: the reply, then the CAs.
    let certificates = [home.read("forged.crt"), home.read("home/ca/issuing.pem")].concat();
    home.write("forged-chain.pem", certificates);
    let key = {
        let entries = PKCS12.read(&home.read("forged.p12"), Some(&Secret::new(crate::home::STOREPASS.to_owned())));
        let entries = entries.expect("it opens");
        let Item::Key { key, .. } = &entries[0].item else { panic!("a key") };
        key.unlock(&Secret::new(crate::home::STOREPASS.to_owned())).expect("it opens")
    };
    home.write("forged.der", key.expose());
    let sign = [
        "message",
        "sign",
        "message",
        "--key",
        "forged.der",
        "--cert",
        "forged-chain.pem",
        "--replace",
        "--out",
        "forged.p7s",
    ];
    home.ok(&sign);
    "forged.p7s".to_owned()
}

#[test]
fn live_messages_of_expired_certificates_are_refused() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let home = scene();
    let keystore = signer(&home, "brief", "ec:p256", &["--ttl", "8s"]);
    home.ok(&["message", "sign", "message", "--key", &keystore, "--replace", "--out", "signature"]);
    let started = Instant::now();
    let ended = loop {
        let ran = verify_cms(&home, "message", "signature", &[]);
        if ran.code != 0 {
            break ran;
        }
        assert!(started.elapsed() < PATIENCE, "it never expires");
        std::thread::sleep(Duration::from_millis(200));
    };
    refused(ended, 12, &["the certificate of `brief` expired at"]);
    let again = home.certroll(&["message", "sign", "message", "--key", &keystore]);
    refused(again, 12, &["expired at", "message-signer"]);
}

#[test]
fn live_messages_envelopes_go_both_ways_with_java_and_never_twice() {
    if !peers::require(&[Peer::Jdk]) {
        return;
    }
    let home = scene();
    let password = path(&home, "secrets/storepass");
    for (kind, _) in KINDS {
        let name = format!("sender-{}", kind.replace(':', "-"));
        let keystore = signer(&home, &name, kind, &[]);
        let sequence = format!("{name}.seq");
        let seal = ["message", "sign", "message", "--envelope", "--key", &keystore, "--sequence-file", &sequence];
        for number in 1..=3 {
            home.ok(&[&seal[..], &["--replace", "--out", &format!("e{number}")]].concat());
        }
        let opened = message_check(&["open", &path(&home, "e2")]).expect_success(kind);
        assert!(opened.stdout.starts_with(&format!("{name} 2 ")), "{opened:?}");
        assert!(opened.stdout.ends_with(std::str::from_utf8(MESSAGE).expect("it is text")), "{opened:?}");
        // Out of order is fine, twice is not.
        for envelope in ["e1", "e3", "e2"] {
            open(&home, envelope, &["--replace", "--out", "content"]).expect(0);
            assert_eq!(home.read("content"), MESSAGE);
            std::fs::remove_file(home.path("content")).expect("it is there");
            refused(open(&home, envelope, &["--replace", "--out", "content"]), 13, &["was accepted before", &name]);
            assert!(!home.path("content").exists(), "nothing of a replay is handed out");
        }
        if !matches!(kind, "rsa:3072" | "ec:p256") {
            continue;
        }
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is later").as_secs();
        let theirs = |number: u64, at: u64| {
            let (store, message) = (path(&home, &keystore), path(&home, "message"));
            let words = ["seal", &store, &password, &message, &number.to_string(), &at.to_string()];
            home.write("theirs", message_check(&words).expect_success(kind).stdout);
            open(&home, "theirs", &["--window", "1h", "--format", "json"])
        };
        let document = theirs(4, now).expect(0).json();
        assert_eq!((text(&document, "sender"), &document["number"]), (name.as_str(), &Value::from(4)));
        refused(theirs(4, now), 13, &["was accepted before"]);
        refused(theirs(5, now - 7200), 13, &["7", "3600 s are the limit"]);
        refused(theirs(6, now + 7200), 13, &["in the future"]);
        // What was refused for its time used up no number.
        theirs(5, now).expect(0);
        theirs(5000, now).expect(0);
        refused(theirs(7, now), 13, &["more than 1024 below the highest, 5000"]);
    }
}

#[test]
fn live_messages_altered_envelopes_are_refused_and_use_up_nothing() {
    if !peers::require(&[Peer::Jdk]) {
        return;
    }
    let home = scene();
    let keystore = signer(&home, "sender", "ec:p256", &[]);
    let seal = |out: &str| {
        let words = ["message", "sign", "message", "--envelope", "--key", &keystore, "--sequence-file", "seq"];
        home.ok(&[&words[..], &["--replace", "--out", out]].concat());
    };
    seal("first");
    let first = String::from_utf8(home.read("first")).expect("it is text");
    let parts: Vec<&str> = first.trim().split('.').collect();
    let header = certroll_base::encoding::from_base64url(parts[0]).expect("it is base64url");
    let header = String::from_utf8(header).expect("it is text");
    let encoded = |text: &str| certroll_base::encoding::base64url(text.as_bytes());
    let rebuilt = |header: &str| format!("{}.{}.{}", encoded(header), parts[1], parts[2]);
    for (what, bad) in [
        ("another number", rebuilt(&header.replace("\"seq\":1", "\"seq\":2"))),
        ("another name", rebuilt(&header.replace("\"iss\":\"sender\"", "\"iss\":\"master\""))),
        ("no algorithm", rebuilt(&header.replace("ES256", "none"))),
        ("another critical extension", rebuilt(&header.replace("[\"iat\",\"seq\"]", "[\"iat\",\"seq\",\"x5c\"]"))),
        ("another content", format!("{}.{}.{}", parts[0], encoded("<reading/>"), parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("half of it", first[..first.len() / 2].to_owned()),
        ("nothing", String::new()),
    ] {
        home.write("bad", bad);
        let ran = open(&home, "bad", &["--out", "content"]);
        assert_eq!(ran.code, 13, "{what}: {ran:#?}");
        assert!(!home.path("content").exists(), "{what}");
        assert!(!home.path("seen").exists(), "{what}");
    }
    open(&home, "first", &[]).expect(0);

    // Eight at once: eight numbers. Eight receivers of one: one accepts it.
    let words = |out: usize| {
        let line = format!("message sign message --envelope --key {keystore} --sequence-file seq --out many-{out}");
        line.split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let lines: Vec<_> = (0..8).map(words).collect();
    home.at_once(&lines).into_iter().for_each(|ran| drop(ran.expect(0)));
    assert_eq!(home.read("seq"), b"9\n");
    for out in 0..8 {
        open(&home, &format!("many-{out}"), &[]).expect(0);
    }
    seal("wanted");
    let line = "message verify wanted --envelope --seen-file seen".split(' ').map(str::to_owned).collect::<Vec<_>>();
    let codes: Vec<i32> = home.at_once(&vec![line; 8]).iter().map(|ran| ran.code).collect();
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, 0 | 13)), "{codes:?}");

    // A damaged file of numbers stops sender and receiver; neither repairs it.
    for (name, words) in [
        ("seq", ["message", "sign", "message", "--envelope", "--key", &keystore, "--sequence-file", "seq"].as_slice()),
        ("seen", &["message", "verify", "wanted", "--envelope", "--seen-file", "seen"]),
    ] {
        home.write(name, "damaged");
        home.certroll(words).expect(2);
        assert_eq!(home.read(name), b"damaged");
    }
}

/// Senders are killed at any moment. What they have written out has numbers that nobody else has, and the file of numbers is
/// never behind.
#[test]
fn live_messages_numbers_are_used_once_whoever_is_killed() {
    let home = scene();
    let keystore = signer(&home, "sender", "ec:p256", &[]);
    let words = [
        "message",
        "sign",
        "message",
        "--envelope",
        "--key",
        &keystore,
        "--sequence-file",
        "seq",
        "--replace",
        "--out",
    ];
    // How long one takes here, so that the kills are spread over its life.
    let started = Instant::now();
    home.ok(&[&words[..], &["e-0"]].concat());
    let life = started.elapsed();
    for round in 1..=40_u32 {
        let mut child = home.start(&[&words[..], &[&format!("e-{round}")]].concat());
        std::thread::sleep(life * round / 32);
        // It may have ended by itself.
        let _ = child.kill();
        child.wait().expect("a child can be waited for");
    }
    let mut numbers = Vec::new();
    for round in 0..=40 {
        let Ok(envelope) = std::fs::read_to_string(home.path(format!("e-{round}"))) else { continue };
        let header = envelope.split('.').next().and_then(certroll_base::encoding::from_base64url);
        let header: Value = serde_json::from_slice(&header.expect("it is whole")).expect("it is JSON");
        numbers.push(header["seq"].as_u64().expect("it has a number"));
    }
    let last: u64 = String::from_utf8(home.read("seq")).expect("text").trim().parse().expect("a number");
    let mut unique = numbers.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), numbers.len(), "{numbers:?}");
    assert!(unique.last().is_some_and(|highest| *highest <= last), "{numbers:?}, then {last}");
}

#[test]
fn live_messages_keys_are_found_or_named() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let home = scene();
    signer(&home, "one", "ec:p256", &["--keystore", "both.p12", "--alias", "one"]);
    home.ok(&["issue", "two", "-t", "message-signer", "--key", "ec:p256", "--keystore", "both.p12", "--alias", "two"]);
    let sign = |more: &[&str]| home.certroll(&[&["message", "sign", "message", "--raw"], more].concat());
    refused(sign(&["--key", "both.p12"]), 2, &["holds several keys", "--alias", "one, two"]);
    sign(&["--key", "both.p12", "--alias", "TWO"]).expect(0);
    refused(sign(&["--key", "both.p12", "--alias", "three"]), 2, &["no key of the alias `three`"]);
    refused(sign(&["--key", "both.p12", "--storepass-file", "secrets/passphrase"]), 5, &["cannot be opened"]);
    refused(sign(&["--key", "message"]), 2, &["holds no private key"]);
    refused(sign(&["--key", "home/ca/root.pem"]), 2, &["holds no private key"]);
    // The certificate of another key is not sent in its name.
    let other = ["--key", "both.p12", "--alias", "one", "--cert", "home/ca/root.pem"];
    sign(&other).expect(0);
    let plain = path(&home, "plain.pem");
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", &plain])
        .expect_success("genpkey");
    refused(sign(&["--key", "plain.pem", "--cert", "home/ca/root.pem"]), 2, &["no certificate is of the key"]);
    let cms = home.certroll(&["message", "sign", "message", "--key", "plain.pem"]);
    refused(cms, 2, &["the certificate of the key is needed", "--cert", "--raw"]);
    // A CA signs no messages.
    let taken_out =
        ["key", "passwd", "home/ca/root.key.pem", "--keypass-file", "secrets/passphrase", "--out", "root.key"];
    home.ok(&[&taken_out[..], &["--new-keypass-file", "secrets/storepass"]].concat());
    let ca = ["message", "sign", "message", "--key", "root.key", "--cert", "home/ca/root.pem"];
    refused(home.certroll(&ca), 2, &["is a CA"]);
}
