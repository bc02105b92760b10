//! AWS Certificate Manager as an issuer: it makes the key, has names validated by DNS, and renews by itself.
//!
//! A request has an ARN at once and a certificate later. Each is labelled with its intent, so that one whose answer was lost
//! is found again; within an hour the same token gives the same ARN. A renewal keeps the ARN: its handle names the
//! certificate that is to go (`ARN#not=SHA256`).

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::acm_custody::ArnIndex;
use super::acm_request::{AcmHandle, KEYS, Renewal, service_word};
use crate::hint::issuer::RequestHint;
use crate::issuer::aws::{CallEffect, Reaching, is_arn, refused};
use crate::issuer::{
    Announced, Approved, Capabilities, Custodian, ErrorClass, HandleCheckpoint, Issuer, IssuerError, IssuerSettings,
    KeyCustody, PendingRequest, Progress, Recovery, RemoteIssuer, Request, Revoker, SigningPlan, Usages,
};
use certroll_aws::{Acm, AwsSession, FailureKind, Pca};
use certroll_base::clock::{Clock, Timestamp};
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::reason::RevocationReason;

/// How long the service remembers a token, less what clocks and networks take: an hour.
const TOKEN_SECS: i64 = 3_300;
/// How long DNS validation may take, and a little more: the service gives up after 72 hours.
const BOUND_SECS: i64 = 74 * 3_600;
/// How long a command waits for the validation, unless the settings say otherwise.
const PATIENCE_SECS: u64 = 600;
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
    wait_secs: Option<u64>,
    #[serde(flatten)]
    reaching: Reaching,
}

/// Certificate Manager.
pub(crate) struct CertificateManager {
    pub(super) name: String,
    pub(super) table: AcmTable,
    session: AwsSession,
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

/// Those that RevokeCertificate of Certificate Manager and of Private CA take.
const REASONS: &[RevocationReason] = &[
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::CaCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

impl Issuer for CertificateManager {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capabilities(&self) -> Capabilities {
        let private = self.table.ca_arn.is_some();
        Capabilities {
            key_custody: if self.table.export { KeyCustody::Exported } else { KeyCustody::Issuer },
            key_algorithms: KEYS,
            lifetime: false,
            wildcard: true,
            ip: false,
            client_auth: private,
            // Public ones are revoked once they were exported; private ones by their CA.
            revocation_reasons: if private || self.table.export { REASONS } else { &[] },
            recoverable: true,
            in_process: false,
            patience: Duration::from_secs(self.table.wait_secs.unwrap_or(PATIENCE_SECS)),
            bound_secs: Some(BOUND_SECS),
        }
    }

    fn check(&self, _now: Timestamp) -> Result<(), IssuerError> {
        let lost = |failure| refused(&self.name, "AWS cannot be asked", &failure, CallEffect::Asks);
        self.session.credentials().map_err(lost)?;
        self.acm.first().map_err(lost)
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        let request = request.subject();
        let unsupported = |message: String| self.error(ErrorClass::Unsupported, message);
        let kind = request.key.map(|key| key.to_string()).unwrap_or_default();
        if service_word(&kind).is_none() {
            return Err(unsupported(format!("ACM makes no keys of kind {kind}")).hint(RequestHint::KeyAmong(KEYS)));
        }
        let content = &request.content;
        if let Some(other) = content.names.iter().find(|name| !matches!(name, GeneralName::Dns(_))) {
            return Err(unsupported(format!("ACM certifies DNS names alone, not `{other}`"))
                .hint("AWS Private CA certifies others: an issuer of kind `aws-acmpca`"));
        }
        if content.names.is_empty() {
            return Err(unsupported("ACM needs a DNS name".to_owned()).hint(RequestHint::AddName));
        }
        let usages = &content.extensions.extended_key_usage;
        if self.table.ca_arn.is_none() && usages.iter().any(|usage| usage.to_string() == "clientAuth") {
            return Err(unsupported("public certificates of ACM are for servers, not for TLS clients".to_owned())
                .hint("use an issuer of kind `aws-acmpca`, or one of kind `aws-acm` with `ca_arn`"));
        }
        let given = ["serverAuth", "clientAuth"].map(|usage| usage.parse().ok());
        let given: Vec<_> = given.into_iter().flatten().collect();
        if let Some(usage) = Usages::of(request).lacking(&given).first() {
            return Err(unsupported(format!("certificates of ACM are for TLS, not for {usage}"))
                .hint("use an issuer of kind `aws-acmpca` with a `template_arn` for that"));
        }
        let signer = match &self.table.ca_arn {
            Some(arn) => crate::issuer::aws::signer(&self.name, &self.pca, arn)?,
            None => None,
        };
        let plan = SigningPlan::elsewhere().signed_by(signer);
        let Some(old) = request.replaces else { return Ok(plan) };
        Ok(SigningPlan { prepared: Box::new(self.renewal(&old)?), ..plan })
    }

    fn submit(
        &self,
        _request: Announced<Approved<Request>>,
        plan: SigningPlan,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        let handle = match plan.prepared.downcast::<Renewal>() {
            Ok(renewal) => {
                checkpoint(&renewal.handle.to_string())?;
                if renewal.asks {
                    self.renew(&renewal.handle.arn)?;
                }
                renewal.handle
            }
            Err(_) => {
                let arn = self.request(pending);
                let arn = arn.map_err(|failure| {
                    refused(&self.name, "the request was not taken", &failure, CallEffect::Changes)
                })?;
                checkpoint(&arn)?;
                AcmHandle { arn, not: None }
            }
        };
        let wait = Duration::from_millis(200);
        Ok(Progress::Pending { handle: handle.to_string(), actions: Vec::new(), wait })
    }

    fn advance(&self, pending: &PendingRequest, _checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        let missing = || self.error(ErrorClass::NotFound, "the request has no ARN yet");
        let handle = AcmHandle::read(pending.handle.as_deref().ok_or_else(missing)?);
        let detail = self.describe(&handle)?;
        let progress = self.progress(&handle, pending, &detail)?;
        // The process that wrote the handle may have died before it asked for the renewal. That none was under way before
        // the old certificate was seen proves it.
        let under_way = detail.renewal.as_ref().is_some_and(|(status, _)| status.starts_with("PENDING"));
        if matches!(progress, Progress::Pending { .. }) && handle.not.is_some() && detail.renewable && !under_way {
            self.renew(&handle.arn)?;
        }
        Ok(progress)
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        let handle = match &pending.handle {
            Some(handle) => AcmHandle::read(handle),
            // The handle of a renewal is durable before it is asked for.
            None if pending.replaces.is_some() => return Ok(Recovery::Nothing),
            None => match self.by_label(pending)? {
                Some(arn) => AcmHandle { arn, not: None },
                None if self.age(pending) > TOKEN_SECS => return Ok(Recovery::Nothing),
                // The list may be behind; the service still knows the token.
                None => match self.request(pending) {
                    Ok(arn) => AcmHandle { arn, not: None },
                    Err(failure) if failure.kind == FailureKind::Invalid => return Ok(Recovery::Nothing),
                    Err(failure) => {
                        return Err(refused(&self.name, "it cannot be asked again", &failure, CallEffect::Asks));
                    }
                },
            },
        };
        match self.describe(&handle).and_then(|detail| self.progress(&handle, pending, &detail)) {
            Ok(Progress::Issued(issued)) => Ok(Recovery::Found(issued)),
            Ok(Progress::Pending { handle, .. }) => Ok(Recovery::Pending(handle)),
            // It has ended, and says so again to whoever goes on with it.
            Err(error) if error.class == ErrorClass::Permanent => Ok(Recovery::Pending(handle.to_string())),
            Err(error) => Err(error),
        }
    }

    fn revoker(&self) -> Option<&dyn Revoker> {
        (self.table.ca_arn.is_some() || self.table.export).then_some(self as &dyn Revoker)
    }

    fn custodian(&self) -> Option<&dyn Custodian> {
        Some(self)
    }
}
