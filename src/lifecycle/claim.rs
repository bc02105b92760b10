//! What a certificate from elsewhere is held against, and how the inventory will remember it: kept with the intent, so
//! that any later process can end it as the first one would have.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::{Error, Kind};
use crate::audit::value::Digest;
use crate::base::clock::Timestamp;
use crate::base::encoding::Sha256;
use crate::issuer::{Issued, Request, Ticket};
use crate::pki::certificate::Certificate;
use crate::pki::key::KeyPair;
use crate::pki::signature;
use crate::store::OpenIntent;

/// How far the clock of an issuer may be from ours, in seconds.
const LEEWAY_SECS: i64 = 300;

/// An intent's own memory, as JSON in the store.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claim {
    /// The name in the inventory.
    pub name: String,
    /// The template.
    pub template: String,
    /// The alternative names asked for.
    pub names: Vec<String>,
    /// The latest end of validity, in milliseconds since 1970, where the issuer lets us choose.
    until: Option<i64>,
    /// SHA-256 of the certificate that this one replaces.
    pub replaces: Option<Digest>,
    /// Its row.
    pub replaced: Option<i64>,
    /// Kind of the key.
    pub key_kind: String,
    /// What was asked for, as JSON, and its digest.
    pub request: String,
    /// The digest names the request: only the same command goes on with it.
    pub request_sha256: Digest,
    /// When it will be due.
    pub renew_before: String,
    /// Whether no file was asked for.
    pub stays: bool,
}

/// What is remembered beside the request itself.
pub(super) struct Remembering<'a> {
    pub replaced: Option<i64>,
    pub remembered: &'a super::execute::Remembered,
    /// Whether the issuer lets the lifetime be chosen.
    pub lifetime: bool,
}

/// A certificate held against its claim.
pub(super) enum Fit {
    /// It is what was asked for.
    Good(Box<Certificate>),
    /// It has our key, but is not what was asked for.
    Bad(Box<Certificate>, &'static str),
    /// It is nothing of ours.
    Foreign(&'static str),
}

impl Claim {
    pub(super) fn of(request: &Request, rest: &Remembering<'_>) -> Self {
        let remembered = rest.remembered;
        Self {
            name: request.name.clone(),
            template: request.template.clone(),
            names: request.content.names.iter().map(ToString::to_string).collect(),
            until: rest.lifetime.then(|| request.content.validity.not_after.millis()),
            replaces: request.replaces.map(Into::into),
            replaced: rest.replaced,
            key_kind: remembered.key_kind.clone(),
            request: remembered.request.clone(),
            request_sha256: remembered.request_sha256.into(),
            renew_before: remembered.renew_before.to_string(),
            stays: remembered.delivered,
        }
    }

    /// As it is kept.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The claim kept with an intent.
    pub(super) fn read(open: &OpenIntent) -> Result<Self, Error> {
        serde_json::from_str(&open.memory).map_err(|error| {
            Error::new(Kind::Verification, format!("what was asked for `{}` cannot be read back", open.name))
                .because(error)
        })
    }

    /// The latest end of validity, where the issuer lets us choose.
    pub(super) fn until(&self) -> Option<Timestamp> {
        self.until.map(Timestamp::from_millis)
    }

    /// Whether that request, for a certificate in that one's place, is this one.
    pub(super) fn is_for(&self, request: &Sha256, replaces: Option<&Sha256>) -> bool {
        self.request_sha256.0 == *request && self.replaces.as_ref().map(|digest| &digest.0) == replaces
    }

    /// Holds what came back against what was asked for: key, names, lifetime, chain. An issuer elsewhere may leave the
    /// subject out and choose usages by its own profile; names, key and the end of validity are what was approved. Where the
    /// issuer makes the key, its kind was.
    pub(super) fn fit(&self, spki_sha256: Option<&Sha256>, issued: &Issued, now: Timestamp) -> Fit {
        let Ok(certificate) = Certificate::from_der(&issued.certificate) else {
            return Fit::Foreign("no certificate");
        };
        if spki_sha256.is_some_and(|ours| certificate.spki_sha256() != *ours) {
            return Fit::Foreign("a certificate for another public key");
        }
        if spki_sha256.is_none() {
            if signature::key_description(&certificate.spki) != self.key_kind {
                return Fit::Bad(Box::new(certificate), "a key of another kind");
            }
            let key = issued.key.as_ref().map(|key| KeyPair::from_pkcs8(key.expose()));
            if key.is_some_and(|key| key.map_or(true, |key| key.spki() != certificate.spki)) {
                return Fit::Bad(Box::new(certificate), "a private key that is not its own");
            }
        }
        match self.difference(&certificate, &issued.chain, now) {
            None => Fit::Good(Box::new(certificate)),
            Some(what) => Fit::Bad(Box::new(certificate), what),
        }
    }

    fn difference(&self, certificate: &Certificate, chain: &[Vec<u8>], now: Timestamp) -> Option<&'static str> {
        let names: BTreeSet<_> = certificate.names.iter().map(ToString::to_string).collect();
        if names != self.names.iter().cloned().collect() {
            return Some("other names");
        }
        if certificate.is_ca {
            return Some("the certificate of a CA");
        }
        let validity = certificate.validity;
        if validity.not_before > now.plus_secs(LEEWAY_SECS) || validity.not_after <= now {
            return Some("a certificate that is not valid now");
        }
        if self.until().is_some_and(|until| validity.not_after > until.plus_secs(LEEWAY_SECS)) {
            return Some("a longer lifetime");
        }
        let mut below = certificate.clone();
        for der in chain {
            let Ok(issuer) = Certificate::from_der(der) else { return Some("a chain that is no certificate") };
            if below.verify_issued_by(&issuer).is_err() {
                return Some("a chain that does not verify");
            }
            below = issuer;
        }
        chain.is_empty().then_some("no issuer's certificate with it")
    }
}

/// What the issuer needs to find an intent's request again.
pub(super) fn ticket(open: &OpenIntent) -> Ticket {
    let claim = Claim::read(open).ok();
    Ticket {
        op: open.op,
        spki_sha256: open.subject,
        until: claim.as_ref().and_then(Claim::until),
        replaces: claim.as_ref().and_then(|claim| claim.replaces.map(|digest| digest.0)),
        names: claim.as_ref().map(|claim| claim.names.clone()).unwrap_or_default(),
        key_kind: claim.map(|claim| claim.key_kind).unwrap_or_default(),
        csr: open.csr.clone(),
        handle: open.handle.clone(),
    }
}
