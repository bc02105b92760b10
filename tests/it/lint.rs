//! `certroll lint`: what it finds, how it says so, and that nothing is signed that it finds fault with.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::home::{TestHome, text};

/// A certificate or CRL of zlint's test data, in PEM.
fn case(name: &str, label: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/pki/tests/lint_cases/cases.tsv");
    let cases = std::fs::read_to_string(path).expect("the cases are there");
    let line = cases.lines().find(|line| line.split('\t').next() == Some(name)).unwrap_or_else(|| panic!("{name}"));
    let der = line.rsplit('\t').next().expect("the last column");
    let lines: Vec<&str> = der.as_bytes().chunks(64).map(|part| str::from_utf8(part).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A home without a CA, to write files into.
fn home() -> TestHome {
    let home = TestHome::unfounded();
    home.write("broken.pem", case("IANDNSNotIA5String.pem", "CERTIFICATE"));
    home.write("list.pem", case("crlWithReasonCode0.pem", "X509 CRL"));
    home
}

fn names(findings: &Value) -> BTreeSet<String> {
    let list = findings["findings"].as_array().expect("a list of findings");
    list.iter().map(|finding| text(finding, "lint").to_owned()).collect()
}

#[test]
fn findings_name_file_place_rule_clause_and_severity() {
    let home = home();
    home.write("both.pem", [home.read("list.pem"), home.read("broken.pem")].concat());
    let found = home.certroll(&["lint", "both.pem", "--format", "json"]).expect(13).json();
    assert_eq!((text(&found, "schema"), &found["objects"]), ("certroll/lint/v1", &2.into()));
    let list = found["findings"].as_array().expect("a list of findings");
    let one = list.iter().find(|finding| finding["lint"] == "e_ext_ian_dns_not_ia5_string").expect("it is found");
    assert_eq!((text(one, "file"), text(one, "object"), text(one, "severity")), ("both.pem", "certificate", "error"));
    assert_eq!((text(one, "clause"), text(one, "field")), ("RFC 5280 4.2.1.7", "issuerAltName"));
    let lines = String::from_utf8(home.read("list.pem")).expect("PEM").lines().count();
    assert_eq!(one["line"], lines + 1);
    let reason = list.iter().find(|finding| finding["lint"] == "e_crl_has_valid_reason_code").expect("it is found");
    assert_eq!((text(reason, "object"), text(reason, "severity"), &reason["line"]), ("crl", "warning", &1.into()));
    assert_eq!(found["errors"].as_u64().zip(found["warnings"].as_u64()).map(|(e, w)| e + w), Some(list.len() as u64));

    let lines = home.certroll(&["lint", "both.pem", "--format", "ndjson"]).expect(13).ndjson();
    assert_eq!(lines.len(), list.len());
    assert!(lines.iter().all(|line| line["schema"] == "certroll/lint-finding/v1"));
    let table = home.certroll(&["lint", "both.pem"]).expect(13).stdout;
    assert!(table.contains("e_ext_ian_dns_not_ia5_string") && table.contains("2 objects looked at"), "{table}");
}

#[test]
fn sarif_and_junit_say_the_same() {
    let home = home();
    let found = home.certroll(&["lint", "broken.pem", "list.pem", "--format", "json"]).expect(13).json();
    let count = found["findings"].as_array().map(Vec::len).expect("a list");
    let sarif = home.certroll(&["lint", "broken.pem", "list.pem", "--format", "sarif"]).expect(13).json();
    assert_eq!(text(&sarif, "version"), "2.1.0");
    let run = &sarif["runs"][0];
    let rules: BTreeSet<_> =
        run["tool"]["driver"]["rules"].as_array().expect("rules").iter().map(|r| text(r, "id")).collect();
    assert!(rules.len() > 140, "{}", rules.len());
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), count);
    for result in results {
        assert!(rules.contains(text(result, "ruleId")), "{result}");
        assert!(["error", "warning", "note"].contains(&text(result, "level")), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().is_some_and(|uri| uri.ends_with(".pem")), "{result}");
        assert_eq!(place["region"]["startLine"], 1, "{result}");
    }
    let junit = home.certroll(&["lint", "broken.pem", "list.pem", "--format", "junit"]).expect(13).stdout;
    assert!(junit.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"), "{junit}");
    assert_eq!(junit.matches("<failure ").count(), count, "{junit}");
    assert_eq!((junit.matches("<testsuite ").count(), junit.matches("</testsuite>").count()), (2, 2), "{junit}");
}

#[test]
fn rules_can_be_added_and_left_out() {
    let home = home();
    let all = names(&home.certroll(&["lint", "broken.pem", "--format", "json"]).expect(13).json());
    let more = home.certroll(&["lint", "broken.pem", "--pack", "cabf", "--format", "json"]).expect(13).json();
    assert!(names(&more).is_superset(&all) && names(&more).len() > all.len(), "{more}");
    let mut less = vec!["lint", "broken.pem", "--format", "json"];
    less.extend(all.iter().flat_map(|name| ["--ignore", name]));
    assert!(names(&home.ok(&less).json()).is_empty());
    let unknown = home.certroll(&["lint", "broken.pem", "--ignore", "e_no_such_lint"]).expect(2);
    assert!(unknown.stderr.contains("there is no lint `e_no_such_lint`"), "{}", unknown.stderr);
}

#[test]
fn what_has_no_rules_is_bad_input() {
    let home = home();
    home.write("noise", "noise");
    home.write("torn.pem", case("IANDNSNotIA5String.pem", "CERTIFICATE").replacen("MII", "MIM", 1));
    home.write("wrong.pem", case("crlWithReasonCode0.pem", "CERTIFICATE"));
    home.write("empty", "");
    for file in ["noise", "empty", "torn.pem", "wrong.pem", "nowhere", "/dev/null", "."] {
        let said = home.certroll(&["lint", "broken.pem", file]).expect(2);
        assert!(said.stdout.is_empty() && said.stderr.contains(file), "{file}: {}", said.stderr);
    }
}

#[test]
fn standard_input_requests_and_every_certificate_of_a_keystore_are_looked_at() {
    let home = TestHome::quick();
    home.ok(&["issue", "b.example.net", "-t", "jms-broker", "--key", "ec:p256", "--keystore", "b.p12"]);
    let found = home.ok(&["lint", "b.p12", "--format", "json"]).json();
    // The keystore, the certificate, and those above it.
    assert!(found["objects"].as_u64().is_some_and(|count| count >= 3), "{found}");
    home.ok(&[
        "csr",
        "new",
        "c.example.net",
        "-t",
        "jms-broker",
        "--out-key",
        "c.key",
        "--key",
        "ec:p256",
        "--out",
        "c.csr",
    ]);
    home.ok(&["lint", "c.csr"]);
    home.ok(&["lint", "c.csr", "--against", "jms-broker"]);
    // Signed by another key.
    let mut request = String::from_utf8(home.read("c.csr")).expect("PEM");
    let end = request.rfind("\n-----END").expect("an end");
    let at = request[..end].trim_end_matches('=').len() - 6;
    let other = if request.as_bytes()[at] == b'A' { "B" } else { "A" };
    request.replace_range(at..=at, other);
    home.write("forged.csr", &request);
    let forged = home.certroll(&["lint", "forged.csr", "--format", "json"]).expect(13).json();
    assert!(names(&forged).contains("request/possession"), "{forged}");
    let mut command = home.command(&["lint", "-"]);
    let said = crate::peers::run(&mut command, &home.read("home/ca/issuing.pem"));
    assert_eq!(said.status.code(), Some(0), "{said:?}");
}

#[test]
fn a_template_says_field_by_field_what_is_other() {
    let home = TestHome::quick();
    home.ok(&["issue", "b.example.net", "-t", "jms-broker", "--key", "ec:p256", "--out-cert", "b.pem"]);
    home.ok(&["lint", "b.pem", "--against", "jms-broker"]);
    let other = home.certroll(&["lint", "b.pem", "--against", "jms-client", "--format", "json"]).expect(13).json();
    assert!(names(&other).contains("template/extended-key-usage"), "{other}");
    let authority = home.certroll(&["lint", "b.pem", "--against", "issuing-ca", "--format", "json"]).expect(13).json();
    for lint in ["template/basic-constraints", "template/key-usage"] {
        assert!(names(&authority).contains(lint), "{authority}");
    }
    home.write("home/policies/short.toml", "name = \"short\"\nsummary = \"short\"\n[[rules]]\nmax_lifetime = \"1d\"\n");
    let policy = home.certroll(&["lint", "b.pem", "--against", "jms-broker", "--format", "json"]).expect(13).json();
    assert!(names(&policy).contains("policy/short/max_lifetime"), "{policy}");
    home.certroll(&["lint", "b.pem", "--against", "no-such-template"]).expect(2);
}

/// What the linter finds fault with is refused before the CA's key is used, and the refusal is on record, in a batch, too.
#[test]
fn nothing_is_signed_that_breaks_the_rules() {
    let home = TestHome::quick();
    let acts = || home.records("cert.issue.intent").len() + home.records("cert.issued").len();
    let before = acts();
    let mut refused = home.records("cert.reject").len();
    let mut check = |line: &[&str], code: i32, lint: &str| {
        let said = home.certroll(line).expect(code);
        assert!(said.stderr.contains(lint), "{line:?}: {}", said.stderr);
        refused += 1;
        let records = home.records("cert.reject");
        assert_eq!(records.len(), refused, "{line:?}");
        let record = records.last().expect("one at least");
        assert!(text(&record["err"], "text").contains(lint), "{record}");
        assert_eq!(acts(), before, "{line:?}: something was announced");
    };
    let authority =
        ["ca", "create", "other", "--issuer", "root", "--subject", "CN=Other CA,emailAddress=ca@example.net"];
    check(&authority, 3, "lint:e_subj_email_not_in_san");
    let single =
        ["issue", "client", "-t", "jms-client", "--key", "ec:p256", "--out-cert", "c.pem", "--san", "http://broker/"];
    check(&single, 3, "lint:e_ext_san_uri_host_not_fqdn_or_ip");
    home.write("clients.csv", "name,san\nclient,http://broker/\n");
    let batch = ["issue", "--batch", "clients.csv", "-t", "jms-client", "--key", "ec:p256", "--out", "out"];
    check(&batch, 7, "lint:e_ext_san_uri_host_not_fqdn_or_ip");
    assert!(!home.path("c.pem").exists());
    home.verify();
}
