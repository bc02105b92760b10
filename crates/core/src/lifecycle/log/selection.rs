//! Which records a filtered export shows.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::audit::record::Record;
use crate::audit::record::event::Event;
use crate::audit::record::value::Id;
use certroll_base::clock::Timestamp;
use certroll_pki::x509::serial::SerialNumber;

/// A choice of records; every given part must fit. Empty, it chooses all.
///
/// An operation is shown whole: with one record of it come its others, so that intents and outcomes can be paired. Of one for a
/// group, as a batch has, records that are about other certificates than those chosen are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Any of these: names of the inventory, subject alternative names, subjects, or serial numbers.
    pub names: Vec<String>,
    /// Any of these events.
    pub events: Vec<Event>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
}

impl Selection {
    /// Whether it chooses all.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a record fits, its operation aside.
    pub fn fits(&self, record: &Record<'_>) -> bool {
        self.from.is_none_or(|from| record.ts >= from)
            && self.until.is_none_or(|until| record.ts < until)
            && (self.events.is_empty() || self.events.contains(&record.ev))
            && (self.names.is_empty() || self.names.iter().any(|name| tells_of(record, name)))
    }

    /// What the log is told of the choice.
    pub fn facts(&self) -> Map<String, Value> {
        let mut facts = Map::new();
        let texts = |list: Vec<String>| Value::from(list);
        if !self.names.is_empty() {
            facts.insert("names".to_owned(), texts(self.names.clone()));
        }
        if !self.events.is_empty() {
            facts.insert("events".to_owned(), texts(self.events.iter().map(ToString::to_string).collect()));
        }
        for (key, at) in [("from", self.from), ("until", self.until)] {
            if let Some(at) = at {
                facts.insert(key.to_owned(), at.to_rfc3339_millis().into());
            }
        }
        facts
    }
}

/// Whether a record names that device or certificate: exactly, not as part of a word.
fn tells_of(record: &Record<'_>, name: &str) -> bool {
    let cert = record.cert.as_deref();
    let listed = cert.map_or(&[][..], |cert| &cert.san).iter().chain(record.req.iter().flat_map(|req| &req.names));
    // As `name:broker-1`, `dns:broker.example`, `dn:CN=...`; the kind need not be said.
    let is = |listed: &String| listed == name || listed.split_once(':').is_some_and(|(_, value)| value == name);
    let serial = || SerialNumber::parse(name).map(|serial| serial.to_string());
    listed.into_iter().any(is)
        || record.x.get("name").is_some_and(|value| value == name)
        || cert.is_some_and(|cert| serial().is_some_and(|serial| cert.sn == serial))
}

/// The records to show, by operation: all records of those of which one fits, but of an operation for a group only what is
/// about the group or about the certificates that fit.
///
/// Memory grows with operations and chosen certificates of groups, 16 or 24 bytes each and the places of a hash table.
#[derive(Clone, Debug, Default)]
pub(super) struct SelectedRecords {
    operations: HashSet<Id>,
    /// Operations of which certain certificates are shown.
    groups: HashSet<Id>,
    items: HashSet<(Id, u64)>,
}

impl SelectedRecords {
    /// Chooses what belongs to that record, and what is said of its session.
    pub(super) fn add(&mut self, record: &Record<'_>) {
        self.add_alone(record);
        self.add_operation(record.sess);
    }

    /// Chooses what belongs to that record.
    pub(super) fn add_alone(&mut self, record: &Record<'_>) {
        match record.item {
            Some(item) => {
                self.groups.insert(record.op);
                self.items.insert((record.op, item));
            }
            None => self.add_operation(record.op),
        }
    }

    /// Chooses all records of an operation.
    pub(super) fn add_operation(&mut self, operation: Id) {
        self.operations.insert(operation);
    }

    pub(super) fn contains(&self, record: &Record<'_>) -> bool {
        self.operations.contains(&record.op)
            || match record.item {
                Some(item) => self.items.contains(&(record.op, item)),
                None => self.groups.contains(&record.op),
            }
    }
}
