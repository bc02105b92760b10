//! Every source of names but requests (see `requests`): a bad one passes none of them.

use crate::home::{TestHome, text};

/// What is no name, and why.
const WRONG: &[(&str, &str)] = &[
    ("10.0.0.300", "it is neither a host name nor a valid IP address"),
    ("a b.example.net", "it has a space"),
    ("w*.example.net", "a wildcard stands for the whole left-most label"),
    ("host.example.net.", "it ends with a dot"),
    ("a..example.net", "it has an empty label"),
    ("::ffff:10.0.0.1", "it is 10.0.0.1 written as IPv6"),
    ("a@b@example.net", "before the `@` stand letters"),
    ("https:///x", "its host is empty"),
    ("urn:x", "a urn is `urn:NAMESPACE:NAME`"),
    ("srv:mqtt.example.net", "it begins with an underscore and a service"),
    ("hwm:1.2:zz", "expected OID:HEX"),
    ("xn--a.example.net", "it is no internationalised name"),
];

#[test]
fn options_take_names_alone() {
    let home = TestHome::quick();
    for (name, why) in WRONG {
        let ran = home.certroll(&["issue", "a.example.net", "-t", "https-server", "--san", name]).expect(2);
        assert!(ran.stderr.contains(why), "{name}: {ran:?}");
        let ran =
            home.certroll(&["csr", "new", "a.example.net", "-t", "https-server", "--out-key", "k", "--san", name]);
        assert!(ran.code == 2 && ran.stderr.contains(why), "{name}: {ran:?}");
    }
    for (subject, why) in [
        ("C=DEU, CN=a", "a country is two letters"),
        ("CN=a\u{202e}b", "it has characters that nobody can see"),
        ("O=", "it is empty"),
        ("XX=a", "unknown attribute type"),
    ] {
        let ran = home.certroll(&["issue", "a.example.net", "-t", "https-server", "--subject", subject]).expect(2);
        assert!(ran.stderr.contains(why), "{subject}: {ran:?}");
    }
    assert_eq!(home.current().len(), 2, "nothing but the CAs");
}

#[test]
fn a_column_takes_names_alone() {
    let home = TestHome::quick();
    let lines: Vec<String> =
        WRONG.iter().enumerate().map(|(at, (name, _))| format!("n{at}.example.net,{name}")).collect();
    home.write("batch.csv", format!("name,san\n{}\n", lines.join("\n")));
    let ran = home.certroll(&["issue", "--batch", "batch.csv", "-t", "https-server", "--format", "json"]).expect(7);
    let report = ran.json();
    let failed = report["failed"].as_array().expect("a list");
    for (line, (name, why)) in failed.iter().zip(WRONG) {
        assert!(text(line, "reason").contains(why), "{name}: {line}");
    }
    assert_eq!((failed.len(), home.records("cert.reject").len()), (WRONG.len(), WRONG.len()));
}

#[test]
fn templates_take_names_alone() {
    let home = TestHome::quick();
    let shown = home.ok(&["template", "show", "https-server"]).stdout;
    for (san, why) in [
        ("dns:10.0.0.300", "number"),
        ("dns:w*.example.net", "wildcard"),
        ("uri:htp:/x", "no host"),
        ("ip:10.0.0", "expected four numbers up to 255"),
    ] {
        let text = shown.replace("dns:{name}?", san).replace("name = \"https-server\"", "name = \"own\"");
        home.write("home/templates/own.toml", text);
        let ran = home.certroll(&["issue", "a.example.net", "-t", "own"]).expect(2);
        assert!(ran.stderr.contains(why), "{san}: {ran:?}");
    }
}

#[test]
fn options_of_a_ca_take_names_alone() {
    let home = TestHome::quick();
    for (option, value, why) in [
        ("--permit", "dns:*.example.net", "write `dns:example.net`"),
        ("--permit", "dns:.example.net", "write `dns:example.net`"),
        ("--permit", "example.net", "expected dns:"),
        ("--exclude", "ip:10.0.0.1/8", "bits are set beyond the first 8"),
        ("--exclude", "email:*.example.net", "no host name"),
        ("--exclude", "uri:https://example.net/", "no URI"),
        ("--exclude", "dir:", "every one"),
        ("--crl-url", "htp:/x", "no host"),
        ("--crl-url", "htp://crl.example.net/x", "nothing is fetched by `htp:`"),
        ("--ocsp-url", "ocsp.example.net", "no scheme"),
        ("--issuer-url", "http://ca example.net/", "must be written as %.."),
    ] {
        let ran = home.certroll(&["ca", "create", "sub", "--issuer", "root", option, value]).expect(2);
        assert!(ran.stderr.contains(why), "{option} {value}: {ran:?}");
    }
    // What would leave nothing to issue for.
    let nothing = ["--permit", "dns:a.example.net", "--exclude", "dns:example.net"];
    let ran = home.certroll(&[&["ca", "create", "sub", "--issuer", "root"][..], &nothing].concat()).expect(2);
    assert!(ran.stderr.contains("could sign nothing"), "{ran:?}");
    home.ok(&["ca", "create", "sub", "--issuer", "root", "--permit", "dns:example.net"]);
}

#[test]
fn internationalised_names_are_certified_as_a_labels_and_shown_as_both() {
    let home = TestHome::quick();
    let issued = home.ok(&["issue", "büro.example.net", "-t", "https-server"]);
    assert!(issued.stdout.contains("dns:xn--bro-hoa.example.net (büro.example.net)"), "{issued:?}");
    assert!(issued.stdout.contains("CN=xn--bro-hoa.example.net"), "{issued:?}");
    let shown = home.ok(&["show", "büro.example.net", "--format", "json"]).json();
    assert_eq!(shown["names"], serde_json::json!(["dns:xn--bro-hoa.example.net"]));
    assert!(home.ok(&["show", "büro.example.net"]).stdout.contains("(büro.example.net)"));
}

#[test]
fn names_in_other_case_are_one() {
    let home = TestHome::quick();
    let issued = home.ok(&[
        "issue",
        "Broker.Example.NET",
        "-t",
        "https-server",
        "--san",
        "BROKER.example.net",
        "--format",
        "json",
    ]);
    let issued = issued.json();
    assert_eq!(issued["names"], serde_json::json!(["dns:broker.example.net"]));
    assert_eq!(issued["subject"], "CN=broker.example.net");
}

#[test]
fn usages_count_whatever_the_template_is_called() {
    let home = TestHome::quick();
    let shown = home.ok(&["template", "show", "https-server"]).stdout;
    let template = |usages: &str, lifetime: &str| {
        let text = shown
            .replace("name = \"https-server\"", "name = \"own\"")
            .replace("extended_key_usage = [\"serverAuth\"]", &format!("extended_key_usage = {usages}"))
            .replace("lifetime = \"90d\"", &format!("lifetime = \"{lifetime}\""));
        home.write("home/templates/own.toml", text);
        home.certroll(&["issue", "a.example.net", "-t", "own", "--force", "--format", "json"])
    };
    for (usages, lifetime, why) in [
        ("[\"anyExtendedKeyUsage\"]", "30d", "extended key usage anyExtendedKeyUsage is not allowed"),
        ("[\"2.5.29.37.0\", \"serverAuth\"]", "30d", "extended key usage anyExtendedKeyUsage is not allowed"),
        (
            "[\"OCSPSigning\", \"serverAuth\"]",
            "30d",
            "extended key usage serverAuth is not allowed (allowed: OCSPSigning)",
        ),
        ("[\"OCSPSigning\"]", "365d", "lifetime of 365 days is over the limit of 90 days"),
        ("[\"serverAuth\"]", "3y", "lifetime of 1095 days is over the limit of 398 days"),
        ("[\"emailProtection\", \"clientAuth\"]", "30d", "clientAuth is not allowed (allowed: emailProtection)"),
    ] {
        let ran = template(usages, lifetime).expect(3);
        assert!(ran.stderr.contains(why), "{usages}: {ran:?}");
    }
    // In any order, and each usage once.
    for usages in ["[\"clientAuth\", \"serverAuth\"]", "[\"serverAuth\", \"clientAuth\"]", "[\"1.3.6.1.5.5.7.3.2\"]"] {
        template(usages, "90d").expect(0);
    }
}

#[test]
fn lifetimes_are_consistent_from_birth() {
    let home = TestHome::quick();
    home.ok(&[
        "issue",
        "m1",
        "-t",
        "meter",
        "--ttl",
        "1y",
        "--param",
        "hw_type=1.2.3",
        "--param",
        "eui64=0011223344556677",
    ]);
    let ca = ["ca", "create", "brief", "--issuer", "root", "--ttl", "2y", "--key", "ec:p256"];
    home.ok(&ca);
    let ran = home.ok(&["check"]);
    assert_eq!(ran.code, 0, "nothing is due: {ran:?}");
    assert!(home.ok(&["rotate", "--due"]).stderr.contains("nothing is due"));
    let long = [
        "issue",
        "m2",
        "-t",
        "meter",
        "--issuer",
        "brief",
        "--param",
        "hw_type=1.2.3",
        "--param",
        "eui64=0011223344556677",
    ];
    let ran = home.certroll(&long).expect(3);
    assert!(ran.stderr.contains("is longer than the issuer's, until"), "{ran:?}");
    // A template can allow it; then no policy stands against it.
    let shown = home.ok(&["template", "show", "meter"]).stdout;
    let text =
        shown.replace("name = \"meter\"", "name = \"meter-long\"").replace("key =", "outlives_issuer = true\nkey =");
    home.write("home/templates/meter-long.toml", text);
    home.ok(&long.map(|word| if word == "meter" { "meter-long" } else { word }));
}
