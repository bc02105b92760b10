//! The embedded store: one SQLite file in the home.
//!
//! Write-ahead log with `synchronous=FULL`: a commit is on disk when it returns. `BEGIN IMMEDIATE` takes the write lock
//! before anything is read, so that sequence numbers are given by one process at a time.

mod apply;
mod authority;
mod head;
mod installation;
mod publication;
mod read;
mod schema;
mod seal;
mod service;

use certroll_pki::digest::{Fingerprint, KeyHash};
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::audit::record::draft::Draft;
use crate::audit::record::value::Id;
use crate::store::{
    Appended, Authority, CertificateEntry, Change, CrlEntry, CrlPublication, InForceFact, Installation, InstalledPlace,
    NewestCertificate, OpenIntent, Query, Service, ServiceState, Store, StoreAccess, StoreError, StoreKey, VisitRecord,
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
    /// Authenticates what only who has the passphrase may write; a reader may do without.
    key: Option<StoreKey>,
    /// What this process has verified of the log: empty at first, which every log goes on from.
    checked: Frontier,
    /// Set by a failed commit: what is on disk is then unknown, and nothing more may be written by this process.
    poisoned: bool,
}

impl SqliteStore {
    /// Opens the file; creates it, empty, to be made.
    pub(super) fn open(path: &Path, access: StoreAccess, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (reads, creates) = (matches!(access, StoreAccess::Read(_)), matches!(access, StoreAccess::Create(_)));
        let fail = |error: rusqlite::Error| {
            use ErrorCode::{CannotOpen, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure};
            let code = error.sqlite_error_code();
            let scarce = matches!(code, Some(CannotOpen | DiskFull | PermissionDenied | ReadOnly | SystemIoFailure));
            // Who opens it to write must know that nothing can be recorded.
            classify(path, if scarce && !reads { "written" } else { "opened" }, error)
        };
        let flags = match access {
            StoreAccess::Create(_) => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            StoreAccess::Write(_) => OpenFlags::SQLITE_OPEN_READ_WRITE,
            StoreAccess::Read(_) => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
        if creates {
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
        let connection = if reads {
            readable(connection, path)?
        } else {
            schema::prepare(&connection).map_err(fail)?;
            connection
        };
        let found = schema::version(&connection).map_err(fail)?;
        if !creates && !(schema::OLDEST..=schema::VERSION).contains(&found) {
            return Err(StoreError::Schema { path: path.to_owned(), found, known: schema::VERSION });
        }
        let key = match access {
            StoreAccess::Create(key) | StoreAccess::Write(key) => Some(key),
            // A home that was not written to since there are codes has none.
            StoreAccess::Read(key) => key.filter(|_| found >= schema::CODES_SINCE),
        };
        if let Some(key) = key.as_ref().filter(|_| !reads && !creates && found < schema::VERSION) {
            schema::update(&connection, key).map_err(fail)?;
        }
        let path = path.to_owned();
        let store = Self { connection, path, clock, key, checked: Frontier::new(), poisoned: false };
        if creates {
            schema::create(&store.connection).map_err(|error| store.unreadable(error))?;
        }
        Ok(store)
    }

    fn unreadable(&self, error: rusqlite::Error) -> StoreError {
        classify(&self.path, "read", error)
    }

    /// The key without which nothing is written, nor believed that is not under a checkpoint.
    fn key(&self) -> Result<&StoreKey, StoreError> {
        let source = "the store was opened without the passphrase".into();
        self.key.as_ref().ok_or_else(|| StoreError::Unavailable { path: self.path.clone(), what: "written", source })
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
        // Pages that are none, and rows with values of another kind: other hands, or a disk that fails.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged(error.to_string()),
        None if is_about_a_value(&error) => StoreError::Damaged(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy(path.to_owned()),
        _ => StoreError::Unavailable { path: path.to_owned(), what, source: Box::new(error) },
    }
}

fn is_about_a_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
    matches!(error, FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..))
}

impl Store for SqliteStore {
    fn stored_head(&self) -> Result<Frontier, StoreError> {
        head::stored(&self.connection).map_err(|error| self.unreadable(error))?
    }

    fn check_head(&mut self, anchors: &[(u64, Sha256)]) -> Result<Frontier, StoreError> {
        let key = self.key()?;
        let checked = self.in_one_read(|connection| head::check(connection, anchors, key))?;
        self.checked = checked.clone();
        Ok(checked)
    }

    fn follow_head(&mut self) -> Result<Frontier, StoreError> {
        let key = self.key()?;
        let followed = self.in_one_read(|connection| head::follow(connection, &self.checked, key));
        // What contradicts what this process knows is written to no more.
        self.poisoned |= matches!(followed, Err(StoreError::Contradiction(_) | StoreError::Damaged(_)));
        let followed = followed?;
        self.checked = followed.clone();
        Ok(followed)
    }

    fn proven_records(&self, first: u64, visit: &mut VisitRecord<'_>) -> Result<(), StoreError> {
        self.in_one_read(|connection| head::walk(connection, first, &self.checked, visit))
    }

    fn check_rows(&self) -> Result<(), StoreError> {
        let key = self.key()?;
        self.in_one_read(|connection| {
            let sealed = seal::check_all(connection, key)?;
            let addressed = sealed.and(read::check_certificates(connection)?);
            Ok(addressed.and(head::check_tiles(connection)?))
        })
    }

    fn root_at(&self, size: u64) -> Result<Sha256, StoreError> {
        self.in_one_read(|connection| head::root_at(connection, size, &self.checked))
    }

    fn latest(&self) -> Result<Option<Timestamp>, StoreError> {
        read::latest(&self.connection).map_err(|error| self.unreadable(error))
    }

    fn in_force(&self) -> Result<Vec<InForceFact>, StoreError> {
        read::in_force(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn append(&mut self, records: Vec<Draft>, changes: Vec<Change>) -> Result<Appended, StoreError> {
        if self.poisoned {
            let source = "an earlier write failed; this process writes nothing more".into();
            return Err(StoreError::Unavailable { path: self.path.clone(), what: "written", source });
        }
        let written = self.append_in_transaction(&records, changes);
        self.poisoned |= matches!(
            written,
            Err(StoreError::Unavailable { .. } | StoreError::Contradiction(_) | StoreError::Damaged(_))
        );
        written
    }

    fn restore(&mut self, lines: &[(Id, Vec<u8>)], changes: Vec<Change>, root: Sha256) -> Result<(), StoreError> {
        let (now, key) = (self.clock.now(), self.key()?.clone());
        let path = self.path.clone();
        let unwritten = |error| classify(&path, "written", error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unwritten)?;
        let frontier = head::stored(&transaction).map_err(unwritten)??;
        let (mut appended, frontier) = apply::add_lines(&transaction, frontier, lines, now).map_err(unwritten)?;
        if frontier.root() != root {
            return Err(StoreError::Damaged("these are not the records that are missing".to_owned()));
        }
        for change in changes {
            apply::change(&transaction, &key, change, &mut appended).map_err(unwritten)??;
        }
        head::seal(&transaction, &key).map_err(unwritten)?;
        transaction.commit().map_err(unwritten)
    }

    fn begin_again(&mut self, lines: &[(Id, Vec<u8>)], changes: Vec<Change>, key: StoreKey) -> Result<(), StoreError> {
        let now = self.clock.now();
        let path = self.path.clone();
        let unwritten = |error| classify(&path, "written", error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unwritten)?;
        if let Some(before) = &self.key {
            seal::seal_again(&transaction, before, &key).map_err(unwritten)??;
        }
        let emptied = "DELETE FROM audit_record; DELETE FROM audit_tile; DELETE FROM open_intent";
        transaction.execute_batch(emptied).map_err(unwritten)?;
        let (mut appended, begun) = apply::add_lines(&transaction, Frontier::new(), lines, now).map_err(unwritten)?;
        for change in changes {
            apply::change(&transaction, &key, change, &mut appended).map_err(unwritten)??;
        }
        head::seal(&transaction, &key).map_err(unwritten)?;
        transaction.commit().map_err(unwritten)?;
        (self.key, self.checked) = (Some(key), begun);
        Ok(())
    }

    fn record(&self, id: &Id) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        read::record(&self.connection, id).map_err(|error| self.unreadable(error))
    }

    fn records(&self, first: u64, visit: &mut VisitRecord<'_>) -> Result<(), StoreError> {
        read::records(&self.connection, first, visit).map_err(|error| self.unreadable(error))?
    }

    fn leaves(&self, size: u64) -> Result<Vec<Sha256>, StoreError> {
        head::leaves(&self.connection, size).map_err(|error| self.unreadable(error))?
    }

    fn newest(&self, names: &[&str]) -> Result<Vec<Option<NewestCertificate>>, StoreError> {
        read::newest(&self.connection, self.key.as_ref(), names).map_err(|error| self.unreadable(error))?
    }

    fn certificates(&self, query: &Query) -> Result<Vec<CertificateEntry>, StoreError> {
        read::certificates(&self.connection, self.key.as_ref(), query).map_err(|error| self.unreadable(error))?
    }

    fn certificate_der(&self, entry: &CertificateEntry) -> Result<Vec<u8>, StoreError> {
        let der = read::certificate_der(&self.connection, entry.id).map_err(|error| self.unreadable(error))?;
        let der = der.ok_or_else(|| StoreError::Missing(format!("certificate of row {}", entry.id)))?;
        match Fingerprint::of(&der) == entry.fingerprint {
            true => Ok(der),
            false => Err(StoreError::Damaged(format!("the certificate of row {} is another one", entry.id))),
        }
    }

    fn certificate_chain(&self, entry: &CertificateEntry) -> Result<Vec<Vec<u8>>, StoreError> {
        read::certificate_chain(&self.connection, self.key.as_ref(), entry.id)
            .map_err(|error| self.unreadable(error))?
    }

    fn held_key(&self, spki: &KeyHash) -> Result<Option<Vec<u8>>, StoreError> {
        read::held_key(&self.connection, self.key.as_ref(), spki).map_err(|error| self.unreadable(error))?
    }

    fn held_keys(&self) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
        read::held_keys(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn knows_key(&self, key: &KeyHash) -> Result<bool, StoreError> {
        read::knows_key(&self.connection, key).map_err(|error| self.unreadable(error))
    }

    fn installations(&self, name: &str) -> Result<Vec<Installation>, StoreError> {
        installation::installations(&self.connection, self.key.as_ref(), name)
            .map_err(|error| self.unreadable(error))?
    }

    fn installed_at(&self, path: &Path) -> Result<Vec<Installation>, StoreError> {
        installation::installed_at(&self.connection, self.key.as_ref(), path).map_err(|error| self.unreadable(error))?
    }

    fn places(&self, name: Option<&str>) -> Result<Vec<InstalledPlace>, StoreError> {
        installation::places(&self.connection, self.key.as_ref(), name).map_err(|error| self.unreadable(error))?
    }

    fn still_in_place(&self) -> Result<Vec<CertificateEntry>, StoreError> {
        let found = installation::still_in_place(&self.connection)
            .and_then(|condition| read::certificates_where(&self.connection, self.key.as_ref(), &condition));
        found.map_err(|error| self.unreadable(error))?
    }

    fn services(&self) -> Result<Vec<Service>, StoreError> {
        service::services(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn service_state(&self, service: &str, certificate: &str) -> Result<ServiceState, StoreError> {
        service::service_state(&self.connection, service, certificate).map_err(|error| self.unreadable(error))
    }

    fn owed_by_services(&self) -> Result<BTreeSet<String>, StoreError> {
        service::owed(&self.connection).map_err(|error| self.unreadable(error))
    }

    fn truststores(&self) -> Result<Vec<Installation>, StoreError> {
        installation::truststores(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn open_intents(&self) -> Result<Vec<OpenIntent>, StoreError> {
        read::open_intents(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn authorities(&self) -> Result<Vec<Authority>, StoreError> {
        read::authorities(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn latest_crl(&self, authority: &str) -> Result<Option<CrlEntry>, StoreError> {
        read::latest_crl(&self.connection, self.key.as_ref(), authority).map_err(|error| self.unreadable(error))?
    }

    fn crl_publications(&self) -> Result<Vec<CrlPublication>, StoreError> {
        publication::publications(&self.connection, self.key.as_ref()).map_err(|error| self.unreadable(error))?
    }

    fn revoked(&self, authority: &str) -> Result<Vec<RevokedEntry>, StoreError> {
        read::revoked(&self.connection, authority).map_err(|error| self.unreadable(error))?
    }
}

impl SqliteStore {
    /// Reads in one transaction, so that head, records and tiles are of one moment.
    fn in_one_read<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let unreadable = |error| self.unreadable(error);
        let transaction = self.connection.unchecked_transaction().map_err(unreadable)?;
        let found = read(&transaction).map_err(unreadable)?;
        transaction.finish().map_err(unreadable)?;
        found
    }

    fn append_in_transaction(&mut self, records: &[Draft], changes: Vec<Change>) -> Result<Appended, StoreError> {
        let path = self.path.clone();
        let unwritten = |error| classify(&path, "written", error);
        let (now, key) = (self.clock.now(), self.key()?.clone());
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(unwritten)?;
        // Whatever was written since this process looked goes on from what it has verified, or nothing is added to it.
        let mut frontier = head::follow(&transaction, &self.checked, &key).map_err(unwritten)??;
        let first = frontier.size();
        let mut leaves = Vec::with_capacity(records.len());
        for record in records {
            let body = record.seal(frontier.size(), now)?;
            let leaf = leaf_hash(&body);
            apply::add_record(&transaction, frontier.size(), &record.id, &body, &leaf).map_err(unwritten)?;
            head::push(&transaction, &mut frontier, leaf).map_err(unwritten)?;
            leaves.push(leaf);
        }
        head::set(&transaction, &frontier, now).map_err(unwritten)?;
        let mut appended = Appended { first, leaves, certificates: Vec::new() };
        for change in changes {
            apply::change(&transaction, &key, change, &mut appended).map_err(unwritten)??;
        }
        head::seal(&transaction, &key).map_err(unwritten)?;
        transaction.commit().map_err(unwritten)?;
        self.checked = frontier;
        Ok(appended)
    }
}
