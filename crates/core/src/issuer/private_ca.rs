//! The private CA: signs in this process, with a key on disk or behind another `Signer`.

use std::sync::{Arc, RwLock};

use crate::hint::issuer::AuthorityHint;
use crate::issuer::{
    Announced, Approved, Capabilities, CrlContent, CrlSigner, ErrorClass, HandleCheckpoint, Issued, Issuer,
    IssuerError, KeyCustody, PendingRequest, Progress, Recovery, Request, SignerKey, SigningPlan,
};
use certroll_base::clock::Timestamp;
use certroll_pki::digest::KeyHash;
use certroll_pki::key::KeyAlgorithm;
use certroll_pki::key::signer::{Signer, SigningError};
use certroll_pki::lint::{self, LintFinding};
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::path::{self, FlawKind, PathInputs};
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;
use certroll_pki::x509::signing::{CertificateEncoder, IssuerIdentity, ToBeSigned};

/// What signs: our own key pair, or a key that stays in a hardware token or a key service.
pub type SigningKey = Arc<dyn Signer>;

/// A CA of this home.
pub struct PrivateCa {
    name: String,
    key: SigningKey,
    identity: IssuerIdentity,
    /// The CA's own certificate and its issuers up to the root; empty while a root is being founded.
    chain: Vec<Certificate>,
    /// One prepared encoder for each profile seen; there are a handful.
    encoders: RwLock<Vec<(Arc<ExtensionProfile>, Arc<CertificateEncoder>)>>,
}

/// What is known of a root before its own certificate exists.
pub struct Founding {
    /// Its subject.
    pub subject: DistinguishedName,
    /// Its subject key identifier.
    pub key_id: Option<Vec<u8>>,
    /// The kind of its key.
    pub algorithm: KeyAlgorithm,
}

impl PrivateCa {
    /// The name of this kind in the registry.
    pub const KIND: &str = "private-ca";

    /// What every CA of the home can do.
    pub const CAPABILITIES: Capabilities = Capabilities {
        key_custody: KeyCustody::Local,
        key_algorithms: &[],
        lifetime: true,
        wildcard: true,
        ip: true,
        client_auth: true,
        revocation_reasons: REASONS,
        recoverable: true,
        in_process: true,
        patience: std::time::Duration::ZERO,
        bound_secs: None,
    };

    /// Opens a CA by its certificate, the certificates above it, and its key.
    ///
    /// # Errors
    /// The key is not the one in the certificate, or the certificate is not a CA's.
    pub fn open(
        name: &str,
        chain: Vec<Certificate>,
        key: SigningKey,
        algorithm: KeyAlgorithm,
    ) -> Result<Self, IssuerError> {
        let config = |message: &str| IssuerError::new(name, ErrorClass::Config, message);
        let own = chain.first().ok_or_else(|| config("it has no certificate"))?;
        if own.spki != key.subject_public_key_info() {
            return Err(config("its key does not belong to its certificate"));
        }
        if !own.is_ca {
            return Err(config("its certificate is not a CA certificate"));
        }
        let identity = IssuerIdentity::of(own, algorithm);
        Ok(Self { name: name.to_owned(), key, identity, chain, encoders: RwLock::default() })
    }

    /// A root about to sign its own certificate.
    pub fn found(name: &str, founding: Founding, key: SigningKey) -> Self {
        let identity = IssuerIdentity { name: founding.subject, key_id: founding.key_id, key: founding.algorithm };
        Self { name: name.to_owned(), key, identity, chain: Vec::new(), encoders: RwLock::default() }
    }

    /// The encoder of a profile, and whether nothing was signed with it yet.
    fn encoder(&self, profile: &Arc<ExtensionProfile>) -> Result<(Arc<CertificateEncoder>, bool), SigningError> {
        let same = |(known, _): &&(Arc<ExtensionProfile>, Arc<CertificateEncoder>)| Arc::ptr_eq(known, profile);
        let read = self.encoders.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, encoder)) = read.iter().find(same) {
            return Ok((encoder.clone(), false));
        }
        drop(read);
        Ok((Arc::new(CertificateEncoder::new(profile.clone(), &self.identity)?), true))
    }

    fn remember(&self, profile: Arc<ExtensionProfile>, encoder: Arc<CertificateEncoder>) {
        self.encoders.write().unwrap_or_else(std::sync::PoisonError::into_inner).push((profile, encoder));
    }

    /// Holds every certificate, before it is signed, against the rules of RFC 5280: an error of the linter is a refusal.
    fn lint(&self, unsigned: &[u8], request: &Request) -> Result<(), IssuerError> {
        let found = lint::before_signing(unsigned);
        if found.is_empty() {
            return Ok(());
        }
        let told =
            |one: &LintFinding| format!("lint:{}: {}: {} [{}]", one.lint.id, one.lint.field, one.detail, one.clause);
        let reasons: Vec<_> = found.iter().map(told).collect();
        let message = format!("the certificate of `{}` would break RFC 5280: {}", request.name, reasons.join("; "));
        Err(IssuerError::new(&self.name, ErrorClass::Policy, message))
    }

    /// Holds the first certificate of a profile, before it is signed, against what verifiers ask of it and of the CAs above:
    /// the next ones differ in names, which policy checks each time, and in keys and dates.
    fn judge(&self, unsigned: &[u8], request: &Request) -> Result<(), IssuerError> {
        let refused = |why: &str| {
            let message = format!("verifiers would refuse the certificate of `{}`: {why}", request.name);
            IssuerError::new(&self.name, ErrorClass::Policy, message)
        };
        let certificate = Certificate::from_der(unsigned).map_err(|error| refused(&error.to_string()))?;
        let mut path = vec![certificate];
        path.extend(self.chain.iter().cloned());
        // Once each of them has begun; when they end was looked at by `check`.
        let begins =
            path.iter().map(|one| one.validity.not_before).max().unwrap_or(request.content.validity.not_before);
        let flaws = path::judge(&path, &PathInputs::at(begins));
        match flaws.iter().find(|flaw| flaw.kind != FlawKind::Expired) {
            Some(flaw) => Err(refused(flaw.text())),
            None => Ok(()),
        }
    }

    fn failed(&self, what: &str, error: SigningError) -> IssuerError {
        IssuerError::new(&self.name, ErrorClass::Permanent, what).because(error)
    }
}

/// Every reason that a CRL can carry.
const REASONS: &[RevocationReason] = &[
    RevocationReason::Unspecified,
    RevocationReason::KeyCompromise,
    RevocationReason::CaCompromise,
    RevocationReason::AffiliationChanged,
    RevocationReason::Superseded,
    RevocationReason::CessationOfOperation,
    RevocationReason::PrivilegeWithdrawn,
];

impl Issuer for PrivateCa {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn capabilities(&self) -> Capabilities {
        Self::CAPABILITIES
    }

    fn check(&self, now: Timestamp) -> Result<(), IssuerError> {
        match self.chain.iter().find(|c| !c.validity.contains(now)) {
            Some(certificate) => Err(IssuerError::new(
                &self.name,
                ErrorClass::Config,
                format!(
                    "the CA certificate `{}` is not valid now (until {})",
                    certificate.subject, certificate.validity.not_after
                ),
            )
            .hint(AuthorityHint::CreateSuccessor)),
            None => Ok(()),
        }
    }

    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError> {
        let request = request.subject();
        let serial = SerialNumber::random();
        let unencodable = |error| self.failed("the certificate cannot be encoded", error);
        let (encoder, is_new) = self.encoder(&request.content.extensions).map_err(unencodable)?;
        let tbs = encoder.encode(&request.content, &serial, &request.spki).map_err(unencodable)?;
        let unsigned = tbs.unsigned().map_err(unencodable)?;
        self.lint(&unsigned, request)?;
        if is_new {
            self.judge(&unsigned, request)?;
            self.remember(request.content.extensions.clone(), encoder);
        }
        let hash = KeyHash::of(&self.key.subject_public_key_info());
        let algorithm = Some(signature::algorithm_name(signature::algorithm_of(self.identity.key)));
        Ok(SigningPlan {
            tbs_sha256: Some(tbs.sha256()),
            names_only: false,
            signer: None,
            signer_key: Some(SignerKey { hash, algorithm }),
            prepared: Box::new(tbs),
        })
    }

    fn submit(
        &self,
        _request: Announced<Approved<Request>>,
        plan: SigningPlan,
        _ticket: &PendingRequest,
        _checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError> {
        let foreign = |_| IssuerError::new(&self.name, ErrorClass::Permanent, "the plan was made by another issuer");
        let tbs = plan.prepared.downcast::<ToBeSigned>().map_err(foreign)?;
        let certificate =
            tbs.sign(&*self.key).map_err(|error| self.failed("the certificate could not be signed", error))?;
        let chain = self.chain.iter().map(|c| c.as_der().to_vec()).collect();
        Ok(Progress::Issued(Issued { certificate, chain, key: None, remark: None }))
    }

    fn advance(&self, _ticket: &PendingRequest, _checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError> {
        Err(IssuerError::new(&self.name, ErrorClass::NotFound, "a private CA has no pending requests"))
    }

    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError> {
        Ok(recover(pending))
    }

    fn crl_signer(&self) -> Option<&dyn CrlSigner> {
        Some(self)
    }
}

/// What became of a request whose process died. A signature that it made was in its memory only: nothing is let out
/// before its record. Neither the CA's key nor even its certificate is needed to say so.
pub(super) fn recover(_ticket: &PendingRequest) -> Recovery {
    Recovery::Nothing
}

impl CrlSigner for PrivateCa {
    fn sign_crl(&self, content: &CrlContent) -> Result<Vec<u8>, IssuerError> {
        content
            .list()
            .sign(&self.identity, &*self.key)
            .map_err(|error| self.failed("the CRL could not be signed", error))
    }
}
