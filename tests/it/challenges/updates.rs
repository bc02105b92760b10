//! dns-01 by dynamic update, at a real Knot DNS server.

use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use certroll_base::clock::{Clock, SetClock, SystemClock, Timestamp};
use certroll_core::issuer::ErrorClass;
use tempfile::TempDir;

use super::{dns, notes, solver, solver_at};
use crate::home::copy_tree;
use crate::peers::knot::{self, IDLE_KEY, KEY, Knot, TsigKey, Zone};
use crate::peers::{self, Peer};

/// A server with `example.org` and `acme.example.net`, which take updates, and `example.com`, which delegates into the
/// second and takes none.
struct Stage {
    directory: TempDir,
    knot: Knot,
}

impl Stage {
    fn new() -> Self {
        Self::with_name_servers(|own| format!("@ NS ns\nns A {}\n", own.ip()))
    }

    fn with_name_servers(name_servers: impl Fn(SocketAddr) -> String) -> Self {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let address = knot::place();
        let own = name_servers(address);
        let delegating = format!(
            "{own}_acme-challenge.www CNAME www.acme.example.net.\n_acme-challenge.loop CNAME _acme-challenge.loop\n"
        );
        let zones = [
            Zone { name: "example.org", updates: true, records: format!("{own}* A 127.0.0.1\n") },
            Zone { name: "acme.example.net", updates: true, records: own.clone() },
            Zone { name: "example.com", updates: false, records: delegating },
        ];
        let knot = Knot::start(&directory.path().join("knot"), address, &zones);
        let stage = Self { directory, knot };
        stage.secret(&KEY);
        stage
    }

    fn home(&self) -> &Path {
        self.directory.path()
    }

    fn secret(&self, key: &TsigKey) {
        fs::write(self.home().join(key.name), format!("{}\n", key.secret)).expect("a secret can be written");
    }

    /// The settings for updates with that key; `more` goes into the table, and `propagation` into its own.
    fn settings(&self, key: &TsigKey, more: &str, propagation: &str) -> String {
        let secret = self.home().join(key.name).display().to_string();
        let address = self.knot.address();
        format!(
            "kind = 'dns-01'\nresolvers = ['{address}']\n[update]\nserver = '{address}'\nkey_name = '{}'\n\
             key_algorithm = '{}'\nkey_file = '{secret}'\n{more}\n[propagation]\ninterval_secs = 1\n{propagation}\n",
            key.name, key.algorithm
        )
    }

    /// Looks at the server itself.
    fn usual(&self) -> String {
        self.settings(&KEY, "", &format!("servers = ['{}']", self.knot.address()))
    }
}

fn texts(challenges: &[&certroll_core::issuer::acme::challenge::Challenge]) -> Vec<String> {
    let mut values: Vec<String> = challenges.iter().map(|challenge| challenge.dns_value.clone()).collect();
    values.sort();
    values
}

#[test]
fn live_updates_set_several_values_and_remove_each_by_itself() {
    if !peers::require(&[Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    let solver = solver(stage.home(), &stage.usual()).expect("a solver");
    let (base, wildcard) = (dns("a.example.org", false, "one"), dns("a.example.org", true, "two"));
    let record = "_acme-challenge.a.example.org.";
    assert!(solver.can_solve("a.example.org", false, true) && !solver.can_solve("192.0.2.1", true, false));
    solver.present(&base).expect("a value can be set");
    solver.present(&wildcard).expect("a second value can be set");
    [&base, &wildcard].into_iter().for_each(|challenge| solver.confirm(challenge).expect("the server shows it"));
    assert_eq!(stage.knot.texts(record), texts(&[&base, &wildcard]));
    assert_eq!(notes(stage.home()).len(), 2);
    solver.clean_up(&base).expect("a value can be removed");
    assert_eq!(stage.knot.texts(record), texts(&[&wildcard]), "the other stays");
    solver.clean_up(&base).expect("removing is idempotent");
    solver.clean_up(&wildcard).expect("a value can be removed");
    assert!(stage.knot.texts(record).is_empty());
    assert!(notes(stage.home()).is_empty());
}

#[test]
fn live_updates_follow_delegations_by_cname() {
    if !peers::require(&[Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    let solver = solver(stage.home(), &stage.usual()).expect("a solver");
    let challenge = dns("www.example.com", false, "one");
    solver.present(&challenge).expect("the delegation is followed");
    solver.confirm(&challenge).expect("the delegation is followed");
    assert_eq!(stage.knot.texts("www.acme.example.net."), texts(&[&challenge]));
    solver.clean_up(&challenge).expect("a value can be removed");
    assert!(stage.knot.texts("www.acme.example.net.").is_empty());
    let error = solver.present(&dns("loop.example.com", false, "two")).expect_err("a loop has no end");
    assert!(error.message.contains("have no end"), "{error}");
}

#[test]
fn live_updates_that_are_refused_say_why() {
    if !peers::require(&[Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    stage.secret(&IDLE_KEY);
    let wrong = TsigKey { secret: "d3Jvbmc=", name: "wrong", ..KEY };
    stage.secret(&wrong);
    let in_place = format!("servers = ['{}']", stage.knot.address());
    // The right name with another secret: the file is that of the wrong key.
    let other_secret =
        stage.settings(&KEY, "", &in_place).replace(&format!("/{}'", KEY.name), &format!("/{}'", wrong.name));
    let name = "a.example.org";
    for (settings, name, class, said) in [
        (stage.settings(&wrong, "", &in_place), name, ErrorClass::Auth, "does not take the key `wrong.`"),
        (other_secret, name, ErrorClass::Auth, "has another secret for the key `acme-key.`"),
        (stage.settings(&IDLE_KEY, "", &in_place), name, ErrorClass::Auth, "does not take the key `idle-key.`"),
        (stage.usual(), "b.example.com", ErrorClass::Auth, "does not take the key `acme-key.`"),
        (stage.settings(&KEY, "zone = 'example.com'", &in_place), name, ErrorClass::Config, "is not in zone"),
        (stage.settings(&KEY, "zone = 'org'", &in_place), name, ErrorClass::Config, "is not the primary server of"),
        (stage.usual(), "a.elsewhere.test", ErrorClass::Retryable, "no DNS server says what"),
    ] {
        let solver = solver(stage.home(), &settings).expect("a solver");
        let error = solver.present(&dns(name, false, "one")).expect_err("the update is refused");
        assert_eq!(error.class, class, "{error}");
        assert!(error.message.contains(said), "{said}: {error}");
        assert!(error.hint.is_some(), "{error}");
        assert!(!format!("{error:?}").contains(KEY.secret));
    }
    assert!(stage.knot.texts("_acme-challenge.a.example.org.").is_empty());
}

#[test]
fn live_updates_need_the_same_time_on_both_sides() {
    if !peers::require(&[Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    let late = SystemClock.now().plus_secs(-3_600);
    let clock = Arc::new(SetClock::new(Timestamp::from_millis(late.millis())));
    let solver = solver_at(stage.home(), &stage.usual(), clock).expect("a solver");
    let error = solver.present(&dns("a.example.org", false, "one")).expect_err("the signature is old");
    assert!(error.message.contains("has another time than this machine"), "{error}");
}

#[test]
fn live_updates_of_a_dead_run_are_removed_by_the_next() {
    if !peers::require(&[Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    let run = solver(stage.home(), &stage.usual()).expect("a solver");
    let held = [dns("a.example.org", false, "one"), dns("a.example.org", true, "two")];
    held.iter().for_each(|challenge| run.present(challenge).expect("a value can be set"));
    let record = "_acme-challenge.a.example.org.";
    let next = solver(stage.home(), &stage.usual()).expect("a solver");
    assert_eq!(next.remove_leftovers().expect("it can be looked"), 0, "that run lives");
    assert_eq!(stage.knot.texts(record).len(), 2);
    // A copy of the home is what a kill leaves: the notes, and locks that nobody holds.
    let after = stage.home().join("after");
    copy_tree(&stage.home().join("issuers"), &after.join("issuers"));
    let next = solver(&after, &stage.usual()).expect("a solver");
    assert_eq!(next.remove_leftovers().expect("leftovers can be removed"), 2);
    assert_eq!(next.remove_leftovers().expect("it can be looked"), 0);
    assert!(stage.knot.texts(record).is_empty());
    assert!(notes(&after).is_empty());
}

#[test]
fn live_every_name_server_of_the_zone_must_show_the_record() {
    if !peers::require(&[Peer::Knot]) {
        return;
    }
    let stale = knot::place();
    if stale.port() != 53 {
        // Name servers have no port in DNS: without the right to listen on 53 nothing can be shown here.
        writeln!(std::io::stderr(), "skipped: port 53 cannot be listened on").expect("stderr takes a line");
        return;
    }
    let directory = tempfile::tempdir().expect("a directory can be made");
    let records = "@ NS ns\nns A 127.0.0.1\n".to_owned();
    let zones = [Zone { name: "example.org", updates: false, records }];
    let _secondary = Knot::start(directory.path(), stale, &zones);
    let stage = Stage::new();
    let alone = solver(stage.home(), &stage.settings(&KEY, "", "timeout_secs = 2")).expect("a solver");
    let challenge = dns("a.example.org", false, "one");
    alone.present(&challenge).expect("a value can be set");
    alone.confirm(&challenge).expect("the one name server shows it");
    alone.clean_up(&challenge).expect("a value can be removed");

    let two =
        Stage::with_name_servers(|own| format!("@ NS ns\nns A {}\n@ NS second\nsecond A {}\n", own.ip(), stale.ip()));
    let solver = solver(two.home(), &two.settings(&KEY, "", "timeout_secs = 2")).expect("a solver");
    solver.present(&challenge).expect("a value can be set");
    let error = solver.confirm(&challenge).expect_err("the second name server does not show it");
    assert_eq!(error.class, ErrorClass::Retryable);
    assert!(error.message.contains("`second.example.org.` answers `Non-Existent Domain`"), "{error}");
    assert!(!error.message.contains("`ns.example.org.`"), "the first does: {error}");
    solver.clean_up(&challenge).expect("a value can be removed");
    assert!(two.knot.texts("_acme-challenge.a.example.org.").is_empty());
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    fs::write(directory.path().join("key"), KEY.secret).expect("a secret can be written");
    let file = directory.path().join("key").display().to_string();
    let settings = |server: &str, key_file: &str| {
        format!(
            "kind = 'dns-01'\n[update]\nserver = '{server}'\nkey_name = 'k'\nkey_file = '{key_file}'\ntimeout_secs = 2"
        )
    };
    let nobody = solver(directory.path(), &settings("127.0.0.1:1", &file)).expect("a solver");
    let error = nobody.present(&dns("a.example.org", false, "one")).expect_err("nobody answers");
    assert_eq!(error.class, ErrorClass::Retryable);
    assert!(error.message.contains("127.0.0.1:1 does not answer"), "{error}");
    let missing = solver(directory.path(), &settings("127.0.0.1", "/nowhere/key")).err().expect("there is no key");
    assert!(missing.message.contains("TSIG key cannot be read"), "{missing}");
}
