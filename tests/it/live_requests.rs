//! Requests that others bring, made by keytool and OpenSSL, and the way back of what was issued.

use std::path::PathBuf;

use crate::peers::{
    self, Output, Peer, Store, certtool_verify, keytool, openssl, openssl_verify, pkilint_certificate, store_check,
};
use crate::scratch::{Scratch, arg, text, texts};

const NAME: &str = "meter-import.example.net";

/// Runs keytool on a store.
fn in_store(store: &Store, args: &[&str]) -> Output {
    let (path, password) = (arg(&store.path), arg(&store.password_file));
    keytool(&[args, &["-keystore", &path, "-storepass:file", &password]].concat())
}

/// keytool makes key and request, certroll signs, and keytool takes the reply into its store.
fn by_keytool(scratch: &Scratch, kind: &str, key: &[&str], encoding: &str) {
    let store = scratch.store(&format!("{}-{kind}", key[1]));
    let request = scratch.text("keytool.csr");
    let making = ["-genkeypair", "-alias", "import", "-storetype", kind, "-dname", "CN=import, O=Example", "-keyalg"];
    // A JKS has a password for each key, too: the same.
    let secret = arg(&store.password_file);
    in_store(&store, &[&making[..], &key[1..], &["-keypass:file", &secret]].concat()).expect_success("-genkeypair");
    let san = format!("san=dns:{NAME}");
    in_store(&store, &["-certreq", "-alias", "import", "-ext", &san, "-file", &request]).expect_success("-certreq");
    if encoding == "DER" {
        openssl(&["req", "-in", &request, "-outform", "DER", "-out", &request]).expect_success("to DER");
    }
    let name = format!("{kind}-{}.example.net", key[1]).to_lowercase();
    let asked =
        ["issue", &name, "--template", "https-server", "--csr", &request, "--out-cert", "reply.pem", "--replace"];
    let issued = scratch.json(&asked);
    assert_eq!(texts(&issued["names"]), [format!("dns:{name}"), format!("dns:{NAME}")], "{issued}");
    // keytool reverses names: what it calls "CN=import, O=Example" begins with O.
    assert_eq!(issued["subject"], "O=Example, CN=import");

    let reply = scratch.text("reply.pem");
    let root = arg(&scratch.authority("root"));
    in_store(&store, &["-importcert", "-noprompt", "-alias", "root", "-file", &root]).expect_success("the root");
    let taken = |serial: &str| {
        in_store(&store, &["-importcert", "-alias", "import", "-file", &reply]).expect_success("the reply");
        let entries = store_check(&store).unwrap_or_else(|refusal| panic!("{kind} {key:?}: {refusal:?}"));
        let entry = entries.iter().find(|entry| entry.alias == "import").expect("the key's entry");
        assert_eq!((entry.chain_length, &*entry.serial), (3, serial));
    };
    taken(&text(&issued["serial"]));

    // A rotation needs a new request, and writes the reply to the same file.
    scratch.refused(2, &["rotate", &name]);
    in_store(&store, &["-certreq", "-alias", "import", "-file", &request]).expect_success("-certreq");
    // The same key again has to be meant.
    scratch.refused(2, &["rotate", &name, "--csr", &request]);
    scratch.done(&["rotate", &name, "--csr", &request, "--reuse-key"]);
    let successor = scratch.current_serial(&name);
    assert_ne!(text(&issued["serial"]), successor);
    taken(&successor);
}

#[test]
fn live_requests_of_keytool_come_back_into_its_store() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    by_keytool(&scratch, "JKS", &["-keyalg", "RSA", "-keysize", "2048"], "PEM");
    by_keytool(&scratch, "PKCS12", &["-keyalg", "RSA", "-keysize", "3072"], "DER");
    by_keytool(&scratch, "JKS", &["-keyalg", "EC", "-groupname", "secp256r1"], "DER");
    by_keytool(&scratch, "PKCS12", &["-keyalg", "EC", "-groupname", "secp384r1"], "PEM");
    by_keytool(&scratch, "PKCS12", &["-keyalg", "Ed25519"], "PEM");
}

/// Makes `openssl.key` and `openssl.csr`.
fn openssl_request(scratch: &Scratch, key: &[&str], encoding: &str) {
    let (secret, request) = (scratch.text("openssl.key"), scratch.text("openssl.csr"));
    let making = ["req", "-new", "-noenc", "-config", "/dev/null", "-subj", "/O=Example/CN=import", "-newkey"];
    let wished = format!("subjectAltName=DNS:{NAME},IP:192.0.2.7");
    // The template decides what a certificate may do, whatever the request wishes.
    let wishes = ["-addext", &wished, "-addext", "basicConstraints=critical,CA:TRUE"];
    let files = ["-keyout", &secret, "-out", &request, "-outform", encoding];
    openssl(&[&making[..], key, &wishes, &files].concat()).expect_success("openssl req");
}

#[test]
fn live_requests_of_openssl_are_answered() {
    if !peers::require(&[Peer::OpenSsl, Peer::GnuTls, Peer::Jdk, Peer::Pkilint]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let root = scratch.authority("root");
    let ec = |curve: &'static str| vec!["ec", "-pkeyopt", curve];
    let keys = [
        ("rsa:2048", vec!["rsa:2048"], "PEM"),
        ("rsa:3072", vec!["rsa:3072"], "DER"),
        ("ec:p256", ec("ec_paramgen_curve:P-256"), "DER"),
        ("ec:p384", ec("ec_paramgen_curve:P-384"), "PEM"),
        ("ed25519", vec!["ed25519"], "PEM"),
        ("ed25519", vec!["ed25519"], "DER"),
    ];
    for (kind, key, encoding) in keys {
        openssl_request(&scratch, &key, encoding);
        let name = format!("{encoding}-{}.example.net", kind.replace(':', "-")).to_lowercase();
        let asked = [
            "issue",
            &name,
            "--template",
            "https-server",
            "--csr",
            "openssl.csr",
            "--out-cert",
            "reply.pem",
            "--replace",
        ];
        let issued = scratch.json(&asked);
        assert_eq!((&issued["key"], &issued["subject"]), (&kind.into(), &"O=Example, CN=import".into()), "{issued}");
        let reply = scratch.path("reply.pem");
        let named = ["-purpose", "sslserver", "-verify_hostname", NAME, "-verify_ip", "192.0.2.7"];
        openssl_verify(&root, Some(&reply), &reply, &named).expect_success(&name);
        certtool_verify(&root, &reply, &["--verify-hostname", NAME]).expect_success(&name);
        let leaf = scratch.text("leaf.pem");
        openssl(&["x509", "-in", &arg(&reply), "-out", &leaf]).expect_success("the leaf");
        assert_eq!(pkilint_certificate(leaf.as_ref()), [], "{name}");
        assert_eq!(scratch.json(&["inspect", "reply.pem"])["found"][0]["ca"], false, "{name}");

        // The requester joins the reply with the key that never left.
        let (store, secret) = (scratch.store("joined.p12"), scratch.text("openssl.key"));
        let files = ["-inkey", &secret, "-in", &arg(&reply), "-out", &arg(&store.path), "-passout", &scratch.passin()];
        openssl(&[&["pkcs12", "-export"], &files[..]].concat()).expect_success(&name);
        let entries = store_check(&store).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert_eq!((entries.len(), entries[0].chain_length), (1, 2), "{entries:?}");
    }
}

#[test]
fn live_requests_without_possession_are_refused() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let asked = ["issue", "stolen", "--template", "https-server", "--csr", "spoilt.csr", "--out-cert", "reply.pem"];
    for key in [&["rsa:2048"][..], &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], &["ed25519"]] {
        openssl_request(&scratch, key, "DER");
        let sound = scratch.read("openssl.csr");
        // The last byte belongs to the signature.
        let mut spoilt = sound.clone();
        *spoilt.last_mut().expect("a request has bytes") ^= 1;
        scratch.write("spoilt.csr", &spoilt);
        assert!(scratch.refused(2, &asked).contains("not signed by its own key"), "{key:?}");
        // A name changed after signing.
        let at = sound.windows(6).position(|window| window == b"import").expect("the name is in the request");
        spoilt = sound.clone();
        spoilt[at] = b'j';
        scratch.write("spoilt.csr", &spoilt);
        assert!(scratch.refused(2, &asked).contains("not signed by its own key"), "{key:?}");
        // Something behind the request, and a part of it.
        scratch.write("spoilt.csr", &[&sound[..], b"\0"].concat());
        scratch.refused(2, &asked);
        scratch.write("spoilt.csr", &sound[..sound.len() / 2]);
        scratch.refused(2, &asked);
    }
    assert!(!scratch.path("reply.pem").exists());
    assert!(scratch.json(&["list", "--template", "https-server"])["certificates"] == serde_json::json!([]));
}

#[test]
fn live_requests_to_a_constrained_ca_stay_within_its_names() {
    if !peers::require(&[Peer::OpenSsl, Peer::GnuTls]) {
        return;
    }
    let scratch = Scratch::with_authorities("ec:p256");
    let limits = ["--permit", "dns:example.net", "--exclude", "dns:secret.example.net"];
    let create = ["ca", "create", "narrow", "--issuer", "root", "--subject", "O=Example, CN=Narrow CA"];
    scratch.done(&[&create[..], &limits].concat());
    let (root, narrow) = (scratch.authority("root"), scratch.authority("narrow"));
    scratch.done(&[
        "issue",
        "a.example.net",
        "--template",
        "https-server",
        "--issuer",
        "narrow",
        "--out-cert",
        "in.pem",
    ]);
    let inside = scratch.path("in.pem");
    openssl_verify(&root, Some(&narrow), &inside, &["-purpose", "sslserver"]).expect_success("a name inside");
    certtool_verify(&root, &inside, &[]).expect_success("a name inside");

    // Whatever certroll says to such names: the CA's own certificate makes them worthless, even if its key is misused.
    for name in ["a.example.org", "notexample.net", "a.secret.example.net"] {
        let outside = misused(&scratch, name);
        let verdict = openssl_verify(&root, Some(&narrow), &outside, &[]);
        assert!(!verdict.success() && verdict.text().contains("subtree violation"), "{name}: {verdict:?}");
        assert!(!certtool_verify(&root, &outside, &[]).success(), "{name}");
    }
    // The control: the same misuse within the limits goes through.
    let inside = misused(&scratch, "b.example.net");
    openssl_verify(&root, Some(&narrow), &inside, &[]).expect_success("a misused key");
    certtool_verify(&root, &inside, &[]).expect_success("a misused key");
}

/// A certificate that OpenSSL signs with the key of the CA `narrow`, and behind it that CA's.
fn misused(scratch: &Scratch, name: &str) -> PathBuf {
    let (ca, key) = (arg(&scratch.authority("narrow")), scratch.text("narrow.key.pem"));
    let taken_out =
        ["key", "passwd", "home/ca/narrow.key.pem", "--keypass-file", "passphrase", "--out", "narrow.key.pem"];
    scratch.done(&[&taken_out[..], &["--new-keypass-file", "password"]].concat());
    let (leaf, san) = (scratch.text("leaf.pem"), format!("subjectAltName=DNS:{name}"));
    let making =
        ["req", "-x509", "-noenc", "-days", "3", "-config", "/dev/null", "-subj", "/CN=misused", "-newkey", "ec"];
    let key = ["-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "/dev/null", "-CA", &ca, "-CAkey", &key];
    let content = ["-addext", &san, "-addext", "basicConstraints=critical,CA:FALSE", "-passin", &scratch.passin()];
    openssl(&[&making[..], &key, &content, &["-out", &leaf]].concat()).expect_success(name);
    let both = [scratch.read("leaf.pem"), scratch.read("home/ca/narrow.pem")].concat();
    scratch.write("misused.pem", &both)
}
