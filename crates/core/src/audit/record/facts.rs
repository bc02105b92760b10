//! The parts of a record. None may hold a key, a password, a token or a PIN.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::target::{InstallationState, TargetFacts};
use super::value::{Digest, instant, instant_option};
use certroll_base::clock::Timestamp;

/// How an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As wished.
    Ok,
    /// It was tried and did not work.
    Fail,
    /// It was refused: by policy, an approver or a back end.
    Denied,
    /// It has not ended yet.
    Pending,
    /// Whether it had an effect is not known yet.
    Indeterminate,
}

impl Outcome {
    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Fail => "fail",
            Self::Denied => "denied",
            Self::Pending => "pending",
            Self::Indeterminate => "indeterminate",
        }
    }
}

/// What kind of party acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A person.
    User,
    /// A pipeline.
    Ci,
    /// Another service.
    Svc,
    /// certroll itself, as when it recovers.
    System,
}

/// How it is known who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// The user id that the operating system gives the process.
    OsUid,
    /// A verified OpenID Connect token.
    Oidc,
    /// A client certificate.
    Mtls,
    /// A token that a back end checked.
    Token,
}

impl Authentication {
    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OsUid => "os-uid",
            Self::Oidc => "oidc",
            Self::Mtls => "mtls",
            Self::Token => "token",
        }
    }
}

/// Who acts. `id` holds only what was verified; what was merely said goes to `claimed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// What kind of party.
    pub t: ActorKind,
    /// Its name.
    pub id: String,
    /// How the name is known.
    pub auth: Authentication,
    /// SHA-256 of the evidence: of the token or the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ev: Option<Digest>,
    /// On behalf of whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obo: Option<String>,
    /// The identity provider that vouches for the name: the claim `iss` of the token. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// How it authenticated the actor: the claim `amr` of the token (RFC 8176). Since version 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// To which level: the claim `acr` of the token. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// What was said and not verified, such as the user that an environment variable names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claimed: BTreeMap<String, String>,
}

impl Actor {
    /// An actor of whom no more is known.
    pub fn new(t: ActorKind, id: String, auth: Authentication) -> Self {
        let (ev, obo, iss, amr, acr, claimed) = (None, None, None, Vec::new(), None, BTreeMap::new());
        Self { t, id, auth, ev, obo, iss, amr, acr, claimed }
    }

    pub(super) fn is_of_version_2(&self) -> bool {
        self.iss.is_some() || !self.amr.is_empty() || self.acr.is_some()
    }
}

/// From where, when that is not this machine's prompt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorSource {
    /// The address of the peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The name of the CI system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci: Option<String>,
    /// The URL of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// The commit that the run is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// For what reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// A stable word: `manual`, `due`, `policy`.
    pub code: String,
    /// What the person said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The CRLReason (RFC 5280 section 5.3.1) of a revocation: `keyCompromise`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who reported the problem that a revocation answers. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// When it was reported. Since version 2.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "instant_option")]
    pub reported: Option<Timestamp>,
}

impl Why {
    pub(super) fn is_of_version_2(&self) -> bool {
        self.reporter.is_some() || self.reported.is_some()
    }
}

/// What a policy said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Go on.
    Allow,
    /// Do not.
    Deny,
    /// Go on once it is approved.
    Approval,
}

/// The policy that was in force and what it decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyDecision {
    /// The name of the policy.
    pub id: String,
    /// SHA-256 of its text.
    pub sha256: Digest,
    /// The rule that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The decision.
    pub decision: Decision,
}

/// What a request does to the certificate that holds its name, in the terms of RFC 3647 sections 4.6 and 4.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The first certificate of its name.
    Issue,
    /// A rotation that keeps the key.
    Renew,
    /// A rotation with another key.
    Rekey,
}

impl Action {
    /// The name in records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Renew => "renew",
            Self::Rekey => "rekey",
        }
    }
}

/// What an intent announces. A batch gives `count` and `root`, a single request its names and hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestFacts {
    /// Whether it is a first certificate or a rotation. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Action>,
    /// SHA-256 of the certificate that is to be replaced. Since version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<Digest>,
    /// The name of the template; absent when nothing is to be issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// SHA-256 of the template's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_sha256: Option<Digest>,
    /// The subject and alternative names asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The start of validity; absent when the issuer chooses it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "instant_option")]
    pub nb: Option<Timestamp>,
    /// The end of validity; absent when the issuer chooses it.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "instant_option")]
    pub na: Option<Timestamp>,
    /// SHA-256 of the certificate request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub csr: Option<Digest>,
    /// SHA-256 of the bytes that are going to be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tbs: Option<Digest>,
    /// SHA-256 of the SubjectPublicKeyInfo: finds the certificate again wherever it turns up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spki: Option<Digest>,
    /// Where the private key is from and where it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How many certificates; 1 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The root of the Merkle tree over what each of them would have as `tbs` or `csr`, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Digest>,
}

impl RequestFacts {
    pub(super) fn is_of_version_2(&self) -> bool {
        self.act.is_some() || self.prev.is_some()
    }
}

/// A certificate that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateFacts {
    /// The name of the issuer. Always spelled alike for one issuer: with `sn` it identifies the certificate.
    pub iss: String,
    /// The serial number, lower-case hexadecimal.
    pub sn: String,
    /// SHA-256 of the certificate.
    pub sha256: Digest,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub spki: Digest,
    /// The subject and alternative names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub san: Vec<String>,
    /// The start of validity.
    #[serde(with = "instant")]
    pub nb: Timestamp,
    /// The end of validity.
    #[serde(with = "instant")]
    pub na: Timestamp,
    /// The algorithm of the subject's key.
    pub alg: String,
    /// SHA-256 of the certificate that this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<Digest>,
}

/// Whose signature a certificate has or is going to have. Since version 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerFacts {
    /// The name of the issuer in the inventory or the settings.
    pub id: String,
    /// SHA-256 of the issuer's SubjectPublicKeyInfo, where it is known beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spki: Option<Digest>,
    /// The signature algorithm, where it is known beforehand: `ecdsa-with-SHA256`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
}

/// A certificate revocation list (RFC 5280 section 5). Since version 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrlFacts {
    /// The name of the CA.
    pub iss: String,
    /// Its cRLNumber.
    pub number: u64,
    /// SHA-256 of the list.
    pub sha256: Digest,
    /// How many certificates it lists.
    pub entries: u64,
    /// Its thisUpdate.
    #[serde(with = "instant")]
    pub this: Timestamp,
    /// Its nextUpdate.
    #[serde(with = "instant")]
    pub next: Timestamp,
    /// How many records of the log it takes into account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<u64>,
}

/// A device that certificates belong to. Since version 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceFacts {
    /// Its identity: an EUI-64, a logical device name, a serial number.
    pub id: String,
    /// In which part of its life it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// A call to a back end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remote {
    /// The type of the issuer: `acme`, `aws-pca`, `vault`.
    pub t: String,
    /// Its name in the settings.
    pub id: String,
    /// The account there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What the back end calls the request: an order URL, an ARN, a request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The idempotency token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idem: Option<String>,
    /// The HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// Another record of this log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its index.
    pub seq: u64,
    /// The hash of its leaf.
    pub leaf: Digest,
}

/// What went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// A stable word.
    pub code: String,
    /// The words of the part that refused or failed.
    pub text: String,
}
