//! What all workers of a batch share, and what they count.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use super::input::{BatchLine, FailedLine};
use super::output::BatchOutput;
use crate::lifecycle::issuance::context::IssuingContext;
use crate::lifecycle::session::shared::SharedSession;
use crate::lifecycle::signing::announce::RequestContext;
use crate::policy::PolicySet;
use crate::store::RequestSpec;
use crate::template::Template;
use certroll_base::clock::Clock;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::encryption::KeyEncryption;
use certroll_pki::x509::validity::Lifetime;

/// What all workers share.
pub(crate) struct BatchContext<'a> {
    pub(crate) shared: SharedSession<'a>,
    pub(crate) template: Template,
    pub(crate) issuing: IssuingContext,
    pub(crate) request: RequestContext,
    pub(crate) key: KeyAlgorithm,
    pub(crate) lifetime: Option<Lifetime>,
    pub(crate) output: Option<&'a BatchOutput>,
    pub(crate) batch: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policies: PolicySet,
    /// Encrypts what stays in the home until it is handed over.
    pub(crate) home_encryption: Arc<KeyEncryption>,
    pub(crate) tally: BatchTally<'a>,
}

pub(crate) struct BatchTally<'a> {
    pub(crate) issued: AtomicU64,
    pub(crate) skipped: AtomicU64,
    pub(crate) failed: Mutex<Vec<FailedLine>>,
    pub(crate) done: AtomicU64,
    pub(crate) report: &'a (dyn Fn(u64) + Sync),
}

impl BatchContext<'_> {
    pub(crate) fn issuers(&self) -> impl Iterator<Item = Vec<u8>> {
        self.issuing.chain.iter().map(|certificate| certificate.as_der().to_vec())
    }

    pub(crate) fn memory(&self, line: &BatchLine) -> RequestSpec {
        RequestSpec {
            template: self.template.name().to_owned(),
            issuer: self.issuing.issuer.name().to_owned(),
            subject: line.request.as_ref().and_then(|request| request.subject(None)).map(|subject| subject.to_string()),
            names: line.names.clone(),
            parameters: line.parameters.clone(),
            lifetime: self.lifetime.map(|lifetime| lifetime.to_string()),
            key: line.request.is_none().then(|| self.key.into()),
        }
    }
}
