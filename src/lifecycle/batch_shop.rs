//! What all workers of a batch share, and what they count.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::batch_lines::{FailedLine, Line};
use super::batch_output::BatchOutput;
use super::intend::Occasion;
use super::issue::{AskedFor, Desk};
use super::services::Services;
use crate::base::clock::Clock;
use crate::pki::encryption::KeyEncryption;
use crate::pki::key::KeyAlgorithm;
use crate::pki::validity::Lifetime;
use crate::policy::Policy;
use crate::template::Template;

/// What all workers share.
pub(super) struct Shop<'a> {
    pub(super) services: Mutex<&'a mut Services>,
    pub(super) template: Template,
    pub(super) desk: Desk,
    pub(super) occasion: Occasion,
    pub(super) key: KeyAlgorithm,
    pub(super) lifetime: Option<Lifetime>,
    pub(super) output: Option<&'a BatchOutput>,
    pub(super) batch: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policies: Vec<Policy>,
    /// Encrypts what stays in the home until it is handed over.
    pub(super) home_encryption: Arc<KeyEncryption>,
    pub(super) tally: Tally<'a>,
}

pub(super) struct Tally<'a> {
    pub(super) issued: AtomicU64,
    pub(super) skipped: AtomicU64,
    pub(super) failed: Mutex<Vec<FailedLine>>,
    pub(super) done: AtomicU64,
    pub(super) report: &'a (dyn Fn(u64) + Sync),
}

impl<'a> Shop<'a> {
    pub(super) fn services(&self) -> MutexGuard<'_, &'a mut Services> {
        self.services.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn issuers(&self) -> impl Iterator<Item = Vec<u8>> {
        self.desk.chain.iter().map(|certificate| certificate.as_der().to_vec())
    }

    pub(super) fn memory(&self, line: &Line) -> AskedFor {
        AskedFor {
            template: self.template.name().to_owned(),
            issuer: self.desk.issuer.name().to_owned(),
            subject: None,
            names: line.names.iter().map(ToString::to_string).collect(),
            parameters: line.parameters.clone(),
            lifetime: self.lifetime.map(|lifetime| lifetime.to_string()),
            key: line.request.is_none().then(|| self.key.to_string()),
        }
    }
}
