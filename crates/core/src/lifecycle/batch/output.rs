//! Where a batch goes: a directory with files for each device, or one NDJSON file with a line for each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::ndjson::{DEVICE, Ndjson};
use crate::audit::record::value::Id;
use crate::destination::kinds::file::FileDestination;
use crate::destination::{Destination as _, Expected};
use crate::error::{Error, ErrorKind};
use crate::lifecycle::delivery::{OutputForm, Password, without_root};
use crate::lifecycle::layout::home::Home;
use crate::store::CertificateEntry;
use certroll_base::clock::Timestamp;
use certroll_base::durable;
use certroll_base::encoding::{self, Sha256};
use certroll_base::lock::Lock;
use certroll_base::secret::SecretBytes;
use certroll_keystore::{Entry, EntryKey, Item, WriteOptions, pem as pem_format};
use certroll_pki::key::encryption::{DEFAULT_ITERATIONS, KeyEncryption};

/// A certificate ready to leave, with its key.
pub struct Package {
    /// Its number in the operation of its group; `None` for one that is handed over again.
    pub item: Option<u64>,
    /// Its row.
    pub entry: CertificateEntry,
    /// Its plain key; `None` when a request was brought.
    pub key: Option<SecretBytes>,
    /// The certificate and its issuers, root last.
    pub chain: Vec<Vec<u8>>,
    /// The operation that its records belong to.
    pub op: Id,
    /// Whether an earlier run may have written it before it was killed.
    pub may_exist: bool,
}

/// A file of one certificate.
pub(crate) struct BatchTarget {
    /// Where.
    pub(crate) path: PathBuf,
    /// Its form, as records name it.
    pub(crate) form: &'static str,
    /// The entry in it, if it is a keystore.
    pub(crate) alias: Option<String>,
}

/// The files of a group as they were written. A file that grows line by line is not among them.
#[derive(Default)]
pub struct WrittenFiles(HashMap<PathBuf, Sha256>);

impl WrittenFiles {
    /// SHA-256 of what was written there.
    pub(super) fn digest(&self, path: &Path) -> Option<Sha256> {
        self.0.get(path).copied()
    }
}

/// The right to run a batch in a home, which one process has at a time. An output is opened under it: two batches that wrote
/// into one file would tear each other's lines.
pub struct BatchLock {
    _lock: Lock,
}

impl BatchLock {
    /// Takes it.
    ///
    /// # Errors
    /// Of kind [`ErrorKind::Locked`] when another batch is running.
    pub fn take(home: &Home) -> Result<Self, Error> {
        let file = home.run().join("batch.lock");
        let lock = Lock::try_acquire(&file).map_err(|error| Error::file(&file, "lock", error))?;
        let locked = || Error::new(ErrorKind::Locked, "another batch is running in this home");
        let lock = lock.ok_or_else(|| locked().hint("wait for it, then repeat the command"))?;
        Ok(Self { _lock: lock })
    }
}

/// Where keys and certificates of a batch go.
pub struct BatchOutput {
    place: OutputPlace,
    /// Whether files that certroll did not write are replaced.
    replace: bool,
    password: Password,
    /// Derived once for all keys.
    encryption: KeyEncryption,
}

enum OutputPlace {
    Directory { path: PathBuf, forms: Vec<OutputForm>, leftovers: Vec<PathBuf> },
    Ndjson(Ndjson),
}

/// Where a form of a certificate is written; `None` for what cannot be in a directory, and for a key that was never here.
fn file_of(directory: &Path, form: OutputForm, package: &Package) -> Option<PathBuf> {
    let there = !form.has_key() || package.key.is_some();
    path_of(directory, form, &package.entry.name).filter(|_| there)
}

/// Where a form is written of the device of that name; `None` for what cannot be in a directory.
fn path_of(directory: &Path, form: OutputForm, name: &str) -> Option<PathBuf> {
    let extension = match form {
        OutputForm::Certificate => "pem",
        OutputForm::Key => "key.pem",
        OutputForm::Keystore(format) => format.extensions.first().copied().unwrap_or(format.id),
        // Batches are written into directories and lines alone, and no key in the clear.
        OutputForm::Service | OutputForm::PlainKey => return None,
    };
    Some(directory.join(format!("{}.{extension}", file_name(name))))
}

impl BatchOutput {
    /// A directory, made when missing: `NAME.pem` and `NAME.key.pem` by default, or keystores.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn directory(
        _lock: &BatchLock,
        path: &Path,
        forms: Vec<OutputForm>,
        password: Password,
        replace: bool,
    ) -> Result<Self, Error> {
        durable::create_directory(path).map_err(|error| Error::file(path, "make the directory", error))?;
        let tried = FileDestination::new(&path.join("trial")).check(Expected::Bytes(1 << 16));
        tried.map_err(|error| Error::destination(path.display(), "write into", error))?;
        let forms = if forms.is_empty() { vec![OutputForm::Certificate, OutputForm::Key] } else { forms };
        let leftovers = durable::leftovers(path).map_err(|error| Error::file(path, "read the directory", error))?;
        // What killed runs left goes before anything is added to it: left for the end alone, it would grow with every
        // kill until no run got that far.
        let (old, leftovers): (Vec<_>, Vec<_>) = leftovers.into_iter().partition(is_abandoned);
        remove(&old);
        Self::of(OutputPlace::Directory { path: path.to_owned(), forms, leftovers }, password, replace)
    }

    /// One file, a line of JSON for each device. It grows as `FILE.partial` and gets its name at the end.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn ndjson(_turn: &BatchLock, path: &Path, password: Password, replace: bool) -> Result<Self, Error> {
        Self::of(OutputPlace::Ndjson(Ndjson::open(path, replace)?), password, replace)
    }

    /// What is in the way of a new device of that name; `None` for nothing. Nothing of a device that was never issued can lie
    /// there already.
    pub(crate) fn obstacle(&self, name: &str) -> Option<String> {
        let OutputPlace::Directory { path, forms, .. } = &self.place else { return None };
        let in_the_way = |form: &OutputForm| {
            let file = path_of(path, *form, name)?;
            let metadata = std::fs::symlink_metadata(&file).ok()?;
            let free = self.replace && metadata.is_file();
            (!free).then(|| format!("`{}` is there already, and certroll did not write it", file.display()))
        };
        forms.iter().find_map(in_the_way)
    }

    fn of(place: OutputPlace, password: Password, replace: bool) -> Result<Self, Error> {
        let encryption = KeyEncryption::new(&password.secret, DEFAULT_ITERATIONS)
            .map_err(|error| Error::new(ErrorKind::Failed, "the keys cannot be encrypted").because(error))?;
        Ok(Self { place, replace, password, encryption })
    }

    /// The files of one certificate.
    pub(crate) fn targets(&self, package: &Package) -> Vec<BatchTarget> {
        match &self.place {
            OutputPlace::Directory { path, forms, .. } => {
                let place = |form: &OutputForm| {
                    let alias = form.is_shared().then(|| package.entry.name.to_lowercase());
                    Some(BatchTarget { path: file_of(path, *form, package)?, form: form.name()?, alias })
                };
                forms.iter().filter_map(place).collect()
            }
            OutputPlace::Ndjson(ndjson) => {
                vec![BatchTarget { path: ndjson.path.clone(), form: "ndjson", alias: None }]
            }
        }
    }

    /// Writes a group; durable when it returns.
    ///
    /// # Errors
    /// The first file that could not be written.
    pub fn write(&self, packages: &[Package], now: Timestamp) -> Result<WrittenFiles, Error> {
        match &self.place {
            OutputPlace::Directory { path, forms, .. } => {
                let mut files = Vec::with_capacity(packages.len() * forms.len());
                for package in packages {
                    for form in forms {
                        files.extend(self.file(path, *form, package, now)?);
                    }
                }
                let borrowed: Vec<_> =
                    files.iter().map(|(path, bytes, mode)| (path.clone(), bytes.as_slice(), *mode)).collect();
                durable::write_all(&borrowed).map_err(|error| unwritten(path, "write into", error))?;
                let digests = files.iter().map(|(path, bytes, _)| (path.clone(), encoding::sha256(bytes)));
                Ok(WrittenFiles(digests.collect()))
            }
            OutputPlace::Ndjson(ndjson) => {
                let lines = packages.iter().map(|package| self.line(package)).collect::<Result<Vec<_>, _>>()?;
                ndjson.append(packages, &lines).map_err(|error| unwritten(ndjson.growing(), "write", error))?;
                Ok(WrittenFiles::default())
            }
        }
    }

    /// Ends the output: an NDJSON file gets its name, a directory is rid of what killed runs left.
    ///
    /// # Errors
    /// It cannot be renamed.
    pub fn finish(&self) -> Result<(), Error> {
        match &self.place {
            OutputPlace::Directory { leftovers, .. } => {
                // Found when this run began, so no run is still writing them.
                remove(leftovers);
                Ok(())
            }
            OutputPlace::Ndjson(ndjson) => {
                let Some(partial) = &ndjson.partial else { return Ok(()) };
                let renamed = std::fs::rename(partial, &ndjson.path);
                let synced = renamed.and_then(|()| durable::sync_directory(durable::parent(&ndjson.path)));
                synced.map_err(|error| Error::file(&ndjson.path, "write", error))
            }
        }
    }

    fn key_text(&self, package: &Package) -> Result<Option<String>, Error> {
        let refused = |error| Error::new(ErrorKind::Failed, "a key cannot be encrypted").because(error);
        package
            .key
            .as_ref()
            .map(|key| pem_format::key_text(key.expose(), &self.encryption).map_err(refused))
            .transpose()
    }

    fn file(
        &self,
        directory: &Path,
        form: OutputForm,
        package: &Package,
        now: Timestamp,
    ) -> Result<Option<(PathBuf, Vec<u8>, u32)>, Error> {
        let Some(path) = file_of(directory, form, package) else { return Ok(None) };
        match form {
            OutputForm::Certificate => {
                let text = pem_format::chain_text(&without_root(&package.chain));
                Ok(Some((path, text.into_bytes(), durable::PUBLIC)))
            }
            OutputForm::Service | OutputForm::PlainKey => Ok(None),
            OutputForm::Key => Ok(self.key_text(package)?.map(|text| (path, text.into_bytes(), durable::PRIVATE))),
            OutputForm::Keystore(format) => {
                let Some(key) = &package.key else { return Ok(None) };
                let item = Item::Key { key: EntryKey::Plain(key.clone()), chain: package.chain.clone() };
                let entry = Entry::new(package.entry.name.clone(), Some(now), item);
                let options = WriteOptions {
                    key_encryption: Some(&self.encryption),
                    ..format.options(&self.password.secret, now)
                };
                let bytes = format.write(&[entry], &options).map_err(|error| Error::keystore(&path, error))?;
                Ok(Some((path, bytes, durable::PRIVATE)))
            }
        }
    }

    fn line(&self, package: &Package) -> Result<String, Error> {
        let entry = &package.entry;
        let mut line = serde_json::json!({
            "schema": DEVICE,
            "name": entry.name,
            "serial": entry.serial.to_string(),
            "not_before": entry.validity.not_before.to_string(),
            "not_after": entry.validity.not_after.to_string(),
            "status": "valid",
            "issuer": entry.issuer,
            "template": entry.template,
            "spki_sha256": entry.key_hash.to_string(),
            "cert_sha256": entry.fingerprint.to_string(),
            "certificate": pem_format::chain_text(&without_root(&package.chain)),
        });
        if let Some(key) = self.key_text(package)? {
            line["key"] = key.into();
        }
        Ok(line.to_string())
    }
}

/// Whether a temporary file is too old for another command to be just about to give it its name.
fn is_abandoned(file: &PathBuf) -> bool {
    let modified = std::fs::metadata(file).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > Duration::from_secs(10)))
}

/// Removes temporary files; one that stays does no harm.
fn remove(files: &[PathBuf]) {
    files.iter().for_each(|file| drop(std::fs::remove_file(file)));
}

/// The error for results that are issued, but could not be written.
fn unwritten(path: &Path, what: &str, error: std::io::Error) -> Error {
    Error::file(path, what, error)
        .of_kind(ErrorKind::Deploy)
        .hint("what is issued is kept in the home; make room, then run the same command again")
}

/// A device's name as a file name: anything a path could trip over is written as `%XX`.
fn file_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    // The certificate of `a.key` must not have the name of the key of `a`.
    let last_dot = if name.ends_with(".key") { name.len() - 4 } else { 0 };
    for (at, byte) in name.bytes().enumerate() {
        let dot = byte == b'.' && at > 0 && at != last_dot;
        let plain = byte.is_ascii_alphanumeric() || b"-_@+=".contains(&byte) || dot;
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_cannot_climb_out_of_the_directory() {
        assert_eq!(file_name("meter-1.example"), "meter-1.example");
        assert_eq!(file_name("../../etc/passwd"), "%2E.%2F..%2Fetc%2Fpasswd");
        assert_eq!(file_name("a/b\0"), "a%2Fb%00");
        assert_ne!(file_name("a%2Fb"), file_name("a/b"));
        assert_eq!(file_name("meter.key"), "meter%2Ekey");
        assert_eq!(file_name("meter.key.example"), "meter.key.example");
    }
}
