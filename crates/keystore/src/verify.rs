//! The checks around writing: entries make sense before, and the keystore that was written holds them after.

use crate::bundle::{Entry, EntryKey, Item, stored_alias};
use crate::chain_order::Parsed;
use crate::error::{EntryProblem, KeystoreError};
use certroll_base::secret::Secret;
use certroll_pki::key::KeyPair;

/// Checks that each key belongs to its first certificate and that each certificate of a chain was issued by the next.
///
/// A key that is still protected, or of an algorithm whose public key cannot be derived here, is taken at its word.
///
/// # Errors
/// The first entry that does not hold together.
pub(super) fn before(entries: &[Entry]) -> Result<(), KeystoreError> {
    entries.iter().try_for_each(|entry| match &entry.item {
        Item::Key { key, chain } => {
            chain_holds(chain).and_then(|()| key_fits(key, chain)).map_err(|problem| problem.of(&entry.alias))
        }
        Item::Trusted(_) | Item::Unmarked(_) | Item::Secret(_) => Ok(()),
    })
}

/// Compares what was meant with what reading gave back, entry by entry. Together with [`before`] this shows that the keys
/// and chains *in the file* belong together.
///
/// `key_password` opens the keys of `found` that are still protected.
///
/// # Errors
/// A number of entries that differs, or the first entry that is not there as it was meant.
pub(super) fn after(expected: &[Entry], found: &[Entry], key_password: &Secret) -> Result<(), KeystoreError> {
    if expected.len() != found.len() {
        return Err(KeystoreError::NotReproduced("the number of entries differs"));
    }
    for entry in expected {
        let alias = stored_alias(&entry.alias);
        let twin = found.iter().find(|candidate| candidate.alias == alias);
        let check = match twin {
            Some(twin) => same(&entry.item, &twin.item, key_password),
            None => Err(EntryProblem::NotReproduced),
        };
        check.map_err(|problem| problem.of(&entry.alias))?;
    }
    Ok(())
}

/// As [`after`], for the attributes of a format that has them.
///
/// # Errors
/// The first entry whose attributes are not all there.
pub(super) fn attributes_after(expected: &[Entry], found: &[Entry]) -> Result<(), KeystoreError> {
    for entry in expected {
        let twin = found.iter().find(|candidate| candidate.is_named(&entry.alias));
        if !twin.is_some_and(|twin| entry.attributes.are_in(&twin.attributes, entry.item.certificates())) {
            return Err(EntryProblem::NotReproduced.of(&entry.alias));
        }
    }
    Ok(())
}

fn same(expected: &Item, found: &Item, key_password: &Secret) -> Result<(), EntryProblem> {
    let same = match (expected, found) {
        (Item::Key { key, chain }, Item::Key { key: found_key, chain: found_chain }) => {
            // PKCS#12 has no chains: reading prolongs one with any trusted certificate that issued its last.
            found_chain.starts_with(chain) && same_key(key, found_key, key_password)?
        }
        (Item::Trusted(expected), Item::Trusted(found)) => expected == found,
        (Item::Secret(expected), Item::Secret(found)) => expected.info.expose() == found.info.expose(),
        _ => false,
    };
    same.then_some(()).ok_or(EntryProblem::NotReproduced)
}

fn same_key(expected: &EntryKey, found: &EntryKey, key_password: &Secret) -> Result<bool, EntryProblem> {
    Ok(match (expected, found) {
        (EntryKey::Plain(expected), _) => found.unlock(key_password)?.expose() == expected.expose(),
        (EntryKey::Protected(expected), EntryKey::Protected(found)) => expected == found,
        // Stored as it was, and the store password opens it where the caller had none.
        (EntryKey::Protected(_), EntryKey::Plain(_)) => true,
    })
}

fn key_fits(key: &EntryKey, chain: &[Vec<u8>]) -> Result<(), EntryProblem> {
    let (EntryKey::Plain(key), Some(leaf)) = (key, chain.first()) else { return Ok(()) };
    let Ok(pair) = KeyPair::from_pkcs8(key.expose()) else { return Ok(()) };
    let leaf = Parsed::of(leaf).ok_or(EntryProblem::Certificate { position: 1 })?;
    (leaf.spki() == pair.spki()).then_some(()).ok_or(EntryProblem::KeyMismatch)
}

fn chain_holds(chain: &[Vec<u8>]) -> Result<(), EntryProblem> {
    let mut previous: Option<Parsed<'_>> = None;
    for (index, der) in chain.iter().enumerate() {
        let current = Parsed::of(der).ok_or(EntryProblem::Certificate { position: index + 1 })?;
        if previous.is_some_and(|child| !child.is_issued_by(&current)) {
            return Err(EntryProblem::BrokenChain { position: index });
        }
        previous = Some(current);
    }
    Ok(())
}
