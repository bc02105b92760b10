//! A store that says something else than is known of it.

use std::fmt;

use certroll_base::encoding::{self, Sha256};
use certroll_tlog::Frontier;

/// In which way a store contradicts what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContradictionKind {
    /// It has fewer records.
    RolledBack,
    /// It has other records.
    Altered,
    /// It has more records, and who wrote them did not have the passphrase.
    Unsealed,
}

/// A store whose log does not go on from what is known of it. Both states are named by size and root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Contradiction {
    /// In which way.
    pub kind: ContradictionKind,
    /// What is known: checked by this process, or under a signed checkpoint.
    pub known: (u64, Sha256),
    /// What the store has, where the two differ.
    pub found: (u64, Sha256),
}

impl Contradiction {
    pub(super) fn new(kind: ContradictionKind, known: &Frontier, found: &Frontier) -> Self {
        Self { kind, known: (known.size(), known.root()), found: (found.size(), found.root()) }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (size, root) = (self.found.0, encoding::hex(&self.found.1));
        match self.kind {
            ContradictionKind::RolledBack => {
                write!(f, "the log was rolled back: it has {size} records with the root {root}")
            }
            ContradictionKind::Altered => {
                write!(f, "the log was altered: its first {size} records have the root {root}")
            }
            ContradictionKind::Unsealed if size <= self.known.0 => write!(
                f,
                "the log was altered: its head, {size} records with the root {root}, was not written with the passphrase of this home"
            ),
            ContradictionKind::Unsealed => write!(
                f,
                "the log was altered: it has {size} records with the root {root}, and the last {} were not written with the passphrase of this home",
                size.saturating_sub(self.known.0)
            ),
        }
    }
}
