//! What holds for this process as a whole.

use std::io;

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Keeps the memory of this process from core files and from other processes of the same user: it holds passphrases and keys. Called
/// first, before a secret is read. Children are not concerned: a new program is dumpable again.
///
/// # Errors
/// The system refuses.
pub fn protect_memory() -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // A core handler that is given a pipe gets the memory whatever this limit is; that one is stopped by the line above.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(())
}
