//! Change the passwords of a keystore: that of the store, and in a JKS that of its keys apart.

use std::path::Path;

use super::file::{Choices, Edited, KeystoreFile, Passwords};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_base::secret::Secret;
use certroll_keystore::{Entry, EntryKey, Item};

/// The new passwords.
pub struct NewPasswords {
    /// For the store; the old one stays when `None`.
    pub store: Option<Secret>,
    /// For the keys of a JKS.
    pub keys: Option<Secret>,
}

/// Changes passwords, and with them encryption and iterations if those are chosen anew. No copy of the old file stays.
///
/// In a JKS, keys that the store's password opened follow it: Java servers expect the two to be the same. Keys under a
/// password of their own keep it, unless `new.keys` is given, which all keys get.
///
/// # Errors
/// A password does not open what it should, or the format has no password for keys.
pub fn change(path: &Path, passwords: &Passwords, new: &NewPasswords, choices: &Choices) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(path)?;
    let mut file = KeystoreFile::open(path, passwords)?;
    file.require_writable()?;
    let old = passwords.store(path)?.clone();
    let apart = file.format.keys_open_apart;
    if new.keys.is_some() && !apart {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("`{}` has one password for everything", path.display()),
        )
        .because("only JKS can give keys a password of their own")
        .hint(KeystoreHint::ChangeStorepass));
    }
    let store = new.store.clone().unwrap_or_else(|| old.clone());
    let same_keys = new.keys.as_ref().is_none_or(|keys| every_key_opens(&file.entries, keys));
    if store.expose() == old.expose() && same_keys && choices.profile.is_none() && choices.iterations.is_none() {
        let why = format!("`{}` has these passwords already: nothing to do", path.display());
        return Ok(Edited::unchanged(why));
    }
    let entries = if apart { jks_entries(&file, &old, new)? } else { file.unlocked()? };
    let keys = new.keys.clone().or_else(|| new.store.clone()).filter(|_| apart);
    file.passwords = Passwords { store: Some(store), keys };
    file.write_without_copy(&entries, choices)?;
    let mut said =
        vec![format!("`{}` has new passwords or a new encryption; no copy of the old file stays", path.display())];
    if path.with_file_name(previous(path)).exists() {
        said.push(format!("`{}` of an earlier change still opens with the old password", previous(path)));
    }
    Ok(Edited { changed: true, said })
}

fn previous(path: &Path) -> String {
    format!("{}.previous", path.file_name().unwrap_or_default().to_string_lossy())
}

fn every_key_opens(entries: &[Entry], password: &Secret) -> bool {
    entries.iter().all(|entry| match &entry.item {
        Item::Key { key, .. } => key.unlock(password).is_ok(),
        _ => true,
    })
}

/// The keys that get another password, opened; the others as they are.
fn jks_entries(file: &KeystoreFile, old: &Secret, new: &NewPasswords) -> Result<Vec<Entry>, Error> {
    let change = |entry: &Entry| {
        let Item::Key { key, chain } = &entry.item else { return Ok(entry.clone()) };
        let key = match (key.unlock(old), &new.keys) {
            (_, Some(_)) => EntryKey::Plain(file.unlock(entry)?),
            (Ok(plain), None) => EntryKey::Plain(plain),
            (Err(_), None) => key.clone(),
        };
        Ok(Entry { item: Item::Key { key, chain: chain.clone() }, ..entry.clone() })
    };
    file.entries.iter().map(change).collect()
}
