//! What an earlier run left to be done, and what another run has done meanwhile.

use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::delivery::Output;
use crate::lifecycle::delivery::installed::outputs;
use crate::lifecycle::issuance::redeliver;
use crate::lifecycle::issuance::request::{IssueAct, IssueOutcome};
use crate::lifecycle::issuance::resume as earlier_run;
use crate::lifecycle::service::Again;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::store::{CertificateEntry, Query, Selector};

/// The certificate itself, if it is the current one and is not everywhere where it belongs, or a service is still to serve it.
pub(super) fn owed(session: &Session, old: &CertificateEntry) -> Result<Option<CertificateEntry>, Error> {
    let current = session.journal.store().certificates(&Query::current_of(&old.name))?.pop();
    let served = |entry: &CertificateEntry| -> Result<bool, Error> {
        Ok(!session.journal.store().owed_by_services()?.contains(&entry.name))
    };
    let Some(entry) = current.filter(|entry| entry.id == old.id) else { return Ok(None) };
    Ok(if entry.delivered && served(&entry)? { None } else { Some(entry) })
}

/// Delivers what is owed: the same certificate. Another one is not asked for before this one is where it belongs.
pub(super) fn finish(
    shared: &SharedSession<'_>,
    entry: CertificateEntry,
    outputs: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let session = shared.lock();
    if outputs.is_empty() && !entry.delivered {
        let message = format!("`{}` is issued, and was handed to nobody", entry.name);
        return Err(Error::new(ErrorKind::Deploy, message).hint(DeliveryHint::HandOutAll));
    }
    drop(session);
    // What an earlier run wrote is not written again: its predecessor is still beside it.
    redeliver::deliver_where_it_belongs(shared, &entry, outputs, Again::WhatDiffers).map_err(|error| {
        let stays = |error: Error| error.of_kind(ErrorKind::Deploy).hint(DeliveryHint::StaysOwed);
        if error.kind == ErrorKind::Deploy { error } else { stays(error) }
    })
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
