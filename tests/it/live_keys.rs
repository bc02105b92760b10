//! Private keys in files of their own: Java and OpenSSL read what certroll writes.

use std::os::unix::fs::PermissionsExt;

use crate::desk::Desk;
use crate::peers::{self, Peer, key_check, openssl};

#[test]
fn live_keys_open_in_java_and_openssl() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::new();
    let password = format!("file:{}", desk.text("keypass"));
    for (kind, java) in
        [("rsa:2048", "RSA"), ("rsa:3072", "RSA"), ("ec:p256", "EC"), ("ec:p384", "EC"), ("ed25519", "EdDSA")]
    {
        let file = format!("{}.pem", kind.replace(':', "-"));
        let new = ["key", "new", &file, "--key", kind, "--keypass-file", "keypass", "--detailed-exitcode"];
        desk.ends(10, &new);
        let before = desk.read(&file);
        desk.ends(0, &new);
        assert_eq!(desk.read(&file), before, "the same command again leaves the key alone");
        let mode = std::fs::metadata(desk.path(&file)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        openssl(&["pkey", "-in", &desk.text(&file), "-passin", &password, "-noout", "-check"]).expect_success(kind);
        let seen = key_check(&desk.path(&file), &desk.path("keypass")).expect_success(kind);
        assert_eq!(seen.stdout.trim(), java, "{kind}");
        let shown = desk.json(&["key", "inspect", &file]);
        assert_eq!((&shown["key"], &shown["encrypted"]), (&serde_json::Value::Null, &true.into()));
        assert_eq!(shown["encryption"], "PBES2 with PBKDF2-HMAC-SHA-256, AES-256-CBC");
        let shown = desk.json(&["key", "inspect", &file, "--keypass-file", "keypass"]);
        assert_eq!(shown["key"], kind);
        // The public half is the one that OpenSSL finds.
        let ours = desk.done(&["key", "inspect", &file, "--public", "--keypass-file", "keypass"]).stdout;
        let theirs = openssl(&["pkey", "-in", &desk.text(&file), "-passin", &password, "-pubout"]).expect_success(kind);
        assert_eq!(ours, theirs.stdout, "{kind}");
        desk.ends(5, &["key", "inspect", &file, "--keypass-file", "storepass"]);
    }
}

#[test]
fn live_keys_of_others_are_encrypted_or_refused() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::new();
    let path = desk.text("a.pem");
    let password = format!("file:{}", desk.text("keypass"));
    let passwd = ["key", "passwd", "a.pem", "--new-keypass-file", "keypass"];
    for (form, making) in [
        ("PKCS#8", vec!["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", &path]),
        ("SEC1", vec!["ecparam", "-name", "secp384r1", "-genkey", "-out", &path]),
        ("PKCS#1", vec!["genrsa", "-traditional", "-out", &path, "2048"]),
    ] {
        openssl(&making).expect_success(form);
        let plain = desk.json(&["key", "inspect", "a.pem"]);
        assert_eq!(plain["encrypted"], false, "{form}: {plain}");
        desk.done(&passwd);
        let text = String::from_utf8(desk.read("a.pem")).expect("PEM is text");
        assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{form}");
        assert!(!desk.path("a.pem.previous").exists(), "no copy in the clear stays");
        let closed = desk.json(&["key", "inspect", "a.pem", "--keypass-file", "keypass"]);
        assert_eq!(closed["spki_sha256"], plain["spki_sha256"], "{form}");
        key_check(&desk.path("a.pem"), &desk.path("keypass")).expect_success(form);
        let again = desk.done(&[&passwd[..], &["--keypass-file", "keypass"]].concat());
        assert!(again.stderr.contains("nothing to do"), "{again:?}");
    }
    // Another password, and a copy under a third.
    desk.done(&["key", "passwd", "a.pem", "--keypass-file", "keypass", "--new-keypass-file", "storepass"]);
    key_check(&desk.path("a.pem"), &desk.path("storepass")).expect_success("the new password");
    assert!(
        !key_check(&desk.path("a.pem"), &desk.path("keypass")).success(),
        "the control: the old one no longer opens it"
    );
    desk.done(&[
        "key",
        "passwd",
        "a.pem",
        "--keypass-file",
        "storepass",
        "--new-keypass-file",
        "keypass",
        "--out",
        "b.pem",
    ]);
    key_check(&desk.path("b.pem"), &desk.path("keypass")).expect_success("the copy");
    let said = desk.ends(2, &["key", "new", "b.pem", "--key", "ec:p256", "--keypass-file", "keypass"]);
    assert!(said.contains("is there already, with a key rsa:2048"), "{said}");

    openssl(&["genrsa", "-traditional", "-aes256", "-passout", &password, "-out", &path, "2048"])
        .expect_success("Proc-Type");
    let said = desk.ends(2, &["key", "inspect", "a.pem", "--keypass-file", "keypass"]);
    assert!(said.contains("traditional OpenSSL key encryption is not supported"), "{said}");
    let said = desk.ends(2, &["key", "inspect", "storepass"]);
    assert!(said.contains("holds no private key"), "{said}");
}
