//! Bring entries from one keystore into another: the whole file into another format, or some entries into a file that is
//! there.

use std::path::Path;

use super::edit::{EditRequest, check_alias, taken, with};
use super::file::{Edited, KeystoreFile, Passwords};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_base::text::printable;
use certroll_keystore::{Attributes, Entry, EntryKey, Item, compare, stored_alias};

/// What is taken from where.
pub struct TransferRequest<'a> {
    /// The keystore that it comes from.
    pub from: &'a Path,
    /// Its passwords.
    pub from_passwords: &'a Passwords,
    /// The entry to take; every entry when `None`.
    pub alias: Option<&'a str>,
    /// The alias it gets, in place of its own.
    pub to_alias: Option<&'a str>,
    /// Whether certificates without a mark of trust become trusted entries.
    pub mark_trusted: bool,
    /// Whether attributes stay behind that only PKCS#12 can hold.
    pub drop_attributes: bool,
}

/// Takes entries into the keystore of `request`, which is begun if it is not there. Entries that it has already stay.
///
/// Nothing is left behind in silence: an entry, or an attribute of one, that the format of the other file cannot hold stops
/// the transfer.
///
/// # Errors
/// An alias stands for something else there, a key does not open, or the file cannot be written.
pub fn transfer(request: &EditRequest<'_>, asked: &TransferRequest<'_>) -> Result<Edited, Error> {
    let source = KeystoreFile::open(asked.from, asked.from_passwords)?;
    let _lock = KeystoreFile::lock(request.path)?;
    let target = KeystoreFile::open_or_begin(request.path, request.passwords)?;
    target.require_writable()?;
    if !target.format.has_aliases && target.exists && !target.entries.is_empty() {
        return into_what_is_there(request, asked, &source, &target);
    }
    let mut entries = target.entries.clone();
    let mut edited = Edited::default();
    for entry in chosen(&source, asked)? {
        let (shown, path) = (printable(&entry.alias).into_owned(), request.path.display());
        match entries.iter().find(|other| other.is_named(&entry.alias)) {
            Some(other) if compare::same(&other.item, &entry.item) => {
                edited.said.push(format!("`{shown}` is in `{path}` already"));
                continue;
            }
            Some(other) if !request.replace => return Err(taken(&target, other)),
            _ => {}
        }
        edited.said.push(format!("took {} entry `{shown}` into `{path}`", entry.item.kind()));
        entries = with(&entries, entry);
        edited.changed = true;
    }
    if !target.format.has_aliases {
        let name = target.format.name;
        edited.said.push(format!("{name} has no aliases: its entries are numbered in their order"));
    }
    edited.changed |= !target.exists;
    if edited.changed {
        target.write(&entries, &request.choices)?;
    }
    Ok(edited)
}

/// Without aliases there is nothing to merge by: the file must hold the same already, or be replaced.
fn into_what_is_there(
    request: &EditRequest<'_>,
    asked: &TransferRequest<'_>,
    source: &KeystoreFile,
    target: &KeystoreFile,
) -> Result<Edited, Error> {
    let entries = chosen(source, asked)?;
    let path = request.path.display();
    if compare::differences(&entries, &target.entries, true).is_empty() {
        return Ok(Edited::unchanged(format!("`{path}` holds the same already: nothing to do")));
    }
    if !request.replace {
        return Err(Error::new(ErrorKind::Usage, format!("`{path}` is there already and holds something else"))
            .hint(KeystoreHint::ReplaceFile));
    }
    target.write(&entries, &request.choices)?;
    Ok(Edited { changed: true, said: vec![format!("wrote {} entries to `{path}`", entries.len())] })
}

/// The entries to take, with every key opened.
fn chosen(source: &KeystoreFile, asked: &TransferRequest<'_>) -> Result<Vec<Entry>, Error> {
    if let Some(alias) = asked.alias
        && source.entry(alias).is_none()
    {
        return Err(source.no_entry(alias));
    }
    let mut entries = Vec::new();
    for entry in source.entries.iter().filter(|entry| asked.alias.is_none_or(|alias| entry.is_named(alias))) {
        let item = match &entry.item {
            Item::Key { chain, .. } => Item::Key { key: EntryKey::Plain(source.unlock(entry)?), chain: chain.clone() },
            Item::Unmarked(der) if asked.mark_trusted => Item::Trusted(der.clone()),
            Item::Unmarked(_) => return Err(unmarked(source, entry)),
            other => other.clone(),
        };
        let attributes = if asked.drop_attributes { Attributes::default() } else { entry.attributes.clone() };
        entries.push(Entry { item, attributes, ..entry.clone() });
    }
    if let Some(alias) = asked.to_alias {
        check_alias(alias)?;
        let [one] = entries.as_mut_slice() else {
            return Err(Error::new(ErrorKind::Usage, format!("{} entries cannot all be `{alias}`", entries.len()))
                .hint(KeystoreHint::NameAlias));
        };
        one.alias = stored_alias(alias);
    }
    Ok(entries)
}

/// The error for what `openssl pkcs12 -nokeys` makes: Java does not see such certificates.
pub(super) fn unmarked(source: &KeystoreFile, entry: &Entry) -> Error {
    let (alias, path) = (printable(&entry.alias).into_owned(), source.path.display());
    Error::new(
        ErrorKind::Usage,
        format!("`{alias}` of `{path}` is a certificate in no chain and without a mark of trust"),
    )
    .because("Java does not see such an entry; OpenSSL makes them with `pkcs12 -nokeys`")
    .hint(KeystoreHint::MarkTrusted)
}
