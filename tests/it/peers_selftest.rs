//! The negative control of the peers: each check passes on sound files and fails on spoilt ones.
//!
//! Everything here is made by OpenSSL, GnuTLS and keytool, none of it by certroll: a check that fails here is broken itself.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::peers::{
    self, BrokerSetup, Client, JettyServer, Peer, Store, Tls, broker_check, certtool_verify, keytool, keytool_list,
    openssl, openssl_pkcs12, openssl_verify, pkilint_certificate, pkilint_chain, pkilint_crl, store_check,
};

const HOST: &str = "broker.example.test";
const SERVER: &str = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
    extendedKeyUsage=serverAuth\nsubjectAltName=DNS:broker.example.test";
const CLIENT: &str =
    "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth";
const AUTHORITY: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign";
const EC: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const RSA: &[&str] = &["-newkey", "rsa:2048"];

/// Two small CAs and whatever a test makes of them, in a directory of its own.
struct Scene {
    directory: TempDir,
}

impl Scene {
    /// `root.pem` above `issuing.pem`, and `other.pem`, which has nothing to do with them.
    fn new() -> Self {
        let scene = Self { directory: tempfile::tempdir().expect("a temporary directory can be made") };
        fs::write(scene.path("password"), "correct-horse\n").expect("the password can be written");
        scene.certificate("root", None, EC, AUTHORITY);
        scene.certificate("issuing", Some("root"), EC, AUTHORITY);
        scene.certificate("other", None, EC, AUTHORITY);
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Makes `NAME.pem` and `NAME.key`.
    fn certificate(&self, name: &str, issuer: Option<&str>, key: &[&str], extensions: &str) {
        let (pem, secret, subject) =
            (self.text(&format!("{name}.pem")), self.text(&format!("{name}.key")), format!("/O=Example/CN={name}"));
        let mut args = vec!["req", "-x509", "-noenc", "-days", "30", "-config", "/dev/null", "-subj", &subject];
        args.extend(key);
        args.extend(["-keyout", &secret, "-out", &pem]);
        args.extend(extensions.lines().flat_map(|line| ["-addext", line]));
        args.extend(["-addext", "subjectKeyIdentifier=hash"]);
        let ca = issuer.map(|issuer| (self.text(&format!("{issuer}.pem")), self.text(&format!("{issuer}.key"))));
        if let Some((certificate, key)) = &ca {
            args.extend(["-addext", "authorityKeyIdentifier=keyid", "-CA", certificate, "-CAkey", key]);
        }
        openssl(&args).expect_success(name);
    }

    /// Makes `expired.pem` for HOST, which ended 20 days ago. OpenSSL 3.0 cannot choose that date without a whole CA setup.
    fn expired(&self) {
        self.certificate("expired", None, RSA, CLIENT);
        let request = self.text("expired.csr");
        let (pem, key) = (self.text("expired.pem"), self.text("expired.key"));
        let subject = ["-subj", "/O=Example/CN=expired", "-config", "/dev/null", "-key", &key, "-out", &request];
        openssl(&[&["req", "-new"], &subject[..]].concat()).expect_success("expired.csr");
        let ca = self.pkcs12("issuing", &[]);
        let (store, password) = (ca.path.display().to_string(), self.text("password"));
        let dates = ["-startdate", "-30d", "-validity", "10", "-ext", "san=dns:broker.example.test", "-rfc"];
        let files = ["-gencert", "-keystore", &store, "-storepass:file", &password, "-alias", "issuing"];
        keytool(&[&files[..], &dates, &["-infile", &request, "-outfile", &pem]].concat()).expect_success("expired.pem");
    }

    /// Joins PEM files into one.
    fn joined(&self, name: &str, parts: &[&str]) -> PathBuf {
        let read = |part: &&str| fs::read_to_string(self.path(&format!("{part}.pem"))).expect("a part can be read");
        fs::write(self.path(name), parts.iter().map(read).collect::<String>()).expect("a file can be written");
        self.path(name)
    }

    fn store(&self, name: &str) -> Store {
        Store::new(self.path(name), self.path("password"))
    }

    /// Makes `NAME.p12` with key and chain.
    fn pkcs12(&self, name: &str, intermediates: &[&str]) -> Store {
        let chain = self.joined(&format!("{name}.chain"), &[&[name], intermediates].concat()).display().to_string();
        let (key, out, password) =
            (self.text(&format!("{name}.key")), self.text(&format!("{name}.p12")), self.text("password"));
        let password = format!("file:{password}");
        let files = ["-inkey", &key, "-in", &chain, "-out", &out, "-name", name, "-passout", &password];
        openssl(&[&["pkcs12", "-export"], &files[..]].concat()).expect_success(name);
        self.store(&format!("{name}.p12"))
    }

    /// Turns a PKCS#12 store into a JKS one of the same name.
    fn jks(&self, from: &Store) -> Store {
        let to = self.store(&format!("{}.jks", from.path.file_stem().unwrap_or_default().to_string_lossy()));
        let (source, target, password) =
            (from.path.display().to_string(), to.path.display().to_string(), self.text("password"));
        let source = ["-srckeystore", &source, "-srcstorepass:file", &password];
        let target = ["-destkeystore", &target, "-deststoretype", "JKS", "-deststorepass:file", &password];
        keytool(&[&["-importkeystore", "-noprompt"], &source[..], &target].concat()).expect_success("a JKS store");
        to
    }

    /// Makes a truststore `trust-CA.p12` with one root.
    fn trust(&self, ca: &str) -> Store {
        let (certificate, password) = (self.text(&format!("{ca}.pem")), self.text("password"));
        let store = self.text(&format!("trust-{ca}.p12"));
        let files = ["-file", &certificate, "-keystore", &store, "-storepass:file", &password, "-alias", ca];
        keytool(&[&["-importcert", "-noprompt", "-storetype", "PKCS12"], &files[..]].concat()).expect_success(ca);
        Store::new(store, self.path("password"))
    }

    /// A copy of a store with one bit changed near its end, where JKS has its digest and PKCS#12 its MAC.
    fn tampered(&self, store: &Store) -> Store {
        let mut bytes = fs::read(&store.path).expect("a store can be read");
        let place = bytes.len() - 15;
        bytes[place] ^= 1;
        let copy = self.store(&format!("tampered-{}", store.path.file_name().unwrap_or_default().to_string_lossy()));
        fs::write(&copy.path, bytes).expect("a store can be written");
        copy
    }

    /// The serial number as OpenSSL prints it, in lower case.
    fn serial(&self, name: &str) -> String {
        let output = openssl(&["x509", "-noout", "-serial", "-in", &self.text(&format!("{name}.pem"))]);
        output.expect_success(name).stdout.trim().trim_start_matches("serial=").to_lowercase()
    }
}

fn codes(findings: &[peers::Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn java_opens_sound_stores_only() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl, Peer::GnuTls]) {
        return;
    }
    let scene = Scene::new();
    scene.certificate("server", Some("issuing"), RSA, SERVER);
    let modern = scene.pkcs12("server", &["issuing", "root"]);
    for store in [scene.jks(&modern), modern] {
        let entries = store_check(&store).expect("a sound store opens");
        let [entry] = &entries[..] else { panic!("one entry: {entries:?}") };
        assert_eq!((&*entry.alias, &*entry.kind, &*entry.algorithm), ("server", "key", "RSA"));
        assert_eq!((entry.chain_length, &*entry.serial), (3, &*scene.serial("server")));
        assert!(keytool_list(&store).expect_success("keytool").stdout.contains("Certificate chain length: 3"));

        let tampered = scene.tampered(&store);
        assert!(store_check(&tampered).is_err() && !keytool_list(&tampered).success(), "{tampered:?}");
        fs::write(scene.path("guess"), "wrong-horse\n").expect("a password can be written");
        let guessed = Store::new(&store.path, scene.path("guess"));
        assert!(store_check(&guessed).is_err() && !keytool_list(&guessed).success(), "{guessed:?}");
    }
    let trust = store_check(&scene.trust("root")).expect("a sound truststore opens");
    assert_eq!((&*trust[0].alias, &*trust[0].kind, &*trust[0].serial), ("root", "trusted", &*scene.serial("root")));

    let mismatched = mismatched(&scene);
    assert!(keytool_list(&mismatched).success(), "keytool does not notice whose key it is");
    let refusal = store_check(&mismatched).expect_err("the key of another certificate");
    assert!(refusal.stderr.contains("does not belong"), "{refusal:?}");
}

/// A PKCS#12 store whose key is not that of its certificate. OpenSSL and keytool refuse to make one.
fn mismatched(scene: &Scene) -> Store {
    scene.certificate("stranger", Some("issuing"), RSA, SERVER);
    let (key, certificate, out) = (scene.text("stranger.key"), scene.text("server.pem"), scene.text("mismatched.p12"));
    let mut certtool = peers::command("certtool");
    certtool.args(["--to-p12", "--outder", "--load-privkey", &key, "--load-certificate", &certificate]);
    certtool.args(["--outfile", &out, "--p12-name", "mismatched", "--password", "correct-horse"]);
    peers::run(&mut certtool, b"").expect_success("certtool --to-p12");
    scene.store("mismatched.p12")
}

#[test]
fn openssl_opens_sound_pkcs12_only() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new();
    scene.certificate("server", Some("issuing"), EC, SERVER);
    let store = scene.pkcs12("server", &["issuing"]);
    assert!(openssl_pkcs12(&store).expect_success("openssl pkcs12").text().contains("friendlyName: server"));
    assert!(!openssl_pkcs12(&scene.tampered(&store)).success());
}

#[test]
fn chains_are_verified_against_the_right_root_and_time() {
    if !peers::require(&[Peer::OpenSsl, Peer::GnuTls, Peer::Jdk]) {
        return;
    }
    let scene = Scene::new();
    scene.certificate("server", Some("issuing"), EC, SERVER);
    scene.expired();
    let [root, other, issuing] = ["root.pem", "other.pem", "issuing.pem"].map(|name| scene.path(name));
    let (leaf, expired) = (scene.path("server.pem"), scene.path("expired.pem"));
    let named = ["-purpose", "sslserver", "-verify_hostname", HOST];
    openssl_verify(&root, Some(&issuing), &leaf, &named).expect_success("openssl verify");
    let refused = |root: &Path, helper: Option<&Path>, leaf: &Path, extra: &[&str], reason: &str| {
        let output = openssl_verify(root, helper, leaf, extra);
        assert!(!output.success() && output.text().contains(reason), "{reason}: {output:?}");
    };
    refused(&other, Some(&issuing), &leaf, &[], "unable to get local issuer certificate");
    refused(&root, None, &leaf, &[], "unable to get local issuer certificate");
    refused(&root, Some(&issuing), &leaf, &["-verify_hostname", "elsewhere.example.test"], "hostname mismatch");
    refused(&root, Some(&issuing), &leaf, &["-purpose", "sslclient"], "unsuitable certificate purpose");
    refused(&root, Some(&issuing), &expired, &[], "certificate has expired");

    let chain = scene.joined("chain", &["server", "issuing"]);
    let hostname = format!("--verify-hostname={HOST}");
    certtool_verify(&root, &chain, &[&hostname]).expect_success("certtool");
    assert!(!certtool_verify(&other, &chain, &[]).success());
    assert!(!certtool_verify(&root, &chain, &["--verify-hostname=elsewhere.example.test"]).success());
    assert!(!certtool_verify(&root, &scene.joined("old", &["expired", "issuing"]), &[]).success());
}

#[test]
fn pkilint_objects_to_bad_profiles() {
    if !peers::require(&[Peer::Pkilint, Peer::OpenSsl, Peer::GnuTls, Peer::Jdk]) {
        return;
    }
    let scene = Scene::new();
    scene.certificate("server", Some("issuing"), EC, SERVER);
    scene.certificate("bad", Some("issuing"), EC, "basicConstraints=CA:FALSE\nkeyUsage=critical,keyCertSign");
    for name in ["root.pem", "issuing.pem", "server.pem"] {
        assert_eq!(pkilint_certificate(&scene.path(name)), [], "{name}");
    }
    let findings = pkilint_certificate(&scene.path("bad.pem"));
    assert!(codes(&findings).contains(&"pkix.ee_certificate_keycertsign_keyusage_set"), "{findings:?}");

    assert_eq!(pkilint_chain(&scene.path("issuing.pem"), &scene.path("server.pem")), []);
    assert_ne!(pkilint_chain(&scene.path("other.pem"), &scene.path("server.pem")), []);

    fs::write(scene.path("template"), "crl_next_update = 30\ncrl_number = 7\n").expect("a template can be written");
    let mut certtool = peers::command("certtool");
    certtool.args(["--generate-crl", "--load-ca-privkey", &scene.text("issuing.key"), "--load-ca-certificate"]);
    certtool.args([&scene.text("issuing.pem"), "--template", &scene.text("template"), "--load-certificate"]);
    certtool.args([&scene.text("server.pem"), "--outfile"]);
    peers::run(certtool.arg(scene.path("good.crl")), b"").expect_success("certtool --generate-crl");
    assert_eq!(pkilint_crl(&scene.path("good.crl")), []);
    let (ca, password, bad) = (scene.pkcs12("issuing", &[]), scene.text("password"), scene.text("bad.crl"));
    let store = ca.path.display().to_string();
    let files = ["-keystore", &store, "-storepass:file", &password, "-alias", "issuing", "-file", &bad];
    keytool(&[&["-gencrl", "-id", "1"], &files[..]].concat()).expect_success("keytool -gencrl");
    assert_ne!(pkilint_crl(&scene.path("bad.crl")), [], "keytool's CRLs have no number");
}

#[test]
fn a_broker_lets_the_right_client_in_and_no_other() {
    if !peers::require(&[Peer::ActiveMq, Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new();
    scene.certificate("server", Some("issuing"), RSA, SERVER);
    scene.certificate("meter", Some("issuing"), EC, CLIENT);
    scene.certificate("foreign", Some("other"), EC, CLIENT);
    scene.expired();
    let broker = scene.jks(&scene.pkcs12("server", &["issuing"]));
    let [client, foreign] = [scene.pkcs12("meter", &["issuing"]), scene.pkcs12("foreign", &[])];
    let [trust, other] = [scene.trust("root"), scene.trust("other")];
    let sound = || BrokerSetup {
        host: HOST,
        broker: &broker,
        broker_trust: &trust,
        client: &client,
        client_trust: &trust,
        foreign: &foreign,
    };
    let report = broker_check(&sound()).expect("a broker on sound stores starts");
    assert_eq!((report.passed.len(), &report.failed[..]), (3, &[][..]), "{report:?}");
    assert_eq!(report.served, Some(scene.serial("server")));

    let fails = |setup: BrokerSetup<'_>, clients: &[&str]| {
        let report = broker_check(&setup).expect("the broker starts");
        let failed = clients.iter().all(|client| report.failed.iter().any(|line| line.starts_with(client)));
        assert!(failed && report.failed.len() == clients.len(), "{clients:?}: {report:?}");
    };
    let (right, another) = ("right client certificate", "client certificate of another CA");
    fails(BrokerSetup { foreign: &client, ..sound() }, &[another]);
    fails(BrokerSetup { broker_trust: &other, ..sound() }, &[right, another]);
    fails(BrokerSetup { client_trust: &other, ..sound() }, &[right]);
    fails(BrokerSetup { host: "elsewhere.example.test", ..sound() }, &[right]);
    let expired = scene.pkcs12("expired", &["issuing"]);
    fails(BrokerSetup { broker: &expired, ..sound() }, &[right]);
    let spoilt = scene.tampered(&broker);
    assert!(broker_check(&BrokerSetup { broker: &spoilt, ..sound() }).is_err());
}

#[test]
fn a_web_server_lets_the_right_client_in_and_no_other() {
    if !peers::require(&[Peer::Jetty, Peer::Curl, Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new();
    scene.certificate("server", Some("issuing"), RSA, SERVER);
    scene.certificate("meter", Some("issuing"), EC, CLIENT);
    scene.certificate("foreign", Some("other"), EC, CLIENT);
    scene.expired();
    let ca = scene.path("root.pem");
    let store = scene.pkcs12("server", &["issuing"]);
    let meter = scene.pkcs12("meter", &["issuing"]);
    let foreign = scene.pkcs12("foreign", &[]);
    let meter_chain = scene.path("meter.chain");
    let key = scene.path("meter.key");

    let open = JettyServer::start(&scene.jks(&store), None).expect("a server on a sound store starts");
    let page = open.get(HOST, Tls::V1_3, Client::Anonymous, &ca).expect_success("an open server").stdout;
    assert_eq!(page, "suite: TLS_AES_256_GCM_SHA384\nclient: none\n");
    assert!(!open.get("elsewhere.example.test", Tls::V1_3, Client::Anonymous, &ca).success());
    assert!(!open.get(HOST, Tls::V1_3, Client::Anonymous, &scene.path("other.pem")).success());

    let closed = JettyServer::start(&store, Some(&scene.trust("root"))).expect("a server on a sound store starts");
    let pem = Client::Pem { certificate: &meter_chain, key: &key };
    for (tls, client) in [(Tls::V1_3, pem), (Tls::V1_2, Client::Pkcs12(&meter))] {
        let page = closed.get(HOST, tls, client, &ca).expect_success("a closed server").stdout;
        assert!(page.ends_with("client: CN=meter,O=Example\n"), "{page}");
        assert!(!closed.get(HOST, tls, Client::Anonymous, &ca).success());
        assert!(!closed.get(HOST, tls, Client::Pkcs12(&foreign), &ca).success());
    }
    let served = openssl(&["s_client", "-connect", &closed.address(), "-servername", HOST]);
    assert!(served.stdout.contains("CN = server"), "{served:?}");

    let old = JettyServer::start(&scene.pkcs12("expired", &["issuing"]), None).expect("Jetty serves what has expired");
    let refusal = old.get(HOST, Tls::V1_3, Client::Anonymous, &ca);
    assert!(!refusal.success() && refusal.stderr.contains("expired"), "{refusal:?}");
    assert!(JettyServer::start(&scene.tampered(&store), None).is_err());
}
