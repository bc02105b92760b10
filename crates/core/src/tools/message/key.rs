//! The key that signs messages, and its certificates: from a keystore, a PEM file, or by reference to a token.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::hint::keystore::{KeystoreHint, MessageHint};
use crate::signer::{KeyAccess, registry as signers};
use crate::tools::certificate_files::{self, AskPassword, Chosen};
use certroll_base::secret::Secret;
use certroll_keystore::{Entry, EntryKey, Item, formats};
use certroll_pki::key::signer::Signer;
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::x509::certificate::Certificate;

/// Where the key is.
pub struct KeyPlace<'a> {
    /// A file, or a reference such as `pkcs11:...`.
    pub key: &'a str,
    /// Which entry of a keystore; needed when there are several keys.
    pub alias: Option<&'a str>,
    /// A file with its certificate and those above it, where the key's own place has none.
    pub certificates: Option<&'a Path>,
    /// The password of the keystore.
    pub password: AskPassword<'a>,
    /// The password of the key, where it is another one.
    pub key_password: Option<Secret>,
    /// The way to PINs.
    pub access: &'a dyn KeyAccess,
}

/// Who signs: a key, and its certificate with those above it.
pub struct MessageSender {
    /// Signs.
    pub signer: Arc<dyn Signer>,
    /// The kind of the key.
    pub algorithm: KeyAlgorithm,
    /// DER of its public half.
    pub spki: Vec<u8>,
    /// Its own certificate first; empty when none is known.
    pub chain: Vec<Certificate>,
}

/// Opens the key.
///
/// # Errors
/// There is none at that place, or several; a password is wrong; the certificate is another key's.
pub fn open(place: &KeyPlace<'_>) -> Result<MessageSender, Error> {
    let (mut sender, mut certificates) = if signers::is_reference(place.key) {
        let key = signers::open(place.key, place.access).map_err(|error| Error::key(place.key, error))?;
        let (algorithm, spki) = (key.algorithm(), key.spki().to_vec());
        (MessageSender { signer: Arc::new(key), algorithm, spki, chain: Vec::new() }, Vec::new())
    } else {
        let (key, chain) = of_file(place)?;
        let (algorithm, spki) = (key.algorithm(), key.spki().to_vec());
        (MessageSender { signer: Arc::new(key), algorithm, spki, chain: Vec::new() }, chain)
    };
    if let Some(file) = place.certificates {
        certificates.extend(certificate_files::certificates(file, place.password, Chosen::All)?);
    }
    let own = certificates.iter().position(|certificate| certificate.spki == sender.spki);
    match own {
        Some(own) => sender.chain = chain(certificates.remove(own), &certificates),
        None if certificates.is_empty() => {}
        None => {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("no certificate is of the key `{}`", signers::place(place.key)),
            )
            .hint(MessageHint::GiveCertificate));
        }
    }
    Ok(sender)
}

/// A certificate and those above it, in order.
fn chain(own: Certificate, others: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![own];
    while let Some(last) = chain.last().filter(|last| !last.is_self_issued()) {
        let above = others.iter().find(|other| !chain.contains(other) && last.verify_issued_by(other).is_ok());
        let Some(above) = above.cloned() else { break };
        chain.push(above);
    }
    chain
}

fn of_file(place: &KeyPlace<'_>) -> Result<(KeyPair, Vec<Certificate>), Error> {
    let path = Path::new(place.key);
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read the key", error))?;
    let bytes = zeroize::Zeroizing::new(bytes);
    let Some(format) = formats::detect(&bytes) else {
        let key = KeyPair::from_pkcs8(&bytes).map_err(|_| {
            Error::new(ErrorKind::Usage, format!("`{}` holds no private key that certroll knows", path.display()))
                .hint("expected a JKS, a PKCS#12, or PKCS#8 in PEM or DER")
        })?;
        return Ok((key, Vec::new()));
    };
    let mut password = None;
    if format.authenticated {
        password = Some((place.password)()?);
    }
    let read = format.read(&bytes, password.as_ref());
    let entries = read.map_err(|error| Error::keystore(path, error))?;
    let entry = choose(path, entries, place.alias)?;
    let Item::Key { key, chain } = entry.item else { return Err(no_key(path)) };
    let plain = match (&key, password) {
        (EntryKey::Plain(plain), _) => plain.clone(),
        (EntryKey::Protected(_), password) => {
            let password = match (&place.key_password, password) {
                (Some(password), _) => password.clone(),
                (None, Some(password)) => password,
                (None, None) => (place.password)()?,
            };
            key.unlock(&password).map_err(|problem| {
                Error::new(
                    ErrorKind::Permission,
                    format!("the key `{}` in `{}` does not open", entry.alias, path.display()),
                )
                .hint(SecretHint::OfKeyOrStore)
                .because(problem)
            })?
        }
    };
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Usage, format!("the entry `{}` of `{}` cannot be used", entry.alias, path.display()))
            .because(error)
    };
    let pair = KeyPair::from_pkcs8(plain.expose()).map_err(|error| unreadable(error.into()))?;
    let chain = chain.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>();
    Ok((pair, chain.map_err(|error| unreadable(error.into()))?))
}

fn no_key(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("`{}` holds no private key", path.display()))
        .hint(KeystoreHint::Inspect(path.to_owned()))
}

/// The one key that is meant.
fn choose(path: &Path, entries: Vec<Entry>, alias: Option<&str>) -> Result<Entry, Error> {
    let mut keys: Vec<Entry> = entries.into_iter().filter(|entry| matches!(entry.item, Item::Key { .. })).collect();
    let names = keys.iter().map(|entry| entry.alias.clone()).collect::<Vec<_>>().join(", ");
    if let Some(alias) = alias {
        let found = keys.into_iter().find(|entry| entry.alias.eq_ignore_ascii_case(alias));
        return found.ok_or_else(|| {
            let error =
                Error::new(ErrorKind::Usage, format!("`{}` holds no key of the alias `{alias}`", path.display()));
            if names.is_empty() { error } else { error.hint(format!("it holds {names}")) }
        });
    }
    match keys.len() {
        0 => Err(no_key(path)),
        1 => Ok(keys.remove(0)),
        _ => Err(Error::new(ErrorKind::Usage, format!("`{}` holds several keys", path.display()))
            .hint(MessageHint::ChooseAlias(names))),
    }
}
