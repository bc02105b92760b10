//! Certificates rotated under traffic: real servers, each with its driver, and handshakes all the time that count what is lost.

use std::env;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use certroll_core::scan::endpoint::{Endpoint, chain};

use crate::home::{TestHome, text};
use crate::peers::{self, NginxWithWorkers, Peer, jetty, mosquitto, rabbitmq};

const HOST: &str = "server.example.net";

/// How often each server's certificate is rotated; `tests/full services` asks for twenty.
fn rotations() -> usize {
    env::var("CERTROLL_TEST_SERVICES").ok().and_then(|text| text.parse().ok()).unwrap_or(2)
}

/// New connections all the time, each by itself, from a thread.
struct Traffic {
    ended: Arc<AtomicBool>,
    thread: JoinHandle<(usize, Vec<String>)>,
}

impl Traffic {
    fn to(port: u16) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let ended = Arc::clone(&ended);
            move || {
                let endpoint: Endpoint = format!("127.0.0.1:{port},{HOST}").parse().expect("an endpoint");
                let (mut tried, mut lost) = (0, Vec::new());
                while !ended.load(Ordering::SeqCst) {
                    tried += 1;
                    if let Err(error) = chain(&endpoint, Duration::from_secs(20)) {
                        lost.push(error.to_string());
                    }
                    thread::sleep(Duration::from_millis(20));
                }
                (tried, lost)
            }
        });
        Self { ended, thread }
    }

    /// How many connections were tried, and why those that were lost were.
    fn end(self) -> (usize, Vec<String>) {
        self.ended.store(true, Ordering::SeqCst);
        self.thread.join().expect("the thread does not panic")
    }
}

/// A home with a server's certificate, and the CAs of its clients.
fn scene(template: &str, files: &[&str]) -> TestHome {
    let home = TestHome::new();
    home.ok(&[&["issue", HOST, "-t", template, "--key", "ec:p256"][..], files].concat());
    home.ok(&["ca", "export", "--out", "trust.pem"]);
    home.ok(&["ca", "export", "--out", "trust.p12"]);
    home
}

fn directory(home: &TestHome, name: &str) -> PathBuf {
    let path = home.path(name);
    fs::create_dir_all(&path).expect("a directory can be made");
    path
}

fn configure(home: &TestHome, server: &str, truststore: &str, port: Option<u16>, out: &Path) {
    let out = out.display().to_string();
    let listen = port.map(|port| format!("127.0.0.1:{port}"));
    let mut line = vec!["service", "config", "--server", server, "--name", HOST, "--truststore", truststore];
    line.extend(["--out", &out]);
    line.extend(listen.iter().flat_map(|listen| ["--listen", listen]));
    home.ok(&line);
}

fn add(home: &TestHome, driver: &str, port: u16, settings: &[String]) {
    let endpoint = format!("127.0.0.1:{port},{HOST}");
    let mut line = vec!["service", "add", driver, "--driver", driver, "--certificate", HOST, "--endpoint", &endpoint];
    line.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    home.ok(&line);
}

/// Rotates under traffic; no connection is lost, and what is served is what is current. Tells what it measured.
fn rotate_under_traffic(home: &TestHome, driver: &str, port: u16) {
    home.ok(&["service", "probe", driver]);
    let traffic = Traffic::to(port);
    let mut longest = Duration::ZERO;
    for round in 0..rotations() {
        let began = Instant::now();
        home.ok(&["rotate", HOST]);
        longest = longest.max(began.elapsed());
        home.ok(&["service", "probe", driver]);
        assert_eq!(home.records("cert.issued").len(), round + 2, "{driver}");
    }
    let (tried, lost) = traffic.end();
    let (rounds, count) = (rotations(), lost.len());
    let line = format!("{driver}: {rounds} rotations, the longest {longest:?}; {count} of {tried} connections lost");
    writeln!(std::io::stdout(), "{line}").expect("stdout takes a line");
    assert!(lost.is_empty(), "{driver}: {lost:?}");
    home.ok(&["check"]);
    // Without the driver nothing of that would have been seen to.
    let served: Vec<_> = home.records("cert.deployed");
    let served = served.iter().filter(|record| record.pointer("/tgt/state").is_some_and(|state| state == "served"));
    assert_eq!(served.count(), rotations(), "{driver}");
}

#[test]
fn live_services_nginx() {
    if !peers::require(&[Peer::Nginx]) {
        return;
    }
    let home = scene("https-server", &["--out-cert", "s.pem", "--out-key", "s.key.pem"]);
    let dir = directory(&home, "nginx");
    configure(&home, "nginx", "trust.pem", None, &dir);
    let mut nginx = NginxWithWorkers::start(&dir, HOST, &dir.join("tls.conf"));
    let port = nginx.server.port();
    add(&home, "nginx", port, &[format!("config={}", nginx.configuration().display())]);
    rotate_under_traffic(&home, "nginx", port);
    // A configuration that nginx does not take: its own test says so, and the predecessor is in place again.
    let before = fs::read(home.path("s.pem")).expect("it is there");
    let tls = fs::read_to_string(dir.join("tls.conf")).expect("it is text");
    fs::write(dir.join("tls.conf"), format!("{tls}nonsense on;\n")).expect("it can be written");
    let failed = home.certroll(&["rotate", HOST]).expect(8);
    assert!(failed.stderr.contains("test") && failed.stderr.contains("nonsense"), "{}", failed.stderr);
    assert_eq!(fs::read(home.path("s.pem")).expect("it is there"), before);
    assert!(nginx.server.runs());
    home.certroll(&["check"]).expect(11);
    fs::write(dir.join("tls.conf"), tls).expect("it can be written");
    home.ok(&["rotate", "--due"]);
    home.ok(&["check"]);
}

/// Its key in the clear, which `service config` writes, is renewed with the certificate; a line of the operator stays.
#[test]
fn live_services_mosquitto() {
    if !peers::require(&[Peer::Mosquitto]) {
        return;
    }
    let home = scene("mqtt-broker", &["--out-cert", "s.pem", "--out-key", "s.key.pem"]);
    let dir = directory(&home, "mosquitto");
    let pid_file = dir.join("pid");
    let mut included = PathBuf::new();
    let server = mosquitto(&dir, |port, conf| {
        configure(&home, "mosquitto", "trust.pem", Some(port), conf);
        let tls = conf.join("tls.conf");
        let text = fs::read_to_string(&tls).expect("it is text");
        fs::write(&tls, format!("{text}max_keepalive 600\n")).expect("it can be written");
        fs::write(conf.join("pid.conf"), format!("pid_file {}\n", pid_file.display())).expect("it can be written");
        configure(&home, "mosquitto", "trust.pem", Some(port), conf);
        included = conf.to_owned();
    });
    let text = fs::read_to_string(included.join("tls.conf")).expect("it is text");
    assert!(text.contains("max_keepalive 600"), "{text}");
    add(&home, "mosquitto", server.port(), &[format!("pid-file={}", pid_file.display())]);
    let key = fs::read(included.join("server.key")).expect("it is there");
    rotate_under_traffic(&home, "mosquitto", server.port());
    assert_ne!(fs::read(included.join("server.key")).expect("it is there"), key);
}

#[test]
fn live_services_rabbitmq() {
    if !peers::require(&[Peer::RabbitMq]) {
        return;
    }
    let home = scene("mqtt-broker", &["--out-cert", "s.pem", "--out-plain-key", "s.key"]);
    let dir = directory(&home, "rabbitmq");
    let broker = rabbitmq(&dir, |port, conf| configure(&home, "rabbitmq", "trust.pem", Some(port), conf));
    // Its tool, with what it needs to find this broker and no other.
    let tool = dir.join("ctl");
    let script = format!(
        "#!/bin/sh\nexec env HOME={} ERL_EPMD_PORT={} RABBITMQ_CONF_ENV_FILE=/dev/null {} \"$@\"\n",
        dir.display(),
        broker.names_port(),
        "/usr/lib/rabbitmq/bin/rabbitmqctl",
    );
    fs::write(&tool, script).expect("it can be written");
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).expect("a mode can be set");
    let settings = [format!("program={}", tool.display()), "node=certroll@localhost".to_owned()];
    add(&home, "rabbitmq", broker.server.port(), &settings);
    rotate_under_traffic(&home, "rabbitmq", broker.server.port());
}

#[test]
fn live_services_jetty() {
    if !peers::require(&[Peer::JettyPackage]) {
        return;
    }
    let home = scene("https-server", &["--keystore", "s.p12"]);
    let dir = directory(&home, "jetty");
    let server = jetty(&dir, |port, base| configure(&home, "jetty", "trust.p12", Some(port), base));
    add(&home, "jetty", server.port(), &[]);
    rotate_under_traffic(&home, "jetty", server.port());
    let shown = home.ok(&["service", "show", "jetty", "--format", "json"]).json();
    assert_eq!(text(&shown, "states/0/certificate"), HOST);
}
