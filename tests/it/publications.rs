//! CRLs where relying parties read them: kept as they are signed, looked at, and owed when they could not be written.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::crl::Crl;

use crate::home::{TestHome, text};
use crate::peers::{self, Peer, command, run};

fn crls(home: &TestHome, file: &str) -> Vec<Crl> {
    let blocks = pem::read(&home.read(file)).expect("it is PEM");
    let ders = blocks.iter().filter(|block| block.label == Label::Crl);
    ders.map(|block| Crl::from_der(block.der.expose()).expect("a CRL")).collect()
}

/// How many entries the CRL of the CA that signs has.
fn entries(home: &TestHome, file: &str) -> usize {
    crls(home, file).iter().map(|crl| crl.entries.len()).sum()
}

fn issue(home: &TestHome, name: &str) {
    home.ok(&["issue", name, "-t", "jms-client", "--key", "ec:p256", "--out-cert", &format!("{name}.pem")]);
}

#[test]
fn a_file_that_is_kept_follows_every_crl() {
    let home = TestHome::quick();
    home.ok(&["ca", "crl", "--all", "--out", "crls.pem", "--keep"]);
    assert_eq!(crls(&home, "crls.pem").len(), 2, "that of the root, too");
    home.ok(&["check"]);
    for (count, name) in ["a", "b"].iter().enumerate() {
        issue(&home, name);
        home.ok(&["revoke", name, "--reason", "superseded"]);
        assert_eq!(entries(&home, "crls.pem"), count + 1);
        // Where it lay it is used no more.
        fs::remove_file(home.path(format!("{name}.pem"))).unwrap();
    }
    // Whatever happens to the file is seen, and mended.
    let whole = home.read("crls.pem");
    for broken in [None, Some(&b""[..]), Some(b"nonsense")] {
        match broken {
            None => fs::remove_file(home.path("crls.pem")).unwrap(),
            Some(bytes) => home.write("crls.pem", bytes),
        }
        let seen = home.certroll(&["check"]).expect(11);
        assert!(seen.stdout.contains("crls.pem"), "{}", seen.stdout);
        let doctor = home.certroll(&["doctor"]).expect(11);
        assert!(doctor.stdout.contains("crls.pem"), "{}", doctor.stdout);
        home.ok(&["rotate", "--due"]);
        assert_eq!(home.read("crls.pem"), whole);
        home.ok(&["check"]);
    }
    assert_eq!(home.records("crl.publication.change").len(), 1);
    let published = home.records("crl.published");
    assert!(published.iter().all(|record| text(record, "out") == "ok"), "{published:?}");
    home.ok(&["ca", "crl", "--out", "crls.pem", "--forget"]);
    home.certroll(&["ca", "crl", "--out", "crls.pem", "--forget"]).expect(2);
    fs::remove_file(home.path("crls.pem")).unwrap();
    home.ok(&["check"]);
    home.verify();
}

/// A revocation that relying parties cannot see yet is owed: exit code 8, and 11 until the file is written.
#[test]
fn what_could_not_be_written_is_owed_until_it_is() {
    let home = TestHome::quick();
    fs::create_dir(home.path("www")).unwrap();
    home.ok(&["ca", "crl", "--out", "www/issuing.crl", "--keep"]);
    issue(&home, "a");
    fs::remove_file(home.path("www/issuing.crl")).unwrap();
    fs::create_dir(home.path("www/issuing.crl")).unwrap();
    let owed = home.certroll(&["revoke", "a", "--reason", "keyCompromise"]).expect(8);
    assert!(owed.stderr.contains("is revoked") && owed.stderr.contains("issuing.crl"), "{}", owed.stderr);
    fs::remove_file(home.path("a.pem")).unwrap();
    home.certroll(&["check"]).expect(11);
    home.certroll(&["rotate", "--due"]).expect(8);
    fs::remove_dir(home.path("www/issuing.crl")).unwrap();
    home.ok(&["rotate", "--due"]);
    home.ok(&["check"]);
    let crl = Crl::from_der(&home.read("www/issuing.crl")).expect("DER by its name");
    assert_eq!(crl.entries.len(), 1);
    home.verify();
}

/// Before its time is over a CRL is signed again, with the same time; where nothing looks after it, `check` says so.
#[test]
fn a_crl_is_signed_again_before_its_time_is_over() {
    let home = TestHome::quick();
    home.ok(&["ca", "crl", "--out", "issuing.pem", "--keep", "--renew", "--next-update", "12s"]);
    let first = crls(&home, "issuing.pem")[0].number;
    home.ok(&["rotate", "--due"]);
    assert_eq!(crls(&home, "issuing.pem")[0].number, first, "not yet");
    thread::sleep(Duration::from_secs(9));
    home.ok(&["rotate", "--due"]);
    assert_ne!(crls(&home, "issuing.pem")[0].number, first);
    home.ok(&["check"]);
    let until = Instant::now() + Duration::from_secs(60);
    let codes: Vec<i32> = std::iter::from_fn(|| {
        thread::sleep(Duration::from_millis(200));
        let code = home.certroll(&["check"]).code;
        (code != 12 && Instant::now() < until).then_some(code)
    })
    .collect();
    assert!(codes.contains(&0) && codes.contains(&11) && codes.is_sorted(), "{codes:?}");
    home.certroll(&["check"]).expect(12);
    home.ok(&["rotate", "--due"]);
    home.ok(&["check"]);
}

#[test]
fn services_are_made_to_load_what_was_written() {
    let home = TestHome::quick();
    issue(&home, "web");
    let told = home.path("told").display().to_string();
    let reload = format!("reload=sh -c 'cat >>{told}'");
    let line = ["service", "add", "front", "--driver", "command", "--certificate", "web"];
    home.ok(&[&line[..], &["--set", &reload, "--endpoint", "127.0.0.1:1"]].concat());
    home.ok(&["ca", "crl", "--all", "--out", "crls.pem", "--keep", "--service", "front"]);
    let count =
        || String::from_utf8(home.read("told")).unwrap().lines().filter(|line| line.contains("crls.pem")).count();
    assert_eq!(count(), 1);
    issue(&home, "a");
    home.ok(&["revoke", "a", "--reason", "superseded"]);
    assert_eq!(count(), 2);
    home.ok(&[
        "service",
        "add",
        "front",
        "--replace",
        "--driver",
        "command",
        "--certificate",
        "web",
        "--set",
        "reload=false",
        "--endpoint",
        "127.0.0.1:1",
    ]);
    issue(&home, "b");
    home.certroll(&["revoke", "b", "--reason", "superseded"]).expect(8);
    assert_eq!(entries(&home, "crls.pem"), 2, "the file itself is right");
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let home = TestHome::quick();
    for (line, said) in [
        (&["ca", "crl", "--all", "--out", "crls.der"][..], "DER has room for one"),
        (&["ca", "crl", "--all", "issuing", "--out", "crls.pem"], "cannot be used with"),
        (&["ca", "crl", "--all", "--keep"], "--out"),
        (&["ca", "crl", "--all", "--out", "crls.pem", "--keep", "--service", "nobody"], "no service `nobody`"),
        (&["ca", "crl", "other", "--out", "crls.pem"], "other"),
    ] {
        let refused = home.certroll(line).expect(2);
        assert!(refused.stderr.contains(said), "{line:?}: {}", refused.stderr);
    }
    home.write("notes.pem", "notes");
    home.certroll(&["ca", "crl", "--all", "--out", "notes.pem"]).expect(2);
    assert_eq!(home.read("notes.pem"), b"notes");
}

/// OpenSSL accepts what is not revoked, and refuses what is, by the one file for all CAs; without the root's list it refuses everything.
#[test]
fn live_publications_openssl() {
    if !peers::require(&[Peer::OpenSsl]) {
        return;
    }
    let home = TestHome::new();
    home.ok(&["ca", "export", "--out", "cas.pem"]);
    home.ok(&["ca", "crl", "--all", "--out", "crls.pem", "--keep"]);
    issue(&home, "good");
    issue(&home, "bad");
    home.ok(&["revoke", "bad", "--reason", "keyCompromise"]);
    home.ok(&["ca", "crl", "issuing", "--out", "one.pem"]);
    let verify = |crl: &str, name: &str| {
        let mut openssl = command("openssl");
        openssl.args(["verify", "-crl_check_all", "-CAfile"]).arg(home.path("cas.pem"));
        openssl.arg("-CRLfile").arg(home.path(crl)).arg("-untrusted").arg(home.path(format!("{name}.pem")));
        run(openssl.arg(home.path(format!("{name}.pem"))), b"")
    };
    verify("crls.pem", "good").expect_success("what is not revoked");
    let refused = verify("crls.pem", "bad");
    assert!(!refused.success() && refused.text().contains("revoked"), "{refused:?}");
    let alone = verify("one.pem", "good");
    assert!(!alone.success() && alone.text().contains("unable to get certificate CRL"), "{alone:?}");
}
