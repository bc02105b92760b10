//! What operations leave in the log, as an auditor sees it: the records of an export.
//!
//! The same request leaves the same records, whichever way it came.

mod compare;
mod one_way;
mod refused;
mod wanted;

use certroll_base::encoding::hex;
use certroll_core::audit::record::{self, session::SessionFacts};
use certroll_tlog::leaf_hash;
use serde_json::Value;

use crate::home::TestHome;

/// A line of an export.
pub(crate) struct Record {
    pub(crate) value: Value,
    /// Its leaf hash, in hexadecimal.
    pub(crate) leaf: String,
}

impl Record {
    fn text(&self, pointer: &str) -> Option<&str> {
        self.value.pointer(pointer)?.as_str()
    }

    /// The inventory name of the certificate that it is about; none for what a group of a batch shares.
    fn name(&self) -> Option<&str> {
        let names = ["/req/names", "/cert/san"].iter().find_map(|at| self.value.pointer(at)?.as_array());
        let name = names.and_then(|names| names.iter().find_map(|name| name.as_str()?.strip_prefix("name:")));
        name.or_else(|| self.text("/x/name"))
    }
}

/// Exports the log of a home as JSON Lines, and reads the export; what records leave to their session is filled in.
pub(crate) fn exported(home: &TestHome) -> Vec<Record> {
    home.ok(&["audit", "export", "--format", "jsonl", "--out", "records.jsonl"]);
    let text = String::from_utf8(home.read("records.jsonl")).expect("records are UTF-8");
    let mut sessions = SessionFacts::default();
    let record = |line: &str| {
        let mut record = record::Record::parse(line.as_bytes()).expect("it is a record");
        assert!(sessions.complete(&mut record), "its session has begun");
        let value = serde_json::to_value(&record).expect("a record is JSON");
        Record { value, leaf: hex(&leaf_hash(line.as_bytes())) }
    };
    text.lines().map(record).collect()
}

/// The records of the last operation for that name: those that name it, those that tell of its files, and those that it
/// shares with its group in a batch.
pub(crate) fn last_of<'a>(records: &'a [Record], name: &str) -> Vec<&'a Record> {
    let named = records.iter().rfind(|record| record.name() == Some(name));
    let op = named.unwrap_or_else(|| panic!("no record names `{name}`")).text("/op");
    let joined: Vec<&Record> = records.iter().filter(|record| record.text("/op") == op).collect();
    let issued = joined.iter().find(|record| record.name() == Some(name) && record.value.get("cert").is_some());
    let sha256 = issued.and_then(|record| record.text("/cert/sha256"));
    let of_it = |record: &&Record| match record.text("/tgt/observed") {
        Some(observed) => sha256 == Some(observed),
        None => record.name().is_none_or(|other| other == name),
    };
    joined.into_iter().filter(of_it).collect()
}
