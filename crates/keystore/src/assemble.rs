//! Puts loose keys and certificates together again, for formats that do not store entries as such (PKCS#12, PEM).

use crate::chain_order::{Parsed, chain_of};
use crate::error::{EntryProblem, KeystoreError};
use certroll_pki::key::KeyPair;

/// A private key to find the certificates of.
#[derive(Clone)]
pub(super) struct LooseKey<'a> {
    /// Plain PKCS#8; `None` while it is protected.
    pub(super) pkcs8: Option<&'a [u8]>,
    /// Its `localKeyID`, if the format has one.
    pub(super) id: Option<&'a [u8]>,
}

/// A certificate that may belong to a key.
pub(super) struct LooseCertificate<'a> {
    /// What to call it in an error.
    pub(super) alias: &'a str,
    /// The certificate.
    pub(super) der: &'a [u8],
    /// Its `localKeyID`, if the format has one. Not trustworthy: keytool leaves stale ones on trusted certificates.
    pub(super) id: Option<&'a [u8]>,
    /// Marked as trusted.
    pub(super) trusted: bool,
}

/// For each key the indices of its chain in `certificates`, leaf first; empty when there is none.
///
/// A certificate is a key's own because it holds its public key. The `localKeyID` only chooses between several such
/// certificates (a renewal with the same key), and stands in for the comparison where the key is of an algorithm that
/// is not known here.
///
/// # Errors
/// A certificate that is none.
pub(super) fn chains(
    keys: &[LooseKey<'_>],
    certificates: &[LooseCertificate<'_>],
) -> Result<Vec<Vec<usize>>, KeystoreError> {
    let mut parsed = Vec::with_capacity(certificates.len());
    for certificate in certificates {
        let problem = || EntryProblem::Certificate { position: 1 }.of(certificate.alias);
        parsed.push(Parsed::of(certificate.der).ok_or_else(problem)?);
    }
    let leaves = keys.iter().map(|key| leaf_of(key, certificates, &parsed));
    Ok(leaves.map(|leaf| leaf.map(|leaf| chain_of(leaf, &parsed)).unwrap_or_default()).collect())
}

fn leaf_of(key: &LooseKey<'_>, certificates: &[LooseCertificate<'_>], parsed: &[Parsed<'_>]) -> Option<usize> {
    let same_id = |index: &usize| key.id.is_some() && certificates.get(*index).is_some_and(|c| c.id == key.id);
    let Some(pkcs8) = key.pkcs8 else {
        return protected_leaf(parsed);
    };
    match KeyPair::from_pkcs8(pkcs8) {
        Ok(pair) => {
            let holders = (0..parsed.len()).filter(|index| parsed.get(*index).is_some_and(|c| c.spki() == pair.spki()));
            // `min_by_key` takes the first of equals: file order decides last.
            holders.min_by_key(|index| (!same_id(index), certificates.get(*index).is_some_and(|c| c.trusted)))
        }
        Err(_) => (0..parsed.len()).find(same_id),
    }
}

/// The public key is unknown: the first certificate that issued no other is the best guess, good enough for looking.
fn protected_leaf(parsed: &[Parsed<'_>]) -> Option<usize> {
    (0..parsed.len()).find(|candidate| {
        let candidate = parsed.get(*candidate);
        candidate.is_some_and(|issuer| {
            !parsed.iter().any(|other| !std::ptr::eq(other, issuer) && other.is_issued_by(issuer))
        })
    })
}
