//! What a store that is healed has already, and where what it learns will stand.

use std::collections::HashMap;

use crate::error::Error;
use crate::lifecycle::layout::home::Home;
use crate::store::{CrlEntry, Query, Selector, Store};
use certroll_base::encoding;
use certroll_pki::digest::Fingerprint;
use certroll_pki::x509::crl::Crl;

/// Row numbers of certificates, those that are about to be added included.
pub(super) struct Rows<'a> {
    store: &'a dyn Store,
    next: i64,
    new: HashMap<Fingerprint, i64>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(store: &'a dyn Store) -> Result<Self, Error> {
        let next = store.certificates(&Query::default())?.last().map_or(1, |row| row.id + 1);
        Ok(Self { store, next, new: HashMap::new() })
    }

    /// How many are about to be added.
    pub(super) fn added_count(&self) -> usize {
        self.new.len()
    }

    pub(super) fn added(&mut self, sha256: Fingerprint) {
        self.new.insert(sha256, self.next);
        self.next += 1;
    }

    /// The row of a certificate that nothing has replaced yet.
    pub(super) fn unreplaced(&self, sha256: &Fingerprint) -> Option<i64> {
        let stored = self.store.certificates(&Query::of(Selector::Fingerprint(*sha256))).unwrap_or_default();
        self.id(sha256).filter(|_| stored.iter().all(|row| row.replaced_by.is_none()))
    }

    /// Whether the stored one is revoked already.
    pub(super) fn is_revoked(&self, sha256: &Fingerprint) -> bool {
        let stored = self.store.certificates(&Query::of(Selector::Fingerprint(*sha256)));
        stored.is_ok_and(|stored| stored.iter().any(|row| row.revoked.is_some()))
    }

    pub(super) fn id(&self, sha256: &Fingerprint) -> Option<i64> {
        let stored =
            || self.store.certificates(&Query::of(Selector::Fingerprint(*sha256))).ok()?.first().map(|row| row.id);
        self.new.get(sha256).copied().or_else(stored)
    }
}

/// The CRL in the home, if it is the one that the log tells of.
pub(super) fn crl_at_hand(home: &Home, authority: &str, number: u64, sha256: &str) -> Option<CrlEntry> {
    let der = std::fs::read(home.authorities().join(format!("{authority}.crl"))).ok()?;
    if encoding::hex(&encoding::sha256(&der)) != sha256 {
        return None;
    }
    let crl = Crl::from_der(&der).ok()?;
    let (this_update, next_update) = (crl.this_update, crl.next_update?);
    Some(CrlEntry { authority: authority.to_owned(), number, this_update, next_update, der, covers: None })
}
