//! Files to begin with: the fixtures of `crates/keystore`, and what certroll makes of their entries at one iteration.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;
use certroll_core::tools::message::envelope::{self, EnvelopeFacts};
use certroll_core::tools::message::key::MessageSender;
use certroll_keystore::formats::{PKCS12, by_id};
use certroll_keystore::{Entry, EntryKey, Item, Profile, WriteOptions};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::container::signed_data;
use certroll_pki::key::KeyPair;
use certroll_pki::name::distinguished_name::DistinguishedName;
use certroll_pki::name::general_name::GeneralName;
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::extensions::ExtensionProfile;
use certroll_pki::x509::request;
use certroll_pki::x509::signing::CertificateContent;
use certroll_pki::x509::validity::{Lifetime, Validity};

use super::seal;

/// Inputs by the parser that they are for.
pub struct Seeds {
    pub jks: Vec<Vec<u8>>,
    pub pkcs12: Vec<Vec<u8>>,
    /// AuthenticatedSafes, to be sealed.
    pub safes: Vec<Vec<u8>>,
    pub pem: Vec<Vec<u8>>,
    pub csr: Vec<Vec<u8>>,
    /// CertificationRequestInfos, to be signed with [`Seeds::key`].
    pub infos: Vec<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    /// Signatures in CMS, and an envelope.
    pub messages: Vec<Vec<u8>>,
    pub key: KeyPair,
}

fn fixture(name: &str) -> Vec<u8> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["crates/keystore/src/fixtures", "crates/pki/src/container/fixtures"];
    let roots = [repository.to_owned(), repository.join("..")];
    let mut paths = roots.iter().flat_map(|root| places.map(|place| root.join(place).join(name)));
    let path = paths.find(|path| path.is_file());
    fs::read(path.expect("there is such a fixture")).expect("a fixture can be read")
}

/// The entries of a store that keytool made: a key, trusted certificates, a secret key.
fn java(password: &Secret) -> Vec<Entry> {
    PKCS12.read(&fixture("keytool.p12"), Some(password)).expect("a fixture opens")
}

/// The P-256 key of the fixtures, which signs requests.
pub fn key() -> KeyPair {
    let entries = java(&Secret::new(seal::PASSWORD.to_owned()));
    let key = entries.iter().find_map(|entry| match &entry.item {
        Item::Key { key: EntryKey::Plain(key), .. } => KeyPair::from_pkcs8(key.expose()).ok(),
        _ => None,
    });
    key.expect("a fixture holds a key")
}

/// Every seed; the same in each run but for salts and the signatures of requests.
pub fn all() -> Seeds {
    let password = Secret::new(seal::PASSWORD.to_owned());
    let mut jks = vec![fixture("keytool.jks"), fixture("keytool.jceks")];
    let java = java(&password);
    // PKCS#12 alone has secret keys.
    let plain: Vec<Entry> = java.iter().filter(|entry| !matches!(entry.item, Item::Secret(_))).cloned().collect();
    let write = |format: &str, entries: &[Entry], profile| {
        let format = by_id(format).expect("there is such a format");
        let options = format.options(&password, Timestamp::from_secs(1_795_000_000));
        let options = WriteOptions { iterations: 1, profile, ..options };
        format.write(entries, &options).expect("entries can be written")
    };
    jks.push(write("jks", &plain, Profile::Modern));
    let pkcs12 = vec![
        write("pkcs12", &java, Profile::Modern),
        write("pkcs12", &plain, Profile::Compatible),
        fixture("openssl-nomac.p12"),
        fixture("openssl-nokeys.p12"),
        fixture("openssl-windows.p12"),
        fixture("openssl-rc2-128.p12"),
        fixture("ber.p12"),
        fixture("pbmac1.p12"),
    ];
    let certificates: Vec<Vec<u8>> = plain.iter().flat_map(certificates_of).collect();
    let key = key();
    let csr: Vec<Vec<u8>> = [("O=Example, OU=a, OU=b, CN=x", "x.example.net"), ("CN=m, DC=example", "10.0.0.1")]
        .map(|(subject, name)| csr(subject, name, &key))
        .into();
    let infos = csr.iter().filter_map(|csr| info(csr)).map(<[u8]>::to_vec).collect();
    let mut pem = vec![write("pem", &plain, Profile::Modern)];
    pem.extend(csr.iter().map(|der| pem::encode(Label::CertificateRequest, der).into_bytes()));
    pem.push(fixture("openssl.p7b"));
    pem.extend(certificates.first().map(|der| pem::encode(Label::Certificate, der).into_bytes()));
    let safes = pkcs12.iter().filter_map(|pfx| safe(pfx)).map(<[u8]>::to_vec).collect();
    let messages = messages(&certificates, key);
    let key = self::key();
    Seeds { jks, pkcs12, safes, pem, csr, infos, certificates, messages, key }
}

fn certificates_of(entry: &Entry) -> Vec<Vec<u8>> {
    match &entry.item {
        Item::Key { chain, .. } => chain.clone(),
        Item::Trusted(der) | Item::Unmarked(der) => vec![der.clone()],
        Item::Secret(_) => Vec::new(),
    }
}

fn messages(certificates: &[Vec<u8>], key: KeyPair) -> Vec<Vec<u8>> {
    let read = certificates.iter().map(|der| Certificate::from_der(der).expect("a certificate"));
    let chain: Vec<Certificate> = read.filter(|one| one.spki == key.spki()).take(1).collect();
    let at = Timestamp::from_secs(1_795_000_000);
    let cms = signed_data::sign(b"reading", &chain, (&key, key.algorithm()), at).expect("it can be signed");
    let facts = EnvelopeFacts { at, number: 7, sender: envelope::name_of(&chain[0]), content_type: None };
    let (algorithm, spki) = (key.algorithm(), key.spki().to_vec());
    let sender = MessageSender { signer: Arc::new(key), algorithm, spki, chain };
    let envelope = envelope::seal(b"reading", &sender, &facts).expect("it can be signed");
    vec![signed_data::to_pem(&cms).into_bytes(), cms, envelope.into_bytes()]
}

fn csr(subject: &str, name: &str, key: &KeyPair) -> Vec<u8> {
    let content = CertificateContent {
        subject: DistinguishedName::parse(subject).expect("a name"),
        names: vec![GeneralName::parse(name).expect("a name"), GeneralName::parse("urn:x:y").expect("a name")],
        validity: Validity::starting(Timestamp::from_secs(1_800_000_000), Lifetime::Never),
        extensions: Arc::new(ExtensionProfile::default()),
    };
    request::make(&content, key).expect("a request can be made")
}

/// The CertificationRequestInfo in a request.
pub fn info(csr: &[u8]) -> Option<&[u8]> {
    let (content, _) = seal::open(csr)?;
    let (_, rest) = seal::open(content)?;
    content.get(..content.len() - rest.len())
}

/// The AuthenticatedSafe in a PFX: version, then ContentInfo { type, `[0]` { OCTET STRING } }.
fn safe(pfx: &[u8]) -> Option<&[u8]> {
    let (content, _) = seal::open(pfx)?;
    let (_, after_version) = seal::open(content)?;
    let (info, _) = seal::open(after_version)?;
    let (_, after_type) = seal::open(info)?;
    let (explicit, _) = seal::open(after_type)?;
    Some(seal::open(explicit)?.0)
}
