//! What a certificate from elsewhere is held against, and how the inventory will remember it: kept with the intent, so
//! that any later process can end it as the first one would have.

use crate::store::RequestDigest;
use certroll_pki::digest::Fingerprint;
use certroll_pki::digest::KeyHash;

use serde::{Deserialize, Serialize};

use crate::audit::record::value::Digest;
use crate::error::{Error, ErrorKind};
use crate::issuer::{Issued, PendingRequest, Request, SigningPlan, Usages};
use crate::store::{OpenIntent, Pointers, RequestSpec};
use certroll_base::clock::Timestamp;
use certroll_pki::key::KeyPair;
use certroll_pki::key::kind::PublicKeyKind;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::path::{self, FlawKind, PathInputs};
use certroll_pki::x509::certificate::Certificate;

/// How far the clock of an issuer may be from ours, in seconds.
const LEEWAY_SECS: i64 = 300;

/// What is kept with the intent of a certificate until it ends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ExpectedCertificate {
    /// The name in the inventory.
    pub name: String,
    /// The template.
    pub template: String,
    /// The alternative names asked for.
    pub names: Vec<GeneralName>,
    /// The latest end of validity, in milliseconds since 1970, where the issuer lets us choose.
    until: Option<i64>,
    /// SHA-256 of the certificate that this one replaces.
    pub replaces: Option<Digest>,
    /// Its row.
    pub replaced: Option<i64>,
    /// Kind of the key.
    pub key_kind: PublicKeyKind,
    /// What was asked for.
    #[serde(with = "as_text")]
    pub request: RequestSpec,
    /// The digest names the request: only the same command goes on with it.
    #[serde(rename = "request_sha256")]
    pub request_digest: Digest,
    /// When it will be due.
    pub renew_before: String,
    /// Whether no file was asked for.
    pub stays: bool,
    /// The usages that were approved; not compared where an older version began.
    #[serde(default)]
    usages: Option<Usages>,
    /// The CA that signs, where it was known.
    #[serde(default)]
    signer: Option<ExpectedSigner>,
    /// The CA of this home that the certificate is to be of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<ExpectedAuthority>,
}

/// A CA of this home whose certificate is asked for elsewhere: what makes it an issuer once that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExpectedAuthority {
    /// Where its key is: a file of the home, or a reference.
    pub key_file: String,
    /// URIs of the CRL, of OCSP responders and of its certificate, for what it will issue.
    pub pointers: Pointers,
}

/// A request as JSON in a text, as certroll 0.1 kept it.
mod as_text {
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::store::RequestSpec;

    pub(super) fn serialize<S: Serializer>(request: &RequestSpec, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&serde_json::to_string(request).map_err(S::Error::custom)?)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RequestSpec, D::Error> {
        serde_json::from_str(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A CA by its key, which stays the same when its certificate is renewed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ExpectedSigner {
    /// SHA-256 of its public key.
    spki: Digest,
    /// Its subject, for people.
    subject: String,
}

impl ExpectedSigner {
    fn of(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?;
        Some(Self { spki: certificate.key_hash().into(), subject: certificate.subject.to_string() })
    }
}

/// What is remembered beside the request itself.
pub(crate) struct ExpectationContext<'a> {
    pub replaced: Option<i64>,
    pub remembered: &'a super::record::InventoryFields,
    /// Whether the issuer lets the lifetime be chosen.
    pub lifetime: bool,
    /// The CA of this home that the certificate is to be of.
    pub authority: Option<ExpectedAuthority>,
}

/// A certificate held against its claim.
pub(crate) enum Match {
    /// It is what was asked for.
    Good(Box<Certificate>),
    /// It has our key, but is not what was asked for.
    Bad(Box<Certificate>, Mismatch),
    /// It is nothing of ours.
    Foreign(&'static str),
}

/// In what a certificate differs from what was asked for.
pub(crate) struct Mismatch {
    /// As it goes on record: `a longer lifetime`.
    pub what: String,
    /// What to do so that it does not happen again, where that is known.
    pub hint: Option<String>,
}

impl From<&str> for Mismatch {
    fn from(what: &str) -> Self {
        Self { what: what.to_owned(), hint: None }
    }
}

impl ExpectedCertificate {
    pub(crate) fn of(request: &Request, plan: &SigningPlan, rest: &ExpectationContext<'_>) -> Self {
        let remembered = rest.remembered;
        Self {
            name: request.name.clone(),
            template: request.template.clone(),
            names: request.content.names.clone(),
            until: rest.lifetime.then(|| request.content.validity.not_after.millis()),
            replaces: request.replaces.map(Into::into),
            replaced: rest.replaced,
            key_kind: remembered.key_kind.clone(),
            request: remembered.request.clone(),
            request_digest: remembered.request_digest.into(),
            renew_before: remembered.renew_before.to_string(),
            stays: remembered.delivered,
            usages: Some(Usages::of(request)),
            signer: plan.signer.as_deref().and_then(ExpectedSigner::of),
            authority: rest.authority.clone(),
        }
    }

    /// The claim kept with an intent.
    pub(crate) fn read(open: &OpenIntent) -> Result<Self, Error> {
        open.memory.read().map_err(|error| {
            Error::new(ErrorKind::Verification, format!("what was asked for `{}` cannot be read back", open.name))
                .because(error)
        })
    }

    /// The latest end of validity, where the issuer lets us choose.
    pub(crate) fn until(&self) -> Option<Timestamp> {
        self.until.map(Timestamp::from_millis)
    }

    /// Whether that request, for a certificate in that one's place, is this one.
    pub(crate) fn is_for(&self, request: &RequestDigest, replaces: Option<&Fingerprint>) -> bool {
        self.request_digest == (*request).into() && self.replaces == replaces.map(|old| (*old).into())
    }

    /// Holds what came back against what was asked for: key, names, usages, lifetime, issuer, chain. An issuer elsewhere may
    /// leave the subject out, and add usages that policy would have allowed; names, key and the end of validity are what
    /// was approved. Where the issuer makes the key, its kind was.
    pub(crate) fn fit(&self, key_hash: Option<&KeyHash>, issued: &Issued, now: Timestamp) -> Match {
        let Ok(certificate) = Certificate::from_der(&issued.certificate) else {
            return Match::Foreign("no certificate");
        };
        if key_hash.is_some_and(|ours| certificate.key_hash() != *ours) {
            return Match::Foreign("a certificate for another public key");
        }
        if key_hash.is_none() {
            if PublicKeyKind::of(&certificate.spki) != self.key_kind {
                return Match::Bad(Box::new(certificate), "a key of another kind".into());
            }
            let key = issued.key.as_ref().map(|key| KeyPair::from_pkcs8(key.expose()));
            if key.is_some_and(|key| key.map_or(true, |key| key.spki() != certificate.spki)) {
                return Match::Bad(Box::new(certificate), "a private key that is not its own".into());
            }
        }
        match self.difference(&certificate, &issued.chain, now) {
            None => Match::Good(Box::new(certificate)),
            Some(what) => Match::Bad(Box::new(certificate), what),
        }
    }

    fn difference(&self, certificate: &Certificate, chain: &[Vec<u8>], now: Timestamp) -> Option<Mismatch> {
        // In any order, and whether or not one is there twice.
        let lacks = |names: &[GeneralName], others: &[GeneralName]| others.iter().any(|name| !names.contains(name));
        if lacks(&certificate.names, &self.names) || lacks(&self.names, &certificate.names) {
            return Some("other names".into());
        }
        if certificate.is_ca {
            return Some("the certificate of a CA".into());
        }
        let validity = certificate.validity;
        if validity.not_before > now.plus_secs(LEEWAY_SECS) || validity.not_after <= now {
            return Some("a certificate that is not valid now".into());
        }
        if self.until().is_some_and(|until| validity.not_after > until.plus_secs(LEEWAY_SECS)) {
            return Some("a longer lifetime".into());
        }
        if let Some(misfit) = self.against_chain(certificate, chain, now) {
            return Some(misfit);
        }
        if let Some(what) = self.usages.as_ref().and_then(|usages| usages.misfit(certificate, &self.key_kind)) {
            let hint = format!(
                "let the issuer's role or profile give what template `{}` asks for, or use a template for what it gives",
                self.template
            );
            return Some(Mismatch { what, hint: Some(hint) });
        }
        let oid = certificate.unknown_critical.first()?;
        Some(Mismatch { what: format!("the critical extension {oid}, not known here"), hint: None })
    }

    /// The chain link by link; then whether a verifier would take it (RFC 5280 section 6.1), but for critical extensions of the
    /// certificate itself, which are told apart; then the CA that was expected.
    fn against_chain(&self, certificate: &Certificate, chain: &[Vec<u8>], now: Timestamp) -> Option<Mismatch> {
        let mut path = vec![certificate.clone()];
        for der in chain {
            let Ok(issuer) = Certificate::from_der(der) else { return Some("a chain that is no certificate".into()) };
            if path.last().is_some_and(|below| below.verify_issued_by(&issuer).is_err()) {
                return Some("a chain that does not verify".into());
            }
            path.push(issuer);
        }
        let Some(issuer) = path.get(1) else { return Some("no issuer's certificate with it".into()) };
        // Its clock may be ahead of ours, which was allowed for above.
        let then = now.max(certificate.validity.not_before);
        let flaws = path::judge(as_far_as_needed(&path, then), &PathInputs::at(then));
        let of_leaf_extension =
            |flaw: &&path::PathFlaw| flaw.certificate == 0 && flaw.kind == FlawKind::UnknownExtension;
        if let Some(flaw) = flaws.iter().find(|flaw| !of_leaf_extension(flaw)) {
            return Some(Mismatch { what: format!("a chain that verifiers refuse: {}", flaw.text()), hint: None });
        }
        let expected = self.signer.as_ref().filter(|signer| signer.spki != issuer.key_hash().into())?;
        Some(Mismatch {
            what: format!("the signature of another CA, `{}` in place of `{}`", issuer.subject, expected.subject),
            hint: Some(
                "if the issuer changed its CA just then, repeat the command; otherwise ask its operator".to_owned(),
            ),
        })
    }

    /// Usages that the issuer added, for a warning.
    pub(crate) fn added(&self, certificate: &Certificate) -> Vec<String> {
        self.usages.as_ref().map(|usages| usages.added(certificate)).unwrap_or_default()
    }
}

/// A path without expired or version 1 roots at its end: verifiers use their own trust anchors (RFC 5280 section 6.1). Public
/// CAs send roots along that have expired, and roots of version 1, which cannot say that they are CAs.
fn as_far_as_needed(path: &[Certificate], now: Timestamp) -> &[Certificate] {
    match path {
        [rest @ .., last] if rest.len() > 1 => {
            let expired = last.validity.not_after <= now;
            let unsaid = last.is_self_issued() && !last.is_ca;
            if expired || unsaid { as_far_as_needed(rest, now) } else { path }
        }
        _ => path,
    }
}

/// What the issuer needs to find an intent's request again.
pub(crate) fn pending(open: &OpenIntent) -> PendingRequest {
    let claim = ExpectedCertificate::read(open).ok();
    PendingRequest {
        op: open.op,
        key_hash: open.key_hash(),
        until: claim.as_ref().and_then(ExpectedCertificate::until),
        replaces: claim.as_ref().and_then(|claim| claim.replaces.map(|digest| Fingerprint::new(digest.0))),
        names: claim.as_ref().map(|claim| claim.names.clone()).unwrap_or_default(),
        key_kind: claim.map(|claim| claim.key_kind),
        csr: open.csr.clone(),
        handle: open.handle.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use certroll_pki::name::distinguished_name::DistinguishedName;
    use certroll_pki::x509::extensions::{BasicConstraints, ExtensionProfile, KeyUsage};
    use certroll_pki::x509::serial::SerialNumber;
    use certroll_pki::x509::signing::{CertificateContent, CertificateEncoder, IssuerIdentity};
    use certroll_pki::x509::validity::{Lifetime, Validity};

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    struct Ca {
        key: KeyPair,
        certificate: Certificate,
    }

    fn content(name: &str, extensions: ExtensionProfile, days: i64) -> CertificateContent {
        CertificateContent {
            subject: DistinguishedName::parse(&format!("CN={name}")).unwrap(),
            names: Vec::new(),
            validity: Validity::starting(NOW, Lifetime::Seconds(days * 86_400)),
            extensions: Arc::new(extensions),
        }
    }

    fn key() -> KeyPair {
        KeyPair::generate("ec:p256".parse().unwrap()).unwrap()
    }

    fn sign(content: &CertificateContent, key: &KeyPair, by: Option<&Ca>) -> Certificate {
        let own = IssuerIdentity { name: content.subject.clone(), key_id: None, key: key.algorithm() };
        let identity = by.map_or(own, |ca| IssuerIdentity::of(&ca.certificate, ca.key.algorithm()));
        let encoder = CertificateEncoder::new(content.extensions.clone(), &identity).unwrap();
        let tbs = encoder.encode(content, &SerialNumber::random(), key.spki()).unwrap();
        Certificate::from_der(&tbs.sign(by.map_or(key, |ca| &ca.key)).unwrap()).unwrap()
    }

    fn ca(name: &str, by: Option<&Ca>, days: i64, profile: ExtensionProfile) -> Ca {
        let key = key();
        let certificate = sign(&content(name, profile, days), &key, by);
        Ca { key, certificate }
    }

    fn authority(path_length: Option<u8>) -> ExtensionProfile {
        let key_usage = vec![KeyUsage::KeyCertSign];
        ExtensionProfile {
            basic_constraints: BasicConstraints::Ca { path_length },
            key_usage,
            ..ExtensionProfile::default()
        }
    }

    fn for_servers() -> ExtensionProfile {
        let extended_key_usage = vec!["serverAuth".parse().unwrap()];
        ExtensionProfile { extended_key_usage, ..ExtensionProfile::default() }
    }

    /// What is said of a certificate for servers, signed by the last of them, when the first was expected.
    fn said(claim: &ExpectedCertificate, chain: &[&Ca], profile: ExtensionProfile) -> String {
        let key = key();
        let leaf = sign(&content("a", profile, 30), &key, chain.first().copied());
        let chain = chain.iter().map(|ca| ca.certificate.as_der().to_vec()).collect();
        let issued = Issued { certificate: leaf.as_der().to_vec(), chain, key: None, remark: None };
        match claim.fit(Some(&leaf.key_hash()), &issued, NOW) {
            Match::Good(_) => String::new(),
            Match::Bad(_, misfit) => misfit.what,
            Match::Foreign(what) => what.to_owned(),
        }
    }

    fn claim(signer: Option<&Ca>) -> ExpectedCertificate {
        let request = Request {
            name: "a".to_owned(),
            template: "t".to_owned(),
            content: content("a", for_servers(), 30),
            tolerated: Vec::new(),
            spki: Vec::new(),
            key: None,
            csr: None,
            replaces: None,
            predecessor: None,
        };
        let remembered = crate::lifecycle::signing::record::InventoryFields {
            key_kind: "ec:p256".into(),
            request: RequestSpec {
                template: "t".to_owned(),
                issuer: "i".to_owned(),
                subject: None,
                names: Vec::new(),
                parameters: std::collections::BTreeMap::new(),
                lifetime: None,
                key: None,
            },
            request_digest: RequestDigest::new([0; 32]),
            renew_before: certroll_pki::x509::validity::RenewBefore::default(),
            key: None,
            chain: Vec::new(),
            delivered: false,
        };
        let plan = SigningPlan::elsewhere().signed_by(signer.map(|ca| ca.certificate.as_der().to_vec()));
        ExpectedCertificate::of(
            &request,
            &plan,
            &ExpectationContext { replaced: None, remembered: &remembered, lifetime: true, authority: None },
        )
    }

    #[test]
    fn the_chain_is_one_that_verifiers_take_and_leads_to_the_ca_that_was_known() {
        let root = ca("root", None, 100, authority(None));
        let middle = ca("middle", Some(&root), 50, authority(Some(0)));
        let known = claim(Some(&middle));
        assert_eq!(said(&known, &[&middle, &root], for_servers()), "");
        assert_eq!(said(&known, &[&middle], for_servers()), "");
        assert_eq!(said(&claim(None), &[&root], for_servers()), "");
        assert_eq!(said(&known, &[], for_servers()), "no issuer's certificate with it");
        let other = "the signature of another CA, `CN=root` in place of `CN=middle`";
        assert_eq!(said(&known, &[&root], for_servers()), other);
        // Its certificate was renewed under the same key: the same CA.
        let renewed = sign(&content("middle", authority(Some(0)), 90), &middle.key, Some(&root));
        let renewed =
            Ca { key: KeyPair::from_pkcs8(middle.key.to_pkcs8().unwrap().expose()).unwrap(), certificate: renewed };
        assert_eq!(said(&known, &[&renewed, &root], for_servers()), "");
        let refused = |chain: &[&Ca], why: &str| {
            let what = said(&claim(None), chain, for_servers());
            assert!(what.starts_with("a chain that verifiers refuse: ") && what.contains(why), "{what}");
        };
        let deep = ca("deep", Some(&middle), 40, authority(None));
        refused(&[&deep, &middle, &root], "path length");
        let expired = ca("expired", Some(&root), -1, authority(None));
        refused(&[&expired, &root], "expired");
        let end = ca("end", Some(&root), 50, ExtensionProfile::default());
        refused(&[&end, &root], "is no CA");
        let idle =
            ca("idle", Some(&root), 50, ExtensionProfile { key_usage: vec![KeyUsage::CrlSign], ..authority(None) });
        refused(&[&idle, &root], "not for signing certificates");
        // Above the CA that signed, what verifiers do not need may have ended.
        let old = ca("old", None, -1, authority(None));
        let first = ca("first", None, 50, ExtensionProfile::default());
        for top in [&old, &first] {
            let below = ca("below", Some(top), 50, authority(None));
            assert_eq!(said(&claim(None), &[&below, top], for_servers()), "");
        }
        refused(&[&old], "expired");
        refused(&[&first], "is no CA");
    }

    #[test]
    fn usages_are_held_against_the_claim_and_one_of_an_older_version_has_none() {
        let root = ca("root", None, 100, authority(None));
        let clients =
            ExtensionProfile { extended_key_usage: vec!["clientAuth".parse().unwrap()], ..Default::default() };
        let known = claim(Some(&root));
        assert_eq!(said(&known, &[&root], clients.clone()), "no extended key usage serverAuth, which was asked for");
        let mut json: serde_json::Value = serde_json::to_value(&known).unwrap();
        for field in ["usages", "signer"] {
            assert!(json.as_object_mut().unwrap().remove(field).is_some());
        }
        let old: ExpectedCertificate = serde_json::from_value(json).unwrap();
        let stranger = ca("stranger", None, 100, authority(None));
        assert_eq!(said(&old, &[&stranger], clients), "");
        assert!(old.added(&root.certificate).is_empty());
    }
}
