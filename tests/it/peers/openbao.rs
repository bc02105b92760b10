//! An OpenBao server: in development mode, in memory and open at once; or with TLS, sealed until it is opened.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::listening::Listening;
use super::{command, run};

/// Longer than the slowest machine needs to start it.
const DEADLINE: Duration = Duration::from_secs(60);

/// The token of whoever may do everything on a server in development mode.
pub(crate) const ROOT: &str = "MARK-root-token-5b1d";

/// A running server; it ends when this is dropped.
pub(crate) struct OpenBao {
    address: String,
    token: String,
    /// The roots that its certificate is checked against.
    ca: Option<PathBuf>,
    /// What opens it.
    unseal: String,
    _process: Listening,
}

impl OpenBao {
    /// A server in development mode: without TLS, in memory, with the token [`ROOT`].
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        let file = directory.path().join("server.hcl");
        // For copies of what a mount holds: see `copy_mount`.
        fs::write(&file, "raw_storage_endpoint = true\n").expect("a file can be written");
        let process = Listening::start(|port| {
            let mut bao = bao(&file);
            bao.args(["-dev", "-dev-no-store-token", &format!("-dev-root-token-id={ROOT}")]);
            bao.arg(format!("-dev-listen-address=127.0.0.1:{port}"));
            bao
        });
        let (address, token) = (format!("http://127.0.0.1:{}", process.port()), ROOT.to_owned());
        let server = Self { address, token, ca: None, unseal: String::new(), _process: process };
        server.wait();
        server
    }

    /// A server with that TLS certificate and key, which it shows to clients that believe in `ca`. It is sealed again
    /// and again by [`OpenBao::seal`], and open now.
    pub(crate) fn with_tls(directory: &Path, (certificate, key, ca): (&Path, &Path, &Path)) -> Self {
        let file = directory.join("server.hcl");
        let process = Listening::start(|port| {
            let text = format!(
                "storage \"inmem\" {{}}\nlistener \"tcp\" {{\n  address = \"127.0.0.1:{port}\"\n  \
                 tls_cert_file = \"{}\"\n  tls_key_file = \"{}\"\n}}\napi_addr = \"https://127.0.0.1:{port}\"\n",
                certificate.display(),
                key.display()
            );
            fs::write(&file, text).expect("a file can be written");
            bao(&file)
        });
        let address = format!("https://127.0.0.1:{}", process.port());
        let ca = Some(ca.to_owned());
        let mut server = Self { address, token: String::new(), ca, unseal: String::new(), _process: process };
        let made = server.must("PUT", "sys/init", &json!({"secret_shares": 1, "secret_threshold": 1}));
        server.token = made["root_token"].as_str().expect("a token").to_owned();
        server.unseal = made["keys"][0].as_str().expect("a key").to_owned();
        server.unseal();
        server
    }

    /// Opens it.
    pub(crate) fn unseal(&self) {
        self.must("PUT", "sys/unseal", &json!({"key": self.unseal}));
        self.wait();
    }

    /// Open is not yet active.
    fn wait(&self) {
        let started = Instant::now();
        while self.call("GET", "sys/health", &Value::Null).0 != 200 {
            assert!(started.elapsed() < DEADLINE, "the server did not become active");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Closes it.
    pub(crate) fn seal(&self) {
        self.must("PUT", "sys/seal", &json!({}));
    }

    /// `http://127.0.0.1:PORT`, or with `https`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The token of whoever may do everything.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Status and body of a call with that token.
    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        match &self.ca {
            None => call(&self.address, (&self.token, ""), (method, path), body),
            Some(ca) => self.call_with_tls(ca, method, path, body),
        }
    }

    /// The body of a call that must succeed.
    pub(crate) fn must(&self, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.call(method, path, body);
        assert!((200..300).contains(&status), "{method} {path} {body}: {status} {answer}");
        answer
    }

    fn call_with_tls(&self, ca: &Path, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let mut curl = command("curl");
        curl.args(["-q", "--silent", "--show-error", "--noproxy", "*", "--max-time", "60", "--config", "-"]);
        curl.args(["--request", method, "--write-out", "\n%{http_code}"]).arg("--cacert").arg(ca);
        if !body.is_null() {
            curl.arg("--data").arg(body.to_string());
        }
        let secret = format!("header = \"X-Vault-Token: {}\"\n", self.token);
        let said = run(curl.arg(format!("{}/v1/{path}", self.address)), secret.as_bytes()).expect_success("curl");
        let (body, status) = said.stdout.rsplit_once('\n').expect("a status");
        (status.parse().expect("a status"), serde_json::from_str(body).unwrap_or(Value::Null))
    }
}

/// The server with that configuration, told nothing by the environment.
fn bao(file: &Path) -> Command {
    let mut bao = command("bao");
    bao.arg("server").arg(format!("-config={}", file.display())).env_remove("VAULT_TOKEN").env_remove("BAO_TOKEN");
    bao
}

/// Status and body of a call to a server without TLS, with a token and in a namespace. HTTP/1.0, so that the answer is in
/// one piece.
pub(crate) fn call(
    address: &str,
    (token, namespace): (&str, &str),
    (method, path): (&str, &str),
    body: &Value,
) -> (u16, Value) {
    let host = address.strip_prefix("http://").expect("an address without TLS");
    let mut stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{address}: {error}"));
    stream.set_read_timeout(Some(DEADLINE)).expect("a timeout can be set");
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let namespace = if namespace.is_empty() { String::new() } else { format!("X-Vault-Namespace: {namespace}\r\n") };
    let request = format!(
        "{method} /v1/{path} HTTP/1.0\r\nHost: {host}\r\nX-Vault-Token: {token}\r\n{namespace}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("a request can be sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer can be read");
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) =
        answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{method} {path}: no answer: `{answer}`"));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// Copies everything that one mount holds into another of the same kind, which is new.
pub(crate) fn copy_mount(address: &str, from: &str, to: &str) {
    let ask = |method: &str, path: &str, body: &Value| call(address, (ROOT, ""), (method, path), body);
    let home = |mount: &str| {
        let told = ask("GET", &format!("sys/internal/ui/mounts/{mount}"), &Value::Null).1;
        format!("logical/{}/", told["data"]["uuid"].as_str().expect("a mount"))
    };
    let (from, to) = (home(from), home(to));
    let mut pending = vec![from.clone()];
    while let Some(folder) = pending.pop() {
        let (_, listed) = ask("GET", &format!("sys/raw/{folder}?list=true"), &Value::Null);
        for key in listed["data"]["keys"].as_array().into_iter().flatten() {
            let path = format!("{folder}{}", key.as_str().expect("a key"));
            if path.ends_with('/') {
                pending.push(path);
                continue;
            }
            let (status, read) = ask("GET", &format!("sys/raw/{path}?encoding=base64"), &Value::Null);
            assert_eq!(status, 200, "{path}: {read}");
            let body = json!({"value": read["data"]["value"], "encoding": "base64"});
            let (status, said) = ask("POST", &format!("sys/raw/{}", path.replace(&from, &to)), &body);
            assert!((200..300).contains(&status), "{path}: {said}");
        }
    }
}
