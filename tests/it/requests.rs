//! Certificate requests of others, good and bad, by every way in which one comes: `issue --csr`, a line of a batch, `rotate --csr`
//! and `csr lint`. The files in tests/requests are made by the script beside them.

use std::collections::BTreeMap;

use crate::home::{Ran, TestHome, text};

/// `== NAME` and a request in PEM, again and again.
fn requests(list: &'static str) -> BTreeMap<&'static str, &'static str> {
    let entries = list.split("== ").filter(|entry| !entry.is_empty());
    entries.map(|entry| entry.split_once('\n').expect("a name stands before each request")).collect()
}

/// What is wrong with each request of bad.txt: the exit code of `issue`, and a part of what is said.
const BAD: &[(&str, i32, &str)] = &[
    ("dns-nul", 3, r"`other:dns:evil.com\u{0}.example.net` cannot be certified"),
    ("dns-nul-whole", 3, "it has a NUL"),
    ("dns-space", 3, "it has a space"),
    ("dns-line-feed", 3, r"it has the character \u{a}"),
    ("dns-return", 3, r"it has the character \u{d}"),
    ("dns-tab", 3, r"it has the character \u{9}"),
    ("dns-delete", 3, r"it has the character \u{7f}"),
    ("dns-escape", 3, r"it has the character \u{1b}"),
    ("dns-empty", 3, "it is empty"),
    ("dns-empty-label", 3, "it has an empty label"),
    ("dns-leading-dot", 3, "it has an empty label"),
    ("dns-trailing-dot", 3, "it ends with a dot"),
    ("dns-wildcard-twice", 3, "a wildcard stands for the whole left-most label"),
    ("dns-wildcard-middle", 3, "a wildcard stands for the whole left-most label"),
    ("dns-wildcard-part", 3, "a wildcard stands for the whole left-most label"),
    ("dns-wildcard-w", 3, "a wildcard stands for the whole left-most label"),
    ("dns-wildcard-before", 3, "a wildcard stands for the whole left-most label"),
    ("dns-wildcard-alone", 3, "a wildcard stands for the whole left-most label"),
    ("dns-underscore", 2, "`_x.example.net` has an underscore"),
    ("dns-utf8", 3, "a certificate has it in ASCII"),
    ("dns-latin1", 3, "a certificate has it in ASCII"),
    ("dns-long-label", 3, "a label has 64 octets"),
    ("dns-long", 3, "and 253 are the most"),
    ("dns-port", 3, "the character `:`"),
    ("dns-url", 3, "the character `:`"),
    ("dns-mail", 3, "the character `@`"),
    ("dns-quote", 3, "the character `\"`"),
    ("dns-backslash", 3, r"the character `\`"),
    ("dns-hyphen-first", 3, "begins or ends with a hyphen"),
    ("dns-hyphen-last", 3, "begins or ends with a hyphen"),
    ("dns-address", 3, "its last label is a number"),
    ("dns-no-address", 3, "its last label is a number"),
    ("dns-false-a-label", 3, "it is no internationalised name"),
    ("mail-no-at", 3, "it has no `@`"),
    ("mail-two-at", 3, "before the `@` stand letters"),
    ("mail-space", 3, "before the `@` stand letters"),
    ("mail-nul", 3, "before the `@` stand letters"),
    ("mail-utf8", 3, "it is not in ASCII"),
    ("mail-underscore", 3, "its domain is no host name"),
    ("uri-no-scheme", 3, "is not a URI"),
    ("uri-no-host", 3, "`https:` needs a host"),
    ("uri-space", 3, "must be written as %.."),
    ("uri-utf8", 3, "it is not in ASCII"),
    ("uri-wildcard", 3, "its host is a wildcard"),
    ("uri-percent", 3, "two hexadecimal digits must follow each `%`"),
    ("uri-nul", 3, "must be written as %.."),
    ("uri-final-dot", 3, "it ends with a dot"),
    ("ip-none", 3, "it has 0 octets"),
    ("ip-5", 3, "it has 5 octets"),
    ("ip-8", 3, "it has 8 octets"),
    ("ip-17", 3, "it has 17 octets"),
    ("ip-mapped", 3, "it is 10.66.0.1 written as IPv6"),
    ("other-upn", 3, "names of this type are not issued"),
    ("other-hwm", 3, "it is a malformed hardware module name"),
    ("other-srv", 3, "it begins with an underscore and a service"),
    ("other-mail", 3, "names of this type are not issued"),
    ("other-bare", 3, "it is a malformed otherName"),
    ("registered-id", 3, "names by registered number are not issued"),
    ("x400", 3, "names of this kind are not issued"),
    ("edi", 3, "names of this kind are not issued"),
    ("unknown-tag", 3, "it is no GeneralName"),
    ("directory-empty", 3, "it is no distinguished name"),
    ("directory", 3, "`dir:O=evil` is of a kind that is not allowed"),
    ("san-empty", 3, "subjectAltName is empty or malformed"),
    ("san-number", 3, "subjectAltName is empty or malformed"),
    ("san-trailing", 3, "subjectAltName is empty or malformed"),
    ("san-twice", 3, "the extension subjectAltName is there twice"),
    ("attribute-twice", 3, "two attributes ask for extensions"),
    ("attribute-old-and-new", 3, "two attributes ask for extensions"),
    ("attribute-two-values", 3, "has 2 values, and one is right"),
    ("attribute-no-value", 3, "has 0 values, and one is right"),
    ("ku-twice", 3, "the extension keyUsage is there twice"),
    ("ku-malformed", 3, "the extension keyUsage is malformed"),
    ("eku-malformed", 3, "the extension extKeyUsage is malformed"),
    ("bc-malformed", 3, "the extension basicConstraints is malformed"),
    ("version-2", 3, "its version is 01 in hexadecimal"),
    ("version-negative", 3, "its version is ff in hexadecimal"),
    ("cn-nul", 3, "it has characters that nobody can see"),
    ("cn-control", 3, "it has characters that nobody can see"),
    ("cn-reversed", 3, "it has characters that nobody can see"),
    ("cn-octets", 3, "it is no string"),
    ("cn-long", 3, "at most 64 characters are allowed"),
    ("cn-empty", 3, "it is empty"),
    ("cn-blank-end", 3, "it begins or ends with white space"),
    ("cn-no-utf8", 3, "it is not UTF-8"),
    ("cn-odd-bmp", 3, "it is not UTF-16"),
    ("country-long", 3, "a country is two letters"),
    ("serial-sign", 3, "attribute serialNumber cannot be `7_1`"),
    ("mail-in-subject", 3, "attribute emailAddress cannot be"),
    ("organization-feed", 3, "it has characters that nobody can see"),
    ("unit-long", 3, "at most 64 characters are allowed"),
    ("cn-second", 3, "host name `evil.com` is in none of the domains"),
    ("cn-only", 3, "host name `evil.com` is in none of the domains"),
    ("cn-underscore", 3, "host name `my_host.evil.com` is in none of the domains"),
    ("cn-final-dot", 3, "host name `evil.com` is in none of the domains"),
    ("cn-evil", 3, "host name `evil.com` is in none of the domains"),
    ("cn-bmp", 3, "host name `evil.com` is in none of the domains"),
    ("cn-t61", 3, "host name `evil.com` is in none of the domains"),
    ("old-attribute-evil", 3, "host name `evil.com` is in none of the domains"),
    ("constraint-upper", 3, "excludes dns:secret.example.net, and `dns:host.secret.example.net` is inside"),
    ("constraint-mixed", 3, "excludes dns:secret.example.net, and `dns:host.secret.example.net` is inside"),
    ("constraint-wildcard", 3, "excludes dns:secret.example.net, and `dns:*.example.net` is not wholly outside"),
    ("constraint-ip", 3, "excludes ip:10.66.0.0/16, and `ip:10.66.0.1` is inside"),
    ("constraint-uri", 3, "excludes uri:.evil.com, and `uri:https://a.evil.com/` is inside"),
    ("constraint-uri-no-host", 3, "excludes uri:.evil.com, and `uri:urn:evil:com` is not wholly outside"),
    ("constraint-dn-exact", 3, "excludes dir:O=Evil Corp"),
    ("constraint-dn-case", 3, "excludes dir:O=Evil Corp"),
    ("constraint-dn-type", 3, "excludes dir:O=Evil Corp"),
    ("constraint-dn-spaces", 3, "excludes dir:O=Evil Corp"),
    ("constraint-mail", 3, "excludes email:evil.com, and `email:root@evil.com` is inside"),
    ("key-sha1", 3, "SHA-1 proves nothing any more"),
    ("key-pss", 3, "it is signed with RSASSA-PSS"),
    ("key-brainpool", 3, "by a key of kind ec:brainpoolP256r1"),
    ("key-secp256k1", 3, "by a key of kind ec:secp256k1"),
    ("key-p224", 3, "by a key of kind ec:p224"),
    ("key-ed448", 3, "it is signed with Ed448 by a key of kind ed448"),
    ("key-dsa", 3, "by a key of kind dsa"),
    ("key-e-1", 3, "its exponent is 1"),
    ("key-e-even", 2, "not signed by its own key"),
    ("key-e-40-bits", 3, "the exponent of the RSA key is 1099511627791 (allowed: 65537)"),
    ("key-e-3", 3, "the exponent of the RSA key is 3 (allowed: 65537)"),
    ("key-fermat", 3, "its primes are so close together"),
    ("key-shared-2", 3, "its modulus shares a prime with another key"),
    ("key-roca", 3, "ROCA"),
    ("key-small-factor", 3, "which trial division finds"),
    ("key-rsa-1024", 3, "RSA key of 1024 bits is under the limit of 2048 bits"),
    ("forged", 2, "not signed by its own key"),
    ("forged-rsa-1024", 2, "not signed by its own key"),
];

/// A CA that excludes some names, and a policy that knows one domain.
fn strict_home() -> TestHome {
    let home = TestHome::quick();
    let excluded = ["dns:secret.example.net", "dir:O=Evil Corp", "ip:10.66.0.0/16", "uri:.evil.com", "email:evil.com"];
    let mut create = vec!["ca", "create", "strict", "--issuer", "root", "--key", "ec:p256"];
    create.extend(excluded.iter().flat_map(|subtree| ["--exclude", subtree]));
    home.ok(&create);
    let policy = "name = \"house\"\nsummary = \"one domain\"\n[[rules]]\ndns_suffixes = [\"example.net\"]\n";
    home.write("home/policies/house.toml", policy);
    for (name, pem) in requests(include_str!("../requests/bad.txt")) {
        home.write(format!("{name}.csr"), pem);
    }
    for (name, pem) in requests(include_str!("../requests/good.txt")) {
        home.write(format!("{}.csr", name.split(' ').next().expect("a name")), pem);
    }
    home.ok(&["issue", "shared.example.net", "-t", "https-server", "--issuer", "strict", "--csr", "own-shared-1.csr"]);
    home
}

#[test]
fn every_bad_request_is_in_the_table() {
    let table: Vec<&str> = BAD.iter().map(|(name, ..)| *name).collect();
    let mut files: Vec<&str> = requests(include_str!("../requests/bad.txt")).into_keys().collect();
    let mut sorted = table.clone();
    sorted.sort_unstable();
    files.sort_unstable();
    assert_eq!(sorted, files);
    assert!(files.len() >= 110);
}

#[test]
fn bad_requests_are_refused_by_name_and_on_record() {
    let home = strict_home();
    let before = home.records("cert.reject").len();
    for (name, code, part) in BAD {
        let ran = home.certroll(&[
            "issue",
            &format!("{name}.example.net"),
            "-t",
            "https-server",
            "--issuer",
            "strict",
            "--csr",
            &format!("{name}.csr"),
        ]);
        check(name, &ran, *code, part);
    }
    let records = home.records("cert.reject");
    assert_eq!(records.len() - before, BAD.len());
    for (record, (name, _, part)) in records[before..].iter().zip(BAD) {
        let said = text(record, "err/text");
        assert!(said.contains(part), "{name}: {record}");
        assert!(record["req"]["names"][0] == format!("name:{name}.example.net"), "{name}: {record}");
    }
    assert_eq!(home.current().len(), 4, "nothing was issued");
    home.verify();
}

fn check(name: &str, ran: &Ran, code: i32, part: &str) {
    assert!(ran.code == code && ran.stderr.contains(part), "{name}: {code}, `{part}`: {ran:?}");
    let hostile = |c: char| c != '\n' && certroll_base::text::is_hostile(c);
    assert!(!ran.stderr.chars().chain(ran.stdout.chars()).any(hostile), "{name}: {ran:?}");
}

#[test]
fn bad_requests_are_refused_in_a_batch() {
    let home = strict_home();
    let lines: Vec<String> = BAD.iter().map(|(name, ..)| format!("{name}.example.net,{name}.csr")).collect();
    home.write("batch.csv", format!("name,csr\n{}\ngood.example.net,openssl-p-256.csr\n", lines.join("\n")));
    let ran = home.certroll(&[
        "issue",
        "--batch",
        "batch.csv",
        "-t",
        "https-server",
        "--issuer",
        "strict",
        "--format",
        "json",
    ]);
    let ran = ran.expect(7);
    let report = ran.json();
    assert_eq!((&report["issued"], &report["skipped"]), (&1.into(), &0.into()), "{ran:?}");
    let failed = report["failed"].as_array().expect("a list");
    assert_eq!(failed.len(), BAD.len());
    for (line, (name, _, part)) in failed.iter().zip(BAD) {
        assert!(text(line, "reason").contains(part), "{name}: {line}");
    }
    let records = home.records("cert.reject");
    assert_eq!(records.len(), BAD.len());
    assert!(records.iter().all(|record| record["err"]["code"] != "line"), "each is a refusal");
    home.verify();
}

#[test]
fn bad_requests_are_refused_in_a_rotation() {
    let home = strict_home();
    home.ok(&["issue", "ok.example.net", "-t", "https-server", "--issuer", "strict", "--csr", "openssl-p-256.csr"]);
    for (name, ..) in BAD {
        let ran = home.certroll(&["rotate", "ok.example.net", "--csr", &format!("{name}.csr")]);
        assert!(matches!(ran.code, 2 | 3), "{name}: {ran:?}");
    }
    let shown = home.ok(&["show", "ok.example.net", "--format", "json"]).json();
    assert!(shown.get("replaced_by").is_none() && shown["status"] == "valid", "{shown}");
    // A request for what the certificate is replaces it.
    home.ok(&["rotate", "ok.example.net", "--csr", "openssl-p-384.csr"]);
}

#[test]
fn lint_says_what_issue_would_say() {
    let home = strict_home();
    for (name, code, part) in BAD {
        let ran = home.certroll(&[
            "csr",
            "lint",
            &format!("{name}.csr"),
            "-t",
            "https-server",
            "--issuer",
            "strict",
            "--name",
            &format!("{name}.example.net"),
            "--format",
            "json",
        ]);
        if name.starts_with("forged") || *name == "key-e-even" {
            check(name, &ran, 13, part);
            continue;
        }
        assert_eq!(ran.code, 3, "{name}: issue ends with {code}: {ran:?}");
        let findings = ran.json();
        let findings = findings["findings"].as_array().expect("a list");
        let said = |finding: &&serde_json::Value| finding["level"] == "error" && text(finding, "text").contains(part);
        assert!(findings.iter().any(|finding| said(&finding)), "{name}: `{part}`: {findings:?}");
    }
}

#[test]
fn good_requests_of_other_programs_are_certified() {
    let home = TestHome::quick();
    let good = requests(include_str!("../requests/good.txt"));
    assert!(good.len() >= 50);
    let parameters = |template: &str| match template {
        "meter" => vec!["--param", "hw_type=1.3.6.1.4.1.32473.1", "--param", "eui64=0011223344556677"],
        _ => vec![],
    };
    for (at, (entry, pem)) in good.iter().enumerate() {
        let (name, template) = entry.split_once(' ').expect("a name and a template");
        home.write("request.csr", pem);
        let host = format!("host-{at}.example.net");
        let parameters = parameters(template);
        let mut lint = vec!["csr", "lint", "request.csr", "-t", template, "--issuer", "issuing", "--name", &host];
        lint.extend(&parameters);
        let ran = home.certroll(&lint);
        assert!(matches!(ran.code, 0 | 11), "{name}: {ran:?}");
        let mut issue = vec!["issue", &host, "-t", template, "--csr", "request.csr", "--format", "json"];
        issue.extend(&parameters);
        let ran = home.certroll(&issue);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        let issued = ran.json();
        let asked = home.ok(&["csr", "inspect", "request.csr", "--format", "json"]).json();
        let names = issued["names"].as_array().expect("a list");
        let given = asked["names"].as_array().expect("a list");
        assert!(given.iter().all(|one| names.contains(one)), "{name}: {issued} {asked}");
        let subject = text(&asked, "subject");
        assert!(
            subject.is_empty() || issued["subject"].as_str().is_some_and(|own| same(own, subject)),
            "{name}: {issued}"
        );
    }
    home.verify();
}

/// Common names are spelled as the alternative names are.
fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right)
}

#[test]
fn too_many_names_are_refused_with_the_limit() {
    let home = TestHome::quick();
    let mut args = vec!["csr", "new", "a.example.net", "-t", "https-server", "--out-key", "a.key", "--out", "a.csr"];
    let names: Vec<String> = (0..150).map(|at| format!("h{at}.example.net")).collect();
    args.extend(names.iter().flat_map(|name| ["--san", name]));
    home.command(&args).env("CERTROLL_KEYPASS_FILE", "secrets/storepass").output().expect("the program can be started");
    for command in [
        &["issue", "a.example.net", "-t", "https-server", "--csr", "a.csr"][..],
        &["csr", "lint", "a.csr", "-t", "https-server", "--name", "a.example.net"],
    ] {
        let ran = home.certroll(command).expect(3);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains("151 subject alternative names are over the limit of 100"), "{said}");
    }
}

#[test]
fn a_key_given_up_as_compromised_is_refused_by_name() {
    let home = TestHome::quick();
    let good = requests(include_str!("../requests/good.txt"));
    home.write("a.csr", good["openssl-p-256 https-server"]);
    home.ok(&["issue", "a.example.net", "-t", "https-server", "--csr", "a.csr"]);
    home.ok(&["revoke", "a.example.net", "--reason", "keyCompromise"]);
    let ran = home.certroll(&["issue", "b.example.net", "-t", "https-server", "--csr", "a.csr"]).expect(3);
    assert!(ran.stderr.contains("the key was given up as compromised with certificate"), "{ran:?}");
}
