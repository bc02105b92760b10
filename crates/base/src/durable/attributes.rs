//! What a file has beside its content: owner, mode, access control list, security labels.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

/// The extended attribute that holds a POSIX access control list.
#[cfg(target_os = "linux")]
const ACL: &str = "system.posix_acl_access";
/// Extended attributes that are about the content, not about the place.
#[cfg(target_os = "linux")]
const OF_CONTENT: [&str; 3] = ["security.capability", "security.ima", "security.evm"];

/// Owner, mode and extended attributes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes {
    owner: (u32, u32),
    mode: u32,
    extended: Vec<(String, Vec<u8>)>,
}

impl Attributes {
    /// Those of the file at `path`, links followed; `None` when there is none.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn of(path: &Path) -> io::Result<Option<Self>> {
        let metadata = match fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let extended = extended::of(path)?;
        Ok(Some(Self { owner: (metadata.uid(), metadata.gid()), mode: metadata.mode() & 0o777, extended }))
    }

    /// Gives them to a file.
    ///
    /// # Errors
    /// One of them cannot be given: only root may give a file away.
    pub fn give_to(&self, file: &File) -> io::Result<()> {
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != self.owner {
            fchown(file, Some(self.owner.0), Some(self.owner.1))?;
        }
        extended::clear(file)?;
        file.set_permissions(Permissions::from_mode(self.mode))?;
        // Last: the mode of a file with an ACL shows its mask, and setting a mode sets the mask.
        extended::give(file, &self.extended)
    }
}

#[cfg(target_os = "linux")]
mod extended {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr, getxattr, listxattr};
    use rustix::io::Errno;

    use super::{ACL, OF_CONTENT};

    /// The longest value, and the longest list of names, that Linux has.
    const LONGEST: usize = 65_536;

    pub(super) fn of(path: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
        let mut names = vec![0_u8; LONGEST];
        let length = match listxattr(path, &mut *names) {
            Ok(length) => length,
            Err(Errno::NOTSUP | Errno::NOSYS) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let names = names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let names = names.filter_map(|name| std::str::from_utf8(name).ok()).filter(|name| !OF_CONTENT.contains(name));
        let mut found = Vec::new();
        for name in names {
            let mut value = vec![0_u8; LONGEST];
            match getxattr(path, name, &mut *value) {
                Ok(length) => value.truncate(length),
                // Gone in between, or for the eyes of others.
                Err(Errno::NODATA | Errno::PERM | Errno::ACCESS) => continue,
                Err(error) => return Err(error.into()),
            }
            found.push((name.to_owned(), value));
        }
        Ok(found)
    }

    /// Takes away the ACL that a new file has from its directory.
    pub(super) fn clear(file: &File) -> io::Result<()> {
        match fremovexattr(file, ACL) {
            Ok(()) | Err(Errno::NODATA | Errno::NOTSUP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn give(file: &File, wanted: &[(String, Vec<u8>)]) -> io::Result<()> {
        for (name, value) in wanted {
            let mut has = vec![0_u8; value.len() + 1];
            // A label that the system gives by itself need not be set, and may not be.
            let is_so = fgetxattr(file, name.as_str(), &mut *has).is_ok_and(|length| has[..length] == **value);
            if !is_so {
                fsetxattr(file, name.as_str(), value, XattrFlags::empty())?;
            }
        }
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
mod extended {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn of(_path: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
        Ok(Vec::new())
    }

    pub(super) fn clear(_file: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn give(_file: &File, _wanted: &[(String, Vec<u8>)]) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::fs::{XattrFlags, setxattr};

    use super::*;
    use crate::durable;

    /// An ACL as the kernel stores it: the owner may read and write, user 12 may read, the group nothing, mask r--, others nothing.
    fn acl() -> Vec<u8> {
        let mut acl = 2_u32.to_le_bytes().to_vec();
        let anyone = u32::MAX;
        for (tag, rights, id) in [(1_u16, 6_u16, anyone), (2, 4, 12), (4, 0, anyone), (16, 4, anyone), (32, 0, anyone)]
        {
            acl.extend(tag.to_le_bytes());
            acl.extend(rights.to_le_bytes());
            acl.extend(id.to_le_bytes());
        }
        acl
    }

    #[test]
    fn a_replaced_file_keeps_its_acl_and_what_users_noted() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("k.p12");
        durable::write(&path, b"one", durable::PRIVATE).unwrap();
        if setxattr(&path, ACL, &acl(), XattrFlags::empty()).is_err() {
            return; // A file system without ACLs.
        }
        setxattr(&path, "user.note", b"ours", XattrFlags::empty()).unwrap();
        let before = Attributes::of(&path).unwrap().unwrap();
        assert!(before.extended.len() >= 2, "{before:?}");
        durable::replace(&path, b"two", durable::PRIVATE).unwrap();
        assert_eq!(Attributes::of(&path).unwrap().unwrap(), before);
        // Negative control: written anew it has none.
        durable::write(&path, b"three", durable::PRIVATE).unwrap();
        assert!(Attributes::of(&path).unwrap().unwrap().extended.len() < 2);
    }

    #[test]
    fn the_umask_takes_nothing_from_a_public_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ca.crl");
        let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
        let written = durable::write(&path, b"crl", durable::PUBLIC);
        rustix::process::umask(before);
        written.unwrap();
        assert_eq!(Attributes::of(&path).unwrap().unwrap().mode, 0o644);
    }
}
