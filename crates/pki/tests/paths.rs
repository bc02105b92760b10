//! Public and hand-made cases of path validation: the verdict of each is known.
//!
//! `path_cases/objects.der` is certificates and CRLs one after another; `path_cases/cases.tsv` says what to do with them. PKITS is
//! NIST's Public Key Interoperability Test Suite, version 1.0.1, with its policy inputs; `chain` and `list` are made by hand, one
//! rule each.

#![allow(clippy::unwrap_used)]

use certroll_base::clock::Timestamp;
use certroll_pki::path::{self, Judgement, PathInputs};
use certroll_pki::verify::revocation::{ForeignCrl, RevocationLists};
use certroll_pki::x509::certificate::Certificate;
use const_oid::ObjectIdentifier;

/// Valid paths that are refused here, with a part of the reason. DSA, with SHA-1 at that, is not verified. In the last one the CRL
/// issuer's own certificate is on no CRL but the one that it signs itself: nothing vouches for it.
const REFUSED: &[(&str, &str)] = &[
    ("PKITS 4.1.4 Valid DSA Signatures Test4", "signature algorithm 1.2.840.10040.4.3 is not accepted"),
    ("PKITS 4.1.5 Valid DSA Parameter Inheritance Test5", "signature algorithm 1.2.840.10040.4.3 is not accepted"),
    ("PKITS 4.14.30 Valid cRLIssuer Test30", "indirectCRL CA4 cRLIssuer` is not valid"),
];

const OBJECTS: &[u8] = include_bytes!("path_cases/objects.der");
const CASES: &str = include_str!("path_cases/cases.tsv");

/// The elements of `objects.der`.
fn objects() -> Vec<&'static [u8]> {
    let mut rest = OBJECTS;
    let mut found = Vec::new();
    while let [_, length, ..] = rest {
        let whole = match length {
            0x81 => 3 + usize::from(rest[2]),
            0x82 => 4 + (usize::from(rest[2]) << 8) + usize::from(rest[3]),
            short => 2 + usize::from(*short),
        };
        let (object, after) = rest.split_at(whole);
        found.push(object);
        rest = after;
    }
    found
}

struct Case {
    name: &'static str,
    is_valid: bool,
    fields: Vec<&'static str>,
}

fn cases() -> Vec<Case> {
    let read = |line: &'static str| {
        let fields: Vec<_> = line.split('\t').collect();
        Case { name: fields[0], is_valid: fields[1] == "valid", fields }
    };
    CASES.lines().filter(|line| !line.starts_with('#')).map(read).collect()
}

impl Case {
    /// The objects that a field names.
    fn of(&self, field: usize, objects: &[&'static [u8]]) -> Vec<&'static [u8]> {
        let places = self.fields[field].split(',').filter(|place| !place.is_empty());
        places.map(|place| objects[place.parse::<usize>().unwrap()]).collect()
    }

    /// The judgement; the reason alone where the certificate itself cannot be read.
    fn judged(&self, objects: &[&'static [u8]]) -> Result<Judgement, String> {
        let certificates = |field| -> Vec<Certificate> {
            self.of(field, objects).into_iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
        };
        let leaf = Certificate::from_der(self.of(2, objects)[0]).map_err(|error| error.to_string())?;
        let lists = self.of(5, objects).into_iter().filter_map(|der| ForeignCrl::from_der(der).ok()).collect();
        let lists = RevocationLists::new(lists);
        let policies: Vec<ObjectIdentifier> =
            self.fields[8].split(',').filter(|oid| !oid.is_empty()).map(ObjectIdentifier::new_unwrap).collect();
        let inputs = PathInputs {
            policies: &policies,
            require_explicit_policy: self.fields[9].contains('e'),
            inhibit_policy_mapping: self.fields[9].contains('m'),
            inhibit_any_policy: self.fields[9].contains('a'),
            purpose: Some(self.fields[10]).filter(|oid| !oid.is_empty()).map(|oid| oid.parse().unwrap()),
            revocation: (self.fields[6] == "crls").then_some(&lists),
            ..PathInputs::at(Timestamp::from_secs(self.fields[7].parse().unwrap()))
        };
        let others = [certificates(4), certificates(11)].concat();
        Ok(path::validate(&leaf, &others, &certificates(3), &inputs))
    }
}

fn reasons(judged: &Result<Judgement, String>) -> String {
    match judged {
        Ok(judgement) => judgement.flaws.iter().map(path::PathFlaw::text).collect::<Vec<_>>().join("; "),
        Err(why) => why.clone(),
    }
}

#[test]
fn every_case_has_its_verdict() {
    let objects = objects();
    let (mut accepted_wrongly, mut refused_wrongly) = (Vec::new(), Vec::new());
    let all = cases();
    assert_eq!(all.len(), 290);
    for case in &all {
        let judged = case.judged(&objects);
        let accepted = judged.as_ref().is_ok_and(Judgement::is_valid);
        if accepted && !case.is_valid {
            accepted_wrongly.push(case.name);
        }
        if !accepted && case.is_valid {
            refused_wrongly.push((case.name, reasons(&judged)));
        }
    }
    assert!(accepted_wrongly.is_empty(), "accepted, though it must be refused: {accepted_wrongly:#?}");
    let names: Vec<_> = refused_wrongly.iter().map(|(name, _)| *name).collect();
    let known: Vec<_> = REFUSED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known, "{refused_wrongly:#?}");
    for ((name, why), (_, expected)) in refused_wrongly.iter().zip(REFUSED) {
        assert!(why.contains(expected), "{name}: {why}");
    }
}

/// What both our checks and the library find is told in our words: each of these is gone when a check of ours is.
#[test]
fn reasons_are_told_in_our_words() {
    let expected = [
        ("PKITS 4.1.3 Invalid EE Signature Test3", "is not signed by the key of"),
        ("PKITS 4.2.1 Invalid CA notBefore Date Test1", "is not valid before 2047-01-01T12:01:00Z"),
        ("PKITS 4.2.6 Invalid EE notAfter Date Test6", "expired at 2011-01-01T08:30:00Z"),
        ("PKITS 4.3.1 Invalid Name Chaining EE Test1", "no path leads from"),
        ("PKITS 4.6.2 Invalid cA False Test2", "is no CA"),
        ("PKITS 4.6.5 Invalid pathLenConstraint Test5", "than its path length allows"),
        ("PKITS 4.7.1 Invalid keyUsage Critical keyCertSign False Test1", "is not for signing certificates"),
        ("PKITS 4.13.2 Invalid DN nameConstraints Test2", "permits only"),
        ("PKITS 4.16.2 Invalid Unknown Critical Certificate Extension Test2", "has the critical extension 2.16.840"),
        ("PKITS 4.8.12 Different Policies Test12", "no certificate policy is valid for the whole path"),
        ("PKITS 4.4.3 Invalid Revoked EE Test3", "is revoked since"),
        ("PKITS 4.4.5 Invalid Bad CRL Issuer Name Test5", "there is no CRL of"),
        ("PKITS 4.4.4 Invalid Bad CRL Signature Test4", "is not signed by its key"),
        ("PKITS 4.4.8 Invalid Unknown CRL Entry Extension Test8", "has the critical extension"),
        ("PKITS 4.4.11 Invalid Old CRL nextUpdate Test11", "is past its next update"),
        ("PKITS 4.7.4 Invalid keyUsage Critical cRLSign False Test4", "is not for signing CRLs"),
        ("chain: BC pathlen negative / unparsable on inter", "the extension 2.5.29.19 is malformed"),
        ("chain: NC non-critical, unparsable content", "the extension 2.5.29.30 is malformed"),
        ("chain: inter version v1 with extensions", "has extensions, which its version does not know"),
        ("chain: leaf keyUsage twice: keyEncipherment then digitalSignature", "is there twice"),
    ];
    let (objects, all) = (objects(), cases());
    let mut wrong = Vec::new();
    for (name, reason) in expected {
        let case = all.iter().find(|case| case.name == name).unwrap();
        let said = reasons(&case.judged(&objects));
        if !said.contains(reason) {
            wrong.push(format!("{name}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What no certificate of ours has is shown as it is.
#[test]
fn odd_serials_and_usages_are_shown_as_they_are() {
    let (objects, all) = (objects(), cases());
    let leaf = |name: &str| {
        let case = all.iter().find(|case| case.name.starts_with(name)).unwrap();
        Certificate::from_der(case.of(2, &objects)[0]).unwrap()
    };
    assert_eq!(leaf("PKITS 4.4.14 ").serial_text(), "ff");
    assert_eq!(leaf("PKITS 4.4.15 ").serial_text(), "-01");
    assert_eq!(leaf("chain: leaf KU keyAgreement+decipherOnly").key_usage_names(), ["keyAgreement", "decipherOnly"]);
}
