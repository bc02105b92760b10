//! Key files: 256 random bits in place of a passphrase, for homes that are opened unattended.
//!
//! One line of 64 hexadecimal digits. To open a home it is given as a passphrase file is: it is one, with a passphrase that
//! cannot be guessed, so that the home does without the slow derivation.

use std::io;
use std::path::Path;

use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::home_key::Opener;
use certroll_base::durable;
use certroll_base::encoding;
use certroll_base::random;
use certroll_base::secret::Secret;
use zeroize::Zeroizing;

/// The number of hexadecimal digits of 256 bits.
const DIGITS: usize = 64;

/// What opens a home, from its key file. A file that is not there is made, readable by its owner alone; the answer says
/// whether it was.
///
/// # Errors
/// The file cannot be read or made, holds something else, or lies in the home that it would open.
pub fn read_or_make(file: &Path, home: &Home) -> Result<(Opener, bool), Error> {
    refuse_inside(file, home)?;
    let made = match std::fs::metadata(file) {
        Ok(_) => false,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make(file)?;
            true
        }
        Err(error) => return Err(Error::file(file, "read the key file", error)),
    };
    let secret = Secret::from_file(file).map_err(|error| Error::file(file, "read the key file", error))?;
    let is_key = secret.expose().len() == DIGITS && secret.expose().bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_key {
        let text = format!("`{}` is not a key file: its first line is not {DIGITS} hexadecimal digits", file.display());
        return Err(Error::new(ErrorKind::Usage, text)
            .hint("name a file that is not there yet, and 256 random bits are written into it"));
    }
    Ok((Opener::KeyFile(secret), made))
}

fn make(file: &Path) -> Result<(), Error> {
    let text = Zeroizing::new(format!("{}\n", encoding::hex(&*Zeroizing::new(random::bytes::<32>()))));
    durable::create(file, text.as_bytes(), durable::PRIVATE)
        .map_err(|error| Error::file(file, "make the key file", error))
}

/// Who takes the home would have its key with it.
fn refuse_inside(file: &Path, home: &Home) -> Result<(), Error> {
    let directory = durable::parent(file).canonicalize();
    let root = home.root().canonicalize();
    if let (Ok(directory), Ok(root)) = (directory, root)
        && directory.starts_with(&root)
    {
        let text = format!("the key file `{}` would lie in the home that it opens", file.display());
        return Err(Error::new(ErrorKind::Usage, text).hint("keep it outside the home and its backups"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_key_file_is_made_once_and_read_ever_after() {
        let directory = tempfile::tempdir().unwrap();
        let (file, home) = (directory.path().join("key"), Home::new(directory.path().join("home")));
        let (made, new) = read_or_make(&file, &home).unwrap();
        let (read, again) = read_or_make(&file, &home).unwrap();
        assert_eq!((new, again, made.name()), (true, false, "key-file"));
        assert_eq!(made.secret().expose(), read.secret().expose());
        assert_eq!(made.secret().expose().len(), DIGITS);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_is_no_key_file_is_refused_and_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let (file, home) = (directory.path().join("key"), Home::new(directory.path().join("home")));
        let short = "0".repeat(DIGITS - 1);
        for text in ["a passphrase", short.as_str(), &format!("{short}g"), &format!("{short}00")] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(read_or_make(&file, &home).unwrap_err().kind, ErrorKind::Usage, "{text}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        std::fs::create_dir_all(home.root().join("keys")).unwrap();
        let inside = home.root().join("keys/key");
        assert_eq!(read_or_make(&inside, &home).unwrap_err().kind, ErrorKind::Usage);
        assert!(!inside.exists());
    }
}
