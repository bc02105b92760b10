//! The JDK: keytool, and the Java programs of `tests/peers`, which open keystores the way brokers and servers do.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use super::{Output, Peer, command, jar, run};

/// A keystore file and the file with its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Store {
    pub(crate) path: PathBuf,
    pub(crate) password_file: PathBuf,
}

impl Store {
    pub(crate) fn new(path: impl Into<PathBuf>, password_file: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), password_file: password_file.into() }
    }
}

/// One entry of a keystore as Java sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreLine {
    pub(crate) alias: String,
    /// `key`, `trusted` or `secret`.
    pub(crate) kind: String,
    pub(crate) algorithm: String,
    pub(crate) chain_length: usize,
    /// Lower-case hex, whole bytes; `-` for a secret key.
    pub(crate) serial: String,
}

/// The stores of a broker and of its three clients.
#[derive(Debug)]
pub(crate) struct BrokerSetup<'a> {
    /// The name by which the clients know the broker; its certificate must carry it. No name service needs to know it.
    pub(crate) host: &'a str,
    pub(crate) broker: &'a Store,
    pub(crate) broker_trust: &'a Store,
    pub(crate) client: &'a Store,
    pub(crate) client_trust: &'a Store,
    /// A client of a CA that `broker_trust` does not hold.
    pub(crate) foreign: &'a Store,
}

/// What a broker on those stores did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BrokerReport {
    /// Serial number of the certificate it served, lower-case hex; none if no handshake came about.
    pub(crate) served: Option<String>,
    pub(crate) passed: Vec<String>,
    pub(crate) failed: Vec<String>,
}

/// Runs keytool; give it passwords by `-storepass:file`.
pub(crate) fn keytool(args: &[&str]) -> Output {
    run(command("keytool").args(args), b"")
}

/// `keytool -list -v`.
pub(crate) fn keytool_list(store: &Store) -> Output {
    let mut keytool = command("keytool");
    keytool.args(["-list", "-v", "-keystore"]).arg(&store.path).arg("-storepass:file").arg(&store.password_file);
    run(&mut keytool, b"")
}

/// Opens a keystore in Java and uses every private key in it.
///
/// # Errors
/// What Java said, when the store or one of its entries is not sound.
pub(crate) fn store_check(store: &Store) -> Result<Vec<StoreLine>, Output> {
    let output = run(program("StoreCheck", None).arg(&store.path).arg(&store.password_file), b"");
    if output.success() { Ok(output.stdout.lines().map(store_line).collect()) } else { Err(output) }
}

/// Opens an encrypted PKCS#8 key in PEM in Java, and prints its algorithm.
pub(crate) fn key_check(key: &Path, password_file: &Path) -> Output {
    run(program("KeyCheck", None).arg(key).arg(password_file), b"")
}

fn store_line(line: &str) -> StoreLine {
    let fields: Vec<&str> = line.split('\t').collect();
    let [alias, kind, algorithm, chain_length, serial] = fields[..] else {
        panic!("StoreCheck printed {line:?}");
    };
    StoreLine {
        alias: alias.to_owned(),
        kind: kind.to_owned(),
        algorithm: algorithm.to_owned(),
        chain_length: chain_length.parse().expect("the length of a chain is a number"),
        serial: serial.to_owned(),
    }
}

/// Signs and verifies messages in Java, with the words of `MessageCheck.java`. Exit status 1: a signature does not verify.
pub(crate) fn message_check(args: &[&str]) -> Output {
    run(program("MessageCheck", None).args(args), b"")
}

/// Starts an ActiveMQ broker and lets a right, a foreign and an anonymous client try it.
///
/// # Errors
/// What Java said, when a store could not be opened or the broker did not start.
pub(crate) fn broker_check(setup: &BrokerSetup<'_>) -> Result<BrokerReport, Output> {
    let hosts = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    fs::write(hosts.path(), format!("127.0.0.1 {}\n", setup.host)).expect("the hosts file can be written");
    let hosts_option = format!("-Djdk.net.hosts.file={}", hosts.path().display());
    let mut broker = program("BrokerCheck", Some((Peer::ActiveMq, &hosts_option)));
    broker.arg(setup.host);
    for store in [setup.broker, setup.broker_trust, setup.client, setup.client_trust, setup.foreign] {
        broker.arg(&store.path).arg(&store.password_file);
    }
    let output = run(&mut broker, b"");
    let lines = |prefix: &str| -> Vec<String> {
        output.stdout.lines().filter_map(|line| line.strip_prefix(prefix)).map(str::to_owned).collect()
    };
    let report = BrokerReport { served: lines("SERVED ").pop(), passed: lines("PASS "), failed: lines("FAIL ") };
    let counted = output.status.code().and_then(|code| usize::try_from(code).ok());
    if counted == Some(report.failed.len()) && !report.passed.is_empty() { Ok(report) } else { Err(output) }
}

/// A command for a Java program of `tests/peers`; `extra` names the peer whose jars it needs and an option of the JVM.
///
/// Compiled once per state of the source instead of at each launch, which would cost every call another second.
pub(super) fn program(name: &str, extra: Option<(Peer, &str)>) -> Command {
    let jars = extra.map_or(&[][..], |(peer, _)| peer.jars());
    let mut class_path: Vec<PathBuf> = jars.iter().map(|name| jar(name)).collect();
    class_path.push(compiled(name, &class_path));
    let mut java = command("java");
    // Short runs: no second compiler and no parallel collector.
    java.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]);
    java.args(extra.map(|(_, option)| option).filter(|option| !option.is_empty()));
    java.arg("-cp").arg(std::env::join_paths(class_path).expect("no path of a jar holds a colon")).arg(name);
    java
}

/// The directory with the classes of one program, in Cargo's own scratch space.
fn compiled(name: &str, class_path: &[PathBuf]) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _lock = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(format!("{name}.java"));
    let text = fs::read(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let mut state = DefaultHasher::new();
    text.hash(&mut state);
    // The resolved names tell the versions of the compiler and of the jars.
    let javac = super::find("javac").expect("javac is installed");
    class_path.iter().chain([&javac]).for_each(|path| fs::canonicalize(path).ok().hash(&mut state));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let classes = scratch.join(format!("{name}-{:016x}", state.finish()));
    if classes.is_dir() {
        return classes;
    }
    let staged = tempfile::tempdir_in(scratch).expect("a temporary directory can be made");
    let mut javac = command("javac");
    javac.args(["-Xlint:all", "-Werror", "-proc:none", "-d"]).arg(staged.path());
    javac.arg("-cp").arg(std::env::join_paths(class_path).expect("no path of a jar holds a colon")).arg(&source);
    run(&mut javac, b"").expect_success(name);
    // Another test process may have been faster: its classes are the same.
    let (staged, published) = (staged.keep(), classes.clone());
    if fs::rename(&staged, &published).is_err() {
        fs::remove_dir_all(&staged).expect("a temporary directory can be removed");
    }
    classes
}
