//! A server that means harm: at every step of an issuance it answers without end, never, or with something else. Each command ends,
//! within bounds of time and memory, tells no secret, follows nowhere, and leaves a log that verifies.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::fake::{Reply, request, respond, says};
use super::refusals::nearly;
use crate::home::{Ran, TestHome};
use crate::secrets::{Needle, leaks};

const SECRET_ID: &str = "MARK-secret-id-4c1d";
const TOKEN: &str = "s.MARK-vault-token-8e2b";

/// What is done to the one request that is not answered as it should be.
#[derive(Clone, Copy, Debug)]
enum Harm {
    /// A body without an end, and none said.
    Endless,
    /// A body that says it has a terabyte.
    Terabyte,
    /// A header without an end.
    Headers,
    /// A byte now and then.
    Drip,
    /// Nothing, and the connection stays open.
    Silence,
    /// The connection ends in the middle of the body.
    Cut,
    /// To another server.
    Elsewhere,
    /// With this body.
    Body(fn(&str) -> String),
}

struct Hostile {
    port: u16,
    over: Arc<AtomicBool>,
    /// Bytes that were taken off it in the harmful answer.
    taken: Arc<AtomicU64>,
    /// Listens where `Elsewhere` leads.
    trap: TcpListener,
}

impl Hostile {
    fn start(path: &'static str, harm: Harm, root: &str) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let trap = TcpListener::bind("127.0.0.1:0").expect("a free port");
        trap.set_nonblocking(true).expect("it can be asked without waiting");
        let port = socket.local_addr().expect("an address").port();
        let elsewhere = trap.local_addr().expect("an address").port();
        let (over, taken, root) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default(), root.to_owned());
        let (ends, counts) = (over.clone(), taken.clone());
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let (ends, counts, root) = (ends.clone(), counts.clone(), root.clone());
                thread::spawn(move || serve(stream, path, (harm, elsewhere), &root, &ends, &counts));
            }
        });
        Self { port, over, taken, trap }
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

fn serve(
    mut stream: TcpStream,
    path: &str,
    (harm, elsewhere): (Harm, u16),
    root: &str,
    over: &AtomicBool,
    taken: &AtomicU64,
) {
    let Ok(Some(request)) = request(&mut stream) else { return };
    if !request.contains(&format!(" /v1/{path}")) {
        let _ = respond(stream, usual(&request, root));
        return;
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let mut write = |bytes: &[u8]| {
        let written = stream.write_all(bytes).is_ok() && !over.load(Ordering::SeqCst);
        taken.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        written
    };
    let spaces = [b' '; 1 << 16];
    match harm {
        Harm::Endless => {
            write(format!("{head}\r\n").as_bytes());
            while write(&spaces) {}
        }
        Harm::Terabyte => {
            write(format!("{head}Content-Length: 1099511627776\r\n\r\n").as_bytes());
            while write(&spaces) {}
        }
        Harm::Headers => {
            write(head.as_bytes());
            while write(format!("X-More: {}\r\n", "y".repeat(1000)).as_bytes()) {}
        }
        Harm::Drip => {
            write(format!("{head}Content-Length: 1000000\r\n\r\n").as_bytes());
            while write(b" ") {
                thread::sleep(Duration::from_millis(200));
            }
        }
        Harm::Silence => {
            let _ = stream.read(&mut [0; 1]);
        }
        Harm::Cut => drop(write(format!("{head}Content-Length: 100\r\n\r\n{{\"auth\"").as_bytes())),
        Harm::Elsewhere => {
            let location = format!("Location: http://127.0.0.1:{elsewhere}/v1/{path}\r\n");
            let _ = respond(stream, Some(("307 Temporary Redirect", location, String::new())));
        }
        Harm::Body(body) => {
            let _ = respond(stream, Some(("200 OK", "Content-Type: application/json\r\n".to_owned(), body(root))));
        }
    }
}

/// What a server that behaves says.
fn usual(request: &str, root: &str) -> Reply {
    if request.starts_with("POST /v1/auth/approle/login") {
        return says(
            "200 OK",
            &json!({"auth": {"client_token": TOKEN, "accessor": "a", "policies": [], "token_policies": [], "metadata": null,
                "lease_duration": 3600, "renewable": false, "entity_id": "", "token_type": "service", "orphan": true}}),
        );
    }
    nearly(request, root).unwrap_or_else(|| says("404 Not Found", &json!({"errors": []})))
}

/// Runs it to its end; answers the most memory it had, in KiB.
fn measured(home: &TestHome, arguments: &[&str]) -> (Ran, u64) {
    let mut command = home.command(arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it can be started");
    let (status, mut most) = (format!("/proc/{}/status", child.id()), 0);
    while child.try_wait().expect("it can be waited for").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(peak.unwrap_or(0));
        thread::sleep(Duration::from_millis(10));
    }
    (child.wait_with_output().expect("it has ended").into(), most)
}

#[test]
fn a_server_that_means_harm_costs_little_and_learns_nothing() {
    const LOGIN: &str = "auth/approle/login";
    const SIGN: &str = "pki/sign/web";
    let deep: fn(&str) -> String = |_| "[".repeat(200_000);
    let no_token: fn(&str) -> String = |_| json!({"auth": null}).to_string();
    let bad_token: fn(&str) -> String = |_| {
        let auth = json!({"client_token": "s.a\r\nX-Other: b", "accessor": "a", "policies": [], "token_policies": [],
            "metadata": null, "lease_duration": 1, "renewable": false, "entity_id": "", "token_type": "x", "orphan": true});
        json!({ "auth": auth }).to_string()
    };
    let page: fn(&str) -> String = |_| "<html>sign in</html>".to_owned();
    let another: fn(&str) -> String = |root| {
        json!({"data": {"certificate": root, "issuing_ca": root, "ca_chain": [root], "serial_number": "01",
            "private_key": "", "private_key_type": "ec", "expiration": 0}})
        .to_string()
    };
    let table = [
        ("sys/health", Harm::Endless),
        ("sys/health", Harm::Silence),
        (LOGIN, Harm::Endless),
        (LOGIN, Harm::Terabyte),
        (LOGIN, Harm::Headers),
        (LOGIN, Harm::Drip),
        (LOGIN, Harm::Silence),
        (LOGIN, Harm::Cut),
        (LOGIN, Harm::Elsewhere),
        (LOGIN, Harm::Body(deep)),
        (LOGIN, Harm::Body(no_token)),
        (LOGIN, Harm::Body(bad_token)),
        (SIGN, Harm::Endless),
        (SIGN, Harm::Drip),
        (SIGN, Harm::Elsewhere),
        (SIGN, Harm::Body(deep)),
        (SIGN, Harm::Body(page)),
        (SIGN, Harm::Body(another)),
    ];
    let needles = [Needle::new("the secret id", SECRET_ID.as_bytes()), Needle::new("the token", TOKEN.as_bytes())];
    let home = TestHome::quick();
    home.write("secrets/secret-id", SECRET_ID);
    let root = String::from_utf8(home.read("home/ca/root.pem")).expect("PEM is text");
    let settings = String::from_utf8(home.read("home/certroll.toml")).expect("it is text");
    let (mut slowest, mut largest, mut longest) = (Duration::ZERO, 0, 0);
    for (at, (path, harm)) in table.into_iter().enumerate() {
        let server = Hostile::start(path, harm, &root);
        home.write(
            "home/certroll.toml",
            format!(
                "{settings}\n[issuers.vault]\nkind = \"vault\"\naddress = \"http://127.0.0.1:{}\"\nrole = \"web\"\n\
                 timeout_secs = 3\nsettle_secs = 0\n[issuers.vault.auth]\nmethod = \"approle\"\nrole_id = \"r\"\n\
                 secret_id_file = \"../secrets/secret-id\"\n",
                server.port
            ),
        );
        let name = format!("a{at}.example.net");
        let issue =
            ["issue", &name, "-t", "https-server", "--issuer", "vault", "--key", "ec:p256", "--out-cert", "a.pem"];
        let arguments: &[&str] = if path == "sys/health" { &["issuer", "test", "vault"] } else { &issue };
        let began = Instant::now();
        let (ran, memory) = measured(&home, arguments);
        let (took, taken) = (began.elapsed(), server.taken.load(Ordering::SeqCst));
        assert!(
            ran.code > 0 && ran.stderr.contains("error: ") && !ran.stderr.contains("panicked"),
            "{path}: {harm:?}: {ran:?}"
        );
        assert!(took < Duration::from_secs(40), "{path}: {harm:?}: {took:?}");
        assert!(memory < 128 << 10, "{path}: {harm:?}: {memory} KiB");
        assert!(taken < 64 << 20, "{path}: {harm:?}: {taken} bytes");
        assert!(server.trap.accept().is_err(), "{path}: {harm:?}: it went elsewhere");
        assert!(!home.path("a.pem").exists(), "{path}: {harm:?}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains(SECRET_ID) && !said.contains(TOKEN), "{path}: {harm:?}: {said}");
        (slowest, largest, longest) = (slowest.max(took), largest.max(memory), longest.max(taken));
    }
    assert_eq!(leaks(&home.path(""), &needles), [""; 0]);
    assert_eq!(home.records("cert.issued").len(), 0, "nothing of it counts as issued");
    // The control: the same server, when it does no harm, lets us in and is asked for a signature.
    let server = Hostile::start("nowhere", Harm::Silence, &root);
    let text = String::from_utf8(home.read("home/certroll.toml")).expect("it is text");
    let old = text.lines().find(|line| line.starts_with("address")).expect("there is one").to_owned();
    home.write("home/certroll.toml", text.replace(&old, &format!("address = \"http://127.0.0.1:{}\"", server.port)));
    home.ok(&["issuer", "test", "vault"]);
    let line = format!("vault: hostile server: slowest {slowest:?}, most memory {largest} KiB, most bytes {longest}\n");
    std::io::stderr().write_all(line.as_bytes()).expect("stderr takes a line");
}
