//! One request leaves the same records whichever way it comes.

use serde_json::{Value, json};

use super::compare::{differences, fields_only};
use super::wanted::{LINES, WHY, Wanted, as_in_a_batch, run, told, without_the_batch, without_the_predecessor};
use super::{exported, last_of};
use crate::home::TestHome;
use crate::shipped::INPUTS;

/// The request in most of these tests.
const METER: Wanted<'_> = Wanted {
    name: "meter-1",
    template: "meter",
    san: Some("dns:meter-1.example"),
    parameters: &[("serial", "77")],
    csr: None,
    options: &["--ttl", "1y", "--key", "ec:p256"],
};

/// A home for each way, alike but for what the ways leave in it.
struct Ways {
    single: TestHome,
    batch: TestHome,
}

impl Ways {
    fn new() -> Self {
        let single = TestHome::quick();
        let batch = single.copy();
        std::fs::create_dir(single.path("out")).expect("a directory can be made");
        Self { single, batch }
    }

    /// What is different when the certificate is issued on a line of a batch, and when it is rotated; nothing, if all is well.
    fn compare(&self, wanted: Wanted<'_>, outputs: &[&str], in_batch: &[&str]) -> Vec<String> {
        run(&self.single, &wanted.issue(outputs), 0);
        let single = told(&self.single, wanted.name);
        whole(&single, wanted, outputs.len() / 2);
        run(&self.batch, &wanted.batch(&self.batch, in_batch), 0);
        let line = without_the_batch(&told(&self.batch, wanted.name), LINES[0]);
        let mut found = titled("batch", differences(&as_in_a_batch(&single), &line));
        if wanted.csr.is_none() {
            let next = without_the_batch(&told(&self.batch, &wanted.other()), LINES[1]);
            found.extend(titled("next line", differences(&fields_only(&line), &fields_only(&next))));
        }
        let csr = wanted.csr.map(|csr| ["--csr".to_owned(), format!("new-{csr}")]);
        let rotate = ["rotate".to_owned(), wanted.name.to_owned()].into_iter().chain(csr.into_iter().flatten());
        run(&self.single, &rotate.chain(WHY.iter().map(|word| (*word).to_owned())).collect::<Vec<_>>(), 0);
        let rotated = without_the_predecessor(&told(&self.single, wanted.name));
        found.extend(titled("rotation", differences(&single, &rotated)));
        found
    }
}

fn titled(way: &str, found: Vec<String>) -> Vec<String> {
    found.into_iter().map(|difference| format!("{way}: {difference}")).collect()
}

/// The yardstick itself has everything that the format promises.
fn whole(single: &[Value], wanted: Wanted<'_>, files: usize) {
    let events: Vec<&str> = single.iter().filter_map(|record| record["ev"].as_str()).collect();
    assert_eq!(events[..4], ["cert.request", "cert.approve", "cert.issue.intent", "cert.issued"], "{single:#?}");
    assert_eq!(events[4..], vec!["cert.deployed"; files], "{single:#?}");
    assert_eq!(single[0]["why"], json!({"code": "manual", "text": "as planned", "ticket": "CHG-77"}));
    assert_eq!(single[0]["req"]["template"], wanted.template);
    let csr = wanted.csr.map_or(Value::Null, |_| json!("the request's hash"));
    for record in [&single[0], &single[2]] {
        assert_eq!((&record["req"]["spki"], &record["req"]["csr"]), (&json!("the key's hash"), &csr));
    }
    assert_eq!(single[1]["pol"]["decision"], "allow");
    let signer = &single[2]["signer"];
    assert_eq!((&single[2]["req"]["tbs"], &signer["id"]), (&json!("the hash of what is signed"), &json!("issuing")));
    assert_eq!((signer["spki"].as_str().map(str::len), &signer["alg"]), (Some(64), &json!("ecdsa-with-SHA256")));
    assert_eq!(
        (&single[3]["ref"], &single[3]["cert"]["spki"]),
        (&json!("cert.issue.intent"), &json!("the key's hash"))
    );
    for deployed in &single[4..] {
        assert_eq!(deployed["tgt"]["observed"], "the certificate's hash");
        assert_eq!(deployed["tgt"]["state"], "written");
        assert!(deployed["tgt"]["sha256"].as_str().is_some_and(|hash| hash.starts_with("the file's hash")));
    }
}

#[test]
fn whatever_is_written_single_batch_and_rotation_leave_the_same() {
    let ways = Ways::new();
    let mut found = Vec::new();
    for (name, outputs, in_batch) in [
        ("pem", &["--out-cert", "out/pem.pem", "--out-key", "out/pem.key.pem"][..], &["--out", "out"][..]),
        ("pkcs12", &["--keystore", "out/pkcs12.p12"], &["--out", "out", "--out-format", "pkcs12"]),
        ("jks", &["--keystore", "out/jks.jks"], &["--out", "out", "--out-format", "jks"]),
        ("kept", &[], &[]),
    ] {
        found.extend(titled(name, ways.compare(Wanted { name, ..METER }, outputs, in_batch)));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    ways.batch.verify();
}

#[test]
fn a_request_that_is_brought_leaves_the_same_single_in_a_batch_and_in_a_rotation() {
    let ways = Ways::new();
    for file in ["meter.csr", "new-meter.csr"] {
        let made = ["csr", "new", "meter-1", "-t", "meter", "--param", "serial=77", "--out-key", "csr.key.pem"];
        ways.single.ok(&[&made[..], &["--out", file]].concat());
        std::fs::remove_file(ways.single.path("csr.key.pem")).expect("a file can be removed");
    }
    ways.batch.write("meter.csr", ways.single.read("meter.csr"));
    let wanted = Wanted { san: None, csr: Some("meter.csr"), options: &["--ttl", "1y"], ..METER };
    let found = ways.compare(wanted, &["--out-cert", "out/meter-1.pem"], &["--out", "out"]);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_certificate_in_a_file_of_lines_is_on_record_as_deployed() {
    let home = TestHome::quick();
    run(&home, &METER.batch(&home, &["--out", "meters.ndjson"]), 0);
    let records = exported(&home);
    for name in ["meter-1", "other-meter-1"] {
        let told = last_of(&records, name);
        let deployed: Vec<_> = told.iter().filter(|record| record.value["ev"] == "cert.deployed").collect();
        assert_eq!(
            deployed.len(),
            1,
            "`{name}` left {:?}",
            told.iter().map(|one| &one.value["ev"]).collect::<Vec<_>>()
        );
        let target = &deployed[0].value["tgt"];
        assert_eq!((&target["t"], &target["id"]), (&json!("file"), &json!(home.path("meters.ndjson"))));
    }
}

#[test]
fn every_template_leaves_the_same_single_in_a_batch_and_in_a_rotation() {
    let ways = Ways::new();
    let mut found = Vec::new();
    let mut meter: Option<Vec<Value>> = None;
    for (template, name, _) in INPUTS {
        let options = &["--key", "ec:p256"];
        let wanted = Wanted { name, template, san: None, parameters: &[], csr: None, options };
        found.extend(titled(template, ways.compare(wanted, &[], &[])));
        let rotated = without_the_predecessor(&told(&ways.single, name));
        let first = meter.get_or_insert_with(|| rotated.clone());
        found.extend(titled(template, differences(&fields_only(first), &fields_only(&rotated))));
    }
    // What is created as a CA leaves the same fields, under the event of its kind, and is added to the issuers.
    let mut expected = fields_only(&meter.expect("there are templates"));
    expected[3]["ev"] = json!("ca.cert.issued");
    expected.push(json!({"ev": "issuer.add", "x.issuer": "", "x.kind": ""}));
    for name in ["v", "op", "sess", "out", "actor.t", "actor.id", "actor.auth", "why.code", "why.text", "why.ticket"] {
        expected[4][name] = json!("");
    }
    for (template, issuer) in [("root-ca", &[][..]), ("issuing-ca", &["--issuer", "root"])] {
        let create = ["ca", "create", template, "-t", template, "--key", "ec:p256"];
        ways.single.ok(&[&create[..], issuer, WHY].concat());
        let created = told(&ways.single, template);
        assert_eq!(created[0]["why"], json!({"code": "manual", "text": "as planned", "ticket": "CHG-77"}));
        found.extend(titled(template, differences(&expected, &fields_only(&created))));
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    ways.single.verify();
    ways.batch.verify();
}
