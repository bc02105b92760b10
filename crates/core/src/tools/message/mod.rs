//! Signed messages: a signature beside a message, or an envelope around it that cannot be replayed.
//!
//! Three forms. *Raw* is the bare signature that Java's `Signature` makes and checks. *CMS* is a detached signature with the
//! signer's certificates (RFC 5652). The *envelope* is a JWS (RFC 7515) that holds the message, when it was signed, by whom
//! and under which number. `docs/messages.md` describes them for those who write the other side.
//!
//! Nothing here needs a home, but for its CAs where no truststore is named.

pub mod envelope;
pub mod key;
pub mod seen;
pub mod sequence;
pub mod sign;
pub mod trust;
pub mod verify;

use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind};

/// No message is longer, in bytes: it is held in memory.
pub const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// Reads a message or a signature: a file, or standard input for `-`.
///
/// # Errors
/// It cannot be read, or is too long.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::file(path, "read", error);
    let mut bytes = Vec::new();
    let mut take = |reader: &mut dyn Read| reader.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    if path.as_os_str() == "-" {
        take(&mut std::io::stdin().lock()).map_err(failed)?;
    } else {
        take(&mut std::fs::File::open(path).map_err(failed)?).map_err(failed)?;
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        let message = format!("`{}` has more than {} MiB", path.display(), MAX_BYTES / 1024 / 1024);
        return Err(Error::new(ErrorKind::Usage, message).hint("sign its digest, or send it in parts"));
    }
    Ok(bytes)
}
