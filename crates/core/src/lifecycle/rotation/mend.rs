//! Homes in which a name has several current certificates: they could be made by issuing a further one, for another CA say, and
//! the older of them could never be rotated.

use std::collections::BTreeMap;

use crate::error::Error;
use crate::lifecycle::session::Session;
use crate::store::{CertificateEntry, Change, Query};

/// The newest of each name counts, and the others count as replaced by it; a person is told of each.
///
/// # Errors
/// The inventory cannot be read or written.
pub fn several_current(session: &mut Session) -> Result<(), Error> {
    let current = session.journal.store().certificates(&Query { current: true, ..Query::default() })?;
    let mut newest: BTreeMap<&str, &CertificateEntry> = BTreeMap::new();
    for entry in &current {
        newest.insert(&entry.name, entry);
    }
    let mut changes = Vec::new();
    let mut told = Vec::new();
    for old in &current {
        let Some(new) = newest.get(old.name.as_str()).filter(|new| new.id != old.id) else { continue };
        changes.push(Change::Replace { id: old.id, by: new.fingerprint });
        told.push(format!(
            "`{}` had several current certificates: {} of `{}` counts as replaced by {} of `{}` from now on; revoke it once \
             nothing uses it",
            old.name, old.serial, old.issuer, new.serial, new.issuer
        ));
    }
    if changes.is_empty() {
        return Ok(());
    }
    session.journal.append(Vec::new(), changes)?;
    told.iter().for_each(|line| session.watcher.warn(line));
    Ok(())
}
