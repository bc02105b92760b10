//! JKS, the keystore of Java until version 8, and the trusted certificates of its cousin JCEKS.
//!
//! Written here because the one crate for it allocates what a file announces before checking anything and aborts on a
//! crafted one. There is no standard; the layout is that of OpenJDK's `JavaKeyStore`, all numbers big-endian:
//!
//! ```text
//! store   magic u32, version u32, number of entries u32, entries, SHA-1 digest (20)
//! entry   tag u32, alias utf, created u64 (ms since 1970), content
//!         tag 1: length u32, protected key, number of certificates u32, certificates
//!         tag 2: certificate
//!         tag 3: serialised Java object (JCEKS only: a secret key)
//! cert    type utf (version 2 only), length u32, DER
//! utf     length u16, modified UTF-8
//! ```

use crate::bundle::{Entry, EntryKey, ITERATIONS, Item, WriteOptions, stored_aliases, without_attributes};
use crate::error::{EntryProblem, KeystoreError};
use crate::format::{Format, KeystoreFormat};
use crate::jks_protection::{DIGEST_LEN, is_protected_key, protect, same_digest, store_digest};
use crate::protection::Part;
use crate::{modified_utf8, verify};
use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;

const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const MAGIC_JCEKS: [u8; 4] = [0xce, 0xce, 0xce, 0xce];

const TAG_KEY: u32 = 1;
const TAG_TRUSTED: u32 = 2;
const TAG_SECRET: u32 = 3;
const DAMAGED_END: KeystoreError = KeystoreError::Damaged("it ends too early");

/// JKS, the keystore of Java until version 8.
///
/// Written is version 2, read are versions 1 and 2. Order and creation dates of entries are kept. On writing, a key that is still
/// [`EntryKey::Protected`] by JKS's own scheme is stored as it is, under the password it has. On reading, a key that the store
/// password does not open stays protected.
pub static JKS: Format = Format {
    id: "jks",
    name: "JKS",
    extensions: &["jks", "keystore", "ks"],
    java_type: Some("JKS"),
    writable: true,
    binary: true,
    has_aliases: true,
    authenticated: true,
    keys_open_apart: true,
    sends_root: true,
    holds_bare_certificates: false,
    iterations: ITERATIONS,
    caution: Some("JKS protects keys with SHA-1 and no iterations: use PKCS#12 where the reader takes it"),
    implementation: &Jks { magic: MAGIC },
};

/// JCEKS, of which trusted certificates and keys with their chains are read; the keys stay protected, and a secret key is refused.
pub static JCEKS: Format = Format {
    id: "jceks",
    name: "JCEKS",
    extensions: &[],
    java_type: Some("JCEKS"),
    writable: false,
    implementation: &Jks { magic: MAGIC_JCEKS },
    ..JKS
};

struct Jks {
    /// The first bytes of files that are detected as this format. Both kinds are read whichever it is; JKS is written.
    magic: [u8; 4],
}

impl KeystoreFormat for Jks {
    fn detect(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(&self.magic)
    }

    fn protection(&self, bytes: &[u8]) -> Vec<Part> {
        let sha1 = "SHA-1 without iterations: nothing but the length of the password protects it";
        let keys = if bytes.starts_with(&MAGIC_JCEKS) { "PBEWithMD5AndTripleDES" } else { "Sun key protector, SHA-1" };
        vec![Part::new("integrity", "SHA-1", None).weak(sha1), Part::new("keys", keys, None).weak(sha1)]
    }

    fn write(&self, entries: &[Entry], options: &WriteOptions<'_>) -> Result<Vec<u8>, KeystoreError> {
        verify::before(entries)?;
        without_attributes(entries)?;
        let key_password = options.key_password.unwrap_or(options.password);
        let mut out = Vec::with_capacity(4096);
        out.extend(MAGIC);
        out.extend(2_u32.to_be_bytes());
        out.extend(length(entries.len())?);
        for (entry, alias) in entries.iter().zip(stored_aliases(entries)?) {
            let problem = |problem: EntryProblem| problem.of(&entry.alias);
            let tag = if matches!(entry.item, Item::Key { .. }) { TAG_KEY } else { TAG_TRUSTED };
            out.extend(tag.to_be_bytes());
            utf(&mut out, &alias).map_err(problem)?;
            out.extend(entry.created.unwrap_or(options.now).millis().to_be_bytes());
            match &entry.item {
                Item::Key { key, chain } => {
                    block(&mut out, &protected(key, key_password).map_err(problem)?)?;
                    out.extend(length(chain.len())?);
                    chain.iter().try_for_each(|der| certificate(&mut out, der))?;
                }
                Item::Trusted(der) => certificate(&mut out, der)?,
                Item::Unmarked(_) => return Err(problem(EntryProblem::Kind("a certificate that is not trusted"))),
                Item::Secret(_) => return Err(problem(EntryProblem::Kind("a secret key"))),
            }
        }
        let digest = store_digest(&out, options.password);
        out.extend(digest);
        verify::after(entries, &self.read(&out, Some(options.password))?, key_password)?;
        Ok(out)
    }

    fn read(&self, bytes: &[u8], password: Option<&Secret>) -> Result<Vec<Entry>, KeystoreError> {
        let length = bytes.len().checked_sub(DIGEST_LEN).ok_or(DAMAGED_END)?;
        let (body, digest) = bytes.split_at_checked(length).ok_or(DAMAGED_END)?;
        let mut reader = JksReader(body);
        let magic = reader.array()?;
        if magic != MAGIC && magic != MAGIC_JCEKS {
            return Err(KeystoreError::Damaged("it is neither JKS nor JCEKS"));
        }
        let version = reader.u32()?;
        if version != 1 && version != 2 {
            return Err(KeystoreError::Unsupported(format!("JKS version {version}")));
        }
        if password.is_some_and(|password| !same_digest(&store_digest(body, password), digest)) {
            return Err(KeystoreError::WrongPassword);
        }
        let count = reader.u32()?;
        // Not reserved: the count is not to be believed, and an entry that is not there ends the loop.
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(reader.entry(version, password)?);
        }
        if !reader.0.is_empty() {
            return Err(KeystoreError::Damaged("there are bytes after the last entry"));
        }
        Ok(entries)
    }
}

fn protected(key: &EntryKey, password: &Secret) -> Result<Vec<u8>, EntryProblem> {
    match key {
        EntryKey::Plain(key) => protect(key.expose(), password).map_err(|_| EntryProblem::NotPkcs8),
        EntryKey::Protected(der) if is_protected_key(der) => Ok(der.clone()),
        EntryKey::Protected(_) => Err(EntryProblem::Protected),
    }
}

fn length(length: usize) -> Result<[u8; 4], KeystoreError> {
    let length = u32::try_from(length).map_err(|_| KeystoreError::Unsupported("more than 4 GiB in a JKS".into()))?;
    Ok(length.to_be_bytes())
}

fn utf(out: &mut Vec<u8>, text: &str) -> Result<(), EntryProblem> {
    let bytes = modified_utf8::encode(text);
    out.extend(u16::try_from(bytes.len()).map_err(|_| EntryProblem::AliasTooLong)?.to_be_bytes());
    out.extend(bytes);
    Ok(())
}

fn block(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), KeystoreError> {
    out.extend(length(bytes.len())?);
    out.extend_from_slice(bytes);
    Ok(())
}

fn certificate(out: &mut Vec<u8>, der: &[u8]) -> Result<(), KeystoreError> {
    out.extend(b"\x00\x05X.509");
    block(out, der)
}

/// What is still to be read.
struct JksReader<'a>(&'a [u8]);

impl<'a> JksReader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], KeystoreError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(DAMAGED_END)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], KeystoreError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(DAMAGED_END)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn u32(&mut self) -> Result<u32, KeystoreError> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    fn block(&mut self) -> Result<&'a [u8], KeystoreError> {
        let length = usize::try_from(self.u32()?).map_err(|_| DAMAGED_END)?;
        self.take(length)
    }

    fn utf(&mut self) -> Result<String, KeystoreError> {
        let length = u16::from_be_bytes(self.array()?);
        modified_utf8::decode(self.take(usize::from(length))?)
            .ok_or(KeystoreError::Damaged("a name is not modified UTF-8"))
    }

    fn certificate(&mut self, version: u32) -> Result<Vec<u8>, KeystoreError> {
        if version == 2 {
            let kind = self.utf()?;
            // Java asks for "X.509" by either name.
            if kind != "X.509" && kind != "X509" {
                return Err(KeystoreError::Unsupported("a certificate that is not X.509".into()));
            }
        }
        Ok(self.block()?.to_vec())
    }

    fn entry(&mut self, version: u32, password: Option<&Secret>) -> Result<Entry, KeystoreError> {
        let tag = self.u32()?;
        let alias = self.utf()?;
        let created = Some(Timestamp::from_millis(i64::from_be_bytes(self.array()?)));
        let item = match tag {
            TAG_KEY => {
                let protected = EntryKey::Protected(self.block()?.to_vec());
                let mut chain = Vec::new();
                for _ in 0..self.u32()? {
                    chain.push(self.certificate(version)?);
                }
                let opened = password.and_then(|password| protected.unlock(password).ok());
                Item::Key { key: opened.map_or(protected, EntryKey::Plain), chain }
            }
            TAG_TRUSTED => Item::Trusted(self.certificate(version)?),
            TAG_SECRET => {
                return Err(EntryProblem::Kind("JCEKS secret keys (convert with `keytool -importkeystore`)").of(&alias));
            }
            _ => return Err(KeystoreError::Damaged("an entry is of unknown kind")),
        };
        Ok(Entry::new(alias, created, item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, Ca, NOW, secret};

    #[test]
    fn every_algorithm_goes_both_ways() {
        for algorithm in samples::ALGORITHMS {
            let entries = samples::entries(algorithm);
            let password = secret("changeit");
            let bytes = JKS.write(&entries, &WriteOptions::new(&password, NOW)).unwrap();
            samples::assert_same(&entries, &JKS.read(&bytes, Some(&password)).unwrap());
            assert!(matches!(JKS.read(&bytes, Some(&secret("Changeit"))), Err(KeystoreError::WrongPassword)));
        }
    }

    #[test]
    fn what_keytool_writes_is_read() {
        let password = secret("changeit");
        let read = JKS.read(include_bytes!("fixtures/keytool.jks"), Some(&password)).unwrap();
        let aliases: Vec<_> = read.iter().map(|entry| entry.alias.as_str()).collect();
        assert!(aliases.contains(&"server") && aliases.contains(&"ca-a"), "{aliases:?}");
        for entry in read {
            if let Item::Key { key, chain } = entry.item {
                let key = EntryKey::Plain(key.unlock(&secret("secret77")).unwrap());
                verify::before(&[Entry { item: Item::Key { key, chain }, ..entry }]).unwrap();
            }
        }
        let read = JKS.read(include_bytes!("fixtures/keytool.jceks"), Some(&password)).unwrap();
        assert!(matches!(&read[..], [Entry { item: Item::Trusted(_), .. }]));
    }

    #[test]
    fn without_a_password_all_is_listed_and_keys_stay_closed() {
        let (store, key) = (secret("store"), secret("größe \u{1f511}"));
        let entries = samples::entries("ec:p256");
        let options = WriteOptions { key_password: Some(&key), ..WriteOptions::new(&store, NOW) };
        let bytes = JKS.write(&entries, &options).unwrap();
        for password in [None, Some(&store)] {
            let read = JKS.read(&bytes, password).unwrap();
            let Item::Key { key: closed @ EntryKey::Protected(_), chain } = &read[0].item else { panic!("{read:?}") };
            assert_eq!(chain.len(), 2);
            assert!(matches!(closed.unlock(&store), Err(EntryProblem::WrongKeyPassword)));
            assert_eq!(closed.unlock(&key).unwrap().expose(), samples::key_of(&entries[0]));
            // What was never opened can be stored again as it is.
            JKS.write(&read, &WriteOptions::new(&store, NOW)).unwrap();
        }
    }

    #[test]
    fn aliases_keep_every_character_and_lose_their_case() {
        let password = secret("changeit");
        let ca = Ca::root("Root").der;
        let trusted = |alias: &str| Entry::new(alias, None, Item::Trusted(ca.clone()));
        let entries = ["Größe", "\u{1f511} Key", "a\0b", ""].map(trusted);
        let read =
            JKS.read(&JKS.write(&entries, &WriteOptions::new(&password, NOW)).unwrap(), Some(&password)).unwrap();
        let aliases: Vec<_> = read.iter().map(|entry| entry.alias.as_str()).collect();
        assert_eq!(aliases, ["größe", "\u{1f511} key", "a\0b", ""]);
        assert_eq!(read[0].created, Some(NOW));
        let refused = |entries: &[Entry]| match JKS.write(entries, &WriteOptions::new(&password, NOW)) {
            Err(KeystoreError::Entry { problem, .. }) => problem,
            other => panic!("{other:?}"),
        };
        assert!(matches!(refused(&["Srv", "srv"].map(trusted)), EntryProblem::DuplicateAlias));
        assert!(matches!(refused(&[trusted(&"x".repeat(65_536))]), EntryProblem::AliasTooLong));
    }

    #[test]
    fn a_key_with_the_wrong_certificate_or_chain_is_refused() {
        let password = secret("changeit");
        let refused = |change: fn(&mut Vec<Vec<u8>>)| {
            let mut entries = samples::entries("ec:p256");
            let Item::Key { chain, .. } = &mut entries[0].item else { panic!() };
            change(chain);
            match JKS.write(&entries, &WriteOptions::new(&password, NOW)) {
                Err(KeystoreError::Entry { problem, .. }) => problem,
                other => panic!("{other:?}"),
            }
        };
        assert!(matches!(refused(|c| drop(c.remove(0))), EntryProblem::KeyMismatch));
        assert!(matches!(refused(|c| c[1] = Ca::root("Other").der), EntryProblem::BrokenChain { position: 1 }));
        assert!(matches!(refused(|c| c[1].push(0)), EntryProblem::Certificate { position: 2 }));
    }

    #[test]
    fn version_1_and_the_other_name_of_x509_are_read() {
        for (version, prefix) in [(1_u32, &b""[..]), (2, b"\x00\x04X509"), (2, b"\x00\x05X.509")] {
            let bytes = [&MAGIC[..], &version.to_be_bytes(), &[0, 0, 0, 1, 0, 0, 0, 2, 0, 1, b'a']].concat();
            let bytes = [&bytes[..], &[0; 8], prefix, &[0, 0, 0, 2, 0x30, 0], &[0; 20]].concat();
            assert!(matches!(&JKS.read(&bytes, None).unwrap()[0].item, Item::Trusted(der) if *der == [0x30, 0]));
        }
        let bytes = [&MAGIC_JCEKS[..], &[0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1, b'a'], &[0; 30]].concat();
        assert!(matches!(JKS.read(&bytes, None), Err(KeystoreError::Entry { problem: EntryProblem::Kind(_), .. })));
    }

    #[test]
    fn announced_counts_are_not_believed() {
        let entries = [&MAGIC[..], &[0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff], &[0; 48]].concat();
        let chain = [&MAGIC[..], &[0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0], &[0; 12], &[0xff; 4], &[0; 20]].concat();
        assert_eq!((entries.len(), chain.len()), (60, 54));
        for crafted in [entries, chain] {
            assert!(matches!(JKS.read(&crafted, None), Err(KeystoreError::Damaged(_))));
            assert!(matches!(JKS.read(&crafted, Some(&secret("x"))), Err(KeystoreError::WrongPassword)));
        }
    }

    #[test]
    fn mutations_and_truncations_never_panic() {
        let password = secret("changeit");
        let bytes = JKS.write(&samples::entries("ec:p256"), &WriteOptions::new(&password, NOW)).unwrap();
        samples::hammer(&bytes, |bad| {
            assert!(JKS.read(bad, Some(&password)).is_err(), "no change goes unseen");
            let _ = JKS.read(bad, None);
        });
    }
}
