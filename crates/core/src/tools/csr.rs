//! Make a certificate request from a template, for a CA elsewhere or for one of another home.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::template::{IssuerPointers, Overrides, Template, TemplateInputs};
use crate::tools::keystore::export;
use crate::tools::keystore::file::Edited;
use certroll_base::clock::Timestamp;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::request::{self, CertificateRequest, RequestError};
use certroll_pki::x509::signing::CertificateContent;

/// What is asked for.
pub struct CsrRequest<'a> {
    /// What `{name}` stands for in the template.
    pub name: &'a str,
    /// The template.
    pub template: &'a Template,
    /// The subject, in place of the template's.
    pub subject: Option<&'a DistinguishedName>,
    /// Further subject alternative names.
    pub names: &'a [GeneralName],
    /// Parameters of the template.
    pub parameters: &'a BTreeMap<String, String>,
    /// The present.
    pub now: Timestamp,
}

impl CsrRequest<'_> {
    /// What the certificate is to contain.
    ///
    /// # Errors
    /// The template does not take these inputs.
    pub fn content(&self) -> Result<CertificateContent, Error> {
        let profile = self.template.profile(&IssuerPointers::default(), &Overrides::default())?;
        let inputs = TemplateInputs {
            name: self.name,
            subject: self.subject,
            names: self.names,
            parameters: self.parameters,
            lifetime: None,
            now: self.now,
            profile: &profile,
        };
        Ok(self.template.apply(&inputs)?)
    }
}

/// The request in DER, signed by its key: subject and names, and the usages of the template.
///
/// # Errors
/// The key refuses.
pub fn make(content: &CertificateContent, key: &KeyPair) -> Result<Vec<u8>, Error> {
    let failed = |error| Error::new(ErrorKind::Failed, "the request cannot be made").because(error);
    request::make_asking(content, key).map_err(failed)
}

/// Writes a request: `.der` for DER, else PEM. A file that holds one for the same key with the same content stays as it is,
/// because a new signature over the same would be nothing new. What is no request is replaced only if `replace` says so.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, der: &[u8], replace: bool) -> Result<Edited, Error> {
    if holds_same(path, der) {
        return Ok(Edited::unchanged(format!("`{}` holds this request already: nothing to do", path.display())));
    }
    let binary = path.extension().is_some_and(|extension| extension == "der");
    let text = pem::encode(Label::CertificateRequest, der);
    let known = |bytes: &[u8]| replace || CertificateRequest::read(bytes).is_ok();
    let changed = export::install(path, if binary { der } else { text.as_bytes() }, false, &known)?;
    Ok(export::outcome(path, changed, "the request"))
}

fn holds_same(path: &Path, der: &[u8]) -> bool {
    let Ok(bytes) = certroll_base::input::read(path) else { return false };
    let (Ok(old), Ok(new)) = (CertificateRequest::read(&bytes), CertificateRequest::from_der(der)) else {
        return false;
    };
    (old.spki, old.subject, old.names, old.wishes) == (new.spki, new.subject, new.names, new.wishes)
}

/// Reads a request, PEM or DER, and checks that its own key signed it.
///
/// # Errors
/// It is none, or the signature is not by its key, which is of kind [`ErrorKind::Verification`].
pub fn read(path: &Path) -> Result<CertificateRequest, Error> {
    let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
    CertificateRequest::read(&bytes).map_err(|error| {
        let kind =
            if matches!(error, RequestError::Possession(_)) { ErrorKind::Verification } else { ErrorKind::Usage };
        Error::new(kind, format!("`{}` is not an acceptable certificate request", path.display())).because(error)
    })
}
