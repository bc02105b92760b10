//! What is known of what a CA has issued and revoked before it is taken over: from its index, from folders, from its last CRL.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::scan::folder::{self, FolderVisit};
use crate::tools::openssl_ca::{self, IndexEntry, IndexState};
use certroll_base::clock::Timestamp;
use certroll_pki::container::pem::{self, Label};
use certroll_pki::x509::certificate::Certificate;
use certroll_pki::x509::crl::{Crl, RevokedEntry};
use certroll_pki::x509::reason::RevocationReason;
use certroll_pki::x509::serial::SerialNumber;

/// Where it stands what a CA has issued.
#[derive(Clone, Debug, Default)]
pub struct ImportSources {
    /// `index.txt` of OpenSSL's `ca`.
    pub index: Option<PathBuf>,
    /// `serial`: the next serial number.
    pub serial: Option<PathBuf>,
    /// `crlnumber`: the next number of a CRL.
    pub crl_number: Option<PathBuf>,
    /// Folders with certificates.
    pub folders: Vec<PathBuf>,
    /// The last CRL.
    pub crl: Option<PathBuf>,
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Its certificates, by serial number.
    pub(super) certificates: BTreeMap<SerialNumber, Certificate>,
    /// What is revoked, whether its certificate is known or not.
    pub(super) revoked: BTreeMap<SerialNumber, (Timestamp, RevocationReason)>,
    /// The last CRL.
    pub(super) crl: Option<Crl>,
    /// The greatest cRLNumber that was used.
    pub(super) crl_number: u64,
    /// How many expired certificates the index names and no folder has.
    pub(super) left_out: usize,
    /// What a person should know, one to a line.
    pub(super) told: Vec<String>,
}

impl Known {
    /// Reads all of it, and holds it against the certificate of the CA and each against the others.
    ///
    /// # Errors
    /// Something cannot be read, is of another CA, or contradicts the rest; nothing is half taken.
    pub(super) fn gather(sources: &ImportSources, own: &Certificate, now: Timestamp) -> Result<Self, Error> {
        let mut known = Self::default();
        for folder in &sources.folders {
            known.folder(folder, own)?;
        }
        if let Some(path) = &sources.index {
            known.index(path, &openssl_ca::index(path)?, now)?;
        }
        if let Some(path) = &sources.crl {
            known.list(path, own)?;
        }
        if let Some(path) = &sources.crl_number {
            let next = openssl_ca::next_number(path)?;
            let add = |all: u64, octet: &u8| all.checked_mul(256).map(|all| all + u64::from(*octet));
            let octets = next.octets().iter().try_fold(0_u64, add);
            let next = octets.ok_or_else(|| {
                let message = format!("the number in `{}` has more than 64 bits", path.display());
                Error::new(ErrorKind::Unsupported, message)
            })?;
            known.crl_number = known.crl_number.max(next.saturating_sub(1));
        }
        if let Some(path) = &sources.serial {
            // What comes next is random and of 16 octets here; that the file is one of a serial number is looked at all the same.
            openssl_ca::next_number(path)?;
        }
        Ok(known)
    }

    /// The certificates in a folder that the CA has signed.
    fn folder(&mut self, path: &Path, own: &Certificate) -> Result<(), Error> {
        if !path.is_dir() {
            return Err(Error::new(ErrorKind::Usage, format!("`{}` is no folder", path.display())));
        }
        let mut files = Vec::new();
        let mut failed = None;
        folder::walk(path, &mut |visit| match visit {
            FolderVisit::File(path, bytes) => files.push((path, bytes)),
            FolderVisit::TooLarge(..) => {}
            FolderVisit::Unreadable(path, error) => {
                failed.get_or_insert((path, error));
            }
        });
        if let Some((path, error)) = failed {
            return Err(Error::file(&path, "read", error));
        }
        let mut foreign = 0;
        for (path, bytes) in files {
            for certificate in certificates_in(&path, &bytes)? {
                if certificate.fingerprint() == own.fingerprint() {
                    continue;
                }
                if !certificate.issuer.is_same(&own.subject) {
                    foreign += 1;
                    continue;
                }
                self.add(&path, certificate, own)?;
            }
        }
        if foreign > 0 {
            self.told.push(format!("{foreign} certificates in `{}` are of other CAs and stay there", path.display()));
        }
        Ok(())
    }

    fn add(&mut self, path: &Path, certificate: Certificate, own: &Certificate) -> Result<(), Error> {
        let shown = path.display();
        certificate.verify_issued_by(own).map_err(|error| {
            let message = format!("the certificate in `{shown}` has the issuer `{}` and is not signed by its key", own.subject);
            Error::new(ErrorKind::Verification, message)
                .because(error)
                .hint("it is of an earlier key of that CA, or forged: move it elsewhere, or take over the CA of that key as well")
        })?;
        let serial = certificate.serial.clone();
        let before = self.certificates.insert(serial.clone(), certificate.clone());
        if before.is_some_and(|before| before != certificate) {
            let message = format!("two certificates have the serial number {serial}; one is in `{shown}`");
            return Err(Error::new(ErrorKind::Verification, message)
                .hint("a serial number is given once: move one of them elsewhere"));
        }
        Ok(())
    }

    fn index(&mut self, path: &Path, entries: &[IndexEntry], now: Timestamp) -> Result<(), Error> {
        let mut missing = Vec::new();
        for entry in entries {
            let is_known = self.certificates.contains_key(&entry.serial);
            match entry.state {
                IndexState::Revoked(at, reason) => {
                    self.revoked.insert(entry.serial.clone(), (at, reason));
                }
                _ if is_known => {}
                _ if entry.not_after < now => self.left_out += 1,
                _ => missing.push(format!("line {}: {} {}", entry.line, entry.serial, entry.subject)),
            }
        }
        if !missing.is_empty() {
            let message = format!("`{}` names {} valid certificates that no folder has", path.display(), missing.len());
            return Err(Error::new(ErrorKind::Usage, message)
                .because(missing.join("\n"))
                .hint("name the folder where they are; what cannot be found any more: take its line out of a copy of the index"));
        }
        let listed: HashMap<_, _> = entries.iter().map(|entry| (&entry.serial, entry.line)).collect();
        let beside = self.certificates.keys().filter(|serial| !listed.contains_key(serial)).count();
        if beside > 0 {
            self.told
                .push(format!("{beside} certificates are not in `{}` and are taken over all the same", path.display()));
        }
        if self.left_out > 0 {
            let count = self.left_out;
            self.told.push(format!(
                "{count} expired certificates of `{}` are in no folder and are left out",
                path.display()
            ));
        }
        Ok(())
    }

    /// The last CRL: what it lists is revoked, whatever the index says.
    fn list(&mut self, path: &Path, own: &Certificate) -> Result<(), Error> {
        let refused = |why: String| {
            Error::new(ErrorKind::Verification, format!("`{}` is no CRL of this CA", path.display())).because(why)
        };
        let bytes =
            certroll_base::input::read_up_to(path, 256 << 20).map_err(|error| Error::file(path, "read", error))?;
        let blocks = pem::read(&bytes).unwrap_or_default();
        let block = blocks.into_iter().find(|block| block.label == Label::Crl);
        let der = block.map_or(bytes, |block| block.der.expose().to_vec());
        let crl = Crl::from_der(&der).map_err(|error| refused(error.to_string()))?;
        if !crl.issuer.is_same(&own.subject) {
            return Err(refused(format!("it is of `{}`", crl.issuer)));
        }
        crl.verify(&own.spki).map_err(|error| refused(error.to_string()))?;
        if let (None, Some(text)) = (crl.number, &crl.number_text) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the number of `{}` has more than 64 bits", path.display()),
            )
            .because(text.clone()));
        }
        let mut beside = 0;
        for (serial, at, reason) in &crl.entries {
            let reason = reason.parse().unwrap_or(RevocationReason::Unspecified);
            if self.revoked.contains_key(serial) {
                continue;
            }
            beside += 1;
            self.revoked.insert(serial.clone(), (*at, reason));
        }
        if beside > 0 && !self.revoked.is_empty() {
            self.told.push(format!("{beside} revocations are known from `{}` alone", path.display()));
        }
        self.crl_number = self.crl_number.max(crl.number.unwrap_or_default());
        self.crl = Some(crl);
        Ok(())
    }

    /// What is revoked, and of which no certificate is known.
    pub(super) fn revoked_alone(&self) -> Vec<RevokedEntry> {
        let alone = self.revoked.iter().filter(|(serial, _)| !self.certificates.contains_key(serial));
        let entry = |(serial, (at, reason)): (&SerialNumber, &(Timestamp, RevocationReason))| RevokedEntry {
            serial: serial.clone(),
            revoked_at: *at,
            reason: *reason,
        };
        alone.map(entry).collect()
    }
}

/// The certificates in a file: those of PEM blocks, or the one in DER. A file that is neither, a key or a request, has none.
fn certificates_in(path: &Path, bytes: &[u8]) -> Result<Vec<Certificate>, Error> {
    let broken = |why: String| {
        Error::new(ErrorKind::Usage, format!("the certificate in `{}` cannot be read", path.display())).because(why)
    };
    const END: &[u8] = b"CERTIFICATE-----";
    let ders = if pem::is_pem(bytes) {
        if !bytes.windows(END.len()).any(|window| window == END) {
            return Ok(Vec::new());
        }
        let blocks = pem::read(bytes).map_err(|error| broken(error.to_string()))?;
        blocks.iter().filter(|one| one.label == Label::Certificate).map(|one| one.der.expose().to_vec()).collect()
    } else {
        let named = path.extension().is_some_and(|extension| ["der", "crt", "cer"].iter().any(|one| extension == *one));
        if named { vec![bytes.to_vec()] } else { Vec::new() }
    };
    ders.iter().map(|der| Certificate::from_der(der).map_err(|error| broken(error.to_string()))).collect()
}
