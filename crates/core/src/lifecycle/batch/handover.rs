//! Handing out what was not handed out yet: certificates of batches, and their successors, whose keys the home keeps.

use super::deployed;
use super::output::{BatchLock, BatchOutput, Package};
use crate::audit::record::value::Id;
use crate::error::Error;
use crate::lifecycle::recovery;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::store::{CertificateEntry, Query};

/// So many are written and recorded at a time.
const GROUP: usize = 256;

/// Writes every current certificate that belongs to no place and whose key the home keeps, or that was asked for without a key and
/// not handed out. What is written is recorded, and the home forgets the keys. Answers how many there were.
///
/// # Errors
/// The output or the log cannot be written; what is not written stays owed.
pub fn hand_out_all(session: &mut Session, _turn: &BatchLock, output: &BatchOutput) -> Result<u64, Error> {
    let done = hand_out(session, output);
    Attempt::to_deliver(None, None).ended(session, done)
}

fn hand_out(session: &mut Session, output: &BatchOutput) -> Result<u64, Error> {
    recovery::recover(session)?;
    let mut handed = 0;
    for group in waiting(session)?.chunks(GROUP) {
        let packages = group.iter().map(|entry| package(session, entry)).collect::<Result<Vec<_>, _>>()?;
        let written = output.write(&packages, session.clock.now());
        deployed::record(&mut session.journal, output, &packages, written)?;
        handed += packages.len() as u64;
    }
    output.finish()?;
    session.journal.publish()?;
    Ok(handed)
}

/// The certificates that wait to be handed out.
fn waiting(session: &Session) -> Result<Vec<CertificateEntry>, Error> {
    let store = session.journal.store();
    let mut waiting = Vec::new();
    for entry in store.certificates(&Query { current: true, ..Query::default() })? {
        let kept = !entry.delivered || store.held_key(&entry.key_hash)?.is_some();
        if kept && store.places(Some(&entry.name))?.is_empty() {
            waiting.push(entry);
        }
    }
    Ok(waiting)
}

fn package(session: &Session, entry: &CertificateEntry) -> Result<Package, Error> {
    let store = session.journal.store();
    let key = store.held_key(&entry.key_hash)?.map(|key| session.keys.open(&key)).transpose()?;
    let own = store.certificate_der(entry)?;
    let chain = std::iter::once(own).chain(session.issuers_of(entry)?).collect();
    Ok(Package { entry: entry.clone(), key, chain, op: Id::new(session.clock.now()), item: None, may_exist: true })
}
