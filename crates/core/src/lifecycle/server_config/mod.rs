//! Write the configuration of a server: look at the files it is going to use, fill in its templates, write what changed.
//!
//! What is written is for files that are here and fit each other: the key opens with the password and belongs to the
//! certificate, and the truststore holds a CA. A server that cannot start with its configuration is found out now.

mod installed;
mod stores;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::delivery::Password;
use crate::destination::kinds::file::FileDestination;
use crate::error::{Error, ErrorKind};
use crate::hint::certificate::DeliveryHint;
use crate::hint::keystore::ServerHint;
use crate::server::{self, FileTemplate, Filled, ServerKind, ServerValues, Stores};
use certroll_base::durable;
use certroll_base::encoding::{Sha256, sha256};
use certroll_base::secret::Secret;

pub use installed::{complete, remember};

/// The name of the file with a key in the clear.
const PLAIN_KEY: &str = "server.key";

/// What a server's configuration is made from.
#[derive(Clone, Debug)]
pub struct ConfigRequest {
    /// The server.
    pub server: &'static ServerKind,
    /// The name by which clients know it.
    pub name: Option<String>,
    /// Where it listens; by default on all addresses, at its usual port.
    pub listen: Option<SocketAddr>,
    /// Its keystore.
    pub keystore: Option<PathBuf>,
    /// Its certificate, PEM.
    pub certificate: Option<PathBuf>,
    /// Its key, PEM.
    pub key: Option<PathBuf>,
    /// The CAs of its clients.
    pub truststore: Option<PathBuf>,
    /// Opens its keystore or its key.
    pub storepass: Option<Password>,
    /// Opens the truststore; by default the same.
    pub trustpass: Option<Password>,
    /// The directory to write to; without one nothing is written.
    pub out: Option<PathBuf>,
    /// Whether lines and files of others are replaced.
    pub replace: bool,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It was not there.
    Created,
    /// It was there, with another content.
    Changed,
    /// It was there, byte for byte.
    Unchanged,
    /// Nothing was to be written.
    Shown,
}

impl FileState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Shown => "shown",
        }
    }
}

/// A file of a configuration.
#[derive(Debug)]
pub struct ConfigFile {
    /// Where it is or would be.
    pub path: PathBuf,
    /// What became of it.
    pub state: FileState,
    /// Whether it holds a secret.
    pub private: bool,
    /// Its text, unless it holds a secret.
    pub text: Option<String>,
}

/// A configuration.
#[derive(Debug)]
pub struct Configured {
    /// Its files, the main one first.
    pub files: Vec<ConfigFile>,
    /// What the operator who uses them should know.
    pub notes: Vec<String>,
    /// A copy of the key in the clear that was written, with its bytes' SHA-256.
    pub plain_key: Option<(PathBuf, Sha256)>,
}

impl Configured {
    /// Whether anything was written.
    pub fn changed(&self) -> bool {
        self.files.iter().any(|file| matches!(file.state, FileState::Created | FileState::Changed))
    }
}

/// Checks the files that the server is going to use, and writes its configuration, or shows it.
///
/// # Errors
/// A file is missing or does not fit, a value cannot stand in a configuration, or it cannot be written. Every file is
/// ready before the first is written.
pub fn configure(request: &ConfigRequest) -> Result<Configured, Error> {
    let directory = absolute(request.out.as_deref().unwrap_or(Path::new(".")))?;
    if request.out.is_some() && !directory.is_dir() {
        return Err(Error::new(ErrorKind::Usage, format!("the directory `{}` does not exist", directory.display()))
            .hint(format!("make it with `mkdir -p {}`", directory.display())));
    }
    let mut values = given(request)?;
    let mut notes = Vec::new();
    let mut ready: Vec<(PathBuf, Secret, bool)> = Vec::new();
    let mut plain_key = None;
    match request.server.stores {
        Stores::Java => stores::java(request, &mut values, &mut notes)?,
        Stores::Pem | Stores::PlainPem => {
            let plain = directory.join(PLAIN_KEY);
            if let Some(key) = stores::pem(request, &plain, &mut values, &mut notes)? {
                plain_key = Some((plain.clone(), sha256(key.expose().as_bytes())));
                ready.push((plain, key, true));
            }
        }
    }
    if let Some(secrets) = request.server.secrets_file() {
        values.set("secrets_file", provider_path(&directory.join(secrets.name))?);
    }
    let mut main = Vec::new();
    for file in request.server.files {
        if file.only_with.is_none_or(|name| values.has(name)) {
            let Filled { name, text, private } = server::fill(file, &values).map_err(unfilled)?;
            let path = directory.join(name);
            let text = if request.out.is_some() { kept(request, file, &path, text)? } else { text };
            main.push((path, text, private));
        }
    }
    main.append(&mut ready);
    let look = |(path, text, private)| look(path, text, private, request.out.is_some());
    let looked = main.into_iter().map(look).collect::<Result<Vec<_>, _>>()?;
    // The main file last: whenever it is there, so is what it refers to.
    let written = looked.into_iter().rev().map(|(file, text)| write(file, &text));
    let mut files = written.collect::<Result<Vec<_>, _>>()?;
    files.reverse();
    notes.extend(files.iter().filter(|file| file.private && file.state != FileState::Shown).map(|file| {
        format!(
            "`{}` holds a secret: give it to the user that the server runs as, and to no other",
            file.path.display()
        )
    }));
    Ok(Configured { files, notes, plain_key })
}

/// The values that stand in the request itself.
fn given(request: &ConfigRequest) -> Result<ServerValues, Error> {
    let mut values = ServerValues::default();
    if let Some(name) = &request.name {
        values.set("name", name);
    }
    let server = request.server;
    match (server.port, request.listen) {
        (Some(port), listen) => {
            let any = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
            values.set_listen(listen.unwrap_or(any));
        }
        (None, Some(_)) => {
            let what = format!(
                "the address that {} listens on stands in its server block, not in these files",
                server.summary
            );
            return Err(Error::new(ErrorKind::Usage, what).hint(ServerHint::NoAddress));
        }
        (None, None) => {}
    }
    Ok(values)
}

fn unfilled(error: server::FillError) -> Error {
    let error = Error::new(ErrorKind::Usage, "the configuration cannot be written").because(error);
    error.hint("use paths and passwords of letters, digits and `-_./`")
}

/// A path within `${file:PATH:KEY}`, in which these characters end it.
fn provider_path(path: &Path) -> Result<String, Error> {
    let text = utf8(path)?;
    match text.contains([':', '}']) {
        true => Err(Error::new(
            ErrorKind::Usage,
            format!("`{text}` cannot be named in a configuration: it has `:` or `}}`"),
        )
        .hint(ServerHint::OtherDirectory)),
        false => Ok(text.to_owned()),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, Error> {
    std::path::absolute(path).map_err(|error| Error::file(path, "find", error))
}

fn utf8(path: &Path) -> Result<&str, Error> {
    path.to_str().ok_or_else(|| {
        Error::new(
            ErrorKind::Usage,
            format!("`{}` cannot be named in a configuration: it is not UTF-8", path.display()),
        )
    })
}

/// What is filled in, with the lines that an operator added to the file.
fn kept(request: &ConfigRequest, file: &FileTemplate, path: &Path, filled: Secret) -> Result<Secret, Error> {
    let present = FileDestination::new(path).content();
    let present = present.map_err(|error| Error::destination(path.display(), "read", error))?;
    let present = present.map(|bytes| zeroize::Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()));
    server::keep(file, &filled, present.as_ref().map(|text| text.as_str()), request.replace).map_err(|_| {
        let message = format!("`{}` was changed since it was written, or was not written here", path.display());
        Error::new(ErrorKind::Usage, message).hint(DeliveryHint::Replace)
    })
}

/// What is to become of a file, before anything is written.
fn look(path: PathBuf, text: Secret, private: bool, to_disk: bool) -> Result<(ConfigFile, Secret), Error> {
    let shown = (!private).then(|| text.expose().to_owned());
    if !to_disk {
        return Ok((ConfigFile { path, state: FileState::Shown, private, text: shown }, text));
    }
    let installed = FileDestination::new(&path).content();
    let installed = installed.map_err(|error| Error::destination(path.display(), "read", error))?;
    let state = match &installed {
        None => FileState::Created,
        Some(bytes) if bytes == text.expose().as_bytes() => FileState::Unchanged,
        Some(_) => FileState::Changed,
    };
    // A file keeps its mode when it is replaced: an administrator may have given it to the group of the server.
    if private && installed.is_some() && others_may(&path)? {
        return Err(Error::new(
            ErrorKind::Usage,
            format!("`{}` is going to hold a secret, but everybody may read it", path.display()),
        )
        .hint(format!("run `chmod o-rwx {}`, then the same command again", path.display())));
    }
    Ok((ConfigFile { path, state, private, text: shown }, text))
}

fn write(file: ConfigFile, text: &Secret) -> Result<ConfigFile, Error> {
    if matches!(file.state, FileState::Created | FileState::Changed) {
        let parent = durable::parent(&file.path);
        durable::create_directory(parent).map_err(|error| Error::file(parent, "make the directory", error))?;
        let written = FileDestination::new(&file.path).write(text.expose().as_bytes(), file.private);
        written.map_err(|error| Error::destination(file.path.display(), "write", error))?;
    }
    Ok(file)
}

fn others_may(path: &Path) -> Result<bool, Error> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::file(path, "read", error))?;
    Ok(metadata.permissions().mode() & 0o007 != 0)
}
