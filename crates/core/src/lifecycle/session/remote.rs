//! Issuers elsewhere: how they are opened, and who is told while one of them lets us wait.

use std::collections::{BTreeMap, BTreeSet};

use crate::issuer::{Issuer, IssuerError};

/// Opens an issuer elsewhere: reads its settings and credentials. Asked only when the issuer is needed, so that what is
/// wrong with one issuer does not stop commands to others.
pub type OpenIssuer = Box<dyn Fn() -> Result<Box<dyn Issuer>, IssuerError> + Send + Sync>;

/// The issuers elsewhere that the settings of a home name.
#[derive(Default)]
pub struct Remotes {
    doors: BTreeMap<String, OpenIssuer>,
    /// Those that could not be asked in this process: each is waited for once.
    pub(crate) unreachable: BTreeSet<String>,
    /// Those of which it was said in this process that they add usages.
    pub(crate) told: BTreeSet<String>,
}

impl Remotes {
    /// Adds one; `open` makes an issuer of that name.
    pub fn add(&mut self, name: impl Into<String>, open: OpenIssuer) {
        self.doors.insert(name.into(), open);
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.doors.keys().map(String::as_str)
    }

    /// Opens the one of that name; `None` when there is none.
    pub(crate) fn open(&self, name: &str) -> Option<Result<Box<dyn Issuer>, IssuerError>> {
        self.doors.get(name).map(|open| open())
    }
}

/// Told what a person should know while a use case goes on. Use cases print nothing themselves.
pub trait Watcher: Send + Sync {
    /// Something is not as it should be, and the command goes on all the same.
    fn warn(&self, text: &str);

    /// What a person has to do before the issuer goes on.
    fn act(&self, text: &str);

    /// An issuer lets us wait. Called again with every answer.
    fn waiting(&self, text: &str);

    /// The waiting is over.
    fn over(&self);
}

/// Shows nothing.
pub struct Unwatched;

impl Watcher for Unwatched {
    fn warn(&self, _text: &str) {}
    fn act(&self, _text: &str) {}
    fn waiting(&self, _text: &str) {}
    fn over(&self) {}
}
