//! Paths made here; what others made is in `tests/paths.rs`.

use std::sync::Arc;

use super::*;
use crate::key::KeyPair;
use crate::name::distinguished_name::DistinguishedName;
use crate::name::general_name::GeneralName;
use crate::verify::revocation::ForeignCrl;
use crate::x509::crl::{RevocationList, RevokedEntry};
use crate::x509::extensions::{BasicConstraints, ExtensionProfile, KeyUsage};
use crate::x509::reason::RevocationReason;
use crate::x509::serial::SerialNumber;
use crate::x509::signing::{CertificateContent, CertificateEncoder, IssuerIdentity};
use crate::x509::validity::Validity;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

struct Ca {
    key: KeyPair,
    certificate: Certificate,
}

fn key() -> KeyPair {
    KeyPair::generate("ec:p256".parse().unwrap()).unwrap()
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
        names: vec![GeneralName::parse("a.example.net").unwrap()],
        validity: Validity { not_before: NOW.plus_secs(-86_400), not_after: NOW.plus_secs(days * 86_400) },
        extensions: profile.clone(),
    };
    let encoder = CertificateEncoder::new(profile, &identity).unwrap();
    let tbs = encoder.encode(&content, &SerialNumber::random(), key.spki()).unwrap();
    Certificate::from_der(&tbs.sign(by.map_or(key, |ca| &ca.key)).unwrap()).unwrap()
}

fn authority(path_length: Option<u8>) -> ExtensionProfile {
    ExtensionProfile {
        basic_constraints: BasicConstraints::Ca { path_length },
        key_usage: vec![KeyUsage::KeyCertSign, KeyUsage::CrlSign],
        ..ExtensionProfile::default()
    }
}

fn ca(name: &str, by: Option<&Ca>, profile: ExtensionProfile) -> Ca {
    let key = key();
    let certificate = signed(name, &key, by, profile, 100);
    Ca { key, certificate }
}

fn leaf(by: &Ca, days: i64) -> Certificate {
    signed("leaf", &key(), Some(by), ExtensionProfile::default(), days)
}

fn asked(leaf: &Certificate, others: &[&Ca], anchors: &[&Ca], inputs: &PathInputs<'_>) -> Judgement {
    let own = |list: &[&Ca]| list.iter().map(|ca| ca.certificate.clone()).collect::<Vec<_>>();
    validate(leaf, &own(others), &own(anchors), inputs)
}

fn said(judgement: &Judgement) -> String {
    judgement.flaws.iter().map(PathFlaw::text).collect::<Vec<_>>().join("; ")
}

#[test]
fn a_path_is_found_through_others_and_only_to_an_anchor() {
    let root = ca("root", None, authority(None));
    let middle = ca("middle", Some(&root), authority(Some(0)));
    let end = leaf(&middle, 10);
    let stranger = ca("stranger", None, authority(None));
    let now = PathInputs::at(NOW);
    let found = asked(&end, &[&stranger, &middle], &[&root], &now);
    assert_eq!((said(&found).as_str(), found.is_anchored), ("", true));
    assert_eq!(found.path, [end.clone(), middle.certificate.clone(), root.certificate.clone()]);
    assert!(said(&asked(&end, &[], &[&root], &now)).contains("no path leads"));
    let broken = asked(&end, &[&middle], &[&stranger], &now);
    assert!(said(&broken).contains("none is at hand that issued `middle`"), "{}", said(&broken));
    assert_eq!((broken.path.len(), broken.is_anchored), (2, false));
    // Another CA of the same name did not sign it.
    let double = ca("root", None, authority(None));
    assert!(!asked(&end, &[&middle], &[&double], &now).is_anchored);
    assert!(validate(&end, &[], std::slice::from_ref(&end), &now).is_valid());
}

/// An anchor is known by its bytes: neither name, key nor key identifier of one make another certificate one.
#[test]
fn a_certificate_with_key_and_key_identifier_of_an_anchor_is_no_anchor() {
    let root = ca("root", None, authority(None));
    let stranger = ca("stranger", None, authority(None));
    let forged = signed("anything", &root.key, Some(&stranger), ExtensionProfile::default(), 10);
    assert_eq!(forged.subject_key_id, root.certificate.subject_key_id);
    assert_eq!(forged.spki, root.certificate.spki);
    let now = PathInputs::at(NOW);
    let alone = asked(&forged, &[], &[&root], &now);
    assert!(!alone.is_valid() && !alone.is_anchored, "{}", said(&alone));
    let with_issuer = asked(&forged, &[&stranger], &[&root], &now);
    assert!(!with_issuer.is_valid() && !with_issuer.is_anchored);
    // As a CA below which something stands: with the name of the anchor, signed by a stranger.
    let below = leaf(&root, 10);
    let twin = signed("root", &root.key, Some(&stranger), authority(None), 10);
    let twin = Ca { key: KeyPair::from_pkcs8(root.key.to_pkcs8().unwrap().expose()).unwrap(), certificate: twin };
    assert!(asked(&below, &[&twin], &[&root], &now).is_valid(), "the anchor itself has signed it");
    assert!(!asked(&below, &[&twin, &stranger], &[&ca("root", None, authority(None))], &now).is_anchored);
}

#[test]
fn flaws_are_named() {
    let root = ca("root", None, authority(Some(0)));
    let deep = ca("deep", Some(&root), authority(None));
    let deeper = ca("deeper", Some(&deep), authority(None));
    let now = PathInputs::at(NOW);
    let flaw = |end: &Certificate, others: &[&Ca], inputs: &PathInputs<'_>| asked(end, others, &[&root], inputs);
    assert!(said(&flaw(&leaf(&deeper, 10), &[&deeper, &deep], &now)).contains("than its path length allows"));
    let expired = flaw(&leaf(&root, 0), &[], &PathInputs::at(NOW.plus_secs(1)));
    assert!(expired.is_only_over() && said(&expired).contains("expired at"), "{}", said(&expired));
    let early = flaw(&leaf(&root, 0), &[], &PathInputs::at(NOW.plus_secs(-90_000)));
    assert!(!early.is_only_over() && said(&early).contains("is not valid before"));
    let idle = ca("idle", Some(&root), ExtensionProfile { key_usage: vec![KeyUsage::CrlSign], ..authority(None) });
    assert!(said(&flaw(&leaf(&idle, 10), &[&idle], &now)).contains("not for signing certificates"));
    let no_ca = ca("no ca", Some(&root), ExtensionProfile::default());
    assert!(said(&flaw(&leaf(&no_ca, 10), &[&no_ca], &now)).contains("`no ca` is no CA"));
    let servers = ExtensionProfile { extended_key_usage: vec!["serverAuth".parse().unwrap()], ..authority(None) };
    let servers = ca("servers", Some(&ca_without_limit()), servers);
    let clients = PathInputs { purpose: "clientAuth".parse().ok(), ..now };
    let judged = validate(&leaf(&servers, 10), &[], std::slice::from_ref(&servers.certificate), &clients);
    assert!(said(&judged).contains("is for serverAuth, not for clientAuth"), "{}", said(&judged));
    let wanted = [GeneralName::parse("b.example.net").unwrap()];
    let named = flaw(&leaf(&root, 10), &[], &PathInputs { identities: &wanted, ..now });
    assert!(said(&named).contains("not for `dns:b.example.net`"), "{}", said(&named));
    let explicit = PathInputs { require_explicit_policy: true, ..now };
    assert!(said(&flaw(&leaf(&root, 10), &[], &explicit)).contains("policy"));
    assert!(flaw(&leaf(&root, 10), &[], &PathInputs { depth: 0, ..now }).is_valid());
    let free = ca_without_limit();
    let between = ca("between", Some(&free), authority(None));
    let shallow = asked(&leaf(&between, 10), &[&between], &[&free], &PathInputs { depth: 0, ..now });
    assert!(said(&shallow).contains("are the limit"), "{}", said(&shallow));
}

#[test]
fn usages_fit_the_purpose_and_the_cas_above() {
    let root = ca_without_limit();
    let servers = ExtensionProfile { extended_key_usage: vec!["serverAuth".parse().unwrap()], ..authority(None) };
    let servers = ca("servers", Some(&root), servers);
    let now = PathInputs::at(NOW);
    let of = |purpose: &str, usage| {
        let (extended_key_usage, key_usage) = (vec![purpose.parse().unwrap()], vec![usage]);
        let profile = ExtensionProfile { extended_key_usage, key_usage, ..ExtensionProfile::default() };
        signed("leaf", &key(), Some(&servers), profile, 10)
    };
    let client = asked(&of("clientAuth", KeyUsage::DigitalSignature), &[&servers], &[&root], &now);
    assert!(said(&client).contains("allow none of these purposes"), "{}", said(&client));
    assert!(asked(&of("serverAuth", KeyUsage::DigitalSignature), &[&servers], &[&root], &now).is_valid());
    let for_servers = PathInputs { purpose: "serverAuth".parse().ok(), ..now };
    let agreeing = of("serverAuth", KeyUsage::KeyAgreement);
    assert!(asked(&agreeing, &[&servers], &[&root], &for_servers).is_valid());
    let signing = asked(&of("serverAuth", KeyUsage::NonRepudiation), &[&servers], &[&root], &for_servers);
    assert!(said(&signing).contains("and serverAuth needs one"), "{}", said(&signing));
}

#[test]
fn a_long_path_is_valid_where_its_depth_is_allowed() {
    let root = ca_without_limit();
    let mut chain: Vec<Ca> = Vec::new();
    for number in 0..20 {
        chain.push(ca(&format!("ca {number}"), Some(chain.last().unwrap_or(&root)), authority(None)));
    }
    let end = leaf(chain.last().unwrap(), 10);
    let others: Vec<&Ca> = chain.iter().collect();
    let judged = |depth| asked(&end, &others, &[&root], &PathInputs { depth, ..PathInputs::at(NOW) });
    assert_eq!(said(&judged(20)), "");
    assert!(said(&judged(19)).contains("19 CAs between both are the limit"));
}

fn ca_without_limit() -> Ca {
    ca("free", None, authority(None))
}

/// A CA whose certificate was renewed, and one that another root has signed too: any valid path will do, and an expired root is
/// passed over.
#[test]
fn the_first_valid_path_counts() {
    let root = ca("root", None, authority(None));
    let old = Ca {
        key: KeyPair::from_pkcs8(root.key.to_pkcs8().unwrap().expose()).unwrap(),
        certificate: signed("root", &root.key, None, authority(None), -1),
    };
    let other = ca("other root", None, authority(None));
    let cross = Ca {
        key: KeyPair::from_pkcs8(root.key.to_pkcs8().unwrap().expose()).unwrap(),
        certificate: signed("root", &root.key, Some(&other), authority(None), 50),
    };
    let end = leaf(&root, 10);
    let now = PathInputs::at(NOW);
    assert!(asked(&end, &[], &[&old, &root], &now).is_valid());
    assert!(asked(&end, &[&cross], &[&old, &other], &now).is_valid());
    assert!(asked(&end, &[], &[&old], &now).is_only_over());
}

/// The work is bounded, however many CAs of one name there are.
#[test]
fn a_crafted_heap_costs_no_more_than_its_bounds() {
    let (one, two) = (key(), key());
    let heap: Vec<Ca> = (0..60)
        .map(|number| {
            let (own, by) = if number % 2 == 0 { (&one, &two) } else { (&two, &one) };
            let copy = |key: &KeyPair| KeyPair::from_pkcs8(key.to_pkcs8().unwrap().expose()).unwrap();
            let signer = Ca { key: copy(by), certificate: signed("same", by, None, authority(None), 100) };
            Ca { key: copy(own), certificate: signed("same", own, Some(&signer), authority(None), 100) }
        })
        .collect();
    let end = leaf(&heap[0], 10);
    let root = ca("root", None, authority(None));
    let started = std::time::Instant::now();
    let judged = asked(&end, &heap.iter().collect::<Vec<_>>(), &[&root], &PathInputs::at(NOW));
    assert!(!judged.is_anchored);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn crls_tell_who_is_revoked_while_they_are_current() {
    let root = ca("root", None, authority(None));
    let (good, bad) = (leaf(&root, 10), leaf(&root, 10));
    let entry = RevokedEntry {
        serial: bad.serial.clone(),
        revoked_at: NOW.plus_secs(-60),
        reason: RevocationReason::KeyCompromise,
    };
    let list = |number, entries: Vec<RevokedEntry>| RevocationList {
        number,
        this_update: NOW.plus_secs(-60),
        next_update: NOW.plus_secs(60),
        entries,
    };
    let identity = IssuerIdentity::of(&root.certificate, root.key.algorithm());
    let crl = |list: &RevocationList, key: &KeyPair| ForeignCrl::from_der(&list.sign(&identity, key).unwrap()).unwrap();
    let listed = list(1, vec![entry]);
    let ask = |certificate: &Certificate, lists: Vec<ForeignCrl>, at: Timestamp| {
        let lists = RevocationLists::new(lists);
        asked(certificate, &[], &[&root], &PathInputs { revocation: Some(&lists), ..PathInputs::at(at) })
    };
    let one = || vec![crl(&listed, &root.key)];
    assert!(ask(&good, one(), NOW).is_valid());
    let revoked = ask(&bad, one(), NOW);
    assert!(revoked.is_only_over() && said(&revoked).contains("keyCompromise"), "{}", said(&revoked));
    assert!(ask(&bad, one(), NOW.plus_secs(60)).is_only_over());
    for (lists, at, why) in [
        (one(), NOW.plus_secs(60), "next update"),
        (one(), NOW.plus_secs(-61), "future"),
        (Vec::new(), NOW, "no CRL"),
        (vec![crl(&listed, &key())], NOW, "not signed"),
    ] {
        let judged = ask(&good, lists, at);
        assert!(!judged.is_only_over() && said(&judged).contains(why), "{why}: {}", said(&judged));
    }
    // A newer list takes back what an older one says, and not the other way round.
    let empty = |number| crl(&list(number, Vec::new()), &root.key);
    assert!(ask(&bad, vec![crl(&listed, &root.key), empty(2)], NOW).is_valid());
    assert!(ask(&bad, vec![crl(&listed, &root.key), empty(0)], NOW).is_only_over());
}
