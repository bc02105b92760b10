//! The templates and policies in the box work together, and those that a home adds are refused when they are wrong, with the
//! file and the field.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::home::{TestHome, text};

/// What each template needs beyond a name, in a form that any of them takes.
pub(crate) const INPUTS: &[(&str, &str, &[&str])] = &[
    ("data-concentrator", "dc-17.example.net", &[]),
    ("head-end", "hes.example.net", &[]),
    ("https-server", "www.example.net", &[]),
    ("jms-broker", "broker.example.net", &[]),
    ("jms-client", "meter-data-import", &[]),
    ("message-signer", "signer", &[]),
    ("meter", "meter-000001", &[]),
    ("mqtt-broker", "mqtt.example.net", &[]),
    ("ocsp-responder", "ocsp", &[]),
];

/// Templates of CAs; they are applied by `ca create`.
const AUTHORITIES: &[&str] = &["root-ca", "issuing-ca"];

fn committed(directory: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let names = fs::read_dir(path).expect("it can be read").flatten();
    names.filter_map(|e| Some(e.file_name().to_string_lossy().strip_suffix(".toml")?.to_owned())).collect()
}

#[test]
fn every_template_is_allowed_by_every_policy() {
    let home = TestHome::new();
    let tried: BTreeSet<String> =
        INPUTS.iter().map(|(template, ..)| *template).chain(AUTHORITIES.iter().copied()).map(str::to_owned).collect();
    assert_eq!(tried, committed("templates"), "each template needs a row in INPUTS");
    for (template, name, more) in INPUTS {
        let issued = home.ok(&[&["issue", name, "-t", template, "--format", "json"], *more].concat()).json();
        assert_eq!(text(&issued, "template"), *template);
        let chain = text(&issued, "certificate");
        home.write("chain.pem", chain);
        home.ok(&["inspect", "chain.pem"]);
    }
    // The CAs' defaults, with the keys that they name.
    home.ok(&["ca", "create", "default-root"]);
    home.ok(&["ca", "create", "default-issuing", "--issuer", "default-root"]);
    home.verify();
}

#[test]
fn what_is_shipped_is_listed_and_printed_as_it_is_committed() {
    let home = TestHome::founded();
    for (noun, directory) in [("template", "templates"), ("policy", "policies")] {
        let listed = home.ok(&[noun, "list"]).stdout;
        for name in committed(directory) {
            assert!(
                listed.lines().any(|line| line.split_whitespace().next() == Some(name.as_str())),
                "{name}: {listed}"
            );
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory).join(format!("{name}.toml"));
            let expected = fs::read_to_string(file).expect("it can be read");
            assert_eq!(home.ok(&[noun, "show", &name]).stdout, expected, "{name}");
        }
    }
}

/// A shipped document with one line changed, and what the error must name beside the file.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("template", "key = \"ec:p256\"", "key = \"rsa:1024\"", "`key`"),
    ("template", "key = \"ec:p256\"", "kye = \"ec:p256\"", "kye"),
    ("template", "key = \"ec:p256\"", "key = 256", "line 8: invalid type"),
    ("template", "lifetime = \"10y\"", "lifetime = \"long\"", "`lifetime`"),
    ("template", "kind = \"end-entity\"", "kind = \"toaster\"", "unknown variant `toaster`"),
    ("template", "subject = \"CN={name}, serialNumber={serial}\"", "subject = \"CN={nobody}\"", "`subject`"),
    ("template", "key_usage = [\"digitalSignature\"]", "key_usage = [\"everything\"]", "`extensions.key_usage`"),
    ("template", "name = \"meter\"", "", "name"),
    ("template", "name = \"meter\"", "name = \"meter", "line"),
];

#[test]
fn wrong_templates_are_refused_with_file_and_field() {
    let home = TestHome::new();
    let good = home.ok(&["template", "show", "meter"]).stdout;
    for (noun, find, replace, field) in WRONG {
        assert!(good.contains(find), "the shipped template has no line `{find}`");
        home.write(format!("home/{noun}s/own.toml"), good.replacen(find, replace, 1));
        for arguments in [&["template", "list"][..], &["issue", "meter-1", "-t", "meter"]] {
            let ran = home.certroll(arguments).expect(2);
            assert!(ran.stderr.contains("templates/own.toml") && ran.stderr.contains(field), "{replace}: {ran:#?}");
        }
    }
    home.write("home/templates/own.toml", good.replace("name = \"meter\"", "name = \"meter-own\""));
    home.ok(&["issue", "meter-1", "-t", "meter-own"]);
}

#[test]
fn wrong_policies_are_refused_with_file_and_field() {
    let home = TestHome::new();
    let good = home.ok(&["policy", "show", "baseline"]).stdout;
    let name = good.lines().find(|line| line.starts_with("name")).expect("a policy has a name").to_owned();
    for (text, field) in [
        (good.replacen(&name, "", 1), "name"),
        (good.replacen(&name, &format!("{name}\ncolour = \"red\""), 1), "colour"),
        (good.replacen(&name, "name = 7", 1), "line 6: invalid type"),
        (format!("{good}\n[[rule]]\n"), "rule"),
    ] {
        home.write("home/policies/own.toml", text);
        for arguments in [&["policy", "list"][..], &["issue", "meter-1", "-t", "meter"]] {
            let ran = home.certroll(arguments).expect(2);
            assert!(ran.stderr.contains("policies/own.toml") && ran.stderr.contains(field), "{field}: {ran:#?}");
        }
    }
    fs::remove_file(home.path("home/policies/own.toml")).expect("a file can be removed");
    assert!(home.records("cert.issued").is_empty());
}
