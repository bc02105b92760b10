//! Write a certificate again to where it belongs.

use super::request::IssueOutcome;
use super::resume;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::lifecycle::delivery::installed::{held_key, outputs};
use crate::lifecycle::delivery::{self, Material, Output, Password};
use crate::lifecycle::recovery;
use crate::lifecycle::session::Session;
use crate::lifecycle::session::attempt::Attempt;
use crate::store::CertificateEntry;

/// Writes a certificate again to where it belongs: after a delivery that failed.
///
/// # Errors
/// The key is not held in the home any more, or a file cannot be written.
pub fn deliver_again(
    session: &mut Session,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    let ended = deliver_as_asked(session, entry, password, more);
    Attempt::to_deliver(Some(entry.facts()), None).ended(session, ended)
}

fn deliver_as_asked(
    session: &mut Session,
    entry: &CertificateEntry,
    password: Option<&Password>,
    more: Vec<Output>,
) -> Result<IssueOutcome, Error> {
    recovery::recover(session)?;
    let mut all = outputs(session, entry, password)?;
    all.retain(|known| more.iter().all(|output| output.path != known.path));
    all.extend(more);
    if all.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("nothing is known of where `{}` belongs", entry.name))
            .hint(DeliveryHint::SayWhere));
    }
    let key = held_key(session, entry)?;
    if key.is_none() && all.iter().any(|output| output.form.has_key()) {
        return Err(Error::new(ErrorKind::Usage, format!("the home does not hold the key of `{}`", entry.name))
            .hint(DeliveryHint::MakeNew(entry.name.clone())));
    }
    let material = Material { key, chain: resume::recorded(session, entry.clone())?.chain };
    delivery::preflight(session, &all, material.key.is_some())?;
    let op = crate::audit::record::value::Id::new(session.clock.now());
    let files = delivery::deliver(session, entry, &material, &all, op)?;
    Ok(IssueOutcome { entry: entry.clone(), chain: material.chain, files, key_kept: false })
}
