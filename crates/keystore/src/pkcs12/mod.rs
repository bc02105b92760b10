//! PKCS#12 (RFC 7292), the keystore of Java since version 9, of OpenSSL and of Windows.
//!
//! Written and read with password privacy and password integrity, under one password. The layers: `ber` and `syntax` are the ASN.1,
//! `integrity` the MAC, `cipher` what is encrypted, `bags` one stored thing each with its attributes, `entries` the
//! keystore that they make together. Written here because no crate carries attributes through a change, and a
//! file that came from Windows must not lose them.

mod bags;
mod ber;
mod cipher;
mod derivation;
mod entries;
mod integrity;
mod pbmac1;
mod protection;
mod syntax;

use der::asn1::AnyRef;
use der::{Decode, Encode, Tag};
use pkcs8::spki::AlgorithmIdentifierRef;

use crate::bundle::{Entry, ITERATIONS, WriteOptions};
use crate::error::KeystoreError;
use crate::format::{Format, KeystoreFormat};
use crate::pkcs12::bags::{Bag, BagContent};
use crate::pkcs12::cipher::{Opener, Sealer};
use crate::pkcs12::derivation::MAX_ITERATIONS;
use crate::pkcs12::syntax::{DATA, ENCRYPTED_DATA, EncryptedContentInfo, EncryptedData, OCTETS_0, Pfx, element};
use crate::protection::Part;
use crate::verify;
use certroll_base::secret::Secret;

/// The version of every PFX.
const VERSION: u8 = 3;

/// PKCS#12 (RFC 7292), the keystore of Java since version 9, of OpenSSL and of Windows.
///
/// Kept from reading to writing are entries, aliases, chains, secret keys, creation dates of keys, and attributes. Keys
/// come first, then trusted certificates, then secret keys. Creation dates of trusted certificates have no place. Chains
/// are not stored as such: reading rebuilds them, prolonged by whatever trusted certificate issued the last one.
pub static PKCS12: Format = Format {
    id: "pkcs12",
    name: "PKCS#12",
    extensions: &["p12", "pfx", "pkcs12"],
    java_type: Some("PKCS12"),
    writable: true,
    binary: true,
    has_aliases: true,
    authenticated: true,
    keys_open_apart: false,
    sends_root: true,
    holds_bare_certificates: false,
    iterations: ITERATIONS,
    caution: None,
    implementation: &Pkcs12,
};

struct Pkcs12;

impl KeystoreFormat for Pkcs12 {
    /// A SEQUENCE whose first element is the INTEGER 3 (RFC 7292 section 4). Certificates and bare keys begin otherwise.
    fn detect(&self, bytes: &[u8]) -> bool {
        let [0x30, length, rest @ ..] = bytes else { return false };
        let skipped = if *length > 0x80 { usize::from(length & 0x7f) } else { 0 };
        rest.get(skipped..).is_some_and(|content| content.starts_with(&[0x02, 0x01, VERSION]))
    }

    fn protection(&self, bytes: &[u8]) -> Vec<Part> {
        protection::parts(bytes).unwrap_or_default()
    }

    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
        check_options(options)?;
        verify::before(entries)?;
        let bytes = encode(&entries::bags(entries, options.now)?, options)?;
        let found = self.read(&bytes, Some(options.password))?;
        verify::after(entries, &found, options.password)?;
        verify::attributes_after(entries, &found)?;
        Ok(bytes)
    }

    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError> {
        let damaged = KeystoreError::Damaged;
        let der = ber::to_der(bytes).ok_or(damaged("its end is missing, or it is not PKCS#12"))?;
        let pfx = Pfx::from_der(&der).map_err(|_| damaged("it is not laid out as PKCS#12 is"))?;
        if pfx.version != VERSION {
            return Err(KeystoreError::Damaged("it is not version 3 of PKCS#12"));
        }
        let Some(safes) = pfx.safes() else {
            return Err(KeystoreError::Unsupported("PKCS#12 protected by public keys".into()));
        };
        let mac = pfx.mac.as_ref().ok_or(KeystoreError::NoMac)?;
        let password = password.ok_or(KeystoreError::PasswordRequired)?;
        integrity::verify(mac, safes, password)?;
        entries::entries(&bags::open(safes, &Opener::new(password))?)
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

/// The whole file. Certificates are encrypted together, keys and secrets each by itself, as Java and OpenSSL do.
fn encode(bags: &[Bag], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
    let sealer = Sealer::new(options)?;
    let (mut certificates, mut keys, mut secrets) = (Vec::new(), Vec::new(), Vec::new());
    for bag in bags {
        let encoded = bag.encode(&sealer)?;
        match &bag.content {
            BagContent::Certificate(_) => certificates.extend(encoded),
            BagContent::Key(_) => keys.extend(encoded),
            BagContent::Secret(_) => secrets.extend(encoded),
        }
    }
    let malformed = KeystoreError::Pkcs12;
    let mut safes = encrypted(&element(Tag::Sequence, &certificates).map_err(malformed)?, &sealer)?;
    for plain in [keys, secrets] {
        if !plain.is_empty() {
            let bags = element(Tag::Sequence, &plain).map_err(malformed)?;
            safes.extend(syntax::data(&bags).map_err(malformed)?);
        }
    }
    sealed(&element(Tag::Sequence, &safes).map_err(malformed)?, options)
}

/// The file around an AuthenticatedSafe (DER).
fn sealed(safes: &[u8], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
    let mac = integrity::seal(safes, options)?;
    let encoded = || {
        let content = AnyRef::new(Tag::OctetString, safes)?;
        let auth_safe = syntax::ContentInfo { kind: DATA, content: Some(content) };
        Pfx { version: VERSION, auth_safe, mac: Some(syntax::MacData::from_der(&mac)?) }.to_der()
    };
    encoded().map_err(KeystoreError::Pkcs12)
}

/// ContentInfo around encrypted bags.
fn encrypted(bags: &[u8], sealer: &Sealer<'_>) -> Result<Vec<u8>, KeystoreError> {
    let sealed = sealer.seal(bags)?;
    let encoded = || {
        let algorithm = AlgorithmIdentifierRef::from_der(&sealed.algorithm)?;
        let content = Some(AnyRef::new(OCTETS_0, &sealed.data)?);
        let info = EncryptedContentInfo { kind: DATA, algorithm, content };
        let data = EncryptedData { version: 0, info }.to_der()?;
        syntax::ContentInfo { kind: ENCRYPTED_DATA, content: Some(AnyRef::from_der(&data)?) }.to_der()
    };
    encoded().map_err(KeystoreError::Pkcs12)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::attributes::Attribute;
    use crate::samples::{self, Ca, NOW, secret};
    use crate::{EntryProblem, Item, Profile};

    const KEYTOOL: &[u8] = include_bytes!("../fixtures/keytool.p12");
    const OPENSSL_NOKEYS: &[u8] = include_bytes!("../fixtures/openssl-nokeys.p12");
    const OPENSSL_NOMAC: &[u8] = include_bytes!("../fixtures/openssl-nomac.p12");
    const OPENSSL_RC2_128: &[u8] = include_bytes!("../fixtures/openssl-rc2-128.p12");
    const OPENSSL_DES2: &[u8] = include_bytes!("../fixtures/openssl-des2.p12");
    const OPENSSL_WINDOWS: &[u8] = include_bytes!("../fixtures/openssl-windows.p12");
    const BER: &[u8] = include_bytes!("../fixtures/ber.p12");
    const PBMAC1: &[u8] = include_bytes!("../fixtures/pbmac1.p12");
    const NSS: &[u8] = include_bytes!("../fixtures/nss.p12");
    const OPENSSL_RC4: &[u8] = include_bytes!("../fixtures/openssl-rc4.p12");

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
            for profile in [Profile::Modern, Profile::Compatible, Profile::Fips] {
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
        let safes = Pfx::from_der(&bytes).unwrap().safes().unwrap();
        let bags = bags::open(safes, &Opener::new(&password)).unwrap();
        let keys = bags.iter().filter(|bag| matches!(bag.content, BagContent::Key(_)));
        let ids: HashSet<Vec<u8>> = keys.map(|bag| bag.id.clone().unwrap()).collect();
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
    fn a_kind_of_bag_that_is_not_known_is_not_passed_over() {
        // The secret bag made into a CRL bag, under a MAC of its own.
        let wanted: &[u8] = &[0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x05];
        let mut safes = Pfx::from_der(KEYTOOL).unwrap().safes().unwrap().to_vec();
        let at = safes.windows(wanted.len()).position(|window| window == wanted).unwrap();
        safes[at + wanted.len() - 1] = 0x04;
        let password = secret("changeit");
        let refused = Pkcs12.read(&sealed(&safes, &quick(&password)).unwrap(), Some(&password));
        let Err(KeystoreError::Unsupported(why)) = refused else { panic!("{refused:?}") };
        assert!(why.contains("1.2.840.113549.1.12.10.1.4"), "{why}");
    }

    /// A file of one trusted certificate, a key with a chain of two, and a secret, with attributes on each of its bags.
    fn with_attributes(password: &Secret) -> (Vec<Entry>, Vec<u8>) {
        let csp = |name: &str| {
            let value = element(Tag::Utf8String, name.as_bytes()).unwrap();
            Attribute::from_der(bags::attribute("1.3.6.1.4.1.311.17.1".parse().unwrap(), &value).unwrap())
        };
        let keytool = Pkcs12.read(KEYTOOL, Some(password)).unwrap();
        let mut entries = samples::entries("ec:p256");
        entries.extend(keytool.into_iter().filter(|entry| entry.item.kind() == "secret"));
        for (at, entry) in entries.iter_mut().enumerate() {
            entry.attributes.own = vec![csp(&format!("own {at}"))];
            let chain = entry.item.certificates().iter().enumerate();
            let named = chain.map(|(n, der)| (certroll_base::encoding::sha256(der), vec![csp(&format!("chain {n}"))]));
            entry.attributes.chain = if at == 0 { named.collect() } else { Default::default() };
        }
        let bytes = Pkcs12.write(&entries, &quick(password)).unwrap();
        (entries, bytes)
    }

    #[test]
    fn attributes_survive_every_rewriting() {
        let password = secret("changeit");
        let (entries, bytes) = with_attributes(&password);
        let mut read = Pkcs12.read(&bytes, Some(&password)).unwrap();
        for _ in 0..2 {
            for (before, after) in entries.iter().zip(&read) {
                assert_eq!((&before.alias, &before.attributes), (&after.alias, &after.attributes));
            }
            read = Pkcs12.read(&Pkcs12.write(&read, &quick(&password)).unwrap(), Some(&password)).unwrap();
        }
        // Another alias takes the name of the key's certificate along; its attributes stay.
        read[0].alias = "other".to_owned();
        let renamed = Pkcs12.read(&Pkcs12.write(&read, &quick(&password)).unwrap(), Some(&password)).unwrap();
        assert_eq!((renamed[0].alias.as_str(), &renamed[0].attributes), ("other", &entries[0].attributes));
    }

    #[test]
    fn attributes_stop_a_format_that_has_no_place_for_them() {
        let password = secret("changeit");
        let (mut entries, _) = with_attributes(&password);
        entries.retain(|entry| entry.item.kind() != "secret");
        for format in [&crate::formats::JKS, &crate::formats::PEM] {
            let refused = format.write(&entries, &quick(&password));
            let Err(KeystoreError::Entry { alias, problem: EntryProblem::Attribute(what) }) = refused else { panic!() };
            assert_eq!((alias.as_str(), what.as_str()), ("broker", "Microsoft CSP Name `own 0`"));
            entries[0].attributes.own.clear();
            let refused = format.write(&entries, &quick(&password));
            let Err(KeystoreError::Entry { problem: EntryProblem::Attribute(what), .. }) = refused else { panic!() };
            assert_eq!(what, "certificate 1: Microsoft CSP Name `chain 0`");
            let bare: Vec<_> = entries.iter().map(|e| Entry::new(e.alias.clone(), e.created, e.item.clone())).collect();
            assert!(format.write(&bare, &quick(&password)).is_ok());
            entries = with_attributes(&password).0;
            entries.retain(|entry| entry.item.kind() != "secret");
        }
    }

    #[test]
    fn names_that_repeat_a_certificate_stop_nothing() {
        let password = secret("changeit");
        let mut read = Pkcs12.read(KEYTOOL, Some(&password)).unwrap();
        read.retain(|entry| entry.item.kind() != "secret");
        assert!(crate::formats::JKS.write(&read, &quick(&password)).is_ok());
    }

    /// A second copy of a certificate in a chain may say more than the first: it is shown, and stops the writing.
    #[test]
    fn a_copy_with_something_to_say_is_not_dropped() {
        let password = secret("changeit");
        let options = quick(&password);
        let entries = [samples::key_entry(&Ca::root("Root"), "ec:p256")];
        let Item::Key { chain, .. } = &entries[0].item else { panic!() };
        let copy = |name: Option<&str>| Bag {
            content: BagContent::Certificate(chain[1].clone()),
            name: name.map(str::to_owned),
            id: None,
            trusted: false,
            others: Vec::new(),
        };
        for (name, unmarked) in [(None, 0), (Some("Root"), 0), (Some("CN=Root"), 0), (Some("the old one"), 1)] {
            let mut bags = entries::bags(&entries, NOW).unwrap();
            bags.push(copy(name));
            let read = Pkcs12.read(&encode(&bags, &options).unwrap(), Some(&password)).unwrap();
            assert_eq!(read.iter().filter(|entry| entry.item.kind() == "unmarked").count(), unmarked, "{name:?}");
            assert_eq!(Pkcs12.write(&read, &options).is_err(), unmarked == 1);
        }
    }

    #[test]
    fn trust_for_some_usages_only_is_kept_as_it_is() {
        let password = secret("changeit");
        let mut entries = samples::entries("ec:p256");
        let server: der::asn1::ObjectIdentifier = "1.3.6.1.5.5.7.3.1".parse().unwrap();
        let limited = bags::attribute(crate::attributes::TRUSTED_KEY_USAGE, &server.to_der().unwrap()).unwrap();
        // The certificate of the key itself is trusted, too: the limit is the trusted entry's and not the chain's.
        let leaf = entries[0].item.certificates()[0].clone();
        entries[1].item = Item::Trusted(leaf);
        entries[1].attributes.own.push(Attribute::from_der(limited));
        let bytes = Pkcs12.write(&entries, &quick(&password)).unwrap();
        let read = Pkcs12.read(&bytes, Some(&password)).unwrap();
        assert_eq!((kind(&read[1].item), &read[1].attributes), ("trusted", &entries[1].attributes));
        assert_eq!((kind(&read[0].item), read[0].attributes.is_empty()), ("key", true));
        let Err(KeystoreError::Entry { alias, .. }) = crate::formats::JKS.write(&read, &quick(&password)) else {
            panic!("trusted for everything there")
        };
        assert_eq!(alias, "partner");
    }

    /// The same file in DER and in BER, and one of NSS, with BER in BER.
    #[test]
    fn ber_is_read_and_der_written() {
        let password = secret("changeit");
        let [der, ber, nss] = [OPENSSL_WINDOWS, BER, NSS].map(|file| Pkcs12.read(file, Some(&password)).unwrap());
        assert_eq!(crate::compare::differences(&der, &ber, false), []);
        assert_eq!((nss[0].alias.as_str(), nss[0].item.certificates().len()), ("server", 2));
        assert!(crate::compare::differences(&nss, &der, false).iter().all(|found| {
            matches!(found, crate::compare::KeystoreDifference::Changed { what, .. } if what == &["attributes"])
        }));
        let written = Pkcs12.write(&ber, &quick(&password)).unwrap();
        assert_eq!(ber::to_der(&written).unwrap().as_slice(), written);
    }

    #[test]
    fn pbmac1_is_verified_and_its_limits_are_held() {
        let password = secret("changeit");
        let [plain, read] = [OPENSSL_WINDOWS, PBMAC1].map(|file| Pkcs12.read(file, Some(&password)).unwrap());
        assert_eq!(crate::compare::differences(&plain, &read, false), []);
        assert!(matches!(Pkcs12.read(PBMAC1, Some(&secret("Changeit"))), Err(KeystoreError::WrongPassword)));
        let part = &protection::parts(PBMAC1).unwrap()[0];
        let name = "PBMAC1 with PBKDF2-HMAC-SHA-512, HMAC-SHA-256";
        assert_eq!((part.of, part.algorithm.as_str(), part.iterations), ("integrity", name, Some(200)));
        // INTEGER 32, the length of the key, made 19; then 200 iterations made 0.
        let changed = |from: &[u8], to: &[u8]| {
            let mut file = PBMAC1.to_vec();
            let at = file.windows(from.len()).position(|window| window == from).unwrap();
            file[at..at + to.len()].copy_from_slice(to);
            Pkcs12.read(&file, Some(&password))
        };
        let head = [2, 2, 0, 200, 2, 1];
        let short = changed(&[&head[..], &[32]].concat(), &[&head[..], &[19]].concat());
        assert!(matches!(short, Err(KeystoreError::Damaged(why)) if why.contains("20 bytes")), "{short:?}");
        assert!(changed(&head, &[2, 2, 0, 0]).is_err());
        let many = changed(&[2, 2, 0, 200], &[2, 2, 0x7f, 0xff]);
        assert!(matches!(many, Err(KeystoreError::WrongPassword)), "{many:?}");
    }

    #[test]
    fn older_ciphers_are_read() {
        let password = secret("changeit");
        for file in [OPENSSL_RC2_128, OPENSSL_DES2] {
            let read = Pkcs12.read(file, Some(&password)).unwrap();
            assert_eq!(kind(&read[0].item), "key 1");
        }
        let refused = Pkcs12.read(OPENSSL_RC4, Some(&password));
        let Err(KeystoreError::Unsupported(why)) = refused else { panic!("{refused:?}") };
        assert!(why.starts_with("RC4"), "{why}");
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
        let trusted = |alias: &str| Entry::new(alias, None, Item::Trusted(der.clone()));
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
