//! Keys, certificates and entries for the tests of this module.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer};

use crate::{Entry, EntryKey, Item};
use certroll_base::clock::Timestamp;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::key::KeyPair;

pub(super) const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_123);
pub(super) const ALGORITHMS: [&str; 6] = ["rsa:2048", "rsa:3072", "ec:p256", "ec:p384", "ec:p521", "ed25519"];

pub(super) struct Ca {
    params: CertificateParams,
    key: KeyPair,
    pub(super) der: Vec<u8>,
}

impl Ca {
    pub(super) fn root(name: &str) -> Self {
        let (params, key) = (params(name, true), pair("ec:p256"));
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self { params, key, der }
    }

    pub(super) fn under(parent: &Ca, name: &str) -> Self {
        let (params, key) = (params(name, true), pair("ec:p384"));
        let der = params.signed_by(&key, &Issuer::from_params(&parent.params, &parent.key)).unwrap().der().to_vec();
        Self { params, key, der }
    }
}

pub(super) fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

pub(super) fn pair(algorithm: &str) -> KeyPair {
    KeyPair::generate(algorithm.parse().unwrap()).unwrap()
}

fn params(name: &str, ca: bool) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.use_authority_key_identifier_extension = true;
    if ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    params
}

/// A certificate and its key.
pub(super) fn leaf(ca: &Ca, algorithm: &str) -> (Vec<u8>, SecretBytes) {
    let key = pair(algorithm);
    let issuer = Issuer::from_params(&ca.params, &ca.key);
    (params("leaf", false).signed_by(&key, &issuer).unwrap().der().to_vec(), key.to_pkcs8().unwrap())
}

/// A key with a chain of two (root left out) and an unrelated trusted certificate.
pub(super) fn entries(algorithm: &str) -> Vec<Entry> {
    let broker = key_entry(&Ca::under(&Ca::root("Root"), "Middle"), algorithm);
    let trusted = Entry::new("partner", None, Item::Trusted(Ca::root("Partner").der));
    vec![broker, trusted]
}

/// A key with its certificate and that of `ca`.
pub(super) fn key_entry(ca: &Ca, algorithm: &str) -> Entry {
    let (leaf, key) = leaf(ca, algorithm);
    let item = Item::Key { key: EntryKey::Plain(key), chain: vec![leaf, ca.der.clone()] };
    Entry::new("broker", Some(NOW), item)
}

/// The plain key of an entry.
pub(super) fn key_of(entry: &Entry) -> &[u8] {
    match &entry.item {
        Item::Key { key: EntryKey::Plain(key), .. } => key.expose(),
        other => panic!("{other:?}"),
    }
}

pub(super) fn assert_same(expected: &[Entry], found: &[Entry]) {
    assert_same_but_names(expected, found);
    assert!(expected.iter().zip(found).all(|(expected, found)| expected.alias == found.alias));
    assert_eq!(found[0].created, Some(NOW));
}

pub(super) fn assert_same_but_names(expected: &[Entry], found: &[Entry]) {
    assert_eq!(expected.len(), found.len());
    for (expected, found) in expected.iter().zip(found) {
        match (&expected.item, &found.item) {
            (Item::Key { chain, .. }, Item::Key { chain: found_chain, .. }) => {
                assert_eq!(chain, found_chain);
                assert_eq!(key_of(expected), key_of(found));
            }
            (Item::Trusted(expected), Item::Trusted(found)) => assert_eq!(expected, found),
            other => panic!("{other:?}"),
        }
    }
}

/// Calls `check` with every truncation of `bytes` and with three changes of each byte.
pub(super) fn hammer(bytes: &[u8], check: impl Fn(&[u8])) {
    for at in 0..bytes.len() {
        check(&bytes[..at]);
        for change in [0x01, 0x80, 0xff] {
            let mut bad = bytes.to_vec();
            bad[at] ^= change;
            check(&bad);
        }
    }
}
