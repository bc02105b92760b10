//! The one private key in a file of any form: PEM, DER, PKCS#12, JKS.

use std::path::Path;

use super::source;
use crate::error::{Error, ErrorKind};
use crate::tools::certificate_files::AskPassword;
use certroll_base::secret::Secret;
use certroll_keystore::{EntryKey, Item, KeystoreError, formats};
use certroll_pki::container::pem;
use certroll_pki::key::KeyPair;

/// Reads it. The password is asked for when the file needs one.
///
/// # Errors
/// There is none or several, it is of a kind that is not supported, or the password does not open it.
pub fn key_of_any(path: &Path, password: AskPassword<'_>) -> Result<KeyPair, Error> {
    let bytes =
        zeroize::Zeroizing::new(certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?);
    let format = if pem::is_pem(&bytes) { None } else { formats::detect(&bytes) };
    let Some(format) = format else {
        return match source::private_key(path, None) {
            Err(error) if error.kind == ErrorKind::Permission => {
                Ok(source::private_key(path, Some(&password()?))?.pair)
            }
            other => Ok(other?.pair),
        };
    };
    let secret: Secret = password()?;
    let entries = match format.read(&bytes, Some(&secret)) {
        Err(KeystoreError::PasswordRequired) => return Err(Error::keystore(path, KeystoreError::PasswordRequired)),
        other => other.map_err(|error| Error::keystore(path, error))?,
    };
    let mut keys = Vec::new();
    for entry in entries {
        if let Item::Key { key, .. } = entry.item {
            keys.push(key);
        }
    }
    let count = keys.len();
    let refused =
        || Error::new(ErrorKind::Usage, format!("`{}` holds no private key that can be used", path.display()));
    match (keys.pop(), count) {
        (Some(EntryKey::Plain(pkcs8)), 1) => {
            KeyPair::from_pkcs8(pkcs8.expose()).map_err(|error| refused().because(error))
        }
        (Some(EntryKey::Protected(_)), 1) => {
            Err(Error::new(ErrorKind::Permission, format!("the key in `{}` does not open", path.display())))
        }
        _ => Err(refused().because(format!("it holds {count} private keys, and one is wanted"))),
    }
}
