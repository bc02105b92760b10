//! What was announced and has no ending yet.

use crate::audit::record::value::Id;
use crate::store::request_spec::IntentMemory;
use certroll_base::clock::Timestamp;
use certroll_base::encoding::Sha256;
use certroll_pki::digest::{Fingerprint, KeyHash};

/// What an intent is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentKind {
    /// Issue one or more certificates.
    Issue,
    /// Revoke one.
    Revoke,
}

/// What an intent is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentSubject {
    /// Certificates are issued: one for that key, or several, or one for a key that the issuer makes.
    Issuance(Option<KeyHash>),
    /// That certificate is revoked.
    Revocation(Fingerprint),
}

/// An intent without an ending.
#[derive(Clone, Debug)]
pub struct OpenIntent {
    /// The operation that joins intent and endings.
    pub op: Id,
    /// The process that wrote it.
    pub session: Id,
    /// The certificate's name, or that of the batch.
    pub name: String,
    /// The issuer.
    pub issuer: String,
    /// Its kind, as in the registry of issuers: decides who is asked what became of it.
    pub issuer_kind: String,
    /// What it is about to do, and to which key or certificate.
    pub subject: IntentSubject,
    /// The issuer's handle, once there is one.
    pub handle: Option<String>,
    /// The encrypted private key, durable here before a request with its public key leaves; a batch has none.
    pub key: Option<Vec<u8>>,
    /// The certificate request that leaves, in DER, when one does.
    pub csr: Option<Vec<u8>>,
    /// What another process needs to end it: JSON of the use case that opened it; empty when nothing is needed.
    pub memory: IntentMemory,
    /// When it is overdue, by the issuer's bound.
    pub due: Option<Timestamp>,
    /// Whether it is on record that the outcome is unknown.
    pub in_doubt: bool,
    /// How many certificates it covers.
    pub count: u64,
    /// Sequence number and leaf hash of the intent record; filled in by the store.
    pub reference: (u64, Sha256),
}

impl OpenIntent {
    /// What it is about to do.
    pub fn kind(&self) -> IntentKind {
        match self.subject {
            IntentSubject::Issuance(_) => IntentKind::Issue,
            IntentSubject::Revocation(_) => IntentKind::Revoke,
        }
    }

    /// The key that the one certificate of an issuance is for, where it is known.
    pub fn key_hash(&self) -> Option<KeyHash> {
        match self.subject {
            IntentSubject::Issuance(key) => key,
            IntentSubject::Revocation(_) => None,
        }
    }

    /// The certificate that a revocation is of.
    pub fn certificate(&self) -> Option<Fingerprint> {
        match self.subject {
            IntentSubject::Issuance(_) => None,
            IntentSubject::Revocation(certificate) => Some(certificate),
        }
    }
}
