//! Who signs: the private CA today, ACME, AWS and Vault behind the same trait.
//!
//! An issuer answers one question after another: what it can do at all ([`Issuer::capabilities`]), what it would do with a
//! request ([`Issuer::plan`], without any side effect), and then it acts ([`Issuer::submit`]). A rotation is a request
//! that names what it replaces; there is no "renew". What a back end cannot do is absent (`None`), not a failing method.
//! Issuers know nothing of policy or of the audit log: `lifecycle` calls them, and only with what was approved there.

mod crl_lister;
mod error;
mod private_ca;
pub mod registry;

use std::any::Any;

use crate::base::encoding::Sha256;
use crate::pki::crl::RevocationList;
use crate::pki::reason::RevocationReason;
use crate::pki::serial::SerialNumber;
use crate::pki::signing::CertificateContent;

pub use crl_lister::CrlLister;
pub use error::{ErrorClass, IssuerError};
pub use private_ca::{Founding, PrivateCa, SigningKey};

/// Who holds the private key of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyCustody {
    /// We do, or whoever brought the request.
    Local,
    /// The back end makes and keeps it.
    Issuer,
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
}

/// What is to be signed.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name by which the inventory knows it.
    pub name: String,
    /// The template it was made from.
    pub template: String,
    /// Subject, names, validity, extensions.
    pub content: CertificateContent,
    /// DER of the public key to be certified.
    pub spki: Vec<u8>,
    /// The certificate request that somebody brought, in DER.
    pub csr: Option<Vec<u8>>,
    /// SHA-256 of the certificate that this one replaces.
    pub replaces: Option<Sha256>,
}

/// What an issuer will do with a request; made without side effects, spent by [`Issuer::submit`].
pub struct Plan {
    /// The serial number, if it is chosen here.
    pub serial: Option<SerialNumber>,
    /// SHA-256 of the to-be-signed bytes, if they are made here.
    pub tbs_sha256: Option<Sha256>,
    /// The issuer's own preparation.
    prepared: Box<dyn Any + Send>,
}

/// A signed certificate as it came back.
#[derive(Clone, Debug)]
pub struct Issued {
    /// DER of the certificate.
    pub certificate: Vec<u8>,
    /// DER of its issuers, nearest first, the root last if the back end tells it.
    pub chain: Vec<Vec<u8>>,
}

/// How far a request has come.
#[derive(Debug)]
pub enum Progress {
    /// It is done.
    Issued(Issued),
    /// It goes on elsewhere; `handle` finds it again, from another process too.
    Pending {
        /// The back end's own versioned JSON: an order URL, an ARN.
        handle: String,
        /// What a person or a hook has to do meanwhile.
        actions: Vec<String>,
    },
}

/// What became of a request whose process died.
#[derive(Debug)]
pub enum Recovery {
    /// The certificate exists.
    Found(Issued),
    /// It is still under way.
    Pending(String),
    /// The back end proves that none exists and none will.
    Nothing,
    /// Nobody can tell; the text says what to do.
    Unknowable(String),
}

/// What a dead process left in the log about a request.
#[derive(Clone, Debug)]
pub struct LostRequest {
    /// SHA-256 of the public key.
    pub spki_sha256: Option<Sha256>,
    /// The handle, when one was stored.
    pub handle: Option<String>,
}

/// Called by an issuer before each irreversible step of a long request: returns once the handle is durable.
pub type Checkpoint<'a> = &'a mut dyn FnMut(&str) -> Result<(), IssuerError>;

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
    fn check(&self, now: crate::base::clock::Timestamp) -> Result<(), IssuerError>;

    /// What it would do with `request`. No side effects.
    ///
    /// # Errors
    /// What it would refuse, as far as it can be known beforehand.
    fn plan(&self, request: &Request) -> Result<Plan, IssuerError>;

    /// Carries the plan out. Not idempotent: call it once for an intent, then [`Issuer::recover`].
    ///
    /// # Errors
    /// [`IssuerError`]; an error of class [`ErrorClass::Ambiguous`] may hide a signed certificate.
    fn submit(&self, request: &Request, plan: Plan, checkpoint: Checkpoint<'_>) -> Result<Progress, IssuerError>;

    /// Takes a pending request further. May be called as often as needed.
    ///
    /// # Errors
    /// [`IssuerError`].
    fn advance(&self, handle: &str, checkpoint: Checkpoint<'_>) -> Result<Progress, IssuerError>;

    /// Finds out what became of a request. Idempotent.
    ///
    /// # Errors
    /// The back end could not be asked; ask again later.
    fn recover(&self, lost: &LostRequest) -> Result<Recovery, IssuerError>;

    /// The door to revocation at the back end; `None` when it needs none or has none.
    fn revoker(&self) -> Option<&dyn Revoker> {
        None
    }

    /// The door to what the back end itself says it has issued and revoked; `None` when it keeps no list, as a private CA,
    /// for which its CRLs speak ([`CrlLister`]).
    fn lister(&self) -> Option<&dyn Lister> {
        None
    }

    /// The door to CRLs that we sign ourselves; `None` when the back end publishes its own.
    fn crl_signer(&self) -> Option<&dyn CrlSigner> {
        None
    }
}

/// A back end that must be told of a revocation.
pub trait Revoker: Send + Sync {
    /// Revokes. Idempotent: a certificate that is already revoked is a success.
    ///
    /// # Errors
    /// [`IssuerError`].
    fn revoke(&self, certificate: &[u8], reason: RevocationReason) -> Result<(), IssuerError>;
}

/// What an issuer says of one certificate.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its serial number.
    pub serial: SerialNumber,
    /// DER, if the issuer hands it out.
    pub certificate: Option<Vec<u8>>,
    /// When and why it was revoked, if it was; the reason as in RFC 5280 section 5.3.1.
    pub revoked: Option<(crate::base::clock::Timestamp, String)>,
}

/// A list that an issuer keeps of its certificates, to be held against the log.
pub trait Lister: Send + Sync {
    /// The name of the issuer in this home.
    fn issuer(&self) -> &str;

    /// Whether it tells of every certificate that has not expired; otherwise of revoked ones only.
    fn tells_issued(&self) -> bool;

    /// Visits everything on the list. Has no side effects.
    ///
    /// # Errors
    /// The back end could not be asked.
    fn statements(&self, visit: &mut dyn FnMut(Statement)) -> Result<(), IssuerError>;
}

/// A CA whose CRLs are signed here.
pub trait CrlSigner: Send + Sync {
    /// Signs the list and returns its DER.
    ///
    /// # Errors
    /// The key refuses.
    fn sign_crl(&self, list: &RevocationList) -> Result<Vec<u8>, IssuerError>;
}
