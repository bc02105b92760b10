//! What must hold of a home and of the files beside it after any fault, before and after recovery.
//!
//! It looks from outside: at what `audit verify` says, at the records, the checkpoint, the inventory and the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use certroll_base::clock::SystemClock;
use certroll_base::durable;
use certroll_base::encoding::{self, hex};
use certroll_base::secret::Secret;
use certroll_core::store::{CertificateEntry, Query, Store, StoreAccess, registry};
use certroll_keystore::{Item, formats};
use certroll_pki::digest::Fingerprint;
use certroll_pki::key::KeyPair;
use certroll_pki::key::encryption;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::Crl;
use certroll_tlog::{Checkpoint, Frontier, VerifierKey, leaf_hash};
use serde_json::Value;

use super::stage::{Act, KEYSTORE, NAME, Stage, shown};
use crate::home::{STOREPASS, secret_of};

/// A certificate in a file, and whether the key beside it fits.
struct Found {
    place: String,
    certificate: Certificate,
    key_fits: bool,
}

/// Everything that can be seen at one moment.
pub(super) struct Sight {
    verified: Result<Value, String>,
    lines: Vec<Vec<u8>>,
    records: Vec<Value>,
    checkpoint: Result<Checkpoint, String>,
    inventory: Vec<CertificateEntry>,
    held: BTreeSet<Fingerprint>,
    found: Vec<Found>,
    crl: Option<Crl>,
    signed: Vec<String>,
    defects: Vec<String>,
}

fn field<'a>(record: &'a Value, pointer: &str) -> &'a str {
    record.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Looks at a stage.
pub(super) fn look(stage: &Stage) -> Sight {
    let mut defects = Vec::new();
    let ran = stage.certroll(&["audit", "verify", "--format", "json"]);
    let verified = if ran.code == 0 { Ok(ran.json()) } else { Err(format!("{}: {}", ran.code, ran.stderr)) };
    let home = stage.home();
    let kind = registry::kind("sqlite").expect("there is one");
    let store = (kind.open)(&home.join("state.db"), StoreAccess::Read(None), Arc::new(SystemClock));
    let store = store.expect("the database can be opened for reading");
    let mut lines = Vec::new();
    let walked = store.records(0, &mut |_, line| {
        lines.push(line.to_owned());
        Ok(())
    });
    walked.expect("the records can be read");
    let records: Vec<Value> =
        lines.iter().map(|line| serde_json::from_slice(line).expect("a record is JSON")).collect();
    let inventory = store.certificates(&Query::default()).expect("the inventory can be read");
    let held = held(&*store, &inventory, &secret_of(&home), &mut defects);
    let mut found = Vec::new();
    for path in stage.released() {
        match open(&path) {
            Ok(one) => found.push(one),
            // A run that was killed may leave the beginning of a temporary file.
            Err(_) if temporary(&path) => {}
            Err(error) => defects.push(format!("`{}` is not whole: {error}", shown(&path))),
        }
    }
    let crl = fs::read(home.join("ca/issuing.crl")).ok().map(|der| Crl::from_der(&der));
    if let Some(Err(error)) = &crl {
        defects.push(format!("the CRL is not whole: {error}"));
    }
    let names = |directory: &str| fs::read_dir(stage.path(directory)).into_iter().flatten().flatten();
    let signed = names("signed").map(|entry| shown(&entry.path())).filter(|name| !name.starts_with('.')).collect();
    let checkpoint = checkpoint(&home);
    let crl = crl.and_then(Result::ok);
    Sight { verified, lines, records, checkpoint, inventory, held, found, crl, signed, defects }
}

/// The keys that the home holds and that open and fit.
fn held(
    store: &dyn Store,
    inventory: &[CertificateEntry],
    secret: &Secret,
    defects: &mut Vec<String>,
) -> BTreeSet<Fingerprint> {
    let mut held = BTreeSet::new();
    for entry in inventory {
        let Some(encrypted) = store.held_key(&entry.key_hash).expect("the keys can be read") else { continue };
        let plain = encryption::decrypt(&encrypted, secret);
        match plain.ok().and_then(|plain| KeyPair::from_pkcs8(plain.expose()).ok()) {
            Some(key) if key.key_hash() == entry.key_hash => drop(held.insert(entry.fingerprint)),
            _ => defects.push(format!("the key held for {} does not open or fit", entry.serial)),
        }
    }
    held
}

fn temporary(path: &Path) -> bool {
    durable::leftovers(durable::parent(path)).is_ok_and(|left| left.iter().any(|one| one == path))
}

fn open(path: &Path) -> Result<Found, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let format = &formats::PKCS12;
    let entries = format.read(&bytes, Some(&Secret::new(STOREPASS.to_owned()))).map_err(|error| error.to_string())?;
    let [entry] = &entries[..] else { return Err(format!("{} entries", entries.len())) };
    let Item::Key { key, chain } = &entry.item else { return Err("no key".to_owned()) };
    let own = chain.first().ok_or("no certificate")?;
    let certificate = Certificate::from_der(own).map_err(|error| error.to_string())?;
    let plain = key.unlock(&Secret::new(STOREPASS.to_owned())).map_err(|error| error.to_string())?;
    let key = KeyPair::from_pkcs8(plain.expose()).map_err(|error| error.to_string())?;
    let key_fits = key.key_hash() == certificate.key_hash();
    Ok(Found { place: shown(path), certificate, key_fits })
}

fn checkpoint(home: &Path) -> Result<Checkpoint, String> {
    let key = fs::read_to_string(home.join("log/vkey")).map_err(|error| error.to_string())?;
    let key = VerifierKey::parse(key.trim_end()).map_err(|error| error.to_string())?;
    let bytes = fs::read(home.join("log/checkpoint")).map_err(|error| error.to_string())?;
    Checkpoint::open(&bytes, &key).map_err(|error| error.to_string())
}

impl Sight {
    fn size(&self) -> u64 {
        self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size)
    }

    /// The certificates in the log: the fingerprint, and the number of the record that tells of it.
    fn issued(&self) -> BTreeMap<String, u64> {
        let issues = |record: &&Value| matches!(field(record, "/ev"), "cert.issued" | "ca.cert.issued");
        let entry =
            |record: &Value| (field(record, "/cert/sha256").to_owned(), record["seq"].as_u64().unwrap_or(u64::MAX));
        self.records.iter().filter(issues).map(entry).collect()
    }

    fn revoked(&self) -> BTreeSet<String> {
        let revoked = self.records.iter().filter(|record| field(record, "/ev") == "cert.revoked");
        revoked.map(|record| field(record, "/cert/sn").to_owned()).collect()
    }

    fn current(&self) -> Vec<&CertificateEntry> {
        let current =
            |entry: &&CertificateEntry| entry.name == NAME && entry.revoked.is_none() && entry.replaced_by.is_none();
        self.inventory.iter().filter(current).collect()
    }

    /// Whether the log has the act on record, beyond what it had at first.
    pub(super) fn recorded(&self, first: &Self, act: Act) -> bool {
        match act {
            Act::Issue | Act::Rotate => self.issued().len() > first.issued().len(),
            Act::Revoke => self.revoked().len() > first.revoked().len(),
        }
    }

    /// Whether the act is done altogether: on record, under a checkpoint, and let out.
    pub(super) fn done(&self, first: &Self, act: Act) -> Result<(), String> {
        if !self.recorded(first, act) {
            return Err("it is not on record".to_owned());
        }
        // A session that could not say its goodbye under a checkpoint has done its work all the same.
        let beyond = self.records.iter().skip(usize::try_from(self.size()).expect("a small log"));
        if beyond.map(|record| field(record, "/ev")).any(|event| event != "session.stop") {
            return Err("the checkpoint does not cover all records".to_owned());
        }
        if self.verified.as_ref().is_ok_and(|verified| verified["open_intents"] != serde_json::json!([])) {
            return Err("an intent is open".to_owned());
        }
        if act == Act::Revoke {
            let listed: BTreeSet<String> =
                self.crl.iter().flat_map(|crl| &crl.entries).map(|entry| entry.0.to_string()).collect();
            let missing: Vec<_> = self.revoked().difference(&listed).cloned().collect();
            return if missing.is_empty() { Ok(()) } else { Err(format!("{missing:?} are not on the published CRL")) };
        }
        let [current] = self.current()[..] else { return Err("there is not one current certificate".to_owned()) };
        let installed = self.found.iter().any(|one| {
            KEYSTORE.ends_with(&one.place) && one.key_fits && one.certificate.fingerprint() == current.fingerprint
        });
        if installed {
            Ok(())
        } else {
            Err("the keystore does not hold the current certificate and its key".to_owned())
        }
    }

    /// What must hold at every moment.
    pub(super) fn defects(&self, first: &Self) -> Vec<String> {
        let mut defects = self.defects.clone();
        let mut say = |what: String| defects.push(what);
        if let Err(error) = &self.verified {
            say(format!("`audit verify` fails: {error}"));
        }
        if !self.lines.starts_with(&first.lines) {
            say("records that were there are gone or changed".to_owned());
        }
        match &self.checkpoint {
            Err(error) => say(format!("the checkpoint is not whole: {error}")),
            Ok(checkpoint) => {
                if checkpoint.size < first.size() {
                    say("the checkpoint went back".to_owned());
                }
                let mut frontier = Frontier::new();
                let covered = self.lines.iter().take(usize::try_from(checkpoint.size).expect("a small log"));
                covered.for_each(|line| frontier.push(leaf_hash(line)));
                if (frontier.size(), frontier.root()) != (checkpoint.size, checkpoint.root) {
                    say("the checkpoint does not fit the records".to_owned());
                }
            }
        }
        let gapless = self.records.iter().enumerate().all(|(at, record)| record["seq"] == at);
        if !gapless {
            say("sequence numbers have a gap".to_owned());
        }
        let issued = self.issued();
        let mut known = BTreeSet::new();
        for record in
            self.records.iter().filter(|record| matches!(field(record, "/ev"), "cert.issued" | "ca.cert.issued"))
        {
            if !known.insert(field(record, "/cert/sn")) {
                say(format!("serial {} twice", field(record, "/cert/sn")));
            }
        }
        for one in &self.found {
            match issued.get(&one.certificate.fingerprint().to_string()) {
                None => say(format!("`{}` holds a certificate that the log does not know", one.place)),
                Some(seq) if *seq >= self.size() => {
                    say(format!("`{}` is out before a checkpoint covers it", one.place))
                }
                Some(_) if !one.key_fits => say(format!("the key in `{}` is another one", one.place)),
                Some(_) => {}
            }
        }
        if self.current().len() > 1 {
            say("two current certificates of one name".to_owned());
        }
        self.keys(&mut say);
        self.acts(&mut say);
        defects
    }

    /// No key is lost: it is held until the file has it.
    fn keys(&self, say: &mut impl FnMut(String)) {
        for entry in self.inventory.iter().filter(|entry| entry.name == NAME && entry.replaced_by.is_none()) {
            let installed =
                self.found.iter().any(|one| one.certificate.fingerprint() == entry.fingerprint && one.key_fits);
            if !installed && !self.held.contains(&entry.fingerprint) {
                say(format!("the key of {} is neither held nor in a file", entry.serial));
            }
        }
    }

    /// Nothing is signed without an intent, and no CRL is out without a record.
    fn acts(&self, say: &mut impl FnMut(String)) {
        let of = |event: &str, pointer: &str| -> BTreeMap<String, u64> {
            let found = self.records.iter().filter(|record| field(record, "/ev") == event);
            found
                .map(|record| (field(record, pointer).to_owned(), record["seq"].as_u64().unwrap_or(u64::MAX)))
                .collect()
        };
        let intended = of("cert.issue.intent", "/req/tbs");
        for signed in self.signed.iter().filter(|signed| !intended.contains_key(*signed)) {
            say(format!("{signed} was signed without an intent"));
        }
        if let Some(crl) = &self.crl {
            let digest = hex(&encoding::sha256(&crl.der));
            if of("crl.signed", "/crl/sha256").get(&digest).is_none_or(|seq| *seq >= self.size()) {
                say("the published CRL has no record under a checkpoint".to_owned());
            }
        }
    }
}
