//! Files that keytool and OpenSSL make, in every variant known to differ: read whole, or refused with the reason.

use crate::desk::{Desk, rows};
use crate::peers::{self, Peer, keytool, openssl};

/// What is to be found in a file.
enum Expected {
    /// Its entries: alias, kind, number of certificates.
    Holds(&'static [(&'static str, &'static str, usize)]),
    /// Nothing: it is refused with that exit code and these words.
    Refused(i32, &'static str),
}

use Expected::{Holds, Refused};

/// A file of keytool: name, commands that make it one after the other, and what is to be found. `FILE`, `PASS` and `ROOT`
/// stand for paths; the passwords are added.
struct ByKeytool(&'static str, &'static [&'static str], Expected);

const PAIR: &str = "-genkeypair -alias Server -keyalg EC -groupname secp256r1 -dname CN=server";
const MODERN_PAIR: &str =
    "-genkeypair -storetype PKCS12 -alias Server -keyalg EC -groupname secp256r1 -dname CN=server";
const TRUST: &str = "-importcert -noprompt -alias ca -file ROOT";
const ONE_KEY: Expected = Holds(&[("server", "key", 1)]);

const KEYTOOL: &[ByKeytool] = &[
    ByKeytool(
        "jks.jks",
        &[
            "-genkeypair -storetype JKS -alias Server -keyalg RSA -keysize 2048 -dname CN=server -keypass:file PASS",
            TRUST,
        ],
        Holds(&[("ca", "trusted", 1), ("server", "key", 1)]),
    ),
    ByKeytool(
        "apart.jks",
        &["-genkeypair -storetype JKS -alias Server -keyalg RSA -keysize 2048 -dname CN=server -keypass:file KEYPASS"],
        ONE_KEY,
    ),
    ByKeytool(
        "trust.jks",
        &["-importcert -noprompt -storetype JKS -alias ca -file ROOT"],
        Holds(&[("ca", "trusted", 1)]),
    ),
    ByKeytool("modern.p12", &[MODERN_PAIR], ONE_KEY),
    // Since Java 9 a `.jks` is PKCS#12 unless somebody asks for JKS.
    ByKeytool("named.jks", &[PAIR], ONE_KEY),
    ByKeytool(
        "legacy.p12",
        &["-J-Dkeystore.pkcs12.legacy -genkeypair -alias Server -keyalg RSA -keysize 2048 -dname CN=server"],
        ONE_KEY,
    ),
    ByKeytool(
        "sha1prf.p12",
        &[
            "-J-Dkeystore.pkcs12.keyProtectionAlgorithm=PBEWithHmacSHA1AndAES_128 -genkeypair -alias Server -keyalg EC -groupname secp256r1 -dname CN=server",
        ],
        ONE_KEY,
    ),
    ByKeytool(
        "sha512.p12",
        &[
            "-J-Dkeystore.pkcs12.keyProtectionAlgorithm=PBEWithHmacSHA512AndAES_256 -J-Dkeystore.pkcs12.macAlgorithm=HmacPBESHA512 -genkeypair -alias Server -keyalg EC -groupname secp384r1 -dname CN=server",
        ],
        ONE_KEY,
    ),
    ByKeytool("trust.p12", &[TRUST], Holds(&[("ca", "trusted", 1)])),
    ByKeytool(
        "secret.p12",
        &["-genseckey -alias Seal -keyalg AES -keysize 256", MODERN_PAIR],
        Holds(&[("seal", "secret", 0), ("server", "key", 1)]),
    ),
    // keytool puts a stale key identifier on the first trusted certificate of such a file; it is a trust anchor all the same.
    ByKeytool(
        "between.p12",
        &[
            "-importcert -noprompt -alias ca-a -file ROOT",
            PAIR,
            "-importcert -noprompt -alias ca-b -file MIDDLE",
            "-changealias -alias server -destalias broker",
        ],
        Holds(&[("broker", "key", 1), ("ca-a", "trusted", 1), ("ca-b", "trusted", 1)]),
    ),
    ByKeytool(
        "nomac.p12",
        &[
            "-J-Dkeystore.pkcs12.macAlgorithm=NONE -genkeypair -alias Server -keyalg EC -groupname secp256r1 -dname CN=server",
        ],
        Refused(2, "has no MAC"),
    ),
    ByKeytool(
        "passwordless.p12",
        &[
            "-J-Dkeystore.pkcs12.macAlgorithm=NONE -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -importcert -noprompt -alias ca -file ROOT",
        ],
        Refused(2, "has no MAC"),
    ),
    ByKeytool(
        "trust.jceks",
        &["-importcert -noprompt -storetype JCEKS -alias ca -file ROOT"],
        Holds(&[("ca", "trusted", 1)]),
    ),
    ByKeytool(
        "key.jceks",
        &["-genkeypair -storetype JCEKS -alias Server -keyalg RSA -keysize 2048 -dname CN=server -keypass:file PASS"],
        ONE_KEY,
    ),
    ByKeytool(
        "secret.jceks",
        &["-genseckey -storetype JCEKS -alias Seal -keyalg AES -keysize 256 -keypass:file PASS"],
        Refused(2, "cannot hold JCEKS secret keys"),
    ),
];

#[test]
fn live_keystore_files_of_keytool() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    for ByKeytool(name, commands, expected) in KEYTOOL {
        for line in *commands {
            let path = |word: &str| match word {
                "PASS" => desk.text("storepass"),
                "KEYPASS" => desk.text("keypass"),
                "ROOT" => desk.text("root.pem"),
                "MIDDLE" => desk.text("middle.pem"),
                other => other.to_owned(),
            };
            let words: Vec<String> = line.split_whitespace().map(path).collect();
            let (file, password) = (desk.text(name), desk.text("storepass"));
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            keytool(&[&words[..], &["-keystore", &file, "-storepass:file", &password]].concat()).expect_success(line);
        }
        judge(&desk, name, expected);
    }
    // What has been read is written again, whole, and Java still opens it.
    for name in ["jks.jks", "apart.jks", "modern.p12", "legacy.p12", "secret.p12", "between.p12", "sha1prf.p12"] {
        let before = desk.entries(&[name]).len();
        desk.done(&["keystore", "add", name, "--alias", "added", "--cert", "middle.pem"]);
        assert_eq!(desk.entries(&[name]).len(), before + 1, "{name}");
        let passwords = if name == "apart.jks" { "both" } else { "storepass" };
        let store = peers::Store::new(desk.path(name), desk.path(passwords));
        let seen = peers::store_check(&store).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert_eq!(seen.len(), before + 1, "{name}: {seen:?}");
    }
    // The encryption that it had, it keeps.
    let old = desk.json(&["keystore", "inspect", "legacy.p12"]);
    assert!(old["protection"].to_string().contains("TripleDES"), "{old}");
    // JCEKS is read, not written; its trust goes elsewhere.
    let said = desk.ends(4, &["keystore", "add", "trust.jceks", "--alias", "x", "--cert", "root.pem"]);
    assert!(said.contains("reads and does not write"), "{said}");
    desk.done(&["keystore", "convert", "trust.jceks", "--out", "from-jceks.p12"]);
    assert_eq!(desk.entries(&["from-jceks.p12"]), rows(&[("ca", "trusted", 1)]));
    let said = desk.ends(5, &["keystore", "convert", "key.jceks", "--out", "never.p12"]);
    assert!(said.contains("`server`"), "{said}");
    assert!(!desk.path("never.p12").exists());
}

/// `openssl pkcs12 -export`: name of the file, its further arguments, what is to be found.
const OPENSSL: &[(&str, &str, Expected)] = &[
    ("default.p12", "-name Server", Holds(&[("server", "key", 1)])),
    ("nameless.p12", "", Holds(&[("1", "key", 1)])),
    ("chain.p12", "-name Server -certfile CHAIN", Holds(&[("server", "key", 3)])),
    ("named-chain.p12", "-name Server -certfile CHAIN -caname middle -caname root", Holds(&[("server", "key", 3)])),
    ("stranger.p12", "-name Server -certfile STRANGER", Holds(&[("1", "unmarked", 1), ("server", "key", 1)])),
    ("legacy.p12", "-legacy -name Server", Holds(&[("server", "key", 1)])),
    ("descert.p12", "-legacy -descert -name Server", Holds(&[("server", "key", 1)])),
    ("aes128.p12", "-keypbe AES-128-CBC -certpbe AES-128-CBC -name Server", Holds(&[("server", "key", 1)])),
    ("aes192.p12", "-keypbe AES-192-CBC -certpbe AES-192-CBC -name Server", Holds(&[("server", "key", 1)])),
    ("open.p12", "-keypbe NONE -certpbe NONE -name Server", Holds(&[("server", "key", 1)])),
    ("openkey.p12", "-keypbe NONE -name Server", Holds(&[("server", "key", 1)])),
    ("sha512.p12", "-macalg sha512 -iter 100000 -name Server", Holds(&[("server", "key", 1)])),
    ("once.p12", "-iter 1 -nomaciter -name Server", Holds(&[("server", "key", 1)])),
    ("nokeys.p12", "-nokeys", Holds(&[("1", "unmarked", 1)])),
    ("nomac.p12", "-nomac -name Server", Refused(2, "has no MAC")),
    (
        "rc2-128.p12",
        "-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128 -name Server",
        Holds(&[("server", "key", 1)]),
    ),
    ("des2.p12", "-legacy -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-40 -name Server", Holds(&[("server", "key", 1)])),
    (
        "rc4.p12",
        "-legacy -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128 -name Server",
        Refused(2, "RC4 in PKCS#12"),
    ),
];

#[test]
fn live_keystore_files_of_openssl() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    let stranger = Desk::with_ca();
    desk.write("stranger.pem", stranger.read("root.pem"));
    desk.write("chain.pem", [desk.read("root.pem"), desk.read("middle.pem")].concat());
    let (key, request) = (desk.text("server.key"), desk.text("server.csr"));
    let making = ["req", "-new", "-noenc", "-config", "/dev/null", "-subj", "/CN=server", "-newkey", "rsa:2048"];
    openssl(&[&making[..], &["-keyout", &key, "-out", &request]].concat()).expect_success("a request");
    desk.sign("server.csr", "server.pem");
    let (certificate, password) = (desk.text("server.pem"), format!("file:{}", desk.text("storepass")));
    for (name, extra, expected) in OPENSSL {
        let path = |word: &str| match word {
            "CHAIN" => desk.text("chain.pem"),
            "STRANGER" => desk.text("stranger.pem"),
            other => other.to_owned(),
        };
        let extra: Vec<String> = extra.split_whitespace().map(path).collect();
        let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
        let out = desk.text(name);
        let files = ["pkcs12", "-export", "-in", &certificate, "-inkey", &key, "-out", &out, "-passout", &password];
        openssl(&[&files[..], &extra].concat()).expect_success(name);
        judge(&desk, name, expected);
    }
    keys_in_pem(&desk, &key);
}

/// What Windows puts into a PKCS#12, and names of certificates inside a chain, as OpenSSL writes and shows them.
const EXTRAS: [&str; 4] = [
    "Microsoft Local Key set: <No Values>",
    "Microsoft CSP Name: Some Provider",
    "friendlyName: The Middle",
    "friendlyName: The Root",
];

#[test]
fn live_keystore_files_keep_attributes() {
    if !peers::require(&[Peer::OpenSsl, Peer::Jdk]) {
        return;
    }
    let desk = Desk::with_ca();
    desk.write("chain.pem", [desk.read("middle.pem"), desk.read("root.pem")].concat());
    let (key, request, out) = (desk.text("server.key"), desk.text("server.csr"), desk.text("win.pfx"));
    let making = ["req", "-new", "-noenc", "-config", "/dev/null", "-subj", "/CN=server", "-newkey", "rsa:2048"];
    openssl(&[&making[..], &["-keyout", &key, "-out", &request]].concat()).expect_success("a request");
    desk.sign("server.csr", "server.pem");
    let (certificate, chain) = (desk.text("server.pem"), desk.text("chain.pem"));
    let password = format!("file:{}", desk.text("storepass"));
    let files = ["pkcs12", "-export", "-in", &certificate, "-inkey", &key, "-certfile", &chain, "-out", &out];
    let names = ["-name", "Server", "-caname", "The Middle", "-caname", "The Root"];
    let windows = ["-CSP", "Some Provider", "-LMK", "-passout", &password];
    openssl(&[&files[..], &names, &windows].concat()).expect_success("a PKCS#12 as from Windows");
    let shown = |what: &str| {
        let info = ["pkcs12", "-info", "-noenc", "-in", &out, "-passin", &password];
        let text = openssl(&info).expect_success(what).text();
        EXTRAS.map(|extra| text.matches(extra).count())
    };
    assert_eq!(shown("as made"), [1; 4]);
    let inspected = desk.json(&["keystore", "inspect", "win.pfx"]);
    assert!(inspected["entries"][0]["attributes"].to_string().contains("Some Provider"), "{inspected}");

    // Every way of changing the file in its place keeps them, and Java opens what comes out.
    desk.write("other", "another password\n");
    for change in [
        &["keystore", "rename", "win.pfx", "--alias", "server", "--to", "broker"][..],
        &["keystore", "add", "win.pfx", "--alias", "trusted", "--cert", "root.pem"],
        &["keystore", "import", "win.pfx", "--alias", "broker", "--cert", "server.pem", "--partial-chain"],
        &["keystore", "remove", "win.pfx", "--alias", "trusted"],
        &["keystore", "passwd", "win.pfx", "--profile", "compatible"],
    ] {
        desk.done(change);
        assert_eq!(shown(change[1]), [1; 4], "{change:?}");
        let store = peers::Store::new(desk.path("win.pfx"), desk.path("storepass"));
        peers::store_check(&store).unwrap_or_else(|refusal| panic!("{change:?}: {refusal:?}"));
    }
    desk.done(&["keystore", "convert", "win.pfx", "--out", "same.p12"]);
    assert!(desk.done(&["keystore", "diff", "win.pfx", "same.p12"]).text().contains("no difference"));

    // Where there is no place for them, nothing is written until they are given up by name.
    for to in ["out.jks", "out.pem"] {
        let said = desk.ends(4, &["keystore", "convert", "win.pfx", "--out", to]);
        assert!(
            said.contains("`broker`") && said.contains("Microsoft") && said.contains("--drop-attributes"),
            "{said}"
        );
        assert!(!desk.path(to).exists());
        desk.done(&["keystore", "convert", "win.pfx", "--out", to, "--drop-attributes"]);
    }
    assert_eq!(desk.entries(&["out.jks"]), rows(&[("broker", "key", 3)]));
    let differs = desk.certroll(&["keystore", "diff", "win.pfx", "out.jks"]).text();
    assert!(differs.contains("broker (attributes)"), "{differs}");
}

fn judge(desk: &Desk, name: &str, expected: &Expected) {
    match expected {
        Holds(entries) => assert_eq!(desk.entries(&[name]), rows(entries), "{name}"),
        Refused(code, words) => {
            let said = desk.ends(*code, &["keystore", "list", name]);
            assert!(said.contains(words), "{name}: {said}");
            // The linter says it as a finding.
            let said = desk.ends(13, &["keystore", "lint", name]);
            assert!(said.contains("error") && said.contains(words), "{name}: {said}");
        }
    }
}

/// Private keys as OpenSSL writes them, taken into a keystore or refused.
fn keys_in_pem(desk: &Desk, key: &str) {
    let password = format!("file:{}", desk.text("keypass"));
    let out = desk.text("form.key");
    let forms: &[(&str, &[&str], bool)] = &[
        ("PKCS#8", &["pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", &out], true),
        ("PKCS#8 DER", &["pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", key, "-out", &out], true),
        ("PKCS#1", &["rsa", "-traditional", "-in", key, "-out", &out], true),
        ("AES-256", &["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", key, "-out", &out, "-passout", &password], true),
        (
            "AES-128, SHA-1",
            &[
                "pkcs8",
                "-topk8",
                "-v2",
                "aes-128-cbc",
                "-v2prf",
                "hmacWithSHA1",
                "-in",
                key,
                "-out",
                &out,
                "-passout",
                &password,
            ],
            true,
        ),
        ("3DES", &["pkcs8", "-topk8", "-v2", "des3", "-in", key, "-out", &out, "-passout", &password], true),
        ("scrypt", &["pkcs8", "-topk8", "-scrypt", "-in", key, "-out", &out, "-passout", &password], true),
        ("PBES1", &["pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES", "-in", key, "-out", &out, "-passout", &password], false),
        ("Proc-Type", &["rsa", "-traditional", "-aes256", "-in", key, "-out", &out, "-passout", &password], false),
    ];
    for (number, (form, making, readable)) in forms.iter().enumerate() {
        openssl(making).expect_success(form);
        let store = format!("form-{number}.p12");
        let import =
            ["keystore", "import", &store, "--alias", "server", "--key-file", "form.key", "--cert", "server.pem"];
        let import = [&import[..], &["--cert", "chain.pem", "--keypass-file", "keypass"]].concat();
        let output = desk.certroll(&import);
        if *readable {
            output.expect_success(form);
            assert_eq!(desk.entries(&[&store]), rows(&[("server", "key", 3)]), "{form}");
        } else {
            let said = output.text();
            assert!(!output.success() && said.contains("openssl pkcs8 -topk8"), "{form}: {said}");
            assert!(!desk.path(&store).exists(), "{form}");
        }
    }
    // Somebody else's key does not go with the certificate.
    let wrong = desk.text("wrong.key");
    openssl(&["genpkey", "-algorithm", "ED25519", "-out", &wrong]).expect_success("another key");
    let import =
        ["keystore", "import", "wrong.p12", "--alias", "server", "--key-file", "wrong.key", "--cert", "server.pem"];
    let said = desk.ends(2, &import);
    assert!(said.contains("no certificate of the reply holds the public key"), "{said}");
}
