//! A real Jetty that demands client certificates, with exactly one AES-256 suite for TLS 1.3 and one for TLS 1.2.

use crate::peers::{self, Client, JettyServer, Peer, Tls, openssl};
use crate::scratch::{Scratch, arg};

const HOST: &str = "jetty.example.net";
const PEERS: &[Peer] = &[Peer::Jetty, Peer::Curl, Peer::Jdk, Peer::OpenSsl];
const SUITES: [(Tls, &str); 2] =
    [(Tls::V1_3, "TLS_AES_256_GCM_SHA384"), (Tls::V1_2, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")];

/// Issues `client.p12`, `client.pem` and, for a program that cannot be told a password, `client.key` in plain.
fn client(scratch: &Scratch, key: &str) {
    let asked = ["issue", "reading-client", "--template", "jms-client", "--key", key, "--keystore", "client.p12"];
    scratch.done(&[&asked[..], &["--out-cert", "client.pem", "--out-key", "client.key.pem"]].concat());
    let (from, to) = (scratch.text("client.key.pem"), scratch.text("client.key"));
    openssl(&["pkey", "-in", &from, "-passin", &scratch.passin(), "-out", &to]).expect_success("openssl pkey");
}

fn serves(keystore: &str, trust: &str, client_key: &str) {
    if !peers::require(PEERS) {
        return;
    }
    let [ours, theirs] = [Scratch::with_authorities("rsa:3072"), Scratch::with_authorities("rsa:3072")];
    let asked = ["issue", HOST, "--template", "https-server", "--key", "rsa:3072", "--san", "ip:127.0.0.1"];
    ours.done(&[&asked[..], &["--keystore", keystore]].concat());
    ours.done(&["ca", "export", "--out", trust]);
    client(&ours, client_key);
    client(&theirs, client_key);
    let root = ours.authority("root");
    let server = JettyServer::start(&ours.store(keystore), Some(&ours.store(trust))).expect("Jetty starts");

    let files =
        |scratch: &Scratch| (scratch.path("client.pem"), scratch.path("client.key"), scratch.store("client.p12"));
    let (certificate, key, store) = files(&ours);
    let (foreign_certificate, foreign_key, foreign_store) = files(&theirs);
    for (tls, suite) in SUITES {
        let page = format!("suite: {suite}\nclient: CN=reading-client\n");
        for right in [Client::Pem { certificate: &certificate, key: &key }, Client::Pkcs12(&store)] {
            assert_eq!(server.get(HOST, tls, right, &root).expect_success(suite).stdout, page);
        }
        let foreign = Client::Pem { certificate: &foreign_certificate, key: &foreign_key };
        for wrong in [foreign, Client::Pkcs12(&foreign_store), Client::Anonymous] {
            let refusal = server.get(HOST, tls, wrong, &root);
            assert!(!refusal.success() && refusal.stdout.is_empty(), "{wrong:?}: {refusal:?}");
        }
        // A client that trusts only the other home's root does not talk to this server.
        let right = Client::Pkcs12(&store);
        assert!(!server.get(HOST, tls, right, &theirs.authority("root")).success());
        assert!(!server.get("elsewhere.example.net", tls, right, &root).success());
    }
    // Server and issuing CA are sent; the root is in the keystore, and harmless.
    let (certificate, key, root) = (arg(&certificate), arg(&key), arg(&root));
    let session = ["s_client", "-connect", &server.address(), "-servername", HOST, "-cert", &certificate, "-key", &key];
    let checks = ["-CAfile", &root, "-verify_return_error", "-verify_hostname", HOST, "-x509_strict", "-showcerts"];
    let said = openssl(&[&session[..], &checks].concat()).stdout;
    assert!(said.contains("Verification: OK") && said.matches("BEGIN CERTIFICATE").count() >= 2, "{said}");
}

#[test]
fn live_jetty_on_jks_with_an_rsa_client() {
    serves("jetty.jks", "trust.jks", "rsa:3072");
}

#[test]
fn live_jetty_on_pkcs12_with_a_p256_client() {
    serves("jetty.p12", "trust.p12", "ec:p256");
}
