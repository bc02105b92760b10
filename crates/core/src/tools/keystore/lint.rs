//! What is wrong with a keystore, or soon will be, and what readers would stumble over.

use std::path::Path;

use super::file::{KeystoreFile, Passwords};
use crate::error::{Error, ErrorKind};
use certroll_base::clock::Timestamp;
use certroll_keystore::formats;
use certroll_keystore::{Entry, EntryKey, Item, KeystoreError, stored_alias};
use certroll_pki::key::KeyPair;
use certroll_pki::path::{self, Check, PathInputs};
use certroll_pki::verify::signature;
use certroll_pki::x509::certificate::Certificate;

/// Certificates that expire within so many seconds are warned of: 30 days.
const SOON: i64 = 30 * 86_400;
/// Fewer iterations are warned of. Java's default is 10 000, OpenSSL's 2048.
const FEW_ITERATIONS: u32 = 10_000;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Note,
    /// Works, but should be changed.
    Warning,
    /// A certificate is no longer valid.
    Expired,
    /// It does not work, or not as it looks.
    Error,
}

impl Level {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Expired => "expired",
            Self::Error => "error",
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeystoreFinding {
    /// How bad it is.
    pub level: Level,
    /// A stable word for scripts: `key-mismatch`.
    pub code: &'static str,
    /// The entry; `None` for the file as a whole.
    pub alias: Option<String>,
    /// In words.
    pub text: String,
}

/// Looks through a keystore. An empty list is a clean one.
///
/// # Errors
/// It cannot be read at all, or does not open with the password.
pub fn lint(path: &Path, passwords: &Passwords, now: Timestamp) -> Result<Vec<KeystoreFinding>, Error> {
    let file = match KeystoreFile::open(path, passwords) {
        Ok(file) => file,
        Err(error) => return whole(error),
    };
    let mut findings = Findings { alias: None, found: Vec::new(), now };
    findings.file(&file);
    for entry in &file.entries {
        findings.alias = Some(entry.alias.clone());
        findings.entry(&file, entry);
    }
    let mut found = findings.found;
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Ok(found)
}

/// What keeps a file from being read is a finding too, unless it is the password.
fn whole(error: Error) -> Result<Vec<KeystoreFinding>, Error> {
    let cause = std::error::Error::source(&error).and_then(|cause| cause.downcast_ref::<KeystoreError>());
    let code = match cause {
        Some(KeystoreError::NoMac) => "no-mac",
        Some(KeystoreError::Damaged(_)) => "damaged",
        Some(KeystoreError::Unsupported(_) | KeystoreError::Entry { .. }) if error.kind != ErrorKind::Permission => {
            "unsupported"
        }
        _ => return Err(error),
    };
    let text = cause.map(|cause| match cause {
        KeystoreError::Entry { problem, .. } => format!("{cause}: {problem}"),
        other => other.to_string(),
    });
    let text = text.unwrap_or_default();
    Ok(vec![KeystoreFinding { level: Level::Error, code, alias: None, text }])
}

struct Findings {
    alias: Option<String>,
    found: Vec<KeystoreFinding>,
    now: Timestamp,
}

impl Findings {
    fn add(&mut self, level: Level, code: &'static str, text: impl Into<String>) {
        self.found.push(KeystoreFinding { level, code, alias: self.alias.clone(), text: text.into() });
    }

    fn file(&mut self, file: &KeystoreFile) {
        for part in &file.protection {
            if let Some(why) = part.weakness {
                self.add(Level::Warning, "weak-protection", format!("{}: {} ({why})", part.of, part.algorithm));
            }
            if let Some(few) = part.iterations.filter(|iterations| *iterations < FEW_ITERATIONS) {
                let text = format!("{}: {few} iterations, fewer than {FEW_ITERATIONS}", part.of);
                self.add(Level::Warning, "few-iterations", text);
            }
        }
        if let Some(extension) = formats::by_extension(&file.path).filter(|format| *format != file.format) {
            let text = format!("it is {}, although its name says {}", file.format.id, extension.id);
            self.add(Level::Note, "name", text);
        }
        if let Some(password) = &file.passwords.store {
            let text = password.expose();
            if !text.is_ascii() {
                let text =
                    "the password is not ASCII: Java opens no PKCS#12 with it, and other tools encode it otherwise";
                self.add(Level::Warning, "password-not-ascii", text);
            }
            if text.chars().count() < 6 {
                self.add(
                    Level::Warning,
                    "password-short",
                    "the password has fewer than 6 characters: keytool refuses it",
                );
            }
        } else if file.format.authenticated {
            self.add(Level::Note, "not-authenticated", "no password was given: alteration would not be seen");
        }
        if file.entries.is_empty() {
            self.add(Level::Note, "empty", "there is no entry in it");
        }
        self.aliases(&file.entries);
    }

    fn aliases(&mut self, entries: &[Entry]) {
        let mut seen: Vec<String> = Vec::new();
        for entry in entries {
            let alias = stored_alias(&entry.alias);
            self.alias = Some(entry.alias.clone());
            if seen.contains(&alias) {
                self.add(
                    Level::Error,
                    "duplicate-alias",
                    "another entry has the same alias, but for case: Java shows one",
                );
            }
            if !alias.is_ascii() {
                self.add(Level::Note, "alias-not-ascii", "the alias is not ASCII: not every tool can be told of it");
            }
            seen.push(alias);
        }
        self.alias = None;
    }

    fn entry(&mut self, file: &KeystoreFile, entry: &Entry) {
        match &entry.item {
            Item::Key { key, chain } => self.key(file, entry, key, chain),
            Item::Unmarked(_) => {
                let text =
                    "it has no mark of trust (2.16.840.1.113894.746875.1.1) and is in no chain: Java does not see it";
                self.add(Level::Error, "no-trust-mark", text);
            }
            Item::Trusted(_) | Item::Secret(_) => {}
        }
        let mut certificates = Vec::new();
        for (at, der) in entry.item.certificates().iter().enumerate() {
            match Certificate::from_der(der) {
                Ok(certificate) => certificates.push(certificate),
                Err(_) => self.add(Level::Error, "not-a-certificate", format!("certificate {} cannot be read", at + 1)),
            }
        }
        for certificate in &certificates {
            self.certificate(certificate, matches!(entry.item, Item::Key { .. }));
        }
        match (&entry.item, certificates.first()) {
            (Item::Key { .. }, _) => self.chain(&certificates),
            (Item::Trusted(_), Some(certificate)) if !certificate.is_ca => {
                self.add(
                    Level::Note,
                    "trusted-not-ca",
                    "a trusted certificate that is no CA: only it alone is trusted",
                );
            }
            _ => {}
        }
    }

    fn key(&mut self, file: &KeystoreFile, entry: &Entry, key: &EntryKey, chain: &[Vec<u8>]) {
        let Some(leaf) = chain.first() else {
            self.add(Level::Warning, "no-certificate", "the key has no certificate yet: import the CA's reply");
            return;
        };
        match file.unlock(entry) {
            Ok(plain) => match (KeyPair::from_pkcs8(plain.expose()), Certificate::from_der(leaf)) {
                (Ok(pair), Ok(leaf)) if pair.spki() != leaf.spki => {
                    self.add(
                        Level::Error,
                        "key-mismatch",
                        "the certificate does not hold the public key of the private key",
                    );
                }
                (Err(_), _) => {
                    self.add(Level::Note, "key-unknown", "the private key is of a kind that is not looked into")
                }
                _ => {}
            },
            Err(_) => {
                let text = "the key does not open with the passwords given: it was not compared with its certificate";
                self.add(Level::Note, "key-closed", text);
            }
        }
        if matches!(key, EntryKey::Protected(_))
            && let Some(store) = &file.passwords.store
            && key.unlock(store).is_err()
        {
            let text = "the key has a password of its own: servers must be told of both";
            self.add(Level::Note, "key-password", text);
        }
    }

    fn certificate(&mut self, certificate: &Certificate, in_chain: bool) {
        let (name, until) = (certificate.display_name(), certificate.validity.not_after);
        if until < self.now {
            self.add(Level::Expired, "expired", format!("`{name}` expired at {until}"));
        } else if until < self.now.plus_secs(SOON) {
            self.add(Level::Warning, "expires-soon", format!("`{name}` expires at {until}"));
        }
        if self.now < certificate.validity.not_before {
            let from = certificate.validity.not_before;
            self.add(Level::Warning, "not-yet-valid", format!("`{name}` is not valid before {from}"));
        }
        let key = signature::key_description(&certificate.spki);
        let bits = key.strip_prefix("rsa:").and_then(|bits| bits.parse::<u32>().ok());
        if bits.is_some_and(|bits| bits < 2048) {
            self.add(Level::Error, "weak-key", format!("`{name}` has a key {key}: 2048 bits are the least"));
        }
        let algorithm = signature::algorithm_name(&certificate.signature_algorithm);
        let weak = ["sha1WithRSAEncryption", "1.2.840.113549.1.1.4", "1.2.840.10045.4.1", "1.2.840.10040.4.3"];
        if weak.contains(&algorithm) {
            // The signature of a root is not verified: it is trusted by itself.
            let level = if certificate.is_self_issued() { Level::Note } else { Level::Error };
            self.add(level, "weak-signature", format!("`{name}` is signed with {algorithm}"));
        }
        if in_chain && !certificate.is_ca && certificate.is_self_issued() {
            self.add(Level::Note, "self-signed", format!("`{name}` is signed by its own key"));
        }
    }

    fn chain(&mut self, chain: &[Certificate]) {
        for (at, pair) in chain.windows(2).enumerate() {
            let [certificate, issuer] = pair else { continue };
            let (one, next) = (at + 1, at + 2);
            match certificate.verify_issued_by(issuer) {
                Ok(()) if !issuer.is_ca => {
                    self.add(
                        Level::Error,
                        "issuer-not-ca",
                        format!("certificate {next} issued another one and is no CA"),
                    );
                }
                Ok(()) | Err(signature::SignatureError::Unsupported(_)) => {}
                Err(_) => {
                    let text = format!("certificate {one} was not issued by certificate {next}: wrong order, or a gap");
                    self.add(Level::Error, "chain-order", text);
                }
            }
        }
        // What has findings of its own is not told twice.
        const TOLD: [Check; 3] = [Check::Validity, Check::Signature, Check::BasicConstraints];
        for flaw in path::judge(chain, &PathInputs::at(self.now)) {
            if chain.len() > 1 && !TOLD.contains(&flaw.check) {
                self.add(Level::Error, "chain-invalid", format!("verifiers refuse the chain: {}", flaw.text()));
            }
        }
        match chain {
            [only] if !only.is_self_issued() => {
                let text = "the chain is the certificate alone: if a CA below the root issued it, clients miss that CA";
                self.add(Level::Note, "chain-short", text);
            }
            _ => {}
        }
    }
}
