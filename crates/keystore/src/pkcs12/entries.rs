//! Bags put together to entries, and entries taken apart to bags.
//!
//! A certificate belongs to a key because it holds its public key: keytool leaves key identifiers on certificates that are
//! no key's, and reading by them would lose trust anchors.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::bags::{Bag, BagContent, friendly_name};
use crate::assemble::{LooseCertificate, LooseKey, chains};
use crate::attributes::{Attribute, Attributes, FRIENDLY_NAME};
use crate::bundle::{Entry, EntryKey, Item, SecretKey, stored_alias, stored_aliases};
use crate::chain_order::Parsed;
use crate::error::{EntryProblem, KeystoreError};
use certroll_base::clock::Timestamp;
use certroll_base::encoding;

/// What Java writes into `localKeyID`: the creation date of an entry, in milliseconds since 1970.
const TIME: &str = "Time ";

/// The keystore that these bags make.
///
/// # Errors
/// A certificate that is none.
pub(super) fn entries(bags: &[Bag]) -> Result<Vec<Entry>, KeystoreError> {
    let mut names = Names::of(bags);
    let (mut keys, mut loose_keys, mut certificates, mut secrets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for bag in bags {
        match &bag.content {
            BagContent::Key(key) => {
                loose_keys.push(LooseKey { pkcs8: Some(key.expose()), id: bag.id.as_deref() });
                keys.push((bag, key));
            }
            BagContent::Certificate(der) => certificates.push(Loose { bag, der }),
            BagContent::Secret(info) => secrets.push((bag, info)),
        }
    }
    let chains = chains(&loose_keys, &certificates.iter().map(Loose::certificate).collect::<Vec<_>>())?;
    let mut told = StoredCertificates::default();
    let mut found = Vec::new();
    for ((bag, key), chain) in keys.into_iter().zip(&chains) {
        let chain: Vec<_> = chain.iter().filter_map(|index| certificates.get(*index)).collect();
        let alias = names.next(&bag.name);
        let attributes = Attributes { own: bag.others.clone(), chain: told.chain(&chain, &alias, &certificates) };
        let chain = chain.iter().map(|certificate| certificate.der.to_vec()).collect();
        let item = Item::Key { key: EntryKey::Plain(key.clone()), chain };
        found.push(Entry { alias, created: creation_date(bag), item, attributes });
    }
    for certificate in &certificates {
        let item = match certificate.bag.trusted {
            true => Item::Trusted(certificate.der.to_vec()),
            false if told.says(certificate) => continue,
            false => Item::Unmarked(certificate.der.to_vec()),
        };
        told.tell(certificate.der, &certificate.attributes());
        let Bag { name, others, .. } = certificate.bag;
        found.push(Entry { alias: names.next(name), created: None, item, attributes: Attributes::of(others) });
    }
    for (bag, info) in secrets {
        let item = Item::Secret(SecretKey::from_info(info.clone()));
        let (alias, attributes) = (names.next(&bag.name), Attributes::of(&bag.others));
        found.push(Entry { alias, created: creation_date(bag), item, attributes });
    }
    Ok(found)
}

/// A bag with a certificate.
struct Loose<'a> {
    bag: &'a Bag,
    der: &'a [u8],
}

impl<'a> Loose<'a> {
    fn certificate(&self) -> LooseCertificate<'a> {
        let Self { bag, der } = self;
        let alias = bag.name.as_deref().unwrap_or_default();
        LooseCertificate { alias, der, id: bag.id.as_deref(), trusted: bag.trusted }
    }

    /// Its attributes, its name among them.
    fn attributes(&self) -> Vec<Attribute> {
        let mut attributes = self.bag.others.clone();
        let name = self.bag.name.as_deref().and_then(|name| friendly_name(name).ok());
        attributes.extend(name.map(Attribute::from_der));
        attributes.sort();
        attributes
    }

    /// As [`Loose::attributes`], without a name that is the alias.
    fn attributes_beside(&self, alias: &str) -> Vec<Attribute> {
        match &self.bag.name {
            Some(name) if stored_alias(name) == alias => self.bag.others.clone(),
            _ => self.attributes(),
        }
    }
}

/// What has been said of each certificate already. A certificate that several chains share is in many a file once for each.
#[derive(Default)]
struct StoredCertificates<'a>(HashMap<&'a [u8], HashSet<Attribute>>);

impl<'a> StoredCertificates<'a> {
    fn tell(&mut self, der: &'a [u8], attributes: &[Attribute]) {
        self.0.entry(der).or_default().extend(attributes.iter().cloned());
    }

    /// The attributes of a chain, by certificate; from now on they are told. Those of a trusted entry are that entry's, but a
    /// copy without the mark may be in the file, too.
    fn chain(
        &mut self,
        chain: &[&Loose<'a>],
        alias: &str,
        all: &[Loose<'a>],
    ) -> BTreeMap<encoding::Sha256, Vec<Attribute>> {
        let mut found = BTreeMap::new();
        for (at, certificate) in chain.iter().enumerate() {
            let copy = |other: &&Loose<'_>| !other.bag.trusted && other.der == certificate.der;
            let stored = if certificate.bag.trusted { all.iter().find(copy) } else { Some(*certificate) };
            let attributes = match stored {
                Some(stored) if at == 0 => stored.attributes_beside(alias),
                Some(stored) => stored.attributes(),
                None => Vec::new(),
            };
            self.tell(certificate.der, &stored.map(Loose::attributes).unwrap_or_default());
            if !attributes.is_empty() {
                found.insert(encoding::sha256(certificate.der), attributes);
            }
        }
        found
    }

    /// Whether the certificate is in some entry, with all that this copy has to say.
    fn says(&self, copy: &Loose<'_>) -> bool {
        let Some(said) = self.0.get(copy.der) else { return false };
        copy.attributes().iter().all(|one| said.contains(one) || one.repeats(copy.der))
    }
}

/// Aliases as Java shows them: lower case, and numbers for what has no name.
struct Names {
    taken: HashSet<String>,
    last: usize,
}

impl Names {
    fn of(bags: &[Bag]) -> Self {
        let names = bags.iter().filter_map(|bag| bag.name.as_deref());
        Self { taken: names.map(stored_alias).collect(), last: 0 }
    }

    fn next(&mut self, name: &Option<String>) -> String {
        if let Some(name) = name {
            return stored_alias(name);
        }
        loop {
            self.last += 1;
            let number = self.last.to_string();
            if !self.taken.contains(&number) {
                return number;
            }
        }
    }
}

fn creation_date(bag: &Bag) -> Option<Timestamp> {
    let millis = std::str::from_utf8(bag.id.as_deref()?).ok()?.strip_prefix(TIME)?.parse().ok()?;
    Some(Timestamp::from_millis(millis))
}

/// The bags that hold these entries: trusted certificates, then each key with its certificates, then secrets. An entry
/// without a creation date gets `now`.
///
/// # Errors
/// The first entry that PKCS#12 cannot hold.
pub(super) fn bags(entries: &[Entry], now: Timestamp) -> Result<Vec<Bag>, KeystoreError> {
    let aliases = stored_aliases(entries)?;
    let mut writer = EntryWriter { above: attributes_above(entries), written: HashSet::new(), bags: Vec::new() };
    let mut times = HashSet::new();
    for (entry, alias) in entries.iter().zip(aliases) {
        let id = unique_time(entry.created.unwrap_or(now), &mut times);
        writer.write(entry, alias, id).map_err(|problem| problem.of(&entry.alias))?;
    }
    Ok(writer.bags)
}

/// The attributes of every certificate that stands above another one in a chain.
fn attributes_above(entries: &[Entry]) -> BTreeMap<Vec<u8>, Vec<Attribute>> {
    let mut found = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.item.kind() == "key") {
        for der in entry.item.certificates().iter().skip(1) {
            let attributes = entry.attributes.of_certificate(der);
            if !attributes.is_empty() {
                found.entry(der.clone()).or_insert_with(|| attributes.to_vec());
            }
        }
    }
    found
}

struct EntryWriter<'a> {
    above: BTreeMap<Vec<u8>, Vec<Attribute>>,
    /// The certificates above others that have been written: once is enough for all chains.
    written: HashSet<&'a [u8]>,
    bags: Vec<Bag>,
}

impl<'a> EntryWriter<'a> {
    fn write(&mut self, entry: &'a Entry, alias: String, id: String) -> Result<(), EntryProblem> {
        if alias.chars().any(|c| c > '\u{ffff}') {
            return Err(EntryProblem::AliasBeyondBmp);
        }
        let own = entry.attributes.own.clone();
        let id = Some(id.into_bytes());
        match &entry.item {
            Item::Key { key, chain } => {
                self.chain(entry, chain, &alias, &id)?;
                let content = BagContent::Key(key.plain()?.clone());
                self.bags.push(Bag { content, name: Some(alias), id, trusted: false, others: own });
            }
            Item::Trusted(der) => {
                let content = BagContent::Certificate(checked(der, 1)?);
                self.bags.push(Bag { content, name: Some(alias), id: None, trusted: true, others: own });
            }
            Item::Unmarked(_) => return Err(EntryProblem::Kind("a certificate that is not trusted")),
            Item::Secret(secret) => {
                let content = BagContent::Secret(secret.info.clone());
                self.bags.push(Bag { content, name: Some(alias), id, trusted: false, others: own });
            }
        }
        Ok(())
    }

    fn chain(
        &mut self,
        entry: &'a Entry,
        chain: &'a [Vec<u8>],
        alias: &str,
        id: &Option<Vec<u8>>,
    ) -> Result<(), EntryProblem> {
        for (at, der) in chain.iter().enumerate() {
            let content = BagContent::Certificate(checked(der, at + 1)?);
            if at == 0 {
                let others = entry.attributes.of_certificate(der).to_vec();
                let named = others.iter().any(|one| one.id() == Some(FRIENDLY_NAME));
                let name = (!named).then(|| alias.to_owned());
                self.bags.push(Bag { content, name, id: id.clone(), trusted: false, others });
            } else if self.written.insert(der) {
                let others = self.above.get(der).cloned().unwrap_or_default();
                self.bags.push(Bag { content, name: None, id: None, trusted: false, others });
            }
        }
        Ok(())
    }
}

fn checked(der: &[u8], position: usize) -> Result<Vec<u8>, EntryProblem> {
    Parsed::of(der).map(|_| der.to_vec()).ok_or(EntryProblem::Certificate { position })
}

/// A `localKeyID` that no other entry has: with equal ones Java pairs keys with the wrong certificates and says nothing.
///
/// In this form Java takes it for the creation date, so it is moved on by as few milliseconds as possible.
fn unique_time(created: Timestamp, taken: &mut HashSet<i64>) -> String {
    let mut millis = created.millis();
    while !taken.insert(millis) {
        millis = millis.wrapping_add(1);
    }
    format!("{TIME}{millis}")
}
