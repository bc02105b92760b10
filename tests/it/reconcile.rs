//! `audit reconcile`: what the log, the inventory, the CRLs, files and endpoints say of certificates must agree.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::sync::Arc;
use std::thread;

use certroll_base::secret::Secret;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::Decryptor;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};
use serde_json::Value;

use crate::home::{STOREPASS, TestHome, text};

/// A home with the certificates `client` and `web`, the files of which lie in `use`.
fn home() -> TestHome {
    let home = TestHome::new();
    fs::create_dir(home.path("use")).expect("a directory can be made");
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "use/client.p12"]);
    let web = ["issue", "web.example", "-t", "https-server", "--key", "ec:p256"];
    home.ok(
        &[&web[..], &["--out-cert", "use/web.pem", "--out-key", "use/web.key", "--keystore", "use/web.jks"]].concat()
    );
    home.ok(&["ca", "crl", "issuing", "--renew", "--out", "issuing.crl"]);
    home
}

/// The findings as `word severity place subject`, and the run as it was.
fn findings(home: &TestHome, more: &[&str], code: i32) -> Vec<String> {
    let ran = home.certroll(&[&["audit", "reconcile", "--format", "ndjson"], more].concat()).expect(code);
    let word = |finding: &Value, name: &str| text(finding, name).to_owned();
    let line = |finding: Value| ["finding", "severity", "place", "subject"].map(|name| word(&finding, name)).join(" ");
    ran.ndjson().into_iter().map(line).collect()
}

const NOTHING: [&str; 0] = [];

/// The negative control: where nothing is wrong, nothing is found, and nothing is written.
#[test]
fn a_clean_home_has_no_findings() {
    let home = home();
    home.ok(&["revoke", "client", "--reason", "keyCompromise"]);
    fs::remove_file(home.path("use/client.p12")).expect("a file can be removed");
    home.write("use/notes.txt", "-----BEGIN of a long story\n");
    home.write("use/empty", "");
    symlink(home.path("use"), home.path("use/loop")).expect("a link can be made");
    let before = home.all_records();
    assert_eq!(findings(&home, &["--scan", "use"], 0), NOTHING);
    let ran = home.ok(&["audit", "reconcile", "--scan", "use"]);
    assert!(ran.stdout.is_empty(), "{ran:?}");
    assert_eq!(ran.stderr, "compared 4 certificates of the log, 5 in use: 0 findings\n");
    assert_eq!(home.all_records(), before);
}

/// Whoever has a copy of the home and the passphrase can sign; the certificates are found out where they are used.
#[test]
fn a_certificate_signed_outside_is_unlogged() {
    let home = home();
    let outside = home.copy();
    outside.ok(&["issue", "ghost", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "ghost.pem"]);
    home.write("use/ghost.pem", outside.read("ghost.pem"));
    assert_eq!(findings(&home, &["--scan", "use"], 13), ["unlogged wrong use/ghost.pem ghost"]);
    let recorded = &home.records("reconcile.finding")[0];
    assert_eq!((text(recorded, "err/code"), &recorded["x"]["kinds"]["unlogged"]), ("wrong", &Value::from(1)));
    assert!(text(recorded, "x/findings/0").starts_with("unlogged: use/ghost.pem ghost serial "), "{recorded}");
    home.verify();
    // Its word is kept: the page has it too.
    home.ok(&["audit", "report", "--out", "report.html"]);
    let page = String::from_utf8(home.read("report.html")).expect("a page is UTF-8");
    assert!(page.contains("1 comparison with the outside world that found something"));
}

/// The same key in a certificate of another issuer leads back to its intent.
#[test]
fn a_strangers_certificate_is_unknown() {
    let home = home();
    let other = TestHome::new();
    other.ok(&["issue", "stranger", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "stranger.pem"]);
    home.write("use/stranger.pem", other.read("stranger.pem"));
    let expected = ["unknown attention use/stranger.pem issuing", "unknown attention use/stranger.pem stranger"];
    let found = findings(&home, &["--scan", "use", "--no-record"], 11);
    assert!(found.iter().any(|line| line == expected[1]), "{found:?}");
    assert!(found.iter().all(|line| line.starts_with("unknown attention use/stranger.pem ")), "{found:?}");
    assert_eq!(home.records("reconcile.finding").len(), 0, "`--no-record` records nothing");
}

#[test]
fn what_is_revoked_or_replaced_and_still_in_use_is_found_in_stores() {
    let home = home();
    home.ok(&["rotate", "web.example"]);
    home.ok(&["revoke", "client", "--reason", "keyCompromise"]);
    let found = findings(&home, &["--scan", "use", "--storepass-file", "secrets/storepass"], 12);
    assert_eq!(found[0], "status-differs expired use/client.p12#client client");
    assert!(found.iter().any(|line| line.starts_with("superseded attention use/web.jks.previous")), "{found:?}");
    assert!(!found.iter().any(|line| line.contains("use/web.jks#")), "the new one is in order: {found:?}");
    // Without the password the store is not passed over in silence.
    let mut command = home.command(&["audit", "reconcile", "--scan", "use", "--no-record", "--format", "ndjson"]);
    let output = command.env_remove("CERTROLL_STOREPASS_FILE").output().expect("the program can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("\"unread\"") && said.contains("use/client.p12"), "{said}");
}

#[test]
fn a_crl_that_says_something_else_is_found() {
    let home = home();
    let outside = home.copy();
    outside.ok(&["issue", "ghost", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "ghost.pem"]);
    outside.ok(&["revoke", "ghost", "--reason", "superseded"]);
    home.write("home/ca/issuing.crl", outside.read("home/ca/issuing.crl"));
    assert_eq!(findings(&home, &["--no-record"], 13), ["unlogged wrong ca/issuing.crl "]);
    outside.ok(&["revoke", "client", "--reason", "keyCompromise"]);
    home.write("home/ca/issuing.crl", outside.read("home/ca/issuing.crl"));
    let expected = ["unlogged wrong ca/issuing.crl ", "status-differs wrong ca/issuing.crl client"];
    assert_eq!(findings(&home, &["--no-record"], 13), expected);
    // The other way round: revoked here, with another reason and not on the list that is published.
    home.ok(&["revoke", "client", "--reason", "superseded"]);
    assert_eq!(findings(&home, &["--no-record"], 0), NOTHING, "a revocation publishes a list of its own");
    home.write("home/ca/issuing.crl", outside.read("home/ca/issuing.crl"));
    assert_eq!(findings(&home, &["--no-record"], 13), expected, "the reasons differ");
    home.write("home/ca/issuing.crl", home.read("issuing.crl"));
    assert_eq!(findings(&home, &["--no-record"], 13), ["status-differs wrong ca/issuing.crl client"], "an old list");
    let stranger = TestHome::new();
    stranger.ok(&["ca", "crl", "issuing", "--renew", "--out", "issuing.crl"]);
    home.write("home/ca/issuing.crl", stranger.read("issuing.crl"));
    assert_eq!(findings(&home, &["--no-record"], 13), ["unknown wrong ca/issuing.crl "], "signed by somebody else");
}

/// A server that shows its chain and wants a client certificate, for that many connections.
fn serve(home: &TestHome, connections: usize) -> (String, thread::JoinHandle<()>) {
    let blocks = pem::read(&home.read("use/web.pem")).expect("a chain reads");
    let ders = blocks.iter().filter(|block| block.label == Label::Certificate);
    let chain: Vec<_> = ders.map(|block| CertificateDer::from(block.der.expose().to_vec())).collect();
    let blocks = pem::read(&home.read("use/web.key")).expect("a key reads");
    let plain = Decryptor::new(Secret::new(STOREPASS.to_owned())).decrypt(blocks[0].der.expose()).expect("it opens");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(plain.expose().to_vec()));
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(chain.last().expect("it has an issuer").clone()).expect("a CA is a trust anchor");
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_client_cert_verifier(clients.expect("a verifier"))
        .with_single_cert(chain, key)
        .expect("key and certificate fit");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address").to_string();
    let config = Arc::new(config);
    let server = thread::spawn(move || {
        for stream in listener.incoming().take(connections) {
            let mut stream = stream.expect("a connection");
            let mut connection = ServerConnection::new(config.clone()).expect("a connection");
            // It ends in an error, since the client hangs up once it has seen the chain.
            while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
        }
    });
    (address, server)
}

#[test]
fn what_an_endpoint_presents_is_held_against_the_log() {
    let home = home();
    let (address, server) = serve(&home, 2);
    let endpoint = format!("{address},web.example");
    assert_eq!(findings(&home, &["--connect", &endpoint], 0), NOTHING);
    home.ok(&["revoke", "web.example", "--reason", "cessationOfOperation"]);
    let expected = format!("status-differs expired {endpoint} web.example");
    assert_eq!(findings(&home, &["--connect", &endpoint, "--no-record"], 12), [expected]);
    server.join().expect("the server ends");
    let gone = findings(&home, &["--connect", &address, "--timeout", "5", "--no-record"], 11);
    assert_eq!(gone, [format!("unread attention {address} ")], "nobody listens any more");
    home.certroll(&["audit", "reconcile", "--connect", "nowhere"]).expect(2);
}

/// The inventory is only a table; taking something out of it or back in it does not change the log.
#[test]
fn an_inventory_that_says_something_else_is_found() {
    let home = home();
    home.ok(&["revoke", "client", "--reason", "keyCompromise"]);
    let database = rusqlite::Connection::open(home.path("home/state.db")).expect("the database opens");
    let changed = database.execute("UPDATE certificate SET revoked_at = NULL, reason = NULL", ());
    let changed = changed.unwrap_or_else(|error| panic!("{error}"));
    assert!(changed > 0);
    assert_eq!(findings(&home, &["--no-record"], 13), ["status-differs wrong inventory client"]);
}
