//! The chain of a key out of a CA's reply, in whatever order and company it came.

use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_pki::x509::certificate::Certificate;

/// A chain, and what of the reply is not in it.
pub(super) struct Reply {
    /// The key's certificate first, each issued by the next.
    pub(super) chain: Vec<Certificate>,
    /// What came along and belongs to no link.
    pub(super) unused: Vec<Certificate>,
}

/// Puts the chain for the key with that public key together, from `given` and, where that does not reach, from `known`.
///
/// Every link is verified: name, key identifiers, signature, and that the issuer is a CA. With `partial` it may end before
/// a root.
///
/// # Errors
/// No certificate is the key's own, or an issuer is missing.
pub(super) fn chain(spki: &[u8], given: &[Certificate], known: &[Certificate], partial: bool) -> Result<Reply, Error> {
    let own = given.iter().filter(|certificate| certificate.spki == spki);
    // Several replies for one key: the one that is valid longest.
    let leaf = own.max_by_key(|certificate| certificate.validity.not_after).ok_or_else(|| not_the_keys(given))?;
    let mut chain = vec![leaf.clone()];
    while let Some(last) = chain.last().filter(|last| !last.is_self_issued()) {
        let candidates = || given.iter().chain(known).filter(|one| !chain.contains(one));
        match candidates().find(|issuer| issuer.is_ca && last.verify_issued_by(issuer).is_ok()) {
            Some(issuer) => chain.push(issuer.clone()),
            None if partial => break,
            None => return Err(missing_issuer(last, candidates())),
        }
    }
    let unused = given.iter().filter(|certificate| !chain.contains(certificate)).cloned().collect();
    Ok(Reply { chain, unused })
}

fn not_the_keys(given: &[Certificate]) -> Error {
    let subjects: Vec<_> = given.iter().map(|certificate| certificate.display_name()).collect();
    Error::new(ErrorKind::Usage, "no certificate of the reply holds the public key of the entry")
        .because(format!("the reply holds {}", subjects.join(", ")))
        .hint(KeystoreHint::RequestFromKey)
}

/// Says why each certificate of the right name is not the issuer, or that there is none.
fn missing_issuer<'a>(last: &Certificate, candidates: impl Iterator<Item = &'a Certificate>) -> Error {
    let issuer = last.issuer.to_string();
    let mut reasons = Vec::new();
    for candidate in candidates.filter(|candidate| candidate.subject == last.issuer) {
        reasons.push(match last.verify_issued_by(candidate) {
            Err(error) => format!("certificate {} has that name, but {error}", candidate.serial),
            Ok(()) => format!("certificate {} has that name, but is no CA", candidate.serial),
        });
    }
    let error = Error::new(ErrorKind::Usage, format!("the chain has a gap: the certificate of `{issuer}` is missing"))
        .hint(KeystoreHint::CompleteChain);
    if reasons.is_empty() { error } else { error.because(reasons.join("\n")) }
}
