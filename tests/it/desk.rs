//! A desk without a home: a directory with passwords, a CA of two levels that OpenSSL keeps, and the program run in it.

use std::path::PathBuf;
use std::process::Command;
use std::{fs, str};

use serde_json::Value;
use tempfile::TempDir;

use crate::peers::{self, Output, Store, openssl};

/// The password of keystores.
pub(crate) const STOREPASS: &str = "desk-storepass";
/// The password of keys that have one of their own.
pub(crate) const KEYPASS: &str = "desk-keypass";

pub(crate) struct Desk {
    directory: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { directory: tempfile::tempdir().expect("a temporary directory can be made") };
        desk.write("storepass", format!("{STOREPASS}\n"));
        desk.write("keypass", format!("{KEYPASS}\n"));
        desk.write("both", format!("{STOREPASS}\n{KEYPASS}\n"));
        desk
    }

    /// A desk with `root.pem` and below it `middle.pem`, both with their keys.
    pub(crate) fn with_ca() -> Self {
        let desk = Self::new();
        let path = |name: &str| desk.text(name);
        let making = ["req", "-x509", "-noenc", "-config", "/dev/null", "-days", "3650", "-newkey", "ec"];
        let curve = ["-pkeyopt", "ec_paramgen_curve:P-256"];
        let usage =
            ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"];
        let root = ["-subj", "/O=Example/CN=Root CA", "-keyout", &path("root.key"), "-out", &path("root.pem")];
        openssl(&[&making[..], &curve, &usage, &root].concat()).expect_success("a root");
        let middle = ["-subj", "/O=Example/CN=Middle CA", "-keyout", &path("middle.key"), "-out", &path("middle.pem")];
        let signer = ["-CA", &path("root.pem"), "-CAkey", &path("root.key")];
        openssl(&[&making[..], &curve, &usage, &middle, &signer].concat()).expect_success("a CA below");
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// A keystore with the common password, for Java.
    pub(crate) fn store(&self, name: &str) -> Store {
        Store::new(self.path(name), self.path("storepass"))
    }

    /// The program with those arguments, without a home.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut certroll = Command::new(env!("CARGO_BIN_EXE_certroll"));
        certroll.args(args).current_dir(self.directory.path()).env_clear().env("LC_ALL", "C");
        certroll.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("CERTROLL_STOREPASS_FILE", "storepass");
        certroll
    }

    pub(crate) fn certroll(&self, args: &[&str]) -> Output {
        peers::run(&mut self.command(args), b"")
    }

    /// Runs certroll, which must succeed.
    pub(crate) fn done(&self, args: &[&str]) -> Output {
        self.certroll(args).expect_success(&args.join(" "))
    }

    /// Runs certroll, which must end with that code; returns what it said.
    pub(crate) fn ends(&self, code: i32, args: &[&str]) -> String {
        let output = self.certroll(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {output:?}");
        output.text()
    }

    /// Runs certroll, which must succeed with a JSON document.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.done(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}: {output:?}"))
    }

    /// Signs a request by `middle`: OpenSSL writes `reply` (PEM).
    pub(crate) fn sign(&self, request: &str, reply: &str) {
        let extensions = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
                          subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
        self.write("leaf.ext", extensions);
        let files = ["-in", &self.text(request), "-out", &self.text(reply), "-extfile", &self.text("leaf.ext")];
        let signer = ["-CA", &self.text("middle.pem"), "-CAkey", &self.text("middle.key")];
        openssl(&[&["x509", "-req", "-days", "90"], &files[..], &signer].concat()).expect_success("a reply");
    }

    /// The entries of a keystore as alias, kind, certificates; sorted.
    pub(crate) fn entries(&self, args: &[&str]) -> Vec<(String, String, usize)> {
        let document = self.json(&[&["keystore", "list"], args].concat());
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entries = document["entries"].as_array().expect("a list of entries");
        let count = |entry: &Value| entry["certificates"].as_array().map_or(0, Vec::len);
        let mut all: Vec<_> = entries.iter().map(|e| (text(&e["alias"]), text(&e["kind"]), count(e))).collect();
        all.sort();
        all
    }
}

/// Entries to compare with.
pub(crate) fn rows(rows: &[(&str, &str, usize)]) -> Vec<(String, String, usize)> {
    rows.iter().map(|(alias, kind, count)| ((*alias).to_owned(), (*kind).to_owned(), *count)).collect()
}
