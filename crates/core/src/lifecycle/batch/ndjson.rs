//! One file with a line of JSON for each device. It grows as `FILE.partial` and gets its name at the end.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::output::Package;
use crate::destination::kinds::file::{self, OutputFile};
use crate::error::Error;
use certroll_base::durable;

/// The schema of a line.
pub(super) const DEVICE: &str = "certroll/device/v1";

pub(super) struct Ndjson {
    pub(super) path: PathBuf,
    /// Where it grows; `None` for a pipe or device, which is written into.
    pub(super) partial: Option<PathBuf>,
    state: Mutex<(File, HashSet<String>)>,
}

impl Ndjson {
    /// Takes up an unfinished file, or adds to a finished one; a torn last line is dropped.
    pub(super) fn open(path: &Path, replace: bool) -> Result<Self, Error> {
        let asked = path.display();
        let refused = |error| Error::destination(&asked, "write", error);
        let (path, kept) = file::real(path).map_err(refused)?;
        if !kept {
            let stream = file::open_stream(&path).map_err(refused)?;
            return Ok(Self { path, partial: None, state: Mutex::new((stream, HashSet::new())) });
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = path.with_file_name(name);
        for file in [&path, &partial] {
            let output = OutputFile::new(file).replacing(replace).knowing(&holds_devices);
            output.check(1 << 16).map_err(|error| Error::destination(file.display(), "write", error))?;
        }
        let fail = |error| Error::file(&partial, "write", error);
        if !partial.exists() && path.exists() {
            let before = std::fs::read(&path).map_err(fail)?;
            let before = if holds_devices(&before) { before } else { Vec::new() };
            durable::write(&partial, &before, durable::PRIVATE).map_err(fail)?;
        }
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(durable::PRIVATE)
            .custom_flags(no_follow())
            .open(&partial);
        let mut file = file.map_err(fail)?;
        if let Some(attributes) = durable::Attributes::of(&path).map_err(fail)? {
            // Who could read the finished file can read the next one.
            attributes.give_to(&file).map_err(fail)?;
        }
        let (whole, known) = whole_lines(&mut file).map_err(fail)?;
        file.set_len(whole).map_err(fail)?;
        file.seek(std::io::SeekFrom::End(0)).map_err(fail)?;
        file.sync_all().and_then(|()| durable::sync_directory(durable::parent(&partial))).map_err(fail)?;
        Ok(Self { path, partial: Some(partial), state: Mutex::new((file, known)) })
    }

    /// The file that is written now.
    pub(super) fn growing(&self) -> &Path {
        self.partial.as_deref().unwrap_or(&self.path)
    }

    pub(super) fn append(&self, packages: &[Package], lines: &[String]) -> std::io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, known) = &mut *state;
        let mut text = String::new();
        for (package, line) in packages.iter().zip(lines) {
            let fingerprint = package.entry.fingerprint.to_string();
            if package.may_exist && known.contains(&fingerprint) {
                continue;
            }
            text.push_str(line);
            text.push('\n');
        }
        if self.partial.is_none() {
            return file.write_all(text.as_bytes()).and_then(|()| file.flush());
        }
        let before = file.stream_position()?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            // Half a line would swallow the line that another worker writes next.
            file.set_len(before)?;
            file.seek(std::io::SeekFrom::Start(before))?;
        }
        written
    }
}

/// Whether a file is one of devices: an earlier run of a batch may have written it. An empty one is as good as none.
fn holds_devices(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_device = |line: &[u8]| {
        let line: Option<serde_json::Value> = serde_json::from_slice(line).ok();
        line.is_some_and(|line| line["schema"] == DEVICE)
    };
    // A torn first line is all that a killed run left.
    bytes.is_empty() || is_device(first) || (first.len() == bytes.len() && bytes.starts_with(b"{\"cert"))
}

fn no_follow() -> i32 {
    i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default()
}

/// Length of the whole lines, and the fingerprints on them.
fn whole_lines(file: &mut File) -> std::io::Result<(u64, HashSet<String>)> {
    let mut reader = BufReader::new(file);
    let (mut whole, mut known, mut line) = (0, HashSet::new(), Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        if read == 0 || !line.ends_with(b"\n") {
            return Ok((whole, known));
        }
        whole += read as u64;
        let value: Option<serde_json::Value> = serde_json::from_slice(&line).ok();
        known.extend(value.and_then(|value| value["cert_sha256"].as_str().map(str::to_owned)));
    }
}
