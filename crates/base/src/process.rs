//! What holds for this process as a whole.

use std::io;

use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};
use rustix::thread::{CapabilitySet, capabilities};

/// Keeps the memory of this process from core files and from other processes of the same user: it holds passphrases and keys. Called
/// first, before a secret is read. Children are not concerned: a new program is dumpable again.
///
/// # Errors
/// The system refuses.
pub fn protect_memory() -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // A core handler that is given a pipe gets the memory whatever this limit is; that one is stopped by the line above.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    lock_memory();
    Ok(())
}

/// Keeps all pages out of swap, present and future ones, as soon as they are used. Only where that has no limit (`RLIMIT_MEMLOCK`,
/// or the capability CAP_IPC_LOCK): under one, memory beyond it could not be had any more, in the middle of an issuance. All pages
/// and not those of secrets alone, because a page is locked by its address, which safe code has no call for.
fn lock_memory() {
    let unlimited = getrlimit(Resource::Memlock).current.is_none();
    let capable = || capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::IPC_LOCK));
    if unlimited || capable() {
        // An older kernel may refuse; there is nothing better then.
        let _ = mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT);
    }
}
