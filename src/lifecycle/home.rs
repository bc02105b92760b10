//! Where everything lies in a home directory.

use std::path::{Path, PathBuf};

/// A home: settings, database, log and keys under one directory.
#[derive(Clone, Debug)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The file that makes a directory a home.
    pub const SETTINGS: &str = "certroll.toml";

    /// The home at `root`, which need not exist yet.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
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
