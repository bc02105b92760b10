//! The objects of a file, in DER, with their places: PEM, DER, PKCS#7, PKCS#12, JKS.

use std::path::Path;

use super::Position;
use crate::error::{Error, ErrorKind};
use crate::tools::keystore::file::{KeystoreFile, Passwords};
use certroll_base::input;
use certroll_keystore::formats;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::container::pkcs7;
use certroll_pki::lint;

/// The largest file, in bytes: CRLs of public CAs have some tens of mebibytes.
const LARGEST: u64 = 256 << 20;

/// What kind of object it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Certificate,
    Crl,
    Request,
    /// The file as a whole; its certificates are objects of their own.
    Keystore,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Crl => "crl",
            Self::Request => "request",
            Self::Keystore => "keystore",
        }
    }
}

/// An object in a file.
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) position: Position,
    pub(super) der: Vec<u8>,
}

/// The objects of a file, or of standard input.
///
/// # Errors
/// It cannot be read or opened, or there is none in it.
pub(super) fn read(path: &Path, passwords: &Passwords) -> Result<Vec<Found>, Error> {
    let source = if is_standard_input(path) { Path::new("/dev/stdin") } else { path };
    let bytes = input::read_up_to(source, LARGEST).map_err(|error| Error::file(path, "read", error))?;
    let found = if pem::is_pem(&bytes) {
        in_pem(path, &bytes)?
    } else if formats::detect(&bytes).is_some() {
        in_keystore(path, passwords)?
    } else {
        in_der(bytes)
    };
    if found.is_empty() {
        let error = Error::new(ErrorKind::Usage, format!("`{}` holds no certificate, CRL or request", path.display()));
        return Err(error.hint("expected PEM or DER of them, a PKCS#7, a PKCS#12 or a JKS"));
    }
    Ok(found)
}

fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// What has the place of an object and not its shape.
pub(super) fn malformed(path: &Path, position: &Position, kind: Kind) -> Error {
    let line = position.line.map(|line| format!(", line {line}")).unwrap_or_default();
    let entry = position.entry.as_ref().map(|entry| format!(", entry `{entry}`")).unwrap_or_default();
    let place = format!("`{}`{line}{entry}", path.display());
    Error::new(ErrorKind::Usage, format!("{place}: not a readable {}", kind.name()))
}

fn in_pem(path: &Path, bytes: &[u8]) -> Result<Vec<Found>, Error> {
    let malformed =
        |error| Error::new(ErrorKind::Usage, format!("`{}` cannot be read as PEM", path.display())).because(error);
    let mut found = Vec::new();
    for block in pem::read(bytes).map_err(malformed)? {
        let der = block.der.expose();
        let position = Position { line: Some(block.line), ..Position::default() };
        let kind = match block.label {
            Label::Certificate => Kind::Certificate,
            Label::CertificateRequest => Kind::Request,
            Label::Crl => Kind::Crl,
            Label::Pkcs7 => {
                found.extend(certificates(pkcs7::certificates(der).unwrap_or_default(), &position));
                continue;
            }
            // Keys have no rules here.
            Label::PrivateKey | Label::EncryptedPrivateKey | Label::PublicKey => continue,
        };
        found.push(Found { kind, position, der: der.to_vec() });
    }
    Ok(found)
}

fn in_der(bytes: Vec<u8>) -> Vec<Found> {
    let position = Position::default();
    if let Some(ders) = pkcs7::certificates(&bytes) {
        return certificates(ders, &position);
    }
    let kind = if lint::certificate(&bytes, &[]).is_some() {
        Kind::Certificate
    } else if lint::list(&bytes).is_some() {
        Kind::Crl
    } else if lint::request(&bytes).is_some() {
        Kind::Request
    } else {
        return Vec::new();
    };
    vec![Found { kind, position, der: bytes }]
}

fn in_keystore(path: &Path, passwords: &Passwords) -> Result<Vec<Found>, Error> {
    if is_standard_input(path) {
        return Err(Error::new(ErrorKind::Usage, "a keystore is read from a file, not from standard input"));
    }
    let mut found = vec![Found { kind: Kind::Keystore, position: Position::default(), der: Vec::new() }];
    // What keeps it from being read is among the findings of the keystore itself, or an error of its own.
    if let Ok(file) = KeystoreFile::open(path, passwords) {
        for entry in &file.entries {
            let position = Position { entry: Some(entry.alias.clone()), ..Position::default() };
            found.extend(certificates(entry.item.certificates().to_vec(), &position));
        }
    }
    Ok(found)
}

fn certificates(ders: Vec<Vec<u8>>, place: &Position) -> Vec<Found> {
    let numbered = ders.into_iter().enumerate().map(|(at, der)| Found {
        kind: Kind::Certificate,
        position: Position { certificate: Some(at + 1), ..place.clone() },
        der,
    });
    numbered.collect()
}
