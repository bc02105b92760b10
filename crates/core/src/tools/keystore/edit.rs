//! Make a keystore; add, remove and rename entries.

use std::path::Path;

use super::file::{Choices, Edited, KeystoreFile, Passwords};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_base::text::printable;
use certroll_keystore::{Entry, EntryKey, Item, compare, stored_alias};
use certroll_pki::key::{KeyAlgorithm, KeyPair};
use certroll_pki::x509::certificate::Certificate;

/// What is to be added.
#[derive(Clone, Debug)]
pub enum Addition {
    /// A new key pair, without a certificate until a reply is imported.
    NewKey(KeyAlgorithm),
    /// A certificate to be trusted.
    Trusted(Box<Certificate>),
}

/// Where and how.
pub struct EditRequest<'a> {
    /// The keystore.
    pub path: &'a Path,
    /// Its passwords.
    pub passwords: &'a Passwords,
    /// How it is written.
    pub choices: Choices,
    /// Whether an entry of that alias may be replaced.
    pub replace: bool,
}

/// Makes a keystore, empty or with a new key. One that is there already and holds what is asked for stays as it is.
///
/// # Errors
/// There is another file of that name, or it cannot be written.
pub fn create(request: &EditRequest<'_>, key: Option<(&str, KeyAlgorithm)>) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    let path = request.path.display();
    if request.path.exists() && !request.replace {
        let file = KeystoreFile::open(request.path, request.passwords)?;
        let there = match key {
            Some((alias, kind)) => file.entry(alias).is_some_and(|entry| is_key_of(&file, entry, kind)),
            None => true,
        };
        if there {
            return Ok(Edited::unchanged(format!("`{path}` is there already: nothing to do")));
        }
        return Err(Error::new(ErrorKind::Usage, format!("`{path}` is there already, without such a key"))
            .hint(KeystoreHint::Add(request.path.to_owned())));
    }
    let mut file = KeystoreFile::open_or_begin(request.path, request.passwords)?;
    if request.path.exists() {
        file.entries.clear();
    }
    if !file.format.binary && key.is_none() {
        let what = format!("`{path}` would be a {} file with nothing in it", file.format.name);
        return Err(Error::new(ErrorKind::Unsupported, what).hint(KeystoreHint::NewKey));
    }
    let mut entries = Vec::new();
    let mut said = vec![format!("made `{path}`")];
    if let Some((alias, kind)) = key {
        entries.push(new_key(alias, kind, &request.choices)?);
        said.push(made_key(request.path, alias, kind));
    }
    file.write(&entries, &request.choices)?;
    Ok(Edited { changed: true, said })
}

/// Adds an entry. One that holds the same already is left alone, and so is then the file.
///
/// # Errors
/// The alias stands for something else, or the file cannot hold it or be written.
pub fn add(request: &EditRequest<'_>, alias: &str, addition: &Addition) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    let file = KeystoreFile::open_or_begin(request.path, request.passwords)?;
    file.require_aliases()?;
    check_alias(alias)?;
    let shown = printable(alias);
    let path = request.path.display();
    if let Some(entry) = file.entry(alias) {
        let same = match addition {
            Addition::NewKey(kind) => is_key_of(&file, entry, *kind),
            Addition::Trusted(certificate) => is_trusted(entry, certificate),
        };
        if same {
            return Ok(Edited::unchanged(format!("`{shown}` is in `{path}` already: nothing to do")));
        }
        if !request.replace {
            return Err(taken(&file, entry));
        }
    }
    let mut said = Vec::new();
    let entry = match addition {
        Addition::NewKey(kind) => {
            said.push(made_key(request.path, alias, *kind));
            new_key(alias, *kind, &request.choices)?
        }
        Addition::Trusted(certificate) => {
            said.push(format!("`{path}` trusts `{}` as `{shown}`", certificate.display_name()));
            let item = Item::Trusted(certificate.as_der().to_vec());
            if let Some(twin) = file.entries.iter().find(|entry| compare::same(&entry.item, &item)) {
                said.push(format!("it is there as `{}`, too", printable(&twin.alias)));
            }
            Entry::new(stored_alias(alias), Some(request.choices.now), item)
        }
    };
    let entries = with(&file.entries, entry);
    file.write(&entries, &request.choices)?;
    Ok(Edited { changed: true, said })
}

/// Removes the entries of those aliases. Those that are not there are no error: they are gone.
///
/// # Errors
/// The file cannot be opened or written.
pub fn remove(request: &EditRequest<'_>, aliases: &[String]) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    let file = KeystoreFile::open(request.path, request.passwords)?;
    file.require_aliases()?;
    let mut entries = file.entries.clone();
    let mut edited = Edited::default();
    for alias in aliases {
        let before = entries.len();
        entries.retain(|entry| !entry.is_named(alias));
        let (shown, path) = (printable(alias), request.path.display());
        edited.said.push(match before - entries.len() {
            0 => format!("`{path}` has no entry `{shown}`: nothing to do"),
            _ => format!("removed `{shown}` from `{path}`"),
        });
    }
    if entries.len() < file.entries.len() {
        file.write(&entries, &request.choices)?;
        edited.changed = true;
    }
    Ok(edited)
}

/// Gives an entry another alias.
///
/// # Errors
/// There is no such entry, or the new alias stands for another one.
pub fn rename(request: &EditRequest<'_>, from: &str, to: &str) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    let file = KeystoreFile::open(request.path, request.passwords)?;
    file.require_aliases()?;
    check_alias(to)?;
    let path = request.path.display();
    match (file.entry(from), file.entry(to)) {
        (None, Some(_)) => {
            let why = format!("`{path}` has `{}` and no `{}`: nothing to do", printable(to), printable(from));
            return Ok(Edited::unchanged(why));
        }
        (None, None) => return Err(file.no_entry(from)),
        (Some(_), Some(_)) if stored_alias(from) == stored_alias(to) => {
            return Ok(Edited::unchanged("it has that alias: case does not count".to_owned()));
        }
        (Some(_), Some(other)) => return Err(taken(&file, other)),
        (Some(_), None) => {}
    }
    let mut entries = file.entries.clone();
    for entry in entries.iter_mut().filter(|entry| entry.is_named(from)) {
        entry.alias = stored_alias(to);
    }
    file.write(&entries, &request.choices)?;
    let said = vec![format!("`{}` of `{path}` is now `{}`", printable(from), printable(&stored_alias(to)))];
    Ok(Edited { changed: true, said })
}

/// The entries with this one in the place of its namesake, or at the end.
pub(super) fn with(entries: &[Entry], entry: Entry) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    match entries.iter_mut().find(|other| other.is_named(&entry.alias)) {
        Some(place) => *place = entry,
        None => entries.push(entry),
    }
    entries
}

/// The error for an alias that stands for something else.
pub(super) fn taken(file: &KeystoreFile, entry: &Entry) -> Error {
    let alias = printable(&entry.alias).into_owned();
    let what = match &entry.item {
        Item::Key { .. } => "a private key",
        Item::Trusted(_) => "another trusted certificate",
        Item::Unmarked(_) => "a certificate without a mark of trust",
        Item::Secret(_) => "a secret key",
    };
    Error::new(ErrorKind::Usage, format!("`{alias}` of `{}` is {what}", file.path.display()))
        .hint(KeystoreHint::ReplaceEntry)
}

/// # Errors
/// An alias that cannot be typed or seen.
pub(crate) fn check_alias(alias: &str) -> Result<(), Error> {
    if alias.trim().is_empty() || printable(alias) != alias {
        let shown = printable(alias);
        return Err(Error::new(ErrorKind::Usage, format!("`{shown}` cannot be an alias"))
            .hint("use letters and digits: Java folds case, and other tools stumble over more"));
    }
    Ok(())
}

fn is_trusted(entry: &Entry, certificate: &Certificate) -> bool {
    matches!(&entry.item, Item::Trusted(der) if der == certificate.as_der())
}

/// Whether the entry is a key of that kind; a key that does not open is told by its certificate.
fn is_key_of(file: &KeystoreFile, entry: &Entry, kind: KeyAlgorithm) -> bool {
    let Item::Key { chain, .. } = &entry.item else { return false };
    let pair = file.unlock(entry).ok().and_then(|der| KeyPair::from_pkcs8(der.expose()).ok());
    match (pair, chain.first()) {
        (Some(pair), _) => pair.algorithm() == kind,
        (None, Some(leaf)) => Certificate::from_der(leaf)
            .is_ok_and(|leaf| certroll_pki::verify::signature::key_description(&leaf.spki) == kind.to_string()),
        (None, None) => false,
    }
}

fn new_key(alias: &str, kind: KeyAlgorithm, choices: &Choices) -> Result<Entry, Error> {
    check_alias(alias)?;
    let failed = |error| Error::new(ErrorKind::Failed, "the key cannot be made").because(error);
    let key = KeyPair::generate(kind).and_then(|pair| pair.to_pkcs8()).map_err(failed)?;
    let item = Item::Key { key: EntryKey::Plain(key), chain: Vec::new() };
    Ok(Entry::new(stored_alias(alias), Some(choices.now), item))
}

fn made_key(path: &Path, alias: &str, kind: KeyAlgorithm) -> String {
    let (path, alias) = (path.display(), printable(alias));
    format!("made a key {kind} as `{alias}` in `{path}`; it has no certificate until a CA's reply is imported")
}
