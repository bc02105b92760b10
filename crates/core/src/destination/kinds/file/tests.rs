//! Files of every kind, written and looked at.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), DestinationError> {
    FileDestination::new(path).write(bytes, true)
}

#[test]
fn the_predecessor_can_be_brought_back() {
    let directory = tempfile::tempdir().unwrap();
    let destination = FileDestination::new(&directory.path().join("broker.p12"));
    assert!(destination.restore().is_err());
    for bytes in [b"one", b"two", b"two"] {
        destination.write(bytes, true).unwrap();
    }
    destination.restore().unwrap();
    assert_eq!(destination.observe().unwrap(), Observed::Bytes(b"one".to_vec()));
    destination.restore().unwrap();
    assert_eq!(destination.observe().unwrap(), Observed::Bytes(b"two".to_vec()));
}

#[test]
fn what_is_staged_and_dropped_was_never_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("k.pem");
    put(&path, b"one").unwrap();
    let destination = FileDestination::new(&path);
    drop(destination.stage(Content::Bytes { bytes: b"two", private: true }).unwrap());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    let mut staged = destination.stage(Content::Bytes { bytes: b"two", private: true }).unwrap();
    staged.publish().unwrap();
    staged.undo().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"one");
}

#[test]
fn a_link_of_ours_is_followed_and_stays_a_link() {
    let directory = tempfile::tempdir().unwrap();
    let (live, archive) = (directory.path().join("live"), directory.path().join("archive"));
    fs::create_dir(&live).unwrap();
    fs::create_dir(&archive).unwrap();
    for one in [&live, &archive] {
        fs::set_permissions(one, fs::Permissions::from_mode(0o755)).unwrap();
    }
    put(&archive.join("k1.p12"), b"one").unwrap();
    let link = live.join("k.p12");
    symlink("../archive/k1.p12", &link).unwrap();
    put(&link, b"two").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read(archive.join("k1.p12")).unwrap(), b"two");
    assert_eq!(fs::read(archive.join("k1.p12.previous")).unwrap(), b"one");
    // Where others may write, the file at its end could be another user's.
    fs::set_permissions(&archive, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(matches!(put(&link, b"three"), Err(DestinationError::Foreign(_))));
    assert_eq!(fs::read(archive.join("k1.p12")).unwrap(), b"two");
}

#[test]
fn a_device_is_written_into_and_a_directory_is_refused() {
    let null = Path::new("/dev/null");
    put(null, b"gone").unwrap();
    assert!(!fs::symlink_metadata(null).unwrap().is_file());
    assert_eq!(FileDestination::new(null).observe().unwrap(), Observed::Gone);
    let directory = tempfile::tempdir().unwrap();
    assert!(matches!(put(directory.path(), b"x"), Err(DestinationError::Refused(why)) if why.contains("directory")));
    let missing = directory.path().join("no/k.pem");
    assert!(FileDestination::new(&missing).check(Expected::Bytes(1)).is_err());
}

#[test]
fn a_pipe_is_written_into() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read(pipe).unwrap()
    });
    FileDestination::new(&pipe).check(Expected::Bytes(1)).unwrap();
    put(&pipe, b"through").unwrap();
    assert_eq!(reader.join().unwrap(), b"through");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_trial_leaves_nothing_and_finds_a_directory_that_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("k.pem");
    FileDestination::new(&path).check(Expected::Bytes(100_000)).unwrap();
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    // Root writes everywhere but here.
    assert!(FileDestination::new(Path::new("/proc/self/k.pem")).check(Expected::Bytes(1)).is_err());
}

#[test]
fn other_outputs_replace_what_is_known_or_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    fs::write(&path, "mine").unwrap();
    let output = OutputFile::new(&path);
    assert!(matches!(output.write(b"crl", false), Err(DestinationError::Occupied)));
    assert!(matches!(output.check(1), Err(DestinationError::Occupied)));
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    OutputFile::new(&path).knowing(&|bytes| bytes == b"mine").write(b"crl", false).unwrap();
    OutputFile::new(&path).replacing(true).write(b"other", false).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"other");
    let new = directory.path().join("new");
    OutputFile::new(&new).write(b"crl", false).unwrap();
    assert_eq!(mode(&new), 0o644);
    OutputFile::new(Path::new("/dev/null")).write(b"crl", false).unwrap();
}
