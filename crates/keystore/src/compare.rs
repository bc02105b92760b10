//! What two keystores have in common: entries compared by what they hold, not by how they are encrypted or dated.

use crate::bundle::{Entry, EntryKey, Item, stored_alias};
use crate::chain_order::Parsed;
use certroll_base::encoding;
use certroll_pki::key::KeyPair;

/// One difference between two keystores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeystoreDifference {
    /// Only the first has it.
    OnlyFirst(String),
    /// Only the second has it.
    OnlySecond(String),
    /// The same content under another alias.
    Renamed {
        /// The alias in the first.
        from: String,
        /// The alias in the second.
        to: String,
    },
    /// Both have the alias, and what it stands for differs.
    Changed {
        /// The alias.
        alias: String,
        /// Each thing that differs.
        what: Vec<&'static str>,
    },
}

impl KeystoreDifference {
    /// The alias it is about, in the first keystore if it has it.
    pub fn alias(&self) -> &str {
        match self {
            Self::OnlyFirst(alias) | Self::OnlySecond(alias) => alias,
            Self::Renamed { from, .. } => from,
            Self::Changed { alias, .. } => alias,
        }
    }
}

/// Every difference, in order of aliases. Dates, order, encryption and passwords are none.
///
/// Entries that were read without their password are compared by their certificates. `by_content` passes over aliases and
/// attributes where the content is the same, for a format without [`Format::has_aliases`](crate::Format::has_aliases).
///
/// ```
/// use certroll_keystore::compare::{KeystoreDifference, differences};
/// use certroll_keystore::formats::JKS;
///
/// let first = JKS.read(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/fixtures/keytool.jks")), None)?;
/// let mut second = first.clone();
/// second.retain(|entry| !entry.is_named("ca-a"));
/// assert_eq!(differences(&first, &second, false), [KeystoreDifference::OnlyFirst("ca-a".to_owned())]);
/// # Ok::<(), certroll_keystore::KeystoreError>(())
/// ```
pub fn differences(first: &[Entry], second: &[Entry], by_content: bool) -> Vec<KeystoreDifference> {
    let mut left: Vec<&Entry> = first.iter().collect();
    let mut right: Vec<&Entry> = second.iter().collect();
    let mut found = Vec::new();
    left.retain(|entry| match right.iter().position(|other| other.is_named(&entry.alias)) {
        Some(at) => {
            let mut what = unlike(&entry.item, &right[at].item);
            if !by_content && telling(entry) != telling(right[at]) {
                what.push("attributes");
            }
            let pair = what.is_empty() || !by_content;
            if pair {
                right.remove(at);
            }
            if pair && !what.is_empty() {
                found.push(KeystoreDifference::Changed { alias: stored_alias(&entry.alias), what });
            }
            !pair
        }
        None => true,
    });
    left.retain(|entry| match right.iter().position(|other| unlike(&entry.item, &other.item).is_empty()) {
        Some(at) => {
            let to = stored_alias(&right.remove(at).alias);
            if !by_content {
                found.push(KeystoreDifference::Renamed { from: stored_alias(&entry.alias), to });
            }
            false
        }
        None => true,
    });
    found.extend(left.iter().map(|entry| KeystoreDifference::OnlyFirst(stored_alias(&entry.alias))));
    found.extend(right.iter().map(|entry| KeystoreDifference::OnlySecond(stored_alias(&entry.alias))));
    found.sort_by(|a, b| a.alias().cmp(b.alias()));
    found
}

/// Whether two entries hold the same: kind, key and certificates.
pub fn same(first: &Item, second: &Item) -> bool {
    unlike(first, second).is_empty()
}

fn telling(entry: &Entry) -> Vec<String> {
    entry.attributes.telling(entry.item.certificates())
}

fn unlike(first: &Item, second: &Item) -> Vec<&'static str> {
    if first.kind() != second.kind() {
        return vec!["kind of entry"];
    }
    let mut what = Vec::new();
    if let (Item::Key { key, chain }, Item::Key { key: other_key, chain: other_chain }) = (first, second) {
        let (own, others) = (identity(key, chain), identity(other_key, other_chain));
        if own.is_none() || own != others {
            what.push("private key");
        }
    }
    if let (Item::Secret(own), Item::Secret(other)) = (first, second)
        && own.info.expose() != other.info.expose()
    {
        what.push("secret key");
    }
    let (own, others) = (first.certificates(), second.certificates());
    if own.first() != others.first() {
        what.push("certificate");
    }
    if own.get(1..).unwrap_or_default() != others.get(1..).unwrap_or_default() {
        what.push("chain");
    }
    what
}

/// What a private key is known by: its public key, which its certificate tells of while it is protected.
fn identity(key: &EntryKey, chain: &[Vec<u8>]) -> Option<Vec<u8>> {
    match key {
        EntryKey::Plain(der) => Some(match KeyPair::from_pkcs8(der.expose()) {
            Ok(pair) => pair.spki().to_vec(),
            Err(_) => encoding::sha256(der.expose()).to_vec(),
        }),
        EntryKey::Protected(der) => match chain.first() {
            Some(leaf) => Some(Parsed::of(leaf)?.spki().to_vec()),
            None => Some(der.clone()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, Ca};

    fn trusted(alias: &str, ca: &Ca) -> Entry {
        Entry::new(alias, None, Item::Trusted(ca.der.clone()))
    }

    #[test]
    fn each_difference_is_named_once() {
        let (one, two, three) = (Ca::root("One"), Ca::root("Two"), Ca::root("Three"));
        let first = [trusted("a", &one), trusted("b", &two), trusted("c", &three)];
        let second = [trusted("A", &two), trusted("d", &three), trusted("e", &one)];
        assert_eq!(differences(&first, &first, false), []);
        let found = differences(&first, &second, false);
        let expected = [
            KeystoreDifference::Changed { alias: "a".into(), what: vec!["certificate"] },
            KeystoreDifference::OnlyFirst("b".into()),
            KeystoreDifference::Renamed { from: "c".into(), to: "d".into() },
            KeystoreDifference::OnlySecond("e".into()),
        ];
        assert_eq!(found, expected);
        assert_eq!(differences(&first, &second, true), []);
    }

    #[test]
    fn keys_are_compared_by_their_public_half() {
        let ca = Ca::root("Root");
        let (one, two) = (samples::key_entry(&ca, "ec:p256"), samples::key_entry(&ca, "ec:p256"));
        let found = differences(std::slice::from_ref(&one), std::slice::from_ref(&two), false);
        let what = vec!["private key", "certificate"];
        assert_eq!(found, [KeystoreDifference::Changed { alias: "broker".into(), what }]);
        let mut closed = one.clone();
        if let Item::Key { key, .. } = &mut closed.item {
            *key = EntryKey::Protected(vec![0x30, 0]);
        }
        assert_eq!(differences(&[one], &[closed], false), []);
    }
}
