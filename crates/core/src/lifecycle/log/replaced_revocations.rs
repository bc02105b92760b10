//! Revocations that a new log takes over without certificates: they came with a CA, and its CRLs must list them on.

use std::collections::{BTreeMap, HashSet};

use crate::audit::record::Record;
use crate::error::Error;
use crate::store::{CertificateEntry, Store, imported_revocations};
use certroll_pki::x509::crl::{Crl, RevokedEntry};
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;

/// Those of each CA of the home, by what is left of the old log and by the newest CRLs.
///
/// # Errors
/// The store cannot be read.
pub(super) fn revoked_alone(
    store: &dyn Store,
    certificates: &[CertificateEntry],
) -> Result<BTreeMap<String, Vec<RevokedEntry>>, Error> {
    let mut alone: BTreeMap<String, BTreeMap<SerialNumber, RevokedEntry>> = BTreeMap::new();
    store.records(0, &mut |_, line| {
        let taken = Record::parse(line).map(|record| imported_revocations(&record)).unwrap_or_default();
        for (issuer, entry) in taken {
            alone.entry(issuer).or_default().insert(entry.serial.clone(), entry);
        }
        Ok(())
    })?;
    for authority in store.authorities()? {
        let Some(latest) = store.latest_crl(&authority.name)? else { continue };
        let listed = Crl::from_der(&latest.der).map(|crl| crl.entries).unwrap_or_default();
        for (serial, revoked_at, reason) in listed {
            let reason = reason.parse().unwrap_or(RevocationReason::Unspecified);
            let entry = RevokedEntry { serial: serial.clone(), revoked_at, reason };
            alone.entry(authority.name.clone()).or_default().entry(serial).or_insert(entry);
        }
    }
    let known: HashSet<_> = certificates.iter().map(|one| (one.issuer.as_str(), &one.serial)).collect();
    let left = |(issuer, entries): (String, BTreeMap<SerialNumber, RevokedEntry>)| {
        let unknown = entries.into_values().filter(|one| !known.contains(&(issuer.as_str(), &one.serial)));
        (issuer.clone(), unknown.collect())
    };
    Ok(alone.into_iter().map(left).collect())
}
