//! A server on a port of the loopback interface, and openssl as a client that says whatever it is told to.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::process::{DEADLINE, Running};
use super::{Output, command, run};

/// How often another port is tried: between finding a free one and the start of the server somebody may take it.
const ATTEMPTS: usize = 5;

/// A running server; it ends when this is dropped.
pub(crate) struct Listening {
    port: u16,
    process: Running,
}

/// Who calls: certificate and key in PEM, and the file with the password of the key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) certificate: &'a Path,
    pub(crate) key: &'a Path,
    pub(crate) password_file: &'a Path,
}

impl Listening {
    /// Starts a server; `command` configures it for a port.
    ///
    /// # Panics
    /// With what it said, when it ends, or does not listen in time.
    pub(crate) fn start(mut command: impl FnMut(u16) -> Command) -> Self {
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
            let port = free.expect("a port is free").port();
            let mut process = Running::start(&mut command(port));
            let stdout = process.stdout();
            if Self::comes_up(port, &mut process) {
                return Self { port, process };
            }
            said = process.kill() + &stdout.join().expect("the reader of stdout does not panic");
        }
        panic!("the server did not start: {said}");
    }

    fn comes_up(port: u16, process: &mut Running) -> bool {
        let started = Instant::now();
        while started.elapsed() < DEADLINE && process.ended().is_none() {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                // If somebody else listens there, the server finds the port taken and ends.
                return process.ended().is_none();
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.process.ended().is_none()
    }

    /// Says `message` to the server over TLS under the name `host`, and returns what it answers until it hangs up.
    /// `extra` are arguments of `openssl s_client`.
    pub(crate) fn say(
        &self,
        host: &str,
        caller: Option<Caller<'_>>,
        ca: &Path,
        extra: &[&str],
        message: &[u8],
    ) -> Output {
        let mut client = command("openssl");
        client.args(["s_client", "-quiet", "-verify_return_error", "-servername", host]);
        client.args(["-verify_hostname", host, "-connect", &format!("127.0.0.1:{}", self.port)]);
        client.arg("-CAfile").arg(ca);
        if let Some(caller) = caller {
            client.arg("-cert").arg(caller.certificate).arg("-cert_chain").arg(caller.certificate);
            client.arg("-key").arg(caller.key);
            client.arg("-pass").arg(format!("file:{}", caller.password_file.display()));
        }
        run(client.args(extra), message)
    }
}
