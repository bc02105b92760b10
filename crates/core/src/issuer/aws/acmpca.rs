//! AWS Private CA: signs our certificate requests.
//!
//! A call gives the ARN of a certificate that is still being signed; the same token within five minutes gives the same
//! ARN. There is no list of what a CA has signed: what was asked for longer ago and not heard of is told by its audit
//! report alone.

use std::sync::Mutex;
use std::time::Duration;

use serde::Deserialize;

use super::audit_report::AuditReports;
use super::pca_template;
use crate::hint::issuer::RequestHint;
use crate::issuer::aws::{Reaching, certificates, is_arn, refused, unanswered};
use crate::issuer::network::{CallEffect, FailureKind, NetworkFailure};
use crate::issuer::{
    Announced, Approved, Capabilities, ErrorClass, HandleCheckpoint, Issued, Issuer, IssuerError, IssuerSettings,
    KeyCustody, Lister, PendingRequest, Progress, Recovery, RemoteIssuer, Reporter, Request, Revoker, SigningPlan,
};
use certroll_aws::{AwsSession, Pca, PcaAuthority, Signing};
use certroll_base::clock::Timestamp;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::verify::signature::key_description;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;

/// How long the service remembers a token, less what clocks and networks take: five minutes.
const TOKEN_SECS: i64 = 270;
/// How long a certificate may be unknown after the service named it: its answers are not of one piece.
const SETTLING_SECS: i64 = 60;
/// What a CA of the mode SHORT_LIVED_CERTIFICATE signs for at most: seven days.
const SHORT_LIVED_SECS: i64 = 7 * 86_400;
/// Between two questions whether a certificate is signed.
const WAIT: Duration = Duration::from_secs(1);

/// The table `[issuers.NAME]` of this kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AcmPcaTable {
    /// ARN of the CA.
    pub(super) ca_arn: String,
    /// ARN of the template; by default EndEntityCertificate/V1.
    template_arn: Option<String>,
    /// `SHA256WITHRSA`, `SHA384WITHECDSA`, ...; by default what fits the key of the CA.
    signing_algorithm: Option<String>,
    /// S3 bucket for audit reports.
    audit_bucket: Option<String>,
    /// Directory with audit reports that were fetched from the bucket, under the names that they have there.
    audit_reports: Option<std::path::PathBuf>,
    #[serde(flatten)]
    reaching: Reaching,
}

/// A CA at AWS.
pub(crate) struct AcmPca {
    pub(super) name: String,
    pub(super) table: AcmPcaTable,
    session: AwsSession,
    pub(super) pca: Pca,
    pub(super) clock: std::sync::Arc<dyn certroll_base::clock::Clock>,
    pub(super) reports: AuditReports,
    authority: Mutex<Option<PcaAuthority>>,
}

impl AcmPca {
    /// The name of this kind in the registry.
    pub(crate) const KIND: &str = "aws-acmpca";

    /// Whether the settings are ones of this kind.
    pub(crate) fn settings(settings: &IssuerSettings) -> Result<(), String> {
        let table: AcmPcaTable = settings.parse().map_err(|error| error.to_string())?;
        if !is_arn(&table.ca_arn, "acm-pca", "certificate-authority/") {
            return Err(format!(
                "ca_arn = `{}` is no ARN of a CA: arn:aws:acm-pca:REGION:ACCOUNT:certificate-authority/ID",
                table.ca_arn
            ));
        }
        let template = table.template_arn.as_deref().unwrap_or_default();
        if template.contains("RootCACertificate") || template.contains("SubordinateCACertificate") {
            return Err(format!("template_arn = `{template}` makes CAs; choose one for end entities"));
        }
        Ok(())
    }

    /// Opens one.
    pub(crate) fn open(connection: RemoteIssuer) -> Result<Box<dyn Issuer>, IssuerError> {
        let table: AcmPcaTable = connection.parse()?;
        let session = table.reaching.session(&connection, Some(&table.ca_arn))?;
        let reports =
            AuditReports::new(&connection, table.audit_reports.as_deref(), table.audit_bucket.clone(), &table.ca_arn);
        Ok(Box::new(Self {
            pca: session.pca(),
            session,
            clock: connection.clock,
            name: connection.name,
            reports,
            table,
            authority: Mutex::default(),
        }))
    }

    pub(super) fn error(&self, class: ErrorClass, message: impl Into<String>) -> IssuerError {
        IssuerError::new(&self.name, class, message)
    }

    /// What the service says of the CA, asked once for each opening.
    fn authority(&self) -> Result<PcaAuthority, IssuerError> {
        let mut known = self.authority.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(authority) = &*known {
            return Ok(authority.clone());
        }
        let asked = self.pca.describe(&self.table.ca_arn);
        let authority = asked.map_err(|failure| match failure.kind {
            FailureKind::Missing => refused(&self.name, "there is no such CA", failure, CallEffect::Changes)
                .hint("correct `ca_arn`; `aws acm-pca list-certificate-authorities` shows the CAs of the account"),
            _ => refused(&self.name, "the CA cannot be looked at", failure, CallEffect::Asks),
        })?;
        Ok(known.insert(authority).clone())
    }

    /// The signature algorithm: it must fit the key of the CA.
    fn algorithm(&self) -> Result<String, IssuerError> {
        if let Some(chosen) = &self.table.signing_algorithm {
            return Ok(chosen.clone());
        }
        let authority = self.authority()?;
        Ok(match authority.key_algorithm.as_str() {
            "EC_prime256v1" => "SHA256WITHECDSA",
            "EC_secp384r1" => "SHA384WITHECDSA",
            "EC_secp521r1" => "SHA512WITHECDSA",
            "SM2" => "SM3WITHSM2",
            // ML-DSA signs under the name of its key.
            other if other.starts_with("ML_DSA") => other,
            _ => "SHA256WITHRSA",
        }
        .to_owned())
    }

    /// Sends the request. Within the life of the token it may be sent again: the answer is the same.
    fn send(&self, pending: &PendingRequest) -> Result<Result<String, NetworkFailure>, IssuerError> {
        let missing = |what: &str| self.error(ErrorClass::Permanent, format!("the request has no {what}"));
        let csr = pending.csr.as_deref().ok_or_else(|| missing("PKCS#10"))?;
        let signing = Signing {
            authority: &self.table.ca_arn,
            template: self.table.template_arn.as_deref(),
            csr: &pem::encode(Label::CertificateRequest, csr),
            algorithm: &self.algorithm()?,
            until: pending.until.ok_or_else(|| missing("end of validity"))?,
            token: &pending.token(),
        };
        Ok(self.pca.issue(&signing))
    }

    /// The certificate of that ARN; `None` while it is being signed.
    fn fetch(&self, pending: &PendingRequest, arn: &str) -> Result<Option<Issued>, IssuerError> {
        match self.pca.certificate(&self.table.ca_arn, arn) {
            Ok(None) => Ok(None),
            Ok(Some((own, above))) => {
                let certificate = certificates(&self.name, &own)?
                    .into_iter()
                    .next()
                    .ok_or_else(|| self.error(ErrorClass::Protocol, "it answers with an empty certificate"))?;
                Ok(Some(Issued { certificate, chain: certificates(&self.name, &above)?, key: None, remark: None }))
            }
            Err(failure) if failure.kind == FailureKind::Missing && self.age(pending) < SETTLING_SECS => Ok(None),
            Err(failure) if failure.kind == FailureKind::State => {
                // RequestFailedException: it has refused to sign, and will not.
                let what = "the certificate was not signed";
                Err(IssuerError {
                    class: ErrorClass::Permanent,
                    ..refused(&self.name, what, failure, CallEffect::Asks)
                })
            }
            Err(failure) => Err(refused(&self.name, "the certificate cannot be fetched", failure, CallEffect::Asks)),
        }
    }

    fn progress(&self, pending: &PendingRequest, arn: &str) -> Result<Progress, IssuerError> {
        Ok(match self.fetch(pending, arn)? {
            Some(issued) => Progress::Issued(issued),
            None => Progress::Pending { handle: arn.to_owned(), actions: Vec::new(), wait: WAIT },
        })
    }

    /// Seconds since the request was begun.
    fn age(&self, pending: &PendingRequest) -> i64 {
        (self.clock.now().millis() - pending.begun().millis()) / 1_000
    }

    /// What the reports tell of a request that is too old to be repeated.
    fn by_report(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        let since = pending.begun();
        for arn in self.reports.issued_since(since)? {
            if let Some(issued) = self.fetch(pending, &arn)? {
                let found = Certificate::from_der(&issued.certificate).ok();
                if found.is_some_and(|found| Some(found.key_hash()) == pending.key_hash) {
                    return Ok(Recovery::Found(issued));
                }
            }
        }
        // A certificate is in the report once it is signed, a few seconds after it was asked for.
        if self.reports.requested_after(since.plus_secs(TOKEN_SECS))? {
            return Ok(Recovery::Nothing);
        }
        let (why, hint) = self.reports.unknowable();
        Ok(Recovery::Unknowable { why, hint: Some(hint.into()) })
    }
}

/// The reasons that RevokeCertificate takes, of those that there are here: certificateHold and removeFromCRL it does not.
const REASONS: &[RevocationReason] = &[
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::CaCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

impl Issuer for AcmPca {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            key_custody: KeyCustody::Local,
            key_algorithms: &["rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521"],
            lifetime: true,
            wildcard: true,
            ip: true,
            client_auth: true,
            revocation_reasons: REASONS,
            recoverable: false,
            in_process: false,
            patience: Duration::from_secs(120),
            bound_secs: Some(3_600),
        }
    }

    fn check(&self, now: Timestamp) -> Result<(), IssuerError> {
        let lost = unanswered(&self.name, "AWS cannot be asked");
        self.session.credentials().map_err(lost)?;
        let authority = self.authority()?;
        let arn = &self.table.ca_arn;
        let config = |message: String| self.error(ErrorClass::Config, message);
        match authority.status.as_str() {
            "ACTIVE" => {}
            "CREATING" => return Err(self.error(ErrorClass::Retryable, "the CA is still being created")),
            "DISABLED" => {
                return Err(config("the CA is disabled".to_owned()).hint(format!(
                    "enable it with `aws acm-pca update-certificate-authority --certificate-authority-arn {arn} --status ACTIVE`"
                )));
            }
            "PENDING_CERTIFICATE" => {
                return Err(config("the CA has no certificate yet".to_owned())
                    .hint("have its request signed, and import the certificate with `aws acm-pca import-certificate-authority-certificate`"));
            }
            "EXPIRED" => {
                return Err(config("the certificate of the CA has expired".to_owned())
                    .hint("import a new one with `aws acm-pca import-certificate-authority-certificate`"));
            }
            "DELETED" => {
                return Err(config("the CA is deleted".to_owned()).hint(format!(
                    "within its restoration period: `aws acm-pca restore-certificate-authority --certificate-authority-arn {arn}`"
                )));
            }
            other => {
                let why = authority.failure.map(|why| format!(" ({why})")).unwrap_or_default();
                return Err(config(format!("the CA is in the state {other}{why}")).hint("create another one"));
            }
        }
        match authority.not_after {
            Some(end) if end <= now => Err(config(format!("the certificate of the CA ended at {end}"))),
            _ => Ok(()),
        }
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        let request = request.subject();
        let key = key_description(&request.spki);
        if key == "ed25519" {
            let error = self.error(ErrorClass::Unsupported, "AWS Private CA does not sign for Ed25519 keys");
            return Err(error.hint(RequestHint::UseKey(&["ec:p256", "ec:p384", "rsa:2048", "rsa:3072", "rsa:4096"])));
        }
        let authority = self.authority()?;
        let (begin, end) = (request.content.validity.not_before, request.content.validity.not_after);
        if let Some(last) = authority.not_after.filter(|last| *last < end) {
            let message = format!("the CA's certificate ends at {last}, before {end}: it refuses to sign beyond that");
            return Err(self.error(ErrorClass::Policy, message).hint(RequestHint::ShorterLife));
        }
        let now = self.clock.now().max(begin);
        if authority.short_lived && end.millis() - now.millis() > SHORT_LIVED_SECS * 1_000 {
            let message = "the CA is one for short-lived certificates: it signs for seven days at most";
            return Err(self.error(ErrorClass::Policy, message).hint(RequestHint::SevenDays));
        }
        if let Some(message) = pca_template::misfit(self.table.template_arn.as_deref(), request) {
            let (name, template) = (&self.name, &request.template);
            let hint =
                format!("choose another `template_arn` in `[issuers.{name}]`, or another template than `{template}`");
            return Err(self.error(ErrorClass::Policy, message).hint(hint));
        }
        Ok(SigningPlan::elsewhere().signed_by(crate::issuer::aws::signer(&self.name, &self.pca, &self.table.ca_arn)?))
    }

    fn submit(
        &self,
        _request: Announced<Approved<Request>>,
        _plan: SigningPlan,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        let arn = self
            .send(pending)?
            .map_err(|failure| refused(&self.name, "the request was not taken", failure, CallEffect::Changes))?;
        checkpoint(&arn)?;
        let later = Progress::Pending { handle: arn.clone(), actions: Vec::new(), wait: WAIT };
        // It has a name now: whatever goes wrong here is for the next question.
        Ok(self.progress(pending, &arn).unwrap_or(later))
    }

    fn advance(&self, pending: &PendingRequest, _checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        let missing = || self.error(ErrorClass::NotFound, "the request has no ARN yet");
        self.progress(pending, pending.handle.as_deref().ok_or_else(missing)?)
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        let arn = match &pending.handle {
            Some(arn) => arn.clone(),
            None if self.age(pending) > TOKEN_SECS => return self.by_report(pending),
            // The service still knows the token: the same request gives the same certificate, or the first one.
            None => match self.send(pending)? {
                Ok(arn) => arn,
                // The same request was refused the first time too.
                Err(failure) if failure.kind == FailureKind::Invalid => return Ok(Recovery::Nothing),
                Err(failure) => {
                    return Err(refused(&self.name, "it cannot be asked again", failure, CallEffect::Asks));
                }
            },
        };
        Ok(match self.fetch(pending, &arn)? {
            Some(issued) => Recovery::Found(issued),
            None => Recovery::Pending(arn),
        })
    }

    fn revoker(&self) -> Option<&dyn Revoker> {
        Some(self)
    }

    fn lister(&self) -> Option<&dyn Lister> {
        self.reports.any().then_some(&self.reports as &dyn Lister)
    }

    fn reporter(&self) -> Option<&dyn Reporter> {
        self.reports.bucket().map(|_| self as &dyn Reporter)
    }
}
