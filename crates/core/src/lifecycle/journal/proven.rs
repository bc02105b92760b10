//! What the log says, proved to be under the head that this process has checked.

use super::Journal;
use crate::error::Error;
use crate::store::{Contradiction, ContradictionKind, CrlContent, CrlTimes, VisitRecord};
use certroll_base::encoding::Sha256;
use certroll_tlog::Frontier;

impl Journal {
    /// The leaf hashes of all records, proved to lead to the checked head.
    ///
    /// # Errors
    /// They do not, or the store cannot be read.
    pub(in crate::lifecycle) fn proven_leaves(&mut self) -> Result<Vec<Sha256>, Error> {
        let head = self.store.follow_head().map_err(|error| self.refused(error))?;
        let leaves = self.store.leaves(head.size())?;
        let mut reached = Frontier::new();
        leaves.iter().for_each(|leaf| reached.push(*leaf));
        if reached != head {
            let (known, found) = ((head.size(), head.root()), (reached.size(), reached.root()));
            return Err(self.refused(Contradiction { kind: ContradictionKind::Altered, known, found }.into()));
        }
        Ok(leaves)
    }

    /// The records from `first` on; what they say holds once this has succeeded.
    ///
    /// # Errors
    /// As [`crate::store::Store::proven_records`].
    pub(in crate::lifecycle) fn proven_records(
        &mut self,
        first: u64,
        visit: &mut VisitRecord<'_>,
    ) -> Result<(), Error> {
        self.store.follow_head().map_err(|error| self.refused(error))?;
        self.store.proven_records(first, visit).map_err(|error| self.refused(error))
    }

    /// What the next CRL of a CA lists, by the log.
    ///
    /// # Errors
    /// As [`CrlContent::on_record`].
    pub(in crate::lifecycle) fn crl_content(
        &mut self,
        authority: &str,
        used: u64,
        times: CrlTimes,
    ) -> Result<CrlContent, Error> {
        CrlContent::on_record(&mut *self.store, authority, used, times).map_err(|error| self.refused(error))
    }
}
