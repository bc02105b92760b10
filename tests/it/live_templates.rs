//! Every shipped template with every kind of key, under CAs of every kind of key, before all judges at once.
//!
//! Not the full product: each template meets two or three kinds of keys, each below another chain, and one test holds that
//! nothing is left out altogether.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::peers::{
    self, Peer, certtool_verify, keytool_list, openssl, openssl_pkcs12, openssl_verify, pkilint_certificate,
    pkilint_chain, pkilint_crl, store_check,
};
use crate::scratch::{Scratch, arg, text, texts};

const PEERS: &[Peer] = &[Peer::Jdk, Peer::OpenSsl, Peer::GnuTls, Peer::Pkilint];
const KEYS: &[&str] = &["rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521", "ed25519"];
/// Keys of root and issuing CA. Last the strongest, for devices whose issuer may not be weaker than they are.
const CHAINS: &[(&str, &str)] =
    &[("rsa:4096", "ec:p256"), ("rsa:3072", "rsa:3072"), ("ed25519", "ed25519"), ("ec:p384", "ec:p256"), STRONG];
const STRONG: (&str, &str) = ("ec:p521", "ec:p521");
/// Purposes of `openssl verify`, `certtool --verify-purpose`, and the extended key usage that each stands for.
const PURPOSES: &[(&str, &str, &str)] = &[
    ("sslserver", "1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("sslclient", "1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("smimesign", "1.3.6.1.5.5.7.3.4", "emailProtection"),
];

/// One certificate to be made.
#[derive(Debug)]
struct Case {
    template: String,
    parameters: Vec<String>,
    key: &'static str,
    chain: (&'static str, &'static str),
}

impl Case {
    fn name(&self) -> String {
        format!("{}.{}.example.net", self.template, self.key.replace(':', "-"))
    }
}

/// What the templates are to be tried with, computed from the list that the program gives.
fn plan(scratch: &Scratch) -> Vec<Case> {
    let list = scratch.json(&["template", "list"]);
    let templates = list["templates"].as_array().expect("a list of templates");
    let leaves = templates.iter().filter(|template| template["kind"] == "end-entity");
    leaves.enumerate().flat_map(|(at, template)| cases(template, at)).collect()
}

/// The template's own kind of key and two others, each below another chain.
fn cases(template: &Value, at: usize) -> Vec<Case> {
    let name = text(&template["name"]);
    // The policy for devices: no RSA below 3072 bits, and no issuer weaker than the device.
    let is_device = ["meter", "data-concentrator"].contains(&&*name);
    let own = KEYS.iter().find(|key| template["key"] == **key).expect("the key of a template is known");
    let mut keys = vec![*own, KEYS[at % KEYS.len()], KEYS[(at + 2) % KEYS.len()]];
    keys.iter_mut().filter(|key| is_device && **key == "rsa:2048").for_each(|key| *key = "ed25519");
    let mut cases: Vec<Case> = Vec::new();
    for (round, key) in keys.into_iter().enumerate() {
        let is_strong = ["rsa:4096", "ec:p384", "ec:p521"].contains(&key);
        let chain = if is_device && is_strong { STRONG } else { CHAINS[(at + round) % CHAINS.len()] };
        let parameters = template["parameters"].as_array().expect("a list of parameters");
        let parameters = parameters.iter().map(|one| parameter(&text(&one["name"]))).collect();
        if cases.iter().all(|case| case.key != key) {
            cases.push(Case { template: name.clone(), parameters, key, chain });
        }
    }
    cases
}

fn parameter(name: &str) -> String {
    match name {
        "serial" => "serial=LGZ-4711".to_owned(),
        "hw_type" => "hw_type=1.3.6.1.4.1.32473.1".to_owned(),
        "eui64" => "eui64=00173bfffe0a1b2c".to_owned(),
        other => panic!("no value is known for the parameter {other}: add one"),
    }
}

#[test]
fn live_templates_the_plan_leaves_nothing_out() {
    let plan = plan(&Scratch::new());
    let keys: BTreeSet<_> = plan.iter().map(|case| case.key).collect();
    let chains: BTreeSet<_> = plan.iter().map(|case| case.chain).collect();
    let templates: BTreeSet<_> = plan.iter().map(|case| &case.template).collect();
    assert_eq!(keys, KEYS.iter().copied().collect());
    assert_eq!(chains, CHAINS.iter().copied().collect());
    assert!(templates.len() >= 9 && plan.len() >= 2 * templates.len(), "{plan:?}");
}

#[test]
fn live_templates_below_rsa_4096_and_p256() {
    judge(CHAINS[0]);
}

#[test]
fn live_templates_below_rsa_3072() {
    judge(CHAINS[1]);
}

#[test]
fn live_templates_below_ed25519() {
    judge(CHAINS[2]);
}

#[test]
fn live_templates_below_p384_and_p256() {
    judge(CHAINS[3]);
}

#[test]
fn live_templates_below_p521() {
    judge(CHAINS[4]);
}

/// Makes the certificates of the plan that belong below this chain, and lets everybody judge them.
fn judge(chain: (&'static str, &'static str)) {
    if !peers::require(PEERS) {
        return;
    }
    let scratch = Scratch::new();
    let subject = "C=DE, O=Example Utility, CN=Root CA";
    scratch.done(&["ca", "create", "root", "--key", chain.0, "--subject", subject]);
    let subject = "C=DE, O=Example Utility, CN=Issuing CA";
    let urls = ["--crl-url", "http://crl.example.net/issuing.crl", "--ocsp-url", "http://ocsp.example.net"];
    let issuing = ["ca", "create", "issuing", "--issuer", "root", "--key", chain.1, "--subject", subject];
    scratch.done(&[&issuing[..], &urls].concat());
    let [root, issuing] = ["root", "issuing"].map(|name| scratch.authority(name));
    for certificate in [&root, &issuing] {
        assert_eq!(pkilint_certificate(certificate), [], "{}", certificate.display());
    }
    assert_eq!(pkilint_chain(&root, &issuing), []);
    openssl_verify(&root, None, &issuing, &[]).expect_success("the issuing CA");

    let mut cases = plan(&scratch);
    cases.retain(|case| case.chain == chain);
    assert!(!cases.is_empty(), "{chain:?}");
    for case in &cases {
        issue(&scratch, case);
        keystores(&scratch, case);
        pem(&scratch, case);
        certificate(&scratch, case);
    }
    scratch.done(&["ca", "crl", "issuing", "--out", "empty.crl"]);
    assert_eq!(pkilint_crl(&scratch.path("empty.crl")), []);
    scratch.done(&["revoke", &cases[0].name(), "--reason", "superseded"]);
    scratch.done(&["ca", "crl", "issuing", "--out", "one.crl"]);
    assert_eq!(pkilint_crl(&scratch.path("one.crl")), []);
}

/// Makes `NAME.jks`, `NAME.p12`, `NAME.pem` and `NAME.cert.pem`.
fn issue(scratch: &Scratch, case: &Case) {
    let name = case.name();
    let [jks, p12, pem, cert] = ["jks", "p12", "pem", "cert.pem"].map(|extension| format!("{name}.{extension}"));
    let mut args = vec!["issue", &name, "--template", &case.template, "--issuer", "issuing", "--key", case.key];
    args.extend(case.parameters.iter().flat_map(|parameter| ["--param", parameter]));
    args.extend(["--keystore", &jks, "--keystore", &p12, "--keystore", &pem, "--out-cert", &cert]);
    let issued = scratch.json(&args);
    assert_eq!((text(&issued["key"]), text(&issued["template"])), (case.key.to_owned(), case.template.clone()));
}

fn keystores(scratch: &Scratch, case: &Case) {
    let name = case.name();
    let algorithm = match case.key.split_once(':').map_or(case.key, |(family, _)| family) {
        "rsa" => "RSA",
        "ec" => "EC",
        _ => "EdDSA",
    };
    for store in ["jks", "p12"].map(|extension| scratch.store(&format!("{name}.{extension}"))) {
        let listed = keytool_list(&store).expect_success(&name).stdout;
        assert!(listed.contains("Certificate chain length: 3"), "{case:?}: {listed}");
        let entries = store_check(&store).unwrap_or_else(|refusal| panic!("{case:?}: {refusal:?}"));
        let [entry] = &entries[..] else { panic!("one entry: {entries:?}") };
        assert_eq!((&*entry.alias, &*entry.kind, &*entry.algorithm), (&*name, "key", algorithm), "{case:?}");
        assert_eq!((entry.chain_length, &entry.serial), (3, &scratch.current_serial(&name)), "{case:?}");
    }
    let said = openssl_pkcs12(&scratch.store(&format!("{name}.p12"))).expect_success(&name).text();
    assert!(said.contains(&format!("friendlyName: {name}")) && said.contains("PBES2"), "{case:?}: {said}");
}

/// OpenSSL decrypts the key beside the certificate, and it is that certificate's.
fn pem(scratch: &Scratch, case: &Case) {
    let file = scratch.text(&format!("{}.pem", case.name()));
    let from_key = openssl(&["pkey", "-in", &file, "-passin", &scratch.passin(), "-pubout"]).expect_success(&file);
    let from_certificate = openssl(&["x509", "-in", &file, "-noout", "-pubkey"]).expect_success(&file);
    assert_eq!(from_key.stdout, from_certificate.stdout, "{case:?}");
    let encrypted = fs::read_to_string(&file).expect("a PEM file is text").contains("BEGIN ENCRYPTED PRIVATE KEY");
    assert!(encrypted, "{case:?}");
}

fn certificate(scratch: &Scratch, case: &Case) {
    let name = case.name();
    let chain = scratch.path(&format!("{name}.cert.pem"));
    let [root, issuing] = ["root", "issuing"].map(|name| scratch.authority(name));
    let inspected = scratch.json(&["inspect", &arg(&chain)]);
    let leaf = &inspected["found"][0];
    let usages = texts(&leaf["extended_key_usage"]);
    let has_name = texts(&leaf["names"]).contains(&format!("dns:{name}"));
    let named = ["-verify_hostname", &name];
    openssl_verify(&root, Some(&chain), &chain, if has_name { &named } else { &[] }).expect_success(&name);
    certtool_verify(&root, &chain, &if has_name { vec!["--verify-hostname", &name] } else { vec![] })
        .expect_success(&name);
    for (openssl_name, oid, usage) in PURPOSES {
        let welcome = usages.iter().any(|one| one == usage);
        let output = openssl_verify(&root, Some(&chain), &chain, &["-purpose", openssl_name]);
        assert_eq!(output.success(), welcome, "{case:?} as {openssl_name}: {output:?}");
        let output = certtool_verify(&root, &chain, &[&format!("--verify-purpose={oid}")]);
        assert_eq!(output.success(), welcome, "{case:?} as {oid}: {output:?}");
    }
    // pkilint takes one certificate a file.
    let alone = scratch.path(&format!("{name}.leaf.pem"));
    openssl(&["x509", "-in", &arg(&chain), "-out", &arg(&alone)]).expect_success(&name);
    assert_eq!(pkilint_certificate(&alone), [], "{case:?}");
    assert_eq!(pkilint_chain(&issuing, &alone), [], "{case:?}");
}
