//! What opens a home: its passphrase changed, a key file or a credential in its place, weak ones refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::home::{PASSPHRASE, Ran, TestHome, text};

const ISSUE: &[&str] = &["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "client.pem"];

fn with<'a>(arguments: &[&'a str], file: &'a str) -> Vec<&'a str> {
    [arguments, &["--passphrase-file", file]].concat()
}

fn mode(home: &TestHome, file: &str) -> u32 {
    fs::metadata(home.path(file)).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn the_new_passphrase_opens_everything_and_the_old_nothing() {
    for home in [TestHome::new(), TestHome::of_first_version()] {
        home.ok(&["issue", "held", "-t", "jms-client", "--key", "ec:p256"]);
        home.write("secrets/new", "a passphrase of words\n");
        home.keep_private("secrets/new");
        let line = ["passwd", "--new-passphrase-file", "secrets/new", "--comment", "yearly", "--ticket", "OPS-7"];
        let ran = home.ok(&line);
        assert!(ran.stderr.contains("the new passphrase opens the home"), "{ran:?}");
        for line in [ISSUE, &["ca", "crl", "root", "--renew"], &["deliver", "held", "--keystore", "held.p12"]] {
            let refused = home.certroll(line).expect(5);
            assert!(refused.stderr.contains("the passphrase does not open the keys of this home"), "{refused:?}");
            home.ok(&with(line, "secrets/new"));
        }
        assert_eq!(mode(&home, "home/home.key.pem"), 0o600);
        let [begun, ended] = &home.records("home.passphrase")[..] else { panic!("two records") };
        assert_eq!((text(begun, "out"), text(ended, "out")), ("pending", "ok"));
        assert_eq!(
            (text(ended, "why/text"), text(ended, "why/ticket"), text(ended, "x/opener")),
            ("yearly", "OPS-7", "passphrase")
        );
        assert_eq!(begun["op"], ended["op"]);
        let denied = home.records("auth.denied");
        assert_eq!(denied.len(), 3, "the old one, refused, is on record");
        home.verify();
    }
}

/// None is encrypted under the old passphrase any more, so a stolen copy of it opens none.
#[test]
fn a_home_of_the_first_version_gets_a_key_of_its_own() {
    let home = TestHome::of_first_version();
    home.ok(&["issue", "held", "-t", "jms-client", "--key", "ec:p256"]);
    assert!(!home.path("home/home.key.pem").exists());
    let opened_by = |password: &str, file: &str| {
        home.certroll(&["key", "inspect", file, "--keypass-file", password, "--public"]).code == 0
    };
    assert!(opened_by("secrets/passphrase", "home/ca/issuing.key.pem"));
    let ran = home.ok(&["passwd", "--key-file", "secrets/new"]);
    // Two CAs, the log, and the certificate whose key is held.
    assert!(ran.stderr.contains("keys encrypted anew: 4"), "{ran:?}");
    for file in ["home/ca/issuing.key.pem", "home/ca/root.key.pem", "home/log/key.pem"] {
        assert!(!opened_by("secrets/passphrase", file) && opened_by("secrets/new", file), "{file}");
    }
    home.ok(&with(&["deliver", "held", "--keystore", "held.p12"], "secrets/new"));
    let again = home.ok(&with(&["passwd", "--new-passphrase-file", "secrets/passphrase"], "secrets/new"));
    assert!(!again.stderr.contains("encrypted anew"), "{again:?}");
    home.ok(ISSUE);
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let home = TestHome::new();
    home.write("secrets/new", "a passphrase of words\n");
    let before = home.read("home/home.key.pem");
    let line = with(&["passwd", "--new-passphrase-file", "secrets/new"], "secrets/storepass");
    home.certroll(&line).expect(5);
    assert_eq!(home.read("home/home.key.pem"), before);
    home.ok(ISSUE);
    assert_eq!(home.records("home.passphrase").len(), 0);
}

#[test]
fn keys_of_the_home_can_be_taken_out_with_its_passphrase() {
    let home = TestHome::new();
    let line =
        ["key", "passwd", "home/ca/root.key.pem", "--out", "root.key", "--new-keypass-file", "secrets/storepass"];
    home.certroll(&[&line[..], &["--keypass-file", "secrets/storepass"]].concat()).expect(5);
    home.ok(&[&line[..], &["--keypass-file", "secrets/passphrase"]].concat());
    home.ok(&["key", "inspect", "root.key", "--keypass-file", "secrets/storepass", "--public"]);
}

#[test]
fn a_key_file_takes_the_place_of_the_passphrase() {
    let home = TestHome::unfounded();
    let ran = home.certroll(&["init", "home", "--key-file", "secrets/key"]).expect(0);
    assert!(ran.stderr.contains("made the key file `secrets/key`"), "{ran:?}");
    assert_eq!((mode(&home, "secrets/key"), home.read("secrets/key").len()), (0o600, 65));
    home.ok(&with(&["ca", "create", "root", "--key", "ec:p256", "--subject", "CN=Root"], "secrets/key"));
    home.certroll(&["ca", "crl", "root", "--renew"]).expect(5);
    // A credential of systemd comes last: what is said otherwise goes before it.
    fs::create_dir(home.path("credentials")).expect("a directory can be made");
    fs::copy(home.path("secrets/key"), home.path("credentials/certroll.passphrase")).expect("a file can be copied");
    let run = |directory: &str, keeps: bool| -> Ran {
        let mut command = home.command(&["ca", "crl", "root", "--renew"]);
        command.env("CREDENTIALS_DIRECTORY", directory);
        if !keeps {
            command.env_remove("CERTROLL_PASSPHRASE_FILE");
        }
        command.output().expect("it can be started").into()
    };
    let credentials = home.path("credentials").display().to_string();
    run(&credentials, false).expect(0);
    run(&credentials, true).expect(5);
    run("credentials", false).expect(2);
    // Back to a passphrase.
    home.ok(&with(&["passwd", "--new-passphrase-file", "secrets/passphrase"], "secrets/key"));
    home.ok(&["ca", "crl", "root", "--renew"]);
}

#[test]
fn what_is_no_key_file_is_refused_before_anything_is_made() {
    let home = TestHome::unfounded();
    home.write("secrets/other", "not 64 digits\n");
    for file in ["secrets/other", "secrets"] {
        home.certroll(&["init", "home", "--key-file", file]).expect(2);
        assert!(!home.path("home/certroll.toml").exists());
    }
    home.certroll(&with(&["init", "home", "--key-file", "secrets/key"], "secrets/passphrase")).expect(2);
    let home = TestHome::new();
    let ran = home.certroll(&["passwd", "--key-file", "home/key"]).expect(2);
    assert!(ran.stderr.contains("would lie in the home that it opens"), "{ran:?}");
    assert!(!home.path("home/key").exists());
}

#[test]
fn a_trivially_weak_passphrase_is_refused() {
    let home = TestHome::unfounded();
    home.write("secrets/weak", "Passw0rd1234\n");
    home.keep_private("secrets/weak");
    let line = with(&["init", "home"], "secrets/weak");
    let refused = home.certroll(&line).expect(2);
    assert!(refused.stderr.contains("too weak: it is made of words that are tried first"), "{refused:?}");
    assert!(refused.stderr.contains("--key-file") && !refused.stderr.contains("Passw0rd"), "{refused:?}");
    assert!(!home.path("home").exists());
    home.ok(&[&line[..], &["--allow-weak"]].concat());
    let home = TestHome::new();
    home.write("secrets/weak", "aaaaaaaaaaaaaaaa\n");
    home.keep_private("secrets/weak");
    let line = ["passwd", "--new-passphrase-file", "secrets/weak"];
    home.certroll(&line).expect(2);
    home.ok(ISSUE);
    home.ok(&[&line[..], &["--allow-weak"]].concat());
    home.ok(&with(&["revoke", "client", "--reason", "superseded"], "secrets/weak"));
}

#[test]
fn a_passphrase_file_that_others_can_read_is_warned_of() {
    let home = TestHome::new();
    let ran = home.ok(ISSUE);
    assert!(!ran.stderr.contains("warning"), "{ran:?}");
    fs::set_permissions(home.path("secrets/passphrase"), fs::Permissions::from_mode(0o644)).expect("a mode can be set");
    let ran = home.ok(&["ca", "crl", "issuing", "--renew", "--quiet"]);
    let warning = "warning: others can read the passphrase of the home in `secrets/passphrase`: `chmod go-r` it";
    assert!(ran.stderr.starts_with(warning), "{ran:?}");
    let mut command = home.command(&["ca", "crl", "issuing", "--renew", "--quiet"]);
    command.env_remove("CERTROLL_PASSPHRASE_FILE").env("CERTROLL_PASSPHRASE", PASSPHRASE);
    let ran: Ran = command.output().expect("it can be started").into();
    assert_eq!(ran.expect(0).stderr, "");
}
