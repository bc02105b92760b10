//! PEM files with keys and certificates: encrypted PKCS#8 keys, each with its chain (RFC 7468, RFC 5958).

use std::collections::HashSet;

use crate::assemble::{LooseCertificate, LooseKey, chains};
use crate::bundle::{Entry, EntryKey, Item, WriteOptions, without_attributes};
use crate::error::{EntryProblem, KeystoreError};
use crate::format::{Format, KeystoreFormat};
use crate::pem::{chain_text, key_text};
use crate::protection::Part;
use crate::verify;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::key::encryption::{self, DEFAULT_ITERATIONS, Decryptor, EncryptionError, KeyEncryption};

/// PEM: encrypted PKCS#8 keys and certificates (RFC 7468, RFC 5958).
///
/// Each key comes first, then its certificate, then the rest of its chain; trusted certificates last.
///
/// There are no names, dates or trust marks. Reading numbers the entries from `1`, finds each key's certificates by its public
/// key, and takes every certificate that is in no chain as trusted: one that is to be both is refused on writing. Nothing in a PEM
/// file is authenticated.
pub static PEM: Format = Format {
    id: "pem",
    name: "PEM",
    extensions: &["pem", "crt", "cer"],
    java_type: None,
    writable: true,
    binary: false,
    has_aliases: false,
    authenticated: false,
    keys_open_apart: false,
    sends_root: false,
    holds_bare_certificates: true,
    iterations: DEFAULT_ITERATIONS,
    caution: None,
    implementation: &Pem,
};

struct Pem;

impl KeystoreFormat for Pem {
    fn detect(&self, bytes: &[u8]) -> bool {
        pem::is_pem(bytes)
    }

    fn protection(&self, bytes: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        for block in pem::read(bytes).unwrap_or_default() {
            match block.label {
                Label::PrivateKey => parts.push(Part::new("keys", "none", None).weak("the key is not encrypted")),
                Label::EncryptedPrivateKey => {
                    let described = encryption::describe(block.der.expose());
                    let (algorithm, iterations) = described.unwrap_or_else(|_| ("unknown".to_owned(), None));
                    parts.push(Part::new("keys", algorithm, iterations));
                }
                _ => {}
            }
        }
        parts
    }

    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
        if options.key_password.is_some() {
            return Err(KeystoreError::KeyPassword);
        }
        verify::before(entries)?;
        without_attributes(entries)?;
        refuse_lost_marks(entries)?;
        let mut derived = None;
        let (mut out, mut trusted) = (String::new(), String::new());
        for entry in entries {
            let problem = |problem: EntryProblem| problem.of(&entry.alias);
            match &entry.item {
                Item::Key { key, chain } => {
                    let key = key.plain().map_err(problem)?.expose();
                    let encryption = match (options.key_encryption, &mut derived) {
                        (Some(given), _) => given,
                        (None, Some(derived)) => &*derived,
                        (None, empty) => {
                            let made = KeyEncryption::new(options.password, options.iterations);
                            &*empty.insert(made.map_err(KeystoreError::Encryption)?)
                        }
                    };
                    out.push_str(&key_text(key, encryption)?);
                    out.push_str(&chain_text(chain));
                }
                Item::Trusted(der) => trusted.push_str(&pem::encode(Label::Certificate, der)),
                Item::Unmarked(_) => return Err(problem(EntryProblem::Kind("a certificate that is not trusted"))),
                Item::Secret(_) => return Err(problem(EntryProblem::Kind("a secret key"))),
            }
        }
        out.push_str(&trusted);
        Ok(out.into_bytes())
    }

    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError> {
        let decryptor = password.map(|password| Decryptor::new(password.clone()));
        let (mut keys, mut certificates) = (Vec::new(), Vec::new());
        for block in pem::read(bytes)? {
            match block.label {
                Label::Certificate => certificates.push(block.der.expose().to_vec()),
                Label::PrivateKey => keys.push(EntryKey::Plain(block.der)),
                Label::EncryptedPrivateKey => keys.push(open(block.der, decryptor.as_ref())?),
                Label::CertificateRequest | Label::PublicKey | Label::Crl | Label::Pkcs7 => {
                    let (label, line) = (block.label, block.line);
                    return Err(KeystoreError::Unsupported(format!("`{label}` in a keystore, line {line}")));
                }
            }
        }
        entries_of(keys, &certificates)
    }
}

/// There is no mark of trust: a trusted certificate that also stands in a chain would be nothing but that.
fn refuse_lost_marks(entries: &[Entry]) -> Result<(), KeystoreError> {
    let chains = entries.iter().filter(|entry| matches!(entry.item, Item::Key { .. }));
    let in_chains: HashSet<&Vec<u8>> = chains.flat_map(|entry| entry.item.certificates()).collect();
    for entry in entries {
        if matches!(&entry.item, Item::Trusted(der) if in_chains.contains(der)) {
            let kind = "a trusted certificate that is also in a chain: PEM has no mark for it";
            return Err(EntryProblem::Kind(kind).of(&entry.alias));
        }
    }
    Ok(())
}

fn open(encrypted: SecretBytes, decryptor: Option<&Decryptor>) -> Result<EntryKey, KeystoreError> {
    match decryptor.map(|decryptor| decryptor.decrypt(encrypted.expose())) {
        None => Ok(EntryKey::Protected(encrypted.expose().to_vec())),
        Some(Ok(key)) => Ok(EntryKey::Plain(key)),
        Some(Err(EncryptionError::WrongPassphrase)) => Err(KeystoreError::WrongPassword),
        Some(Err(other)) => Err(KeystoreError::Encryption(other)),
    }
}

fn entries_of(keys: Vec<EntryKey>, certificates: &[Vec<u8>]) -> Result<Vec<Entry>, KeystoreError> {
    let aliases: Vec<String> = (1..=certificates.len()).map(|number| format!("certificate {number}")).collect();
    let loose_certificates: Vec<_> = certificates
        .iter()
        .zip(&aliases)
        .map(|(der, alias)| LooseCertificate { alias, der, id: None, trusted: false })
        .collect();
    let loose_keys: Vec<_> =
        keys.iter().map(|key| LooseKey { pkcs8: key.plain().ok().map(SecretBytes::expose), id: None }).collect();
    let chains = chains(&loose_keys, &loose_certificates)?;
    let chain = |indices: &Vec<usize>| indices.iter().filter_map(|index| certificates.get(*index)).collect();
    let chains: Vec<Vec<&Vec<u8>>> = chains.iter().map(chain).collect();
    // By content: a certificate that several chains share is in the file once for each of them.
    let mut told: HashSet<&Vec<u8>> = chains.iter().flatten().copied().collect();
    let trusted: Vec<_> = certificates.iter().filter(|der| told.insert(der)).cloned().map(Item::Trusted).collect();
    let chains = chains.iter().map(|chain| chain.iter().copied().cloned().collect());
    let items = keys.into_iter().zip(chains).map(|(key, chain)| Item::Key { key, chain }).chain(trusted);
    let entry = |(index, item): (usize, Item)| Entry::new((index + 1).to_string(), None, item);
    Ok(items.enumerate().map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pem::plain_key_text;
    use crate::samples::{self, Ca, NOW, secret};

    #[test]
    fn every_algorithm_goes_both_ways() {
        for algorithm in samples::ALGORITHMS {
            let entries = samples::entries(algorithm);
            let password = secret("größe");
            let bytes = Pem.write(&entries, &WriteOptions::new(&password, NOW)).unwrap();
            samples::assert_same_but_names(&entries, &Pem.read(&bytes, Some(&password)).unwrap());
            assert!(matches!(Pem.read(&bytes, Some(&secret("x"))), Err(KeystoreError::WrongPassword)));
        }
    }

    #[test]
    fn the_key_comes_first_then_leaf_then_chain() {
        let entries = samples::entries("ec:p256");
        let encryption = KeyEncryption::new(&secret("batch"), 10).unwrap();
        let password = secret("not used");
        let options = WriteOptions { key_encryption: Some(&encryption), ..WriteOptions::new(&password, NOW) };
        let text = String::from_utf8(Pem.write(&entries, &options).unwrap()).unwrap();
        let labels: Vec<_> = pem::read(text.as_bytes()).unwrap().iter().map(|block| block.label).collect();
        assert_eq!(labels[..3], [Label::EncryptedPrivateKey, Label::Certificate, Label::Certificate]);
        let Item::Key { chain, .. } = &entries[0].item else { panic!() };
        assert!(text.contains(&chain_text(chain)));
        samples::assert_same_but_names(&entries, &Pem.read(text.as_bytes(), Some(&secret("batch"))).unwrap());
        let closed = Pem.read(text.as_bytes(), None).unwrap();
        assert!(matches!(&closed[0].item, Item::Key { key: EntryKey::Protected(_), chain: found } if found == chain));
    }

    #[test]
    fn keys_of_one_authority_share_their_chain() {
        let middle = Ca::under(&Ca::root("Root"), "Middle");
        let entries: Vec<_> = (0..2).map(|_| samples::key_entry(&middle, "ec:p256")).collect();
        let password = secret("changeit");
        let bytes = Pem.write(&entries, &WriteOptions::new(&password, NOW)).unwrap();
        samples::assert_same_but_names(&entries, &Pem.read(&bytes, Some(&password)).unwrap());
    }

    #[test]
    fn a_trusted_certificate_of_a_chain_would_lose_its_mark() {
        let mut entries = samples::entries("ec:p256");
        let issuer = entries[0].item.certificates()[1].clone();
        entries.push(Entry::new("issuer", None, Item::Trusted(issuer)));
        let password = secret("changeit");
        let refused = Pem.write(&entries, &WriteOptions { iterations: 10, ..WriteOptions::new(&password, NOW) });
        let Err(KeystoreError::Entry { alias, problem: EntryProblem::Kind(_) }) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(alias, "issuer");
    }

    #[test]
    fn shuffled_bundles_and_plain_keys_are_put_in_order() {
        let entries = samples::entries("rsa:2048");
        let Item::Key { chain, .. } = &entries[0].item else { panic!() };
        let text = [
            pem::encode(Label::Certificate, &Ca::root("Stranger").der),
            pem::encode(Label::Certificate, &chain[1]),
            plain_key_text(samples::key_of(&entries[0])).expose().to_owned(),
            pem::encode(Label::Certificate, &chain[0]),
        ];
        let read = Pem.read(text.concat().as_bytes(), None).unwrap();
        assert!(matches!(&read[0].item, Item::Key { key: EntryKey::Plain(_), chain: found } if found == chain));
        assert!(matches!(read[1].item, Item::Trusted(_)));
    }
}
