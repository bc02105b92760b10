//! The files of a certificate that the inventory knows.

use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::hint::keystore::{ServerFile, ServerHint};
use crate::lifecycle::delivery::Password;
use crate::lifecycle::delivery::output::{CERTIFICATE, KEY};
use crate::lifecycle::server_config::ConfigRequest;
use crate::lifecycle::session::View;
use crate::server::Stores;
use crate::store::{Installation, Query};
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
                let one = choose(&installed, name, &[KEY, PEM.id], ServerFile::Key)?;
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
