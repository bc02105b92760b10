//! Verify a certificate from a file against trust anchors, CRLs and OCSP responses in files.

use std::path::{Path, PathBuf};

use super::certificate_files::{self, AskPassword, Chosen};
use crate::error::{Error, ErrorKind};
use certroll_pki::admission;
use certroll_pki::ocsp::OcspResponse;
use certroll_pki::verify::revocation::RevocationLists;
use certroll_pki::x509::certificate::Certificate;

/// Where everything lies that a verification needs.
#[derive(Debug)]
pub struct VerificationFiles<'a> {
    /// The certificate, perhaps with those above it behind it.
    pub certificate: &'a Path,
    /// Trust anchors.
    pub trust: &'a [PathBuf],
    /// Certificates that may stand between.
    pub untrusted: &'a [PathBuf],
    /// CRLs.
    pub crls: &'a [PathBuf],
    /// OCSP responses.
    pub responses: &'a [PathBuf],
}

/// What was found in them.
#[derive(Debug)]
pub struct VerificationMaterial {
    /// The certificate that is asked about.
    pub leaf: Certificate,
    /// Certificates that may stand between.
    pub others: Vec<Certificate>,
    /// Trust anchors.
    pub anchors: Vec<Certificate>,
    /// CRLs.
    pub lists: RevocationLists,
    /// OCSP responses.
    pub responses: Vec<OcspResponse>,
    /// Certificates among those that may stand between which cannot be read, in words.
    pub left_out: Vec<String>,
}

impl VerificationFiles<'_> {
    /// Reads them.
    ///
    /// # Errors
    /// One cannot be read, or holds nothing of its kind; the certificate is malformed ([`ErrorKind::Verification`]).
    pub fn read(&self, password: AskPassword<'_>) -> Result<VerificationMaterial, Error> {
        let mut anchors = Vec::new();
        for path in self.trust {
            anchors.extend(anchors_of(certificate_files::certificates(path, password, Chosen::Trusted)?));
        }
        let mut lists = Vec::new();
        for path in self.crls {
            lists.extend(certificate_files::lists(path)?);
        }
        let responses = self.responses.iter().map(|path| certificate_files::ocsp_response(path));
        let responses = responses.collect::<Result<_, _>>()?;
        let own = certificate_files::encoded(self.certificate, password, Chosen::All)?;
        let (leaf, behind) = own.split_first().ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{}` holds no certificate", self.certificate.display()))
        })?;
        let leaf = read_leaf(self.certificate, leaf)?;
        let mut left_out = Vec::new();
        let mut others = readable(self.certificate, behind, &mut left_out);
        for path in self.untrusted {
            let ders = certificate_files::encoded(path, password, Chosen::All)?;
            others.extend(readable(path, &ders, &mut left_out));
        }
        Ok(VerificationMaterial { leaf, others, anchors, lists: RevocationLists::new(lists), responses, left_out })
    }
}

/// Of a file with certificates over their own name, those alone are trust anchors; of one without, all.
fn anchors_of(listed: Vec<Certificate>) -> Vec<Certificate> {
    let (roots, others): (Vec<_>, Vec<_>) = listed.into_iter().partition(Certificate::is_self_issued);
    if roots.is_empty() { others } else { roots }
}

fn read_leaf(path: &Path, der: &[u8]) -> Result<Certificate, Error> {
    Certificate::from_der(der).map_err(|error| {
        let objections = admission::certificate(der);
        let Some(objection) = objections.first() else {
            return Error::new(
                ErrorKind::Verification,
                format!("the certificate in `{}` is malformed", path.display()),
            )
            .because(error);
        };
        // Something else altogether is a mistake of who has typed its name.
        let other = objection.text == admission::NO_CERTIFICATE;
        let kind = if other { ErrorKind::Usage } else { ErrorKind::Verification };
        let text = if other { "holds no certificate" } else { "holds a malformed certificate" };
        Error::new(kind, format!("`{}` {text}", path.display())).because(objection.text.clone())
    })
}

/// The certificates that can be read: a path needs no other, and a bundle of strangers may hold anything.
fn readable(path: &Path, ders: &[Vec<u8>], left_out: &mut Vec<String>) -> Vec<Certificate> {
    let mut found = Vec::new();
    for (number, der) in ders.iter().enumerate() {
        match Certificate::from_der(der) {
            Ok(certificate) => found.push(certificate),
            Err(error) => {
                left_out.push(format!("certificate {} of `{}` cannot be read: {error}", number + 1, path.display()));
            }
        }
    }
    found
}
