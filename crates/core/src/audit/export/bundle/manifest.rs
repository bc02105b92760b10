//! The list of a bundle's files.
//!
//! ```text
//! SHA256 SIZE certificates/SHA256.der      one line for each certificate, in order
//! SHA256 SIZE README.txt                   one for each other file, in order
//! certroll 0.1.0
//! generated 2026-11-23T09:00:00.000Z
//! SHA256                                   of all the lines above
//! ```
//!
//! It stands last in the archive, so that it can be written and checked in one pass and without being held in memory. Not
//! signed: what binds the records is the checkpoint, and everything else is made from the records again to be compared.

use certroll_base::clock::Timestamp;
use certroll_base::encoding::{self, Hasher, Sha256};

/// The line of one file.
pub fn line(name: &str, size: u64, sha256: &Sha256) -> String {
    format!("{} {size} {name}\n", encoding::hex(sha256))
}

/// What the last lines say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maker {
    /// The version of certroll that made the bundle.
    pub version: String,
    /// When.
    pub generated: Timestamp,
}

impl Maker {
    /// The last lines, given the hash over those before them.
    fn lines(&self, above: &Hasher) -> String {
        let text = format!("certroll {}\ngenerated {}\n", self.version, self.generated.to_rfc3339_millis());
        let mut hash = above.clone();
        hash.update(text.as_bytes());
        format!("{text}{}\n", encoding::hex(&hash.sha256()))
    }
}

/// Follows the list as it must be, line by line, without keeping it.
#[derive(Default)]
pub struct ManifestFollower {
    hash: Hasher,
    length: u64,
}

impl ManifestFollower {
    /// Adds a line.
    pub fn add(&mut self, line: &str) {
        self.hash.update(line.as_bytes());
        self.length += line.len() as u64;
    }

    /// The lines that end the list.
    pub fn end(&self, maker: &Maker) -> String {
        maker.lines(&self.hash)
    }

    /// How long the list of files is: the rest are the last lines.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// SHA-256 of the list of files.
    pub fn sha256(&self) -> Sha256 {
        self.hash.sha256()
    }

    /// Reads the last lines; `None` unless they are exactly what [`ManifestFollower::end`] writes.
    pub fn parse_end(&self, text: &[u8]) -> Option<Maker> {
        let text = str::from_utf8(text).ok()?;
        let mut lines = text.split('\n');
        let version = lines.next()?.strip_prefix("certroll ")?;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+');
        if version.is_empty() || version.len() > 64 || !version.bytes().all(plain) {
            return None;
        }
        let generated = Timestamp::parse(lines.next()?.strip_prefix("generated ")?)?;
        let maker = Maker { version: version.to_owned(), generated };
        (self.end(&maker) == text).then_some(maker)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_hold_all_before_them() {
        let mut running = ManifestFollower::default();
        running.add(&line("vkey", 3, &[1; 32]));
        let maker = Maker { version: "1.2.3-beta+4".into(), generated: Timestamp::from_millis(1_795_000_000_123) };
        let end = running.end(&maker);
        assert_eq!(running.parse_end(end.as_bytes()), Some(maker));
        for bit in 0..end.len() * 8 {
            let mut changed = end.clone().into_bytes();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(running.parse_end(&changed), None, "bit {bit}");
        }
        running.add("more");
        assert_eq!(running.parse_end(end.as_bytes()), None);
    }
}
