//! A prepared home that can be put back to where it was, the three commands that are tried on it, and what repeats them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::variants::{self, Order};
use crate::home::{Ran, TestHome, copy_tree, files_below};

/// The name of the certificate that everything is about.
pub(super) const NAME: &str = "client";
/// The file it goes to.
pub(super) const KEYSTORE: &str = "out/client.p12";

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Issue,
    Rotate,
    Revoke,
}

/// What is put back: the home, what was let out, and the state directory of the user.
const PARTS: [&str; 3] = ["home", "out", "state"];

const ISSUE: &[&str] =
    &["issue", NAME, "-t", "jms-client", "--key", "ec:p256", "--keystore", KEYSTORE, "--format", "json"];

impl Act {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Rotate => "rotate",
            Self::Revoke => "revoke",
        }
    }

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Issue => ISSUE,
            Self::Rotate => &["rotate", NAME, "--format", "json"],
            Self::Revoke => &["revoke", NAME, "--reason", "keyCompromise", "--format", "json"],
        }
    }
}

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doer {
    /// The program.
    Certroll,
    /// An issuance put together from the library's pieces, in some order.
    Pieces(Order),
}

/// A home in a directory that stays the same, because the inventory remembers files by absolute path.
pub(super) struct Stage {
    home: TestHome,
    /// What it is put back to.
    saved: TempDir,
    pub(super) act: Act,
    doer: Doer,
}

impl Stage {
    pub(super) fn new(act: Act, doer: Doer) -> Self {
        let home = TestHome::quick();
        fs::create_dir(home.path("out")).expect("a directory can be made");
        // A neighbour, so that the log and the CRL hold something before.
        home.ok(&["issue", "neighbour", "-t", "jms-client", "--key", "ec:p256"]);
        home.ok(&["revoke", "neighbour", "--reason", "superseded"]);
        if act != Act::Issue {
            home.ok(ISSUE);
        }
        let saved = TempDir::with_prefix_in("certroll-saved-", home.path("..")).expect("a directory can be made");
        for part in PARTS {
            copy_tree(&home.path(part), &saved.path().join(part));
        }
        Self { home, saved, act, doer }
    }

    /// Everything as it was.
    pub(super) fn put_back(&self) {
        let _ = fs::remove_dir_all(self.home.path("signed"));
        for part in PARTS {
            let _ = fs::remove_dir_all(self.home.path(part));
            copy_tree(&self.saved.path().join(part), &self.home.path(part));
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.home.path(name)
    }

    pub(super) fn root(&self) -> PathBuf {
        self.home.path(".").canonicalize().expect("the directory is there")
    }

    /// The files that are there now.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        files_below(&self.root())
    }

    /// Where traces go: not below the root.
    pub(super) fn log(&self) -> PathBuf {
        self.saved.path().join("trace")
    }

    /// What is tried, ready to be started.
    pub(super) fn command(&self) -> Command {
        match self.doer {
            Doer::Certroll => self.home.command(self.act.arguments()),
            Doer::Pieces(order) => variants::command(order, &self.root()),
        }
    }

    /// Runs the program to its end.
    pub(super) fn certroll(&self, arguments: &[&str]) -> Ran {
        self.home.certroll(arguments)
    }

    /// Does what a person would after a run that failed or died: the same again, and the delivery if it is issued already.
    ///
    /// # Errors
    /// What does not end as it should.
    pub(super) fn repeat(&self) -> Result<(), String> {
        let ran = self.certroll(self.act.arguments());
        match (self.act, ran.code) {
            (_, 0) => Ok(()),
            (Act::Issue, 2) if ran.stderr.contains("has a current certificate") => {
                let ran = self.certroll(&["deliver", NAME, "--keystore", KEYSTORE]);
                // Delivered before: then the home holds the key no more, and the oracle looks into the file.
                let delivered = ran.code == 2 && ran.stderr.contains("does not hold the key");
                if ran.code == 0 || delivered { Ok(()) } else { Err(format!("the delivery failed: {ran:?}")) }
            }
            _ => Err(format!("the repetition failed: {ran:?}")),
        }
    }

    /// The home's directory.
    pub(super) fn home(&self) -> PathBuf {
        self.home.path("home")
    }

    /// What lies in the directory of files that were let out.
    pub(super) fn released(&self) -> Vec<PathBuf> {
        files_below(&self.home.path("out"))
    }
}

/// The name of a file, for messages.
pub(super) fn shown(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
