//! A certificate is written to its places, and every service that uses it is made to serve it.

use std::path::Path;

use super::adopt::{self, Adoption, NotServed};
use super::probe::Expected;
use super::{take_back, users_of};
use crate::audit::record::value::Id;
use crate::destination::Place;
use crate::destination::kinds::file::FileDestination;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::{CertificateHint, DeliveryHint};
use crate::lifecycle::delivery::{self, Lineage, Material, Output, Settled, without_root};
use crate::lifecycle::session::Session;
use crate::lifecycle::session::shared::SharedSession;
use crate::store::{CertificateEntry, Change, Query, Service};
use certroll_base::encoding::sha256;

/// What is written when some of it may be in place already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// Every place.
    Everything,
    /// The places that are not as they were written: an earlier run was killed, or a service did not take it.
    WhatDiffers,
}

/// How a certificate is delivered.
pub(crate) struct Delivery<'a> {
    /// Where it belongs.
    pub(crate) outputs: &'a [Output],
    /// The certificate and what goes with it.
    pub(crate) material: &'a Material,
    /// The operation.
    pub(crate) op: Id,
    /// What of it is written.
    pub(crate) again: Again,
}

/// Writes the places, records each, remembers them under the certificate's name, and has every service use it; answers where the
/// certificate is.
///
/// The files are changed all together or not at all. The key is forgotten by the home only when every place that should hold it does,
/// and every service was seen to serve the certificate.
///
/// # Errors
/// Of kind [`ErrorKind::Deploy`] when any place could not be written, or a service does not serve it: it is issued all the same.
pub(crate) fn deliver(
    shared: &SharedSession<'_>,
    entry: &CertificateEntry,
    delivery: &Delivery<'_>,
) -> Result<Vec<Place>, Error> {
    let Delivery { outputs, material, op, again } = *delivery;
    let (services, todo, lineage, now) = {
        let session = shared.lock();
        let todo = match again {
            Again::Everything => outputs.to_vec(),
            Again::WhatDiffers => differing(&session, entry, outputs)?,
        };
        let lineage = Lineage::of(session.journal.store(), &entry.name)?;
        (users_of(session.journal.store(), &entry.name)?, todo, lineage, session.clock.now())
    };
    let adoption = Adoption {
        shared,
        files: outputs.iter().filter_map(|output| output.place.file().map(ToOwned::to_owned)).collect(),
        expected: Expected {
            entry: entry.clone(),
            intermediates: without_root(&material.chain).into_iter().skip(1).collect(),
        },
        op,
    };
    adopt::prepare(&adoption, &services)?;
    let settled = if services.is_empty() { Settled::Written } else { Settled::Served };
    let written = delivery::write_all(&lineage, &todo, material, now);
    let places = delivery::record(&mut shared.lock(), entry, &todo, written, (op, settled))?;
    let drop_keys = outputs.iter().any(|output| output.form.has_key());
    let delivered = Change::Delivered { ids: vec![entry.id], drop_keys };
    if services.is_empty() {
        if todo.is_empty() && !outputs.is_empty() {
            shared.lock().journal.append(Vec::new(), vec![delivered])?;
        }
        return Ok(places);
    }
    serve(&adoption, &services, outputs)?;
    shared.lock().journal.append(Vec::new(), vec![delivered])?;
    Ok(outputs.iter().map(|output| output.place.clone()).collect())
}

/// Has a service load its files, and sees that it serves the current certificate of each name.
///
/// # Errors
/// Of kind [`ErrorKind::Deploy`] when it does not; what it serves stays as it is.
pub fn reload(session: &mut Session, service: &Service) -> Result<(), Error> {
    let shared = SharedSession::of(session);
    let mut failures = Vec::new();
    for name in &service.certificates {
        let (entry, files, chain) = {
            let session = shared.lock();
            let store = session.journal.store();
            let Some(entry) = store.certificates(&Query::current_of(name))?.pop() else {
                let message = format!("`{name}` has no current certificate");
                return Err(Error::new(ErrorKind::Usage, message).hint(CertificateHint::FindCurrent));
            };
            let files = store.installations(name)?.into_iter().map(|one| one.path).collect();
            let chain = std::iter::once(store.certificate_der(&entry)?).chain(session.issuers_of(&entry)?);
            (entry, files, without_root(&chain.collect::<Vec<_>>()))
        };
        let op = Id::new(shared.lock().clock.now());
        let expected = Expected { entry, intermediates: chain.into_iter().skip(1).collect() };
        match adopt::adopt(&Adoption { shared: &shared, files, expected, op }, service) {
            Ok(()) => {}
            Err(adopt::Stopped::NotServed(failure)) => failures.push(failure.to_string()),
            Err(adopt::Stopped::Error(error)) => return Err(error),
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    let message = format!("service `{}` does not serve what it should", service.name);
    Err(Error::new(ErrorKind::Deploy, message).because(failures.join("; ")))
}

/// Has a service load a file that is none of a certificate, such as a CRL. What it makes of it cannot be seen.
///
/// # Errors
/// Of kind [`ErrorKind::Deploy`] when its test fails, or what loads its files.
pub fn load(session: &mut Session, service: &Service, file: &Path) -> Result<(), Error> {
    let failed = |why: String| {
        let message = format!("service `{}` could not be made to load `{}`", service.name, file.display());
        Error::new(ErrorKind::Deploy, message).because(why)
    };
    // Told of the certificate that it uses, like every command of a service.
    let name = service.certificates.first().ok_or_else(|| failed("it uses no certificate".to_owned()))?;
    let entry = session.journal.store().certificates(&Query::current_of(name))?.pop();
    let entry = entry.ok_or_else(|| failed(format!("`{name}` has no current certificate")))?;
    let op = Id::new(session.clock.now());
    let expected = Expected { entry, intermediates: Vec::new() };
    let files = vec![file.to_owned()];
    let shared = SharedSession::of(session);
    adopt::load(&Adoption { shared: &shared, files, expected, op }, service).map_err(|(_, why)| failed(why))
}

/// The places that do not hold the certificate as it was written there.
///
/// # Errors
/// The inventory cannot be read.
pub(crate) fn differing(session: &Session, entry: &CertificateEntry, outputs: &[Output]) -> Result<Vec<Output>, Error> {
    let places = session.journal.store().places(Some(&entry.name))?;
    let as_written = |output: &&Output| {
        let (address, alias) = (output.place.address(), output.alias.to_lowercase());
        let known = places
            .iter()
            .find(|place| place.installation.path == address && place.installation.alias == alias)
            .map(|place| &place.written);
        let Some(step) = known.filter(|step| step.certificate == Some(entry.fingerprint) && step.owed.is_none()) else {
            return false;
        };
        let Some(path) = output.place.file() else { return true };
        let lies = FileDestination::new(path).content().ok().flatten();
        lies.is_some_and(|bytes| step.digest == Some(sha256(&bytes)))
    };
    Ok(outputs.iter().filter(|output| !as_written(output)).cloned().collect())
}

/// Has every service use it. When one does not, although it served something before, all are made to use the predecessor again.
fn serve(adoption: &Adoption<'_, '_>, services: &[Service], outputs: &[Output]) -> Result<(), Error> {
    let mut failures: Vec<NotServed> = Vec::new();
    for service in services {
        match adopt::adopt(adoption, service) {
            Ok(()) => {}
            Err(adopt::Stopped::NotServed(failure)) => failures.push(failure),
            Err(adopt::Stopped::Error(error)) => return Err(error),
        }
    }
    if failures.is_empty() {
        return Ok(());
    }
    let name = &adoption.entry().name;
    let taken_back = match failures.iter().find(|failure| failure.refuses) {
        Some(reason) => take_back::take_back(adoption, services, outputs, reason)?,
        None => None,
    };
    let stopped: Vec<_> = failures.iter().map(NotServed::to_string).collect();
    let message = match &taken_back {
        Some(_) => format!("`{name}` is issued, but not every service takes it: its predecessor is in place again"),
        None => format!("`{name}` is issued, but not every service serves it"),
    };
    let because = stopped.into_iter().chain(taken_back.flatten()).collect::<Vec<_>>().join("; ");
    Err(Error::new(ErrorKind::Deploy, message).because(because).hint(DeliveryHint::Serve(name.clone())))
}
