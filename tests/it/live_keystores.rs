//! Keystores without a JRE, and the judgement of those who have one: every store of either side opens on the other.

use std::process::Stdio;

use crate::desk::{Desk, KEYPASS, STOREPASS, rows};
use crate::peers::{self, Peer, Store, keytool, keytool_list, openssl_pkcs12, store_check};

/// keytool on a store of the desk.
fn by_keytool(desk: &Desk, store: &str, args: &[&str]) {
    let (path, password) = (desk.text(store), desk.text("storepass"));
    keytool(&[args, &["-keystore", &path, "-storepass:file", &password]].concat()).expect_success(args[0]);
}

/// Key pair, request, CA, root, intermediate, reply, truststore, second key pair: the old way.
fn old_way(desk: &Desk, kind: &str, extension: &str) {
    let [store, trust] = ["keytool-broker", "keytool-trust"].map(|name| format!("{name}.{extension}"));
    let password = desk.text("storepass");
    let pair = ["-genkeypair", "-storetype", kind, "-alias", "broker", "-keyalg", "RSA", "-keysize", "2048"];
    let named = ["-dname", "CN=broker.example.net, O=Example", "-keypass:file", &password];
    by_keytool(desk, &store, &[&pair[..], &named].concat());
    by_keytool(desk, &store, &["-certreq", "-alias", "broker", "-file", &desk.text("keytool.csr")]);
    desk.sign("keytool.csr", "keytool-reply.pem");
    for (alias, file) in [("root", "root.pem"), ("middle", "middle.pem")] {
        by_keytool(desk, &store, &["-importcert", "-noprompt", "-alias", alias, "-file", &desk.text(file)]);
    }
    by_keytool(desk, &store, &["-importcert", "-alias", "broker", "-file", &desk.text("keytool-reply.pem")]);
    let trusted = ["-importcert", "-noprompt", "-storetype", kind, "-alias", "root", "-file", &desk.text("root.pem")];
    by_keytool(desk, &trust, &trusted);
    let second = ["-genkeypair", "-alias", "signer", "-keyalg", "EC", "-groupname", "secp256r1"];
    by_keytool(desk, &store, &[&second[..], &["-dname", "CN=signer", "-keypass:file", &password]].concat());
}

/// The same, step by step, with certroll; each step twice, and the second time nothing is done.
fn our_way(desk: &Desk, extension: &str) {
    let [store, trust] = ["our-broker", "our-trust"].map(|name| format!("{name}.{extension}"));
    let twice = |args: &[&str], file: &str| {
        let args = [args, &["--detailed-exitcode"]].concat();
        desk.ends(10, &args);
        let before = desk.read(file);
        let said = desk.ends(0, &args);
        assert!(said.contains("already"), "{args:?}: {said}");
        assert_eq!(desk.read(file), before, "{args:?} left the file alone");
    };
    twice(&["keystore", "create", &store, "--alias", "broker", "--key", "rsa:2048"], &store);
    let request = ["csr", "new", "broker.example.net", "--template", "jms-broker", "--keystore", &store];
    twice(&[&request[..], &["--alias", "broker", "--out", "our.csr"]].concat(), "our.csr");
    desk.sign("our.csr", "our-reply.pem");
    for (alias, file) in [("root", "root.pem"), ("middle", "middle.pem")] {
        twice(&["keystore", "add", &store, "--alias", alias, "--cert", file], &store);
    }
    // Root and intermediate are in the keystore by now: the reply alone will do, as with keytool.
    twice(&["keystore", "import", &store, "--alias", "broker", "--cert", "our-reply.pem"], &store);
    twice(&["truststore", "create", &trust, "--cert", "root.pem", "--alias", "root"], &trust);
    twice(&["keystore", "add", &store, "--alias", "signer", "--key", "ec:p256"], &store);
    let request = ["csr", "new", "signer", "--template", "message-signer", "--keystore", &store];
    twice(&[&request[..], &["--alias", "signer", "--out", "signer.csr"]].concat(), "signer.csr");
    desk.sign("signer.csr", "signer.pem");
    // All at once in any order: the chain is put together.
    let all = ["--cert", "root.pem", "--cert", "signer.pem", "--cert", "middle.pem"];
    twice(&[&["keystore", "import", &store, "--alias", "signer"], &all[..]].concat(), &store);
}

#[test]
fn live_keystores_the_old_procedure_twice() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    for (kind, extension) in [("JKS", "jks"), ("PKCS12", "p12")] {
        let desk = Desk::with_ca();
        old_way(&desk, kind, extension);
        our_way(&desk, extension);
        let chains = [("broker", "key", 3), ("middle", "trusted", 1), ("root", "trusted", 1)];
        for (side, signer) in [("keytool", 1), ("our", 3)] {
            let [store, trust] = ["broker", "trust"].map(|name| format!("{side}-{name}.{extension}"));
            // What we see.
            let expected = rows(&[&chains[..], &[("signer", "key", signer)]].concat());
            assert_eq!(desk.entries(&[&store]), expected, "{store}");
            assert_eq!(desk.entries(&[&trust]), rows(&[("root", "trusted", 1)]), "{trust}");
            let findings = desk.certroll(&["keystore", "lint", &store, "--format", "json"]);
            assert!(!findings.stdout.contains("\"error\""), "{findings:?}");
            // What Java sees: every key opens, signs, and fits its chain.
            let seen = store_check(&desk.store(&store)).unwrap_or_else(|refusal| panic!("{store}: {refusal:?}"));
            let mut seen: Vec<_> =
                seen.iter().map(|line| (line.alias.clone(), line.kind.clone(), line.chain_length)).collect();
            seen.sort();
            // Java counts no chain for what is trusted.
            let expected: Vec<_> =
                expected.into_iter().map(|(a, k, n)| (a, k.clone(), if k == "key" { n } else { 1 })).collect();
            let normal: Vec<_> =
                seen.into_iter().map(|(a, k, n)| (a, k.clone(), if k == "key" { n } else { 1 })).collect();
            assert_eq!(normal, expected, "{store}");
            let listed = keytool_list(&desk.store(&trust)).expect_success(&trust);
            assert!(listed.stdout.contains("trustedCertEntry"), "{listed:?}");
        }
    }
}

#[test]
fn live_keystores_every_kind_of_key() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    for kind in ["rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ed25519"] {
        let name = kind.replace(':', "-");
        let [jks, p12, old, pem] = ["jks", "p12", "old.p12", "pem"].map(|end| format!("{name}.{end}"));
        desk.done(&["keystore", "create", &jks, "--alias", "one", "--key", kind]);
        let request = ["csr", "new", "one.example.net", "-t", "jms-broker", "--keystore", &jks, "--out", "one.csr"];
        desk.done(&request);
        desk.sign("one.csr", "one.pem");
        let reply = ["--cert", "one.pem", "--cert", "middle.pem", "--cert", "root.pem"];
        desk.done(&[&["keystore", "import", &jks], &reply[..]].concat());
        desk.done(&["keystore", "convert", &jks, "--out", &p12, "--iterations", "20000"]);
        desk.done(&["keystore", "convert", &p12, "--out", &old, "--profile", "compatible"]);
        desk.done(&["keystore", "convert", &old, "--out", &pem]);
        for store in [&jks, &p12, &old] {
            let seen = store_check(&desk.store(store)).unwrap_or_else(|refusal| panic!("{store}: {refusal:?}"));
            assert_eq!((seen.len(), seen[0].alias.as_str(), seen[0].chain_length), (1, "one", 3), "{store}");
            keytool_list(&desk.store(store)).expect_success(store);
        }
        for (store, words) in [
            (&p12, "PBES2, PBKDF2, AES-256-CBC, Iteration 20000, PRF hmacWithSHA256"),
            (&old, "pbeWithSHA1And3-KeyTripleDES-CBC"),
        ] {
            let said = openssl_pkcs12(&desk.store(store)).expect_success(store).text();
            assert!(said.contains(words), "{store}: {said}");
        }
        // The key in PEM is for everybody else.
        let (file, password) = (desk.text(&pem), format!("file:{}", desk.text("storepass")));
        peers::openssl(&["pkey", "-in", &file, "-passin", &password, "-noout"]).expect_success(&pem);
        for (one, other) in [(&jks, &p12), (&p12, &old), (&old, &pem)] {
            let compared = desk.json(&["keystore", "diff", one, other]);
            assert_eq!(compared["same"], true, "{compared}");
        }
    }
}

/// Major and minor number of a peer.
fn version(peer: Peer) -> (u32, u32) {
    let text = peer.version();
    let mut numbers = text.split('.').map(|number| number.parse().unwrap_or_default());
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
}

#[test]
fn live_keystores_every_profile_opens_where_it_is_said_to() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl, Peer::GnuTls, Peer::Pkilint]) {
        return;
    }
    let desk = Desk::with_ca();
    desk.done(&["keystore", "create", "one.jks", "--alias", "one", "--key", "rsa:2048"]);
    desk.done(&["csr", "new", "one.example.net", "-t", "jms-broker", "--keystore", "one.jks", "--out", "one.csr"]);
    desk.sign("one.csr", "one.pem");
    let reply = ["--cert", "one.pem", "--cert", "middle.pem", "--cert", "root.pem"];
    desk.done(&[&["keystore", "import", "one.jks"], &reply[..]].concat());
    for (profile, mac, java, openssl) in [
        ("modern", "HMAC-SHA-256", true, true),
        ("compatible", "HMAC-SHA-1", true, true),
        // What is new in these versions must open it, what is older must not pretend to.
        (
            "fips",
            "PBMAC1 with PBKDF2-HMAC-SHA-256, HMAC-SHA-256",
            version(Peer::Jdk) >= (26, 0),
            version(Peer::OpenSsl) >= (3, 4),
        ),
    ] {
        let file = format!("{profile}.p12");
        desk.done(&["keystore", "convert", "one.jks", "--out", &file, "--profile", profile]);
        let shown = desk.json(&["keystore", "inspect", &file]);
        let parts: Vec<_> = shown["protection"].as_array().expect("it has parts").iter().collect();
        assert_eq!(parts[0]["algorithm"], mac, "{shown}");
        assert!(parts.iter().all(|part| part["iterations"] == 100_000), "{shown}");
        let store = desk.store(&file);
        let pyca = peers::pyca_pkcs12(&store).expect_success(&file);
        assert_eq!(pyca.stdout.trim(), "one 2", "{file}");
        assert_eq!(store_check(&store).is_ok(), java, "{file}");
        assert_eq!(openssl_pkcs12(&store).success(), openssl, "{file}");
        let gnutls = peers::certtool_pkcs12(&store, STOREPASS);
        assert!(gnutls.success() || profile == "fips", "{file}: {gnutls:?}");
        // Another change of the file keeps its kind of encryption.
        desk.done(&["keystore", "rename", &file, "--alias", "one", "--to", "two"]);
        assert_eq!(desk.json(&["keystore", "inspect", &file])["protection"][0]["algorithm"], mac);
    }
}

/// The commands that write PKCS#12 from a home take the profile, too.
#[test]
fn what_a_home_writes_has_the_profile_that_was_asked_for() {
    let home = crate::home::TestHome::new();
    let mac = |file: &str| {
        let shown = home.ok(&["keystore", "inspect", file, "--format", "json"]).json();
        shown["protection"][0]["algorithm"].as_str().expect("it has a MAC").to_owned()
    };
    home.ok(&["issue", "a", "-t", "jms-client", "--key", "ec:p256", "--keystore", "a.p12", "--profile", "fips"]);
    home.ok(&["issue", "b", "-t", "jms-client", "--key", "ec:p256"]);
    home.ok(&["deliver", "b", "--keystore", "b.p12", "--profile", "compatible"]);
    home.ok(&["ca", "export", "root", "--out", "trust.p12", "--profile", "fips"]);
    home.ok(&["issue", "c", "-t", "jms-client", "--key", "ec:p256", "--keystore", "c.p12"]);
    let fips = "PBMAC1 with PBKDF2-HMAC-SHA-256, HMAC-SHA-256";
    assert_eq!(["a.p12", "b.p12", "trust.p12", "c.p12"].map(mac), [fips, "HMAC-SHA-1", fips, "HMAC-SHA-256"]);
    // A rotation writes it as it was.
    home.ok(&["rotate", "a"]);
    assert_eq!(mac("a.p12"), fips);
}

#[test]
fn live_keystores_passwords_of_store_and_keys_apart() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    let apart = ["--keypass-file", "keypass"];
    desk.done(&[&["keystore", "create", "a.jks", "--alias", "one", "--key", "ec:p256"], &apart[..]].concat());
    let request = ["csr", "new", "one.example.net", "-t", "jms-broker", "--keystore", "a.jks", "--out", "a.csr"];
    let said = desk.ends(5, &request);
    assert!(said.contains("wrong key password") && said.contains("--keypass-file"), "{said}");
    desk.done(&[&request[..], &apart].concat());
    desk.sign("a.csr", "a.pem");
    let reply = ["keystore", "import", "a.jks", "--cert", "a.pem", "--cert", "middle.pem", "--cert", "root.pem"];
    desk.done(&[&reply[..], &apart].concat());
    // Another key, under the store's password: each keeps its own, whatever is added beside it.
    desk.done(&["keystore", "add", "a.jks", "--alias", "two", "--key", "ec:p256"]);
    let opens = |args: &[&str]| {
        let document = desk.json(&[&["keystore", "list", "a.jks"], args].concat());
        let entries = document["entries"].as_array().expect("a list").clone();
        entries.iter().map(|entry| entry["key_opens"].as_bool().expect("a key")).collect::<Vec<_>>()
    };
    assert_eq!(opens(&[]), [false, true]);
    assert_eq!(opens(&apart), [true, true]);
    desk.done(&["keystore", "remove", "a.jks", "--alias", "two"]);
    let both = Store::new(desk.path("a.jks"), desk.path("both"));
    assert_eq!(store_check(&both).map(|seen| seen.len()).map_err(|refusal| format!("{refusal:?}")), Ok(1));
    assert!(store_check(&desk.store("a.jks")).is_err(), "the control: the store's password opens no key");

    // A new password for the store alone; the key keeps its own.
    desk.write("new", "brand-new-pass\n");
    let change = ["keystore", "passwd", "a.jks", "--new-storepass-file", "new", "--detailed-exitcode"];
    desk.ends(10, &[&change[..], &apart].concat());
    desk.write("new-both", format!("brand-new-pass\n{KEYPASS}\n"));
    let both = Store::new(desk.path("a.jks"), desk.path("new-both"));
    assert_eq!(store_check(&both).map(|seen| seen.len()).map_err(|refusal| format!("{refusal:?}")), Ok(1));
    desk.ends(5, &["keystore", "list", "a.jks"]);
    // And one for both.
    let change = ["keystore", "passwd", "a.jks", "--storepass-file", "new", "--new-keypass-file", "new"];
    desk.done(&[&change[..], &apart].concat());
    let said = desk.done(&[&change[..], &["--keypass-file", "new", "--new-storepass-file", "new"]].concat());
    assert!(said.text().contains("nothing to do"), "{said:?}");
    let one = Store::new(desk.path("a.jks"), desk.path("new"));
    assert_eq!(store_check(&one).map(|seen| seen.len()).map_err(|refusal| format!("{refusal:?}")), Ok(1));
    // PKCS#12 has one password for all.
    desk.done(&[
        "keystore",
        "convert",
        "a.jks",
        "--storepass-file",
        "new",
        "--out",
        "a.p12",
        "--out-storepass-file",
        "storepass",
    ]);
    let said = desk.ends(4, &["keystore", "passwd", "a.p12", "--new-keypass-file", "new"]);
    assert!(said.contains("only JKS can give keys a password of their own"), "{said}");
    desk.done(&["keystore", "passwd", "a.p12", "--new-storepass-file", "new", "--profile", "compatible"]);
    let one = Store::new(desk.path("a.p12"), desk.path("new"));
    assert_eq!(store_check(&one).map(|seen| seen.len()).map_err(|refusal| format!("{refusal:?}")), Ok(1));
    assert!(!desk.path("a.p12.previous").exists(), "no copy under the old password stays");
}

#[test]
fn live_keystores_replies_in_every_wrapping() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    desk.done(&["keystore", "create", "a.p12", "--alias", "one", "--key", "ec:p256"]);
    desk.done(&["csr", "new", "one.example.net", "-t", "jms-broker", "--keystore", "a.p12", "--out", "a.csr"]);
    desk.sign("a.csr", "a.pem");
    let made = desk.read("a.p12");
    let [reply, middle, root] = ["a.pem", "middle.pem", "root.pem"].map(|name| desk.text(name));
    let bag = ["crl2pkcs7", "-nocrl", "-certfile", &root, "-certfile", &reply, "-certfile", &middle, "-out"];
    peers::openssl(&[&bag[..], &[&desk.text("all.p7b")]].concat()).expect_success("PKCS#7");
    peers::openssl(&[&bag[..], &[&desk.text("all.p7c"), "-outform", "DER"]].concat()).expect_success("PKCS#7");
    for name in ["a", "middle", "root"] {
        let (pem, der) = (desk.text(&format!("{name}.pem")), desk.text(&format!("{name}.der")));
        peers::openssl(&["x509", "-in", &pem, "-outform", "DER", "-out", &der]).expect_success("DER");
    }
    desk.write("all.pem", [desk.read("root.pem"), desk.read("middle.pem"), desk.read("a.pem")].concat());
    let wrappings: [&[&str]; 5] = [
        &["all.p7b"],
        &["all.p7c"],
        &["all.pem"],
        &["a.der", "root.der", "middle.der"],
        &["middle.pem", "a.der", "root.pem"],
    ];
    for files in wrappings {
        desk.write("a.p12", &made);
        let certs: Vec<_> = files.iter().flat_map(|file| ["--cert", file]).collect();
        let said = desk.done(&[&["keystore", "import", "a.p12"], &certs[..]].concat());
        assert!(said.stderr.contains("`one.example.net` <- `Middle CA` <- `Root CA`"), "{files:?}: {said:?}");
        assert_eq!(desk.entries(&["a.p12"]), rows(&[("one", "key", 3)]), "{files:?}");
    }

    // What does not hold is refused, and the keystore stays as it was.
    desk.write("a.p12", &made);
    let refused = |args: &[&str], words: &str| {
        let said = desk.ends(2, &[&["keystore", "import", "a.p12"], args].concat());
        assert!(said.contains(words), "{args:?}: {said}");
        assert_eq!(desk.read("a.p12"), made, "{args:?}");
    };
    refused(&["--cert", "a.pem"], "the certificate of `O=Example, CN=Middle CA` is missing");
    refused(&["--cert", "middle.pem", "--cert", "root.pem"], "no certificate of the reply holds the public key");
    // Another CA with the same name: the name fits, the signature does not.
    let other = Desk::with_ca();
    desk.write("other-middle.pem", other.read("middle.pem"));
    desk.write("other-root.pem", other.read("root.pem"));
    let others = ["--cert", "a.pem", "--cert", "other-middle.pem", "--cert", "other-root.pem"];
    refused(&others, "is missing");
    desk.done(&["keystore", "import", "a.p12", "--cert", "a.pem", "--partial-chain"]);
    assert_eq!(desk.entries(&["a.p12"]), rows(&[("one", "key", 1)]));
    // The right intermediate, and company that belongs to no link.
    let said = desk.done(&["keystore", "import", "a.p12", "--cert", "all.pem", "--cert", "other-root.pem"]);
    assert!(said.stderr.contains("`Root CA` of the reply belongs to no link"), "{said:?}");
}

/// Two runs at once: one waits for the other, and nothing is lost.
#[test]
fn live_keystores_many_at_once_lose_nothing() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    for store in ["a.jks", "a.p12"] {
        let running: Vec<_> = (0..8)
            .map(|number| {
                let alias = format!("ca-{number}");
                let mut command = desk.command(&["keystore", "add", store, "--alias", &alias, "--cert", "root.pem"]);
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
            })
            .collect();
        for child in running {
            let output = child.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(desk.entries(&[store]).len(), 8, "{store}");
    }
}

/// What a format cannot hold stops the command, by name; nothing is written.
#[test]
fn live_keystores_lose_nothing_in_silence() {
    if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
        return;
    }
    let desk = Desk::with_ca();
    by_keytool(&desk, "a.p12", &["-genseckey", "-alias", "seal", "-keyalg", "AES", "-keysize", "256"]);
    by_keytool(&desk, "a.p12", &["-genseckey", "-alias", "mac", "-keyalg", "HmacSHA256", "-keysize", "256"]);
    desk.done(&["keystore", "add", "a.p12", "--alias", "root", "--cert", "root.pem"]);
    // The rewritten file still has both, and Java opens them.
    let seen = store_check(&desk.store("a.p12"));
    let kinds = |alias: &str| {
        let seen = seen.as_ref().unwrap_or_else(|refusal| panic!("{refusal:?}"));
        seen.iter().find(|line| line.alias == alias).map(|line| (line.kind.clone(), line.algorithm.clone()))
    };
    assert_eq!(kinds("seal").map(|(kind, _)| kind).as_deref(), Some("secret"), "{seen:?}");
    assert_eq!(kinds("mac").map(|(kind, _)| kind).as_deref(), Some("secret"), "{seen:?}");
    desk.done(&["keystore", "add", "a.p12", "--alias", "one", "--key", "ec:p256"]);
    for out in ["b.jks", "b.pem"] {
        let said = desk.ends(2, &["keystore", "convert", "a.p12", "--out", out]);
        assert!(said.contains("`seal`") || said.contains("`mac`"), "{said}");
        assert!(said.contains("cannot hold a secret key"), "{said}");
        assert!(!desk.path(out).exists(), "{out}");
    }
    // Certificates that Java does not see.
    let (root, out, password) =
        (desk.text("root.pem"), desk.text("nokeys.p12"), format!("file:{}", desk.text("storepass")));
    peers::openssl(&["pkcs12", "-export", "-nokeys", "-in", &root, "-out", &out, "-passout", &password])
        .expect_success("pkcs12");
    let before = desk.read("nokeys.p12");
    let said = desk.ends(2, &["keystore", "add", "nokeys.p12", "--alias", "middle", "--cert", "middle.pem"]);
    assert!(said.contains("a certificate that is not trusted"), "{said}");
    let said = desk.ends(2, &["keystore", "convert", "nokeys.p12", "--out", "trust.jks"]);
    assert!(said.contains("--mark-trusted"), "{said}");
    assert_eq!((desk.read("nokeys.p12"), desk.path("trust.jks").exists()), (before, false));
    assert!(desk.ends(13, &["keystore", "lint", "nokeys.p12"]).contains("no-trust-mark"));
    desk.done(&["keystore", "convert", "nokeys.p12", "--out", "trust.p12", "--mark-trusted"]);
    let listed = keytool_list(&desk.store("trust.p12")).expect_success("trust.p12");
    assert!(listed.stdout.contains("trustedCertEntry"), "{listed:?}");
    // An alias that stands for something else.
    let said = desk.ends(2, &["keystore", "add", "a.p12", "--alias", "ONE", "--cert", "root.pem"]);
    assert!(said.contains("`one` of `a.p12` is a private key"), "{said}");
    assert!(!said.contains(STOREPASS));
}

/// A PKCS#12 that was brought to the old encryption, for the sake of an old JVM, stays so when the certificate is rotated.
#[test]
fn rotation_keeps_the_encryption_of_a_keystore() {
    let home = crate::home::TestHome::new();
    home.ok(&["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--keystore", "client.p12"]);
    let protection =
        || home.ok(&["keystore", "inspect", "client.p12", "--format", "json"]).json()["protection"].clone();
    let modern = protection();
    assert!(modern.to_string().contains("AES-256-CBC"), "{modern}");
    home.ok(&["keystore", "passwd", "client.p12", "--profile", "compatible", "--iterations", "30000"]);
    let compatible = protection();
    assert!(compatible.to_string().contains("TripleDES") && compatible.to_string().contains("30000"), "{compatible}");
    home.ok(&["rotate", "client"]);
    assert_eq!(protection(), compatible);
}
