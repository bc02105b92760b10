//! Turns: who reads, changes and replaces files takes the locks of their directories, in an order that all share.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::resolve::resolve;
use crate::destination::DestinationError;
use certroll_base::durable;
use certroll_base::lock::Lock;

/// Waits until no other run changes files in the directories of these files, links followed, and keeps others from it until
/// the locks are dropped. A thread takes all that it needs at once: one that took them one by one could wait for itself.
///
/// # Errors
/// A directory cannot be locked.
pub fn lock<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<Vec<Lock>, DestinationError> {
    let mut directories = BTreeMap::new();
    for path in paths {
        // What may not be written is found out by the writer; where it lies is where its lock is.
        let file = resolve(path).map_or_else(|_| path.to_owned(), |resolved| resolved.path);
        let directory = durable::parent(&file).to_owned();
        let metadata = fs::metadata(&directory)?;
        directories.insert((metadata.dev(), metadata.ino()), directory);
    }
    directories.values().map(|directory| Ok(Lock::directory(directory)?)).collect()
}
