//! Where `audit restore` takes lost records from: a JSON Lines export with its checkpoint, or an unpacked bundle.

use certroll_pki::digest::Fingerprint;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::restore::{self, RestoreSource, Restored};
use crate::audit::record::event::Event;
use crate::audit::record::facts::Outcome;
use crate::audit::record::value::Id;
use crate::error::{Error, ErrorKind};
use crate::lifecycle::layout::home::Home;
use crate::lifecycle::session::Session;
use crate::store::Store;
use certroll_tlog::{Checkpoint, VerifierKey};

/// An export on disk.
pub struct ExportOnDisk {
    lines: PathBuf,
    checkpoint: PathBuf,
    certificates: PathBuf,
}

impl ExportOnDisk {
    /// `FILE.jsonl` with `FILE.jsonl.checkpoint` beside it, or a directory with `records.jsonl` and `checkpoint`;
    /// certificates are `certificates/SHA256.der` beside either.
    pub fn at(path: &Path) -> Self {
        if path.is_dir() {
            return Self {
                lines: path.join("records.jsonl"),
                checkpoint: path.join("checkpoint"),
                certificates: path.join("certificates"),
            };
        }
        let mut checkpoint = path.file_name().unwrap_or_default().to_owned();
        checkpoint.push(".checkpoint");
        Self {
            lines: path.to_owned(),
            checkpoint: path.with_file_name(checkpoint),
            certificates: path.with_file_name("certificates"),
        }
    }

    /// Brings back into `store` what it lost.
    ///
    /// # Errors
    /// As [`restore::heal`]; or a file cannot be read.
    pub fn heal(&self, store: &mut dyn Store, home: &Home, key: &VerifierKey) -> Result<Restored, Error> {
        let bytes = certroll_base::input::read(&self.checkpoint)
            .map_err(|e| Error::file(&self.checkpoint, "read the checkpoint", e))?;
        let checkpoint = Checkpoint::open(&bytes, key).map_err(|error| {
            let what = format!("the checkpoint `{}` is not signed by this log", self.checkpoint.display());
            Error::new(ErrorKind::Verification, what).because(error)
        })?;
        let file = std::fs::File::open(&self.lines).map_err(|error| Error::file(&self.lines, "read", error))?;
        let lines = BufReader::with_capacity(1 << 20, file).split(b'\n');
        let mut lines = lines.map(|line| line.map_err(|error| Error::file(&self.lines, "read", error)));
        let certificate = |sha256: &Fingerprint| std::fs::read(self.certificates.join(format!("{sha256}.der"))).ok();
        restore::heal(store, home, key, RestoreSource { lines: &mut lines, checkpoint, certificate: &certificate })
    }
}

/// Records that the log was healed, and signs CRLs in place of those that were lost, under greater numbers.
///
/// # Errors
/// The log cannot be written, or a CA's key does not open.
pub fn conclude(session: &mut Session, healed: &Restored) -> Result<(), Error> {
    let mut record = session.journal.draft(Event::AuditRecovered, Outcome::Ok, Id::new(session.clock.now()));
    record.x.insert("from".to_owned(), healed.before.into());
    record.x.insert("to".to_owned(), healed.after.into());
    session.journal.commit(vec![record], Vec::new())?;
    for (authority, number) in &healed.lost_crls {
        let issuer = session.open_issuer(&session.authority(Some(authority))?)?;
        crate::lifecycle::revocation::crl::sign_above(session, &*issuer, None, *number)?;
    }
    Ok(())
}
