//! For the tests of solvers: an issuer's memory in a directory, and a connection with it.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use crate::issuer::{IssuerSettings, Memory, RemoteIssuer, SecretPlace, Secrets};
use certroll_base::clock::SystemClock;
use certroll_base::durable;
use certroll_base::lock::Lock;
use certroll_base::random;
use certroll_base::secret::{Secret, SecretBytes};

/// A free port, below those that the system gives to connections of its own.
pub(super) fn free_port() -> u16 {
    let free = |port: &u16| TcpListener::bind((Ipv4Addr::UNSPECIFIED, *port)).is_ok();
    std::iter::repeat_with(|| 10_000 + u16::from_be_bytes(random::bytes()) % 20_000).find(free).unwrap()
}

/// A home for one test.
pub(super) struct Scratch {
    directory: TempDir,
    variables: BTreeMap<String, String>,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), variables: BTreeMap::new() }
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn notes(&self, prefix: &str) -> Vec<String> {
        Notes(self.path().join("memory")).notes(prefix).unwrap()
    }

    pub(super) fn connection(&self) -> RemoteIssuer {
        RemoteIssuer {
            name: "le".to_owned(),
            settings: IssuerSettings::default(),
            root: self.path().to_owned(),
            clock: Arc::new(SystemClock),
            memory: Arc::new(Notes(self.path().join("memory"))),
            secrets: Arc::new(Variables(self.variables.clone())),
        }
    }
}

struct Variables(BTreeMap<String, String>);

impl Secrets for Variables {
    fn secret(&self, place: &SecretPlace) -> io::Result<Option<Secret>> {
        match place {
            SecretPlace::Variable(name) => Ok(self.variable(name).map(Secret::new)),
            SecretPlace::File(file) => Secret::from_file(file).map(Some),
            SecretPlace::Command(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

struct Notes(PathBuf);

impl Memory for Notes {
    fn note(&self, item: &str) -> io::Result<Option<Vec<u8>>> {
        std::fs::read(self.0.join(item)).map(Some)
    }

    fn keep_note(&self, item: &str, bytes: &[u8]) -> io::Result<()> {
        durable::create_directory(&self.0)?;
        durable::write(&self.0.join(item), bytes, durable::PRIVATE)
    }

    fn notes(&self, prefix: &str) -> io::Result<Vec<String>> {
        durable::create_directory(&self.0)?;
        let names = std::fs::read_dir(&self.0)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        Ok(names.filter(|name| name.starts_with(prefix) && !name.ends_with(".lock")).collect())
    }

    fn key(&self, _item: &str) -> io::Result<Option<SecretBytes>> {
        Ok(None)
    }

    fn keep_key(&self, _item: &str, _pkcs8: &SecretBytes) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn forget(&self, item: &str) -> io::Result<()> {
        std::fs::remove_file(self.0.join(item))
    }

    fn promote_key(&self, _from: &str, _to: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn lock(&self, item: &str) -> io::Result<Lock> {
        durable::create_directory(&self.0)?;
        Lock::acquire(&self.0.join(format!("{item}.lock")))
    }

    fn try_lock(&self, item: &str) -> io::Result<Option<Lock>> {
        Lock::try_acquire(&self.0.join(format!("{item}.lock")))
    }
}
