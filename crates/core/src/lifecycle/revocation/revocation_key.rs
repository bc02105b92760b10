//! The private key of a certificate that is to be revoked: some issuers take possession of it as authority, and believe a
//! compromise only then.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::lifecycle::delivery::installed;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::select;
use crate::store::CertificateEntry;
use certroll_base::secret::Secret;
use certroll_keystore::{Item, formats};
use certroll_pki::key::KeyPair;

/// The key in a file, a keystore or PEM or DER of PKCS#8, that belongs to one of the certificates named.
///
/// # Errors
/// The file cannot be read or opened, or holds no such key.
pub fn from_file(
    session: &Session,
    selector: &str,
    path: &Path,
    password: Option<&Secret>,
) -> Result<Box<KeyPair>, Error> {
    let found = select::find(session.journal.store(), selector)?;
    let bytes =
        zeroize::Zeroizing::new(certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?);
    let fits = |key: &KeyPair| found.iter().any(|entry| entry.key_hash == key.key_hash());
    let unfit = || {
        Error::new(ErrorKind::Usage, format!("`{}` holds no private key of `{selector}`", path.display()))
            .hint("give the keystore or key file that was installed with that certificate")
    };
    let Some(format) = formats::detect(&bytes) else {
        return KeyPair::from_pkcs8(&bytes).ok().filter(fits).map(Box::new).ok_or_else(unfit);
    };
    let entries = format.read(&bytes, password).map_err(|error| Error::keystore(path, error))?;
    let mut locked = false;
    for entry in entries {
        let Item::Key { key, .. } = entry.item else { continue };
        // A key in the clear needs no password, and none opens it.
        let plain = key.unlock(password.unwrap_or(&Secret::new(String::new())));
        locked |= plain.is_err();
        let key = plain.ok().and_then(|plain| KeyPair::from_pkcs8(plain.expose()).ok());
        if let Some(key) = key.filter(fits) {
            return Ok(Box::new(key));
        }
    }
    Err(match locked {
        true => Error::new(ErrorKind::Permission, format!("a key in `{}` cannot be opened", path.display()))
            .hint(SecretHint::OfKeystore),
        false => unfit(),
    })
}

/// The key of a certificate, if the home holds it or a keystore that the home can open.
///
/// # Errors
/// What is held cannot be read.
pub(crate) fn known(session: &Session, entry: &CertificateEntry) -> Result<Option<Box<KeyPair>>, Error> {
    let plain = match installed::held_key(session, entry)? {
        Some(plain) => Some(plain),
        // A keystore that is gone or was changed is no reason not to revoke.
        None => installed::outputs(session, entry, None)
            .and_then(|outputs| installed::installed_key(&outputs))
            .ok()
            .flatten(),
    };
    let key = plain.and_then(|plain| KeyPair::from_pkcs8(plain.expose()).ok());
    Ok(key.filter(|key| key.key_hash() == entry.key_hash).map(Box::new))
}
