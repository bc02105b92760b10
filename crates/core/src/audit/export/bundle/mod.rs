//! The bundle: one tar archive with everything that an auditor needs, in one form only.
//!
//! The names and their order are fixed, headers are canonical and padding is zero, so that no byte of a bundle can change
//! and leave it a bundle. What is in it:
//!
//! | member | content |
//! |---|---|
//! | `README.txt` | what to do with this |
//! | `vkey` | the public key of the log; worth nothing as long as it comes from here alone |
//! | `checkpoint` | the signed note, with all signatures that were collected for it |
//! | `cosigned` | if others signed an earlier checkpoint, the last such note that the records in here can be held against |
//! | `since/checkpoint` | incremental: the earlier checkpoint that this bundle continues |
//! | `since/consistency` | incremental: the proof of RFC 9162 section 2.1.4, one hexadecimal hash a line |
//! | `since/subtrees` | incremental: the roots of the complete subtrees of the earlier tree, largest first, likewise |
//! | `records.jsonl` | the records, byte for byte |
//! | `withheld` | filtered: number and leaf hash of every record that is not here, `SEQ HASH` on a line |
//! | `records.csv` | the same records as a table |
//! | `report.html` | the same records as a report; not in a bundle of a part of the log |
//! | `certificates/SHA256.der` | the certificates whose issuance is in the records, in the order of these |
//! | `MANIFEST` | sizes and hashes of all others |
//!
//! `since/` and `withheld` are there together with `--since` and with a filter, and never otherwise.

pub mod archive;
pub mod manifest;

use certroll_base::encoding::{self, Sha256};

/// What to do with a bundle. A constant, so that a reader can tell whether other instructions were put into it.
pub const README: &str = include_str!("README.txt");

/// Members with a fixed name.
#[expect(missing_docs, reason = "the table of the module says what is in each")]
pub mod name {
    pub const README: &str = "README.txt";
    pub const VKEY: &str = "vkey";
    pub const CHECKPOINT: &str = "checkpoint";
    pub const COSIGNED: &str = "cosigned";
    pub const SINCE: &str = "since/checkpoint";
    pub const CONSISTENCY: &str = "since/consistency";
    pub const SUBTREES: &str = "since/subtrees";
    pub const RECORDS: &str = "records.jsonl";
    pub const WITHHELD: &str = "withheld";
    pub const CSV: &str = "records.csv";
    pub const REPORT: &str = "report.html";
    pub const MANIFEST: &str = "MANIFEST";
}

/// The name of the member that holds a certificate.
pub fn certificate_name(sha256: &Sha256) -> String {
    format!("certificates/{}.der", encoding::hex(sha256))
}

/// Hashes as they stand in `since/`: one a line.
pub fn hash_lines(hashes: &[Sha256]) -> String {
    hashes.iter().map(|hash| encoding::hex(hash) + "\n").collect()
}

/// Reads what [`hash_lines`] writes; `None` for anything else.
pub fn parse_hash_lines(text: &[u8]) -> Option<Vec<Sha256>> {
    let text = str::from_utf8(text).ok()?;
    let hashes: Vec<_> = text.lines().map(encoding::sha256_from_hex).collect::<Option<_>>()?;
    // The one spelling: lower case, every line ended by a line feed.
    (hash_lines(&hashes) == text).then_some(hashes)
}

/// A line of `withheld`.
pub fn withheld_line(seq: u64, leaf: &Sha256) -> String {
    format!("{seq} {}\n", encoding::hex(leaf))
}

/// Reads a line of `withheld` without its line end; `None` for anything but what [`withheld_line`] writes.
pub fn parse_withheld(line: &[u8]) -> Option<(u64, Sha256)> {
    let line = str::from_utf8(line).ok()?;
    let (seq, leaf) = line.split_once(' ')?;
    let (seq, leaf) = (seq.parse().ok()?, encoding::sha256_from_hex(leaf)?);
    (withheld_line(seq, &leaf).trim_end() == line).then_some((seq, leaf))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_have_one_spelling() {
        let hashes = [[0xab; 32], [1; 32]];
        let text = hash_lines(&hashes);
        assert_eq!(parse_hash_lines(text.as_bytes()).as_deref(), Some(&hashes[..]));
        assert_eq!(parse_hash_lines(b""), Some(Vec::new()));
        for other in [text.to_uppercase(), text.replace('\n', "\r\n"), text.trim_end().to_owned(), format!("{text}\n")]
        {
            assert_eq!(parse_hash_lines(other.as_bytes()), None, "{other}");
        }
        let line = withheld_line(7, &hashes[0]);
        let line = line.trim_end();
        assert_eq!(parse_withheld(line.as_bytes()), Some((7, hashes[0])));
        for other in [format!("0{line}"), format!("+{line}"), format!("{line} "), line.to_uppercase(), "7 ab".into()] {
            assert_eq!(parse_withheld(other.as_bytes()), None, "{other}");
        }
    }
}
