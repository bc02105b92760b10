//! A certroll home of a test's own, and the program run in it with a clean environment.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::peers::{self, Output, Store};

/// The password of keystores; curl's configuration needs no escapes for it.
pub(crate) const PASSWORD: &str = "correct-horse";

/// A directory with a fresh home in it; relative paths given to the program mean files of this directory.
pub(crate) struct Scratch {
    directory: TempDir,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let scratch = Self { directory: tempfile::tempdir().expect("a temporary directory can be made") };
        let passphrase = scratch.write("passphrase", b"battery-staple\n");
        fs::set_permissions(passphrase, fs::Permissions::from_mode(0o600)).expect("a mode can be set");
        scratch.write("password", format!("{PASSWORD}\n").as_bytes());
        scratch.certroll(&["init", "home", "--origin", "example.net"]).expect_success("certroll init");
        scratch
    }

    /// A home with a root of that kind of key, and below it `issuing` on P-256.
    pub(crate) fn with_authorities(root_key: &str) -> Self {
        let scratch = Self::new();
        scratch.done(&["ca", "create", "root", "--key", root_key, "--subject", "O=Example, CN=Root CA"]);
        scratch.done(&["ca", "create", "issuing", "--issuer", "root", "--subject", "O=Example, CN=Issuing CA"]);
        scratch
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A path as an argument.
    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// The certificate of a CA, PEM.
    pub(crate) fn authority(&self, name: &str) -> PathBuf {
        self.path(&format!("home/ca/{name}.pem"))
    }

    /// A keystore of that name with the common password.
    pub(crate) fn store(&self, name: &str) -> Store {
        Store::new(self.path(name), self.path("password"))
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        self.path(name)
    }

    /// The password file as OpenSSL wants to be told of it.
    pub(crate) fn passin(&self) -> String {
        format!("file:{}", self.text("password"))
    }

    /// Runs certroll.
    pub(crate) fn certroll(&self, args: &[&str]) -> Output {
        let mut certroll = Command::new(env!("CARGO_BIN_EXE_certroll"));
        certroll.args(args).current_dir(self.directory.path()).env_clear();
        certroll.env("CERTROLL_HOME", self.path("home"));
        certroll.env("CERTROLL_PASSPHRASE_FILE", self.path("passphrase"));
        certroll.env("CERTROLL_STOREPASS_FILE", self.path("password"));
        peers::run(&mut certroll, b"")
    }

    /// Runs certroll, which must succeed.
    pub(crate) fn done(&self, args: &[&str]) -> Output {
        self.certroll(args).expect_success(&args.join(" "))
    }

    /// Runs certroll, which must succeed with a JSON document.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.done(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {output:?}"))
    }

    /// Runs certroll, which must end with that exit code; returns what it said.
    pub(crate) fn refused(&self, code: i32, args: &[&str]) -> String {
        let output = self.certroll(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
        output.text()
    }

    /// Every certificate of a name, as `show` tells it.
    pub(crate) fn shown(&self, name: &str) -> Vec<Value> {
        let shown = self.json(&["show", name]);
        shown["certificates"].as_array().cloned().unwrap_or_else(|| vec![shown])
    }

    /// The serial number of the one valid certificate of a name, lower-case hex.
    pub(crate) fn current_serial(&self, name: &str) -> String {
        let shown = self.shown(name);
        let valid: Vec<_> =
            shown.iter().filter(|one| one["status"] == "valid").map(|one| text(&one["serial"])).collect();
        let [serial] = &valid[..] else { panic!("one valid certificate of {name}: {shown:?}") };
        serial.clone()
    }
}

/// A JSON string.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a string: {value}")).to_owned()
}

/// A JSON list of strings.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap_or_else(|| panic!("a list: {value}")).iter().map(text).collect()
}

/// The file's name as an argument.
pub(crate) fn arg(path: &Path) -> String {
    path.display().to_string()
}
