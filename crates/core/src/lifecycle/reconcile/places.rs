//! Certificates in files and at endpoints, held against the log.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::ledger::Ledger;
use crate::lifecycle::reconcile::{About, FindingKind, HomeAuthority, Reconciliation, Severity, expired};
use crate::scan::endpoint::{self, Endpoint};
use crate::scan::folder::{self, FolderVisit};
use certroll_base::clock::Timestamp;
use certroll_base::secret::Secret;
use certroll_keystore::{Item, KeystoreError, formats};
use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::certificate::Certificate;

/// Looks at one place after another.
pub(super) struct Visitor<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) cas: &'a [HomeAuthority],
    pub(super) now: Timestamp,
    pub(super) result: &'a mut Reconciliation,
}

impl Visitor<'_> {
    pub(super) fn folders(&mut self, folders: &[PathBuf], password: Option<&Secret>) {
        for folder in folders {
            folder::walk(folder, &mut |visit| match visit {
                FolderVisit::File(path, bytes) => self.file(&path, &bytes, password),
                FolderVisit::TooLarge(path, beginning) => {
                    if formats::detect(&beginning).is_some() {
                        self.unread(&path.display().to_string(), "it is too large to be read");
                    }
                }
                FolderVisit::Unreadable(path, error) => self.unread(&path.display().to_string(), &error.to_string()),
            });
        }
    }

    pub(super) fn endpoints(&mut self, endpoints: &[Endpoint], timeout: Duration) {
        for endpoint in endpoints {
            let place = endpoint.to_string();
            match endpoint::chain(endpoint, timeout) {
                Ok(chain) => chain.iter().for_each(|der| self.certificate(&place, der)),
                Err(error) => self.unread(&place, &error.to_string()),
            }
        }
    }

    fn unread(&mut self, place: &str, why: &str) {
        self.result.add(FindingKind::Unread, Severity::Attention, place, About::Nothing, why.to_owned());
    }

    fn file(&mut self, path: &Path, bytes: &[u8], password: Option<&Secret>) {
        let place = path.display().to_string();
        match formats::detect(bytes) {
            Some(_) if pem::is_pem(bytes) => match pem::read(bytes) {
                Ok(blocks) => {
                    let certificates = blocks.iter().filter(|block| block.label == Label::Certificate);
                    certificates.for_each(|block| self.certificate(&place, block.der.expose()));
                }
                // Text of all kinds has such lines; without one of a certificate nothing was missed.
                Err(error) if mentions_certificate(bytes) => self.unread(&place, &error.to_string()),
                Err(_) => {}
            },
            Some(format) => {
                let opened = match (format.read(bytes, None), password) {
                    (Err(KeystoreError::PasswordRequired | KeystoreError::WrongPassword), Some(password)) => {
                        format.read(bytes, Some(password))
                    }
                    (opened, _) => opened,
                };
                match opened {
                    Ok(entries) => {
                        for entry in entries {
                            let place = format!("{place}#{}", entry.alias);
                            match entry.item {
                                Item::Key { chain, .. } => chain.iter().for_each(|der| self.certificate(&place, der)),
                                Item::Trusted(der) | Item::Unmarked(der) => self.certificate(&place, &der),
                                Item::Secret(_) => {}
                            }
                        }
                    }
                    Err(error) => self.unread(&place, &error.to_string()),
                }
            }
            // A certificate is a SEQUENCE; so are keys, requests and CRLs, which hold none.
            None if bytes.starts_with(&[0x30]) => {
                let named_so = path
                    .extension()
                    .is_some_and(|end| ["cer", "crt"].iter().any(|name| end.eq_ignore_ascii_case(name)));
                if named_so || Certificate::from_der(bytes).is_ok() {
                    self.certificate(&place, bytes);
                }
            }
            None => {}
        }
    }

    fn certificate(&mut self, place: &str, der: &[u8]) {
        let cert = match Certificate::from_der(der) {
            Ok(cert) => cert,
            Err(error) => return self.unread(place, &error.to_string()),
        };
        self.result.seen += 1;
        let Some(logged) = self.ledger.certificates.get(&cert.fingerprint()) else {
            return self.stranger(place, &cert);
        };
        let about = About::Certificate(&cert);
        if let Some((at, reason)) = &logged.revoked {
            let detail = format!("revoked at {at}, {reason}, and yet in use");
            self.result.add(FindingKind::StatusDiffers, Severity::Expired, place, about, detail);
        } else if expired(&cert, self.now) {
            let detail = format!("expired at {}, and yet in use", cert.validity.not_after);
            self.result.add(FindingKind::StatusDiffers, Severity::Expired, place, about, detail);
        } else if let (Some(record), false) = (logged.replaced_in, cert.is_ca) {
            let detail = format!("record {record} says that another has replaced it");
            self.result.add(FindingKind::Superseded, Severity::Attention, place, about, detail);
        }
    }

    /// A certificate that the log does not have.
    fn stranger(&mut self, place: &str, cert: &Certificate) {
        let intent = self.ledger.intent_of(&cert.key_hash());
        let key =
            intent.map(|seq| format!("; its public key is that of the intent in record {seq}")).unwrap_or_default();
        let about = About::Certificate(cert);
        if let Some(detail) = self.ledger.stray(&cert.key_hash()) {
            self.result.add(FindingKind::Unlogged, Severity::Wrong, place, about, detail);
            return;
        }
        // By the signature alone: the holder of the key may write any name of an issuer.
        if let Some(ca) = self.cas.iter().find(|ca| cert.verify_signature(&ca.certificate.spki).is_ok()) {
            let detail = format!("signed with the key of `{}`, but no record says that it was issued{key}", ca.name);
            self.result.add(FindingKind::Unlogged, Severity::Wrong, place, about, detail);
        } else {
            let detail = format!("issuer `{}`{key}", cert.issuer);
            self.result.add(FindingKind::Unknown, Severity::Attention, place, about, detail);
        }
    }
}

fn mentions_certificate(bytes: &[u8]) -> bool {
    const LINE: &[u8] = b"-----BEGIN CERTIFICATE-----";
    bytes.windows(LINE.len()).any(|window| window == LINE)
}
