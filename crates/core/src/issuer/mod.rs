//! Who signs: the private CA today, ACME, AWS and Vault behind the same trait.
//!
//! An issuer answers one question after another: what it can do at all ([`Issuer::capabilities`]), what it would do with a
//! request ([`Issuer::plan`], without any side effect), and then it acts ([`Issuer::submit`]). A rotation is a request
//! that names what it replaces; there is no "renew". What a back end cannot do is absent (`None`), not a failing method.
//! Nothing irreversible can be asked of an issuer without the proof that it was allowed and announced: a certificate needs an
//! [`Announced`] [`Approved`] request, anything else that changes something an [`Announced`] act, a CRL its [`CrlContent`].
//!
//! A back end elsewhere may be slow, may be killed with us, may answer and not be heard. So everything that finds a
//! request again is a [`PendingRequest`], which `lifecycle` keeps on disk, and every irreversible call has a durable handle
//! before it ([`HandleCheckpoint`]). Only the back end knows what became of a request whose process died: [`Issuer::recover`].

#[cfg(feature = "acme")]
pub mod acme;
#[cfg(feature = "aws")]
mod aws;
mod capability;
mod connection;
mod error;
mod external_ca;
#[cfg(feature = "network")]
pub mod network;
mod private_ca;
pub mod registry;
mod usages;
#[cfg(feature = "vault")]
mod vault;

use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;
use std::any::Any;
use std::time::Duration;

use crate::audit::record::value::Id;
use crate::hint::Hint;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_base::secret::SecretBytes;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::reason::RevocationReason;

pub use crate::policy::{Approved, Request};
pub use crate::store::{Announced, CrlContent};
pub use capability::{
    Account, AccountChange, Accounts, Advice, CrlLister, CrlSigner, Custodian, Deletion, IssuanceReport, Lister,
    NewAccount, RenewalAdvice, Reporter, Revocation, RevocationState, Revoker, Statement,
};
pub use connection::{IssuerSettings, Memory, RemoteIssuer, SecretPlace, Secrets};
pub use error::{ErrorClass, IssuerError};
pub use external_ca::ExternalCa;
pub use private_ca::{Founding, PrivateCa, SigningKey};
pub use usages::Usages;

/// Who holds the private key of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCustody {
    /// We do, or the requester who brought a request.
    Local,
    /// The back end makes and keeps it.
    Issuer,
    /// The back end makes it and hands it out with the certificate.
    Exported,
}

/// What a back end can do, known before anything is sent.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// Who holds the key.
    pub key_custody: KeyCustody,
    /// Kinds of keys it signs for, `rsa:3072`; empty for any.
    pub key_algorithms: &'static [&'static str],
    /// Whether the lifetime can be chosen.
    pub lifetime: bool,
    /// Whether it signs for wildcard names.
    pub wildcard: bool,
    /// Whether it signs for IP addresses.
    pub ip: bool,
    /// Whether it signs certificates for TLS clients and devices.
    pub client_auth: bool,
    /// Reasons of revocation that it takes; empty when it cannot revoke.
    pub revocation_reasons: &'static [RevocationReason],
    /// Whether [`Issuer::recover`] can always tell what became of a request.
    pub recoverable: bool,
    /// Signs inside this process: what it signs exists nowhere else before it is let out, and no request outlives us.
    pub in_process: bool,
    /// How long a command waits for a pending request before it leaves it to the next command.
    pub patience: Duration,
    /// The issuer's bound: an intent that has not ended so many seconds after it was recorded is an alarm. `None` for
    /// those whose requests end with the process.
    pub bound_secs: Option<i64>,
}

/// The key of a CA, as records tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignerKey {
    /// The digest of its public half.
    pub hash: KeyHash,
    /// The signature algorithm, if the issuer does not choose it by itself: `ecdsa-with-SHA256`.
    pub algorithm: Option<&'static str>,
}

/// What an issuer will do with a request; made without side effects, spent by [`Issuer::submit`].
pub struct SigningPlan {
    /// SHA-256 of the to-be-signed bytes, if they are made here.
    pub tbs_sha256: Option<Sha256>,
    /// Whether the request that leaves carries names only: the issuer certifies no subject, or refuses one.
    pub names_only: bool,
    /// DER of the certificate of the CA that will sign, if that is known: what comes back must have been signed with its key.
    pub signer: Option<Vec<u8>>,
    /// The key that will sign, if that is known.
    pub signer_key: Option<SignerKey>,
    /// The issuer's own preparation.
    prepared: Box<dyn Any + Send>,
}

impl SigningPlan {
    /// The plan of an issuer that prepares nothing here: serial number and content are made at the back end.
    pub fn elsewhere() -> Self {
        Self { tbs_sha256: None, names_only: false, signer: None, signer_key: None, prepared: Box::new(()) }
    }

    /// The same, for an issuer that certifies names and no subject.
    pub fn names_only() -> Self {
        Self { names_only: true, ..Self::elsewhere() }
    }

    /// The same, and known to be signed by the CA of that certificate, if it is known.
    #[must_use]
    pub fn signed_by(self, certificate: Option<Vec<u8>>) -> Self {
        let key = certificate.as_deref().and_then(|der| Certificate::from_der(der).ok());
        let signer_key = key.map(|ca| SignerKey { hash: ca.key_hash(), algorithm: None });
        Self { signer: certificate, signer_key, ..self }
    }
}

/// A signed certificate as it came back.
#[derive(Clone, Debug)]
pub struct Issued {
    /// DER of the certificate.
    pub certificate: Vec<u8>,
    /// DER of its issuers, nearest first, the root last if the back end tells it.
    pub chain: Vec<Vec<u8>>,
    /// The private key (PKCS#8), from those that make it and hand it out ([`KeyCustody::Exported`]).
    pub key: Option<SecretBytes>,
    /// What the requester should know, in a sentence: it is good, but not in every respect what was preferred.
    pub remark: Option<String>,
}

/// A request at a back end: all that this process or a later one needs to find it again and to go on with it.
#[derive(Clone, Debug)]
pub struct PendingRequest {
    /// The operation; see [`PendingRequest::token`].
    pub op: Id,
    /// SHA-256 of the public key; none for a group of requests, and where the issuer makes the key.
    pub key_hash: Option<KeyHash>,
    /// The alternative names that were approved, `dns:a.example`.
    pub names: Vec<GeneralName>,
    /// The kind of key, `ec:p256`.
    pub key_kind: Option<PublicKeyKind>,
    /// SHA-256 of the certificate that the new one is to replace.
    pub replaces: Option<Fingerprint>,
    /// The certificate request (PKCS#10) in DER, the same at every attempt; none for issuers that sign in this process.
    pub csr: Option<Vec<u8>>,
    /// The end of validity that was approved, where the issuer lets it be chosen.
    pub until: Option<Timestamp>,
    /// The handle, once one was stored.
    pub handle: Option<String>,
}

impl PendingRequest {
    /// The idempotency token or tag of this request: 32 lower-case hexadecimal digits, never given to another request.
    pub fn token(&self) -> String {
        certroll_base::encoding::hex(self.op.as_bytes())
    }

    /// When the request was begun: back ends forget tokens and orders after a while.
    pub fn begun(&self) -> Timestamp {
        self.op.made_at()
    }
}

/// How far a request has come.
#[derive(Debug)]
pub enum Progress {
    /// It is done.
    Issued(Issued),
    /// It goes on elsewhere; `handle` finds it again, from another process too.
    Pending {
        /// The back end's own versioned text: an order URL, an ARN. Goes into the log, so it holds no secret.
        handle: String,
        /// What a person has to do meanwhile.
        actions: Vec<String>,
        /// When to ask again.
        wait: Duration,
    },
}

/// What became of a request whose process died, or whose answer was lost.
#[derive(Debug)]
pub enum Recovery {
    /// The certificate exists.
    Found(Issued),
    /// It is still under way, under that handle.
    Pending(String),
    /// The back end proves that none exists and none will. A list that is complete only after a while proves nothing
    /// before that.
    Nothing,
    /// Unknown now; it may be asked again later.
    Unknowable {
        /// Why.
        why: String,
        /// What the user can do about it, in words that say why too; `None` where there is nothing but to wait.
        hint: Option<Hint>,
    },
    /// Unknown now and later: the back end keeps nothing that would tell. The text says why.
    Lost(String),
}

impl Recovery {
    /// Unknown now, for that reason.
    pub fn unknowable(why: impl Into<String>) -> Self {
        Self::Unknowable { why: why.into(), hint: None }
    }
}

/// Called by an issuer before each irreversible step of a request: returns once the handle is durable. When it fails,
/// the issuer must go no further and pass the error on.
pub type HandleCheckpoint<'a> = &'a mut dyn FnMut(&str) -> Result<(), IssuerError>;

/// A back end that signs certificates.
///
/// Calls block; a back end over a network runs its own runtime inside. Every method may be called from several threads.
pub trait Issuer: Send + Sync {
    /// The name it has in this home.
    fn name(&self) -> &str;

    /// The kind of back end, as in [`registry::KINDS`].
    fn kind(&self) -> &'static str;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Whether it is ready: reachable, authorised, its own certificate valid at `now`. No side effects.
    ///
    /// # Errors
    /// Why it is not.
    fn check(&self, now: Timestamp) -> Result<(), IssuerError>;

    /// What it would do with `request`. No side effects.
    ///
    /// # Errors
    /// What it would refuse, as far as it can be known beforehand.
    fn plan(&self, request: &Approved<Request>) -> Result<SigningPlan, IssuerError>;

    /// Carries the plan out. Not idempotent: it is called once for a request, then [`Issuer::advance`] or
    /// [`Issuer::recover`].
    ///
    /// # Errors
    /// [`IssuerError`]. Of class [`ErrorClass::Ambiguous`], [`ErrorClass::Protocol`] or [`ErrorClass::NotFound`] a
    /// certificate may exist all the same. Any other class promises that none was signed; with a handle stored, those
    /// that [may pass](ErrorClass::may_pass) leave the request open and the others say that it has ended without one.
    fn submit(
        &self,
        request: Announced<Approved<Request>>,
        plan: SigningPlan,
        pending: &PendingRequest,
        checkpoint: HandleCheckpoint<'_>,
    ) -> Result<Progress, IssuerError>;

    /// Takes a request that has a handle further, from whatever state it is in. May be called as often as needed, also
    /// by a later process.
    ///
    /// # Errors
    /// As [`Issuer::submit`].
    fn advance(&self, pending: &PendingRequest, checkpoint: HandleCheckpoint<'_>) -> Result<Progress, IssuerError>;

    /// Finds out what became of a request, with a handle or without. Idempotent: it asks, and signs nothing new, except
    /// where the back end itself promises the same certificate for the same token.
    ///
    /// # Errors
    /// The back end could not be asked; ask again later.
    fn recover(&self, pending: &PendingRequest) -> Result<Recovery, IssuerError>;

    /// Revocation at the back end; `None` when it needs none or has none.
    fn revoker(&self) -> Option<&dyn Revoker> {
        None
    }

    /// What the back end itself says it has issued and revoked; `None` when it keeps no list, as a private CA,
    /// for which its CRLs speak ([`CrlLister`]).
    fn lister(&self) -> Option<&dyn Lister> {
        None
    }

    /// Certificates that stay in the custody of the back end, key and all; `None` when none does.
    fn custodian(&self) -> Option<&dyn Custodian> {
        None
    }

    /// Reports that the back end writes elsewhere when it is asked; `None` when it writes none.
    fn reporter(&self) -> Option<&dyn Reporter> {
        None
    }

    /// Accounts; `None` when it knows us by a credential that we were given.
    fn accounts(&self) -> Option<&dyn Accounts> {
        None
    }

    /// Advice on when to replace a certificate; `None` when it gives none.
    fn renewal(&self) -> Option<&dyn RenewalAdvice> {
        None
    }

    /// CRLs that we sign ourselves; `None` when the back end publishes its own.
    fn crl_signer(&self) -> Option<&dyn CrlSigner> {
        None
    }
}
