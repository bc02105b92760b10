//! Our verdicts are zlint's, over certificates and CRLs of its test data: `tests/lint_cases`.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};

use super::*;

const CASES: &str = include_str!("../../tests/lint_cases/cases.tsv");
const LISTED: &str = include_str!("../../tests/lint_cases/lints.tsv");

/// A certificate or CRL, and what zlint says of it, a letter for each lint of the first line: `p` passed, `e` error, `w` warning,
/// `-` does not apply, `f` could not be told by zlint, `?` not compared.
struct Case {
    name: &'static str,
    der: Vec<u8>,
    verdicts: Vec<char>,
}

fn cases() -> (Vec<&'static str>, Vec<Case>) {
    let mut lines = CASES.lines().filter(|line| !line.starts_with('#'));
    let ids = lines.next().unwrap().split(',').collect();
    let case = |line: &'static str| {
        let [name, verdicts, der] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        Case { name, der: Base64::decode_vec(der).unwrap(), verdicts: verdicts.chars().collect() }
    };
    (ids, lines.map(case).collect())
}

/// What each lint says, by the letters of the cases.
fn judged(der: &[u8]) -> BTreeMap<&'static str, char> {
    let letter = |lint: &Lint, verdict: &Verdict| match verdict {
        Verdict::NotApplicable => '-',
        Verdict::Passed => 'p',
        Verdict::Failed(severity, _) => severity.unwrap_or(lint.severity()).name().chars().next().unwrap(),
    };
    if let Some(fields) = Fields::of_certificate(der) {
        let issued = fields::instant(&fields.not_before);
        let of_pack = cabf::LINTS.iter().filter(|_| cabf::applies(&fields));
        let lints = CERTIFICATE.iter().copied().flatten().chain(of_pack);
        return lints.map(|lint| (lint.id, letter(lint, &verdict(lint, &fields, issued)))).collect();
    }
    let list = ListFields::read(der).unwrap();
    crl::LINTS.iter().map(|lint| (lint.id, letter(lint, &crl::verdict(lint, &list)))).collect()
}

/// One line for each verdict that is not zlint's.
fn differences(ids: &[&str], cases: &[Case]) -> Vec<String> {
    let mut found = Vec::new();
    for case in cases {
        let ours = judged(&case.der);
        for (id, theirs) in ids.iter().zip(&case.verdicts).filter(|(_, theirs)| !"f?".contains(**theirs)) {
            let mine = ours.get(id).copied().unwrap_or('-');
            if mine != *theirs {
                found.push(format!("{} {id}: zlint {theirs}, ours {mine}", case.name));
            }
        }
    }
    found
}

#[test]
fn verdicts_are_those_of_zlint() {
    let (ids, mut cases) = cases();
    assert_eq!(differences(&ids, &cases), Vec::<String>::new());
    // A verdict that is another is seen.
    let place = cases[0].verdicts.iter().position(|verdict| *verdict == 'p').unwrap();
    cases[0].verdicts[place] = 'e';
    assert_eq!(differences(&ids, &cases).len(), 1);
}

#[test]
fn each_lint_has_a_case_that_fails_and_one_that_passes() {
    let (ids, cases) = cases();
    let own: Vec<&str> = all().map(|lint| lint.id).filter(|id| *id != ADMISSION.id).collect();
    let mut sorted = own.clone();
    sorted.sort_unstable();
    assert_eq!(ids, sorted);
    let listed: Vec<&str> = LISTED.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(ids, listed);
    for (at, id) in ids.iter().enumerate() {
        let has = |wanted: &str| cases.iter().any(|case| wanted.contains(case.verdicts[at]));
        assert!(has("ewn"), "{id}: nothing fails");
        assert!(has("p"), "{id}: nothing passes");
    }
    let of_rfc5280 = LISTED.lines().filter(|line| line.split('\t').nth(3) == Some("RFC5280")).count();
    assert!(of_rfc5280 >= 100, "{of_rfc5280}");
}

#[test]
fn what_admission_objects_to_is_found_with_its_clause() {
    let (_, cases) = cases();
    let refused: Vec<_> = cases.iter().filter(|case| !admission::certificate(&case.der).is_empty()).collect();
    assert!(!refused.is_empty() && refused.len() < cases.len());
    for case in cases.iter().filter(|case| Fields::of_certificate(&case.der).is_some()) {
        let found = certificate(&case.der, &[]).unwrap();
        let objected = found.iter().filter(|finding| finding.lint.id == ADMISSION.id).count();
        assert_eq!(objected, admission::certificate(&case.der).len(), "{}", case.name);
    }
}

#[test]
fn packs_are_asked_for() {
    let (ids, cases) = cases();
    let at = ids.iter().position(|id| *id == "e_sub_cert_aia_missing").unwrap();
    let broken = cases.iter().find(|case| case.verdicts[at] == 'e').unwrap();
    let has = |packs: &[Pack]| certificate(&broken.der, packs).unwrap().iter().any(|one| one.lint.id == ids[at]);
    assert!(has(&[Pack::Cabf]) && !has(&[]));
}

#[test]
fn octets_that_are_neither_are_no_object() {
    for octets in [&b""[..], b"\x30", b"\x30\x00", b"\x30\x03\x02\x01\x00", b"text"] {
        assert!(certificate(octets, &[]).is_none() && list(octets).is_none() && request(octets).is_none());
    }
    // Neither is a certificate that is cut off, wherever.
    let (_, cases) = cases();
    for length in 0..cases[0].der.len() {
        assert!(certificate(&cases[0].der[..length], &[]).is_none(), "{length}");
    }
}
