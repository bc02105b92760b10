//! The files of OpenSSL's `ca`, which easy-rsa uses as well: the index of what was issued, and the numbers that come next.

use std::collections::HashMap;
use std::path::Path;

use crate::error::{Error, ErrorKind};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;

/// The largest index, in bytes: some millions of lines.
const LARGEST_INDEX: u64 = 256 << 20;

/// One line of `index.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Its number, from 1.
    pub line: usize,
    /// The serial number.
    pub serial: SerialNumber,
    /// What the index says of the certificate.
    pub state: IndexState,
    /// The end of its validity.
    pub not_after: Timestamp,
    /// Its subject, as OpenSSL writes it on one line.
    pub subject: String,
}

/// What an index says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexState {
    /// `V`; it may have expired since.
    Valid,
    /// `E`.
    Expired,
    /// `R`: when and why. A reason that is not used here, such as certificateHold, counts as unspecified.
    Revoked(Timestamp, RevocationReason),
}

/// The entries of an index, in its order.
///
/// # Errors
/// It cannot be read, a line is not one of an index, or two have one serial number; every such line is named.
pub fn index(path: &Path) -> Result<Vec<IndexEntry>, Error> {
    let bytes = certroll_base::input::read_up_to(path, LARGEST_INDEX);
    let bytes = bytes.map_err(|error| Error::file(path, "read", error))?;
    let mut entries = Vec::new();
    let mut wrong = Vec::new();
    let mut seen: HashMap<SerialNumber, usize> = HashMap::new();
    for (line, text) in (1..).zip(String::from_utf8_lossy(&bytes).lines()) {
        if text.is_empty() {
            continue;
        }
        match entry(line, text) {
            Ok(entry) => {
                if let Some(before) = seen.insert(entry.serial.clone(), line) {
                    wrong.push(format!("line {line}: serial number {} stands in line {before} already", entry.serial));
                }
                entries.push(entry);
            }
            Err(why) => wrong.push(format!("line {line}: {why}")),
        }
    }
    if wrong.is_empty() {
        return Ok(entries);
    }
    let message = format!("`{}` is not an index that can be taken over", path.display());
    Err(Error::new(ErrorKind::Usage, message)
        .because(wrong.join("\n"))
        .hint("correct a copy of it: each line has status, end, revocation, serial number, file and subject, with tabs between"))
}

fn entry(line: usize, text: &str) -> Result<IndexEntry, String> {
    let fields: Vec<&str> = text.split('\t').collect();
    let [status, end, revocation, serial, _file, subject] = fields.as_slice() else {
        return Err(format!("it has {} fields, and 6 are expected", fields.len()));
    };
    let not_after = time(end).ok_or_else(|| format!("`{end}` is no time"))?;
    let serial = SerialNumber::parse(serial).ok_or_else(|| format!("`{serial}` is no serial number"))?;
    let state = match (*status, *revocation) {
        ("V", "") => IndexState::Valid,
        ("E", "") => IndexState::Expired,
        ("R", revocation) => revoked(revocation)?,
        ("V" | "E", _) => return Err("it is not revoked, and has a time of revocation".to_owned()),
        (status, _) => return Err(format!("`{status}` is no status: V, E and R are")),
    };
    Ok(IndexEntry { line, serial, state, not_after, subject: (*subject).to_owned() })
}

/// `YYMMDDHHMMSSZ`, and behind a comma the reason.
fn revoked(text: &str) -> Result<IndexState, String> {
    let (at, reason) = text.split_once(',').unwrap_or((text, ""));
    let at = time(at).ok_or_else(|| format!("`{at}` is no time of a revocation"))?;
    // Two reasons have a time of their own behind a further comma, one an OID.
    let word = reason.split(',').next().unwrap_or_default();
    let reason = match word {
        "" | "certificateHold" | "holdInstruction" | "removeFromCRL" => RevocationReason::Unspecified,
        "keyTime" => RevocationReason::KeyCompromise,
        "CAkeyTime" | "CACompromise" => RevocationReason::CaCompromise,
        word => word.parse().map_err(|_| format!("`{word}` is no reason of a revocation"))?,
    };
    Ok(IndexState::Revoked(at, reason))
}

/// A UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5).
fn time(text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let digits = match digits.len() {
        12 if digits >= "50" => format!("19{digits}"),
        12 => format!("20{digits}"),
        14 => digits.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)];
    let [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)];
    Timestamp::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

/// The number in a `serial` or `crlnumber` file: the next one to be used, hexadecimal.
///
/// # Errors
/// It cannot be read, or holds something else.
pub fn next_number(path: &Path) -> Result<SerialNumber, Error> {
    let text = certroll_base::input::read_text(path).map_err(|error| Error::file(path, "read", error))?;
    SerialNumber::parse(text.trim()).ok_or_else(|| {
        let message = format!("`{}` holds no number", path.display());
        Error::new(ErrorKind::Usage, message).hint("it is to hold the next number, hexadecimal, and nothing else")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<IndexEntry>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        index(file.path()).map_err(|error| crate::error::describe(&error))
    }

    #[test]
    fn an_index_is_read_line_by_line() {
        let text = "V\t301130120000Z\t\t01\tunknown\t/CN=a\n\
                    R\t20501130120000Z\t261101120000Z,keyCompromise\t0A\tunknown\t/CN=b\n\
                    R\t301130120000Z\t261101120000Z\t0B\tunknown\t/CN=c\n\
                    R\t301130120000Z\t261101120000Z,holdInstruction,1.2.3\t0C\tunknown\t/CN=d\n\
                    E\t491130120000Z\t\tABCDEF0123456789ABCDEF0123456789\tunknown\t/CN=e\n";
        let entries = read(text).unwrap();
        let told: Vec<_> =
            entries.iter().map(|one| format!("{} {} {:?}", one.serial, one.not_after, one.state)).collect();
        assert!(told[0].starts_with("01 2030-11-30T12:00:00Z Valid"), "{told:?}");
        assert!(
            told[1].starts_with("0a 2050-11-30T12:00:00Z Revoked") && told[1].contains("KeyCompromise"),
            "{told:?}"
        );
        assert!(told[2].contains("Unspecified") && told[3].contains("Unspecified"), "{told:?}");
        assert_eq!(told[4], "abcdef0123456789abcdef0123456789 2049-11-30T12:00:00Z Expired");
    }

    #[test]
    fn every_line_that_is_none_is_named() {
        let good = "V\t301130120000Z\t\t01\tunknown\t/CN=a";
        for (line, why) in [
            ("V\t301130120000Z\t\t02\tunknown", "it has 5 fields"),
            ("V\t301330120000Z\t\t02\tunknown\t/CN=b", "`301330120000Z` is no time"),
            ("V\t301130120000\t\t02\tunknown\t/CN=b", "is no time"),
            ("X\t301130120000Z\t\t02\tunknown\t/CN=b", "`X` is no status"),
            ("V\t301130120000Z\t\tzz\tunknown\t/CN=b", "`zz` is no serial number"),
            ("V\t301130120000Z\t261101120000Z\t02\tunknown\t/CN=b", "is not revoked"),
            ("R\t301130120000Z\t\t02\tunknown\t/CN=b", "is no time of a revocation"),
            ("R\t301130120000Z\t261101120000Z,boredom\t02\tunknown\t/CN=b", "`boredom` is no reason"),
            ("V\t301130120000Z\t\t1\tunknown\t/CN=b", "serial number 01 stands in line 1 already"),
        ] {
            let said = read(&format!("{good}\n{line}\n")).unwrap_err();
            assert!(said.contains("line 2: ") && said.contains(why), "{line}: {said}");
        }
        assert_eq!(read(good).unwrap().len(), 1, "negative control");
    }
}
