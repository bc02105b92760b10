//! What is in force: templates, policies, issuers, and the program itself. Compared with what was last recorded before a
//! process writes anything else, so that the log says when each came, changed and went.
//!
//! The store remembers what was last recorded, and changes it in the transaction of the records that tell of it.

use crate::policy::PolicyDigest;
use crate::template::TemplateDigest;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use serde_json::{Map, Value};

use super::broken::BrokenFiles;
use crate::audit::record::event::Event;
use crate::policy::PolicySet;
use crate::store::{Authority, Change, InForceFact, Store, StoreError};
use crate::template::Template;
use certroll_base::encoding::{self, Sha256};

/// Kinds of what is remembered.
const TEMPLATE: &str = "template";
const POLICY: &str = "policy";
const ISSUER: &str = "issuer";
const PROGRAM: &str = "program";

/// What is in force in this process.
#[derive(Clone, Debug, Default)]
pub struct InForce {
    templates: BTreeMap<String, TemplateDigest>,
    policies: BTreeMap<String, PolicyDigest>,
    /// SHA-256 of the settings file.
    settings: Sha256,
    program: Program,
    /// Kinds of which not every file can be read.
    unread: Vec<&'static str>,
}

/// The program that runs.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Its version.
    pub version: String,
    /// The file it was started from, if the system tells.
    pub file: Option<PathBuf>,
}

/// What has changed since it was last recorded: events with their facts, and what the store is to remember.
#[derive(Debug, Default)]
pub(crate) struct InForceChanges {
    pub(crate) events: Vec<(Event, Map<String, Value>)>,
    pub(crate) changes: Vec<Change>,
    /// SHA-256 of the program; `None` if its file cannot be read.
    pub(crate) program: Option<Sha256>,
}

impl InForce {
    /// Templates and policies as they are applied, the text of the settings, and the program.
    pub fn new(
        templates: &BTreeMap<String, Template>,
        policies: &PolicySet,
        settings: &[u8],
        program: Program,
    ) -> Self {
        Self {
            templates: templates.values().map(|one| (one.name().to_owned(), one.digest())).collect(),
            policies: policies.iter().map(|one| (one.name().to_owned(), one.digest())).collect(),
            settings: encoding::sha256(settings),
            program,
            unread: Vec::new(),
        }
    }

    /// The same, where files cannot be read: nothing is said of their kind, neither that it changed nor that it went.
    #[must_use]
    pub fn without(mut self, broken: &BrokenFiles) -> Self {
        self.unread = [(TEMPLATE, broken.has_template()), (POLICY, broken.has_policy())]
            .into_iter()
            .filter_map(|(kind, unread)| unread.then_some(kind))
            .collect();
        self
    }

    /// What `session.start` says of it: one hash over each.
    pub(crate) fn facts(&self) -> Map<String, Value> {
        let hash = |digest: Sha256| Value::from(encoding::hex(&digest));
        // A hash over some would look like a change of the others.
        let whole = |kind, digest| if self.unread.contains(&kind) { Value::Null } else { hash(digest) };
        Map::from_iter([
            ("settings_sha256".to_owned(), hash(self.settings)),
            ("templates_sha256".to_owned(), whole(TEMPLATE, over(&self.templates))),
            ("policies_sha256".to_owned(), whole(POLICY, over(&self.policies))),
        ])
    }

    /// Compares with what the store remembers.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(crate) fn compare(&self, store: &dyn Store) -> Result<InForceChanges, StoreError> {
        let remembered = RecordedInForce::read(store)?;
        let mut difference = InForceChanges::default();
        let issuers = store.authorities()?.iter().map(|one| (one.name.clone(), issuer_value(one))).collect();
        for (kind, now, events) in [
            (TEMPLATE, texts(&self.templates), [Event::ProfileAdd, Event::ProfileChange, Event::ProfileRetire]),
            (POLICY, texts(&self.policies), [Event::PolicyChange; 3]),
            (ISSUER, issuers, [Event::IssuerAdd, Event::IssuerChange, Event::IssuerRemove]),
        ] {
            if !self.unread.contains(&kind) {
                remembered.compare(kind, &now, events, &mut difference);
            }
        }
        self.program.compare(&remembered, &mut difference);
        Ok(difference)
    }
}

/// SHA-256 over a line `NAME DIGEST` for each, sorted by name: what an auditor can make again from the files.
fn over(all: &BTreeMap<String, impl Display>) -> Sha256 {
    let lines: String = all.iter().map(|(name, digest)| format!("{name} {digest}\n")).collect();
    encoding::sha256(lines.as_bytes())
}

fn texts(all: &BTreeMap<String, impl Display>) -> BTreeMap<String, String> {
    all.iter().map(|(name, digest)| (name.clone(), digest.to_string())).collect()
}

/// Everything of a CA of the home that decides what it issues.
fn issuer_value(authority: &Authority) -> String {
    let pointers = &authority.pointers;
    let facts = serde_json::json!([
        authority.name,
        authority.parent,
        authority.certificate.to_string(),
        authority.key_file,
        pointers.crl,
        pointers.ocsp,
        pointers.ca_issuers,
    ]);
    encoding::hex(&encoding::sha256(facts.to_string().as_bytes()))
}

/// A CA that is recorded as added is remembered in the same transaction.
pub(crate) fn remember_issuer(authority: &Authority) -> Change {
    Change::InForce { fact: fact(ISSUER, &authority.name, issuer_value(authority)), before: None }
}

/// So is one that is recorded as changed, with what its record says of it before and after.
pub(crate) fn remember_changed_issuer(before: &Authority, after: &Authority) -> (Change, [(String, Value); 2]) {
    let (old, new) = (issuer_value(before), issuer_value(after));
    let told = [("before".to_owned(), old.clone().into()), ("after".to_owned(), new.clone().into())];
    (Change::InForce { fact: fact(ISSUER, &after.name, new), before: Some(old) }, told)
}

/// One that is recorded as removed is forgotten in the same transaction.
pub(crate) fn forget_issuer(authority: &Authority) -> Change {
    Change::NotInForce(fact(ISSUER, &authority.name, issuer_value(authority)))
}

fn fact(kind: &str, name: &str, value: String) -> InForceFact {
    InForceFact { kind: kind.to_owned(), name: name.to_owned(), value }
}

/// What was last recorded.
struct RecordedInForce(BTreeMap<(String, String), String>);

impl RecordedInForce {
    fn read(store: &dyn Store) -> Result<Self, StoreError> {
        Ok(Self(store.in_force()?.into_iter().map(|fact| ((fact.kind, fact.name), fact.value)).collect()))
    }

    fn of(&self, kind: &str, name: &str) -> Option<&String> {
        self.0.get(&(kind.to_owned(), name.to_owned()))
    }

    /// The change to `value`; `None` when that is what is remembered.
    fn change(&self, kind: &str, name: &str, value: &str) -> Option<Change> {
        let before = self.of(kind, name);
        if before.is_some_and(|before| before == value) {
            return None;
        }
        Some(Change::InForce { fact: fact(kind, name, value.to_owned()), before: before.cloned() })
    }

    fn compare(
        &self,
        kind: &str,
        now: &BTreeMap<String, String>,
        [added, changed, removed]: [Event; 3],
        difference: &mut InForceChanges,
    ) {
        let mut tell = |event: Event, change: &str, name: &str, before: Option<&String>, after: Option<&String>| {
            let mut facts =
                Map::from_iter([(kind.to_owned(), Value::from(name)), ("change".to_owned(), Value::from(change))]);
            facts.extend(before.map(|digest| ("before".to_owned(), digest.clone().into())));
            facts.extend(after.map(|digest| ("after".to_owned(), digest.clone().into())));
            difference.events.push((event, facts));
        };
        for (name, value) in now {
            let before = self.of(kind, name);
            if let Some(change) = self.change(kind, name, value) {
                let (event, word) = if before.is_some() { (changed, "changed") } else { (added, "added") };
                tell(event, word, name, before, Some(value));
                difference.changes.push(change);
            }
        }
        for ((_, name), value) in self.0.iter().filter(|((of, name), _)| of == kind && !now.contains_key(name)) {
            tell(removed, "removed", name, Some(value), None);
            difference.changes.push(Change::NotInForce(fact(kind, name, value.clone())));
        }
    }
}

impl Program {
    fn compare(&self, remembered: &RecordedInForce, difference: &mut InForceChanges) {
        let (known, version) = (remembered.of(PROGRAM, "sha256"), remembered.of(PROGRAM, "version"));
        let opened = self.file.as_ref().and_then(|file| File::open(file).ok());
        let identity = opened.as_ref().and_then(identity);
        let same_file = identity.is_some() && remembered.of(PROGRAM, "file") == identity.as_ref();
        // Hashing ten megabytes at every start would cost more than the rest of it.
        let sha256 = match (known.filter(|_| same_file).and_then(|known| encoding::sha256_from_hex(known)), opened) {
            (Some(known), _) => Some(known),
            (None, Some(mut file)) => encoding::sha256_of(&mut file).ok(),
            (None, None) => None,
        };
        difference.program = sha256;
        let hex = sha256.map(|digest| encoding::hex(&digest));
        let other_bytes = known.is_some() && hex.is_some() && known != hex.as_ref();
        if other_bytes || version.is_some_and(|version| *version != self.version) {
            let mut facts = Map::new();
            for (name, value) in [
                ("before", known),
                ("after", hex.as_ref()),
                ("version_before", version),
                ("version_after", Some(&self.version)),
            ] {
                facts.extend(value.map(|value| (name.to_owned(), value.clone().into())));
            }
            difference.events.push((Event::SoftwareUpdate, facts));
        }
        let now = [("version", Some(self.version.clone())), ("sha256", hex), ("file", identity)];
        for (name, value) in now {
            difference.changes.extend(value.and_then(|value| remembered.change(PROGRAM, name, &value)));
        }
    }
}

/// What tells one state of a file from another without reading it: device, inode, size, and both times in nanoseconds.
/// The time of change cannot be set back by who writes the file.
fn identity(file: &File) -> Option<String> {
    let data = file.metadata().ok()?;
    Some(format!(
        "{}:{}:{}:{}.{:09}:{}.{:09}",
        data.dev(),
        data.ino(),
        data.len(),
        data.mtime(),
        data.mtime_nsec(),
        data.ctime(),
        data.ctime_nsec()
    ))
}
