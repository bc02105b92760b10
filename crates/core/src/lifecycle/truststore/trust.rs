//! Write what relying parties must trust: the certificates of a CA of the home as PEM, JKS or PKCS#12.

use super::edit::{self, TrustedCertificate};
use crate::destination::{Artifact, FileTarget, Target as _};
use crate::error::{Error, ErrorKind};
use crate::tools::keystore::edit::EditRequest;
use crate::tools::keystore::file::{KeystoreFile, by_extension};
use certroll_base::durable;
use certroll_keystore::pem as pem_format;

/// Puts certificates, those of a CA first and of the root last, into a file that no home looks after; into one that a home
/// does look after goes [`super::remember::add`].
///
/// A truststore keeps its other entries and the way in which it is encrypted; what stood under the alias of one of these
/// certificates is replaced. A PEM file is written whole.
///
/// # Errors
/// No format has that extension, a keystore needs a password, or the file cannot be read or written.
pub fn export(request: &EditRequest<'_>, wanted: &[TrustedCertificate]) -> Result<(), Error> {
    let path = request.path;
    let format = by_extension(path)?;
    let directory = durable::parent(path);
    if !directory.is_dir() {
        return Err(Error::new(ErrorKind::Usage, format!("the directory of `{}` does not exist", path.display()))
            .hint(format!("make it with `mkdir -p {}`", directory.display())));
    }
    if !format.holds_bare_certificates {
        return edit::add(request, wanted).map(drop);
    }
    let _lock = KeystoreFile::lock(path)?;
    let chain: Vec<_> = wanted.iter().map(|one| one.certificate.as_der().to_vec()).collect();
    let text = pem_format::chain_text(&chain);
    let installed = FileTarget::new(path).install(Artifact { bytes: text.as_bytes(), private: format.binary });
    installed.map_err(|error| Error::file(path, "write", error))
}
