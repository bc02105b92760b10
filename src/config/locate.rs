//! Find the home: `--home`, `CERTROLL_HOME`, or the nearest parent directory that holds `certroll.toml`.

use std::path::{Path, PathBuf};

use crate::lifecycle::home::Home;
use crate::lifecycle::{Error, Kind};

/// The home to work in. `given` is what `--home` or `CERTROLL_HOME` said.
///
/// # Errors
/// There is none.
pub fn home(given: Option<&Path>) -> Result<Home, Error> {
    let create = "make one with `certroll init DIR`, or try `certroll quickstart DIR`";
    if let Some(root) = given {
        if root.join(Home::SETTINGS).is_file() {
            return Ok(Home::new(root.to_owned()));
        }
        let error =
            Error::new(Kind::Usage, format!("`{}` is not a certroll home: it has no `certroll.toml`", root.display()));
        return Err(error.hint(create));
    }
    let here =
        std::env::current_dir().map_err(|error| Error::file(Path::new("."), "read the current directory", error))?;
    match here.ancestors().find(|directory| directory.join(Home::SETTINGS).is_file()) {
        Some(root) => Ok(Home::new(root.to_owned())),
        None => Err(Error::new(Kind::Usage, "there is no certroll home here or in any directory above")
            .hint("name it with `--home DIR` or CERTROLL_HOME")
            .hint(create)),
    }
}

/// Where a new home goes: as given, else the current directory.
pub fn new_home(given: Option<&Path>) -> PathBuf {
    given.unwrap_or(Path::new(".")).to_owned()
}
