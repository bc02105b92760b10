//! Which numbers of which senders a receiver has seen: a window below the highest, as IPsec has it (RFC 4303 section 3.4.3).
//!
//! Messages may come out of order within the window; what is below it is refused unseen. The file is JSON, durable before a
//! message is handed on, and locked from reading to writing, so that of two receivers of one message only one accepts it.

use certroll_pki::digest::KeyHash;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::sequence;
use crate::error::{Error, ErrorKind};
use certroll_base::durable;
use certroll_base::encoding;

/// How many numbers below the highest are remembered one by one.
pub const WINDOW: u64 = 1024;
const SCHEMA: &str = "certroll/seen/v1";

/// What the file holds.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenDocument {
    schema: String,
    /// By the SHA-256 of the sender's SubjectPublicKeyInfo, in hexadecimal.
    senders: BTreeMap<String, SeenSender>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenSender {
    /// The name in the newest message, for people.
    name: String,
    highest: u64,
    /// Which of the numbers `highest`, `highest - 1` and so on were seen: 1024 bits in hexadecimal, the first one for
    /// `highest`.
    window: String,
}

/// Why a number is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Replay {
    /// It was seen.
    #[error("number {0} of `{1}` was accepted before: the message is a replay")]
    Seen(u64, String),
    /// It is below the window.
    #[error("number {number} of `{name}` is more than {WINDOW} below the highest, {highest}: it may be a replay")]
    TooOld {
        /// The number.
        number: u64,
        /// The sender.
        name: String,
        /// The highest number seen.
        highest: u64,
    },
}

/// Marks a number of a sender as seen; the mark is durable afterwards.
///
/// # Errors
/// The file cannot be read or written, or is damaged: nothing is accepted then. The inner error: it was seen before, or may
/// have been.
pub fn mark(file: &Path, key: &KeyHash, name: &str, number: u64) -> Result<Result<(), Replay>, Error> {
    let _lock = sequence::lock(file)?;
    let mut document = read(file)?;
    let sender = document.senders.entry(key.to_string()).or_insert_with(SeenSender::new);
    let damaged = || {
        Error::new(ErrorKind::Usage, format!("`{}` is not a file of numbers seen", file.display()))
            .hint("restore it from a backup; without it every message could be replayed once")
    };
    if let Err(replay) = sender.take(name, number).ok_or_else(damaged)? {
        return Ok(Err(replay));
    }
    let text = serde_json::to_vec_pretty(&document).map_err(|error| damaged().because(error))?;
    durable::write(file, &text, durable::PRIVATE)
        .map_err(|error| Error::file(file, "remember the number in", error))?;
    Ok(Ok(()))
}

fn read(file: &Path) -> Result<SeenDocument, Error> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(SeenDocument { schema: SCHEMA.to_owned(), senders: BTreeMap::new() });
        }
        Err(error) => return Err(Error::file(file, "read the numbers seen from", error)),
    };
    let damaged = || Error::new(ErrorKind::Usage, format!("`{}` is not a file of numbers seen", file.display()));
    let document: SeenDocument = serde_json::from_slice(&bytes).map_err(|error| damaged().because(error))?;
    if document.schema != SCHEMA {
        return Err(damaged().because(format!("schema `{}`, this program knows `{SCHEMA}`", document.schema)));
    }
    Ok(document)
}

impl SeenSender {
    fn new() -> Self {
        Self { name: String::new(), highest: 0, window: encoding::hex(&[0; BYTES]) }
    }

    /// `None` when the window is damaged.
    fn take(&mut self, name: &str, number: u64) -> Option<Result<(), Replay>> {
        let mut window = SeenWindow(encoding::from_hex(&self.window)?.try_into().ok()?);
        if number > self.highest {
            window.slide(number - self.highest);
            self.highest = number;
        }
        let distance = self.highest - number;
        if distance >= WINDOW {
            return Some(Err(Replay::TooOld { number, name: name.to_owned(), highest: self.highest }));
        }
        if !window.set(distance) {
            return Some(Err(Replay::Seen(number, name.to_owned())));
        }
        self.window = encoding::hex(&window.0);
        name.clone_into(&mut self.name);
        Some(Ok(()))
    }
}

const BYTES: usize = 128;

/// Bit 0 is the highest bit of the first byte.
struct SeenWindow([u8; BYTES]);

impl SeenWindow {
    /// Makes room for so many numbers in front.
    fn slide(&mut self, by: u64) {
        let Ok(by) = usize::try_from(by.min(WINDOW)) else { return };
        let old = self.0;
        self.0 = [0; BYTES];
        for at in (by..BYTES * 8).filter(|at| bit(&old, at - by)) {
            if let Some(byte) = self.0.get_mut(at / 8) {
                *byte |= 0x80 >> (at % 8);
            }
        }
    }

    /// Whether it was not set yet.
    fn set(&mut self, at: u64) -> bool {
        let Ok(at) = usize::try_from(at) else { return false };
        let fresh = !bit(&self.0, at);
        if let Some(byte) = self.0.get_mut(at / 8) {
            *byte |= 0x80 >> (at % 8);
        }
        fresh
    }
}

fn bit(window: &[u8; BYTES], at: usize) -> bool {
    window.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_number_is_taken_once_and_in_any_order() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("seen");
        let take = |key: u8, number| mark(&file, &KeyHash::new([key; 32]), "meter", number).unwrap();
        for number in [5, 3, 4, 9, 1] {
            assert_eq!(take(1, number), Ok(()));
            assert_eq!(take(1, number), Err(Replay::Seen(number, "meter".to_owned())));
        }
        // Senders are counted apart.
        assert_eq!(take(2, 5), Ok(()));
        assert_eq!(take(1, 5000), Ok(()));
        assert_eq!(take(1, 5000 - WINDOW + 1), Ok(()));
        assert!(matches!(take(1, 5000 - WINDOW), Err(Replay::TooOld { .. })));
        assert!(matches!(take(1, 9), Err(Replay::TooOld { highest: 5000, .. })));
    }

    /// Against the plain way: a set of all numbers, and the highest.
    #[test]
    fn the_window_is_a_set_of_the_last_numbers() {
        let (mut sender, mut seen, mut highest) = (SeenSender::new(), BTreeSet::new(), 0_u64);
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = (highest + 40).saturating_sub((state >> 33) % 1200) + 1;
            let expected = number + WINDOW > highest.max(number) && !seen.contains(&number);
            assert_eq!(sender.take("x", number).unwrap().is_ok(), expected, "{number} below {highest}");
            if expected {
                seen.insert(number);
                highest = highest.max(number);
            }
        }
    }

    #[test]
    fn a_damaged_file_accepts_nothing_and_stays() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("seen");
        mark(&file, &KeyHash::new([1; 32]), "meter", 1).unwrap().unwrap();
        let good = std::fs::read_to_string(&file).unwrap();
        for bad in ["", "{}", "[]", &good.replace("v1", "v9"), &good.replace("8000", "80"), &good[..good.len() - 3]] {
            std::fs::write(&file, bad).unwrap();
            assert!(mark(&file, &KeyHash::new([1; 32]), "meter", 2).is_err(), "{bad}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), bad);
        }
    }

    #[test]
    fn of_many_at_once_one_is_accepted() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("seen");
        let accepted: usize = std::thread::scope(|scope| {
            let take = || {
                (1..=10).filter(|number| mark(&file, &KeyHash::new([1; 32]), "meter", *number).unwrap().is_ok()).count()
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(accepted, 10);
    }
}
