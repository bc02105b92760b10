//! Whose is what lies at a place? What no certificate of the same name stands for is not replaced unasked.

use std::path::{Path, PathBuf};

use super::content::is_named;
use super::output::{Output, OutputForm};
use crate::destination::DestinationError;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::store::{Query, Selector, Store};
use certroll_keystore::{Entry, Item};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::digest::{Fingerprint, KeyHash};
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption;

/// The certificates that have had a name, and where they belong: what they left at a place may be replaced by the next one.
pub(crate) struct Lineage {
    name: String,
    certificates: Vec<Fingerprint>,
    keys: Vec<KeyHash>,
    places: Vec<PathBuf>,
}

impl Lineage {
    /// Of that name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) fn of(store: &dyn Store, name: &str) -> Result<Self, Error> {
        let entries = store.certificates(&Query::of(Selector::Name(name.to_owned())))?;
        Ok(Self {
            name: name.to_owned(),
            certificates: entries.iter().map(|entry| entry.fingerprint).collect(),
            keys: entries.iter().map(|entry| entry.key_hash).collect(),
            places: store.installations(name)?.into_iter().map(|one| one.path).collect(),
        })
    }

    /// Whether it is the line of that name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name == name
    }

    fn has(&self, der: &[u8]) -> bool {
        self.certificates.contains(&Fingerprint::of(der))
    }

    /// Whether a certificate of the name is known to have been written there.
    fn knows(&self, output: &Output) -> bool {
        self.places.contains(&output.place.address())
    }

    fn is_holder(&self, key: &KeyPair) -> bool {
        self.keys.contains(&key.key_hash())
    }
}

/// Refuses to replace what does not belong to the name. `entries` are those of a keystore that others may use as well; `bytes`
/// those of any other file, whole.
///
/// # Errors
/// Something else is there.
pub(super) fn require_own(
    lineage: &Lineage,
    output: &Output,
    path: &Path,
    entries: &[Entry],
    bytes: Option<&[u8]>,
) -> Result<(), Error> {
    if output.replace {
        return Ok(());
    }
    if output.form.is_shared() {
        let Some(entry) = entries.iter().find(|entry| is_named(entry, &output.alias)) else { return Ok(()) };
        let own = matches!(&entry.item, Item::Key { chain, .. } if chain.first().is_some_and(|leaf| lineage.has(leaf)));
        return if own { Ok(()) } else { Err(taken(lineage, output, path)) };
    }
    match bytes {
        Some(bytes) if !bytes.is_empty() && !is_own(lineage, output, bytes) => {
            Err(Error::destination(path.display(), "write", DestinationError::Occupied))
        }
        _ => Ok(()),
    }
}

fn is_own(lineage: &Lineage, output: &Output, bytes: &[u8]) -> bool {
    let Ok(blocks) = pem::read(bytes) else { return false };
    match output.form {
        OutputForm::PlainKey => {
            let [block] = blocks.as_slice() else { return false };
            let its =
                |block: &pem::Block| KeyPair::from_pkcs8(block.der.expose()).is_ok_and(|key| lineage.is_holder(&key));
            block.label == Label::PrivateKey && its(block)
        }
        OutputForm::Key => {
            let [block] = blocks.as_slice() else { return false };
            if block.label != Label::EncryptedPrivateKey {
                return false;
            }
            let plain = output.secret().and_then(|password| encryption::decrypt(block.der.expose(), password).ok());
            match plain {
                Some(plain) => KeyPair::from_pkcs8(plain.expose()).is_ok_and(|key| lineage.is_holder(&key)),
                // Its password was changed since: then only the inventory tells whose it is.
                None => lineage.knows(output),
            }
        }
        _ => {
            let mut certificates = blocks.iter().filter(|block| block.label == Label::Certificate);
            certificates.next().is_some_and(|first| lineage.has(first.der.expose()))
        }
    }
}

fn taken(lineage: &Lineage, output: &Output, path: &Path) -> Error {
    let (alias, path) = (&output.alias, path.display());
    Error::new(
        ErrorKind::Usage,
        format!("alias `{alias}` of `{path}` stands for something that is not a certificate of `{}`", lineage.name),
    )
    .hint(DeliveryHint::Replace)
    .hint(DeliveryHint::OtherAlias)
}
