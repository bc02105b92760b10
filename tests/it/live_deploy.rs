//! Servers start with the configuration that `service config` writes, let the right client in, and nobody else.

use std::fs;
use std::path::Path;

use crate::home::TestHome;
use crate::peers::{self, Caller, Listening, Peer, activemq, jetty, mosquitto, nginx, rabbitmq};

const HOST: &str = "server.example.net";
/// A directory whose name each syntax has to write in its own way.
const ODD: &str = "a b&c";

/// Two homes: `ours` with a server and a client, `theirs` with a client of a CA that the server does not know.
struct Scene {
    ours: TestHome,
    theirs: TestHome,
}

impl Scene {
    fn new(template: &str) -> Self {
        let scene = Self { ours: TestHome::new(), theirs: TestHome::new() };
        fs::create_dir(scene.ours.path(ODD)).expect("a directory can be made");
        let [keystore, certificate, key] =
            ["server.p12", "server.pem", "server.key.pem"].map(|name| format!("{ODD}/{name}"));
        let files = ["--keystore", &keystore, "--out-cert", &certificate, "--out-key", &key];
        scene.ours.ok(&[&["issue", HOST, "-t", template, "--key", "ec:p256"][..], &files].concat());
        for home in [&scene.ours, &scene.theirs] {
            let files = ["--out-cert", "client.pem", "--out-key", "client.key.pem"];
            home.ok(&[&["issue", "import", "-t", "jms-client", "--key", "ec:p256"][..], &files].concat());
            home.ok(&["ca", "export", "--out", &home.path("ca.pem").display().to_string()]);
        }
        scene.ours.ok(&["ca", "export", "--out", &format!("{ODD}/trust.p12")]);
        scene.ours.ok(&["ca", "export", "--out", &format!("{ODD}/trust.pem")]);
        scene
    }

    /// Writes the configuration for a port.
    fn configure(&self, server: &str, truststore: &str, port: Option<u16>, out: &Path) {
        let (out, truststore) = (out.display().to_string(), format!("{ODD}/{truststore}"));
        let listen = port.map(|port| format!("127.0.0.1:{port}"));
        let mut line = vec!["service", "config", "--server", server, "--name", HOST];
        line.extend(["--truststore", &truststore, "--out", &out]);
        line.extend(listen.iter().flat_map(|listen| ["--listen", listen]));
        self.ours.ok(&line);
    }

    fn directory(&self, name: &str) -> std::path::PathBuf {
        let path = self.ours.path(name);
        fs::create_dir_all(&path).expect("a directory can be made");
        path
    }

    /// The right client has `welcome` in its answer under TLS 1.3 and 1.2; a foreign one, one without a certificate and
    /// one that speaks TLS 1.1 have not.
    fn tried(&self, server: &mut Listening, message: &[u8], welcome: &str) {
        let ca = self.ours.path("ca.pem");
        let files = |home: &TestHome| ["client.pem", "client.key.pem", "secrets/storepass"].map(|name| home.path(name));
        let ([certificate, key, password_file], foreign) = (files(&self.ours), files(&self.theirs));
        let right = Caller { certificate: &certificate, key: &key, password_file: &password_file };
        let [certificate, key, password_file] = &foreign;
        let foreign = Caller { certificate, key, password_file };
        let old = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
        let weak = ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:@SECLEVEL=0"];
        for version in [&["-tls1_3"][..], &["-tls1_2"]] {
            let said = server.say(HOST, Some(right), &ca, version, message);
            assert!(said.stdout.contains(welcome), "{version:?}: {said:?}");
            for wrong in [Some(foreign), None] {
                let said = server.say(HOST, wrong, &ca, version, message);
                assert!(!said.stdout.contains(welcome), "{version:?} {wrong:?}: {said:?}");
            }
        }
        for refused in [&old[..], &weak] {
            let said = server.say(HOST, Some(right), &ca, refused, message);
            assert!(!said.success() && !said.stdout.contains(welcome), "{refused:?}: {said:?}");
        }
        assert!(server.runs(), "the server is still there");
        let said = server.say(HOST, Some(right), &ca, &[], message);
        assert!(said.stdout.contains(welcome), "after all of that: {said:?}");
    }
}

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: server.example.net\r\nConnection: close\r\n\r\n";

#[test]
fn live_deploy_nginx() {
    if !peers::require(&[Peer::Nginx, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new("https-server");
    let directory = scene.directory("nginx");
    scene.configure("nginx", "trust.pem", None, &directory);
    let mut server = nginx(&directory, HOST, &directory.join("tls.conf"));
    scene.tried(&mut server, GET, "client: CN=import over TLSv1.");
    drop(server);

    // Negative control: the same client and the same check see a server that speaks TLS 1.1 and one that asks nobody.
    let text = fs::read_to_string(directory.join("tls.conf")).expect("it is text");
    let lax = text
        .replace("ssl_protocols TLSv1.2", "ssl_protocols TLSv1.1 TLSv1.2")
        .replace("ssl_ciphers ", "ssl_ciphers DEFAULT:@SECLEVEL=0:")
        .replace("ssl_verify_client on", "ssl_verify_client optional_no_ca");
    fs::write(directory.join("lax.conf"), lax).expect("a file can be written");
    let mut server = nginx(&directory, HOST, &directory.join("lax.conf"));
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| scene.tried(&mut server, GET, "client: ")));
    assert!(failed.is_err(), "a server that lets everybody in was not seen");
    let old = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
    let said = server.say(HOST, None, &scene.ours.path("ca.pem"), &old, GET);
    assert!(said.stdout.contains("over TLSv1.1"), "{said:?}");
}

/// MQTT 3.1.1: CONNECT with an empty client identifier, then DISCONNECT; the answer is CONNACK with return code 0.
const CONNECT: &[u8] = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00\xe0\x00";
const CONNACK: &str = "\x20\x02\x00\x00";

#[test]
fn live_deploy_mosquitto() {
    if !peers::require(&[Peer::Mosquitto, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new("mqtt-broker");
    let directory = scene.directory("mosquitto");
    let mut server =
        mosquitto(&directory, |port, included| scene.configure("mosquitto", "trust.pem", Some(port), included));
    scene.tried(&mut server, CONNECT, CONNACK);
}

/// AMQP in a version that there is not: the broker answers with the one it speaks, 0-9-1, and hangs up.
const AMQP: &[u8] = b"AMQP\x09\x09\x09\x09";
const AMQP_0_9_1: &str = "AMQP\x00\x00\x09\x01";

#[test]
fn live_deploy_rabbitmq() {
    if !peers::require(&[Peer::RabbitMq, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new("mqtt-broker");
    let directory = scene.directory("rabbitmq");
    let mut broker =
        rabbitmq(&directory, |port, included| scene.configure("rabbitmq", "trust.pem", Some(port), included));
    scene.tried(&mut broker.server, AMQP, AMQP_0_9_1);
}

/// OpenWire: a ShutdownInfo in loose encoding. The broker has said who it is by then, and hangs up.
const GOOD_BYE: &[u8] = b"\x00\x00\x00\x06\x0b\x00\x00\x00\x01\x00";

#[test]
fn live_deploy_activemq() {
    if !peers::require(&[Peer::ActiveMqPackage, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new("jms-broker");
    let directory = scene.directory("activemq");
    let mut server = activemq(&directory, |port, conf| scene.configure("activemq", "trust.p12", Some(port), conf));
    scene.tried(&mut server, GOOD_BYE, "ActiveMQ");
}

#[test]
fn live_deploy_jetty() {
    if !peers::require(&[Peer::JettyPackage, Peer::OpenSsl]) {
        return;
    }
    let scene = Scene::new("https-server");
    let directory = scene.directory("jetty");
    let mut server = jetty(&directory, |port, base| scene.configure("jetty", "trust.p12", Some(port), base));
    scene.tried(&mut server, GET, "HTTP/1.1 404 Not Found");
}
