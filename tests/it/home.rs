//! A home to try things in: a temporary directory with secrets, a root and an issuing CA, and the program run in it.
//!
//! The program runs with a cleared environment and with the directory as its current one, so that no path of the machine
//! stands in what it says. Files of a test are named relative to the directory.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use certroll_base::secret::Secret;
use certroll_core::lifecycle::layout::home::Home;
use certroll_core::lifecycle::session::home_key;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::{self, KeyEncryption};
use serde_json::Value;
use tempfile::TempDir;

/// The passphrase of every test home.
pub(crate) const PASSPHRASE: &str = "MARK-passphrase-7f3a";
/// The password of every keystore and key that leaves one.
pub(crate) const STOREPASS: &str = "MARK-storepass-91c4";

/// What the keys of the home in that directory are encrypted under.
pub(crate) fn secret_of(directory: &Path) -> Secret {
    let given = Secret::new(PASSPHRASE.to_owned());
    home_key::secret(&Home::new(directory.to_owned()), given).expect("the passphrase opens the home")
}

/// What a run said, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// # Panics
    /// With everything it said, unless it ended with that code.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert!(self.code == code, "expected exit code {code}: {self:#?}");
        self
    }

    /// Standard output as one JSON document.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in {self:#?}"))
    }

    /// Standard output as one JSON document a line.
    pub(crate) fn ndjson(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in `{line}`"));
        self.stdout.lines().map(parse).collect()
    }
}

/// A temporary directory with the home `home` and the secrets `secrets/passphrase` and `secrets/storepass`.
pub(crate) struct TestHome {
    directory: TempDir,
}

impl TestHome {
    /// The key of a CA as PKCS#8 in PEM, not encrypted.
    pub(crate) fn plain_authority_key(&self, name: &str) -> String {
        let blocks = pem::read(&self.read(format!("home/ca/{name}.key.pem"))).expect("a key is PEM");
        let secret = secret_of(&self.path("home"));
        let plain = encryption::decrypt(blocks[0].der.expose(), &secret).expect("the secret opens the key");
        pem::encode(Label::PrivateKey, plain.expose())
    }

    /// A home with the CAs `root` and `issuing`, both with a key that is quick to make.
    pub(crate) fn new() -> Self {
        let home = Self::founded();
        home.found_authorities();
        home
    }

    fn found_authorities(&self) {
        self.ok(&["ca", "create", "root", "--key", "ec:p256", "--subject", "O=Test, CN=Root CA"]);
        self.ok(&["ca", "create", "issuing", "--issuer", "root", "--key", "ec:p256"]);
    }

    /// A home without CAs.
    pub(crate) fn founded() -> Self {
        let home = Self::unfounded();
        home.ok(&["init", "home", "--origin", "test.example"]);
        home
    }

    /// As [`TestHome::new`], but opening the home costs one round of PBKDF2 and not a tenth of a second: for tests that run
    /// the program a thousand times. It lies in memory where the system has a place for that.
    pub(crate) fn quick() -> Self {
        let home = Self::unfounded_in(memory());
        home.ok(&["init", "home", "--origin", "test.example"]);
        home.encrypt_anew("home/home.key.pem", &Secret::new(PASSPHRASE.to_owned()));
        home.found_authorities();
        home
    }

    /// A home as version 0.1 makes it: its keys are encrypted under the passphrase itself. As quick as [`TestHome::quick`].
    pub(crate) fn of_first_version() -> Self {
        let home = Self::unfounded_in(memory());
        home.ok(&["init", "home", "--origin", "test.example"]);
        home.encrypt_anew("home/log/key.pem", &home.secret());
        fs::remove_file(home.path("home/home.key.pem")).expect("a file can be removed");
        home.found_authorities();
        home
    }

    /// Encrypts a key file under the passphrase in one round. The keys of a home all go on with salt and rounds of the first.
    fn encrypt_anew(&self, file: &str, secret: &Secret) {
        let blocks = pem::read(&self.read(file)).expect("the key is PEM");
        let plain = encryption::decrypt(blocks[0].der.expose(), secret).expect("the secret opens the key");
        let quick = KeyEncryption::new(&Secret::new(PASSPHRASE.to_owned()), 1);
        let quick = quick.and_then(|quick| quick.encrypt(plain.expose())).expect("it can be encrypted");
        self.write(file, pem::encode(Label::EncryptedPrivateKey, &quick));
    }

    /// What the keys of the home are encrypted under.
    pub(crate) fn secret(&self) -> Secret {
        secret_of(&self.path("home"))
    }

    /// Secrets, and a home that is still to be made.
    pub(crate) fn unfounded() -> Self {
        Self::unfounded_in(std::env::temp_dir())
    }

    fn unfounded_in(parent: PathBuf) -> Self {
        let directory = TempDir::with_prefix_in("certroll-", parent).expect("a temporary directory can be made");
        fs::create_dir(directory.path().join("secrets")).expect("a directory can be made");
        let home = Self { directory };
        home.write("secrets/passphrase", format!("{PASSPHRASE}\n"));
        home.keep_private("secrets/passphrase");
        home.write("secrets/storepass", format!("{STOREPASS}\n"));
        home
    }

    /// A further test directory with the same home as it is now.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::unfounded();
        copy_tree(&self.path("home"), &copy.path("home"));
        copy
    }

    /// A file of the test.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file can be written");
    }

    /// Takes a file from the eyes of others.
    pub(crate) fn keep_private(&self, name: &str) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).expect("a mode can be set");
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Vec<u8> {
        let path = self.path(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The program with those arguments, ready to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certroll"));
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env_clear()
            .env("LC_ALL", "C")
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("CERTROLL_HOME", "home")
            .env("CERTROLL_STATE_DIR", "state")
            .env("CERTROLL_PASSPHRASE_FILE", "secrets/passphrase")
            .env("CERTROLL_STOREPASS_FILE", "secrets/storepass")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn certroll(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("the program can be started").into()
    }

    /// Runs the program, which must succeed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> Ran {
        self.certroll(arguments).expect(0)
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started")
    }

    /// Starts each command line at once and waits for all.
    pub(crate) fn at_once(&self, lines: &[Vec<String>]) -> Vec<Ran> {
        let start = |line: &Vec<String>| self.start(&line.iter().map(String::as_str).collect::<Vec<_>>());
        let running: Vec<Child> = lines.iter().map(start).collect();
        let end = |child: Child| child.wait_with_output().expect("a child can be waited for").into();
        running.into_iter().map(end).collect()
    }

    /// The records of one event, in order.
    pub(crate) fn records(&self, event: &str) -> Vec<Value> {
        self.ok(&["audit", "show", "--event", event, "--format", "ndjson"]).ndjson()
    }

    /// Every record, in order.
    pub(crate) fn all_records(&self) -> Vec<Value> {
        self.ok(&["audit", "show", "--format", "ndjson"]).ndjson()
    }

    /// The current certificates of the inventory.
    pub(crate) fn current(&self) -> Vec<Value> {
        self.ok(&["list", "--current", "--format", "ndjson"]).ndjson()
    }

    /// The log must verify; answers what the verification found.
    pub(crate) fn verify(&self) -> Value {
        self.ok(&["audit", "verify", "--format", "json"]).json()
    }

    /// The names of what lies in a directory of the test; nothing when it is missing.
    pub(crate) fn names(&self, directory: impl AsRef<Path>) -> BTreeSet<String> {
        let Ok(entries) = fs::read_dir(self.path(directory)) else { return BTreeSet::new() };
        entries.map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned()).collect()
    }
}

/// The text at that place of a JSON document, such as `cert/sha256`.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(&format!("/{pointer}")).and_then(Value::as_str).unwrap_or_else(|| panic!("no `{pointer}` in {value}"))
}

/// A directory in memory, where there is one: flushing costs nothing there.
fn memory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

/// Every file below a directory.
pub(crate) fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => pending.push(entry.path()),
                Ok(_) => found.push(entry.path()),
                Err(_) => {}
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("a directory can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
