//! A server in this process that speaks just enough ACME to misbehave at a chosen point.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use certroll_base::encoding::from_base64url;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What it answers: status, headers beside the usual ones, body.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    pub(super) fn problem(status: u16, kind: &str, detail: &str) -> Self {
        let body = json!({"type": format!("urn:ietf:params:acme:error:{kind}"), "detail": detail, "status": status});
        Self::new(status, body.to_string()).with("content-type", "application/problem+json")
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

type Misbehaviour = Box<dyn Fn(&str, usize) -> Option<Reply> + Send + Sync>;

/// The server; it ends when this is dropped.
pub(crate) struct Server {
    directory: TempDir,
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    port: u16,
    ends: AtomicBool,
    misbehaviour: Misbehaviour,
    /// What was sent to each path.
    asked: Mutex<BTreeMap<String, Vec<Vec<u8>>>>,
}

impl Server {
    /// Starts one. `misbehaviour` is asked first, with the path and how often that was asked for before.
    pub(crate) fn start(misbehaviour: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static) -> Self {
        let directory = TempDir::with_prefix("acme-server-").expect("a temporary directory can be made");
        let made = rcgen::generate(&directory);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let misbehaviour = Box::new(misbehaviour);
        let shared = Arc::new(Shared { port, ends: AtomicBool::new(false), misbehaviour, asked: Mutex::default() });
        let (theirs, settings) = (shared.clone(), Arc::new(made));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if theirs.ends.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, settings) = (theirs.clone(), settings.clone());
                thread::spawn(move || {
                    let connection = ServerConnection::new(settings).expect("the settings are good");
                    // A client that goes away is no failure.
                    let _ = shared.serve(StreamOwned::new(connection, stream));
                });
            }
        });
        Self { directory, port, shared }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("https://127.0.0.1:{}/dir", self.port)
    }

    pub(crate) fn ca_file(&self) -> PathBuf {
        self.directory.path().join("server.pem")
    }

    /// How often that path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.shared.asked.lock().expect("no thread panicked").get(path).map_or(0, Vec::len)
    }

    /// The payloads of the signed requests to that path.
    pub(super) fn payloads(&self, path: &str) -> Vec<Value> {
        let asked = self.shared.asked.lock().expect("no thread panicked");
        let payload = |body: &Vec<u8>| {
            let signed: Value = serde_json::from_slice(body).expect("a signed request");
            let payload = from_base64url(signed["payload"].as_str().expect("a payload")).expect("base64url");
            serde_json::from_slice(&payload).unwrap_or_default()
        };
        asked.get(path).into_iter().flatten().map(payload).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ends.store(true, Ordering::SeqCst);
        // Wakes whoever accepts.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn serve(&self, mut stream: StreamOwned<ServerConnection, TcpStream>) -> std::io::Result<()> {
        loop {
            let Some((path, sent)) = request(&mut BufReader::with_capacity(1, &mut stream))? else { return Ok(()) };
            let before = {
                let mut asked = self.asked.lock().expect("no thread panicked");
                let bodies = asked.entry(path.clone()).or_default();
                bodies.push(sent);
                bodies.len() - 1
            };
            let reply = (self.misbehaviour)(&path, before).unwrap_or_else(|| self.usual(&path));
            let mut head = format!("HTTP/1.1 {} Said\r\nreplay-nonce: bm9uY2U\r\n", reply.status);
            if !reply.headers.iter().any(|(name, _)| *name == "content-type") {
                head.push_str("content-type: application/json\r\n");
            }
            for (name, value) in &reply.headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            // An answer to HEAD has no body; newNonce is asked for in no other way.
            let body = if path == "/nonce" { "" } else { reply.body.as_str() };
            head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
            stream.write_all(head.as_bytes())?;
            stream.write_all(body.as_bytes())?;
            stream.flush()?;
        }
    }

    /// What a server that behaves says, up to an order that is placed.
    fn usual(&self, path: &str) -> Reply {
        let url = |path: &str| format!("https://127.0.0.1:{}/{path}", self.port);
        match path {
            "/dir" => Reply::new(
                200,
                json!({
                    "newNonce": url("nonce"), "newAccount": url("new-account"), "newOrder": url("new-order"),
                    "revokeCert": url("revoke"), "keyChange": url("key-change"), "renewalInfo": url("renewal"),
                })
                .to_string(),
            ),
            "/nonce" => Reply::new(200, ""),
            "/new-account" | "/account" => {
                Reply::new(200, json!({"status": "valid"}).to_string()).with("location", url("account"))
            }
            "/new-order" | "/order" => Reply::new(
                201,
                json!({"status": "ready", "authorizations": [], "finalize": url("finalize")}).to_string(),
            )
            .with("location", url("order")),
            _ => Reply::problem(404, "malformed", "there is no such thing"),
        }
    }
}

/// Reads one request: its path and its body; `None` at the end of the connection.
fn request(stream: &mut impl BufRead) -> std::io::Result<Option<(String, Vec<u8>)>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        stream.read_line(&mut header)?;
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Some((path, body)))
}

/// Its own TLS.
mod rcgen {
    use super::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerConfig, TempDir};
    use ::rcgen::{CertificateParams, KeyPair};

    pub(super) fn generate(directory: &TempDir) -> ServerConfig {
        let key = KeyPair::generate().expect("a key can be made");
        let parameters = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("a name");
        let certificate = parameters.self_signed(&key).expect("it can be signed");
        let der = certificate.der().to_vec();
        let pem = certroll_pki::container::pem::encode(certroll_pki::container::pem::Label::Certificate, &der);
        std::fs::write(directory.path().join("server.pem"), pem).expect("a file can be written");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(der)], key)
            .expect("a certificate and its key")
    }
}
