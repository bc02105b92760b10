//! Requests of others, whichever way they come: what of them is certified is the same for one certificate, a line of a batch
//! and a rotation, and so is what is refused.

use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::hint::certificate::CertificateHint;
use crate::store::CertificateEntry;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::request::CertificateRequest;

/// The bytes of a request of another party, not looked into yet: whatever is wrong with them is on record as a refusal of
/// what they were brought for.
#[derive(Clone, Debug)]
pub struct BroughtRequest {
    /// What errors call it: its file.
    source: String,
    bytes: Vec<u8>,
}

impl BroughtRequest {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
        Ok(Self { source: path.display().to_string(), bytes })
    }

    /// The request, if a certificate could be issued for it.
    ///
    /// # Errors
    /// It is none, or its own key did not sign it; of kind [`ErrorKind::Refused`] it has something that is never certified.
    pub(crate) fn admit(&self) -> Result<AdmittedRequest, Error> {
        let source = &self.source;
        let request = CertificateRequest::read(&self.bytes).map_err(|error| {
            Error::new(ErrorKind::Usage, format!("`{source}` is not an acceptable certificate request")).because(error)
        })?;
        let reasons: Vec<&str> = request.flaws().iter().map(|flaw| flaw.text.as_str()).collect();
        if reasons.is_empty() {
            return Ok(AdmittedRequest(Box::new(request)));
        }
        let count = if reasons.len() == 1 { "one reason".to_owned() } else { format!("{} reasons", reasons.len()) };
        Err(Error::new(ErrorKind::Refused, format!("the request `{source}` is refused for {count}"))
            .because(reasons.join("\n"))
            .hint(CertificateHint::LintRequest(source.clone())))
    }
}

/// A request without flaws; only [`BroughtRequest::admit`] makes one.
#[derive(Clone, Debug)]
pub struct AdmittedRequest(Box<CertificateRequest>);

impl AdmittedRequest {
    /// The request.
    pub(crate) fn get(&self) -> &CertificateRequest {
        &self.0
    }

    /// The subject to be certified: the one that was given beside the request, else its own; `None` leaves it to the template.
    pub(crate) fn subject(&self, given: Option<DistinguishedName>) -> Option<DistinguishedName> {
        given.or_else(|| Some(self.0.subject.clone()).filter(|subject| !subject.is_empty()))
    }

    /// The names to be certified beside those of the template: those that were given, then its own.
    pub(crate) fn names(&self, mut given: Vec<GeneralName>) -> Vec<GeneralName> {
        for name in &self.0.names {
            if !given.contains(name) {
                given.push(name.clone());
            }
        }
        given
    }

    /// A rotation is for the same subject and names: a request for others is one for another certificate.
    ///
    /// # Errors
    /// Of kind [`ErrorKind::Refused`], with everything that is not in the certificate.
    pub(crate) fn refuse_other_than(&self, old: &CertificateEntry) -> Result<(), Error> {
        let request = self.get();
        let mut other: Vec<String> =
            request.names.iter().filter(|name| !old.names.contains(name)).map(ToString::to_string).collect();
        let subject = DistinguishedName::parse(&old.subject).ok();
        if !request.subject.is_empty() && subject.is_none_or(|subject| !subject.is_same(&request.subject)) {
            other.push(format!("the subject `{}`", request.subject));
        }
        if other.is_empty() {
            return Ok(());
        }
        let reasons = other.iter().map(|one| format!("not in the certificate: {one}")).collect::<Vec<_>>();
        let message = format!("the request asks for something else than `{}` is", old.name);
        Err(Error::new(ErrorKind::Refused, message).because(reasons.join("\n")).hint(CertificateHint::IssueAnother))
    }

    /// What it asks for that the template does not give, in words; `None` when it gets all of it.
    pub(crate) fn left_out(&self, profile: &certroll_pki::x509::extensions::ExtensionProfile) -> Option<String> {
        let wishes = &self.0.wishes;
        let mut left: Vec<String> = Vec::new();
        left.extend(wishes.key_usage.iter().filter(|one| !profile.key_usage.contains(one)).map(ToString::to_string));
        let extended = wishes.extended_key_usage.iter().filter(|one| !profile.extended_key_usage.contains(one));
        left.extend(extended.map(ToString::to_string));
        if wishes.ca == Some(true) {
            left.push("being a CA".to_owned());
        }
        left.extend(wishes.extensions.iter().map(|oid| format!("the extension {oid}")));
        (!left.is_empty()).then(|| left.join(", "))
    }
}
