//! AWS Certificate Manager as an issuer: it makes the key, has names validated by DNS, and renews by itself.
//!
//! A request has an ARN at once and a certificate later. Each is labelled with its intent, so that one whose answer was lost
//! is found again; within an hour the same token gives the same ARN. A renewal keeps the ARN: its handle names the
//! certificate that is to go (`ARN#not=SHA256`).

use std::sync::Arc;

use serde::Deserialize;

use super::arn_index::ArnIndex;
use crate::issuer::aws::{Reaching, is_arn};
use crate::issuer::{ErrorClass, Issuer, IssuerError, IssuerSettings, RemoteIssuer};
use certroll_aws::{Acm, AwsSession, Pca};
use certroll_base::clock::Clock;

/// The table `[issuers.NAME]` of this kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcmTable {
    /// Whether keys are exported with their certificates; otherwise they stay with the service.
    #[serde(default)]
    pub(super) export: bool,
    /// ARN of the private CA that signs; a public CA of Amazon's when there is none.
    pub(super) ca_arn: Option<String>,
    /// Seconds that a command waits for the validation; 600 by default.
    pub(super) wait_secs: Option<u64>,
    #[serde(flatten)]
    reaching: Reaching,
}

/// Certificate Manager.
pub(crate) struct CertificateManager {
    pub(super) name: String,
    pub(super) table: AcmTable,
    pub(super) session: AwsSession,
    pub(super) acm: Acm,
    pub(super) pca: Pca,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) custody: ArnIndex,
}

impl CertificateManager {
    /// The name of this kind in the registry.
    pub(crate) const KIND: &str = "aws-acm";

    /// Whether the settings are ones of this kind.
    pub(crate) fn settings(settings: &IssuerSettings) -> Result<(), String> {
        let table: AcmTable = settings.parse().map_err(|error| error.to_string())?;
        match table.ca_arn.as_deref() {
            Some(arn) if !is_arn(arn, "acm-pca", "certificate-authority/") => Err(format!(
                "ca_arn = `{arn}` is no ARN of a CA: arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/ID"
            )),
            _ => Ok(()),
        }
    }

    /// Opens one.
    pub(crate) fn open(connection: RemoteIssuer) -> Result<Box<dyn Issuer>, IssuerError> {
        let table: AcmTable = connection.parse()?;
        let session = table.reaching.session(&connection, table.ca_arn.as_deref())?;
        let acm = session.acm();
        let custody = ArnIndex::new(&connection.name, acm.clone(), connection.memory.clone());
        let pca = session.pca();
        Ok(Box::new(Self { name: connection.name, clock: connection.clock, table, session, acm, pca, custody }))
    }

    pub(super) fn error(&self, class: ErrorClass, message: impl Into<String>) -> IssuerError {
        IssuerError::new(&self.name, class, message)
    }
}
