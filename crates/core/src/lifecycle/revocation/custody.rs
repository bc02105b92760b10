//! Certificates in the custody of the issuer that made their keys: what it says of them, and deleting them there.

use std::sync::Arc;

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, Remote, Why};
use crate::audit::record::value::Id;
use crate::error::describe;
use crate::error::{Error, Kind};
use crate::issuer::Issuer;
use crate::lifecycle::issuance::poll;
use crate::lifecycle::revocation::certificate_facts;
use crate::lifecycle::session::Services;
use crate::store::CertificateEntry;

/// What the issuer of a certificate says of it: its renewal, what uses it. Pairs of a title and a text.
///
/// # Errors
/// The issuer keeps no certificates, or cannot be asked.
pub fn status(services: &mut Services, entry: &CertificateEntry) -> Result<Vec<(&'static str, String)>, Error> {
    let issuer = services.issuer(&entry.issuer)?;
    let custodian = issuer.custodian().ok_or_else(|| keeps_nothing(&*issuer))?;
    Ok(custodian.status(&services.journal.store().certificate_der(entry)?)?)
}

/// Deletes a certificate and its key at its issuer. That it is about to happen is on record before, and how it ended after.
///
/// # Errors
/// The issuer keeps no certificates; something uses it; or the issuer refuses.
pub fn delete(services: &mut Services, entry: &CertificateEntry, why: Option<Arc<Why>>) -> Result<(), Error> {
    let issuer = services.issuer(&entry.issuer)?;
    let custodian = issuer.custodian().ok_or_else(|| keeps_nothing(&*issuer))?;
    let der = services.journal.store().certificate_der(entry)?;
    let op = Id::new(services.clock.now());
    let record = |services: &Services, outcome: Outcome| {
        let mut record = services.journal.draft(Event::KeyDestroy, outcome, op);
        record.why = why.clone();
        record.cert = Some(certificate_facts(entry));
        record.rem = Some(Remote { t: issuer.kind().to_owned(), id: entry.issuer.clone(), ..Remote::default() });
        record
    };
    services.journal.append(vec![record(services, Outcome::Pending)], Vec::new())?;
    match custodian.delete(&der) {
        Ok(()) => {
            services.journal.commit(vec![record(services, Outcome::Ok)], Vec::new())?;
            Ok(())
        }
        Err(error) => {
            let mut failed = record(services, Outcome::Fail);
            failed.err = Some(Failure { code: poll::code(error.class).to_owned(), text: describe(&error) });
            services.journal.commit(vec![failed], Vec::new())?;
            Err(Error::from(error).on_record())
        }
    }
}

fn keeps_nothing(issuer: &dyn Issuer) -> Error {
    let message = format!("issuer `{}` keeps no certificates: their keys are made here", issuer.name());
    Error::new(Kind::Unsupported, message).hint("`certroll show NAME` tells what the home knows of one")
}
