//! Pebble, the ACME server that Let's Encrypt tests clients with, and its server of DNS answers, both on this machine alone.

use std::fs;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::process::Running;
use super::{command, openssl, run};

/// Longer than a busy machine needs to make the keys of three CAs.
const DEADLINE: Duration = Duration::from_secs(120);

/// How the server is to behave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manners<'a> {
    /// Key identifier and base64url key of an external account; with one, every new account needs it.
    pub(crate) external_account: Option<(&'a str, &'a str)>,
    /// Of a hundred good nonces so many are refused.
    pub(crate) nonces_refused: u8,
    /// Names that it never signs for.
    pub(crate) blocked: &'a [&'a str],
    /// `address:port` of the DNS server that it asks; its own by default.
    pub(crate) resolver: Option<String>,
    /// Further variables.
    pub(crate) environment: &'a [(&'a str, &'a str)],
}

/// A running server; it ends when this is dropped.
pub(crate) struct Pebble {
    directory: TempDir,
    port: u16,
    management: u16,
    challenges: u16,
    /// Where it connects to for http-01.
    pub(crate) http_port: u16,
    /// Where it connects to for tls-alpn-01.
    pub(crate) tls_port: u16,
    dns: u16,
    processes: Option<[Running; 2]>,
}

impl Pebble {
    /// Starts both servers and waits until they answer.
    ///
    /// # Panics
    /// When they do not come up.
    pub(crate) fn start(manners: &Manners<'_>) -> Self {
        // Between the search for a port and its use somebody else may take it.
        let mut last = String::new();
        for _ in 0..5 {
            match Self::try_start(manners) {
                Ok(started) => return started,
                Err(said) => last = said,
            }
        }
        panic!("pebble does not come up: {last}")
    }

    fn try_start(manners: &Manners<'_>) -> Result<Self, String> {
        let directory = TempDir::with_prefix("pebble-").expect("a temporary directory can be made");
        certificate(directory.path());
        let [port, management, challenges, http_port, tls_port, dns] = free_ports();
        // DNS is asked over both.
        drop(UdpSocket::bind(("127.0.0.1", dns)).map_err(|error| format!("port {dns} is free for TCP only: {error}"))?);
        let mut settings = json!({
            "listenAddress": format!("127.0.0.1:{port}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": directory.path().join("server.pem"),
            "privateKey": directory.path().join("server.key"),
            "httpPort": http_port,
            "tlsPort": tls_port,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": manners.external_account.is_some(),
            "domainBlocklist": manners.blocked,
            "retryAfter": {"authz": 0, "order": 0},
            "profiles": {
                "default": {"description": "ninety days", "validityPeriod": 7_776_000},
                "shortlived": {"description": "six days", "validityPeriod": 518_400},
            },
        });
        if let Some((kid, key)) = manners.external_account {
            settings["externalAccountMACKeys"] = json!({kid: key});
        }
        let file = directory.path().join("pebble.json");
        fs::write(&file, json!({"pebble": settings}).to_string()).expect("a file can be written");
        let mut challtestsrv = command("pebble-challtestsrv");
        challtestsrv
            .args(["-management", &format!("127.0.0.1:{challenges}"), "-dnsserver", &format!("127.0.0.1:{dns}")])
            .args(["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", "", "-defaultIPv4", "127.0.0.1"])
            .args(["-defaultIPv6", ""]);
        let mut challtestsrv = Running::start(&mut challtestsrv);
        let own = format!("127.0.0.1:{dns}");
        let mut pebble = command("pebble");
        pebble
            .args(["-strict", "-config"])
            .arg(&file)
            .args(["-dnsserver", manners.resolver.as_deref().unwrap_or(&own)])
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_AUTHZREUSE", "0")
            .env("PEBBLE_ALTERNATE_ROOTS", "2")
            .env("PEBBLE_WFE_NONCEREJECT", manners.nonces_refused.to_string())
            .envs(manners.environment.iter().copied());
        let mut pebble = Running::start(&mut pebble);
        // Whatever they say is read on, so that they never block on it.
        challtestsrv.wait_for("")?;
        pebble.wait_for("")?;
        let started = Self {
            directory,
            port,
            management,
            challenges,
            http_port,
            tls_port,
            dns,
            processes: Some([pebble, challtestsrv]),
        };
        let since = Instant::now();
        while since.elapsed() < DEADLINE {
            // A name server that did not get its port says so and goes on without.
            let answers = TcpStream::connect(("127.0.0.1", dns)).is_ok();
            if !answers && since.elapsed() > DEADLINE / 4 {
                return Err(format!("its name server does not listen on port {dns}"));
            }
            let up = answers
                && run(started.curl().arg(started.url()), b"").success()
                && run(started.curl().arg(format!("http://127.0.0.1:{challenges}/")), b"").status.code() != Some(7);
            if up {
                return Ok(started);
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err(format!("no answer within {DEADLINE:?}"))
    }

    /// Ends both servers, as if the network were down.
    pub(crate) fn stop(&mut self) {
        self.processes = None;
    }

    /// The URL of its directory.
    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}/dir", self.port)
    }

    /// The root of its own TLS certificate.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.directory.path().join("server.pem")
    }

    /// `127.0.0.1:PORT` of the DNS server that it asks.
    pub(crate) fn resolver(&self) -> String {
        format!("127.0.0.1:{}", self.dns)
    }

    /// A line of shell for dns-01 hooks: sets or removes the record at the DNS server.
    pub(crate) fn dns_hook(&self) -> String {
        format!(
            "case \"$1\" in present) p=set-txt ;; *) p=clear-txt ;; esac; exec curl -q -s -f --noproxy '*' -o /dev/null \
             -d \"{{\\\"host\\\":\\\"$2\\\",\\\"value\\\":\\\"$3\\\"}}\" http://127.0.0.1:{}/$p",
            self.challenges
        )
    }

    /// The URL of what it is managed by.
    pub(crate) fn management(&self) -> String {
        format!("https://127.0.0.1:{}", self.management)
    }

    /// The root of its certificates, in PEM; there are three.
    pub(crate) fn root(&self, number: usize) -> String {
        self.managed(&format!("roots/{number}"), None)
    }

    /// What it says of a certificate: `status`, and `reason` when it is revoked.
    pub(crate) fn status(&self, serial: &str) -> Value {
        let serial = serial.replace(':', "").to_lowercase();
        serde_json::from_str(&self.managed(&format!("cert-status-by-serial/{serial}"), None)).expect("JSON")
    }

    /// From now on it answers so when it is asked for the renewal information of that certificate.
    pub(crate) fn set_renewal_info(&self, pem: &str, answer: &str) {
        let body = json!({"certificate": pem, "ariResponse": answer}).to_string();
        self.managed("set-renewal-info/", Some(&body));
    }

    fn managed(&self, path: &str, body: Option<&str>) -> String {
        let mut curl = self.curl();
        if let Some(body) = body {
            curl.args(["--data", body]);
        }
        curl.arg(format!("{}/{path}", self.management()));
        run(&mut curl, b"").expect_success("pebble is asked").stdout
    }

    fn curl(&self) -> std::process::Command {
        let mut curl = command("curl");
        curl.args(["-q", "--silent", "--show-error", "--fail", "--noproxy", "*", "--max-time", "30", "--cacert"]);
        curl.arg(self.ca_file());
        curl
    }
}

/// Ports that are free at the moment.
fn free_ports<const N: usize>() -> [u16; N] {
    // All are held until the last is found, so that they differ.
    let held: [TcpListener; N] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").expect("a port is free"));
    held.map(|listener| listener.local_addr().expect("it has an address").port())
}

/// A certificate for its own TLS, which is its own root.
fn certificate(directory: &Path) {
    let settings = "[req]\ndistinguished_name = name\nprompt = no\nx509_extensions = extensions\n[name]\nCN = localhost\n\
                    [extensions]\nsubjectAltName = DNS:localhost, IP:127.0.0.1\nbasicConstraints = critical, CA:FALSE\n\
                    extendedKeyUsage = serverAuth\n";
    let file = directory.join("server.cnf");
    fs::write(&file, settings).expect("a file can be written");
    let path = |name: &str| directory.join(name).display().to_string();
    openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "30",
        "-config",
        &file.display().to_string(),
        "-keyout",
        &path("server.key"),
        "-out",
        &path("server.pem"),
    ])
    .expect_success("openssl makes a certificate");
}
