//! What there is and in what state: list, show, check.

use std::collections::HashSet;

use crate::error::Error;
use crate::lifecycle::session::authority_state::{AuthorityState, AuthorityStates, AuthorityStatus};
use crate::lifecycle::session::{self, View};
use crate::store::{CertificateEntry, InstalledPlace, Query, ServiceState};
use certroll_base::clock::Timestamp;
use certroll_pki::digest::Fingerprint;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::validity::RenewBefore;

/// The state of a certificate at one moment. Later ones outweigh earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CertificateStatus {
    /// Valid, and nothing to do.
    Valid,
    /// Valid, but its successor has been issued.
    Replaced,
    /// Valid, but due for rotation.
    Due,
    /// Valid, but not everywhere where it belongs, or not handed out at all.
    Owed,
    /// Below a CA that has expired: no verifier accepts it.
    IssuerExpired,
    /// Below a CA that is revoked.
    IssuerRevoked,
    /// Past its end.
    Expired,
    /// Revoked.
    Revoked,
}

impl CertificateStatus {
    /// Its name in tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Replaced => "replaced",
            Self::Due => "due",
            Self::Owed => "owed",
            Self::IssuerExpired => "issuer-expired",
            Self::IssuerRevoked => "issuer-revoked",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// Whether something is to be done about it.
    pub fn needs_attention(self) -> bool {
        !matches!(self, Self::Valid | Self::Replaced)
    }

    /// Whether no verifier accepts it any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::IssuerExpired | Self::IssuerRevoked | Self::Expired | Self::Revoked)
    }

    /// The state of `entry` at `now`, under its issuer; `renew_before` in place of its template's when given.
    pub fn of(
        entry: &CertificateEntry,
        now: Timestamp,
        renew_before: Option<RenewBefore>,
        above: Option<&AuthorityState>,
    ) -> Self {
        let due = renew_before.unwrap_or(entry.renew_before).due_at(&entry.validity);
        let issuer = above.map(|above| &above.status);
        if entry.revoked.is_some() {
            Self::Revoked
        } else if entry.validity.not_after < now {
            Self::Expired
        } else if entry.replaced_by.is_some() {
            Self::Replaced
        } else if matches!(issuer, Some(AuthorityStatus::Revoked(..))) {
            Self::IssuerRevoked
        } else if matches!(issuer, Some(AuthorityStatus::Expired(..))) {
            Self::IssuerExpired
        } else if !entry.delivered {
            Self::Owed
        } else if due.is_some_and(|at| at <= now) || above.is_some_and(|above| outlives(entry, above)) {
            Self::Due
        } else {
            Self::Valid
        }
    }
}

/// Whether it would outlive a CA that is to be renewed by now. One that never expires was made to.
pub fn outlives(entry: &CertificateEntry, above: &AuthorityState) -> bool {
    let ends = entry.validity.not_after;
    ends != Timestamp::NO_EXPIRY && ends > above.ends && matches!(above.status, AuthorityStatus::Ending(_))
}

/// A certificate with its state.
pub struct ListedCertificate {
    /// The certificate.
    pub entry: CertificateEntry,
    /// Its state.
    pub status: CertificateStatus,
    /// What the state of its issuer is, where that is the reason.
    pub issuer: Option<String>,
    /// What is owed about its CRL, where it is the certificate of a CA of the home.
    pub crl: Option<String>,
}

/// The certificates that match, each with its state.
///
/// # Errors
/// The inventory cannot be read.
pub fn list(view: &View, query: &Query, renew_before: Option<RenewBefore>) -> Result<Vec<ListedCertificate>, Error> {
    let in_place: HashSet<Fingerprint> = view.store.still_in_place()?.iter().map(|entry| entry.fingerprint).collect();
    listed(view, view.store.certificates(query)?, &in_place, renew_before)
}

/// The current certificates of all names, and those that lie somewhere although they should not any more: revoked ones, and those
/// whose successor is not where it belongs.
///
/// # Errors
/// The inventory cannot be read.
pub fn in_use(view: &View, renew_before: Option<RenewBefore>) -> Result<Vec<ListedCertificate>, Error> {
    let mut entries = view.store.certificates(&Query { current: true, ..Query::default() })?;
    let in_place = view.store.still_in_place()?;
    let known = in_place.iter().map(|entry| entry.fingerprint).collect();
    entries.extend(in_place);
    listed(view, entries, &known, renew_before)
}

/// A certificate whose successor is not where it belongs is not replaced: it is what is in use.
fn listed(
    view: &View,
    entries: Vec<CertificateEntry>,
    in_place: &HashSet<Fingerprint>,
    renew_before: Option<RenewBefore>,
) -> Result<Vec<ListedCertificate>, Error> {
    let now = view.clock.now();
    let authorities = AuthorityStates::of(&*view.store, now)?;
    let unserved = view.store.owed_by_services()?;
    let list = |entry: CertificateEntry| {
        let status = match CertificateStatus::of(&entry, now, renew_before, authorities.above(&entry)) {
            CertificateStatus::Replaced if in_place.contains(&entry.fingerprint) => CertificateStatus::Due,
            CertificateStatus::Valid | CertificateStatus::Due if unserved.contains(&entry.name) => {
                CertificateStatus::Owed
            }
            status => status,
        };
        told(entry, status, &authorities)
    };
    Ok(entries.into_iter().map(list).collect())
}

/// With what the states of CAs have to do with it.
fn told(entry: CertificateEntry, status: CertificateStatus, authorities: &AuthorityStates) -> ListedCertificate {
    let above = authorities.above(&entry).filter(|above| {
        matches!(status, CertificateStatus::IssuerExpired | CertificateStatus::IssuerRevoked) || outlives(&entry, above)
    });
    let issuer = above.map(|above| format!("CA `{}`: {}", above.authority.name, above.status));
    let crl = authorities.own(&entry).filter(|own| own.crl.is_owed()).map(|own| own.crl.to_string());
    ListedCertificate { entry, status, issuer, crl }
}

/// Everything about one certificate.
pub struct ShownCertificate {
    /// Its row and state.
    pub listed: ListedCertificate,
    /// The certificate itself.
    pub certificate: Certificate,
    /// The issuers, nearest first.
    pub issuers: Vec<Certificate>,
    /// Where it is installed.
    pub places: Vec<InstalledPlace>,
    /// The services that use it, and how far each has come, as it was last seen.
    pub services: Vec<(String, ServiceState)>,
    /// Whether the home holds its key.
    pub key_held: bool,
}

/// The services that use the certificate of that name.
fn used_by(view: &View, name: &str) -> Result<Vec<(String, ServiceState)>, Error> {
    let services = view.store.services()?;
    let users = services.into_iter().filter(|service| service.uses(name));
    users.map(|service| Ok((service.name.clone(), view.store.service_state(&service.name, name)?))).collect()
}

/// Everything about the certificates that `selector` names: the current ones if there are any, or with `all` every one.
///
/// # Errors
/// None is found.
pub fn show(view: &View, selector: &str, all: bool) -> Result<Vec<ShownCertificate>, Error> {
    let now = view.clock.now();
    let authorities = AuthorityStates::of(&*view.store, now)?;
    let mut shown = Vec::new();
    let mut found = super::select::find(&*view.store, selector)?;
    let is_current = |entry: &CertificateEntry| entry.revoked.is_none() && entry.replaced_by.is_none();
    if !all && found.iter().any(is_current) {
        found.retain(is_current);
    }
    for entry in found {
        let der = view.store.certificate_der(&entry)?;
        let certificate = Certificate::from_der(&der).map_err(|error| {
            Error::new(crate::error::ErrorKind::Verification, format!("certificate {} is damaged", entry.serial))
                .because(error)
        })?;
        let issuers = session::issuers_of(&*view.store, &entry, |name| view.authority(Some(name))).unwrap_or_default();
        let issuers = issuers.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        shown.push(ShownCertificate {
            places: view.store.places(Some(&entry.name))?,
            services: used_by(view, &entry.name)?,
            key_held: view.store.held_key(&entry.key_hash)?.is_some(),
            listed: {
                let status = CertificateStatus::of(&entry, now, None, authorities.above(&entry));
                told(entry, status, &authorities)
            },
            certificate,
            issuers,
        });
    }
    Ok(shown)
}
