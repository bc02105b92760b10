//! Private keys in files of their own: make one, look at it, change its password.
//!
//! What is written is PKCS#8 under PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC, the one form that OpenSSL and Java both
//! read. A key is never written in the clear.

use std::path::Path;

use super::keystore::export;
use super::keystore::file::{Edited, KeystoreFile};
use super::keystore::source::{self, KeyInFile};
use crate::destination::kinds::file::OutputFile;
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeyHint;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_keystore::pem as pem_format;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::{self, DEFAULT_ITERATIONS, KeyEncryption};
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::x509::certificate::Certificate;

/// Makes a key. A file that holds one of that kind already, under that password, stays as it is.
///
/// # Errors
/// The file holds something else, or cannot be written.
pub fn create(path: &Path, kind: KeyAlgorithm, password: &Secret) -> Result<(Edited, KeyPair), Error> {
    let _lock = KeystoreFile::lock(path)?;
    let shown = path.display();
    if path.exists() {
        let key = source::private_key(path, Some(password))?;
        if key.encryption.is_none() {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("`{shown}` is there already, and its key is not encrypted"),
            )
            .hint(KeyHint::Encrypt(path.to_owned())));
        }
        if key.pair.algorithm() != kind {
            let found = key.pair.algorithm();
            return Err(Error::new(ErrorKind::Usage, format!("`{shown}` is there already, with a key {found}"))
                .hint("choose another name: a key that is in use should not be lost"));
        }
        return Ok((Edited::unchanged(format!("`{shown}` holds a key {kind} already: nothing to do")), key.pair));
    }
    let failed = |error| Error::new(ErrorKind::Failed, "the key cannot be made").because(error);
    let pair = KeyPair::generate(kind).map_err(failed)?;
    export::write_key(path, &pair.to_pkcs8().map_err(failed)?, password, false)?;
    Ok((Edited { changed: true, said: vec![format!("made a key {kind} in `{shown}`")] }, pair))
}

/// What a key file shows.
pub struct KeyFileFacts {
    /// The key, if it is not encrypted or the password opened it.
    pub pair: Option<KeyPair>,
    /// How it is encrypted; `None` when it is not.
    pub encryption: Option<(String, Option<u32>)>,
    /// The certificates beside it.
    pub certificates: Vec<Certificate>,
}

/// Looks at a key. Without a password an encrypted one shows how it is encrypted, and nothing else.
///
/// # Errors
/// The file holds no key that can be read, or the password does not open it.
pub fn inspect(path: &Path, password: Option<&Secret>) -> Result<KeyFileFacts, Error> {
    let bytes =
        zeroize::Zeroizing::new(certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?);
    let block = encrypted_block(&bytes);
    let encryption = block.as_ref().and_then(|der| encryption::describe(der.expose()).ok());
    if password.is_none() && encryption.is_some() {
        return Ok(KeyFileFacts { pair: None, encryption, certificates: Vec::new() });
    }
    let KeyInFile { pair, certificates, .. } = source::private_key(path, password)?;
    Ok(KeyFileFacts { pair: Some(pair), encryption, certificates })
}

fn encrypted_block(bytes: &[u8]) -> Option<SecretBytes> {
    match pem::read(bytes) {
        Ok(blocks) => blocks.into_iter().find(|block| block.label == Label::EncryptedPrivateKey).map(|block| block.der),
        Err(_) => Some(SecretBytes::new(bytes.to_vec())),
    }
}

/// Encrypts a key anew, under another password, into the same file or another. A key that was not encrypted is afterwards.
///
/// No copy of the old file stays.
///
/// # Errors
/// The key does not open, the file holds more than it, or it cannot be written.
pub fn change_password(path: &Path, out: &Path, old: Option<&Secret>, new: &Secret) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(out)?;
    let key = source::private_key(path, old)?;
    if path == out {
        if !key.certificates.is_empty() {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("`{}` holds certificates beside the key", path.display()),
            )
            .hint(KeyHint::ChangeAsKeystore(path.to_owned())));
        }
        // The same password again changes nothing, if the key is encrypted as it would be now.
        let best = "PBES2 with PBKDF2-HMAC-SHA-256, AES-256-CBC";
        if key.encryption.as_deref() == Some(best) && old.is_some_and(|old| old.expose() == new.expose()) {
            return Ok(Edited::unchanged(format!("`{}` has this password already: nothing to do", path.display())));
        }
    } else if out.exists() {
        return export::write_key_unless_other(out, &key.pkcs8, new);
    }
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Failed, "the key cannot be encrypted").because(error)
    };
    let encryption = KeyEncryption::new(new, DEFAULT_ITERATIONS).map_err(|error| failed(error.into()))?;
    let text = pem_format::key_text(key.pkcs8.expose(), &encryption).map_err(|error| failed(error.into()))?;
    let written = OutputFile::new(out).replacing(path == out).write(text.as_bytes(), true);
    written.map_err(|error| Error::destination(out.display(), "write", error))?;
    let back = source::private_key(out, Some(new))?;
    if back.pair.spki() != key.pair.spki() {
        return Err(Error::new(ErrorKind::Failed, format!("`{}` does not read back as written", out.display())));
    }
    Ok(Edited { changed: true, said: vec![format!("`{}` is encrypted under the new password", out.display())] })
}
