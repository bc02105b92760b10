//! `certroll lint` beside zlint: the same verdicts over zlint's own test data, and nothing against what we make ourselves.

use std::collections::{BTreeMap, BTreeSet};

use base64ct::{Base64, Encoding};
use certroll_pki::lint::{self, Pack, Severity};
use serde_json::Value;

use crate::home::TestHome;
use crate::peers::{self, Peer, zlint, zlint_test_data};

/// Where the two do not say the same, and why: `crates/pki/tests/lint_cases/README.md`.
const OTHER: &[(&str, &str)] = &[
    ("crlWithDuplicatesInCRLEntryExtensions.pem", "e_crl_has_valid_reason_code"),
    ("dsaCert.pem", "e_sub_ca_crl_distribution_points_missing"),
    ("mpExponent1.pem", "e_sub_ca_crl_distribution_points_missing"),
    ("multDupeExts.pem", "e_ext_authority_key_identifier_no_key_identifier"),
    ("permConstraintNotFQDN.pem", "e_name_constraint_not_fqdn"),
    ("rsaSigAlgoNoNULLParam.pem", "e_sub_ca_crl_distribution_points_missing"),
    ("subjectSerialNumberWrongEncoding.pem", "e_subject_dn_serial_number_not_printable_string"),
];

/// What certroll finds by lints that zlint has, too.
fn ours(der: &[u8]) -> BTreeMap<String, Severity> {
    let found = lint::certificate(der, &[Pack::Cabf]).or_else(|| lint::list(der)).expect("zlint has read it");
    found.into_iter().map(|finding| (finding.lint.id.to_owned(), finding.severity)).collect()
}

/// Of the lints that certroll has, those that fail by zlint. `fatal` is what it could not tell.
fn theirs(results: &Value, known: &BTreeSet<&str>) -> (BTreeMap<String, Severity>, BTreeSet<String>) {
    let (mut failed, mut untold) = (BTreeMap::new(), BTreeSet::new());
    for (name, result) in
        results.as_object().expect("results by name").iter().filter(|(name, _)| known.contains(&***name))
    {
        match result.as_str() {
            Some("error") => drop(failed.insert(name.clone(), Severity::Error)),
            Some("warn") => drop(failed.insert(name.clone(), Severity::Warning)),
            Some("info") => drop(failed.insert(name.clone(), Severity::Notice)),
            Some("fatal") => drop(untold.insert(name.clone())),
            _ => {}
        }
    }
    (failed, untold)
}

#[test]
fn live_verdicts_are_those_of_zlint_over_all_of_its_test_data() {
    if !peers::require(&[Peer::Zlint]) {
        return;
    }
    let known: BTreeSet<&str> = lint::all().map(|lint| lint.id).collect();
    let documents = zlint(&zlint_test_data());
    assert!(documents.len() > 1500, "{}", documents.len());
    let mut other = BTreeSet::new();
    let mut failures = 0;
    for document in &documents {
        let file = document["file"].as_str().expect("a name");
        let der = Base64::decode_vec(document["der"].as_str().expect("base64")).expect("base64");
        let (theirs, untold) = theirs(&document["results"], &known);
        let mut ours = ours(&der);
        ours.retain(|name, _| name != "e_not_admitted" && !untold.contains(name));
        failures += theirs.len();
        let names: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
        let differ = names.into_iter().filter(|name| theirs.get(*name) != ours.get(*name));
        other.extend(differ.map(|name| (file.to_owned(), name.clone())));
    }
    let expected: BTreeSet<_> = OTHER.iter().map(|(file, name)| ((*file).to_owned(), (*name).to_owned())).collect();
    assert_eq!(other, expected);
    assert!(failures > 5000, "{failures}");
}

/// Each template with what it needs.
const TEMPLATES: &[(&str, &[&str])] = &[
    ("https-server", &["--san", "www.example.net"]),
    ("jms-broker", &["--san", "10.0.0.1"]),
    ("jms-client", &[]),
    ("mqtt-broker", &[]),
    ("head-end", &["--san", "head-end.example.net"]),
    ("meter", &["--param", "serial=77", "--param", "hw_type=1.3.6.1.4.1.32473.1", "--param", "eui64=0011223344556677"]),
    ("data-concentrator", &["--param", "serial=78"]),
    ("message-signer", &["--san", "mail@example.net"]),
    ("ocsp-responder", &[]),
];

#[test]
fn live_zlint_has_nothing_against_what_the_shipped_templates_make() {
    if !peers::require(&[Peer::Zlint]) {
        return;
    }
    let home = TestHome::quick();
    std::fs::create_dir(home.path("made")).expect("a directory can be made");
    for (template, options) in TEMPLATES {
        let (name, out) = (format!("{template}.example.net"), format!("made/{template}.pem"));
        home.ok(&[&["issue", &name, "-t", template, "--key", "ec:p256", "--out-cert", &out][..], options].concat());
        // What the template was given; names it finds in the certificate.
        let given = options.chunks(2).filter(|option| option[0] == "--param").flatten().copied();
        let against: Vec<&str> = ["lint", &out, "--against", template].into_iter().chain(given).collect();
        let said = home.certroll(&against);
        assert_eq!(said.code, 0, "{template}: {}{}", said.stdout, said.stderr);
    }
    for ca in ["root", "issuing"] {
        home.ok(&["ca", "export", ca, "--out", &format!("made/{ca}.pem")]);
    }
    home.ok(&["revoke", "meter.example.net", "--reason", "keyCompromise"]);
    home.ok(&["ca", "crl", "issuing", "--out", "made/issuing.crl"]);
    let known: BTreeSet<&str> = lint::all().map(|lint| lint.id).collect();
    let documents = zlint(&home.path("made"));
    assert!(documents.len() > TEMPLATES.len() + 1, "{}", documents.len());
    for document in documents {
        let der = Base64::decode_vec(document["der"].as_str().expect("base64")).expect("base64");
        let is_of_cabf = |name: &String| document["results"].get(name).is_some() && is_cabf(name);
        let mut failed = theirs(&document["results"], &known).0;
        failed.retain(|name, _| !is_of_cabf(name));
        assert!(failed.is_empty(), "{}: {failed:?}", document["file"]);
        let own = lint::certificate(&der, &[]).or_else(|| lint::list(&der)).expect("it can be read");
        assert!(own.is_empty(), "{}: {own:?}", document["file"]);
    }
}

/// Whether a lint is one of publicly trusted certificates.
fn is_cabf(name: &str) -> bool {
    lint::all().any(|lint| lint.id == name && lint.clause.starts_with("BR "))
}
