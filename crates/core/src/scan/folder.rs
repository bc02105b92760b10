//! Files below a folder.

use std::collections::HashSet;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The largest file that is read whole. A truststore with every public CA has 250 kB.
pub const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// How deep folders may lie in one another.
const MAX_DEPTH: usize = 64;

/// What a walk comes across.
#[derive(Debug)]
pub enum FolderVisit {
    /// A file with its bytes.
    File(PathBuf, Vec<u8>),
    /// The beginning of a file that is too large to be read whole.
    TooLarge(PathBuf, Vec<u8>),
    /// A file or folder that cannot be read, and why.
    Unreadable(PathBuf, io::Error),
}

/// Walks all regular files below `folder`, in the order of their names.
///
/// Symbolic links are followed: Kubernetes and many packages put certificates behind them. A folder is entered and a file
/// read once only, however many names lead there, so a link into a folder above ends nowhere. Sockets, pipes and devices
/// are passed over: reading them may wait for ever, and certificates are not kept there.
pub fn walk(folder: &Path, visit: &mut dyn FnMut(FolderVisit)) {
    let mut seen = HashSet::new();
    let mut pending = vec![(folder.to_owned(), 0)];
    while let Some((path, depth)) = pending.pop() {
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) => {
                visit(FolderVisit::Unreadable(path, error));
                continue;
            }
        };
        if !seen.insert((metadata.dev(), metadata.ino())) {
            continue;
        }
        if metadata.is_dir() {
            match entries(&path, depth) {
                // The last one pushed is the next one taken.
                Ok(entries) => pending.extend(entries.into_iter().rev().map(|entry| (entry, depth + 1))),
                Err(error) => visit(FolderVisit::Unreadable(path, error)),
            }
        } else if metadata.is_file() {
            visit(match read(&path, &metadata) {
                Ok(bytes) if metadata.len() > MAX_BYTES => FolderVisit::TooLarge(path, bytes),
                Ok(bytes) => FolderVisit::File(path, bytes),
                Err(error) => FolderVisit::Unreadable(path, error),
            });
        }
    }
}

fn entries(folder: &Path, depth: usize) -> io::Result<Vec<PathBuf>> {
    if depth >= MAX_DEPTH {
        return Err(io::Error::other("folders lie too deep in one another"));
    }
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// The whole file, or the first 64 KiB of one that is too large.
fn read(path: &Path, metadata: &Metadata) -> io::Result<Vec<u8>> {
    let most = if metadata.len() > MAX_BYTES { 64 * 1024 } else { MAX_BYTES };
    let mut bytes = Vec::new();
    // A file may grow while it is read.
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_file_is_visited_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("b/c")).unwrap();
        fs::write(at("b/c/2"), "two").unwrap();
        fs::write(at("a"), "one").unwrap();
        symlink(folder.path(), at("b/c/loop")).unwrap();
        symlink(at("a"), at("z")).unwrap();
        symlink(at("nowhere"), at("y")).unwrap();
        File::create(at("x")).unwrap().set_len(MAX_BYTES + 1).unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RUSR).unwrap();
        let mut told = Vec::new();
        let name = |path: PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        walk(folder.path(), &mut |visit| {
            told.push(match visit {
                FolderVisit::File(path, bytes) => format!("{} has {} bytes", name(path), bytes.len()),
                FolderVisit::TooLarge(path, bytes) => format!("{} begins with {} bytes", name(path), bytes.len()),
                FolderVisit::Unreadable(path, error) => format!("{}: {:?}", name(path), error.kind()),
            });
        });
        assert_eq!(told, ["a has 3 bytes", "b/c/2 has 3 bytes", "x begins with 65536 bytes", "y: NotFound"]);
    }
}
