//! The numbers of what a sender signs: one after another, and none twice, whatever happens.
//!
//! A file holds the last number that was given out, in decimal. It is durable before the number is used, so that a crash may
//! waste a number and never repeat one; a lock beside it makes processes wait for each other.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use certroll_base::durable;
use certroll_base::lock::Lock;

/// The greatest number: what every JSON reader holds exactly (RFC 8259 section 6).
pub const LAST: u64 = (1 << 53) - 1;

/// Takes the next number. The first one of a new file is 1.
///
/// # Errors
/// The file holds something else than a number, or cannot be read or written: then no number is given out.
pub fn next(file: &Path) -> Result<u64, Error> {
    let _lock = lock(file)?;
    let last = match std::fs::read_to_string(file) {
        Ok(text) => number(&text).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{}` does not hold the last number of a sequence", file.display())).hint(
                "write the last number that was used into it; a number that was used before is refused by receivers",
            )
        })?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(error) => return Err(Error::file(file, "read the last number from", error)),
    };
    if last >= LAST {
        return Err(Error::new(ErrorKind::Failed, format!("the sequence in `{}` has come to its end", file.display()))
            .hint("begin a new one with a new key: receivers count by key"));
    }
    let next = last + 1;
    durable::write(file, format!("{next}\n").as_bytes(), durable::PRIVATE)
        .map_err(|error| Error::file(file, "write the number to", error))?;
    Ok(next)
}

fn number(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('\n').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number <= LAST)
}

/// Waits for the lock of a file of state: the lock is on a file beside it, which stays.
pub(super) fn lock(file: &Path) -> Result<Lock, Error> {
    let mut name = file.as_os_str().to_owned();
    name.push(".lock");
    let path = Path::new(&name);
    Lock::acquire(path).map_err(|error| Error::file(path, "lock", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_one_another_in_many_threads() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sequence");
        let mut all: Vec<u64> = std::thread::scope(|scope| {
            let take = || (0..25).map(|_| next(&file).unwrap()).collect::<Vec<_>>();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        all.sort_unstable();
        assert_eq!(all, (1..=100).collect::<Vec<_>>());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "100\n");
    }

    #[test]
    fn other_content_gives_no_number_and_stays() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("sequence");
        for bad in ["", "x", "-1", "1\n2", " 7", "+7", "9007199254740992", "99999999999999999999"] {
            std::fs::write(&file, bad).unwrap();
            assert!(next(&file).is_err(), "{bad}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), bad);
        }
        std::fs::write(&file, LAST.to_string()).unwrap();
        assert_eq!(next(&file).unwrap_err().kind, ErrorKind::Failed);
        std::fs::write(&file, "41").unwrap();
        assert_eq!(next(&file).unwrap(), 42);
    }
}
