//! Take certificates and keys out of a keystore, as PEM or DER.

use std::path::Path;

use super::file::{Edited, KeystoreFile};
use crate::destination::DestinationError;
use crate::destination::kinds::file::FileDestination;
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_base::durable;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_keystore::{Entry, pem as pem_format};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::{self, DEFAULT_ITERATIONS, KeyEncryption};
use certroll_pki::x509::certificate::Certificate;

/// The certificates of an entry, as a text of PEM blocks: all of them, or the first alone.
///
/// # Errors
/// It has none.
pub fn certificates(file: &KeystoreFile, entry: &Entry, first_alone: bool) -> Result<String, Error> {
    let all = entry.item.certificates();
    if all.is_empty() {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("`{}` of `{}` has no certificate", entry.alias, file.path.display()),
        )
        .hint(KeystoreHint::ImportReply));
    }
    let count = if first_alone { 1 } else { all.len() };
    Ok(pem_format::chain_text(all.get(..count).unwrap_or_default()))
}

/// Writes certificates to a file; `.der` and `.cer` for the first one in DER, else PEM. What is no file of certificates is
/// replaced only if `replace` says so.
///
/// # Errors
/// The file cannot be written.
pub fn write_certificates(path: &Path, text: &str, replace: bool) -> Result<Edited, Error> {
    let der = path.extension().is_some_and(|extension| extension == "der" || extension == "cer");
    let bytes = if der { first_block(text) } else { text.as_bytes().to_vec() };
    let known = |bytes: &[u8]| replace || holds_certificates_alone(bytes);
    let written = install(path, &bytes, false, &known)?;
    Ok(outcome(path, written, "the certificates"))
}

fn holds_certificates_alone(bytes: &[u8]) -> bool {
    match pem::read(bytes) {
        Ok(blocks) if !blocks.is_empty() => blocks.iter().all(|block| block.label == Label::Certificate),
        _ => Certificate::from_der(bytes).is_ok(),
    }
}

fn first_block(text: &str) -> Vec<u8> {
    let blocks = pem::read(text.as_bytes()).unwrap_or_default();
    blocks.first().map(|block| block.der.expose().to_vec()).unwrap_or_default()
}

/// Writes a private key to a file of its own: encrypted PKCS#8 in PEM, which OpenSSL and Java read. A file that holds the
/// same key under the same password is left as it is; one that holds anything else is replaced only if `replace` says so.
///
/// # Errors
/// The key cannot be encrypted, or the file not written.
pub fn write_key(path: &Path, pkcs8: &SecretBytes, password: &Secret, replace: bool) -> Result<Edited, Error> {
    if holds(path, pkcs8, password) {
        return Ok(Edited::unchanged(format!("`{}` holds this key already: nothing to do", path.display())));
    }
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Failed, "the key cannot be encrypted").because(error)
    };
    let encryption = KeyEncryption::new(password, DEFAULT_ITERATIONS).map_err(|error| failed(error.into()))?;
    let text = pem_format::key_text(pkcs8.expose(), &encryption).map_err(|error| failed(error.into()))?;
    let written = install(path, text.as_bytes(), true, &|_| replace)?;
    Ok(outcome(path, written, "the encrypted key"))
}

/// As [`write_key`], but a file that holds anything else is an error: a key that is in use should not be lost.
///
/// # Errors
/// As [`write_key`].
pub fn write_key_unless_other(path: &Path, pkcs8: &SecretBytes, password: &Secret) -> Result<Edited, Error> {
    if path.exists() && !holds(path, pkcs8, password) {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("`{}` is there already and holds something else", path.display()),
        )
        .hint("choose another name: a key that is in use should not be lost"));
    }
    write_key(path, pkcs8, password, false)
}

fn holds(path: &Path, pkcs8: &SecretBytes, password: &Secret) -> bool {
    let Ok(bytes) = certroll_base::input::read(path) else { return false };
    let Ok(blocks) = pem::read(&bytes) else { return false };
    let [block] = blocks.as_slice() else { return false };
    block.label == Label::EncryptedPrivateKey
        && encryption::decrypt(block.der.expose(), password).is_ok_and(|found| found.expose() == pkcs8.expose())
}

/// Writes a file unless it is so already, and says whether it did. What was there is replaced if `known` knows it.
///
/// # Errors
/// It cannot be written, or something unknown is there.
pub(crate) fn install(path: &Path, bytes: &[u8], private: bool, known: &dyn Fn(&[u8]) -> bool) -> Result<bool, Error> {
    let directory = durable::parent(path);
    if !directory.is_dir() {
        return Err(Error::new(ErrorKind::Usage, format!("the directory of `{}` does not exist", path.display()))
            .hint(format!("make it with `mkdir -p {}`", directory.display())));
    }
    let refused = |what: &'static str| move |error| Error::destination(path.display(), what, error);
    let destination = FileDestination::new(path);
    let before = destination.content().map_err(refused("read"))?;
    if before.as_deref().is_some_and(|before| !before.is_empty() && before != bytes && !known(before)) {
        return Err(refused("write")(DestinationError::Occupied));
    }
    destination.write(bytes, private).map_err(refused("write"))?;
    Ok(before.as_deref() != Some(bytes))
}

pub(crate) fn outcome(path: &Path, changed: bool, what: &str) -> Edited {
    let path = path.display();
    match changed {
        true => Edited { changed, said: vec![format!("wrote {what} to `{path}`")] },
        false => Edited::unchanged(format!("`{path}` is so already: nothing to do")),
    }
}
