//! Delivery: key and chain as files in the formats asked for, each remembered so that a rotation finds it again.

pub mod acm_import;
pub mod installed;

use std::path::{Path, PathBuf};

use super::session::Session;
use crate::audit::record::event::Event;
use crate::audit::record::facts::{Failure, Outcome, TargetFacts};
use crate::audit::record::value::Id;
use crate::destination::{Artifact, FileTarget, Target as _};
use crate::error::describe;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::hint::home::SecretHint;
use crate::store::{CertificateEntry, Change, Installation};
use crate::tools::keystore::file::KeystoreFile;
use certroll_base::clock::Timestamp;
use certroll_base::durable;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_keystore::formats;
use certroll_keystore::protection::{self, Part};
use certroll_keystore::{Entry, EntryKey, Format, Item, WriteOptions, pem as pem_format};
use certroll_pki::key::encryption::{DEFAULT_ITERATIONS, KeyEncryption};
use certroll_pki::x509::certificate::Certificate;

/// A password for what leaves the home, and the file it came from, which a rotation may read again.
#[derive(Clone, Debug)]
pub struct Password {
    /// The password.
    pub secret: Secret,
    /// The file it was read from.
    pub file: Option<PathBuf>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug)]
pub enum OutputForm {
    /// Key and chain in one keystore.
    Keystore(&'static Format),
    /// The certificate and its intermediates, PEM.
    Certificate,
    /// The private key alone, encrypted PKCS#8, PEM.
    Key,
    /// Key and chain in AWS Certificate Manager; no file, but an address (see [`acm_import`]).
    Acm,
}

impl OutputForm {
    /// Its name in the inventory.
    pub fn id(self) -> &'static str {
        match self {
            Self::Keystore(format) => format.id,
            Self::Certificate => "certificate",
            Self::Key => "key",
            Self::Acm => "acm",
        }
    }

    /// The form of that name.
    pub fn by_id(id: &str) -> Option<Self> {
        match id {
            "certificate" => Some(Self::Certificate),
            "key" => Some(Self::Key),
            "acm" => Some(Self::Acm),
            _ => formats::by_id(id).map(Self::Keystore),
        }
    }

    /// Whether it holds the private key.
    pub fn has_key(self) -> bool {
        !matches!(self, Self::Certificate)
    }

    /// Whether a password protects the private key in it.
    pub fn has_password(self) -> bool {
        matches!(self, Self::Keystore(_) | Self::Key)
    }
}

/// A file that is to hold a certificate.
#[derive(Clone, Debug)]
pub struct Output {
    /// Where.
    pub path: PathBuf,
    /// As what.
    pub form: OutputForm,
    /// The alias in a keystore.
    pub alias: String,
    /// Protects the key.
    pub password: Option<Password>,
}

/// A certificate with what goes into files beside it.
pub struct Material {
    /// The plain private key, if it is ours to give.
    pub key: Option<SecretBytes>,
    /// The certificate and its issuers in DER, root last.
    pub chain: Vec<Vec<u8>>,
}

/// Checks, before anything is issued, that the files can be written as asked.
///
/// # Errors
/// The first file that cannot, and why.
pub fn preflight(session: &Session, outputs: &[Output], has_key: bool) -> Result<(), Error> {
    for output in outputs {
        let path = output.path.display();
        if !has_key
            && output.form.has_key()
            && !matches!(output.form, OutputForm::Keystore(format) if format.holds_bare_certificates)
        {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("`{path}` needs the private key, but a request was brought without it"),
            )
            .hint(DeliveryHint::ImportAtKey));
        }
        if matches!(output.form, OutputForm::Acm) {
            continue;
        }
        let directory = durable::parent(&output.path);
        if !directory.is_dir() {
            return Err(Error::new(ErrorKind::Usage, format!("the directory of `{path}` does not exist"))
                .hint(format!("make it with `mkdir -p {}`", directory.display())));
        }
        if output.form.has_password() && has_key && output.password.is_none() {
            return Err(no_password(&output.path));
        }
        existing(output, session.clock.now())?;
    }
    Ok(())
}

/// The error for a key that would leave without protection.
pub fn no_password(path: &Path) -> Error {
    Error::new(ErrorKind::Usage, format!("the key in `{}` needs a password", path.display()))
        .hint(SecretHint::Storepass)
}

/// A keystore that is there already.
#[derive(Default)]
struct Existing {
    /// Its entries, which stay, but for the one with our alias.
    entries: Vec<Entry>,
    /// How it is protected: an old JVM that reads it now has to read the next one.
    protection: Vec<Part>,
}

fn existing(output: &Output, now: Timestamp) -> Result<Existing, Error> {
    let OutputForm::Keystore(format) = output.form else { return Ok(Existing::default()) };
    let installed =
        FileTarget::new(&output.path).installed().map_err(|error| Error::file(&output.path, "read", error))?;
    let Some(bytes) = installed.filter(|_| format.has_aliases) else {
        // Nothing to merge, but a password that the format refuses should be known now.
        if let Some(password) = &output.password {
            let options = WriteOptions { iterations: 1, ..format.options(&password.secret, now) };
            format.write(&[], &options).map_err(|error| Error::keystore(&output.path, error))?;
        }
        return Ok(Existing::default());
    };
    let password = output.password.as_ref().map(|password| &password.secret);
    let mut entries = format.read(&bytes, password).map_err(|error| Error::keystore(&output.path, error))?;
    let alias = output.alias.to_lowercase();
    entries.retain(|entry| entry.alias.to_lowercase() != alias);
    Ok(Existing { entries, protection: format.protection(&bytes) })
}

/// A chain as servers send it: the root, which every client must have already, is left out.
pub(super) fn without_root(chain: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let is_root = |der: &Vec<u8>| Certificate::from_der(der).is_ok_and(|certificate| certificate.is_self_issued());
    let (leaf, issuers) = chain.split_at(chain.len().min(1));
    leaf.iter().chain(issuers.iter().filter(|der| !is_root(der))).cloned().collect()
}

fn render(output: &Output, material: &Material, now: Timestamp) -> Result<(Vec<u8>, bool), Error> {
    let refused = |error| Error::keystore(&output.path, error);
    let (Some(key), true) = (&material.key, output.form.has_key()) else {
        return Ok((pem_format::chain_text(&without_root(&material.chain)).into_bytes(), false));
    };
    let password = output.password.as_ref().ok_or_else(|| no_password(&output.path))?;
    match output.form {
        OutputForm::Keystore(format) => {
            let Existing { mut entries, protection } = existing(output, now)?;
            let chain = if format.sends_root { material.chain.clone() } else { without_root(&material.chain) };
            let item = Item::Key { key: EntryKey::Plain(key.clone()), chain };
            entries.push(Entry::new(output.alias.clone(), Some(now), item));
            let (profile, iterations) = protection::as_before(&protection, format.iterations);
            let options = WriteOptions { profile, iterations, ..format.options(&password.secret, now) };
            Ok((format.write(&entries, &options).map_err(refused)?, true))
        }
        OutputForm::Key | OutputForm::Certificate | OutputForm::Acm => {
            let encryption = KeyEncryption::new(&password.secret, DEFAULT_ITERATIONS);
            let encryption = encryption
                .map_err(|error| Error::new(ErrorKind::Failed, "the key cannot be encrypted").because(error))?;
            Ok((pem_format::key_text(key.expose(), &encryption).map_err(refused)?.into_bytes(), true))
        }
    }
}

/// Writes the files, records each, and remembers them under the certificate's name; answers where they are.
///
/// What succeeded stays; the key is forgotten by the home only when every file that should hold it does.
///
/// # Errors
/// Of kind [`ErrorKind::Deploy`] when any file could not be written: the certificate is issued all the same.
pub fn deliver(
    session: &mut Session,
    entry: &CertificateEntry,
    material: &Material,
    outputs: &[Output],
    op: Id,
) -> Result<Vec<PathBuf>, Error> {
    let now = session.clock.now();
    let written = outputs.iter().map(|output| write(output, material, now)).collect();
    record(session, entry, outputs, written, op)
}

/// Writes one file, and answers where it is. Needs nothing of the home, so that one certificate's derivation of keys does
/// not hold up another.
///
/// # Errors
/// It cannot be written; the file before is still there and whole.
pub(super) fn write(output: &Output, material: &Material, now: Timestamp) -> Result<PathBuf, Error> {
    if matches!(output.form, OutputForm::Acm) {
        return acm_import::write(output, material);
    }
    // A keystore that others may have entries in is read and written in one turn; `certroll keystore` takes turns too.
    let shared = matches!(output.form, OutputForm::Keystore(format) if format.has_aliases);
    let _lock = if shared { Some(KeystoreFile::lock(&output.path)?) } else { None };
    let (bytes, private) = render(output, material, now)?;
    let written = FileTarget::new(&output.path).install(Artifact { bytes: &bytes, private });
    written.map_err(|error| Error::file(&output.path, "write", error))?;
    Ok(output.path.clone())
}

/// Records what became of each file, and remembers them under the certificate's name; as [`deliver`].
///
/// # Errors
/// As [`deliver`].
pub(super) fn record(
    session: &mut Session,
    entry: &CertificateEntry,
    outputs: &[Output],
    written: Vec<Result<PathBuf, Error>>,
    op: Id,
) -> Result<Vec<PathBuf>, Error> {
    let mut records = Vec::new();
    let mut changes = Vec::new();
    let mut failure = None;
    let mut places = Vec::new();
    for (output, written) in outputs.iter().zip(written) {
        let event = if written.is_ok() { Event::CertDeployed } else { Event::CertDeployFailed };
        let outcome = if written.is_ok() { Outcome::Ok } else { Outcome::Fail };
        let mut record = session.journal.draft(event, outcome, op);
        let remembered = written.is_ok() || !acm_import::is_new(output);
        let place = written.as_ref().unwrap_or(&output.path).clone();
        places.push(place.clone());
        let path = match output.form {
            OutputForm::Acm => place,
            _ => std::path::absolute(&place).unwrap_or(place),
        };
        record.tgt = Some(TargetFacts {
            t: if matches!(output.form, OutputForm::Acm) { "aws-acm" } else { "file" }.to_owned(),
            id: path.to_string_lossy().into_owned(),
            method: Some(output.form.id().to_owned()),
            observed: Some(entry.fingerprint.into()),
        });
        // Remembered even if it failed: that is where the certificate belongs, and where the next delivery puts it.
        let installed = Change::Install {
            installation: Installation {
                name: entry.name.clone(),
                path,
                format: output.form.id().to_owned(),
                alias: output.alias.to_lowercase(),
                password_file: output.password.as_ref().and_then(|password| password.file.clone()),
            },
            shared: matches!(output.form, OutputForm::Keystore(format) if format.has_aliases),
        };
        changes.extend(Some(installed).filter(|_| remembered));
        if let Err(error) = written {
            record.err = Some(Failure { code: "write".to_owned(), text: describe(&error) });
            failure.get_or_insert(error);
        }
        records.push(record);
    }
    if failure.is_none() && !outputs.is_empty() {
        let drop_keys = outputs.iter().any(|output| output.form.has_key());
        changes.push(Change::Delivered { ids: vec![entry.id], drop_keys });
    }
    if !records.is_empty() {
        session.journal.commit(records, changes).map_err(|error| {
            let message = format!("`{}` is issued, but it cannot be recorded where its files are", entry.name);
            error.reworded(ErrorKind::Deploy, message).hint(DeliveryHint::MakeRoom)
        })?;
    }
    match failure {
        None => Ok(places),
        Some(error) => Err(Error::new(
            ErrorKind::Deploy,
            format!("`{}` is issued, but not every file could be written", entry.name),
        )
        .hint(DeliveryHint::MakeRoomFor(entry.name.clone()))
        .because(error)),
    }
}
