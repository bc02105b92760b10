//! A Jetty server on keystores under test, and curl as its client.

use std::path::Path;

use super::java::{Store, program};
use super::process::Running;
use super::{Output, Peer, command, run};

/// A running server; it ends when this is dropped.
pub(crate) struct JettyServer {
    port: u16,
    _process: Running,
}

/// Who calls: the certificate and the key of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Client<'a> {
    Anonymous,
    Pem {
        certificate: &'a Path,
        key: &'a Path,
    },
    /// A PKCS#12 store; its password must have no character that curl's configuration would have to escape.
    Pkcs12(&'a Store),
}

/// The one TLS version that a client offers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tls {
    V1_2,
    V1_3,
}

impl JettyServer {
    /// Starts a server on a keystore; with a truststore it demands client certificates.
    ///
    /// # Errors
    /// What Java said, when the server did not come up.
    pub(crate) fn start(store: &Store, client_trust: Option<&Store>) -> Result<Self, String> {
        let mut jetty = program("JettyCheck", Some((Peer::Jetty, "")));
        for store in std::iter::once(store).chain(client_trust) {
            jetty.arg(&store.path).arg(&store.password_file);
        }
        let mut process = Running::start(&mut jetty);
        let port = process.wait_for("READY ")?;
        Ok(Self { port: port.parse().map_err(|_| format!("not a port: {port}"))?, _process: process })
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Fetches the page under the name `host`, which the server's certificate must carry; `ca` holds the trusted root.
    pub(crate) fn get(&self, host: &str, tls: Tls, client: Client<'_>, ca: &Path) -> Output {
        let mut curl = command("curl");
        // `-q` first: a configuration file of the user must not change a test.
        curl.args(["-q", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "30", "--config", "-"]);
        curl.args(match tls {
            Tls::V1_2 => ["--tlsv1.2", "--tls-max", "1.2"],
            Tls::V1_3 => ["--tlsv1.3", "--tls-max", "1.3"],
        });
        curl.arg("--resolve").arg(format!("{host}:{}:127.0.0.1", self.port)).arg("--cacert").arg(ca);
        let mut secret = String::new();
        match client {
            Client::Anonymous => {}
            Client::Pem { certificate, key } => {
                curl.arg("--cert").arg(certificate).arg("--key").arg(key);
            }
            Client::Pkcs12(store) => {
                curl.args(["--cert-type", "P12", "--cert"]).arg(&store.path);
                let text = std::fs::read_to_string(&store.password_file).expect("the password file can be read");
                secret = format!("pass = \"{}\"\n", text.lines().next().unwrap_or_default());
            }
        }
        run(curl.arg(format!("https://{host}:{}/", self.port)), secret.as_bytes())
    }
}
