//! Find the home: `--home`, `CERTROLL_HOME`, or the nearest parent directory that holds `certroll.toml`.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::hint::home::HomeHint;
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::home_key;
use certroll_base::secret::Secret;

/// The home to work in. `given` is what `--home` or `CERTROLL_HOME` said.
///
/// # Errors
/// There is none.
pub fn home(given: Option<&Path>) -> Result<Home, Error> {
    if let Some(root) = given {
        if root.join(Home::SETTINGS).is_file() {
            return Ok(Home::new(root.to_owned()).with_state(state_directory()));
        }
        let error = Error::new(
            ErrorKind::Usage,
            format!("`{}` is not a certroll home: it has no `certroll.toml`", root.display()),
        );
        return Err(error.hint(HomeHint::Create));
    }
    let here =
        std::env::current_dir().map_err(|error| Error::file(Path::new("."), "read the current directory", error))?;
    match here.ancestors().find(|directory| directory.join(Home::SETTINGS).is_file()) {
        Some(root) => Ok(Home::new(root.to_owned()).with_state(state_directory())),
        None => Err(Error::new(ErrorKind::Usage, "there is no certroll home here or in any directory above")
            .hint(HomeHint::Choose)
            .hint(HomeHint::Create)),
    }
}

/// The home that a file belongs to as one of its keys: those of its CAs, of its log, and those it holds for certificates.
pub fn home_of_key(file: &Path) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    let root = file.ancestors().skip(1).find(|directory| directory.join(Home::SETTINGS).is_file())?;
    let below = file.strip_prefix(root).ok()?.components().next()?;
    let is_kept = ["ca", "keys", "log", "issuers", Home::KEY].iter().any(|kept| below.as_os_str() == *kept);
    is_kept.then(|| root.to_owned())
}

/// What a key file is encrypted with, for who was given `password` for it: for a key of a home, that is the passphrase of the
/// home.
///
/// # Errors
/// The key of the home cannot be read, or is damaged.
pub fn key_password(file: &Path, password: Secret) -> Result<Secret, Error> {
    let Some(root) = home_of_key(file) else { return Ok(password) };
    match home_key::secret(&Home::new(root), password.clone()) {
        // Then it is the password of the key itself, or a wrong one.
        Err(error) if error.kind == ErrorKind::Permission => Ok(password),
        secret => secret,
    }
}

/// A home to be made: as given, else in the current directory.
pub fn new_home(given: Option<&Path>) -> Home {
    Home::new(given.unwrap_or(Path::new(".")).to_owned()).with_state(state_directory())
}

/// Where this user keeps what must not be set back with a home: `CERTROLL_STATE_DIR`, else `certroll` in the state
/// directory of the XDG Base Directory Specification.
fn state_directory() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    // The specification: relative paths in these variables are to be ignored. Ours may be relative, as any argument.
    let absolute = |name| variable(name).filter(|path| path.is_absolute());
    variable("CERTROLL_STATE_DIR")
        .or_else(|| Some(absolute("XDG_STATE_HOME")?.join("certroll")))
        .or_else(|| Some(absolute("HOME")?.join(".local/state/certroll")))
}
