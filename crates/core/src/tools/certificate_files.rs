//! Certificates, CRLs and OCSP responses in files of any form: PEM, DER, PKCS#7, JKS, PKCS#12.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::hint::keystore::KeystoreHint;
use certroll_base::secret::Secret;
use certroll_keystore::{Item, KeystoreError, formats};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::container::pkcs7;
use certroll_pki::ocsp::OcspResponse;
use certroll_pki::verify::revocation::ForeignCrl;
use certroll_pki::x509::certificate::Certificate;

/// The largest CRL, in bytes.
const LARGEST_CRL: u64 = 256 << 20;

/// Asked for a password when a file turns out to need one.
pub type AskPassword<'a> = &'a dyn Fn() -> Result<Secret, Error>;

/// Which certificates of a keystore are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Those that it trusts.
    Trusted,
    /// The chains of its keys as well.
    All,
}

/// The certificates in a file.
///
/// # Errors
/// It cannot be read or opened, holds none, or one that cannot be read.
pub fn certificates(path: &Path, password: AskPassword<'_>, chosen: Chosen) -> Result<Vec<Certificate>, Error> {
    let ders = encoded(path, password, chosen)?;
    let read = ders.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>();
    let read = read.map_err(|error| unusable(path).because(error))?;
    if read.is_empty() { Err(none(path)) } else { Ok(read) }
}

/// DER of each certificate in a file, readable or not.
///
/// # Errors
/// It cannot be read or opened.
pub fn encoded(path: &Path, password: AskPassword<'_>, chosen: Chosen) -> Result<Vec<Vec<u8>>, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    if pem::is_pem(&bytes) {
        return in_pem(path, &bytes);
    }
    let Some(format) = formats::detect(&bytes) else {
        return Ok(pkcs7::certificates(&bytes).unwrap_or_else(|| vec![bytes]));
    };
    let password = password()?;
    let entries = match format.read(&bytes, Some(&password)) {
        Err(KeystoreError::PasswordRequired) => return Err(Error::keystore(path, KeystoreError::PasswordRequired)),
        other => other.map_err(|error| Error::keystore(path, error))?,
    };
    let of_entry = |item| match item {
        Item::Trusted(der) | Item::Unmarked(der) => vec![der],
        Item::Key { chain, .. } if chosen == Chosen::All => chain,
        _ => Vec::new(),
    };
    Ok(entries.into_iter().flat_map(|entry| of_entry(entry.item)).collect())
}

fn in_pem(path: &Path, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let blocks = pem::read(bytes).map_err(|error| unusable(path).because(error))?;
    let mut ders = Vec::new();
    for block in blocks {
        let der = block.der.expose();
        match block.label {
            Label::Certificate => ders.push(der.to_vec()),
            Label::Pkcs7 => ders
                .extend(pkcs7::certificates(der).ok_or_else(|| unusable(path).because("its PKCS#7 is no SignedData"))?),
            _ => {}
        }
    }
    Ok(ders)
}

/// The CRLs in a file, PEM or DER.
///
/// # Errors
/// It cannot be read, or holds none.
pub fn lists(path: &Path) -> Result<Vec<ForeignCrl>, Error> {
    let bytes = certroll_base::input::read_up_to(path, LARGEST_CRL);
    let bytes = bytes.map_err(|error| Error::file(path, "read", error))?;
    let ders = if pem::is_pem(&bytes) {
        let blocks = pem::read(&bytes).map_err(|error| unusable(path).because(error))?;
        let lists = blocks.iter().filter(|block| block.label == Label::Crl);
        lists.map(|block| block.der.expose().to_vec()).collect()
    } else {
        vec![bytes]
    };
    let read = ders.iter().map(|der| ForeignCrl::from_der(der)).collect::<Result<Vec<_>, _>>();
    let read = read
        .map_err(|_| Error::new(ErrorKind::Usage, format!("`{}` holds something else than a CRL", path.display())))?;
    if read.is_empty() {
        Err(Error::new(ErrorKind::Usage, format!("`{}` holds no CRL", path.display())))
    } else {
        Ok(read)
    }
}

/// The OCSP response in a file, DER as responders send it (RFC 6960 appendix A.2).
///
/// # Errors
/// It cannot be read, or holds none that says something of certificates.
pub fn ocsp_response(path: &Path) -> Result<OcspResponse, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    OcspResponse::from_der(&bytes).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("`{}` holds no usable OCSP response", path.display())).because(error)
    })
}

pub(super) fn unusable(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("`{}` holds no readable certificate", path.display()))
}

pub(super) fn none(path: &Path) -> Error {
    let error = Error::new(ErrorKind::Usage, format!("`{}` holds no certificate to be trusted", path.display()));
    error.hint(KeystoreHint::Inspect(path.to_owned()))
}
