//! CAs whose keys are in KMS, against moto, which signs for real; OpenSSL is the judge.

use serde_json::{Value, json};

use super::AwsHome;
use super::replay::kms::KEY;
use crate::home::{TestHome, text};
use crate::peers::{self, Moto, Peer, openssl, openssl_verify};

fn key(moto: &Moto, spec: &str) -> String {
    let body = json!({"KeySpec": spec, "KeyUsage": "SIGN_VERIFY"});
    text(&moto.call("kms", "TrentService.CreateKey", &body), "KeyMetadata/Arn").to_owned()
}

/// What is too long for the service goes there as a digest; moto does not know that, the server of the tests does.
#[test]
fn what_is_long_is_signed_by_its_digest() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let (aws, replay) = AwsHome::replayed();
    aws.ok(&["ca", "create", "own", "--key", &format!("awskms:{KEY}"), "--subject", "CN=Own"]);
    let names: Vec<String> = (0..90).map(|at| format!("a-name-that-is-long-on-purpose-{at}.example.net")).collect();
    let mut issue = vec!["issue", "long.example.net", "--template", "https-server", "--key", "ec:p256"];
    issue.extend(["--out-cert", "long.pem"]);
    issue.extend(names.iter().flat_map(|name| ["--san", name.as_str()]));
    aws.ok(&issue);
    let verified = openssl_verify(&aws.home.path("home/ca/own.pem"), None, &aws.home.path("long.pem"), &[]);
    assert!(verified.success(), "{verified:?}");
    let length = pem_length(&aws.home.read("long.pem"));
    assert!(length > 4_096 + 200, "{length} bytes are not too long");
    assert!(replay.state().calls.iter().any(|call| call == "Sign"));
}

fn pem_length(text: &[u8]) -> usize {
    certroll_pki::container::pem::read(text).expect("it is PEM")[0].der.expose().len()
}

#[test]
fn a_ca_whose_key_is_in_kms_signs_certificates_and_lists() {
    if !peers::require(&[Peer::Moto, Peer::OpenSsl]) {
        return;
    }
    let moto = Moto::start();
    let aws = AwsHome::at(TestHome::founded(), &moto.url());
    for (name, spec, kind) in [("curve", "ECC_NIST_P384", "ec:p384"), ("modulus", "RSA_3072", "rsa:3072")] {
        let arn = key(&moto, spec);
        let (reference, subject) = (format!("awskms:{arn}"), format!("O=Test, CN={name}"));
        aws.ok(&["ca", "create", name, "--key", &reference, "--subject", &subject]);
        let leaf = format!("{name}.example.net");
        let out = format!("{name}.pem");
        aws.ok(&[
            "issue",
            &leaf,
            "--template",
            "https-server",
            "--issuer",
            name,
            "--key",
            "ec:p256",
            "--out-cert",
            &out,
        ]);
        let root = aws.home.path(format!("home/ca/{name}.pem"));
        let verified = openssl_verify(&root, None, &aws.home.path(&out), &[]);
        assert!(verified.success(), "{verified:?}");
        aws.ok(&["revoke", &leaf, "--reason", "superseded"]);
        let crl = aws.home.path(format!("home/ca/{name}.crl"));
        let (crl, root) = (crl.display().to_string(), root.display().to_string());
        let judged = openssl(&["crl", "-inform", "DER", "-in", &crl, "-CAfile", &root, "-noout"]);
        assert!(judged.text().contains("verify OK"), "{judged:?}");
        let shown = aws.ok(&["ca", "show", name, "--format", "json"]).stdout;
        assert!(shown.contains(kind), "{shown}");
        aws.ok(&["issuer", "test", name]);
    }
    aws.home.verify();
    // What is wrong is said in a line, and what to do.
    let create = |key: &str| aws.run(&["ca", "create", "other", "--key", key, "--subject", "CN=Other"]);
    let missing = create("awskms:alias/none").expect(2).stderr;
    assert!(missing.contains("NotFoundException") && missing.contains("hint:"), "{missing}");
    let symmetric = json!({"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"});
    let symmetric: Value = moto.call("kms", "TrentService.CreateKey", &symmetric);
    let refused = create(&format!("awskms:{}", text(&symmetric, "KeyMetadata/Arn")));
    assert!(refused.code != 0 && refused.stderr.lines().count() < 6, "{refused:#?}");
    let curve = key(&moto, "ECC_SECG_P256K1");
    let refused = create(&format!("awskms:{curve}")).expect(4).stderr;
    assert!(refused.contains("ECC_NIST_P256"), "{refused}");
}
