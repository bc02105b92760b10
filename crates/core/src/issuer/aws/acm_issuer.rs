//! Certificate Manager as an [`Issuer`].

use std::time::Duration;

use super::acm::CertificateManager;
use super::acm_request::{AcmHandle, KEYS, Renewal, service_word};
use crate::hint::issuer::RequestHint;
use crate::issuer::aws::{refused, unanswered};
use crate::issuer::network::{CallEffect, FailureKind};
use crate::issuer::{
    Announced, Approved, Capabilities, Custodian, ErrorClass, HandleCheckpoint, Issuer, IssuerError, KeyCustody,
    PendingRequest, Progress, Recovery, Request, Revoker, SigningPlan, Usages,
};
use certroll_base::clock::Timestamp;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::reason::RevocationReason;

/// How long the service remembers a token, less what clocks and networks take: an hour.
const TOKEN_SECS: i64 = 3_300;
/// How long DNS validation may take, and a little more: the service gives up after 72 hours.
const BOUND_SECS: i64 = 74 * 3_600;
/// How long a command waits for the validation, unless the settings say otherwise.
const PATIENCE_SECS: u64 = 600;

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
        let lost = unanswered(&self.name, "AWS cannot be asked");
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
                    refused(&self.name, "the request was not taken", failure, CallEffect::Changes)
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
                        return Err(refused(&self.name, "it cannot be asked again", failure, CallEffect::Asks));
                    }
                },
            },
        };
        match self.describe(&handle).and_then(|detail| self.progress(&handle, pending, &detail)) {
            Ok(Progress::Issued(issued)) => Ok(Recovery::Found(issued)),
            Ok(Progress::Pending { handle, .. }) => Ok(Recovery::Pending(handle)),
            // It has ended, and says so again when the request is resumed.
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
