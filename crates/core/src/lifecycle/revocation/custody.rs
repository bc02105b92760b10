//! Certificates in the custody of the issuer that made their keys: what it says of them, and deleting them there.

use std::sync::Arc;

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Remote, Why};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::issuer::{Deletion, IssuanceReport, Issuer};
use crate::lifecycle::session::Session;
use crate::lifecycle::signing::poll;
use crate::store::CertificateEntry;

/// What the issuer of a certificate says of it: its renewal, what uses it. Pairs of a title and a text.
///
/// # Errors
/// The issuer keeps no certificates, or cannot be asked.
pub fn status(session: &mut Session, entry: &CertificateEntry) -> Result<Vec<(&'static str, String)>, Error> {
    let issuer = session.issuer(&entry.issuer)?;
    let custodian = issuer.custodian().ok_or_else(|| keeps_nothing(&*issuer))?;
    Ok(custodian.status(&session.journal.store().certificate_der(entry)?)?)
}

/// Deletes a certificate and its key at its issuer. That it is about to happen is on record before, and how it ended after.
///
/// # Errors
/// The issuer keeps no certificates; something uses it; or the issuer refuses.
pub fn delete(session: &mut Session, entry: &CertificateEntry, why: Option<Arc<Why>>) -> Result<(), Error> {
    let issuer = session.issuer(&entry.issuer)?;
    let custodian = issuer.custodian().ok_or_else(|| keeps_nothing(&*issuer))?;
    let der = session.journal.store().certificate_der(entry)?;
    let op = Id::new(session.clock.now());
    let record = |session: &Session, outcome: Outcome| {
        let mut record = session.journal.draft(Event::KeyDestroy, outcome, op);
        record.why = why.clone();
        record.cert = Some(entry.facts());
        record.rem = Some(Remote { t: issuer.kind().to_owned(), id: entry.issuer.clone(), ..Remote::default() });
        record
    };
    let intent = record(session, Outcome::Pending);
    let deletion = Deletion { certificate: &der };
    let (_, deletion) = session.journal.announce(Vec::new(), intent, Vec::new(), deletion)?;
    match custodian.delete(deletion) {
        Ok(()) => {
            session.journal.commit(vec![record(session, Outcome::Ok)], Vec::new())?;
            Ok(())
        }
        Err(error) => {
            let mut failed = record(session, Outcome::Fail);
            failed.err = Some(Failure { code: poll::code(error.class).to_owned(), text: describe(&error) });
            session.journal.commit(vec![failed], Vec::new())?;
            Err(Error::from(error).on_record())
        }
    }
}

/// Has an issuer write a report of what it has signed, and answers the command that fetches it. That it is asked for is on record
/// before, and how it ended after.
///
/// # Errors
/// The issuer writes no reports, or refuses.
pub fn report(session: &mut Session, issuer: &str) -> Result<String, Error> {
    let opened = session.issuer(issuer)?;
    let reporter = opened.reporter().ok_or_else(|| {
        Error::new(ErrorKind::Unsupported, format!("issuer `{issuer}` writes no reports"))
            .hint("AWS Private CA writes one if `audit_bucket` names a bucket in its settings")
    })?;
    let op = Id::new(session.clock.now());
    let record = |session: &Session, outcome: Outcome| {
        let mut record = session.journal.draft(Event::IssuerReport, outcome, op);
        record.rem = Some(Remote { t: opened.kind().to_owned(), id: issuer.to_owned(), ..Remote::default() });
        record
    };
    let intent = record(session, Outcome::Pending);
    let (_, asked) = session.journal.announce(Vec::new(), intent, Vec::new(), IssuanceReport)?;
    match reporter.report(asked) {
        Ok(fetch) => {
            session.journal.commit(vec![record(session, Outcome::Ok)], Vec::new())?;
            Ok(fetch)
        }
        Err(error) => {
            let mut failed = record(session, Outcome::Fail);
            failed.err = Some(Failure { code: poll::code(error.class).to_owned(), text: describe(&error) });
            session.journal.commit(vec![failed], Vec::new())?;
            Err(Error::from(error).on_record())
        }
    }
}

fn keeps_nothing(issuer: &dyn Issuer) -> Error {
    let message = format!("issuer `{}` keeps no certificates: their keys are made here", issuer.name());
    Error::new(ErrorKind::Unsupported, message).hint(CertificateHint::Show)
}
