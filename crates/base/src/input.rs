//! Reading files of others with bounds: a device without an end, a file of gigabytes, a directory and a pipe into which no process
//! writes are errors within a moment, not a full memory or a wait without end.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

/// The largest file that is read whole, in bytes: sixteen times a truststore of all public CAs.
pub const LARGEST: u64 = 16 << 20;
/// How long a pipe may have no writer.
const NO_WRITER: Duration = Duration::from_secs(1);
/// How long the writer of a pipe may say nothing: a command that asks a vault, a person who types.
const SILENT_WRITER: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// The content of a file, of at most [`LARGEST`] bytes.
///
/// # Errors
/// It cannot be opened or read; it is a directory; it is larger; it is a pipe into which no process writes.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_up_to(path, LARGEST)
}

/// As [`read`], as text.
///
/// # Errors
/// As [`read`]; it is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    let bytes = read(path)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

/// The content of a file, of at most `limit` bytes.
///
/// # Errors
/// As [`read`].
pub fn read_up_to(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    // Without this flag the opening of a pipe waits for a writer.
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is a directory"));
    }
    if kind.is_file() && metadata.len() > limit {
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or_default());
    if kind.is_fifo() || kind.is_socket() {
        read_pipe(&file, limit, &mut bytes)?;
    } else {
        file.take(limit + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Reads a pipe to its end. A read of nothing means that no process has it open for writing: not yet, or not any more.
fn read_pipe(mut file: &File, limit: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    let opened = Instant::now();
    let mut buffer = vec![0; 1 << 16];
    while bytes.len() as u64 <= limit {
        match file.read(&mut buffer) {
            Ok(0) if !bytes.is_empty() => break,
            Ok(0) if opened.elapsed() > NO_WRITER => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "it is a pipe into which no process writes"));
            }
            Ok(0) => std::thread::sleep(PAUSE),
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let timeout = Timespec::try_from(SILENT_WRITER).ok();
                if poll(&mut [PollFd::new(file, PollFlags::IN)], timeout.as_ref())? == 0 {
                    return Err(io::Error::new(io::ErrorKind::TimedOut, "the writer of this pipe says nothing"));
                }
            }
            Err(error) => return Err(error),
        }
    }
    zeroize::Zeroize::zeroize(&mut buffer);
    Ok(())
}

fn too_large(limit: u64) -> io::Error {
    let text = match limit >> 20 {
        0 => format!("it is larger than {limit} bytes"),
        mebibytes => format!("it is larger than {mebibytes} MiB"),
    };
    io::Error::new(io::ErrorKind::InvalidData, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn what_has_no_end_or_is_no_file_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let error = |path: &Path| read_up_to(path, 100).unwrap_err().to_string();
        assert_eq!(error(Path::new("/dev/zero")), "it is larger than 100 bytes");
        assert_eq!(error(directory.path()), "it is a directory");
        let file = directory.path().join("file");
        std::fs::write(&file, [7; 101]).unwrap();
        assert_eq!(error(&file), "it is larger than 100 bytes");
        std::fs::write(&file, [7; 100]).unwrap();
        assert_eq!(read_up_to(&file, 100).unwrap(), [7; 100]);
        assert_eq!(read(Path::new("/dev/null")).unwrap(), []);
        assert!(read(&directory.path().join("none")).is_err());
    }

    #[test]
    fn a_pipe_is_read_to_its_end_and_not_waited_for_without_a_writer() {
        let directory = tempfile::tempdir().unwrap();
        let pipe = directory.path().join("pipe");
        let mode = rustix::fs::Mode::from_bits_truncate(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        let begun = Instant::now();
        assert_eq!(read(&pipe).unwrap_err().to_string(), "it is a pipe into which no process writes");
        assert!(begun.elapsed() < Duration::from_secs(5));
        let written = pipe.clone();
        let writer = std::thread::spawn(move || {
            let mut pipe = OpenOptions::new().write(true).open(written).unwrap();
            for part in [&b"one "[..], b"two"] {
                pipe.write_all(part).unwrap();
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        assert_eq!(read(&pipe).unwrap(), b"one two");
        writer.join().unwrap();
    }
}
