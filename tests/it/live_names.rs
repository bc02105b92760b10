//! Distinguished names with several attributes of one type, in the order given: what a certificate calls its issuer are the
//! bytes of the issuer's subject.

use std::path::Path;

use crate::peers::{self, Peer, certtool_verify, keytool, openssl, openssl_verify, store_check};
use crate::scratch::{Scratch, arg};

const CA: &str = "DC=com, DC=example, OU=a, OU=b, CN=Corp CA";

/// The hexadecimal bytes of a name in a certificate, by its own DER: `openssl x509 -subject` would hide the encoding.
fn name_bytes(scratch: &Scratch, certificate: &Path, field: &str) -> String {
    let der = scratch.path("one.der");
    openssl(&["x509", "-in", &arg(certificate), "-outform", "DER", "-out", &arg(&der)]).expect_success("to DER");
    let parsed = openssl(&["asn1parse", "-inform", "DER", "-in", &arg(&der)]).expect_success("asn1parse").stdout;
    // Below the TBSCertificate: version, serial number, algorithm, issuer, validity, subject.
    let fields: Vec<_> = parsed.lines().filter(|line| line.contains(":d=2 ")).collect();
    let line = fields[if field == "issuer" { 3 } else { 5 }];
    let number = |key: &str| -> usize {
        let digits = line.split(key).nth(1).unwrap_or_else(|| panic!("{line}")).trim_start();
        digits.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok()).expect("a number")
    };
    let offset: usize = line.split(':').next().and_then(|n| n.trim().parse().ok()).expect("an offset");
    let end = offset + number("hl=") + number(" l=");
    scratch.read("one.der")[offset..end].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn live_names_chain_under_repeated_attributes() {
    if !peers::require(&[Peer::OpenSsl, Peer::GnuTls, Peer::Jdk]) {
        return;
    }
    let scratch = Scratch::new();
    scratch.done(&["ca", "create", "root", "--key", "ec:p256", "--subject", "DC=com, DC=example, OU=a, OU=b, CN=Root"]);
    scratch.done(&["ca", "create", "corp", "--issuer", "root", "--subject", CA]);
    let name = "broker.example.com";
    let subject = "DC=com, DC=example, OU=one, OU=two, O=\"Müller, Söhne\", CN=broker.example.com";
    let files = ["--out-cert", "chain.pem", "--keystore", "broker.jks"];
    let asked = ["issue", name, "--template", "jms-broker", "--issuer", "corp", "--subject", subject];
    scratch.done(&[&asked[..], &files].concat());
    let [root, corp] = ["root", "corp"].map(|name| scratch.authority(name));
    let chain = scratch.path("chain.pem");

    for (issuer, certificate) in [(&root, &root), (&root, &corp), (&corp, &chain)] {
        let names = [name_bytes(&scratch, certificate, "issuer"), name_bytes(&scratch, issuer, "subject")];
        assert_eq!(names[0], names[1], "{}", certificate.display());
    }
    assert_ne!(name_bytes(&scratch, &corp, "issuer"), name_bytes(&scratch, &corp, "subject"));
    openssl_verify(&root, Some(&corp), &chain, &["-purpose", "sslserver"]).expect_success("openssl verify");
    certtool_verify(&root, &chain, &["--verify-hostname", name]).expect_success("certtool");

    // Everyone reads the same attributes in the same order; Java prints them last first.
    let rfc2253 = ["-nameopt", "RFC2253,-esc_msb,utf8"];
    let read = openssl(&[&["x509", "-noout", "-issuer", "-subject", "-in", &arg(&chain)], &rfc2253[..]].concat());
    let lines = "issuer=CN=Corp CA,OU=b,OU=a,DC=example,DC=com\n\
        subject=CN=broker.example.com,O=Müller\\, Söhne,OU=two,OU=one,DC=example,DC=com\n";
    assert_eq!(read.expect_success("openssl x509").stdout, lines);
    let printed = keytool(&["-printcert", "-file", &arg(&chain)]).expect_success("keytool -printcert").stdout;
    assert!(printed.contains("Issuer: CN=Corp CA, OU=b, OU=a, DC=example, DC=com"), "{printed}");
    assert!(
        printed.contains("Owner: CN=broker.example.com, O=\"Müller, Söhne\", OU=two, OU=one, DC=example"),
        "{printed}"
    );
    let inspected = scratch.json(&["inspect", &arg(&chain)]);
    let subject = "DC=com, DC=example, OU=one, OU=two, O=Müller\\, Söhne, CN=broker.example.com";
    assert_eq!((&inspected["found"][0]["issuer"], &inspected["found"][0]["subject"]), (&CA.into(), &subject.into()));

    let store = scratch.store("trust.jks");
    for (alias, file) in [("root", &root), ("corp", &corp)] {
        let into = ["-keystore", &arg(&store.path), "-storepass:file", &arg(&store.password_file), "-storetype", "JKS"];
        let from = ["-importcert", "-noprompt", "-alias", alias, "-file", &arg(file)];
        keytool(&[&from[..], &into].concat()).expect_success("keytool -importcert");
    }
    assert_eq!(store_check(&store).expect("a sound truststore").len(), 2);
    let entries = store_check(&scratch.store("broker.jks")).expect("a sound keystore");
    assert_eq!(entries[0].chain_length, 3, "{entries:?}");
}
