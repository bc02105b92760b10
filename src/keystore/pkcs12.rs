//! PKCS#12 (RFC 7292), the keystore of Java since version 9, of OpenSSL and of Windows.
//!
//! The `p12-keystore` crate does encoding and decryption. Putting entries together on reading is done here: the crate's own
//! way links by the text of names and takes keytool's stale key identifiers at their word, which loses trust anchors.

use std::collections::HashSet;

use p12_keystore::error::Error as Pkcs12Error;
use p12_keystore::secret::{Secret as Pkcs12Secret, SecretKeyType};
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, Pkcs12Archive, PrivateKey, PrivateKeyChain,
};

use super::assemble::{LooseCertificate, LooseKey, chains};
use super::bundle::{Entry, EntryKey, Item, Profile, SecretKey, WriteOptions, stored_alias, stored_aliases};
use super::chain_order::Parsed;
use super::error::{EntryProblem, KeystoreError};
use super::pkcs12_bags::survey;
use super::{KeystoreFormat, verify};
use crate::base::clock::Timestamp;
use crate::base::secret::{Secret, SecretBytes};

/// Most iterations that readers, ours included, accept.
const MAX_ITERATIONS: u32 = 1_000_000;
/// What Java writes into `localKeyID`: the creation date of a key entry, in milliseconds since 1970.
const TIME: &str = "Time ";

/// The format: writes and reads files with password privacy and password integrity, under one password.
///
/// Order of entries is not kept (they are stored by alias), nor is the creation date of trusted certificates. Chains are
/// not stored as such: reading rebuilds them, prolonged by whatever trusted certificate issued the last one.
#[derive(Clone, Copy, Debug)]
pub struct Pkcs12;

impl KeystoreFormat for Pkcs12 {
    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
        check_options(options)?;
        verify::before(entries)?;
        let mut store = KeyStore::new();
        let mut times = HashSet::new();
        for (entry, alias) in entries.iter().zip(stored_aliases(entries)?) {
            let id = unique_time(entry.created.unwrap_or(options.now), &mut times);
            let stored = store_entry(entry, &alias, &id).map_err(|problem| problem.of(&entry.alias))?;
            store.add_entry(&alias, stored);
        }
        let (encryption, mac) = match options.profile {
            Profile::Modern => (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
            Profile::Compatible => (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1),
        };
        let bytes = store
            .writer(options.password.expose())
            .encryption_algorithm(encryption)
            .encryption_iterations(options.iterations)
            .mac_algorithm(mac)
            .mac_iterations(options.iterations)
            .write()
            .map_err(KeystoreError::Pkcs12)?;
        verify::after(entries, &self.read(&bytes, Some(options.password))?, options.password)?;
        Ok(bytes)
    }

    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError> {
        let survey = survey(bytes).map_err(|_| KeystoreError::Damaged("it is not PKCS#12 in DER"))?;
        if !survey.has_mac {
            return Err(KeystoreError::NoMac);
        }
        if let Some(kind) = survey.unknown {
            return Err(KeystoreError::Unsupported(format!("PKCS#12 content of type {kind}")));
        }
        let password = password.ok_or(KeystoreError::PasswordRequired)?;
        let archive = Pkcs12Archive::from_pkcs12(bytes, password.expose()).map_err(reading)?;
        if archive.secrets.len() < survey.secrets {
            let lost = survey.secrets - archive.secrets.len();
            return Err(KeystoreError::Unsupported(format!("{lost} secret keys that cannot be decrypted")));
        }
        entries_of(&archive)
    }
}

fn check_options(options: &WriteOptions<'_>) -> Result<(), KeystoreError> {
    if options.key_password.is_some() {
        return Err(KeystoreError::KeyPassword);
    }
    if !options.password.expose().bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(KeystoreError::NonAsciiPassword);
    }
    if !(1..=MAX_ITERATIONS).contains(&options.iterations) {
        return Err(KeystoreError::Iterations(options.iterations));
    }
    Ok(())
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

fn store_entry(entry: &Entry, alias: &str, id: &str) -> Result<KeyStoreEntry, EntryProblem> {
    if alias.chars().any(|c| c > '\u{ffff}') {
        return Err(EntryProblem::AliasBeyondBmp);
    }
    match &entry.item {
        Item::Key { key, chain } => {
            let key = PrivateKey::from_der(key.plain()?.expose()).map_err(|_| EntryProblem::NotPkcs8)?;
            let chain = chain.iter().enumerate().map(|(index, der)| certificate(der, index + 1));
            let chain = chain.collect::<Result<Vec<_>, _>>()?;
            Ok(KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(id, key, chain)))
        }
        Item::Trusted(der) => Ok(KeyStoreEntry::Certificate(certificate(der, 1)?)),
        Item::Unmarked(_) => Err(EntryProblem::Kind("a certificate that is not trusted")),
        Item::Secret(secret) => {
            let kind: SecretKeyType = secret.algorithm.parse().map_err(|_| EntryProblem::Kind("such a secret key"))?;
            let mut builder = Pkcs12Secret::builder(kind);
            builder.with_key(secret.key.expose().to_vec()).with_local_key_id(id);
            Ok(KeyStoreEntry::Secret(builder.build().map_err(|_| EntryProblem::Kind("such a secret key"))?))
        }
    }
}

fn certificate(der: &[u8], position: usize) -> Result<Certificate, EntryProblem> {
    let problem = EntryProblem::Certificate { position };
    match (Parsed::of(der), Certificate::from_der(der)) {
        (Some(_), Ok(certificate)) => Ok(certificate),
        _ => Err(problem),
    }
}

fn entries_of(archive: &Pkcs12Archive) -> Result<Vec<Entry>, KeystoreError> {
    let mut names = Names::of(archive);
    let keys: Vec<_> = archive
        .keys
        .iter()
        .map(|bag| LooseKey { pkcs8: Some(bag.key.as_der()), id: bag.local_key_id.as_ref().map(AsRef::as_ref) })
        .collect();
    let certificates: Vec<_> = archive
        .certs
        .iter()
        .map(|bag| LooseCertificate {
            alias: bag.friendly_name.as_deref().unwrap_or_default(),
            der: bag.cert.as_der(),
            id: bag.local_key_id.as_deref(),
            trusted: bag.trusted,
        })
        .collect();
    let chains = chains(&keys, &certificates)?;
    // By content: a certificate that several chains share is in the file once for each of them.
    let mut told: HashSet<&[u8]> =
        chains.iter().flatten().filter_map(|index| certificates.get(*index)).map(|c| c.der).collect();
    let mut entries = Vec::new();
    for (bag, chain) in archive.keys.iter().zip(&chains) {
        let key = EntryKey::Plain(SecretBytes::new(bag.key.as_der().to_vec()));
        let chain = chain.iter().filter_map(|index| certificates.get(*index)).map(|found| found.der.to_vec()).collect();
        let created = bag.local_key_id.as_ref().and_then(|id| creation_date(id.as_ref()));
        entries.push(Entry { alias: names.next(&bag.friendly_name), created, item: Item::Key { key, chain } });
    }
    for bag in &archive.certs {
        let der = bag.cert.as_der();
        let item = match bag.trusted {
            true => Item::Trusted(der.to_vec()),
            false if told.insert(der) => Item::Unmarked(der.to_vec()),
            false => continue,
        };
        entries.push(Entry { alias: names.next(&bag.friendly_name), created: None, item });
    }
    for bag in &archive.secrets {
        let (algorithm, key) = (bag.key.key_type().to_oid().to_string(), SecretBytes::new(bag.key.key().to_vec()));
        let created = creation_date(bag.key.local_key_id().as_ref());
        let item = Item::Secret(SecretKey { algorithm, key });
        entries.push(Entry { alias: names.next(&bag.friendly_name), created, item });
    }
    Ok(entries)
}

/// Aliases as Java shows them: lower case, and numbers for what has no name.
struct Names {
    taken: HashSet<String>,
    last: usize,
}

impl Names {
    fn of(archive: &Pkcs12Archive) -> Self {
        let keys = archive.keys.iter().map(|bag| &bag.friendly_name);
        let certificates = archive.certs.iter().map(|bag| &bag.friendly_name);
        let secrets = archive.secrets.iter().map(|bag| &bag.friendly_name);
        let names = keys.chain(certificates).chain(secrets).flatten();
        Self { taken: names.map(|name| stored_alias(name)).collect(), last: 0 }
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

fn creation_date(id: &[u8]) -> Option<Timestamp> {
    let millis = std::str::from_utf8(id).ok()?.strip_prefix(TIME)?.parse().ok()?;
    Some(Timestamp::from_millis(millis))
}

fn reading(error: Pkcs12Error) -> KeystoreError {
    match error {
        Pkcs12Error::MacError(_) => KeystoreError::WrongPassword,
        Pkcs12Error::UnsupportedEncryptionScheme | Pkcs12Error::UnsupportedMacAlgorithm => {
            KeystoreError::Unsupported("the algorithms of this PKCS#12 file (RC2-128, RC4, PBMAC1)".into())
        }
        Pkcs12Error::InvalidParameters => KeystoreError::Unsupported(format!("more than {MAX_ITERATIONS} iterations")),
        // The MAC has been checked by then, so the store password was right.
        Pkcs12Error::Pkcs5Error(_) | Pkcs12Error::UnpadError => {
            KeystoreError::Unsupported("PKCS#12 parts encrypted under another password or algorithm".into())
        }
        other => KeystoreError::Pkcs12(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::samples::{self, Ca, NOW, secret};

    const KEYTOOL: &[u8] = include_bytes!("fixtures/keytool.p12");
    const OPENSSL_NOKEYS: &[u8] = include_bytes!("fixtures/openssl-nokeys.p12");
    const OPENSSL_NOMAC: &[u8] = include_bytes!("fixtures/openssl-nomac.p12");

    fn quick(password: &Secret) -> WriteOptions<'_> {
        WriteOptions { iterations: 5, ..WriteOptions::new(password, NOW) }
    }

    fn problem(entries: &[Entry]) -> EntryProblem {
        match Pkcs12.write(entries, &quick(&secret("changeit"))) {
            Err(KeystoreError::Entry { problem, .. }) => problem,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_algorithm_and_profile_goes_both_ways() {
        let password = secret("changeit");
        for algorithm in samples::ALGORITHMS {
            for profile in [Profile::Modern, Profile::Compatible] {
                let entries = samples::entries(algorithm);
                let bytes = Pkcs12.write(&entries, &WriteOptions { profile, ..quick(&password) }).unwrap();
                samples::assert_same(&entries, &Pkcs12.read(&bytes, Some(&password)).unwrap());
                assert!(matches!(Pkcs12.read(&bytes, Some(&secret("x"))), Err(KeystoreError::WrongPassword)));
                assert!(matches!(Pkcs12.read(&bytes, None), Err(KeystoreError::PasswordRequired)));
            }
        }
    }

    #[test]
    fn keys_of_one_moment_keep_their_own_certificates() {
        let password = secret("changeit");
        let rename = |(n, mut entry): (usize, Entry)| {
            entry.alias = format!("KEY-{n}");
            entry
        };
        let middle = Ca::under(&Ca::root("Root"), "Middle");
        let entry = |_| samples::key_entry(&middle, "ec:p256");
        let entries: Vec<_> = (0..3).map(entry).enumerate().map(rename).collect();
        let bytes = Pkcs12.write(&entries, &quick(&password)).unwrap();
        let archive = Pkcs12Archive::from_pkcs12(&bytes, "changeit").unwrap();
        let ids: HashSet<Vec<u8>> = archive.keys.iter().map(|key| key.local_key_id.clone().unwrap().0).collect();
        assert_eq!(ids.len(), 3);
        let read = Pkcs12.read(&bytes, Some(&password)).unwrap();
        samples::assert_same_but_names(&entries, &read);
        assert_eq!(read[2].alias, "key-2");
    }

    #[test]
    fn a_trust_anchor_with_a_stale_key_identifier_is_not_lost() {
        let read = Pkcs12.read(KEYTOOL, Some(&secret("changeit"))).unwrap();
        let mut seen: Vec<_> = read.iter().map(|entry| (entry.alias.as_str(), kind(&entry.item))).collect();
        seen.sort_unstable();
        assert_eq!(seen, [("ca-a", "trusted"), ("ca-b", "trusted"), ("hmac", "secret"), ("server", "key 1")]);
        // And all of it survives being rewritten.
        let password = secret("changeit");
        let again = Pkcs12.read(&Pkcs12.write(&read, &quick(&password)).unwrap(), Some(&password)).unwrap();
        let mut after: Vec<_> = again.iter().map(|entry| (entry.alias.as_str(), kind(&entry.item))).collect();
        after.sort_unstable();
        assert_eq!(after, seen);
    }

    fn kind(item: &Item) -> &'static str {
        match item {
            Item::Key { chain, .. } if chain.len() == 1 => "key 1",
            Item::Key { .. } => "key",
            Item::Trusted(_) => "trusted",
            Item::Unmarked(_) => "unmarked",
            Item::Secret(_) => "secret",
        }
    }

    #[test]
    fn what_java_does_not_see_is_told_and_what_nobody_vouches_for_refused() {
        let password = secret("changeit");
        let read = Pkcs12.read(OPENSSL_NOKEYS, Some(&password)).unwrap();
        assert_eq!((read[0].alias.as_str(), kind(&read[0].item)), ("1", "unmarked"));
        assert!(matches!(problem(&read), EntryProblem::Kind(_)));
        assert!(matches!(Pkcs12.read(OPENSSL_NOMAC, Some(&password)), Err(KeystoreError::NoMac)));
    }

    #[test]
    fn a_kind_of_bag_that_the_crate_ignores_is_not_passed_over() {
        // The secret bag made into a CRL bag, which the crate drops in silence.
        let wanted: &[u8] = &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x05];
        let mut bytes = KEYTOOL.to_vec();
        let at = bytes.windows(wanted.len()).position(|window| window == wanted).unwrap();
        bytes[at + wanted.len() - 1] = 0x04;
        let found = survey(&bytes).unwrap();
        assert_eq!((found.has_mac, found.secrets), (true, 0));
        assert_eq!(found.unknown.unwrap().to_string(), "1.2.840.113549.1.12.10.1.4");
        assert!(matches!(Pkcs12.read(&bytes, None), Err(KeystoreError::Unsupported(_))));
        assert_eq!(survey(KEYTOOL).unwrap().secrets, 1);
    }

    #[test]
    fn what_java_would_not_read_is_not_written() {
        let entries = samples::entries("ec:p256");
        let write = |password: &str, change: fn(&mut WriteOptions<'_>)| {
            let password = secret(password);
            let mut options = quick(&password);
            change(&mut options);
            Pkcs12.write(&entries, &options).map(|bytes| bytes.len())
        };
        assert!(matches!(write("größe", |_| ()), Err(KeystoreError::NonAsciiPassword)));
        assert!(matches!(write("tab\t", |_| ()), Err(KeystoreError::NonAsciiPassword)));
        assert!(matches!(write("x", |o| o.key_password = Some(o.password)), Err(KeystoreError::KeyPassword)));
        assert!(matches!(write("x", |o| o.iterations = 0), Err(KeystoreError::Iterations(0))));
        assert!(matches!(write("x", |o| o.iterations = 1_000_001), Err(KeystoreError::Iterations(_))));
        assert!(write("", |_| ()).is_ok());
        let der = Ca::root("Root").der;
        let trusted = |alias: &str| Entry { alias: alias.into(), created: None, item: Item::Trusted(der.clone()) };
        assert!(matches!(problem(&["Srv", "srv"].map(trusted)), EntryProblem::DuplicateAlias));
        assert!(matches!(problem(&[trusted("\u{1f511}")]), EntryProblem::AliasBeyondBmp));
        let mut swapped = samples::entries("ec:p256");
        let Item::Key { chain, .. } = &mut swapped[0].item else { panic!() };
        chain.swap(0, 1);
        assert!(matches!(problem(&swapped), EntryProblem::BrokenChain { .. }));
        chain_only(&mut swapped);
        assert!(matches!(problem(&swapped), EntryProblem::KeyMismatch));
    }

    fn chain_only(entries: &mut [Entry]) {
        let Item::Key { chain, .. } = &mut entries[0].item else { panic!() };
        chain.truncate(1);
    }

    #[test]
    fn mutations_and_truncations_never_panic() {
        let password = secret("changeit");
        let bytes = Pkcs12.write(&samples::entries("ec:p256"), &quick(&password)).unwrap();
        samples::hammer(&bytes, |bad| drop(Pkcs12.read(bad, Some(&password))));
    }
}
