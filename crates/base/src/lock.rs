//! Locks between processes: an advisory lock on an open file, released by the kernel when its holder dies.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};

/// How long a lock is waited for, in milliseconds.
static PATIENCE: AtomicU64 = AtomicU64::new(30_000);
/// Between two tries: from that, doubled up to that.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// Sets how long this process waits for a lock; 30 s by default.
pub fn set_patience(patience: Duration) {
    PATIENCE.store(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
}

/// An exclusive lock, held until dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Waits until the lock on `path` is free and takes it; the file is created when missing.
    ///
    /// # Errors
    /// The file cannot be opened or locked; of kind [`io::ErrorKind::ResourceBusy`] another process holds it for longer than this one
    /// waits.
    pub fn acquire(path: &Path) -> io::Result<Self> {
        Self::wait(open(path)?)
    }

    fn wait(file: File) -> io::Result<Self> {
        let deadline = Instant::now() + Duration::from_millis(PATIENCE.load(Ordering::Relaxed));
        let mut pause = SHORTEST_PAUSE;
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Self { file }),
                Err(rustix::io::Errno::WOULDBLOCK) if Instant::now() < deadline => {
                    std::thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(rustix::io::Errno::WOULDBLOCK) => {
                    return Err(io::Error::new(io::ErrorKind::ResourceBusy, held_by(&file)));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes the lock if it is free; `None` when another process holds it.
    ///
    /// # Errors
    /// The file cannot be opened or locked.
    pub fn try_acquire(path: &Path) -> io::Result<Option<Self>> {
        let file = open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self { file })),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for the lock of a directory: processes that read, change and replace files there exclude each other by it. The lock is
    /// on the directory itself, so that it leaves nothing behind and holds for files that are still to be made.
    ///
    /// # Errors
    /// The directory cannot be opened or locked; as [`Lock::acquire`].
    pub fn directory(path: &Path) -> io::Result<Self> {
        Self::wait(File::open(path)?)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file gives the lock back as well; but if a close ever failed, this process would wait for itself.
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

/// Who holds the lock of that file, in words, as far as the system tells.
fn held_by(file: &File) -> String {
    let holder = file.metadata().ok().and_then(|metadata| {
        let locks = std::fs::read_to_string("/proc/locks").ok()?;
        let process = holder(&locks, metadata.dev(), metadata.ino())?;
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        Some(format!("process {process} ({}) holds its lock", crate::text::printable(name.trim())))
    });
    holder.unwrap_or_else(|| "another process holds its lock".to_owned())
}

/// The process that holds the lock of a file by `flock`, from the text of `/proc/locks`:
/// `1: FLOCK  ADVISORY  WRITE 812 fe:00:393233 0 EOF`.
fn holder(locks: &str, device: u64, inode: u64) -> Option<u32> {
    let id = format!("{:02x}:{:02x}:{inode}", rustix::fs::major(device), rustix::fs::minor(device));
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            // A line with an arrow in the place of the kind is of one who waits.
            [_, "FLOCK", _, _, process, file, ..] if file == id => process.parse().ok(),
            _ => None,
        }
    })
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_lock_is_found() {
        let locks = "1: POSIX  ADVISORY  WRITE 7 fe:00:99 0 EOF\n2: FLOCK  ADVISORY  WRITE 812 fe:00:99 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 813 fe:00:99 0 EOF\n";
        assert_eq!(holder(locks, rustix::fs::makedev(0xfe, 0), 99), Some(812));
        assert_eq!(holder(locks, rustix::fs::makedev(0xfe, 0), 9), None);
    }

    #[test]
    fn one_holder_at_a_time() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let path = directory.path().join("lock");
        let held = Lock::acquire(&path)?;
        assert!(Lock::try_acquire(&path)?.is_none());
        drop(held);
        assert!(Lock::try_acquire(&path)?.is_some());
        Ok(())
    }
}
