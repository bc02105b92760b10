//! What can go wrong with the store.

use std::path::PathBuf;

use super::contradiction::Contradiction;

/// An error of the database that holds log and inventory.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the write lock for too long.
    #[error("another certroll run holds the store `{0}`")]
    Busy(PathBuf),
    /// Nothing can be written: disk full, read-only, damaged, or a failed flush.
    #[error("the store `{path}` cannot be {what}")]
    Unavailable {
        /// The database.
        path: PathBuf,
        /// `opened`, `read` or `written`.
        what: &'static str,
        /// The database's own words.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Written by a newer program.
    #[error("the store `{path}` has schema {found}; this program knows {known}")]
    Schema {
        /// The database.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The world moved between looking and writing; nothing was written.
    #[error("{0}")]
    Conflict(String),
    /// A row that must exist does not.
    #[error("the store has no {0}")]
    Missing(String),
    /// A row that does not make sense: the file was changed by other hands.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// The log is not what it was when this process, or an anchor, knew it: the store was changed.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// A record that cannot be written.
    #[error(transparent)]
    Record(#[from] crate::audit::record::RecordError),
}
