//! moto's server, which speaks like AWS: what a test says to it directly, beside what certroll says.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::command;
use super::process::Running;

/// Longer than it needs on a busy machine to start.
const DEADLINE: Duration = Duration::from_secs(90);
/// How often another port is tried.
const ATTEMPTS: usize = 3;

/// A running server without a memory; it ends when this is dropped.
pub(crate) struct Moto {
    port: u16,
    _process: Running,
}

impl Moto {
    /// Starts one on a free port; requests for public certificates are validated after a second.
    pub(crate) fn start() -> Self {
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
            let mut moto = command("moto_server");
            moto.args(["-H", "127.0.0.1", "-p", &port.to_string()]).env("MOTO_ACM_VALIDATION_WAIT", "1");
            let mut process = Running::start(&mut moto);
            let started = Instant::now();
            while started.elapsed() < DEADLINE && process.ended().is_none() {
                if ready(port) {
                    return Self { port, _process: process };
                }
                thread::sleep(Duration::from_millis(100));
            }
            said = process.kill();
        }
        panic!("moto did not start: {said}");
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Calls it as the SDKs of AWS do (AWS JSON 1.1), without a signature, which it does not check.
    pub(crate) fn call(&self, service: &str, target: &str, body: &Value) -> Value {
        let body = body.to_string();
        let credential = format!("AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request");
        let head = format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.1\r\n\
             X-Amz-Target: {target}\r\nAuthorization: {credential}, SignedHeaders=host, Signature=none\r\n\
             Content-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        let (status, answer) = exchange(self.port, &format!("{head}{body}")).expect("moto answers");
        assert!(status == 200, "{target}: {status} {answer}");
        if answer.is_empty() { Value::Null } else { serde_json::from_str(&answer).expect("moto answers in JSON") }
    }
}

fn ready(port: u16) -> bool {
    let request = format!("GET /moto-api/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    exchange(port, &request).is_ok_and(|(status, _)| status > 0)
}

fn exchange(port: u16, request: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(DEADLINE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body))
}
