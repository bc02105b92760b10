//! Paths from a certificate to a trust anchor, and what is wrong with them (RFC 5280 section 6.1).
//!
//! Certificate policies are not processed: every policy is acceptable.

use crate::verify::constraints;
use crate::x509::certificate::Certificate;
use crate::x509::crl::Crl;
use crate::x509::extensions::KeyUsage;
use certroll_base::clock::Timestamp;

/// No path is longer.
const LONGEST: usize = 8;
/// Signatures that are checked while a path is looked for; a crafted heap of certificates costs no more.
const MOST_SIGNATURES: usize = 64;

/// What is wrong with a certificate of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathFlaw {
    /// It has expired.
    Expired(String),
    /// It is revoked.
    Revoked(String),
    /// It has a critical extension that is not known here.
    Extension(String),
    /// Anything else.
    Other(String),
}

impl PathFlaw {
    /// In words.
    pub fn text(&self) -> &str {
        match self {
            Self::Expired(text) | Self::Revoked(text) | Self::Extension(text) | Self::Other(text) => text,
        }
    }
}

/// The path from `leaf` to one of `anchors`, leaf first and anchor last, through any of `others`; one without flaws if there
/// is one. `None` when none leads there. A leaf that is an anchor itself is a path of its own.
pub fn find(
    leaf: &Certificate,
    others: &[Certificate],
    anchors: &[Certificate],
    now: Timestamp,
) -> Option<Vec<Certificate>> {
    if anchors.iter().any(|anchor| anchor.as_der() == leaf.as_der()) {
        return Some(vec![leaf.clone()]);
    }
    let mut search = Search { others, anchors, now, left: MOST_SIGNATURES, second_best: None };
    search.from(&mut vec![leaf.clone()]).or(search.second_best)
}

struct Search<'a> {
    others: &'a [Certificate],
    anchors: &'a [Certificate],
    now: Timestamp,
    left: usize,
    second_best: Option<Vec<Certificate>>,
}

impl Search<'_> {
    fn from(&mut self, path: &mut Vec<Certificate>) -> Option<Vec<Certificate>> {
        let last = path.last()?.clone();
        for (candidates, is_anchor) in [(self.anchors, true), (self.others, false)] {
            for issuer in candidates {
                if path.len() >= LONGEST || path.iter().any(|known| known.as_der() == issuer.as_der()) {
                    continue;
                }
                if issuer.subject.as_der() != last.issuer.as_der() || self.left == 0 {
                    continue;
                }
                self.left -= 1;
                if last.verify_issued_by(issuer).is_err() {
                    continue;
                }
                path.push(issuer.clone());
                let whole = if is_anchor { self.judged(path) } else { self.from(path) };
                if whole.is_some() {
                    return whole;
                }
                path.pop();
            }
        }
        None
    }

    fn judged(&mut self, path: &[Certificate]) -> Option<Vec<Certificate>> {
        if flaws(path, self.now).is_empty() {
            return Some(path.to_vec());
        }
        self.second_best.get_or_insert_with(|| path.to_vec());
        None
    }
}

/// What is wrong with a path of [`find`] at that time, revocation apart.
pub fn flaws(path: &[Certificate], now: Timestamp) -> Vec<PathFlaw> {
    let mut flaws = Vec::new();
    let mut below = 0;
    for (index, certificate) in path.iter().enumerate() {
        let name = certificate.display_name();
        if now < certificate.validity.not_before {
            let from = certificate.validity.not_before;
            flaws.push(PathFlaw::Other(format!("the certificate of `{name}` is not valid before {from}")));
        } else if !certificate.validity.contains(now) {
            let until = certificate.validity.not_after;
            flaws.push(PathFlaw::Expired(format!("the certificate of `{name}` expired at {until}")));
        }
        for oid in &certificate.unknown_critical {
            flaws.push(PathFlaw::Extension(format!(
                "the certificate of `{name}` has the critical extension {oid}, not known here"
            )));
        }
        let above = path.get(index + 1..).unwrap_or_default();
        // Not for a CA's certificate over its own name, unless it is the last of the path (section 6.1.3 (b)).
        let violation = constraints::check(above, &certificate.subject, &certificate.names).err();
        let counts = index == 0 || !certificate.is_self_issued();
        flaws.extend(violation.filter(|_| counts).map(|violation| PathFlaw::Other(violation.to_string())));
        if index > 0 {
            flaws.extend(issuer_flaws(certificate, &name, below));
            below += usize::from(!certificate.is_self_issued());
        }
    }
    flaws
}

/// `below` is how many CAs stand between it and the leaf, not counting those over their own name.
fn issuer_flaws(certificate: &Certificate, name: &str, below: usize) -> Vec<PathFlaw> {
    let mut flaws = Vec::new();
    if !certificate.is_ca {
        flaws.push(PathFlaw::Other(format!("`{name}` is no CA")));
    }
    if !certificate.key_usage.is_empty() && !certificate.key_usage.contains(&KeyUsage::KeyCertSign) {
        flaws.push(PathFlaw::Other(format!("the key of `{name}` is not for signing certificates")));
    }
    if certificate.path_length.is_some_and(|most| below > usize::try_from(most).unwrap_or(usize::MAX)) {
        flaws.push(PathFlaw::Other(format!("more CAs stand below `{name}` than its path length allows")));
    }
    flaws
}

/// What the CRLs say of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// A current CRL of its issuer does not list it.
    Good,
    /// It is listed.
    Revoked {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// No current CRL of its issuer is at hand; why.
    Unknown(String),
}

/// Looks a certificate up in the CRLs of its issuer (RFC 5280 section 6.3, for complete CRLs by the issuer itself).
pub fn status(certificate: &Certificate, issuer: &Certificate, crls: &[Crl], now: Timestamp) -> RevocationStatus {
    let name = issuer.display_name();
    let mut why = format!("there is no CRL of `{name}`");
    let mut good = false;
    for crl in crls.iter().filter(|crl| crl.issuer.as_der() == issuer.subject.as_der()) {
        if !issuer.key_usage.is_empty() && !issuer.key_usage.contains(&KeyUsage::CrlSign) {
            why = format!("the key of `{name}` is not for signing CRLs");
            continue;
        }
        if crl.verify(&issuer.spki).is_err() {
            why = format!("the CRL of `{name}` is not signed by its key");
            continue;
        }
        if let Some(oid) = crl.unknown_critical.first() {
            why = format!("the CRL of `{name}` has the critical extension {oid}, not known here");
            continue;
        }
        // A revocation counts whatever the age of the list; only silence needs a current one.
        if let Some((_, at, reason)) = crl.entries.iter().find(|(serial, _, _)| *serial == certificate.serial) {
            return RevocationStatus::Revoked { at: *at, reason: reason.clone() };
        }
        match crl.next_update {
            _ if now < crl.this_update => why = format!("the CRL of `{name}` is from the future"),
            Some(until) if now >= until => why = format!("the CRL of `{name}` is past its next update, {until}"),
            _ => good = true,
        }
    }
    if good { RevocationStatus::Good } else { RevocationStatus::Unknown(why) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::key::KeyPair;
    use crate::name::distinguished_name::DistinguishedName;
    use crate::x509::crl::{RevocationList, RevokedEntry};
    use crate::x509::extensions::{BasicConstraints, ExtensionProfile};
    use crate::x509::reason::RevocationReason;
    use crate::x509::serial::SerialNumber;
    use crate::x509::signing::{CertificateContent, CertificateEncoder, IssuerIdentity};
    use crate::x509::validity::Validity;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    struct Ca {
        key: KeyPair,
        certificate: Certificate,
    }

    fn signed(name: &str, key: &KeyPair, by: Option<&Ca>, profile: ExtensionProfile, days: i64) -> Certificate {
        let subject = DistinguishedName::parse(&format!("O=Test, CN={name}")).unwrap();
        let profile = Arc::new(profile);
        let identity = match by {
            Some(ca) => IssuerIdentity::of(&ca.certificate, ca.key.algorithm()),
            None => IssuerIdentity { name: subject.clone(), key_id: None, key: key.algorithm() },
        };
        let content = CertificateContent {
            subject,
            names: Vec::new(),
            validity: Validity { not_before: NOW.plus_secs(-86_400), not_after: NOW.plus_secs(days * 86_400) },
            extensions: profile.clone(),
        };
        let encoder = CertificateEncoder::new(profile, &identity).unwrap();
        let tbs = encoder.encode(&content, &SerialNumber::random(), key.spki()).unwrap();
        Certificate::from_der(&tbs.sign(by.map_or(key, |ca| &ca.key)).unwrap()).unwrap()
    }

    fn ca(name: &str, by: Option<&Ca>, path_length: Option<u8>, usage: Vec<KeyUsage>) -> Ca {
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let profile = ExtensionProfile {
            basic_constraints: BasicConstraints::Ca { path_length },
            key_usage: usage,
            ..ExtensionProfile::default()
        };
        let certificate = signed(name, &key, by, profile, 100);
        Ca { key, certificate }
    }

    fn usual() -> Vec<KeyUsage> {
        vec![KeyUsage::KeyCertSign, KeyUsage::CrlSign]
    }

    fn leaf(by: &Ca, days: i64) -> Certificate {
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        signed("leaf", &key, Some(by), ExtensionProfile::default(), days)
    }

    fn texts(path: &[Certificate]) -> String {
        flaws(path, NOW).iter().map(PathFlaw::text).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_path_is_found_through_others_and_only_to_an_anchor() {
        let root = ca("root", None, None, usual());
        let middle = ca("middle", Some(&root), Some(0), usual());
        let end = leaf(&middle, 10);
        let others = [ca("stranger", None, None, usual()).certificate, middle.certificate.clone()];
        let anchors = [root.certificate.clone()];
        let path = find(&end, &others, &anchors, NOW).unwrap();
        assert_eq!(path, [end.clone(), middle.certificate.clone(), root.certificate.clone()]);
        assert_eq!(texts(&path), "");
        assert!(find(&end, &[], &anchors, NOW).is_none());
        assert!(find(&end, &others, &others[..1], NOW).is_none());
        // Another CA of the same name did not sign it.
        let double = ca("root", None, None, usual());
        assert!(find(&end, &others, &[double.certificate], NOW).is_none());
        assert_eq!(find(&end, &[], std::slice::from_ref(&end), NOW).unwrap().len(), 1);
    }

    #[test]
    fn flaws_are_named() {
        let root = ca("root", None, Some(0), usual());
        let too_deep = ca("deep", Some(&root), None, usual());
        let deeper = ca("deeper", Some(&too_deep), None, usual());
        let path = |end: Certificate, others: &[&Ca]| {
            let others: Vec<_> = others.iter().map(|ca| ca.certificate.clone()).collect();
            find(&end, &others, std::slice::from_ref(&root.certificate), NOW).unwrap()
        };
        assert!(texts(&path(leaf(&deeper, 10), &[&deeper, &too_deep])).contains("path length"));
        let expired = path(leaf(&root, 0), &[]);
        assert!(matches!(flaws(&expired, NOW.plus_secs(1))[..], [PathFlaw::Expired(_)]));
        assert!(matches!(&flaws(&expired, NOW.plus_secs(-90_000))[..], [PathFlaw::Other(_), PathFlaw::Other(_)]));
        let no_signer = ca("no signer", Some(&root), None, vec![KeyUsage::CrlSign]);
        assert!(texts(&path(leaf(&no_signer, 10), &[&no_signer])).contains("not for signing certificates"));
        let key = KeyPair::generate("ec:p256".parse().unwrap()).unwrap();
        let certificate = signed("no ca", &key, Some(&root), ExtensionProfile::default(), 10);
        let no_ca = Ca { key, certificate };
        assert!(texts(&path(leaf(&no_ca, 10), &[&no_ca])).contains("is no CA"));
    }

    #[test]
    fn crls_tell_who_is_revoked_while_they_are_current() {
        let root = ca("root", None, None, usual());
        let (good, bad) = (leaf(&root, 10), leaf(&root, 10));
        let entry = RevokedEntry {
            serial: bad.serial.clone(),
            revoked_at: NOW.plus_secs(-60),
            reason: RevocationReason::KeyCompromise,
        };
        let list = RevocationList {
            number: 1,
            this_update: NOW.plus_secs(-60),
            next_update: NOW.plus_secs(60),
            entries: vec![entry],
        };
        let identity = IssuerIdentity::of(&root.certificate, root.key.algorithm());
        let crl = |key: &KeyPair| [Crl::from_der(&list.sign(&identity, key).unwrap()).unwrap()];
        let crls = crl(&root.key);
        let ask = |certificate, crls: &[Crl], now| status(certificate, &root.certificate, crls, now);
        assert_eq!(ask(&good, &crls, NOW), RevocationStatus::Good);
        assert!(matches!(ask(&bad, &crls, NOW), RevocationStatus::Revoked { reason, .. } if reason == "keyCompromise"));
        assert!(matches!(ask(&bad, &crls, NOW.plus_secs(60)), RevocationStatus::Revoked { .. }));
        assert!(
            matches!(ask(&good, &crls, NOW.plus_secs(60)), RevocationStatus::Unknown(why) if why.contains("next update"))
        );
        assert!(
            matches!(ask(&good, &crls, NOW.plus_secs(-61)), RevocationStatus::Unknown(why) if why.contains("future"))
        );
        assert!(matches!(ask(&good, &[], NOW), RevocationStatus::Unknown(why) if why.contains("no CRL")));
        let forged = crl(&KeyPair::generate("ec:p256".parse().unwrap()).unwrap());
        assert!(matches!(ask(&good, &forged, NOW), RevocationStatus::Unknown(why) if why.contains("not signed")));
    }
}
