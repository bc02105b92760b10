//! What an earlier run left to be done, and what another run has done meanwhile.

use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::delivery::Output;
use crate::lifecycle::delivery::installed::outputs;
use crate::lifecycle::issuance::redeliver;
use crate::lifecycle::issuance::request::{IssueAct, IssueOutcome};
use crate::lifecycle::issuance::resume as earlier_run;
use crate::lifecycle::session::Session;
use crate::store::{CertificateEntry, Query, Selector};

/// The certificate itself, if it is the current one and is not everywhere where it belongs.
pub(super) fn owed(session: &Session, old: &CertificateEntry) -> Result<Option<CertificateEntry>, Error> {
    let current = session.journal.store().certificates(&Query::current_of(&old.name))?.pop();
    Ok(current.filter(|entry| entry.id == old.id && !entry.delivered))
}

/// Delivers what is owed: the same certificate. Another one is not asked for before this one is where it belongs.
pub(super) fn finish(
    session: &mut Session,
    entry: CertificateEntry,
    outputs: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    if outputs.is_empty() {
        let message = format!("`{}` is issued, and was handed to nobody", entry.name);
        return Err(Error::new(ErrorKind::Deploy, message).hint(DeliveryHint::HandOutAll));
    }
    redeliver::deliver_where_it_belongs(session, &entry, outputs)
        .map_err(|error| error.of_kind(ErrorKind::Deploy).hint(DeliveryHint::StaysOwed))
}

/// What another run did while this one waited for its turn: the successor of `old` is there, and where it belongs.
pub(super) fn by_another(session: &Session, old: &CertificateEntry) -> Result<Option<IssueOutcome>, Error> {
    let store = session.journal.store();
    let row = store.certificates(&Query::of(Selector::Fingerprint(old.fingerprint)))?.pop();
    let Some(successor) = row.and_then(|row| row.replaced_by) else { return Ok(None) };
    let current = store.certificates(&Query::current_of(&old.name))?.pop();
    let Some(entry) = current.filter(|entry| entry.delivered && entry.fingerprint == successor) else {
        return Ok(None);
    };
    let chain = earlier_run::recorded(session, entry.clone())?.chain;
    let files = outputs(session, &entry, None)?.into_iter().map(|output| output.place).collect();
    Ok(Some(IssueOutcome { entry, chain, files, key_kept: false, act: IssueAct::ByAnother }))
}
