//! http-01 through a web server that is there anyway (RFC 8555 section 8.3): a file below the directory that it serves.
//!
//! A user who may write into that directory must not be able to lead us out of it: below it no symbolic link is followed.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, fchmod, fsync, mkdirat, openat, renameat, unlinkat};
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

use super::journal::{ChallengeJournal, Remover};
use crate::issuer::acme::challenge::solver::{Challenge, ChallengeKind, Solver, checked_token};
use crate::issuer::{ErrorClass, IssuerError, RemoteIssuer};
use certroll_base::encoding::hex;
use certroll_base::random;

/// The directories below the root, of RFC 8615 and RFC 8555.
const DIRECTORIES: [&str; 2] = [".well-known", "acme-challenge"];
/// Web servers run as another user.
const FILE_MODE: Mode = Mode::from_raw_mode(0o644);
const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o755);

/// Answers http-01 by files.
pub(super) struct HttpWebroot {
    files: Arc<Files>,
    journal: ChallengeJournal<Files>,
}

/// Where they are.
struct Files {
    issuer: String,
    root: PathBuf,
}

/// A file that is public.
#[derive(Clone, Serialize, Deserialize)]
struct Note {
    root: PathBuf,
    token: String,
}

impl HttpWebroot {
    pub(super) fn new(issuer: &str, root: &Path, connection: &RemoteIssuer) -> Self {
        let files = Arc::new(Files { issuer: issuer.to_owned(), root: connection.path(root) });
        let journal = ChallengeJournal::new(issuer, "webroot", connection.memory.clone(), files.clone());
        Self { files, journal }
    }
}

impl Solver for HttpWebroot {
    fn kind(&self) -> ChallengeKind {
        ChallengeKind::Http01
    }

    fn present(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let token = checked_token(&self.files.issuer, challenge)?.to_owned();
        let note = Note { root: self.files.root.clone(), token };
        self.journal.provision(challenge, note, || {
            self.files.publish(challenge)?;
            Ok(None)
        })
    }

    fn clean_up(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        self.journal.end(challenge)
    }

    fn remove_leftovers(&self) -> Result<usize, IssuerError> {
        self.journal.remove_leftovers()
    }
}

impl Files {
    /// Writes the file whole: into another name, flushed, readable for everybody, then renamed.
    fn publish(&self, challenge: &Challenge) -> Result<(), IssuerError> {
        let directory = self.directory(&self.root, true)?;
        let path = self.shown(&challenge.token);
        let failed = |error: std::io::Error| {
            IssuerError::new(&self.issuer, ErrorClass::Config, format!("`{path}` cannot be written")).because(error)
        };
        let staged = format!(".{}.tmp", hex(&random::bytes::<8>()));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = openat(&directory, &staged, flags, FILE_MODE).map_err(|error| failed(error.into()))?;
        let written = (|| {
            let mut file = File::from(file);
            file.write_all(challenge.key_authorization.as_bytes())?;
            // Whatever the umask of this process is.
            fchmod(&file, FILE_MODE)?;
            file.sync_all()?;
            renameat(&directory, &staged, &directory, &challenge.token)?;
            fsync(&directory)?;
            Ok(())
        })();
        if written.is_err() {
            // A leftover is harmless; the error that brought us here is the one to report.
            let _ = unlinkat(&directory, &staged, AtFlags::empty());
        }
        written.map_err(failed)
    }

    /// The directory of the challenges below a root, made if asked for and missing. No symbolic link below the root leads
    /// to it.
    fn directory(&self, root: &Path, make: bool) -> Result<OwnedFd, IssuerError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let mut path = root.to_owned();
        let mut at = openat(CWD, root, flags, Mode::empty()).map_err(|error| self.unusable(&path, error))?;
        for name in DIRECTORIES {
            path.push(name);
            if make {
                match mkdirat(&at, name, DIRECTORY_MODE) {
                    Err(Errno::EXIST) => {}
                    Err(error) => return Err(self.unusable(&path, error)),
                    Ok(()) => self.open_to_all(&at, name).map_err(|error| self.unusable(&path, error))?,
                }
            }
            at = openat(&at, name, flags | OFlags::NOFOLLOW, Mode::empty())
                .map_err(|error| self.unusable(&path, error))?;
        }
        Ok(at)
    }

    /// A new directory lets the web server in, whatever the umask of this process is, and stays.
    fn open_to_all(&self, parent: &OwnedFd, name: &str) -> Result<(), Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        fchmod(openat(parent, name, flags, Mode::empty())?, DIRECTORY_MODE)?;
        fsync(parent)
    }

    fn unusable(&self, path: &Path, error: Errno) -> IssuerError {
        let shown = path.display();
        let outside = matches!(error, Errno::LOOP | Errno::NOTDIR) && path != self.root;
        let message = if outside {
            format!("`{shown}` is no directory of its own but leads elsewhere")
        } else {
            format!("`{shown}` cannot be used for challenges")
        };
        let hint = if outside {
            "replace the symbolic link by a directory, or give the place it leads to its own `webroot`".to_owned()
        } else {
            format!(
                "correct `webroot` in `[issuers.{}.challenge]`, or give this user the right to write there",
                self.issuer
            )
        };
        IssuerError::new(&self.issuer, ErrorClass::Config, message).because(std::io::Error::from(error)).hint(hint)
    }

    fn shown(&self, token: &str) -> String {
        let [well_known, challenges] = DIRECTORIES;
        self.root.join(well_known).join(challenges).join(token).display().to_string()
    }
}

impl Remover for Files {
    type Note = Note;

    fn remove(&self, note: &Note) -> Result<(), IssuerError> {
        let directory = match self.directory(&note.root, false) {
            Ok(directory) => directory,
            // Nothing was made there, or it was taken away with all that was in it.
            Err(_) if !note.root.join(DIRECTORIES[0]).join(DIRECTORIES[1]).exists() => return Ok(()),
            Err(error) => return Err(error),
        };
        match unlinkat(&directory, &note.token, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => {
                let message = format!("`{}` cannot be removed", self.shown(&note.token));
                Err(IssuerError::new(&self.issuer, ErrorClass::Retryable, message).because(std::io::Error::from(error)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::issuer::acme::challenge::scratch::Scratch;
    use crate::issuer::acme::challenge::solver::sample;

    fn webroot(scratch: &Scratch) -> (HttpWebroot, PathBuf) {
        let root = scratch.path().join("www");
        fs::create_dir_all(&root).unwrap();
        (HttpWebroot::new("le", Path::new("www"), &scratch.connection()), root)
    }

    #[test]
    fn the_file_is_readable_for_all_and_goes_again() {
        let scratch = Scratch::new();
        let (solver, root) = webroot(&scratch);
        let challenge = sample(ChallengeKind::Http01, "a.example.org");
        solver.present(&challenge).unwrap();
        solver.present(&challenge).unwrap();
        let file = root.join(".well-known/acme-challenge").join(&challenge.token);
        assert_eq!(fs::read_to_string(&file).unwrap(), challenge.key_authorization);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file), 0o644);
        assert_eq!(mode(file.parent().unwrap()), 0o755);
        assert_eq!(scratch.notes("challenge-").len(), 1);
        solver.clean_up(&challenge).unwrap();
        solver.clean_up(&challenge).unwrap();
        assert!(!file.exists());
        assert!(scratch.notes("challenge-").is_empty());
    }

    #[test]
    fn no_link_leads_out_of_the_root() {
        let outside = tempfile::tempdir().unwrap();
        for link in [".well-known", ".well-known/acme-challenge"] {
            let scratch = Scratch::new();
            let (solver, root) = webroot(&scratch);
            fs::create_dir_all(root.join(link).parent().unwrap()).unwrap();
            symlink(outside.path(), root.join(link)).unwrap();
            let challenge = sample(ChallengeKind::Http01, "a.example.org");
            let error = solver.present(&challenge).unwrap_err();
            assert_eq!(error.class, ErrorClass::Config);
            assert!(error.message.contains("leads elsewhere"), "{error}");
            assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "{link}");
        }
    }

    #[test]
    fn a_link_in_place_of_the_file_is_replaced_and_not_followed() {
        let scratch = Scratch::new();
        let (solver, root) = webroot(&scratch);
        let victim = scratch.path().join("victim");
        fs::write(&victim, "precious").unwrap();
        let challenge = sample(ChallengeKind::Http01, "a.example.org");
        let directory = root.join(".well-known/acme-challenge");
        fs::create_dir_all(&directory).unwrap();
        symlink(&victim, directory.join(&challenge.token)).unwrap();
        solver.present(&challenge).unwrap();
        solver.clean_up(&challenge).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
    }

    #[test]
    fn what_a_dead_run_left_is_removed_and_what_a_living_one_holds_stays() {
        let scratch = Scratch::new();
        let (dead, root) = webroot(&scratch);
        let (living, _) = webroot(&scratch);
        let (left, held) =
            (sample(ChallengeKind::Http01, "a.example.org"), sample(ChallengeKind::Http01, "b.example.org"));
        dead.present(&left).unwrap();
        living.present(&held).unwrap();
        // As a kill leaves it: the file, the note, and no lock.
        dead.journal.die();
        let (next, _) = webroot(&scratch);
        assert_eq!(next.remove_leftovers().unwrap(), 1);
        assert_eq!(next.remove_leftovers().unwrap(), 0);
        let file = |challenge: &Challenge| root.join(".well-known/acme-challenge").join(&challenge.token).exists();
        assert!(!file(&left) && file(&held));
        drop(living);
        assert!(!file(&held), "a solver that is dropped takes what is open with it");
    }

    #[test]
    fn a_root_that_is_not_there_is_an_error_of_the_settings() {
        let scratch = Scratch::new();
        let solver = HttpWebroot::new("le", Path::new("nowhere"), &scratch.connection());
        let challenge = sample(ChallengeKind::Http01, "a.example.org");
        let error = solver.present(&challenge).unwrap_err();
        assert_eq!(error.class, ErrorClass::Config);
        assert!(format!("{:?}", error.hint).contains("correct `webroot`"));
        solver.clean_up(&challenge).unwrap();
        assert!(scratch.notes("challenge-").is_empty());
    }
}
