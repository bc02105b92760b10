//! Which certificate is meant: by name, serial number, fingerprint, or a certificate file; never a guess.

use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::store::{CertificateEntry, Query, Selector, Store};
use certroll_base::clock::Timestamp;
use certroll_base::text::printable;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::certificate::Certificate;

/// The certificates that `text` names. A file is meant by what it holds, not by what it is called.
///
/// # Errors
/// None is found.
pub fn find(store: &dyn Store, text: &str) -> Result<Vec<CertificateEntry>, Error> {
    let mut selectors = Selector::readings(text);
    if let Some(certificate) = certificate_in(text)? {
        selectors = vec![Selector::Fingerprint(certificate.fingerprint())];
    }
    let found = store.certificates(&Query { selectors, ..Query::default() })?;
    if found.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("no certificate is named `{}`", printable(text)))
            .hint(CertificateHint::FindName));
    }
    Ok(found)
}

/// The certificate in the file of that name; `None` when there is no such file.
pub(crate) fn certificate_in(text: &str) -> Result<Option<Certificate>, Error> {
    let path = std::path::Path::new(text);
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    let der = match pem::read(&bytes) {
        Ok(blocks) => blocks.into_iter().find(|b| b.label == Label::Certificate).map(|b| b.der.expose().to_vec()),
        Err(_) => None,
    };
    let parsed = Certificate::from_der(&der.unwrap_or(bytes));
    parsed.map(Some).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` holds no certificate", path.display()))
            .hint(CertificateHint::InspectKeystore)
            .because(error)
    })
}

/// The one certificate of `found` on which something can still be done.
///
/// # Errors
/// Several are left; the error lists them all.
pub fn only<'a>(
    found: &'a [CertificateEntry],
    text: &str,
    now: Timestamp,
) -> Result<Option<&'a CertificateEntry>, Error> {
    let live = |entry: &&CertificateEntry| entry.revoked.is_none() && entry.validity.not_after >= now;
    let candidates: Vec<_> = found.iter().filter(live).collect();
    match candidates.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        several => {
            let line = |entry: &&CertificateEntry| {
                let state = if entry.replaced_by.is_some() { "replaced" } else { "current" };
                format!("{}  {state}, valid until {}, issuer {}", entry.serial, entry.validity.not_after, entry.issuer)
            };
            let lines: Vec<_> = several.iter().map(line).collect();
            Err(Error::new(ErrorKind::Usage, format!("`{}` names {} certificates", printable(text), several.len()))
                .because(lines.join("\n"))
                .hint("name one of them by its serial number"))
        }
    }
}
