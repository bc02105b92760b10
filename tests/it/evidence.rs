//! What the log says outweighs what a row says, and what is broken stops only what needs it.

use std::fs;

use certroll_pki::x509::crl::Crl;
use rusqlite::Connection;

use crate::home::{TestHome, copy_tree, text};

const ISSUE: [&str; 5] = ["issue", "-t", "jms-client", "--key", "ec:p256"];
const CRL: [&str; 6] = ["ca", "crl", "issuing", "--renew", "--out", "i.crl"];

fn issue(home: &TestHome, name: &str) {
    let (certificate, key) = (format!("{name}.pem"), format!("{name}.key"));
    home.ok(&[&ISSUE[..], &[name, "--out-cert", &certificate, "--out-key", &key]].concat());
}

fn change(home: &TestHome, sql: &str) {
    let connection = Connection::open(home.path("home/state.db")).expect("the database can be opened");
    let changed = connection.execute(sql, []).unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert!(changed > 0, "{sql} changes something");
}

fn listed(home: &TestHome) -> usize {
    Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL").entries.len()
}

#[test]
fn a_row_takes_no_certificate_off_the_crl() {
    let home = TestHome::quick();
    for name in ["one", "two", "three"] {
        issue(&home, name);
    }
    home.ok(&["revoke", "one", "--reason", "keyCompromise"]);
    home.ok(&["revoke", "two", "--reason", "superseded"]);
    change(&home, "UPDATE certificate SET revoked_at = NULL, reason = NULL");
    home.ok(&CRL);
    assert_eq!(listed(&home), 2);
    // Nor does another copy of an old list in the place of the newest, or one that claims to go further than it does.
    change(&home, "DELETE FROM crl WHERE number > 1");
    home.ok(&CRL);
    assert_eq!(listed(&home), 2);
    let crl = Crl::from_der(&home.read("home/ca/issuing.crl")).expect("a CRL");
    let numbers: Vec<_> = home.records("crl.signed").iter().filter_map(|one| one["crl"]["number"].as_u64()).collect();
    assert_eq!((crl.number, numbers), (Some(4), vec![1, 2, 3, 4]), "no number is used twice");
    change(&home, "DELETE FROM crl");
    home.ok(&CRL);
    assert_eq!(listed(&home), 2);
    for sql in [
        "UPDATE crl SET covers = covers + 1",
        "UPDATE crl SET der = (SELECT der FROM certificate_der LIMIT 1)",
        "UPDATE crl SET number = 900",
    ] {
        let copy = home.copy();
        change(&copy, sql);
        let before = copy.read("home/ca/issuing.crl");
        copy.certroll(&CRL).expect(13);
        assert_eq!(copy.read("home/ca/issuing.crl"), before, "{sql}");
    }
}

/// What lies beside the home, but for what is remembered of it.
fn files(home: &TestHome) -> Vec<String> {
    home.names("").into_iter().filter(|name| name != "state").collect()
}

#[test]
fn a_row_that_was_changed_ends_what_would_use_it() {
    let home = TestHome::quick();
    issue(&home, "broker");
    let rotate: &[&str] = &["rotate", "broker"];
    let again = [&ISSUE[..], &["next", "--out-cert", "n.pem", "--out-key", "n.key"]].concat();
    for (sql, command) in [
        ("UPDATE authority SET key_file = 'pkcs11:token=x?module-path=/tmp/evil.so'", &again[..]),
        ("UPDATE authority SET pointers = '{\"crl\":[\"http://evil.example\"],\"ocsp\":[],\"ca_issuers\":[]}'", &again),
        ("UPDATE installation SET path = path || '.evil'", rotate),
        ("UPDATE installation SET password_file = '/etc/shadow'", rotate),
        ("UPDATE certificate SET request = replace(request, 'jms-client', 'jms-broker')", rotate),
        ("UPDATE certificate SET name = 'root' WHERE name = 'broker'", &["rotate", "root"]),
        ("UPDATE in_force SET value = value || 'x'", rotate),
    ] {
        let copy = home.copy();
        let before = files(&copy);
        change(&copy, sql);
        let refused = copy.certroll(command).expect(13);
        assert!(refused.stderr.contains("was not written with the passphrase"), "{sql}: {refused:?}");
        assert_eq!(files(&copy), before, "{sql} wrote something");
        copy.certroll(&["doctor"]).expect(13);
    }
    assert!(!home.path("broker.pem.evil").exists());
}

#[test]
fn pages_and_rows_that_are_damaged_are_never_a_short_list() {
    let home = TestHome::quick();
    issue(&home, "broker");
    let damaged = |copy: &TestHome| {
        for command in [&["list"][..], &["check", "broker"], &["show", "broker"]] {
            copy.certroll(command).expect(13);
        }
    };
    let copy = home.copy();
    // The pages of the table itself, and nothing that opening the database reads.
    let connection = Connection::open(copy.path("home/state.db")).expect("the database can be opened");
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("it is nobody's else");
    let page: i64 = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'certificate'", [], |row| row.get(0))
        .expect("the table is there");
    let size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0)).expect("pages have a size");
    drop(connection);
    let mut bytes = copy.read("home/state.db");
    let at = usize::try_from((page - 1) * size).expect("a small file");
    bytes[at..at + 200].fill(0xAA);
    copy.write("home/state.db", bytes);
    damaged(&copy);
    for sql in [
        "UPDATE certificate SET names = 'no list'",
        "UPDATE certificate SET sha256 = x'00'",
        "UPDATE certificate SET reason = 'whim'",
        "UPDATE certificate SET renew_before = 'soon'",
    ] {
        let copy = home.copy();
        change(&copy, sql);
        damaged(&copy);
    }
}

/// Signed with the key of this home, and not under an intent of this log: what a stolen key leaves.
#[test]
fn whatever_our_key_signed_can_be_revoked() {
    let home = TestHome::quick();
    issue(&home, "ours");
    let thief = home.copy();
    issue(&thief, "theirs");
    home.write("theirs.pem", thief.read("theirs.pem"));
    let revoke = ["revoke", "theirs.pem", "--reason", "keyCompromise", "--ticket", "T-9"];
    let done = home.ok(&revoke);
    assert!(done.stderr.contains("signed without an intent"), "{done:?}");
    assert_eq!(listed(&home), 1);
    let adopted = home.records("cert.adopted");
    assert_eq!(adopted.len(), 1);
    assert_eq!(text(&adopted[0], "x/found"), "signed without an intent");
    let verified = home.verify();
    assert_eq!((verified["adopted"].as_u64(), verified["revoked"].as_u64()), (Some(1), Some(1)));
    let issued = home.records("cert.issued").len() + home.records("ca.cert.issued").len();
    assert_eq!(verified["issued"].as_u64(), u64::try_from(issued).ok(), "nobody counts it as issued");
    home.ok(&revoke);
    assert_eq!(home.records("cert.adopted").len(), 1, "once");
    home.certroll(&["rotate", "theirs"]).expect(2);
    // What another CA signed is none of ours.
    let stranger = TestHome::quick();
    issue(&stranger, "foreign");
    home.write("foreign.pem", stranger.read("foreign.pem"));
    home.certroll(&["revoke", "foreign.pem", "--reason", "superseded"]).expect(2);
    home.ok(&["audit", "export", "--out", "log.tar"]);
    home.ok(&["audit", "verify", "log.tar", "--key", "home/log/vkey"]);
}

#[test]
fn protection_against_rollback_does_not_go_quietly() {
    let home = TestHome::quick();
    let without = |arguments: &[&str]| {
        let mut command = home.command(arguments);
        command.env_remove("CERTROLL_STATE_DIR");
        crate::home::Ran::from(command.output().expect("the program can be started"))
    };
    for command in [&["list"][..], &CRL] {
        let ran = without(command).expect(0);
        assert!(ran.stderr.contains("warning: nothing outside the home remembers"), "{command:?}: {ran:?}");
    }
    let doctor = without(&["doctor"]).expect(11);
    assert!(doctor.stdout.contains("CERTROLL_STATE_DIR"), "{doctor:?}");
    home.write("secrets/wrong", "guess\n");
    let denied = without(&["doctor", "--passphrase-file", "secrets/wrong"]).expect(5);
    assert!(denied.stderr.contains("NOT on record"), "{denied:?}");
    home.ok(&["doctor"]);
    // A place that cannot be written is as good as none.
    fs::remove_dir_all(home.path("state")).expect("a directory can be removed");
    home.write("state", "");
    home.certroll(&["doctor"]).expect(11);
    let ran = home.ok(&CRL);
    assert!(ran.stderr.contains("warning: "), "{ran:?}");
}

#[test]
fn doctor_sees_what_others_can_write() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = TestHome::quick();
    home.ok(&["doctor"]);
    let mode = |mode| fs::set_permissions(home.path("home/certroll.toml"), fs::Permissions::from_mode(mode));
    mode(0o666).expect("the mode can be set");
    let doctor = home.certroll(&["doctor"]).expect(11);
    assert!(doctor.stdout.contains("certroll.toml` can be written by others"), "{doctor:?}");
}

#[test]
fn a_mistake_in_one_file_stops_what_needs_it_and_nothing_else() {
    let home = TestHome::quick();
    issue(&home, "one");
    issue(&home, "two");
    let mut kept = 0;
    // Keys that wait in the home to be handed out.
    (1..=4).for_each(|n| drop(home.ok(&[&ISSUE[..], &[&format!("kept{n}")]].concat())));
    let changes = home.records("policy.change").len() + home.records("profile.retire").len();
    let mut goes_on = |what: &str| {
        kept += 1;
        let (name, certificate, key) = (format!("kept{kept}"), format!("k{kept}.pem"), format!("k{kept}.key"));
        let export = format!("log{kept}.jsonl");
        for command in [
            &["revoke", "one", "--reason", "superseded"][..],
            &CRL,
            &["audit", "export", "--format", "jsonl", "--out", &export],
            &["audit", "verify"],
            &["list"],
            &["deliver", &name, "--out-cert", &certificate, "--out-key", &key],
        ] {
            let ran = home.certroll(command).expect(0);
            let reads = matches!(command[0], "list") || command[1] == "verify";
            assert!(reads || ran.stderr.contains("is not valid, so"), "{what}: {command:?} says it: {ran:?}");
        }
        home.certroll(&["check", "two"]).expect(0);
        // `one` is revoked, and lies where it was installed.
        home.certroll(&["doctor"]).expect(12);
    };
    let next = [&ISSUE[..], &["three"]].concat();
    home.write("home/policies/p.toml", "x");
    goes_on("policy");
    for command in [&next[..], &["rotate", "two"]] {
        let refused = home.certroll(command).expect(2);
        assert!(refused.stderr.contains("a policy is not valid"), "{refused:?}");
    }
    fs::remove_file(home.path("home/policies/p.toml")).expect("a file can be removed");
    home.write("home/templates/t.toml", "name = \"jms-broker\"\nkey =\n");
    goes_on("template");
    home.certroll(&["issue", "four", "-t", "jms-broker"]).expect(2);
    home.ok(&next);
    home.ok(&["rotate", "two"]);
    fs::remove_file(home.path("home/templates/t.toml")).expect("a file can be removed");
    let settings = String::from_utf8(home.read("home/certroll.toml")).expect("settings are text");
    for broken in ["[issuers.x]\nkind = \"no-such\"\n", "[issuers.x]\nkind = \"acme\n"] {
        home.write("home/certroll.toml", format!("{settings}\n{broken}"));
        goes_on("issuer");
        home.ok(&["rotate", "two"]);
        home.certroll(&[&ISSUE[..], &["five", "--issuer", "x"]].concat()).expect(2);
    }
    home.write("home/certroll.toml", settings);
    home.certroll(&["doctor"]).expect(12);
    let told = home.records("policy.change").len() + home.records("profile.retire").len();
    assert_eq!(told, changes, "what could not be read has neither changed nor gone");
    home.verify();
}

#[test]
fn a_request_that_cannot_be_read_is_a_refusal_whichever_way_it_comes() {
    let home = TestHome::quick();
    home.ok(&["csr", "new", "m", "-t", "meter", "--param", "serial=7", "--out-key", "k.pem", "--out", "m.csr"]);
    home.ok(&["issue", "m", "-t", "meter", "--param", "serial=7", "--csr", "m.csr", "--out-cert", "m.pem"]);
    let good = String::from_utf8(home.read("m.csr")).expect("PEM is text");
    let der = certroll_pki::container::pem::read(good.as_bytes()).expect("PEM");
    let mut forged = der[0].der.expose().to_vec();
    let last = forged.len() - 1;
    forged[last] ^= 1;
    home.write("forged.csr", &forged);
    home.write("none.csr", "this is none\n");
    let (mut before, mut found) = (home.records("cert.reject").len(), Vec::new());
    for file in ["forged.csr", "none.csr"] {
        home.write("lines.csv", format!("name,serial,csr\nline,8,{file}\n"));
        for (command, code) in [
            (&["issue", "n", "-t", "meter", "--csr", file][..], 2),
            (&["rotate", "m", "--csr", file], 2),
            (&["issue", "--batch", "lines.csv", "-t", "meter"], 7),
        ] {
            home.certroll(command).expect(code);
            let refused = home.records("cert.reject");
            assert_eq!(refused.len(), before + 1, "{command:?}");
            before += 1;
            let last = &refused[refused.len() - 1];
            found.push((text(last, "out").to_owned(), text(last, "err/code").to_owned()));
        }
    }
    found.dedup();
    assert_eq!(found, [("denied".to_owned(), "usage".to_owned())]);
    home.verify();
}

/// The log was set back, and the key was stolen: the revocation does not wait for either.
#[test]
fn in_an_emergency_a_log_that_was_set_back_does_not_stand_in_the_way() {
    let home = TestHome::quick();
    issue(&home, "early");
    copy_tree(&home.path("home"), &home.path("backup"));
    issue(&home, "late");
    home.ok(&["revoke", "early", "--reason", "superseded"]);
    home.ok(&["audit", "export", "--format", "bundle", "--out", "night.tar"]);
    let crl = home.read("home/ca/issuing.crl");
    fs::remove_dir_all(home.path("home")).expect("a directory can be removed");
    copy_tree(&home.path("backup"), &home.path("home"));
    // Servers had the newest list; it is the one thing that was not lost.
    home.write("home/ca/issuing.crl", crl);
    let revoke = ["revoke", "late.pem", "--reason", "keyCompromise"];
    let refused = home.certroll(&revoke).expect(13);
    assert!(refused.stderr.contains("--break-glass"), "{refused:?}");
    let done = home.ok(&[&revoke[..], &["--break-glass"]].concat());
    assert!(done.stderr.contains("WITHOUT the log"), "{done:?}");
    assert_eq!(listed(&home), 2, "what was revoked before stays on it");
    home.ok(&["audit", "restore", "--from", "night.tar"]);
    home.ok(&CRL);
    assert_eq!(listed(&home), 2);
    let late: Vec<_> = home.records("cert.revoked").iter().map(|one| one["x"]["late"] == true).collect();
    assert_eq!(late, [false, true]);
    home.verify();
}
