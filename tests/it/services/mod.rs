//! A rotation is done when the servers were seen to serve the new certificate; what they do not take is owed, and never leaves them
//! in the dark.

mod server;

use std::fs;
use std::path::Path;
use std::time::Duration;

use certroll_core::scan::endpoint::chain;
use certroll_pki::container::pem;
use certroll_pki::x509::certificate::Certificate;
use serde_json::Value;

use self::server::TlsServer;
use crate::home::{TestHome, text};

const NAME: &str = "web.example.net";

/// A home with a certificate in the files of a server, and the server.
struct Scene {
    home: TestHome,
    server: Option<TlsServer>,
}

impl Scene {
    /// The service `web` with that command to reload, and further arguments.
    fn new(reload: &str, more: &[&str]) -> Self {
        let home = TestHome::quick();
        let files = ["--out-cert", "server.pem", "--out-plain-key", "server.key"];
        home.ok(&[&["issue", NAME, "-t", "https-server", "--key", "ec:p256"][..], &files].concat());
        let server = TlsServer::start(&home.path(""), None);
        let scene = Self { home, server: Some(server) };
        scene.describe(reload, more).expect(0);
        scene
    }

    fn describe(&self, reload: &str, more: &[&str]) -> crate::home::Ran {
        let reload = format!("reload={}", reload.replace("DIR", &self.home.path("").display().to_string()));
        let line = ["service", "add", "web", "--driver", "command", "--certificate", NAME, "--set", &reload];
        let address = self.address();
        let rest = ["--set", "patience=2", "--endpoint", &address];
        self.home.certroll(&[&line[..], &rest, more].concat())
    }

    fn address(&self) -> String {
        self.server.as_ref().map(TlsServer::address).expect("there is a server")
    }

    /// Serial number of the current certificate.
    fn current(&self) -> String {
        let current = self.home.current();
        let found = current.iter().find(|one| text(one, "name") == NAME).expect("it is current");
        text(found, "serial").to_owned()
    }

    /// Serial number of what the endpoint shows.
    fn served(&self) -> String {
        serial(&chain(&self.address().parse().expect("an endpoint"), Duration::from_secs(10)).expect("a chain")[0])
    }

    /// Serial number of what the file holds.
    fn file(&self) -> String {
        serial(pem::read(&self.home.read("server.pem")).expect("it is PEM")[0].der.expose())
    }

    fn issued(&self) -> usize {
        self.home.records("cert.issued").len()
    }

    /// Name, state and outcome of the records about services, from the last rotation on.
    fn steps(&self) -> Vec<String> {
        let of_service = |record: &Value| record.pointer("/tgt/t").and_then(Value::as_str) == Some("service");
        let records = self.home.all_records();
        let last = records.iter().rposition(|record| text(record, "ev") == "cert.issued").unwrap_or_default();
        let about = records[last..].iter().filter(|record| of_service(record));
        about.map(|record| format!("{} {}", text(record, "ev"), text(record, "tgt/state"))).collect()
    }
}

fn serial(der: &[u8]) -> String {
    Certificate::from_der(der).expect("a certificate").serial.to_string()
}

const LOAD: &str = "sh -c 'echo load >DIR/order'";

#[test]
fn a_rotation_is_done_when_the_server_was_seen_to_serve_it() {
    let scene = Scene::new(LOAD, &["--post", "sh -c 'cat >/dev/null'"]);
    let before = scene.current();
    assert_eq!(scene.served(), before);
    let inspected = scene.home.ok(&["inspect", &scene.address(), "--format", "json"]).json();
    assert_eq!((text(&inspected, "format"), text(&inspected, "found/0/serial")), ("tls", before.as_str()));
    scene.home.certroll(&["inspect", "127.0.0.1:1"]).expect(6);
    scene.home.ok(&["check"]);
    let said = scene.home.ok(&["rotate", NAME]).stderr;
    assert!(said.contains("was seen to be served by `web`"), "{said}");
    let shown = scene.home.ok(&["show", NAME]).stdout;
    assert!(shown.contains("web: served, seen"), "{shown}");
    let after = scene.current();
    assert_ne!(before, after);
    assert_eq!((scene.served(), scene.file()), (after.clone(), after));
    assert_eq!(scene.steps(), ["cert.deployed reloaded", "cert.deployed served"]);
    scene.home.ok(&["check"]);
    scene.home.ok(&["rotate", "--due"]);
    assert_eq!(scene.issued(), 2);
    let listed = scene.home.ok(&["service", "list", "--format", "json"]).json();
    assert_eq!(text(&listed, "services/0/states/0/served_sha256").len(), 64);
    scene.home.verify();
}

/// The server says that it has loaded its files, and goes on with what it had, as Kafka does.
#[test]
fn who_lies_about_a_reload_is_seen_and_gets_the_predecessor_back() {
    let scene = Scene::new("true", &[]);
    let before = scene.current();
    let failed = scene.home.certroll(&["rotate", NAME]).expect(8);
    assert!(failed.stderr.contains("serves another certificate"), "{}", failed.stderr);
    let issued = scene.current();
    assert_ne!(issued, before, "it is issued all the same");
    assert_eq!((scene.served(), scene.file()), (before.clone(), before.clone()), "server and files are of one mind");
    assert_eq!(scene.steps(), ["cert.deployed reloaded", "cert.deploy.failed owed"]);
    // Owed, by whichever command is asked.
    scene.home.certroll(&["check"]).expect(11);
    scene.home.certroll(&["check", "--no-look"]).expect(11);
    let listed = scene.home.ok(&["service", "list"]);
    assert!(listed.stdout.contains("owed"), "{}", listed.stdout);
    scene.home.certroll(&["rotate", "--due"]).expect(8);
    assert_eq!(scene.issued(), 2, "no further one is asked for");
    // Once the server does what it says, the same certificate is finished.
    scene.describe(LOAD, &["--replace"]).expect(0);
    scene.home.ok(&["rotate", "--due"]);
    assert_eq!((scene.current(), scene.served(), scene.file()), (issued.clone(), issued.clone(), issued));
    assert_eq!(scene.issued(), 2);
    scene.home.ok(&["check"]);
    scene.home.verify();
}

/// A server that goes dark with the new certificate is made to serve the old one again, within the same command.
#[test]
fn who_goes_dark_serves_the_predecessor_again() {
    let scene =
        Scene::new("sh -c 'if cmp -s DIR/server.pem DIR/good; then echo load; else echo dark; fi >DIR/order'", &[]);
    fs::copy(scene.home.path("server.pem"), scene.home.path("good")).unwrap();
    let before = scene.current();
    let failed = scene.home.certroll(&["rotate", NAME]).expect(8);
    assert!(failed.stderr.contains("its predecessor is in place again"), "{}", failed.stderr);
    assert_eq!((scene.served(), scene.file()), (before.clone(), before));
    let key = fs::read(scene.home.path("server.key")).unwrap();
    assert!(key.starts_with(b"-----BEGIN PRIVATE KEY-----"));
    scene.home.certroll(&["check"]).expect(11);
    scene.home.verify();
}

#[test]
fn a_server_that_is_down_is_owed_and_keeps_the_new_files() {
    let mut scene = Scene::new("false", &[]);
    let server = scene.server.take().unwrap();
    let (port, before) = (server.port(), scene.current());
    drop(server);
    scene.home.certroll(&["rotate", NAME]).expect(8);
    assert_ne!(scene.current(), before);
    assert_eq!(scene.file(), scene.current(), "whoever starts it finds the new one");
    scene.home.certroll(&["check"]).expect(11);
    scene.home.certroll(&["rotate", "--due"]).expect(8);
    scene.server = Some(TlsServer::start(&scene.home.path(""), Some(port)));
    scene.describe(LOAD, &["--replace"]).expect(0);
    scene.home.ok(&["rotate", "--due"]);
    scene.home.ok(&["check"]);
    assert_eq!((scene.served(), scene.issued()), (scene.current(), 2));
}

#[test]
fn commands_before_and_after_are_heeded() {
    let scene = Scene::new(LOAD, &[]);
    let pre = format!("sh -c 'test ! -e {}'", scene.home.path("hold").display());
    let post = format!("sh -c 'cat >{}'", scene.home.path("told").display());
    scene.describe(LOAD, &["--replace", "--pre", &pre, "--post", &post]).expect(0);
    scene.home.write("hold", "");
    let before = scene.current();
    scene.home.certroll(&["rotate", NAME]).expect(8);
    assert_eq!((scene.file(), scene.served()), (before.clone(), before), "nothing was changed");
    scene.home.certroll(&["check"]).expect(11);
    fs::remove_file(scene.home.path("hold")).unwrap();
    scene.home.ok(&["rotate", "--due"]);
    let told: Value = serde_json::from_slice(&scene.home.read("told")).unwrap();
    assert_eq!((text(&told, "step"), text(&told, "service"), text(&told, "name")), ("post", "web", NAME));
    assert_eq!(text(&told, "serial"), scene.current());
    assert!(!String::from_utf8(scene.home.read("told")).unwrap().contains("PRIVATE"));
    // One that fails afterwards takes nothing back.
    scene.describe(LOAD, &["--replace", "--post", "false"]).expect(0);
    scene.home.certroll(&["rotate", NAME]).expect(8);
    assert_eq!(scene.served(), scene.current());
    scene.home.certroll(&["check"]).expect(11);
    scene.describe(LOAD, &["--replace"]).expect(0);
    scene.home.ok(&["rotate", "--due"]);
    scene.home.ok(&["check"]);
    assert_eq!(scene.issued(), 3);
}

/// The program is killed by what it runs, at each step of a rotation; the same command goes on with the same certificate.
#[test]
fn a_run_that_is_killed_at_any_step_is_gone_on_with() {
    for step in ["pre", "reload", "post"] {
        let scene = Scene::new(LOAD, &[]);
        let kill = format!(
            "sh -c 'if test -e {once}; then rm {once}; kill -9 $PPID; fi; echo load >{order}'",
            once = scene.home.path("once").display(),
            order = scene.home.path("order").display(),
        );
        let set = format!("reload={kill}");
        let (address, reload) =
            (scene.address(), format!("reload=sh -c 'echo load >{}'", scene.home.path("order").display()));
        let mut line = vec!["service", "add", "web", "--replace", "--driver", "command", "--certificate", NAME];
        line.extend(["--endpoint", &address]);
        match step {
            "reload" => line.extend(["--set", &set]),
            "pre" => line.extend(["--set", &reload, "--pre", &kill]),
            _ => line.extend(["--set", &reload, "--post", &kill]),
        }
        scene.home.ok(&line);
        scene.home.write("once", "");
        let before = scene.current();
        let killed = scene.home.certroll(&["rotate", NAME]);
        assert_ne!(killed.code, 0, "{step}: {}", killed.stderr);
        let issued = scene.current();
        assert_ne!(issued, before, "{step}");
        scene.home.certroll(&["check"]).expect(11);
        scene.home.ok(&["rotate", "--due"]);
        scene.home.ok(&["check"]);
        assert_eq!((scene.current(), scene.served(), scene.file()), (issued.clone(), issued.clone(), issued), "{step}");
        assert_eq!(scene.issued(), 2, "{step}");
        scene.home.verify();
    }
}

#[test]
fn check_believes_a_handshake_and_not_its_rows() {
    let mut scene = Scene::new(LOAD, &[]);
    let other = TestHome::quick();
    let files = ["--out-cert", "server.pem", "--out-plain-key", "server.key"];
    other.ok(&[&["issue", NAME, "-t", "https-server", "--key", "ec:p256"][..], &files].concat());
    let port = scene.server.take().unwrap().port();
    // A stranger's certificate under the same name at the same port.
    let stranger = TlsServer::start(&other.path(""), Some(port));
    let found = scene.home.certroll(&["check", "--format", "json"]).expect(11).json();
    assert!(found.to_string().contains("serves another certificate"), "{found}");
    scene.home.certroll(&["service", "probe", "web"]).expect(11);
    let doctor = scene.home.certroll(&["doctor"]).expect(11);
    assert!(doctor.stdout.contains("1 of 1 endpoints do not serve"), "{}", doctor.stdout);
    let before = stranger.connections();
    scene.home.ok(&["check", "--no-look"]);
    assert_eq!(stranger.connections(), before, "nothing was looked at");
    drop(stranger);
    let nobody = scene.home.certroll(&["check"]).expect(11);
    assert!(nobody.stdout.contains("cannot be looked at"), "{}", nobody.stdout);
    // What it serves is revoked.
    scene.server = Some(TlsServer::start(&scene.home.path(""), Some(port)));
    scene.home.ok(&["check"]);
    scene.home.ok(&["revoke", NAME, "--reason", "keyCompromise"]);
    scene.home.certroll(&["check"]).expect(12);
}

#[test]
fn what_cannot_be_used_is_refused_when_it_is_described() {
    let scene = Scene::new(LOAD, &[]);
    let home = &scene.home;
    let add = |more: &[&str]| home.certroll(&[&["service", "add", "s", "--certificate", NAME][..], more].concat());
    let nginx = ["--driver", "nginx", "--endpoint", "127.0.0.1:1"];
    for (more, said) in [
        (&["--driver", "nothing", "--endpoint", "a:1"][..], "expected one of"),
        (&["--driver", "nginx", "--endpoint", "localhost"], "HOST:PORT"),
        (&["--driver", "nginx", "--endpoint", "other@a:1"], "does not use"),
        (&["--driver", "nginx"], "--endpoint"),
        (&["--driver", "systemd", "--endpoint", "a:1"], "needs the setting `unit`"),
        (&["--driver", "nginx", "--endpoint", "a:1", "--set", "colour=red"], "no setting `colour`"),
        (&["--driver", "nginx", "--endpoint", "a:1", "--set", "config"], "NAME=VALUE"),
        (&["--driver", "nginx", "--endpoint", "a:1", "--pre", "a 'b"], "quote"),
    ] {
        let refused = add(more).expect(2);
        assert!(refused.stderr.contains(said), "{more:?}: {}", refused.stderr);
    }
    let unknown = ["service", "add", "s", "--certificate", "nobody"];
    let refused = home.certroll(&[&unknown[..], &nginx].concat()).expect(2);
    assert!(refused.stderr.contains("no current certificate"), "{}", refused.stderr);
    let twice = scene.describe(LOAD, &[]).expect(2);
    assert!(twice.stderr.contains("already") && twice.stderr.contains("--replace"), "{}", twice.stderr);
    home.certroll(&["service", "show", "other"]).expect(2);
    home.ok(&["service", "show", "web"]);
    home.ok(&["service", "rm", "web"]);
    home.certroll(&["service", "rm", "web"]).expect(2);
    assert_eq!(home.records("service.remove").len(), 1);
    // Without it a rotation ends with the files.
    home.ok(&["rotate", NAME]);
    home.ok(&["check"]);
    let verified = home.verify();
    assert!(verified.is_object());
}

/// One certificate in two servers: both are of one mind in the end.
#[test]
fn of_two_servers_that_do_not_agree_both_keep_the_predecessor() {
    let scene = Scene::new(LOAD, &[]);
    let other = scene.home.path("other");
    fs::create_dir(&other).unwrap();
    for file in ["server.pem", "server.key"] {
        std::os::unix::fs::symlink(Path::new("..").join(file), other.join(file)).unwrap();
    }
    let second = TlsServer::start(&other, None);
    let address = second.address();
    let line = ["service", "add", "x-second", "--driver", "command", "--certificate", NAME];
    let rest = ["--set", "reload=true", "--set", "patience=1", "--endpoint", &address];
    scene.home.ok(&[&line[..], &rest].concat());
    let before = scene.current();
    scene.home.certroll(&["rotate", NAME]).expect(8);
    assert_eq!((scene.served(), scene.file()), (before.clone(), before));
    scene.home.certroll(&["service", "probe"]).expect(11);
}
