//! Import a CA's reply for a key that is in the keystore already, or a key with its chain from files.

use std::path::Path;

use super::edit::{EditRequest, check_alias, taken, with};
use super::file::{Edited, KeystoreFile};
use super::reply::{self, Reply};
use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_base::text::printable;
use certroll_keystore::{Entry, EntryKey, Item, compare, stored_alias};
use certroll_pki::key::KeyPair;
use certroll_pki::path::{self as validation, Check, PathInputs};
use certroll_pki::x509::certificate::Certificate;

/// What is to be imported.
pub struct ImportRequest<'a> {
    /// The alias; the only key of the file when `None`.
    pub alias: Option<&'a str>,
    /// The reply and whatever issuers came with it, in any order.
    pub certificates: &'a [Certificate],
    /// The private key that goes with them (plain PKCS#8), when it is not in the keystore yet.
    pub key: Option<EntryKey>,
    /// Whether the chain may end before a root.
    pub partial: bool,
}

/// Puts the chain together, verifies it down to the key, and stores it. The same reply again changes nothing.
///
/// # Errors
/// No certificate holds the key's public key, an issuer is missing, or the alias stands for something else.
pub fn import(request: &EditRequest<'_>, import: &ImportRequest<'_>) -> Result<Edited, Error> {
    let _lock = KeystoreFile::lock(request.path)?;
    let file = match import.key {
        Some(_) => KeystoreFile::open_or_begin(request.path, request.passwords)?,
        None => KeystoreFile::open(request.path, request.passwords)?,
    };
    file.require_writable()?;
    let (alias, created, key, spki) = subject(&file, request, import)?;
    let known = known(&file.entries);
    let reply = reply::chain(&spki, import.certificates, &known, import.partial)?;
    let chain: Vec<Vec<u8>> = reply.chain.iter().map(|certificate| certificate.as_der().to_vec()).collect();
    let item = Item::Key { key, chain };
    let path = request.path.display();
    if file.entry(&alias).is_some_and(|entry| compare::same(&entry.item, &item)) {
        let why = format!("`{}` of `{path}` has this chain already: nothing to do", printable(&alias));
        return Ok(Edited::unchanged(why));
    }
    let mut entry = Entry::new(alias.clone(), created, item);
    if let Some(before) = file.entry(&alias).filter(|_| import.key.is_none()) {
        entry.attributes = before.attributes.clone();
    }
    let entries = with(&file.entries, entry);
    file.write(&entries, &request.choices)?;
    let said = said(request.path, &alias, &reply, &file.entries, request.choices.now);
    Ok(Edited { changed: true, said })
}

type ImportedReply = (String, Option<certroll_base::clock::Timestamp>, EntryKey, Vec<u8>);

/// The alias, date and key of the entry to be, and its public key.
fn subject(file: &KeystoreFile, request: &EditRequest<'_>, import: &ImportRequest<'_>) -> Result<ImportedReply, Error> {
    let unusable = |error| Error::new(ErrorKind::Usage, "the private key cannot be used").because(error);
    let Some(key) = &import.key else {
        let entry = file.key_entry(import.alias)?;
        let pkcs8 = file.unlock(entry)?;
        let pair = KeyPair::from_pkcs8(pkcs8.expose()).map_err(unusable)?;
        let Item::Key { key, .. } = &entry.item else { return Err(taken(file, entry)) };
        return Ok((entry.alias.clone(), entry.created, key.clone(), pair.spki().to_vec()));
    };
    let alias = stored_alias(import.alias.unwrap_or("1"));
    check_alias(&alias)?;
    if import.alias.is_none() && file.format.has_aliases {
        return Err(Error::new(ErrorKind::Usage, "a key that is imported needs an alias").hint(KeystoreHint::GiveAlias));
    }
    let EntryKey::Plain(pkcs8) = key else {
        return Err(Error::new(ErrorKind::Usage, "the private key is still encrypted"));
    };
    let pair = KeyPair::from_pkcs8(pkcs8.expose()).map_err(unusable)?;
    if let Some(entry) = file.entry(&alias)
        && !request.replace
        && !is_key(file, entry, &pair)
    {
        return Err(taken(file, entry));
    }
    Ok((alias, Some(request.choices.now), key.clone(), pair.spki().to_vec()))
}

fn is_key(file: &KeystoreFile, entry: &Entry, pair: &KeyPair) -> bool {
    let own = file.unlock(entry).ok().and_then(|der| KeyPair::from_pkcs8(der.expose()).ok());
    own.is_some_and(|own| own.spki() == pair.spki())
}

/// Every certificate of the keystore: issuers may be among them, trusted or in another chain.
fn known(entries: &[Entry]) -> Vec<Certificate> {
    let all = entries.iter().flat_map(|entry| entry.item.certificates());
    all.filter_map(|der| Certificate::from_der(der).ok()).collect()
}

/// What was done, and what the user should know of the reply.
fn said(
    path: &Path,
    alias: &str,
    reply: &Reply,
    before: &[Entry],
    now: certroll_base::clock::Timestamp,
) -> Vec<String> {
    let names: Vec<_> = reply.chain.iter().map(Certificate::display_name).collect();
    let shown = printable(alias).into_owned();
    let chain = names.join("` <- `");
    let mut said = vec![format!("`{shown}` of `{}` has the chain `{chain}`", path.display())];
    if let Some(root) = reply.chain.last().filter(|last| last.is_self_issued() && reply.chain.len() > 1) {
        let trusted = before.iter().any(|entry| matches!(&entry.item, Item::Trusted(der) if der == root.as_der()));
        if !trusted {
            let sha256 = root.fingerprint().to_string();
            said.push(format!(
                "its root came with the reply and is no trusted entry of the keystore: compare sha256 {sha256}"
            ));
        }
    }
    if let Some(leaf) = reply.chain.first().filter(|leaf| !leaf.validity.contains(now)) {
        let (from, until) = (leaf.validity.not_before, leaf.validity.not_after);
        said.push(format!("warning: the certificate is not valid now, but from {from} to {until}"));
    }
    // Dates are told above; names, usages and constraints of the chain itself are told here.
    let refused =
        validation::judge(&reply.chain, &PathInputs::at(now)).into_iter().filter(|flaw| flaw.check != Check::Validity);
    said.extend(refused.map(|flaw| format!("warning: verifiers refuse the chain: {}", flaw.text())));
    said.extend(reply.unused.iter().map(|one| {
        format!("warning: `{}` of the reply belongs to no link of the chain and was left out", one.display_name())
    }));
    said
}
