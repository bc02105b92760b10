//! The files of a certificate that the inventory knows.

use crate::audit::record::event::Event;
use crate::audit::record::facts::{Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::Place;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::hint::keystore::{ServerFile, ServerHint};
use crate::lifecycle::delivery::Password;
use crate::lifecycle::delivery::output::{CERTIFICATE, KEY, PLAIN_KEY};
use crate::lifecycle::server_config::{ConfigRequest, Configured};
use crate::lifecycle::session::{Session, View};
use crate::server::{ServerKind, Stores};
use crate::store::{Change, Installation, InstallationStep, Query, StepChange, StepOutcome};
use certroll_base::secret::Secret;
use certroll_keystore::formats::{FORMATS, PEM};

/// Fills in what was not given from where the certificate `name` is installed.
///
/// # Errors
/// There is no such certificate, or it is installed in no file, or in several, of the kind that the server needs.
pub fn complete(view: &View, request: &mut ConfigRequest, name: &str) -> Result<(), Error> {
    if view.store.certificates(&Query::current_of(name))?.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("`{name}` has no current certificate"))
            .hint(CertificateHint::FindCurrent));
    }
    request.name.get_or_insert_with(|| name.to_owned());
    let installed = view.store.installations(name)?;
    let mut used = Vec::new();
    match request.server.stores {
        Stores::Java if request.keystore.is_none() => {
            let java: Vec<_> =
                FORMATS.iter().filter(|format| format.java_type.is_some()).map(|format| format.id).collect();
            let one = choose(&installed, name, &java, ServerFile::Keystore)?;
            request.keystore = Some(one.path.clone());
            used.push(one);
        }
        Stores::Java => {}
        Stores::Pem | Stores::PlainPem => {
            if request.certificate.is_none() {
                let one = choose(&installed, name, &[CERTIFICATE, PEM.id], ServerFile::Certificate)?;
                request.certificate = Some(one.path.clone());
            }
            if request.key.is_none() {
                let plain = request.server.stores == Stores::PlainPem;
                let formats = if plain { &[PLAIN_KEY, KEY, PEM.id][..] } else { &[KEY, PEM.id, PLAIN_KEY] };
                let one = choose(&installed, name, formats, ServerFile::Key)?;
                request.key = Some(one.path.clone());
                used.push(one);
            }
        }
    }
    if let (None, Some(file)) = (&request.storepass, used.iter().find_map(|one| one.password_file.as_ref())) {
        let secret = Secret::from_file(file).map_err(|error| Error::file(file, "read the password from", error))?;
        request.storepass = Some(Password { secret, file: Some(file.clone()) });
    }
    Ok(())
}

/// Records that the configuration of a server was written for the certificate of that name, and remembers its copy of the key, so that
/// a rotation writes it with the other files.
///
/// # Errors
/// The log cannot be written.
pub fn remember(session: &mut Session, server: &ServerKind, name: &str, configured: &Configured) -> Result<(), Error> {
    let current = session.journal.store().certificates(&Query::current_of(name))?.pop();
    let op = Id::new(session.clock.now());
    let mut record = session.journal.draft(Event::ServiceChange, Outcome::Ok, op);
    let files: Vec<_> = configured.files.iter().map(|file| file.path.to_string_lossy().into_owned()).collect();
    record.tgt = Some(TargetFacts {
        t: "server-config".to_owned(),
        id: files.first().cloned().unwrap_or_default(),
        method: Some(server.id.to_owned()),
        observed: current.as_ref().map(|entry| entry.fingerprint.into()),
        ..TargetFacts::default()
    });
    record.x.insert("files".to_owned(), files.into());
    let mut changes = Vec::new();
    if let (Some(entry), Some((path, digest))) = (&current, &configured.plain_key) {
        let place = Place::File(path.clone()).address();
        let alias = name.to_lowercase();
        let installation = Installation {
            name: name.to_owned(),
            path: place.clone(),
            format: PLAIN_KEY.to_owned(),
            alias: alias.clone(),
            password_file: None,
        };
        changes.push(Change::Install { installation, shared: false });
        let at = session.clock.now();
        let outcome = StepOutcome::Done { certificate: entry.fingerprint, digest: Some(*digest), at };
        changes.push(Change::Step(StepChange { path: place, alias, step: InstallationStep::Written, op, outcome }));
    }
    session.journal.commit(vec![record], changes).map(drop)
}

/// The one file of the first of these formats in which there is any.
fn choose<'a>(
    installed: &'a [Installation],
    name: &str,
    formats: &[&str],
    file: ServerFile,
) -> Result<&'a Installation, Error> {
    let of = |format: &&str| installed.iter().filter(|one| one.format == **format).collect::<Vec<_>>();
    let found = formats.iter().map(of).find(|found| !found.is_empty()).unwrap_or_default();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Error::new(ErrorKind::Usage, format!("`{name}` is installed in no file that this server reads"))
            .hint(ServerHint::Install { name: name.to_owned(), file })),
        several => {
            let paths: Vec<_> = several.iter().map(|one| one.path.display().to_string()).collect();
            Err(Error::new(ErrorKind::Usage, format!("`{name}` is installed in several files that this server reads"))
                .because(paths.join("\n"))
                .hint(ServerHint::NameFile(file)))
        }
    }
}
