//! A keystore file, opened: what is in it, how it was protected, and the one way in which it is written.

use std::path::{Path, PathBuf};

use crate::destination::DestinationError;
use crate::destination::kinds::file::{self, FileDestination, OutputFile};
use crate::error::{Error, ErrorKind};
use crate::hint::home::SecretHint;
use crate::hint::keystore::{KeystoreHint, TruststoreHint};
use certroll_base::clock::Timestamp;
use certroll_base::durable;
use certroll_base::lock::Lock;
use certroll_base::secret::{Secret, SecretBytes};
use certroll_base::text::printable;
use certroll_keystore::formats;
use certroll_keystore::protection::{self, Part};
use certroll_keystore::{Entry, EntryKey, Format, Item, Profile, WriteOptions, compare};

/// The passwords of a keystore, as far as they are given.
#[derive(Clone, Debug, Default)]
pub struct Passwords {
    /// Opens the keystore, and its keys unless they have one of their own.
    pub store: Option<Secret>,
    /// Opens the keys of a JKS that have a password of their own.
    pub keys: Option<Secret>,
}

impl Passwords {
    /// The password of the keystore.
    ///
    /// # Errors
    /// None is given.
    pub fn store(&self, path: &Path) -> Result<&Secret, Error> {
        self.store.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("the keystore `{}` needs a password", path.display()))
                .hint(SecretHint::Storepass)
        })
    }
}

/// How a file is to be written, where the caller wants it otherwise than it is.
#[derive(Clone, Copy, Debug)]
pub struct Choices {
    /// How PKCS#12 is encrypted.
    pub profile: Option<Profile>,
    /// Iterations of PKCS#12 and PEM.
    pub iterations: Option<u32>,
    /// The present, for the dates of new entries.
    pub now: Timestamp,
}

/// What came of a change.
#[derive(Clone, Debug, Default)]
pub struct Edited {
    /// Whether the file was written.
    pub changed: bool,
    /// What was done, or found to be so already, one line each.
    pub said: Vec<String>,
}

impl Edited {
    /// Nothing had to be done, for that reason.
    pub fn unchanged(why: String) -> Self {
        Self { changed: false, said: vec![why] }
    }
}

/// A keystore file whose content is known.
#[derive(Debug)]
pub struct KeystoreFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its format.
    pub format: &'static Format,
    /// Its entries as they are stored: keys of a JKS stay protected as they are.
    pub entries: Vec<Entry>,
    /// How it is protected.
    pub protection: Vec<Part>,
    /// The passwords it was opened with.
    pub passwords: Passwords,
    /// Whether there is a file yet.
    pub exists: bool,
}

impl KeystoreFile {
    /// Opens a file. Without a password a JKS is listed, but not authenticated.
    ///
    /// # Errors
    /// It cannot be read, is no keystore, or does not open with the password.
    pub fn open(path: &Path, passwords: &Passwords) -> Result<Self, Error> {
        let bytes = certroll_base::input::read(path).map_err(|error| Error::file(path, "read", error))?;
        let format = formats::detect(&bytes).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("`{}` is not a keystore", path.display()))
                .hint(KeystoreHint::InspectOther)
        })?;
        let refused = |error| Error::keystore(path, error);
        let mut entries = format.read(&bytes, passwords.store.as_ref()).map_err(refused)?;
        if format.keys_open_apart {
            // Read again without the password, now that the file is authenticated: so each key stays under the password that
            // it has, and its bytes stay the same when the file is written again.
            entries = format.read(&bytes, None).map_err(refused)?;
        }
        let protection = format.protection(&bytes);
        let (path, passwords) = (path.to_owned(), passwords.clone());
        Ok(Self { path, format, entries, protection, passwords, exists: true })
    }

    /// Opens a file, or begins one in the format of its extension.
    ///
    /// # Errors
    /// As [`KeystoreFile::open`]; or no format has that extension.
    pub fn open_or_begin(path: &Path, passwords: &Passwords) -> Result<Self, Error> {
        if path.exists() {
            return Self::open(path, passwords);
        }
        let format = by_extension(path)?;
        let directory = durable::parent(path);
        if !directory.is_dir() {
            return Err(Error::new(ErrorKind::Usage, format!("the directory of `{}` does not exist", path.display()))
                .hint(format!("make it with `mkdir -p {}`", directory.display())));
        }
        let (path, passwords) = (path.to_owned(), passwords.clone());
        let (entries, protection) = (Vec::new(), Vec::new());
        Ok(Self { path, format, entries, protection, passwords, exists: false })
    }

    /// Waits until no other run changes files in the directory of `path`.
    ///
    /// # Errors
    /// The directory is missing, or cannot be locked.
    pub fn lock(path: &Path) -> Result<Vec<Lock>, Error> {
        let directory = durable::parent(path);
        file::lock([path]).map_err(|error| Error::destination(directory.display(), "use the directory", error))
    }

    /// Refuses what has no aliases, or can be read only.
    ///
    /// # Errors
    /// Its format is one of these: PEM, JCEKS.
    pub fn require_aliases(&self) -> Result<(), Error> {
        if self.format.has_aliases {
            return self.require_writable();
        }
        let (path, name) = (self.path.display(), self.format.name);
        Err(Error::new(ErrorKind::Unsupported, format!("`{path}` is {name}, which has no aliases to edit by"))
            .hint(KeystoreHint::ConvertPem(self.path.clone()))
            .hint(TruststoreHint::AddTo(self.path.clone())))
    }

    /// Refuses what can be read only.
    ///
    /// # Errors
    /// Its format is one of these: JCEKS.
    pub fn require_writable(&self) -> Result<(), Error> {
        if self.format.writable {
            return Ok(());
        }
        let (path, name) = (self.path.display(), self.format.name);
        Err(Error::new(
            ErrorKind::Unsupported,
            format!("`{path}` is a {name}, which certroll reads and does not write"),
        )
        .hint(KeystoreHint::ConvertJceks(self.path.clone())))
    }

    /// The entry of that alias.
    pub fn entry(&self, alias: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.is_named(alias))
    }

    /// The entry of that alias; without one, the only key of the file.
    ///
    /// # Errors
    /// There is none, or several keys.
    pub fn key_entry(&self, alias: Option<&str>) -> Result<&Entry, Error> {
        let path = self.path.display();
        if let Some(alias) = alias {
            return self.entry(alias).ok_or_else(|| self.no_entry(alias));
        }
        let keys: Vec<_> = self.entries.iter().filter(|entry| matches!(entry.item, Item::Key { .. })).collect();
        match keys.as_slice() {
            [] => Err(Error::new(ErrorKind::Usage, format!("`{path}` holds no private key"))),
            [one] => Ok(one),
            several => {
                let names = several.iter().map(|entry| format!("`{}`", printable(&entry.alias))).collect();
                Err(Error::new(ErrorKind::Usage, format!("`{path}` holds {} private keys", several.len()))
                    .hint(KeystoreHint::AliasAmong(names)))
            }
        }
    }

    /// The error for an alias that is not there; it names those that are.
    pub fn no_entry(&self, alias: &str) -> Error {
        let error = Error::new(ErrorKind::Usage, format!("`{}` has no entry `{alias}`", self.path.display()));
        let names: Vec<_> = self.entries.iter().map(|entry| printable(&entry.alias)).take(20).collect();
        if names.is_empty() { error } else { error.hint(format!("it has `{}`", names.join("`, `"))) }
    }

    /// The plain private key of an entry, under the password of the keystore or that of its keys.
    ///
    /// # Errors
    /// It is no key, or neither password opens it.
    pub fn unlock(&self, entry: &Entry) -> Result<SecretBytes, Error> {
        let refused = || format!("entry `{}` of `{}` cannot be used", entry.alias, self.path.display());
        let Item::Key { key, .. } = &entry.item else {
            return Err(Error::new(ErrorKind::Usage, refused()).because(format!("it is a {} entry", entry.item.kind())));
        };
        if let EntryKey::Plain(plain) = key {
            return Ok(plain.clone());
        }
        let mut problem = None;
        for password in [&self.passwords.keys, &self.passwords.store].into_iter().flatten() {
            match key.unlock(password) {
                Ok(plain) => return Ok(plain),
                Err(error) => problem = Some(error),
            }
        }
        let error = Error::new(ErrorKind::Permission, refused()).hint(SecretHint::OfEntry);
        Err(match problem {
            Some(problem) => error.because(problem),
            None => error,
        })
    }

    /// The entries with every key opened, for a format that stores keys under the store's password.
    ///
    /// # Errors
    /// A key that neither password opens.
    pub fn unlocked(&self) -> Result<Vec<Entry>, Error> {
        let open = |entry: &Entry| {
            let item = match &entry.item {
                Item::Key { chain, .. } => {
                    Item::Key { key: EntryKey::Plain(self.unlock(entry)?), chain: chain.clone() }
                }
                other => other.clone(),
            };
            Ok(Entry { item, ..entry.clone() })
        };
        self.entries.iter().map(open).collect()
    }

    /// Writes `entries` in place of what the file holds; the old file stays beside it as `NAME.previous`.
    ///
    /// When it returns, the file on disk is the one that was read back and found to hold exactly `entries`.
    ///
    /// # Errors
    /// An entry that the format cannot hold, by name, or the file cannot be written; the old file is then untouched.
    pub fn write(&self, entries: &[Entry], choices: &Choices) -> Result<(), Error> {
        let bytes = self.encode(entries, choices)?;
        let private = self.format.binary || entries.iter().any(|entry| matches!(entry.item, Item::Key { .. }));
        let destination = FileDestination::new(&self.path);
        let written = destination.write(&bytes, private).and_then(|()| destination.content());
        self.confirm(written, &bytes)
    }

    /// As [`KeystoreFile::write`], but nothing stays of the old file: its password may be the one to be got rid of.
    ///
    /// # Errors
    /// As [`KeystoreFile::write`].
    pub fn write_without_copy(&self, entries: &[Entry], choices: &Choices) -> Result<(), Error> {
        let bytes = self.encode(entries, choices)?;
        // The user asked for this file to be written anew: its content is known to be a keystore of his.
        let written = OutputFile::new(&self.path).replacing(true).write(&bytes, true);
        self.confirm(written.and_then(|()| FileDestination::new(&self.path).content()), &bytes)
    }

    fn confirm(&self, written: Result<Option<Vec<u8>>, DestinationError>, bytes: &[u8]) -> Result<(), Error> {
        match written.map_err(|error| Error::destination(self.path.display(), "write", error))? {
            None if !FileDestination::new(&self.path).keeps().unwrap_or(true) => Ok(()),
            Some(found) if found == bytes => Ok(()),
            _ => Err(Error::new(ErrorKind::Failed, format!("`{}` does not read back as written", self.path.display()))
                .hint("another program may have written it at the same time; repeat the command")),
        }
    }

    /// The bytes of a file with those entries, read back and compared.
    fn encode(&self, entries: &[Entry], choices: &Choices) -> Result<Vec<u8>, Error> {
        self.require_writable()?;
        let refused = |error| Error::keystore(&self.path, error);
        let password = self.passwords.store(&self.path)?;
        let (profile, iterations) = protection::as_before(&self.protection, self.format.iterations);
        let options = WriteOptions {
            key_password: self.passwords.keys.as_ref(),
            iterations: choices.iterations.unwrap_or(iterations),
            profile: choices.profile.unwrap_or(profile),
            ..self.format.options(password, choices.now)
        };
        let bytes = self.format.write(entries, &options).map_err(refused)?;
        if self.format.binary {
            // Read back and compared by its writer.
            return Ok(bytes);
        }
        let found = self.format.read(&bytes, Some(password)).map_err(refused)?;
        match compare::differences(entries, &found, true).first() {
            None => Ok(bytes),
            Some(difference) => Err(Error::new(
                ErrorKind::Failed,
                format!("entry `{}` would not survive in `{}`", difference.alias(), self.path.display()),
            )),
        }
    }
}

/// The format that a new file of that name gets.
///
/// # Errors
/// No format has its extension.
pub fn by_extension(path: &Path) -> Result<&'static Format, Error> {
    formats::by_extension(path).ok_or_else(|| {
        let known: Vec<_> =
            formats::FORMATS.iter().flat_map(|format| format.extensions).map(|e| format!(".{e}")).collect();
        Error::new(ErrorKind::Usage, format!("`{}` has no extension of a known keystore format", path.display()))
            .hint(format!("use one of {}", known.join(" ")))
    })
}
