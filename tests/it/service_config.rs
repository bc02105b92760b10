//! `service config`: what it writes, when it writes nothing, and what it refuses to write.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use certroll_base::secret::Secret;
use certroll_core::server::Stores;
use certroll_core::server::registry::SERVERS;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption;

use crate::home::{STOREPASS, TestHome};

const HOST: &str = "server.example.net";

/// A home with a server's files in every form, and truststores.
fn scene() -> TestHome {
    let home = TestHome::new();
    let files = ["--keystore", "s.p12", "--out-cert", "s.pem", "--out-key", "s.key.pem"];
    home.ok(&[&["issue", HOST, "-t", "head-end", "--key", "ec:p256"][..], &files].concat());
    home.ok(&[
        "issue",
        "other",
        "-t",
        "jms-client",
        "--key",
        "ec:p256",
        "--out-cert",
        "o.pem",
        "--out-key",
        "o.key.pem",
    ]);
    home.ok(&["ca", "export", "--out", "trust.p12"]);
    home.ok(&["ca", "export", "--out", "trust.pem"]);
    fs::create_dir(home.path("out")).expect("a directory can be made");
    home
}

fn truststore(stores: Stores) -> &'static str {
    if stores == Stores::Java { "trust.p12" } else { "trust.pem" }
}

fn mode(home: &TestHome, name: &str) -> u32 {
    fs::metadata(home.path(name)).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn every_server_twice_changes_nothing() {
    let home = scene();
    for server in SERVERS {
        let out = format!("out/{}", server.id);
        fs::create_dir(home.path(&out)).expect("a directory can be made");
        let line =
            ["service", "config", "--server", server.id, "--name", HOST, "--truststore", truststore(server.stores)];
        let write = [&line[..], &["--out", &out, "--format", "json", "--detailed-exitcode"]].concat();
        let first = home.certroll(&write).expect(10).json();
        let again = home.certroll(&write).expect(0).json();
        let files = first["files"].as_array().expect("there are files");
        for (before, after) in files.iter().zip(again["files"].as_array().expect("there are files")) {
            assert_eq!((&before["state"], &after["state"]), (&"created".into(), &"unchanged".into()), "{}", server.id);
            let path = before["path"].as_str().expect("a path").to_owned();
            let private = before["private"] == true;
            assert_eq!(mode(&home, &path), if private { 0o600 } else { 0o644 }, "{path}");
            let text = String::from_utf8(home.read(&path)).expect("it is text");
            assert!(private || !text.contains(STOREPASS), "{path}");
        }
        // The preview writes nothing and shows no secret.
        let shown = home.ok(&line);
        assert!(!shown.stdout.contains(STOREPASS) && !shown.stdout.contains("PRIVATE KEY"), "{shown:?}");
        // A copy of the key in the clear belongs to the certificate by now, and is no part of the configuration.
        let count = again["files"].as_array().expect("there are files").len();
        assert!(shown.stdout.matches("==> ").count() == count, "{shown:?}");
        assert_eq!(files.len() - count, usize::from(server.stores == Stores::PlainPem));
    }
    let listed = home.ok(&["service", "kinds"]).stdout;
    assert!(SERVERS.iter().all(|server| listed.contains(server.id)), "{listed}");
    assert!(
        home.names(".").iter().all(|name| !name.ends_with(".properties") && name != "etc"),
        "{:?}",
        home.names(".")
    );
}

/// After a rotation the files have the same names: the configuration stays as it is.
#[test]
fn a_rotation_needs_no_new_configuration() {
    let home = scene();
    let line = ["service", "config", "--server", "nginx", "--name", HOST, "--truststore", "trust.pem", "--out", "out"];
    home.ok(&line);
    home.ok(&["rotate", HOST]);
    let again = home.certroll(&[&line[..], &["--detailed-exitcode"]].concat()).expect(0);
    assert!(again.stdout.contains("unchanged"), "{again:?}");
}

#[test]
fn a_changed_file_keeps_its_predecessor() {
    let home = scene();
    let line = |port| {
        let listen = format!("127.0.0.1:{port}");
        let line =
            ["service", "config", "--server", "kafka", "--name", HOST, "--truststore", "trust.p12", "--out", "out"];
        home.certroll(&[&line[..], &["--listen", &listen, "--detailed-exitcode"]].concat()).expect(10)
    };
    line(1234);
    let before = home.read("out/tls.properties");
    let said = line(1235).stdout;
    assert!(said.contains("changed") && said.contains("unchanged"), "{said}");
    assert_eq!(home.read("out/tls.properties.previous"), before);
    assert_ne!(home.read("out/tls.properties"), before);
}

#[test]
fn what_cannot_work_is_refused_and_nothing_is_written() {
    let home = scene();
    home.write("wrong", "not-the-password\n");
    home.write("empty.pem", "");
    let java = ["--server", "jetty"];
    let pem = ["--server", "nginx"];
    let table: &[(&[&str], i32, &str)] = &[
        (
            &[&java[..], &["--truststore", "trust.p12"]].concat(),
            2,
            "needs a keystore\nhint: name a certificate that certroll has installed with `--name NAME`, or the file itself with `--keystore FILE`",
        ),
        (
            &[&java[..], &["--keystore", "s.p12"]].concat(),
            2,
            "needs a truststore\nhint: make a truststore with `certroll ca export --out FILE`, and name it with `--truststore FILE`",
        ),
        (&[&java[..], &["--keystore", "nowhere.p12", "--truststore", "trust.p12"]].concat(), 2, "nowhere.p12"),
        (&[&java[..], &["--keystore", "s.pem", "--truststore", "trust.p12"]].concat(), 2, "neither PKCS#12 nor JKS"),
        (&[&java[..], &["--keystore", "trust.p12", "--truststore", "trust.p12"]].concat(), 2, "holds no key"),
        (
            &[&java[..], &["--keystore", "s.p12", "--truststore", "s.p12"]].concat(),
            2,
            "no certificate that Java trusts",
        ),
        (
            &[&java[..], &["--keystore", "s.p12", "--truststore", "trust.p12", "--storepass-file", "wrong"]].concat(),
            5,
            "cannot be opened",
        ),
        (
            &[&java[..], &["--keystore", "s.p12", "--truststore", "trust.p12", "--trustpass-file", "wrong"]].concat(),
            5,
            "cannot be opened",
        ),
        (&[&java[..], &["--cert", "s.pem", "--truststore", "trust.p12"]].concat(), 2, "takes a keystore"),
        (&[&pem[..], &["--keystore", "s.p12", "--truststore", "trust.pem"]].concat(), 2, "takes PEM files"),
        (
            &[&pem[..], &["--cert", "s.pem", "--key", "o.key.pem", "--truststore", "trust.pem"]].concat(),
            2,
            "does not belong to the certificate",
        ),
        (
            &[&pem[..], &["--cert", "o.pem", "--key", "s.key.pem", "--truststore", "trust.pem"]].concat(),
            2,
            "does not belong to the certificate",
        ),
        (
            &[&pem[..], &["--cert", "s.pem", "--key", "s.key.pem", "--truststore", "s.key.pem"]].concat(),
            2,
            "CA certificates alone",
        ),
        (
            &[&pem[..], &["--cert", "s.pem", "--key", "s.key.pem", "--truststore", "empty.pem"]].concat(),
            2,
            "no PEM block",
        ),
        (
            &[&pem[..], &["--name", HOST, "--truststore", "trust.pem", "--listen", "127.0.0.1:1"]].concat(),
            2,
            "stands in its server block",
        ),
        (&[&pem[..], &["--name", "nobody", "--truststore", "trust.pem"]].concat(), 2, "no current certificate"),
        (&[&java[..], &["--name", "other", "--truststore", "trust.p12"]].concat(), 2, "installed in no file"),
        (&["--server", "apache", "--name", HOST], 2, "expected one of activemq, artemis"),
    ];
    for (arguments, code, words) in table {
        let line = [&["service", "config", "--out", "out"], *arguments].concat();
        let said = home.certroll(&line).expect(*code).stderr;
        assert!(said.contains(words), "{line:?}: {said}");
        assert_eq!(home.names("out").len(), 0, "{line:?}");
    }
    // The server needs the password too: one that only this process has is of no use.
    let mut command =
        home.command(&["service", "config", "--server", "jetty", "--keystore", "s.p12", "--truststore", "trust.p12"]);
    command.env_remove("CERTROLL_STOREPASS_FILE").env("CERTROLL_STOREPASS", STOREPASS);
    let said = String::from_utf8_lossy(&command.output().expect("it can be started").stderr).into_owned();
    assert!(said.contains("must be in a file"), "{said}");
}

#[test]
fn what_a_syntax_cannot_write_is_refused() {
    let home = scene();
    for (directory, server) in [
        ("a$b", "nginx"),
        ("a${b", "jetty"),
        ("a#{b", "activemq"),
        ("a#b", "rabbitmq"),
        ("ä", "rabbitmq"),
        ("a:b", "kafka"),
    ] {
        fs::create_dir(home.path(directory)).expect("a directory can be made");
        for file in ["s.p12", "s.pem", "s.key.pem", "trust.p12", "trust.pem"] {
            fs::copy(home.path(file), home.path(directory).join(file)).expect("a file can be copied");
        }
        let [keystore, cert, key, p12, pem] =
            ["s.p12", "s.pem", "s.key.pem", "trust.p12", "trust.pem"].map(|file| format!("{directory}/{file}"));
        let java = ["--keystore", &keystore, "--truststore", &p12];
        let other = ["--cert", &cert, "--key", &key, "--truststore", &pem];
        let files = if matches!(server, "nginx" | "rabbitmq") { &other[..] } else { &java };
        let line = [&["service", "config", "--server", server, "--out", directory][..], files].concat();
        let said = home.certroll(&line).expect(2).stderr;
        assert!(said.contains("cannot"), "{said}");
        assert_eq!(home.names(directory).len(), 5, "{directory}");
    }
}

/// RabbitMQ takes an IPv6 address without brackets.
#[test]
fn every_server_takes_an_ipv6_address() {
    let home = scene();
    for (server, wanted) in [
        ("activemq", "ssl://[::1]:7000?"),
        ("jetty", "jetty.ssl.host=::1\n"),
        ("kafka", "listeners=SSL://[::1]:7000\n"),
        ("mosquitto", "listener 7000 ::1\n"),
        ("rabbitmq", "listeners.ssl.1 = ::1:7000\n"),
    ] {
        let stores = certroll_core::server::registry::by_id(server).expect("there is such a server").stores;
        let line = ["service", "config", "--server", server, "--name", HOST, "--listen", "[::1]:7000"];
        let shown = home.ok(&[&line[..], &["--truststore", truststore(stores)]].concat()).stdout;
        assert!(shown.contains(wanted), "{server}: {shown}");
    }
}

/// The password of a key in PEM that this server has to open, and what to know then.
#[test]
fn rabbitmq_with_an_encrypted_key_and_with_a_plain_one() {
    let home = scene();
    let line = ["service", "config", "--server", "rabbitmq", "--cert", "s.pem", "--truststore", "trust.pem"];
    let write = |key: &str, out: &str| {
        fs::create_dir(home.path(out)).expect("a directory can be made");
        home.ok(&[&line[..], &["--key", key, "--out", out]].concat()).stderr
    };
    let said = write("s.key.pem", "out/encrypted");
    assert!(said.contains("for each connection anew"), "{said}");
    assert!(home.names("out/encrypted").contains("21-tls-password.conf"));

    let blocks = pem::read(&home.read("s.key.pem")).expect("the key is PEM");
    let password = Secret::new(STOREPASS.to_owned());
    let plain = encryption::decrypt(blocks[0].der.expose(), &password).expect("the password opens it");
    home.write("plain.pem", pem::encode(Label::PrivateKey, plain.expose()));
    let said = write("plain.pem", "out/plain");
    assert!(!said.contains("for each connection anew"), "{said}");
    assert_eq!(home.names("out/plain").len(), 1);

    // Newer releases would take the first of these for an encrypted value, older ones cannot read the second.
    for password in ["one:two", "pässword"] {
        home.write("password", format!("{password}\n"));
        let key = encryption::KeyEncryption::new(&Secret::new(password.to_owned()), 1);
        let key = key.and_then(|encryption| encryption.encrypt(plain.expose())).expect("it can be encrypted");
        home.write("odd.pem", pem::encode(Label::EncryptedPrivateKey, &key));
        let more = ["--key", "odd.pem", "--storepass-file", "password", "--out", "out"];
        let said = home.certroll(&[&line[..], &more].concat()).expect(2).stderr;
        assert!(said.contains("cannot hold the value of `storepass`") && !said.contains(password), "{said}");
    }
}

/// Kafka's brokers are clients of each other, and tell their clients a name by which they are to be called.
#[test]
fn a_kafka_broker_is_a_client_too_and_says_its_name() {
    let home = scene();
    let kafka = |keystore: &str, more: &[&str]| {
        let line = ["service", "config", "--server", "kafka", "--keystore", keystore, "--truststore", "trust.p12"];
        home.certroll(&[&line[..], more].concat())
    };
    let shown = kafka("s.p12", &[]).expect(0).stdout;
    assert!(shown.contains("\nadvertised.listeners=SSL://server.example.net:9093\n"), "{shown}");

    let issue = ["issue", "::1", "-t", "head-end", "--key", "ec:p256", "--keystore", "six.p12"];
    home.ok(&issue);
    let shown = kafka("six.p12", &["--listen", "127.0.0.1:7000"]).expect(0).stdout;
    assert!(shown.contains("\nadvertised.listeners=SSL://[::1]:7000\n"), "{shown}");

    home.ok(&["issue", "lone.example.net", "-t", "https-server", "--key", "ec:p256", "--keystore", "lone.p12"]);
    let said = kafka("lone.p12", &["--out", "out"]).expect(2).stderr;
    assert!(said.contains("lacks clientAuth"), "{said}");
    home.ok(&["issue", "nameless", "-t", "jms-client", "--key", "ec:p256", "--keystore", "nameless.p12"]);
    let said = kafka("nameless.p12", &["--out", "out"]).expect(2).stderr;
    assert!(said.contains("carries no host name or address"), "{said}");
    assert_eq!(home.names("out").len(), 0);
}

/// A file that everybody may read does not become one with a secret in it.
#[test]
fn a_secret_goes_into_no_public_file() {
    let home = scene();
    home.write("out/tls-secrets.properties", "old");
    let line = ["service", "config", "--server", "kafka", "--name", HOST, "--truststore", "trust.p12", "--out", "out"];
    let said = home.certroll(&line).expect(2).stderr;
    assert!(said.contains("everybody may read it") && said.contains("chmod o-rwx"), "{said}");
    assert_eq!(home.read("out/tls-secrets.properties"), b"old");
    assert_eq!(home.names("out").len(), 1, "no other file was written either");
    fs::set_permissions(home.path("out/tls-secrets.properties"), fs::Permissions::from_mode(0o640))
        .expect("it is ours");
    home.ok(&line);
    assert_eq!(mode(&home, "out/tls-secrets.properties"), 0o640);
}
