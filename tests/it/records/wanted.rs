//! One request, as the arguments and lines by which each way takes it.

use super::compare::comparable;
use super::{exported, last_of};
use crate::home::TestHome;
use serde_json::Value;

/// The reason that every way is given.
pub(super) const WHY: &[&str] = &["--comment", "as planned", "--ticket", "CHG-77"];

/// The file with the lines of a batch.
pub(super) const BATCH: &str = "lines.csv";
/// The line of the certificate that is wanted, and that of another one; the header is 1.
pub(super) const LINES: [u64; 2] = [2, 3];

/// A certificate that is wanted.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) template: &'a str,
    /// A further name, where there is one.
    pub(super) san: Option<&'a str>,
    /// Parameters of the template.
    pub(super) parameters: &'a [(&'a str, &'a str)],
    /// The file of a certificate request, where one is brought.
    pub(super) csr: Option<&'a str>,
    /// Options that mean the same to every way.
    pub(super) options: &'a [&'a str],
}

impl Wanted<'_> {
    /// The command line that issues this one.
    pub(super) fn issue(&self, outputs: &[&str]) -> Vec<String> {
        let mut line = vec!["issue".to_owned(), self.name.to_owned(), "-t".to_owned(), self.template.to_owned()];
        line.extend(self.san.iter().flat_map(|san| ["--san".to_owned(), (*san).to_owned()]));
        line.extend(self.parameters.iter().flat_map(|(name, value)| ["--param".to_owned(), format!("{name}={value}")]));
        line.extend(self.csr.iter().flat_map(|csr| ["--csr".to_owned(), (*csr).to_owned()]));
        line.extend([self.options, WHY, outputs].concat().into_iter().map(str::to_owned));
        line
    }

    /// The name of the certificate on the next line of a batch.
    pub(super) fn other(&self) -> String {
        format!("other-{}", self.name)
    }

    /// Writes the batch, in which another certificate follows on the next line, and answers its command line.
    pub(super) fn batch(&self, home: &TestHome, outputs: &[&str]) -> Vec<String> {
        let columns: Vec<&str> =
            ["name", "san", "csr"].into_iter().chain(self.parameters.iter().map(|(name, _)| *name)).collect();
        let cells = [self.name, self.san.unwrap_or_default(), self.csr.unwrap_or_default()];
        let cells: Vec<&str> = cells.into_iter().chain(self.parameters.iter().map(|(_, value)| *value)).collect();
        let other = format!("{}{}", self.other(), ",".repeat(columns.len() - 1));
        home.write(BATCH, format!("{}\n{}\n{other}\n", columns.join(","), cells.join(",")));
        let line = [&["issue", "--batch", BATCH, "-t", self.template], self.options, WHY, outputs].concat();
        line.into_iter().map(str::to_owned).collect()
    }
}

/// Runs the program, which must end with that code.
pub(super) fn run(home: &TestHome, line: &[String], code: i32) {
    home.certroll(&line.iter().map(String::as_str).collect::<Vec<_>>()).expect(code);
}

/// The records of the last operation for that name, to be compared.
pub(super) fn told(home: &TestHome, name: &str) -> Vec<Value> {
    let records = exported(home);
    comparable(&last_of(&records, name), &home.path(""))
}

/// What the format defines to be otherwise in a batch, `docs/audit-log.md`: the reason's code; approval and intent are those of
/// the group, whose intent has the number of its certificates and one root over what is signed in place of names,
/// validity and hashes; the template is said once for all of them; what ends the intent is joined to it by the operation alone.
pub(super) fn as_in_a_batch(single: &[Value]) -> Vec<Value> {
    let mut records = single.to_vec();
    for record in &mut records {
        if let Some(code) = record.pointer_mut("/why/code") {
            *code = "batch".into();
        }
        if record["ev"] == "cert.issued" {
            record.as_object_mut().expect("a record is an object").remove("ref");
        }
        if record["ev"] == "cert.request" {
            let req = record["req"].as_object_mut().expect("it has a request");
            req.retain(|field, _| !matches!(field.as_str(), "template" | "template_sha256"));
        }
        if record["ev"] == "cert.issue.intent" {
            let req = record["req"].as_object_mut().expect("an intent has a request");
            req.retain(|field, _| matches!(field.as_str(), "template" | "template_sha256"));
            req.extend([("count".to_owned(), 2.into()), ("root".to_owned(), "the root of the group".into())]);
        }
    }
    records
}

/// The records of that line of a batch without what only a batch has: where the line stands, if that is right, which of the
/// group they are about, if they agree, the request of the group, and the kinds of key in the group of an intent.
pub(super) fn without_the_batch(records: &[Value], number: u64) -> Vec<Value> {
    let mut records = records.to_vec();
    let shared = |record: &Value| record["ev"] == "cert.request" && record["req"]["count"].is_number();
    if let Some(at) = records.iter().position(shared) {
        let shared = records.remove(at);
        assert_eq!((at, shared["req"]["template_sha256"].is_string()), (0, true), "{shared}");
    }
    let of_one =
        |record: &Value| matches!(record["ev"].as_str(), Some("cert.request" | "cert.issued" | "cert.deployed"));
    let items: Vec<_> = records.iter().filter(|record| of_one(record)).map(|record| record["item"].as_u64()).collect();
    assert!(items.iter().all(|item| item.is_some() && *item == items[0]), "{items:?}");
    for record in &mut records {
        if of_one(record) {
            record.as_object_mut().expect("a record is an object").remove("item");
        }
        if let Some(Value::Object(x)) = record.get_mut("x") {
            x.retain(|field, value| match field.as_str() {
                "batch" => *value != BATCH,
                "line" => *value != number,
                _ => true,
            });
        }
        if record["x"].as_object().is_none_or(serde_json::Map::is_empty) {
            record.as_object_mut().expect("a record is an object").remove("x");
        }
        if let Some(Value::Object(req)) = record.get_mut("req").filter(|req| req.get("root").is_some()) {
            req.remove("key");
        }
    }
    records
}

/// The records of a rotation without what only a rotation has: the hash of the certificate that it replaces, and that it takes
/// another key.
pub(super) fn without_the_predecessor(rotation: &[Value]) -> Vec<Value> {
    let mut records = rotation.to_vec();
    for record in &mut records {
        if let Some(Value::Object(cert)) = record.get_mut("cert") {
            let prev = cert.remove("prev");
            assert_eq!(prev, Some("the replaced certificate's hash".into()), "a rotation names what it replaces");
        }
        if let Some(Value::Object(req)) = record.get_mut("req") {
            let prev = req.remove("prev");
            assert_eq!(prev, Some("the replaced certificate's hash".into()), "so does its request");
            assert_eq!(req.insert("act".to_owned(), "issue".into()), Some("rekey".into()));
        }
    }
    records
}
