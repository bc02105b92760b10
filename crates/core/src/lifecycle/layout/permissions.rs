//! Who else can write in a home: owner and mode of everything in it, and of the directories above it.
//!
//! The settings run commands, and rows lead to files; who can replace a directory above replaces all of it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::home::Home;

/// Write permission for the group or for all.
const WRITE_BY_OTHERS: u32 = 0o022;
/// Any permission for the group or for all.
const ANY_BY_OTHERS: u32 = 0o077;
/// In a directory with this bit only the owner of a file, or of the directory, replaces it.
const STICKY: u32 = 0o1000;

/// Something that others than this user and root have in their hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// The file or directory.
    pub path: PathBuf,
    /// What is wrong with it, with the command that mends it.
    pub what: String,
}

/// Everything in the home, and above it, that others can change, and the secrets that others can read. What cannot be looked at
/// is listed too.
pub fn exposed(home: &Home) -> Vec<Exposed> {
    let own = rustix::process::geteuid().as_raw();
    let mut found = Vec::new();
    let root = std::fs::canonicalize(home.root()).unwrap_or_else(|_| home.root().to_owned());
    for above in root.ancestors().skip(1) {
        look(above, own, true, &mut found);
    }
    let mut pending = vec![root];
    while let Some(path) = pending.pop() {
        if !look(&path, own, false, &mut found) {
            continue;
        }
        match std::fs::read_dir(&path) {
            Ok(entries) => pending.extend(entries.flatten().map(|entry| entry.path())),
            Err(error) => found.push(Exposed { path, what: format!("cannot be looked at: {error}") }),
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

/// Looks at one; answers whether it is a directory to go into.
fn look(path: &Path, own: u32, above: bool, found: &mut Vec<Exposed>) -> bool {
    let mut tell = |what: String| found.push(Exposed { path: path.to_owned(), what });
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        // Locks and temporary files come and go.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return false,
        Err(error) => {
            tell(format!("cannot be looked at: {error}"));
            return false;
        }
    };
    if metadata.uid() != own && metadata.uid() != 0 {
        tell(format!("belongs to the user {}: `chown` it to the one who runs certroll", metadata.uid()));
    }
    if metadata.is_symlink() {
        // The mode of a link says nothing, and where it leads is nothing of the home's.
        return false;
    }
    let sticky = metadata.is_dir() && above && metadata.mode() & STICKY != 0;
    if metadata.mode() & WRITE_BY_OTHERS != 0 && !sticky {
        tell(format!("can be written by others, mode {:04o}: `chmod go-w` it", metadata.mode() & 0o7777));
    } else if is_secret(path, &metadata) && metadata.mode() & ANY_BY_OTHERS != 0 {
        tell(format!("can be read by others, mode {:04o}: `chmod 600` it", metadata.mode() & 0o7777));
    }
    metadata.is_dir()
}

/// Keys, and the database with the keys that it holds: encrypted, but for the owner alone.
fn is_secret(path: &Path, metadata: &Metadata) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    metadata.is_file() && (name.ends_with("key.pem") || name.starts_with("state.db"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_others_can_write_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let home = directory.path().join("home");
        for made in ["", "ca", "log"] {
            fs::create_dir_all(home.join(made)).unwrap();
        }
        for file in ["certroll.toml", "ca/root.key.pem", "log/checkpoint"] {
            fs::write(home.join(file), "x").unwrap();
        }
        let set = |name: &str, mode| fs::set_permissions(home.join(name), Permissions::from_mode(mode)).unwrap();
        for (name, mode) in [("", 0o755), ("ca", 0o755), ("log", 0o755)] {
            set(name, mode);
        }
        set("certroll.toml", 0o644);
        set("ca/root.key.pem", 0o600);
        set("log/checkpoint", 0o644);
        let names = || -> Vec<String> {
            let all = exposed(&Home::new(home.clone())).into_iter();
            let within =
                all.filter_map(|one| Some(one.path.strip_prefix(directory.path()).ok()?.display().to_string()));
            within.collect()
        };
        assert_eq!(names(), Vec::<String>::new());
        set("certroll.toml", 0o664);
        set("ca/root.key.pem", 0o640);
        set("log", 0o777);
        assert_eq!(names(), ["home/ca/root.key.pem", "home/certroll.toml", "home/log"]);
        set("log", 0o1777);
        assert!(names().contains(&"home/log".to_owned()), "nobody else has business in there");
        fs::set_permissions(directory.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(names().contains(&String::new()), "who can replace the home has it");
        fs::set_permissions(directory.path(), Permissions::from_mode(0o700)).unwrap();
    }
}
