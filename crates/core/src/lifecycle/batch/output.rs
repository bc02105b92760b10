//! Where a batch goes: a directory with files for each device, or one NDJSON file with a line for each.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::delivery::{OutputForm, Password, without_root};
use crate::lifecycle::layout::home::Home;
use crate::store::CertificateEntry;
use certroll_base::clock::Timestamp;
use certroll_base::durable;
use certroll_base::lock::Lock;
use certroll_base::secret::SecretBytes;
use certroll_keystore::{Entry, EntryKey, Item, WriteOptions, pem as pem_format};
use certroll_pki::key::encryption::{DEFAULT_ITERATIONS, KeyEncryption};

/// A certificate ready to leave, with its key.
pub struct Package {
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
    let extension = match form {
        OutputForm::Certificate => "pem",
        OutputForm::Key => "key.pem",
        OutputForm::Keystore(format) => format.extensions.first().copied().unwrap_or(format.id),
        // Batches are written into directories and lines alone.
        OutputForm::Acm => return None,
    };
    let there = !form.has_key() || package.key.is_some();
    there.then(|| directory.join(format!("{}.{extension}", file_name(&package.entry.name))))
}

struct Ndjson {
    path: PathBuf,
    partial: PathBuf,
    state: Mutex<(File, HashSet<String>)>,
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
    ) -> Result<Self, Error> {
        durable::create_directory(path).map_err(|error| Error::file(path, "make the directory", error))?;
        let forms = if forms.is_empty() { vec![OutputForm::Certificate, OutputForm::Key] } else { forms };
        let leftovers = durable::leftovers(path).map_err(|error| Error::file(path, "read the directory", error))?;
        // What killed runs left goes before anything is added to it: left for the end alone, it would grow with every
        // kill until no run got that far.
        let (old, leftovers): (Vec<_>, Vec<_>) = leftovers.into_iter().partition(is_abandoned);
        remove(&old);
        Self::of(OutputPlace::Directory { path: path.to_owned(), forms, leftovers }, password)
    }

    /// One file, a line of JSON for each device. It grows as `FILE.partial` and gets its name at the end.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn ndjson(_lock: &BatchLock, path: &Path, password: Password) -> Result<Self, Error> {
        Self::of(OutputPlace::Ndjson(Ndjson::open(path)?), password)
    }

    fn of(place: OutputPlace, password: Password) -> Result<Self, Error> {
        let encryption = KeyEncryption::new(&password.secret, DEFAULT_ITERATIONS)
            .map_err(|error| Error::new(ErrorKind::Failed, "the keys cannot be encrypted").because(error))?;
        Ok(Self { place, password, encryption })
    }

    /// The files of one certificate, each with its form as records name it.
    pub fn targets(&self, package: &Package) -> Vec<(PathBuf, &'static str)> {
        match &self.place {
            OutputPlace::Directory { path, forms, .. } => {
                let place = |form: &OutputForm| Some((file_of(path, *form, package)?, form.id()));
                forms.iter().filter_map(place).collect()
            }
            OutputPlace::Ndjson(ndjson) => vec![(ndjson.path.clone(), "ndjson")],
        }
    }

    /// Writes a group; durable when it returns.
    ///
    /// # Errors
    /// The first file that could not be written.
    pub fn write(&self, packages: &[Package], now: Timestamp) -> Result<(), Error> {
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
                durable::write_all(&borrowed).map_err(|error| unwritten(path, "write into", error))
            }
            OutputPlace::Ndjson(ndjson) => {
                let lines = packages.iter().map(|package| self.line(package)).collect::<Result<Vec<_>, _>>()?;
                ndjson.append(packages, &lines).map_err(|error| unwritten(&ndjson.partial, "write", error))
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
                let renamed = std::fs::rename(&ndjson.partial, &ndjson.path);
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
            OutputForm::Acm => Ok(None),
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
            "schema": "certroll/device/v1",
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

impl Ndjson {
    /// Takes up an unfinished file, or adds to a finished one; a torn last line is dropped.
    fn open(path: &Path) -> Result<Self, Error> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = path.with_file_name(name);
        let fail = |error| Error::file(&partial, "write", error);
        if !partial.exists() && path.exists() {
            let before = std::fs::read(path).map_err(fail)?;
            durable::write(&partial, &before, durable::PRIVATE).map_err(fail)?;
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(durable::PRIVATE)
            .open(&partial);
        let mut file = file.map_err(fail)?;
        let (whole, known) = whole_lines(&mut file).map_err(fail)?;
        file.set_len(whole).map_err(fail)?;
        file.seek(std::io::SeekFrom::End(0)).map_err(fail)?;
        file.sync_all().and_then(|()| durable::sync_directory(durable::parent(&partial))).map_err(fail)?;
        Ok(Self { path: path.to_owned(), partial, state: Mutex::new((file, known)) })
    }

    fn append(&self, packages: &[Package], lines: &[String]) -> std::io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, known) = &mut *state;
        let mut text = String::new();
        for (package, line) in packages.iter().zip(lines) {
            let fingerprint = package.entry.fingerprint.to_string();
            if package.may_exist && known.contains(&fingerprint) {
                continue;
            }
            text.push_str(line);
            text.push('\n');
        }
        let before = file.stream_position()?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            // Half a line would swallow the line that another worker writes next.
            file.set_len(before)?;
            file.seek(std::io::SeekFrom::Start(before))?;
        }
        written
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

/// Length of the whole lines, and the fingerprints on them.
fn whole_lines(file: &mut File) -> std::io::Result<(u64, HashSet<String>)> {
    let mut reader = BufReader::new(file);
    let (mut whole, mut known, mut line) = (0, HashSet::new(), Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 || !line.ends_with(b"\n") {
            return Ok((whole, known));
        }
        whole += read as u64;
        let value: Option<serde_json::Value> = serde_json::from_slice(&line).ok();
        known.extend(value.and_then(|value| value["cert_sha256"].as_str().map(str::to_owned)));
    }
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
