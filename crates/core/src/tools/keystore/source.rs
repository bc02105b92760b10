//! Certificates and keys from files of others.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::container::pkcs7;
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption::{self, EncryptionError};
use certroll_pki::x509::certificate::Certificate;

/// The certificates in a file, in its order: PEM, DER, or PKCS#7 in either.
///
/// # Errors
/// It cannot be read, holds something else beside, or no certificate at all.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    let refused =
        || Error::new(ErrorKind::Usage, format!("`{}` holds no certificates that can be used", path.display()));
    let ders = match pem::read(&bytes) {
        Ok(blocks) => {
            let mut ders = Vec::new();
            for block in blocks {
                let der = block.der.expose();
                match block.label {
                    Label::Certificate => ders.push(der.to_vec()),
                    Label::Pkcs7 => ders.extend(
                        pkcs7::certificates(der).ok_or_else(|| refused().because("its PKCS#7 is no SignedData"))?,
                    ),
                    other => {
                        return Err(refused().because(format!("line {}: `{other}` beside certificates", block.line)));
                    }
                }
            }
            ders
        }
        Err(pem::PemError::NoBlock) => match pkcs7::certificates(&bytes) {
            Some(ders) => ders,
            None => vec![bytes],
        },
        Err(error) => return Err(refused().because(error)),
    };
    if ders.is_empty() {
        return Err(refused().because("there is none in it"));
    }
    let read = |der: &Vec<u8>| Certificate::from_der(der).map_err(|error| refused().because(error));
    ders.iter().map(read).collect()
}

/// The certificates of several files, in their order, each once.
///
/// # Errors
/// As [`certificates`].
pub fn all_certificates(paths: &[std::path::PathBuf]) -> Result<Vec<Certificate>, Error> {
    let mut all: Vec<Certificate> = Vec::new();
    for path in paths {
        for certificate in certificates(path)? {
            if !all.contains(&certificate) {
                all.push(certificate);
            }
        }
    }
    Ok(all)
}

/// A private key in a file.
pub struct KeyInFile {
    /// Plain PKCS#8.
    pub pkcs8: SecretBytes,
    /// The key itself.
    pub pair: KeyPair,
    /// How it is encrypted there, by usual names; `None` when it is not.
    pub encryption: Option<String>,
    /// The certificates that stand beside it, in the order of the file.
    pub certificates: Vec<Certificate>,
}

/// The one private key in a file: PKCS#8, encrypted or not, PKCS#1 or SEC1; PEM or DER.
///
/// # Errors
/// There is none or several, it is of a kind that is not supported, or the password does not open it.
pub fn private_key(path: &Path, password: Option<&Secret>) -> Result<KeyInFile, Error> {
    let bytes =
        zeroize::Zeroizing::new(certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?);
    let refused =
        || Error::new(ErrorKind::Usage, format!("`{}` holds no private key that can be used", path.display()));
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    match pem::read(&bytes) {
        Ok(blocks) => {
            for block in blocks {
                match block.label {
                    Label::PrivateKey => keys.push((block.der, false)),
                    Label::EncryptedPrivateKey => keys.push((block.der, true)),
                    Label::Certificate => certificates
                        .push(Certificate::from_der(block.der.expose()).map_err(|error| refused().because(error))?),
                    _ => {}
                }
            }
        }
        Err(pem::PemError::NoBlock) => {
            let encrypted = KeyPair::from_pkcs8(&bytes).is_err();
            keys.push((SecretBytes::new(bytes.to_vec()), encrypted));
        }
        Err(error @ pem::PemError::TraditionalEncryption { .. }) => {
            return Err(refused().because(error).hint(format!(
                "convert it with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in {} -out NEW.key.pem`",
                path.display()
            )));
        }
        Err(error) => return Err(refused().because(error)),
    }
    let [(der, encrypted)] = keys.as_slice() else {
        let count = format!("it holds {} private keys, and one is wanted", keys.len());
        return Err(refused().because(count));
    };
    let encryption = encrypted.then(|| encryption::describe(der.expose()).map(|(name, _)| name));
    let encryption = encryption.transpose().map_err(|error| undecryptable(path, error))?;
    let pkcs8 = if *encrypted { decrypt(path, der, password)? } else { der.clone() };
    let pair = KeyPair::from_pkcs8(pkcs8.expose()).map_err(|error| refused().because(error))?;
    Ok(KeyInFile { pkcs8, pair, encryption, certificates })
}

fn decrypt(path: &Path, der: &SecretBytes, password: Option<&Secret>) -> Result<SecretBytes, Error> {
    let password = password.ok_or_else(|| {
        Error::new(
            ErrorKind::Permission,
            format!("the key in `{}` is encrypted, and no password is given", path.display()),
        )
        .hint(SecretHint::Keypass)
    })?;
    encryption::decrypt(der.expose(), password).map_err(|error| undecryptable(path, error))
}

fn undecryptable(path: &Path, error: EncryptionError) -> Error {
    let path = path.display();
    match error {
        EncryptionError::WrongPassphrase => {
            Error::new(ErrorKind::Permission, format!("the key in `{path}` does not open")).hint(SecretHint::OfKey)
        }
        EncryptionError::Unsupported(_) => {
            Error::new(ErrorKind::Unsupported, format!("the key in `{path}` cannot be read"))
                .hint(format!("convert it with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in {path} -out NEW.key.pem`"))
        }
        _ => Error::new(ErrorKind::Usage, format!("`{path}` holds no private key that can be used")),
    }
    .because(error)
}
