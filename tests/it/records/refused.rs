//! One request that is refused leaves the same record whichever way it comes.

use serde_json::{Value, json};

use super::compare::{differences, fields_only};
use super::wanted::{BATCH, LINES, WHY, Wanted, as_in_a_batch, run, told, without_the_batch, without_the_predecessor};
use crate::home::TestHome;

/// A policy that a home adds once it has issued for longer.
const POLICY: &str = r#"
name = "short"
summary = "nothing lives longer than a year"
applies_to = { templates = ["meter", "issuing-ca"] }

[[rules]]
max_lifetime = "365d"
"#;

const METER: Wanted<'_> = Wanted {
    name: "meter-1",
    template: "meter",
    san: Some("dns:meter-1.example"),
    parameters: &[("serial", "77")],
    csr: None,
    options: &["--ttl", "2y"],
};

const BROUGHT: Wanted<'_> = Wanted { san: None, csr: Some("meter.csr"), ..METER };

/// A home to copy for each way, and what the refusal of a single request leaves under [`POLICY`].
struct Scene {
    base: TestHome,
    generated: Vec<Value>,
    brought: Vec<Value>,
}

impl Scene {
    fn new() -> Self {
        let base = TestHome::quick();
        for file in [BROUGHT.csr.expect("it is brought"), "new.csr"] {
            let made = ["csr", "new", "meter-1", "-t", "meter", "--param", "serial=77", "--out-key", "csr.key.pem"];
            base.ok(&[&made[..], &["--out", file]].concat());
            std::fs::remove_file(base.path("csr.key.pem")).expect("a file can be removed");
        }
        let mut scene = Self { base, generated: Vec::new(), brought: Vec::new() };
        let home = scene.home(&[]);
        scene.generated = refusal(&home, &METER.issue(&["--out-cert", "meter.pem"]), (3, 1), METER.name);
        scene.brought = refusal(&home, &BROUGHT.issue(&[]), (3, 1), BROUGHT.name);
        assert!(!home.path("meter.pem").exists());
        scene
    }

    /// A home that has issued those, under their names, before its policy refused the like.
    fn home(&self, before: &[Wanted<'_>]) -> TestHome {
        let home = self.base.copy();
        for file in ["meter.csr", "new.csr"] {
            home.write(file, self.base.read(file));
        }
        for wanted in before {
            run(&home, &wanted.issue(&[]), 0);
        }
        home.write("home/policies/short.toml", POLICY);
        home
    }
}

/// Runs it, which must end with that code, issue nothing, and leave that many refusals; answers the last one for the name.
fn refusal(home: &TestHome, line: &[String], (code, count): (i32, usize), name: &str) -> Vec<Value> {
    let all = |event: &str| home.records(event).len();
    let acts = || ["cert.issue.intent", "cert.issued", "ca.cert.issued"].map(all);
    let (before, refused) = (acts(), all("cert.reject"));
    run(home, line, code);
    assert_eq!(acts(), before, "{line:?} issued something");
    assert_eq!(all("cert.reject") - refused, count, "{line:?}");
    home.verify();
    told(home, name)
}

fn line(words: &[&str]) -> Vec<String> {
    [words, WHY].concat().into_iter().map(str::to_owned).collect()
}

/// Fails with everything that is found to be different.
fn assert_same(way: &str, expected: &[Value], found: &[Value]) {
    let found = differences(expected, found);
    assert!(found.is_empty(), "{way}:\n{}\n", found.join("\n"));
}

/// A line of a batch is refused as a single request is, and its record says where it stands.
fn assert_same_in_batch(home: &TestHome, wanted: Wanted<'_>, count: usize, single: &[Value]) {
    let told = refusal(home, &wanted.batch(home, &["--out", "out"]), (7, count), wanted.name);
    assert_eq!(told[0]["x"]["batch"], BATCH, "{told:#?}");
    assert_eq!(told[0]["x"]["line"], LINES[0], "{told:#?}");
    assert_same("batch", &as_in_a_batch(single), &without_the_batch(&told, LINES[0]));
    assert!(!home.names("out").iter().any(|name| name.starts_with(wanted.name)), "something was written");
}

#[test]
fn a_refusal_by_policy_says_what_was_refused_by_whom_and_why() {
    let Scene { generated, brought, .. } = Scene::new();
    let found = &generated[0];
    let mut expected = json!({
        "v": 2, "op": "the operation", "sess": "the session", "ev": "cert.reject", "out": "denied",
        "actor": found["actor"],
        "why": {"code": "manual", "text": "as planned", "ticket": "CHG-77"},
        "pol": {"id": "baseline+devices+short", "sha256": found["pol"]["sha256"], "decision": "deny"},
        "req": {
            "act": "issue", "template": "meter", "template_sha256": found["req"]["template_sha256"],
            "names": ["name:meter-1", "dn:CN=meter-1, serialNumber=77", "dns:meter-1.example"],
            "nb": "now", "na": found["req"]["na"], "spki": "the key's hash", "key": "generated ec:p256",
        },
        "err": {"code": "policy", "text": "lifetime of 730 days is over the limit of 365 days"},
    });
    assert_same("single", std::slice::from_ref(&expected), &generated);
    expected["req"]["names"] = json!(["name:meter-1", "dn:CN=meter-1, serialNumber=77"]);
    expected["req"]["csr"] = json!("the request's hash");
    expected["req"]["key"] = json!("brought as a request");
    assert_same("with a request that is brought", &[expected], &brought);
}

#[test]
fn a_refusal_by_policy_is_the_same_on_a_line_of_a_batch() {
    let scene = Scene::new();
    assert_same_in_batch(&scene.home(&[]), METER, 2, &scene.generated);
}

#[test]
fn a_refusal_by_policy_of_a_request_that_is_brought_is_the_same_on_a_line_of_a_batch() {
    let scene = Scene::new();
    assert_same_in_batch(&scene.home(&[]), BROUGHT, 2, &scene.brought);
}

#[test]
fn a_refusal_by_policy_is_the_same_when_it_is_rotated() {
    let scene = Scene::new();
    let found = refusal(&scene.home(&[METER]), &line(&["rotate", "meter-1"]), (3, 1), "meter-1");
    assert_same("rotation", &scene.generated, &without_the_predecessor(&found));
    let rotate = line(&["rotate", "meter-1", "--csr", "new.csr"]);
    let found = refusal(&scene.home(&[BROUGHT]), &rotate, (3, 1), "meter-1");
    assert_same("rotation with a request", &scene.brought, &without_the_predecessor(&found));
    let home = scene.home(&[METER, Wanted { name: "meter-2", ..METER }]);
    let found = refusal(&home, &line(&["rotate", "meter-1", "meter-2"]), (7, 2), "meter-1");
    assert_same("rotation of several", &scene.generated, &without_the_predecessor(&found));
}

/// A CA has a template and names of its own, but what refuses it, and why, is told in the same way.
#[test]
fn a_refusal_by_policy_is_the_same_when_it_is_a_ca() {
    let scene = Scene::new();
    let create = line(&["ca", "create", "ca-1", "--issuer", "root", "--ttl", "2y", "--key", "ec:p256"]);
    let found = refusal(&scene.home(&[]), &create, (3, 1), "ca-1");
    assert_same("CA", &fields_only(&scene.generated), &fields_only(&found));
    for field in ["out", "why", "err"] {
        assert_eq!(found[0][field], scene.generated[0][field], "{field}");
    }
    assert_eq!(found[0]["pol"]["id"], "baseline+authorities+short");
}
