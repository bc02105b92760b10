//! What the inventory says of a public key: that it has a certificate, that it was given up, or that another key gives it away.

use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::policy::Request;
use crate::store::{Query, Selector, Store};
use certroll_pki::digest::KeyHash;
use certroll_pki::key::weakness::{RsaModuli, RsaNumbers};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;

/// What is known of the key of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyHistory {
    /// A certificate with it exists.
    pub known: bool,
    /// What is against it, in words.
    pub flaws: Vec<String>,
}

impl KeyHistory {
    /// Of the key of a request; `brought` for one that was not made here.
    ///
    /// # Errors
    /// The inventory cannot be read.
    pub(crate) fn of(session: &mut Session, request: &Request, brought: bool) -> Result<Self, Error> {
        Self::of_key(session.journal.store(), &mut session.moduli, &request.spki, brought)
    }

    /// Of a SubjectPublicKeyInfo; nothing is known of a key that does not exist yet. The moduli of the inventory are read when
    /// they are needed, and kept in `moduli`.
    ///
    /// # Errors
    /// The inventory cannot be read.
    pub fn of_key(
        store: &dyn Store,
        moduli: &mut Option<RsaModuli>,
        spki: &[u8],
        brought: bool,
    ) -> Result<Self, Error> {
        if spki.is_empty() {
            return Ok(Self::default());
        }
        let entries = store.certificates(&Query::of(Selector::Key(KeyHash::of(spki))))?;
        let mut flaws = Vec::new();
        let given_up = entries.iter().find_map(|entry| match entry.revoked {
            Some((at, RevocationReason::KeyCompromise | RevocationReason::CaCompromise)) => Some((&entry.serial, at)),
            _ => None,
        });
        if let Some((serial, at)) = given_up {
            flaws.push(format!("the key was given up as compromised with certificate {serial} at {at}"));
        }
        if brought && RsaNumbers::of(spki).is_some() && shares_prime(store, moduli, spki)? {
            let text =
                "the key is weak: its modulus shares a prime with another key of the inventory, which gives both away";
            flaws.push(text.to_owned());
        }
        Ok(Self { known: !entries.is_empty(), flaws })
    }
}

/// Holds a modulus against all others of the home; they are read once in a session, and only when a request brings an RSA key.
fn shares_prime(store: &dyn Store, moduli: &mut Option<RsaModuli>, spki: &[u8]) -> Result<bool, Error> {
    if moduli.is_none() {
        *moduli = Some(all(store)?);
    }
    let moduli = moduli.get_or_insert_default();
    let shared = moduli.share_prime(spki);
    // Two requests of one batch can share a prime as well.
    moduli.add(spki);
    Ok(shared)
}

fn all(store: &dyn Store) -> Result<RsaModuli, Error> {
    let mut moduli = RsaModuli::default();
    for entry in store.certificates(&Query::default())?.iter().filter(|entry| entry.key.is_rsa()) {
        if let Ok(certificate) = Certificate::from_der(&store.certificate_der(entry)?) {
            moduli.add(&certificate.spki);
        }
    }
    Ok(moduli)
}
