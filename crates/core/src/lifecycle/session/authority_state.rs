//! In which state the CAs of the home are, and what that means for what they have issued: the one evaluation that every command uses.
//!
//! It looks at the certificates themselves and at the newest CRL, under the time that is given. A certificate below a CA that has
//! expired or is revoked is not valid, whatever its own dates say (RFC 5280 section 6.1).

use std::fmt;

use super::authority_chain;
use crate::error::Error;
use crate::store::{Authority, CertificateEntry, Query, Selector, Store};
use certroll_base::clock::Timestamp;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;

/// The state of a CA at one moment. Later ones outweigh earlier ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthorityStatus {
    /// It can issue.
    Valid,
    /// Its certificate, or one above it, is to be renewed by now; until when it lasts.
    Ending(Timestamp),
    /// Its certificate, or one above it, has not begun or has ended: whose, and when.
    Expired(String, Timestamp),
    /// Its certificate, or one above it, is revoked: whose, when and why.
    Revoked(String, Timestamp, &'static str),
}

impl AuthorityStatus {
    /// Its name in tables and JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Ending(_) => "ending",
            Self::Expired(..) => "expired",
            Self::Revoked(..) => "revoked",
        }
    }

    /// Whether nothing below it is valid.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Expired(..) | Self::Revoked(..))
    }
}

impl fmt::Display for AuthorityStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid => f.write_str("valid"),
            Self::Ending(at) => write!(f, "to be renewed: it ends {at}"),
            Self::Expired(name, at) => write!(f, "`{name}` has expired or not begun: valid until {at}"),
            Self::Revoked(name, at, reason) => write!(f, "`{name}` is revoked since {at}, {reason}"),
        }
    }
}

/// What is to be said of the CRL of a CA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CrlStatus {
    /// There is none, and nothing says where one would be.
    NotNeeded,
    /// There is none, and certificates say where it is.
    Missing,
    /// It is good until then; its number.
    Current(u64, Timestamp),
    /// It should have been replaced then; its number.
    Overdue(u64, Timestamp),
}

impl CrlStatus {
    /// Whether something is to be done about it.
    pub fn is_owed(&self) -> bool {
        matches!(self, Self::Missing | Self::Overdue(..))
    }

    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotNeeded => "none",
            Self::Missing => "missing",
            Self::Current(..) => "current",
            Self::Overdue(..) => "overdue",
        }
    }
}

impl fmt::Display for CrlStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNeeded => f.write_str("no CRL yet"),
            Self::Missing => f.write_str("no CRL yet, although its certificates say where it is"),
            Self::Current(number, until) => write!(f, "CRL {number} until {until}"),
            Self::Overdue(number, since) => write!(f, "CRL {number} is past its next update since {since}"),
        }
    }
}

/// A CA with its state.
#[derive(Clone, Debug)]
pub struct AuthorityState {
    /// The CA.
    pub authority: Authority,
    /// Its certificates, its own first.
    pub chain: Vec<Certificate>,
    /// When what it issues ends at the latest: with the first certificate of the chain that does.
    pub ends: Timestamp,
    /// Its state.
    pub status: AuthorityStatus,
    /// That of its CRL.
    pub crl: CrlStatus,
}

/// The CAs of the home, each with its state.
#[derive(Clone, Debug, Default)]
pub struct AuthorityStates(Vec<AuthorityState>);

impl AuthorityStates {
    /// Looks at all of them.
    ///
    /// # Errors
    /// The store cannot be read, or lacks a certificate.
    pub fn of(store: &dyn Store, now: Timestamp) -> Result<Self, Error> {
        let mut states = Vec::new();
        for authority in store.authorities()? {
            let chain = authority_chain(store, &authority)?;
            let status = status(store, &chain, now)?;
            let ends = chain.iter().map(|one| one.validity.not_after).min().unwrap_or(now);
            let crl = crl(store, &authority, now)?;
            states.push(AuthorityState { authority, chain, ends, status, crl });
        }
        Ok(Self(states))
    }

    /// All of them, in the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &AuthorityState> {
        self.0.iter()
    }

    /// The one that has signed a certificate; `None` for one from elsewhere, and for a root.
    pub fn above(&self, entry: &CertificateEntry) -> Option<&AuthorityState> {
        self.0.iter().find(|one| one.authority.name == entry.issuer && one.authority.certificate != entry.fingerprint)
    }

    /// The one whose certificate it is.
    pub fn own(&self, entry: &CertificateEntry) -> Option<&AuthorityState> {
        self.0.iter().find(|one| one.authority.certificate == entry.fingerprint)
    }
}

/// The worst of the chain.
fn status(store: &dyn Store, chain: &[Certificate], now: Timestamp) -> Result<AuthorityStatus, Error> {
    let mut worst = AuthorityStatus::Valid;
    for certificate in chain {
        let entry = store.certificates(&Query::of(Selector::Fingerprint(certificate.fingerprint())))?.pop();
        let name = entry.as_ref().map_or_else(|| certificate.display_name(), |entry| entry.name.clone());
        let until = certificate.validity.not_after;
        let found = match entry.as_ref().and_then(|entry| entry.revoked) {
            Some((at, reason)) => AuthorityStatus::Revoked(name, at, RevocationReason::name(reason)),
            None if !certificate.validity.contains(now) => AuthorityStatus::Expired(name, until),
            None => {
                let due = entry.and_then(|entry| entry.renew_before.due_at(&entry.validity));
                if due.is_some_and(|at| at <= now) { AuthorityStatus::Ending(until) } else { AuthorityStatus::Valid }
            }
        };
        worst = worst.max(found);
    }
    Ok(worst)
}

fn crl(store: &dyn Store, authority: &Authority, now: Timestamp) -> Result<CrlStatus, Error> {
    match store.latest_crl(&authority.name)? {
        Some(crl) if crl.next_update <= now => Ok(CrlStatus::Overdue(crl.number, crl.next_update)),
        Some(crl) => Ok(CrlStatus::Current(crl.number, crl.next_update)),
        None if is_pointed_to(store, authority, now)? => Ok(CrlStatus::Missing),
        None => Ok(CrlStatus::NotNeeded),
    }
}

/// Whether a certificate that has not expired says where the CRL is.
fn is_pointed_to(store: &dyn Store, authority: &Authority, now: Timestamp) -> Result<bool, Error> {
    // A root is among what it has issued itself.
    let query = Query { issuer: Some(authority.name.clone()), current: true, newest: Some(2), ..Query::default() };
    let issued = store.certificates(&query)?;
    let newest =
        issued.iter().rev().find(|one| one.fingerprint != authority.certificate && one.validity.not_after > now);
    let Some(newest) = newest else { return Ok(false) };
    if !authority.pointers.crl.is_empty() {
        return Ok(true);
    }
    let certificate = store.certificate_der(newest).ok().and_then(|der| Certificate::from_der(&der).ok());
    Ok(certificate.is_some_and(|one| !one.crl_distribution_points.is_empty()))
}
