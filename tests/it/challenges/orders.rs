//! Every way through the program, to certificates of a real ACME server; and what is left when the program is stopped.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::process::Child;
use std::time::{Duration, Instant};

use certroll_pki::container::pem::{self, Label};
use rustix::process::{Pid, Signal, kill_process};

use crate::acme::setup::Room;
use crate::home::TestHome;
use crate::peers::knot::{self, KEY, Knot, Zone};
use crate::peers::{self, Client, JettyServer, Manners, Pebble, Peer, Store, Tls, WebServer};

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// Names of the first certificate, as they stand in it.
fn names(room: &Room, name: &str, more: &[&str]) -> Vec<String> {
    room.issue(name, more)[0].names.iter().map(ToString::to_string).collect()
}

#[test]
fn live_listeners_prove_names_and_addresses() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let (http, tls) = (room.pebble.http_port, room.pebble.tls_port);
    for (kind, port) in [("http-01", http), ("tls-alpn-01", tls)] {
        let table = format!("kind = \"{kind}\"\nport = {port}\n");
        room.settings("terms_agreed = true\n", &table);
        let (host, other) = (format!("{kind}.example.net"), format!("dns:www.{kind}.example.net"));
        let named = names(&room, &host, &["--san", &other, "--san", "ip:127.0.0.1"]);
        assert_eq!(named.len(), 3, "{named:?}");
        assert!(named.contains(&"ip:127.0.0.1".to_owned()), "{named:?}");
        assert!(TcpListener::bind(("127.0.0.1", port)).is_ok(), "nobody listens any more");
        // A wildcard is refused before anything is announced, by what can prove it.
        let wildcard = ["issue", "*.example.net", "--template", "https-server"];
        let refused = room.home.certroll(&[&wildcard[..], &["--out-cert", "w.pem"]].concat()).expect(4);
        assert!(refused.stderr.contains("wildcard"), "{}", refused.stderr);
    }
    // Somebody else has the port: it is said who, and what to do.
    let taken = TcpListener::bind(("127.0.0.1", http)).expect("the port is free");
    room.settings("terms_agreed = true\n", &format!("kind = \"http-01\"\nport = {http}\n"));
    let line = ["issue", "late.example.net", "--template", "https-server", "--out-cert", "l.pem", "--out-key", "l.key"];
    let refused = room.home.certroll(&line).expect(2);
    assert!(refused.stderr.contains(&format!("port {http} is in use by `")), "{}", refused.stderr);
    drop(taken);
    // The order stayed open and is gone on with.
    room.home.ok(&line);
    assert_eq!(room.home.records("cert.issue.intent").len(), 3, "no second intent for the same request");
    // Several runs at once take turns at the port.
    let issue = |number: usize| {
        let (host, file) = (format!("turn{number}.example.net"), format!("turn{number}"));
        ["issue", &host, "--template", "https-server", "--out-cert", &file, "--out-key", &format!("{file}.key")]
            .map(str::to_owned)
            .to_vec()
    };
    for ran in room.home.at_once(&[issue(1), issue(2), issue(3)]) {
        ran.expect(0);
    }
    room.home.verify();
}

#[test]
fn live_one_listener_serves_many_names_that_are_rotated_at_once() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    room.settings("terms_agreed = true\n", &format!("kind = \"http-01\"\nport = {}\n", room.pebble.http_port));
    let hosts: Vec<String> = (0..8).map(|number| format!("many{number}.example.net")).collect();
    let before: Vec<_> = hosts.iter().map(|host| room.issue(host, &[])).collect();
    let mut line = vec!["rotate", "--jobs", "4"];
    line.extend(hosts.iter().map(String::as_str));
    room.home.ok(&line);
    for (host, before) in hosts.iter().zip(&before) {
        let after = room.chain(&format!("{host}.pem"));
        assert_ne!(after[0].serial, before[0].serial, "{host}");
        assert_eq!(after[0].names, before[0].names, "{host}");
    }
    assert_eq!(room.home.records("cert.issued").len(), 16);
    room.home.verify();
}

#[test]
fn live_webroot_lets_a_web_server_answer() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl, Peer::Nginx]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let root = room.home.path("home/www");
    fs::create_dir(&root).expect("a directory can be made");
    let _server = WebServer::start(&room.home.path("nginx"), room.pebble.http_port, &root);
    room.settings("terms_agreed = true\n", "kind = \"http-01\"\nwebroot = \"www\"\n");
    let named = names(&room, "web.example.net", &["--san", "dns:www.web.example.net", "--san", "ip:127.0.0.1"]);
    assert_eq!(named.len(), 3, "{named:?}");
    assert!(room.home.names("home/www/.well-known/acme-challenge").is_empty(), "the files are gone");
    assert!(challenge_notes(&room.home).is_empty());
}

#[test]
fn live_jetty_serves_what_was_issued_over_acme() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl, Peer::Jetty, Peer::Jdk]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let host = "jetty.example.net";
    let files = ["--keystore", "jetty.p12", "--keystore", "jetty.jks", "--keystore", "jetty.pem"];
    // The server of the tests has one suite for TLS 1.2, with RSA.
    room.issue(host, &[&["--key", "rsa:3072"], &files[..]].concat());
    room.home.write("root.pem", room.pebble.root(0));
    let root = room.home.path("root.pem");
    let store = |name: &str| Store::new(room.home.path(name), room.home.path("secrets/storepass"));
    for keystore in ["jetty.p12", "jetty.jks"] {
        let server = JettyServer::start(&store(keystore), None).expect("Jetty starts");
        for tls in [Tls::V1_2, Tls::V1_3] {
            server.get(host, tls, Client::Anonymous, &root).expect_success(keystore);
        }
        assert!(!server.get("elsewhere.example.net", Tls::V1_3, Client::Anonymous, &root).success());
    }
    // The same in PEM, after the key.
    let blocks = pem::read(&room.home.read("jetty.pem")).expect("PEM");
    let certificates: Vec<_> = blocks.iter().filter(|block| block.label == Label::Certificate).collect();
    let chain = room.chain(&format!("{host}.pem"));
    assert!(blocks.len() > certificates.len(), "there is a key");
    assert_eq!(certificates.len(), chain.len());
    assert_eq!(certificates[0].der.expose(), chain[0].as_der());
    room.home.verify();
}

/// A home, a Knot server with the zones of the names, and a pebble that asks it.
struct Stage {
    room: Room,
    knot: Knot,
}

impl Stage {
    fn new() -> Self {
        let home = TestHome::founded();
        let address = knot::place();
        // The one zone holds the delegation and where it leads: pebble asks no resolver that would go from zone to zone.
        let delegation = "_acme-challenge.www CNAME www.validation";
        let records = format!("@ NS ns\nns A {}\n{delegation}\n", address.ip());
        let zones = [Zone { name: "example.org", updates: true, records }];
        let knot = Knot::start(&home.path("knot"), address, &zones);
        let manners = Manners { resolver: Some(address.to_string()), ..Manners::default() };
        let room = Room { home, pebble: Pebble::start(&manners) };
        room.home.write("secrets/tsig", KEY.secret);
        let stage = Self { room, knot };
        stage.settle("");
        stage
    }

    /// The settings; by default the record is looked for at the server itself.
    fn settle(&self, propagation: &str) {
        let address = self.knot.address();
        let propagation =
            if propagation.is_empty() { format!("servers = [\"{address}\"]") } else { propagation.to_owned() };
        let challenge = format!(
            "kind = \"dns-01\"\nresolvers = [\"{address}\"]\npropagation = {{ interval_secs = 1, {propagation} }}\n\
             [issuers.public.challenge.update]\nserver = \"{address}\"\nkey_name = \"{}\"\n\
             key_file = \"../secrets/tsig\"\n",
            KEY.name
        );
        self.room.settings("terms_agreed = true\n", &challenge);
    }
}

#[test]
fn live_dynamic_updates_prove_wildcards_and_delegated_names() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl, Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    let named = names(&stage.room, "shop.example.org", &["--san", "dns:*.shop.example.org"]);
    assert_eq!(named, ["dns:shop.example.org", "dns:*.shop.example.org"]);
    assert!(stage.knot.texts("_acme-challenge.shop.example.org.").is_empty(), "the records are gone");
    assert_eq!(names(&stage.room, "www.example.org", &[]), ["dns:www.example.org"]);
    assert!(stage.knot.texts("www.validation.example.org.").is_empty(), "the record is gone");
    stage.room.home.ok(&["rotate", "shop.example.org"]);
    assert!(challenge_notes(&stage.room.home).is_empty());
    // A key that the server does not take: nothing is left, and the reason is told with the settings to correct.
    stage.room.home.write("secrets/tsig", "d3Jvbmc=");
    let line = ["issue", "b.example.org", "--template", "https-server", "--out-cert", "b.pem", "--out-key", "b.key"];
    let refused = stage.room.home.certroll(&line).expect(5);
    assert!(refused.stderr.contains("has another secret for the key `acme-key.`"), "{}", refused.stderr);
    assert!(refused.stderr.contains("hint: correct the secret that `[issuers.public.challenge.update]` leads to"));
    assert!(!refused.stderr.contains("d3Jvbmc"));
    stage.room.home.verify();
}

#[test]
fn live_a_hook_that_does_not_wait_is_waited_for() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    // The record is set by the hook of a script that goes on in the background.
    let resolver = room.pebble.resolver();
    let hook = room.pebble.dns_hook();
    let table = format!(
        "kind = \"dns-01\"\npropagation = {{ servers = [\"{resolver}\"], interval_secs = 1 }}\n\
         [issuers.public.challenge.hook]\nshell = '''case \"$1\" in present) (sleep 3; {hook}) >&- 2>&- & ;; \
         *) {hook} ;; esac'''\n"
    );
    room.settings("terms_agreed = true\n", &table);
    let named = names(&room, "f.example.net", &["--san", "dns:*.f.example.net"]);
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(challenge_notes(&room.home).is_empty());
}

/// What the issuer remembers of open challenges.
fn challenge_notes(home: &TestHome) -> Vec<String> {
    let names = home.names("home/issuers/public").into_iter();
    names.filter(|name| name.starts_with("challenge-") && !name.ends_with(".lock")).collect()
}

/// Waits until it holds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < DEADLINE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn stop(child: &mut Child, signal: Signal) -> std::process::ExitStatus {
    kill_process(Pid::from_child(child), signal).expect("a signal can be sent");
    child.wait().expect("a child can be waited for")
}

#[test]
fn live_a_signal_removes_records_and_a_kill_leaves_them_to_the_next_run() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl, Peer::Knot]) {
        return;
    }
    let stage = Stage::new();
    let home = &stage.room.home;
    let line = ["issue", "c.example.org", "--template", "https-server", "--out-cert", "c.pem", "--out-key", "c.key"];
    let record = "_acme-challenge.c.example.org.";
    for (signal, removed) in [(Signal::INT, true), (Signal::TERM, true), (Signal::KILL, false)] {
        // It waits for a server that never shows the record.
        stage.settle("servers = [\"127.0.0.1:1\"], timeout_secs = 600");
        let mut child = home.start(&line);
        until("the record is there", || stage.knot.texts(record).len() == 1);
        let status = stop(&mut child, signal);
        assert_eq!(status.signal(), Some(signal.as_raw()), "it ends by the signal as ever");
        assert_eq!(stage.knot.texts(record).is_empty(), removed, "{signal:?}");
        assert_eq!(challenge_notes(home).is_empty(), removed, "{signal:?}");
    }
    stage.settle("");
    home.ok(&line);
    assert!(stage.knot.texts(record).is_empty(), "the next run removed what was left");
    assert!(challenge_notes(home).is_empty());
    assert_eq!(home.records("cert.issue.intent").len(), 1, "one intent for all attempts");
    assert_eq!(home.records("cert.issued").len(), 1);
    home.verify();
}

#[test]
fn live_a_signal_removes_files_and_calls_hooks() {
    if !peers::require(&[Peer::Pebble, Peer::OpenSsl, Peer::Curl]) {
        return;
    }
    let room = Room::new(&Manners::default());
    let line = ["issue", "d.example.net", "--template", "https-server", "--out-cert", "d.pem", "--out-key", "d.key"];
    let directory = "home/www/.well-known/acme-challenge";
    fs::create_dir(room.home.path("home/www")).expect("a directory can be made");
    // The server that validates connects and is never answered.
    let _silent = TcpListener::bind(("127.0.0.1", room.pebble.http_port)).expect("the port is free");
    room.settings("terms_agreed = true\n", "kind = \"http-01\"\nwebroot = \"www\"\n");
    let mut child = room.home.start(&line);
    until("the file is there", || room.home.names(directory).iter().any(|name| !name.starts_with('.')));
    let status = stop(&mut child, Signal::TERM);
    assert_eq!(status.signal(), Some(Signal::TERM.as_raw()));
    assert!(room.home.names(directory).is_empty());
    assert!(challenge_notes(&room.home).is_empty());

    // A hook is stopped in the middle of its work, and called to clean up.
    let log = room.home.path("log").display().to_string();
    let hook = format!(
        "kind = \"dns-01\"\n[issuers.public.challenge.hook]\nshell = '''echo \"$1 $2\" >>{log}; \
                        test \"$1\" = cleanup || sleep 600'''\n"
    );
    room.settings("terms_agreed = true\n", &hook);
    let line = ["issue", "e.example.net", "--template", "https-server", "--out-cert", "e.pem", "--out-key", "e.key"];
    let mut child = room.home.start(&line);
    let said = || fs::read_to_string(&log).unwrap_or_default();
    until("the hook is called", || !said().is_empty());
    stop(&mut child, Signal::INT);
    assert_eq!(said(), "present _acme-challenge.e.example.net.\ncleanup _acme-challenge.e.example.net.\n");
    assert!(challenge_notes(&room.home).is_empty());
}
