//! What the store keeps, as values.

use std::path::PathBuf;

use crate::audit::record::facts::CertificateFacts;
use crate::audit::record::value::Id;
use crate::store::authority::Authority;
use crate::store::installation::StepChange;
use crate::store::intent::OpenIntent;
use crate::store::publication::PublicationChange;
use crate::store::request_spec::RequestSpec;
use crate::store::service::ServiceChange;
use certroll_base::clock::Timestamp;
use certroll_base::digest::DigestOf;
use certroll_pki::digest::{Fingerprint, KeyHash};
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;
use certroll_pki::x509::validity::{RenewBefore, Validity};

/// SHA-256 of a name and of what was asked for under it: equal requests have equal digests.
pub type RequestDigest = DigestOf<CertificateEntry>;

/// One certificate of the inventory.
#[derive(Clone, Debug)]
pub struct CertificateEntry {
    /// Row number, in order of issuance; 0 before it is stored.
    pub id: i64,
    /// The name by which it is found; its successors share it.
    pub name: String,
    /// The template it was made from.
    pub template: String,
    /// The issuer that signed it.
    pub issuer: String,
    /// Its serial number.
    pub serial: SerialNumber,
    /// Its subject as text.
    pub subject: String,
    /// Its subject alternative names.
    pub names: Vec<GeneralName>,
    /// When it is valid.
    pub validity: Validity,
    /// When it is due for rotation.
    pub renew_before: RenewBefore,
    /// Kind of its key.
    pub key: PublicKeyKind,
    /// SHA-256 of its SubjectPublicKeyInfo.
    pub key_hash: KeyHash,
    /// SHA-256 of its bytes.
    pub fingerprint: Fingerprint,
    /// SHA-256 of what was asked for: equal requests have equal digests.
    pub request_digest: RequestDigest,
    /// What was asked for, so that a rotation asks for the same; `None` when it was not asked for here.
    pub request: Option<RequestSpec>,
    /// Whether it was handed over to where it was asked for.
    pub delivered: bool,
    /// When and why it was revoked.
    pub revoked: Option<(Timestamp, RevocationReason)>,
    /// SHA-256 of the certificate that replaced it.
    pub replaced_by: Option<Fingerprint>,
}

impl CertificateEntry {
    /// What a record says of it.
    pub fn facts(&self) -> CertificateFacts {
        let mut san = vec![format!("name:{}", self.name)];
        if !self.subject.is_empty() {
            san.push(format!("dn:{}", self.subject));
        }
        san.extend(self.names.iter().map(ToString::to_string));
        CertificateFacts {
            iss: self.issuer.clone(),
            sn: self.serial.to_string(),
            sha256: self.fingerprint.into(),
            spki: self.key_hash.into(),
            san,
            nb: self.validity.not_before,
            na: self.validity.not_after,
            alg: self.key.to_string(),
            prev: None,
        }
    }
}

/// A certificate to be stored, with what goes with it.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// The row.
    pub entry: CertificateEntry,
    /// Its bytes.
    pub der: Vec<u8>,
    /// Its encrypted private key, held here until it is handed over, or for good.
    pub key: Option<Vec<u8>>,
    /// DER of its issuers, nearest first; empty for a CA of this home, whose chain the home knows.
    pub chain: Vec<Vec<u8>>,
}

/// How the format of a truststore begins in the inventory: `truststore-jks`. What such a row names is trusted there, not
/// installed with its key.
pub const TRUSTSTORE: &str = "truststore-";

/// A file in which a certificate was installed; never a secret, only where the secret is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The name of the certificate.
    pub name: String,
    /// The file, absolute.
    pub path: PathBuf,
    /// Its format, as in the registry of formats.
    pub format: String,
    /// The alias of the entry, in lower case.
    pub alias: String,
    /// The file that holds its password, if one was given.
    pub password_file: Option<PathBuf>,
}

impl Installation {
    /// Whether it is a certificate that is trusted there, and not one with its key.
    pub fn is_trust(&self) -> bool {
        self.format.starts_with(TRUSTSTORE)
    }
}

/// A CRL that was signed.
#[derive(Clone, Debug)]
pub struct CrlEntry {
    /// The CA.
    pub authority: String,
    /// cRLNumber.
    pub number: u64,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Timestamp,
    /// DER.
    pub der: Vec<u8>,
    /// It lists every revocation among that many records of the log, as its own record says; `None` when none says so.
    pub covers: Option<u64>,
}

/// Something that decides what may be issued and how, as it was last recorded: a template, a policy, the program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InForceFact {
    /// What kind of thing: `template`, `policy`.
    pub kind: String,
    /// Its name among those of its kind.
    pub name: String,
    /// What was recorded of it, mostly a digest.
    pub value: String,
}

/// One change of the inventory. Applied in order, all or none.
#[derive(Clone, Debug)]
pub enum Change {
    /// Adds a certificate and, if given, its key.
    AddCertificate(Box<NewCertificate>),
    /// Adds the bytes of a certificate that came back from its record alone.
    AddBytes {
        /// Its row number.
        id: i64,
        /// DER.
        der: Vec<u8>,
    },
    /// Writes nothing, but is a conflict if the certificate of that row is revoked.
    ExpectUnrevoked(i64),
    /// Writes nothing, but is a conflict unless this is the newest certificate of that name that is neither revoked nor
    /// replaced: what the caller saw when it decided still holds.
    ExpectCurrent {
        /// The name.
        name: String,
        /// The row number; `None` for no certificate.
        id: Option<i64>,
    },
    /// Marks certificates as handed over, and forgets their keys if told so.
    Delivered {
        /// Row numbers.
        ids: Vec<i64>,
        /// Whether the keys held for them are forgotten.
        drop_keys: bool,
    },
    /// Marks certificates as not handed over any more: what lies where they belong is not what should lie there.
    Owe {
        /// Row numbers.
        ids: Vec<i64>,
    },
    /// Keeps a key encrypted anew in place of the one that is held; a conflict if none is held for that row any more.
    SetHeldKey {
        /// Row number of the certificate.
        id: i64,
        /// The encrypted PKCS#8 key.
        pkcs8: Vec<u8>,
    },
    /// As [`Change::SetHeldKey`], for the key of an open intent.
    SetIntentKey {
        /// The operation.
        op: Id,
        /// The encrypted PKCS#8 key.
        key: Vec<u8>,
    },
    /// Opens an intent; a conflict if one for a single certificate of that name is open already. `record` is the index of its record among those appended with it.
    OpenIntent {
        /// The intent; its reference is filled in.
        intent: Box<OpenIntent>,
        /// Index of its record.
        record: usize,
    },
    /// Stores the issuer's handle of an open intent.
    SetHandle {
        /// The operation.
        op: Id,
        /// The handle.
        handle: String,
    },
    /// Notes that the outcome of an open intent is unknown; a conflict if that is noted already.
    Doubt(Id),
    /// Takes an open intent over from a dead process; a conflict if another process was quicker.
    Adopt {
        /// The operation.
        op: Id,
        /// The process that is gone.
        from: Id,
        /// The one that goes on with it.
        to: Id,
    },
    /// Ends an intent; a conflict if it has ended already.
    CloseIntent(Id),
    /// Revokes a certificate; a conflict if it is revoked already.
    Revoke {
        /// Its row number.
        id: i64,
        /// When.
        at: Timestamp,
        /// Why.
        reason: RevocationReason,
    },
    /// Marks a certificate as replaced; a conflict if it is replaced already.
    Replace {
        /// Row number of the old certificate.
        id: i64,
        /// SHA-256 of the new one.
        by: Fingerprint,
    },
    /// Marks the certificate of that digest as not current: it exists, but is not what was asked for.
    SetAside(Fingerprint),
    /// Remembers where a certificate is installed; replaces what was known of that file, or of that alias in a shared one.
    Install {
        /// Where and what.
        installation: Installation,
        /// Whether entries under other aliases stay in the file; if not, the certificate is all that it holds.
        shared: bool,
    },
    /// Notes what became of a step at a place that is remembered.
    Step(StepChange),
    /// Forgets a place: the certificate belongs there no more.
    Forget {
        /// The file, absolute, or the address.
        path: PathBuf,
        /// The alias, in lower case.
        alias: String,
    },
    /// Remembers all that is known of a file under another path: it was moved.
    Relocate {
        /// The path it had, absolute.
        from: PathBuf,
        /// The path it has now, absolute.
        to: PathBuf,
    },
    /// Remembers a certificate in a truststore; what else is known of the file stays.
    Trust(Installation),
    /// Forgets what was remembered under that alias of a truststore.
    Distrust {
        /// The file, absolute.
        path: PathBuf,
        /// The alias.
        alias: String,
    },
    /// Changes what is known of a service.
    Service(ServiceChange),
    /// Adds a CA; a conflict if the name is taken.
    AddAuthority(Authority),
    /// Changes a CA of the same name; a conflict unless it is as it was before.
    SetAuthority {
        /// As it was.
        before: Box<Authority>,
        /// As it is from now on.
        after: Box<Authority>,
    },
    /// Takes a CA away that has signed nothing; a conflict unless it is as it was before.
    RemoveAuthority(Authority),
    /// Changes what is known of a file that holds CRLs.
    Publication(PublicationChange),
    /// Stores a CRL; a conflict if its number is not greater than the last one.
    AddCrl(CrlEntry),
    /// Remembers what is in force from now on; a conflict unless `before` is what is remembered now.
    InForce {
        /// What is in force.
        fact: InForceFact,
        /// What was; `None` if it is new.
        before: Option<String>,
    },
    /// Forgets something that is in force no more; a conflict unless exactly this is remembered.
    NotInForce(InForceFact),
    /// Takes this for the latest time of the log, although records have later ones: the clock was set right.
    AcceptClock(Timestamp),
}
