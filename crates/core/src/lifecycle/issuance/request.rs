//! What is asked for, as it is kept so that a rotation can ask for the same again, and what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::brought::{AdmittedRequest, BroughtRequest};
use crate::audit::record::facts::Why;
use crate::destination::Place;
use crate::error::Error;
use crate::lifecycle::delivery::Output;
use crate::store::{CertificateEntry, RequestSpec};
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::validity::Lifetime;

/// Where the key comes from.
pub enum KeySource {
    /// A new one; of the template's default kind when `None`.
    Generate(Option<KeyAlgorithm>),
    /// One that the requester keeps: only its request was brought. Its subject and names are certified, too.
    Brought(BroughtRequest),
    /// A request that was brought and looked into.
    Request(AdmittedRequest),
}

/// What is asked for.
pub struct IssueRequest {
    /// The name by which the inventory will know it.
    pub name: String,
    /// The template.
    pub template: String,
    /// The issuer; the one CA of the home when `None`.
    pub issuer: Option<String>,
    /// The subject, in place of the template's.
    pub subject: Option<DistinguishedName>,
    /// Further subject alternative names.
    pub names: Vec<GeneralName>,
    /// Parameters of the template.
    pub parameters: BTreeMap<String, String>,
    /// The lifetime, in place of the template's.
    pub lifetime: Option<Lifetime>,
    /// The key.
    pub key: KeySource,
    /// Files to write.
    pub outputs: Vec<Output>,
    /// For what reason.
    pub why: Option<Arc<Why>>,
    /// Issue a further one although the name has a current certificate.
    pub force: bool,
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueAct {
    /// It had the certificate issued.
    Issued,
    /// It delivered what an earlier run had issued.
    Delivered,
    /// Nothing: another run had done it when this one had its turn.
    ByAnother,
}

/// What was issued.
pub struct IssueOutcome {
    /// Its row of the inventory.
    pub entry: CertificateEntry,
    /// Its bytes and those of its issuers, root last.
    pub chain: Vec<Vec<u8>>,
    /// The files written.
    pub files: Vec<Place>,
    /// Whether the key is kept in the home.
    pub key_kept: bool,
    /// What this run did of it.
    pub act: IssueAct,
}

impl IssueRequest {
    /// The same with the request that was brought looked into: what is certified of it, and nothing that is refused.
    ///
    /// # Errors
    /// It is refused.
    pub(crate) fn with_request(self) -> Result<Self, Error> {
        let KeySource::Brought(brought) = &self.key else { return Ok(self) };
        let request = brought.admit()?;
        Ok(Self {
            subject: request.subject(self.subject),
            names: request.names(self.names),
            key: KeySource::Request(request),
            ..self
        })
    }

    /// As it is kept with the certificate; `key` is the kind of key made, `None` when a request was brought.
    pub(crate) fn spec(&self, issuer: &str, key: Option<KeyAlgorithm>) -> RequestSpec {
        RequestSpec {
            template: self.template.clone(),
            issuer: issuer.to_owned(),
            subject: self.subject.as_ref().map(ToString::to_string),
            names: self.names.clone(),
            parameters: self.parameters.clone(),
            lifetime: self.lifetime.map(|lifetime| lifetime.to_string()),
            key: key.map(PublicKeyKind::from),
        }
    }
}
