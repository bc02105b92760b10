//! Write what relying parties must trust: the certificates of a CA of the home as PEM, JKS or PKCS#12.

use super::edit::{self, TrustedCertificate};
use crate::destination::kinds::file::OutputFile;
use crate::error::{Error, ErrorKind};
use crate::tools::keystore::edit::EditRequest;
use crate::tools::keystore::file::{KeystoreFile, by_extension};
use certroll_base::durable;
use certroll_keystore::pem as pem_format;
use certroll_pki::container::pem;
use certroll_pki::x509::certificate::Certificate;

/// Puts certificates, those of a CA first and of the root last, into a file that no home looks after; into one that a home
/// does look after goes [`super::remember::add`].
///
/// A truststore keeps its other entries and the way in which it is encrypted; what stood under the alias of one of these
/// certificates is replaced. A PEM file is written whole, in place of one with older certificates of the same CAs, or if
/// `replace` says so of any.
///
/// # Errors
/// No format has that extension, a keystore needs a password, or the file cannot be read or written.
pub fn export(request: &EditRequest<'_>, wanted: &[TrustedCertificate], replace: bool) -> Result<(), Error> {
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
    let is_wanted = |der: &[u8]| {
        Certificate::from_der(der).is_ok_and(|found| wanted.iter().any(|one| one.certificate.subject == found.subject))
    };
    let known =
        |bytes: &[u8]| pem::read(bytes).is_ok_and(|blocks| blocks.iter().all(|one| is_wanted(one.der.expose())));
    let written = OutputFile::new(path).replacing(replace).knowing(&known).write(text.as_bytes(), format.binary);
    written.map_err(|error| Error::destination(path.display(), "write", error))
}
