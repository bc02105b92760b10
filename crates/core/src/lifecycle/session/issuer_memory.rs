//! What issuers elsewhere remember between runs: `issuers/NAME/` in the home, notes in plain text, keys encrypted as all
//! keys of the home.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::issuer::Memory;
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::home_key::HomeKeys;
use certroll_base::durable;
use certroll_base::lock::Lock;
use certroll_base::secret::SecretBytes;
use certroll_pki::container::pem::{self, Label};

/// The memory of one issuer.
pub struct IssuerMemory {
    directory: PathBuf,
    keys: Arc<HomeKeys>,
}

impl IssuerMemory {
    /// That of the issuer of that name.
    pub fn new(home: &Home, issuer: &str, keys: Arc<HomeKeys>) -> Self {
        Self { directory: home.issuer(issuer), keys }
    }

    fn note_file(&self, item: &str) -> io::Result<PathBuf> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        if item.is_empty() || item.starts_with('.') || !item.chars().all(plain) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{item}` is no name of an item")));
        }
        Ok(self.directory.join(item))
    }

    fn key_file(&self, item: &str) -> io::Result<PathBuf> {
        Ok(self.note_file(item)?.with_file_name(format!("{item}.key.pem")))
    }

    fn prepare(&self) -> io::Result<()> {
        if let Some(parent) = self.directory.parent() {
            durable::create_directory(parent)?;
        }
        durable::create_directory(&self.directory)
    }
}

fn read(file: &std::path::Path) -> io::Result<Option<Vec<u8>>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(file: &std::path::Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Memory for IssuerMemory {
    fn note(&self, item: &str) -> io::Result<Option<Vec<u8>>> {
        read(&self.note_file(item)?)
    }

    fn keep_note(&self, item: &str, bytes: &[u8]) -> io::Result<()> {
        self.prepare()?;
        durable::write(&self.note_file(item)?, bytes, durable::PRIVATE)
    }

    fn notes(&self, prefix: &str) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.starts_with(prefix)
                && !name.starts_with('.')
                && !name.ends_with(".key.pem")
                && !name.ends_with(".lock")
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn key(&self, item: &str) -> io::Result<Option<SecretBytes>> {
        let Some(text) = read(&self.key_file(item)?)? else { return Ok(None) };
        let damaged =
            || io::Error::new(io::ErrorKind::InvalidData, format!("`{item}` is not an encrypted private key"));
        let blocks = pem::read(&text).map_err(|_| damaged())?;
        let block = blocks.iter().find(|block| block.label == Label::EncryptedPrivateKey).ok_or_else(damaged)?;
        self.keys.decrypt(block.der.expose()).map(Some).map_err(io::Error::other)
    }

    fn keep_key(&self, item: &str, pkcs8: &SecretBytes) -> io::Result<()> {
        self.prepare()?;
        let encrypted = self.keys.encryption.encrypt(pkcs8.expose()).map_err(io::Error::other)?;
        let text = pem::encode(Label::EncryptedPrivateKey, &encrypted);
        durable::write(&self.key_file(item)?, text.as_bytes(), durable::PRIVATE)
    }

    fn forget(&self, item: &str) -> io::Result<()> {
        remove(&self.note_file(item)?)?;
        remove(&self.key_file(item)?)
    }

    fn promote_key(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.key_file(from)?, self.key_file(to)?)?;
        durable::sync_directory(&self.directory)
    }

    fn lock(&self, item: &str) -> io::Result<Lock> {
        self.prepare()?;
        Lock::acquire(&self.note_file(&format!("{item}.lock"))?)
    }

    fn try_lock(&self, item: &str) -> io::Result<Option<Lock>> {
        self.prepare()?;
        Lock::try_acquire(&self.note_file(&format!("{item}.lock"))?)
    }
}
