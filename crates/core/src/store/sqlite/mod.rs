//! The embedded store: one SQLite file in the home.
//!
//! Write-ahead log with `synchronous=FULL`: a commit is on disk when it returns. `BEGIN IMMEDIATE` takes the write lock
//! before anything is read, so that sequence numbers are given by one process at a time.

mod apply;
mod installation;
mod read;
mod schema;

use certroll_pki::digest::KeyHash;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::audit::record::draft::Draft;
use crate::audit::record::value::Id;
use crate::store::{
    Appended, Authority, CertificateEntry, Change, CrlEntry, InForceFact, Installation, InstalledPlace,
    NewestCertificate, OpenIntent, Query, Store, StoreAccess, StoreError, VisitRecord,
};
use certroll_base::clock::{Clock, Timestamp};
use certroll_base::durable;
use certroll_base::encoding::Sha256;
use certroll_pki::x509::crl::RevokedEntry;
use certroll_tlog::{Frontier, leaf_hash};

/// How long a writer waits for another one before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A home's database in one file.
pub(super) struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    clock: Arc<dyn Clock>,
    /// Set by a failed commit: what is on disk is then unknown, and nothing more may be written by this process.
    poisoned: bool,
}

impl SqliteStore {
    /// Opens the file; creates it, empty, when `create` is set.
    pub(super) fn open(
        path: &Path,
        access: crate::store::StoreAccess,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let fail = |error: rusqlite::Error| {
            use ErrorCode::{CannotOpen, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure};
            let code = error.sqlite_error_code();
            let scarce = matches!(code, Some(CannotOpen | DiskFull | PermissionDenied | ReadOnly | SystemIoFailure));
            // Who opens it to write must know that nothing can be recorded.
            classify(path, if scarce && access != StoreAccess::Read { "written" } else { "opened" }, error)
        };
        let flags = match access {
            StoreAccess::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            StoreAccess::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
            StoreAccess::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        if access == StoreAccess::Create {
            // SQLite would make it readable for everybody; its companions take their mode from it.
            let made = OpenOptions::new().write(true).create_new(true).mode(durable::PRIVATE).open(path);
            made.map_err(|error| StoreError::Unavailable {
                path: path.to_owned(),
                what: "opened",
                source: Box::new(error),
            })?;
        }
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(fail)?;
        connection.busy_timeout(PATIENCE).map_err(fail)?;
        let connection = match access {
            StoreAccess::Read => readable(connection, path)?,
            StoreAccess::Create | StoreAccess::Write => {
                schema::prepare(&connection).map_err(fail)?;
                connection
            }
        };
        let found = schema::version(&connection).map_err(fail)?;
        if access != StoreAccess::Create && !(schema::OLDEST..=schema::VERSION).contains(&found) {
            return Err(StoreError::Schema { path: path.to_owned(), found, known: schema::VERSION });
        }
        if access == StoreAccess::Write && found < schema::VERSION {
            schema::update(&connection).map_err(fail)?;
        }
        let store = Self { connection, path: path.to_owned(), clock, poisoned: false };
        if access == StoreAccess::Create {
            schema::create(&store.connection).map_err(|error| store.unreadable(error))?;
        }
        Ok(store)
    }

    fn unreadable(&self, error: rusqlite::Error) -> StoreError {
        classify(&self.path, "read", error)
    }
}

/// A read-only medium cannot hold the files that a write-ahead log needs beside it; then the file is read as it is.
fn readable(connection: Connection, path: &Path) -> Result<Connection, StoreError> {
    if schema::version(&connection).is_ok() {
        return Ok(connection);
    }
    let uri = format!(
        "file:{}?immutable=1",
        path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
    );
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri, flags).map_err(|error| classify(path, "opened", error))
}

/// Sorts the database's errors by what the user can do.
fn classify(path: &Path, what: &'static str, error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(path.to_owned()),
        _ => StoreError::Unavailable { path: path.to_owned(), what, source: Box::new(error) },
    }
}

impl Store for SqliteStore {
    fn head(&self) -> Result<Frontier, StoreError> {
        read::head(&self.connection).map_err(|error| self.unreadable(error))?
    }

    fn latest(&self) -> Result<Option<Timestamp>, StoreError> {
        read::latest(&self.connection).map_err(|error| self.unreadable(error))
    }

    fn in_force(&self) -> Result<Vec<InForceFact>, StoreError> {
        read::in_force(&self.connection).map_err(|error| self.unreadable(error))
    }

    fn append(&mut self, records: Vec<Draft>, changes: Vec<Change>) -> Result<Appended, StoreError> {
        if self.poisoned {
            let source = "an earlier write failed; this process writes nothing more".into();
            return Err(StoreError::Unavailable { path: self.path.clone(), what: "written", source });
        }
        let written = self.append_in_transaction(&records, changes);
        if matches!(written, Err(StoreError::Unavailable { .. })) {
            self.poisoned = true;
        }
        written
    }

    fn restore(&mut self, lines: &[(Id, Vec<u8>)], changes: Vec<Change>, root: Sha256) -> Result<(), StoreError> {
        let now = self.clock.now();
        let path = self.path.clone();
        let unwritten = |error| classify(&path, "written", error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unwritten)?;
        let frontier = read::head(&transaction).map_err(unwritten)??;
        let (mut appended, frontier) = apply::add_lines(&transaction, frontier, lines, now).map_err(unwritten)?;
        if frontier.root() != root {
            return Err(StoreError::Damaged("these are not the records that are missing".to_owned()));
        }
        for change in changes {
            apply::change(&transaction, change, &mut appended).map_err(unwritten)??;
        }
        transaction.commit().map_err(unwritten)
    }

    fn begin_again(&mut self, lines: &[(Id, Vec<u8>)]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let path = self.path.clone();
        let unwritten = |error| classify(&path, "written", error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unwritten)?;
        transaction.execute_batch("DELETE FROM audit_record; DELETE FROM open_intent").map_err(unwritten)?;
        apply::add_lines(&transaction, Frontier::new(), lines, now).map_err(unwritten)?;
        transaction.commit().map_err(unwritten)
    }

    fn recorded(&self, id: &Id) -> Result<bool, StoreError> {
        read::recorded(&self.connection, id).map_err(|error| self.unreadable(error))
    }

    fn records(&self, first: u64, visit: &mut VisitRecord<'_>) -> Result<(), StoreError> {
        read::records(&self.connection, first, visit).map_err(|error| self.unreadable(error))?
    }

    fn leaves(&self, size: u64) -> Result<Vec<Sha256>, StoreError> {
        read::leaves(&self.connection, size).map_err(|error| self.unreadable(error))?
    }

    fn newest(&self, names: &[&str]) -> Result<Vec<Option<NewestCertificate>>, StoreError> {
        read::newest(&self.connection, names).map_err(|error| self.unreadable(error))
    }

    fn certificates(&self, query: &Query) -> Result<Vec<CertificateEntry>, StoreError> {
        read::certificates(&self.connection, query).map_err(|error| self.unreadable(error))?
    }

    fn certificate_der(&self, entry: &CertificateEntry) -> Result<Vec<u8>, StoreError> {
        let der = read::certificate_der(&self.connection, entry.id).map_err(|error| self.unreadable(error))?;
        der.ok_or_else(|| StoreError::Missing(format!("certificate of row {}", entry.id)))
    }

    fn certificate_chain(&self, entry: &CertificateEntry) -> Result<Vec<Vec<u8>>, StoreError> {
        read::certificate_chain(&self.connection, entry.id).map_err(|error| self.unreadable(error))?
    }

    fn held_key(&self, key: &KeyHash) -> Result<Option<Vec<u8>>, StoreError> {
        read::held_key(&self.connection, key).map_err(|error| self.unreadable(error))
    }

    fn knows_key(&self, key: &KeyHash) -> Result<bool, StoreError> {
        read::knows_key(&self.connection, key).map_err(|error| self.unreadable(error))
    }

    fn installations(&self, name: &str) -> Result<Vec<Installation>, StoreError> {
        read::installations(&self.connection, name).map_err(|error| self.unreadable(error))
    }

    fn installed_at(&self, path: &Path) -> Result<Vec<Installation>, StoreError> {
        read::installed_at(&self.connection, path).map_err(|error| self.unreadable(error))
    }

    fn places(&self, name: Option<&str>) -> Result<Vec<InstalledPlace>, StoreError> {
        installation::places(&self.connection, name).map_err(|error| self.unreadable(error))
    }

    fn still_in_place(&self) -> Result<Vec<CertificateEntry>, StoreError> {
        let found = installation::still_in_place(&self.connection)
            .and_then(|condition| read::certificates_where(&self.connection, &condition));
        found.map_err(|error| self.unreadable(error))?
    }

    fn truststores(&self) -> Result<Vec<Installation>, StoreError> {
        read::truststores(&self.connection).map_err(|error| self.unreadable(error))
    }

    fn open_intents(&self) -> Result<Vec<OpenIntent>, StoreError> {
        read::open_intents(&self.connection).map_err(|error| self.unreadable(error))?
    }

    fn authorities(&self) -> Result<Vec<Authority>, StoreError> {
        read::authorities(&self.connection).map_err(|error| self.unreadable(error))?
    }

    fn latest_crl(&self, authority: &str) -> Result<Option<CrlEntry>, StoreError> {
        read::latest_crl(&self.connection, authority).map_err(|error| self.unreadable(error))
    }

    fn revoked(&self, authority: &str) -> Result<Vec<RevokedEntry>, StoreError> {
        read::revoked(&self.connection, authority).map_err(|error| self.unreadable(error))?
    }
}

impl SqliteStore {
    fn append_in_transaction(&mut self, records: &[Draft], changes: Vec<Change>) -> Result<Appended, StoreError> {
        let path = self.path.clone();
        let unwritten = |error| classify(&path, "written", error);
        let now = self.clock.now();
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unwritten)?;
        let mut frontier = read::head(&transaction).map_err(unwritten)??;
        let first = frontier.size();
        let mut leaves = Vec::with_capacity(records.len());
        for record in records {
            let body = record.seal(frontier.size(), now)?;
            let leaf = leaf_hash(&body);
            apply::add_record(&transaction, frontier.size(), &record.id, &body, &leaf).map_err(unwritten)?;
            frontier.push(leaf);
            leaves.push(leaf);
        }
        apply::set_head(&transaction, &frontier, now).map_err(unwritten)?;
        let mut appended = Appended { first, leaves, certificates: Vec::new() };
        for change in changes {
            apply::change(&transaction, change, &mut appended).map_err(unwritten)??;
        }
        transaction.commit().map_err(unwritten)?;
        Ok(appended)
    }
}
