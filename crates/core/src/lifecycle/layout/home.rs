//! Where everything lies in a home directory, and what of it is remembered outside.

use std::path::{Path, PathBuf};

/// A home: settings, database, log and keys under one directory.
///
/// Beside it, on another path and best on another disk, stands what must not be set back together with the home
/// with it: the state directory of the user.
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
    state: Option<PathBuf>,
}

impl Home {
    /// The file that makes a directory a home.
    pub const SETTINGS: &str = "certroll.toml";
    /// The file that what opens the home opens first.
    pub const KEY: &str = "home.key.pem";

    /// The home at `root`, which need not exist yet.
    pub fn new(root: PathBuf) -> Self {
        Self { root, state: None }
    }

    /// The same home, with a place outside it for what was seen of its log.
    #[must_use]
    pub fn with_state(self, directory: Option<PathBuf>) -> Self {
        Self { state: directory, ..self }
    }

    /// Whether there is a place outside the home that remembers how far its log has come.
    pub fn is_remembered(&self) -> bool {
        self.state.is_some()
    }

    /// The newest checkpoint that this user has seen of the log of that origin; `None` without a state directory.
    pub fn seen(&self, origin: &str) -> Option<PathBuf> {
        Some(self.beside(origin)?.join("seen"))
    }

    /// What happened while the log of that origin could not be written; `None` without a state directory.
    pub fn spool(&self, origin: &str) -> Option<PathBuf> {
        Some(self.beside(origin)?.join("spool"))
    }

    /// The user's directory for a log.
    fn beside(&self, origin: &str) -> Option<PathBuf> {
        Some(self.state.as_ref()?.join(Self::file_name(origin)))
    }

    /// An origin as the name of a file: what a path could trip over is written as `%XX`.
    pub(crate) fn file_name(origin: &str) -> String {
        let mut name = String::with_capacity(origin.len());
        for (at, byte) in origin.bytes().enumerate() {
            if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || (byte == b'.' && at > 0) {
                name.push(char::from(byte));
            } else {
                name.push_str(&format!("%{byte:02X}"));
            }
        }
        name
    }

    /// The directory itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join(Self::SETTINGS)
    }

    /// The embedded database.
    pub fn database(&self) -> PathBuf {
        self.root.join("state.db")
    }

    /// What auditors are given: public key, checkpoint, exports.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The public key of the log, to be pinned by auditors.
    pub fn verifier_key(&self) -> PathBuf {
        self.log().join("vkey")
    }

    /// The newest signed tree head.
    pub fn checkpoint(&self) -> PathBuf {
        self.log().join("checkpoint")
    }

    /// Checkpoints that witnesses cosigned, each named by its size.
    pub fn cosigned(&self) -> PathBuf {
        self.log().join("cosigned")
    }

    /// The witnesses that are known: a trust policy (C2SP tlog-policy).
    pub fn policy(&self) -> PathBuf {
        self.log().join("policy")
    }

    /// The key of the home itself, encrypted under its passphrase.
    pub fn key(&self) -> PathBuf {
        self.root.join(Self::KEY)
    }

    /// The encrypted key that signs checkpoints.
    pub fn log_key(&self) -> PathBuf {
        self.log().join("key.pem")
    }

    /// Keys, certificates and CRLs of the CAs.
    pub fn authorities(&self) -> PathBuf {
        self.root.join("ca")
    }

    /// The encrypted key of a CA, relative to the home.
    pub fn authority_key(name: &str) -> String {
        format!("ca/{name}.key.pem")
    }

    /// What the issuer elsewhere of that name remembers.
    pub fn issuer(&self, name: &str) -> PathBuf {
        self.issuers().join(Self::file_name(name))
    }

    /// What issuers elsewhere remember, a directory for each.
    pub fn issuers(&self) -> PathBuf {
        self.root.join("issuers")
    }

    /// Locks of running processes.
    pub fn run(&self) -> PathBuf {
        self.root.join("run")
    }

    /// Additional templates.
    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }

    /// Additional policies.
    pub fn policies(&self) -> PathBuf {
        self.root.join("policies")
    }

    /// All directories of a home.
    pub fn directories(&self) -> [PathBuf; 5] {
        [self.log(), self.authorities(), self.run(), self.templates(), self.policies()]
    }
}
