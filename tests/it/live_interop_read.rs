//! `certroll inspect` on files that keytool and OpenSSL made: the right fields, or a clear refusal.

use serde_json::{Value, json};

use crate::peers::{self, Peer, keytool, openssl};
use crate::scratch::{Scratch, text};

const SUBJECT: &str = "/C=DE/O=Example/CN=server.example.net";
const CLIENT_SAN: &str = "subjectAltName=DNS:server.example.net,IP:192.0.2.1,email:a@example.net,URI:urn:x:1";

/// What `inspect` finds; the format must be the one expected.
fn found(scratch: &Scratch, file: &str, format: &str) -> Vec<Value> {
    let document = scratch.json(&["inspect", file]);
    assert_eq!((&document["schema"], &document["format"]), (&"certroll/inspect/v1".into(), &format.into()), "{file}");
    document["found"].as_array().expect("a list of what was found").clone()
}

fn only(scratch: &Scratch, file: &str, format: &str) -> Value {
    let mut all = found(scratch, file, format);
    assert_eq!(all.len(), 1, "{file}: {all:?}");
    all.remove(0)
}

/// Makes `server.pem`, signed by itself, and `server.key`, which is not encrypted.
fn certificate(scratch: &Scratch, key: &[&str]) {
    let (pem, secret) = (scratch.text("server.pem"), scratch.text("server.key"));
    let making = ["req", "-x509", "-noenc", "-days", "30", "-config", "/dev/null", "-subj", SUBJECT, "-newkey"];
    let content = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", CLIENT_SAN];
    let content = content.iter().flat_map(|line| ["-addext", line]);
    let usage = ["-addext", "extendedKeyUsage=serverAuth,clientAuth", "-keyout", &secret, "-out", &pem];
    let args: Vec<_> = making.into_iter().chain(key.iter().copied()).chain(content).chain(usage).collect();
    openssl(&args).expect_success("a certificate");
}

/// A value that `openssl x509` prints as `name=value`.
fn printed(scratch: &Scratch, file: &str, args: &[&str]) -> String {
    let said = openssl(&[&["x509", "-noout", "-in", &scratch.text(file)], args].concat()).expect_success(file).stdout;
    said.trim().split_once('=').map(|(_, value)| value.to_lowercase()).expect("name=value")
}

const KEYS: &[(&str, &[&str])] = &[
    ("rsa:2048", &["rsa:2048"]),
    ("ec:p256", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("ec:p384", &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    ("ed25519", &["ed25519"]),
];

#[test]
fn live_interop_read_certificates_and_keys() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::new();
    for (kind, key) in KEYS {
        certificate(&scratch, key);
        let [pem, der] = ["server.pem", "server.der"].map(|name| scratch.text(name));
        openssl(&["x509", "-in", &pem, "-outform", "DER", "-out", &der]).expect_success("to DER");
        let one = only(&scratch, "server.pem", "pem");
        assert_eq!(one, only(&scratch, "server.der", "der"), "the same certificate");
        assert_eq!((&one["type"], &one["key"]), (&"certificate".into(), &(*kind).into()));
        assert_eq!(
            (&one["subject"], &one["issuer"]),
            (&one["issuer"], &"C=DE, O=Example, CN=server.example.net".into())
        );
        let names = ["dns:server.example.net", "ip:192.0.2.1", "email:a@example.net", "uri:urn:x:1"];
        assert_eq!((&one["names"], &one["ca"]), (&json!(names), &json!(false)));
        assert_eq!(one["key_usage"], json!(["digitalSignature"]));
        assert_eq!(one["extended_key_usage"], json!(["serverAuth", "clientAuth"]));
        assert_eq!(text(&one["serial"]), printed(&scratch, "server.pem", &["-serial"]));
        let fingerprint = printed(&scratch, "server.pem", &["-fingerprint", "-sha256"]).replace(':', "");
        assert_eq!(text(&one["cert_sha256"]), fingerprint);
        let ends = printed(&scratch, "server.pem", &["-enddate", "-dateopt", "iso_8601"]).replace(' ', "t");
        assert_eq!(text(&one["not_after"]).to_lowercase(), ends);
        keys(&scratch, kind);
    }
}

/// The key in every form that OpenSSL writes as PKCS#8.
fn keys(scratch: &Scratch, kind: &str) {
    let [plain, der, closed] = ["server.key", "key.der", "closed.pem"].map(|name| scratch.text(name));
    let open = json!({"type": "private-key", "key": kind, "encrypted": false});
    assert_eq!(only(scratch, "server.key", "pem"), open);
    openssl(&["pkey", "-in", &plain, "-outform", "DER", "-out", &der]).expect_success("to DER");
    let pkcs8 = ["pkcs8", "-topk8", "-in", &plain];
    openssl(&[&pkcs8[..], &["-nocrypt", "-outform", "DER", "-out", &der]].concat()).expect_success("PKCS#8");
    assert_eq!(only(scratch, "key.der", "der"), open);
    let passout = scratch.passin();
    for how in [&["-v2", "aes-256-cbc"][..], &["-v2", "des3"], &["-scrypt"]] {
        openssl(&[&pkcs8[..], how, &["-passout", &passout, "-out", &closed]].concat()).expect_success("encrypted");
        let expected = json!({"type": "private-key", "key": null, "encrypted": true});
        assert_eq!(only(scratch, "closed.pem", "pem"), expected, "{how:?}");
    }
    let public = scratch.text("public.pem");
    openssl(&["pkey", "-in", &plain, "-pubout", "-out", &public]).expect_success("the public key");
    assert_eq!(only(scratch, "public.pem", "pem"), json!({"type": "public-key", "key": kind}));
}

#[test]
fn live_interop_read_requests_and_crls() {
    if !peers::require(&[Peer::OpenSsl, Peer::Jdk]) {
        return;
    }
    let scratch = Scratch::new();
    let [request, store, password] = ["a.csr", "keys.p12", "password"].map(|name| scratch.text(name));
    for (kind, key) in KEYS {
        let secret = scratch.text("a.key");
        let making =
            ["req", "-new", "-noenc", "-config", "/dev/null", "-subj", SUBJECT, "-addext", CLIENT_SAN, "-newkey"];
        for (encoding, format) in [("PEM", "pem"), ("DER", "der")] {
            let files = ["-keyout", &secret, "-out", &request, "-outform", encoding];
            openssl(&[&making[..], key, &files].concat()).expect_success("a request");
            let one = only(&scratch, "a.csr", format);
            assert_eq!((&one["type"], &one["key"]), (&"request".into(), &(*kind).into()));
            assert_eq!(one["subject"], "C=DE, O=Example, CN=server.example.net");
            assert_eq!(one["names"][0], "dns:server.example.net");
        }
    }
    let files = ["-keystore", &store, "-storepass:file", &password, "-alias", "ca"];
    let making = ["-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=CA, OU=b, OU=a, O=Example"];
    keytool(&[&making[..], &["-ext", "bc:c=ca:true"], &files].concat()).expect_success("a CA of keytool");
    keytool(&[&["-certreq", "-file", &request][..], &files].concat()).expect_success("a request of keytool");
    let one = only(&scratch, "a.csr", "pem");
    assert_eq!((&one["subject"], &one["key"]), (&"O=Example, OU=a, OU=b, CN=CA".into(), &"ec:p256".into()));

    let [crl, der] = ["a.crl", "crl.der"].map(|name| scratch.text(name));
    keytool(&[&["-gencrl", "-id", "4711", "-id", "4712", "-file", &crl][..], &files].concat()).expect_success("a CRL");
    openssl(&["crl", "-in", &crl, "-inform", "DER", "-outform", "PEM", "-out", &scratch.text("crl.pem")]);
    let one = only(&scratch, "a.crl", "der");
    assert_eq!((&one["type"], &one["number"]), (&"crl".into(), &Value::Null), "keytool numbers no CRL: {one}");
    assert_eq!(one["issuer"], "O=Example, OU=a, OU=b, CN=CA");
    let serials: Vec<_> =
        one["revoked"].as_array().expect("a list").iter().map(|entry| text(&entry["serial"])).collect();
    assert_eq!(serials, ["1267", "1268"]);
    assert_eq!(one, only(&scratch, "crl.pem", "pem"));
    numbered_crl(&scratch, &der);
}

/// A CRL of `openssl ca`, with a number and reasons.
fn numbered_crl(scratch: &Scratch, out: &str) {
    certificate(scratch, KEYS[1].1);
    let [index, number, config] = ["index", "number", "ca.cnf"].map(|name| scratch.text(name));
    scratch.write("index", b"R\t350101000000Z\t260102030405Z,keyCompromise\t0ABC\tunknown\t/CN=x\n");
    scratch.write("number", b"01FF\n");
    let settings = format!("[ca]\ndefault_ca=it\n[it]\ndatabase={index}\ncrlnumber={number}\ndefault_md=sha256\n");
    scratch.write("ca.cnf", format!("{settings}crl_extensions=ext\n[ext]\n").as_bytes());
    let [pem, certificate, key] = ["numbered.pem", "server.pem", "server.key"].map(|name| scratch.text(name));
    let signing = ["ca", "-gencrl", "-config", &config, "-cert", &certificate, "-keyfile", &key, "-crldays", "7"];
    openssl(&[&signing[..], &["-out", &pem]].concat()).expect_success("openssl ca -gencrl");
    openssl(&["crl", "-in", &pem, "-outform", "DER", "-out", out]).expect_success("to DER");
    let one = only(scratch, "crl.der", "der");
    assert_eq!((&one["number"], &one["issuer"]), (&json!(511), &"C=DE, O=Example, CN=server.example.net".into()));
    let entry = json!([{"serial": "0abc", "revoked_at": "2026-01-02T03:04:05Z", "reason": "keyCompromise"}]);
    assert_eq!(one["revoked"], entry);
    assert_eq!(one, only(scratch, "numbered.pem", "pem"));
}

/// The entries as alias, kind, number of certificates; sorted, because keytool promises no order.
fn entries(scratch: &Scratch, file: &str, format: &str) -> Vec<(String, String, usize)> {
    let entry = |one: &Value| {
        let certificates = one["certificates"].as_array().expect("a list of certificates").len();
        (text(&one["alias"]), text(&one["kind"]), certificates)
    };
    let mut all: Vec<_> = found(scratch, file, format).iter().map(entry).collect();
    all.sort();
    all
}

fn entry(alias: &str, kind: &str, certificates: usize) -> (String, String, usize) {
    (alias.to_owned(), kind.to_owned(), certificates)
}

#[test]
fn live_interop_read_keystores_of_keytool() {
    if !peers::require(&[Peer::OpenSsl, Peer::Jdk]) {
        return;
    }
    let scratch = Scratch::new();
    certificate(&scratch, KEYS[1].1);
    let (trusted, password) = (scratch.text("server.pem"), scratch.text("password"));
    let variants: &[(&str, &str, &[&str])] = &[
        ("a.jks", "jks", &["-storetype", "JKS"]),
        ("modern.p12", "pkcs12", &["-storetype", "PKCS12"]),
        ("legacy.p12", "pkcs12", &["-storetype", "PKCS12", "-J-Dkeystore.pkcs12.legacy"]),
        // Since Java 9 many a .jks is PKCS#12 inside.
        ("misnamed.jks", "pkcs12", &["-storetype", "PKCS12"]),
    ];
    for (file, format, kind) in variants {
        let path = scratch.text(file);
        let into = [&["-keystore", &path, "-storepass:file", &password], *kind].concat();
        let key = ["-genkeypair", "-alias", "Server", "-keyalg", "EC", "-groupname", "secp384r1", "-dname", "CN=a"];
        let keypass: &[&str] = if *format == "jks" { &["-keypass:file", &password] } else { &[] };
        keytool(&[&key[..], keypass, &into].concat()).expect_success(file);
        let certificate = ["-importcert", "-noprompt", "-alias", "authority", "-file", &trusted];
        keytool(&[&certificate[..], &into].concat()).expect_success(file);
        assert_eq!(entries(&scratch, file, format), [entry("authority", "trusted", 1), entry("server", "key", 1)]);
        let all = found(&scratch, file, format);
        let server = all.iter().find(|one| one["alias"] == "server").expect("the key's entry");
        assert_eq!(server["certificates"][0]["key"], "ec:p384", "{server}");

        scratch.write("guess", b"wrong-horse\n");
        let said = scratch.refused(5, &["inspect", file, "--storepass-file", "guess"]);
        assert!(said.contains("password"), "{file}: {said}");
    }
    // A secret key beside the others is shown as what it is.
    let path = scratch.text("modern.p12");
    let secret = ["-genseckey", "-alias", "secret", "-keyalg", "AES", "-keysize", "256"];
    let into = ["-keystore", &path, "-storepass:file", &password];
    keytool(&[&secret[..], &into].concat()).expect_success("a secret key");
    assert!(entries(&scratch, "modern.p12", "pkcs12").contains(&entry("secret", "secret", 0)));
}

#[test]
fn live_interop_read_keystores_of_openssl() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::new();
    certificate(&scratch, KEYS[0].1);
    let [key, pem, path] = ["server.key", "server.pem", "a.p12"].map(|name| scratch.text(name));
    let serial = printed(&scratch, "server.pem", &["-serial"]);
    let passout = scratch.passin();
    let making = ["pkcs12", "-export", "-inkey", &key, "-in", &pem, "-out", &path, "-passout", &passout];
    let variants: &[&[&str]] = &[
        &["-name", "server"],
        &["-name", "server", "-legacy"],
        &["-name", "server", "-keypbe", "aes-128-cbc", "-certpbe", "aes-192-cbc"],
        &["-name", "server", "-certpbe", "NONE"],
        &["-name", "server", "-keypbe", "NONE", "-certpbe", "NONE"],
        &["-name", "server", "-macalg", "sha512", "-iter", "100000"],
        &["-name", "server", "-descert"],
    ];
    for variant in variants {
        openssl(&[&making[..], variant].concat()).expect_success("openssl pkcs12");
        assert_eq!(entries(&scratch, "a.p12", "pkcs12"), [entry("server", "key", 1)], "{variant:?}");
        let one = only(&scratch, "a.p12", "pkcs12");
        assert_eq!((&one["certificates"][0]["serial"], &one["certificates"][0]["ca"]), (&json!(serial), &json!(false)));
    }
    openssl(&making).expect_success("a key without a name");
    assert_eq!(found(&scratch, "a.p12", "pkcs12").len(), 1);
    openssl(&["pkcs12", "-export", "-nokeys", "-in", &pem, "-out", &path, "-passout", &passout])
        .expect_success("no key");
    assert_eq!(text(&only(&scratch, "a.p12", "pkcs12")["kind"]), "unmarked", "Java does not trust it either");

    // Without its MAC nobody can tell whether it was altered.
    openssl(&[&making[..], &["-nomac"]].concat()).expect_success("no MAC");
    assert_ne!(scratch.certroll(&["inspect", "a.p12"]).status.code(), Some(0));
    scratch.write("noise", b"\x30\x03\x02\x01\x05 noise");
    scratch.refused(2, &["inspect", "noise"]);
    scratch.write("torn.pem", &scratch.read("server.pem")[..300]);
    scratch.refused(2, &["inspect", "torn.pem"]);
}
